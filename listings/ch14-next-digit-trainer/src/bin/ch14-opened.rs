//! Trained networks, opened: four kinds of start, ten seeds each, every one of them shown.
#![forbid(unsafe_code)]

mod record;

use std::fmt::Write;

use digits::{Sequence, Task};
use nalgebra::DVector;
use next_digit::opened::{
    Part, Readout, blind_to_x, cell, deaf_to_h, heard, hold, kept, mean_gate, read_all, swapped,
};
use next_digit::{Examiner, Lesson, Network, Source, Start, evaluate};
use output_gate::Step;
use record::{Effort, Result, unseen};
use say::println;

/// How many digits were read in training.
const DIGITS: usize = 15;
/// Fifty times through 1000 sequences, in batches of 32.
const STEPS: u64 = 1600;
/// The step at which strangers look, and lines are crossed.
const MIDDLE: usize = 8;
const ASKED: [usize; 13] = [1, 5, 10, 12, 13, 14, 15, 16, 17, 18, 20, 30, 100];
const CARRIED: [usize; 9] = [3, 5, 6, 7, 8, 9, 10, 12, 15];

const BIAS_1: Start = Start { forget_bias: Some(1.0), ..Start::USUAL };
const BIAS_3: Start = Start { forget_bias: Some(3.0), ..Start::USUAL };
const LOOP_5: Start = Start { scale_hh: 5.0, ..Start::USUAL };

/// A kind of start: its name, and what it learns from.
const KINDS: [(&str, Start, Source); 4] = [
    ("as-drawn", Start::USUAL, Source::Repeated(1000)),
    ("bias-1", BIAS_1, Source::Repeated(1000)),
    ("bias-3", BIAS_3, Source::Repeated(1000)),
    ("loop-times-5", LOOP_5, Source::Fresh),
];

/// The sections: their names, what they show, and their columns.
const SECTIONS: [(&str, &str, &str); 8] = [
    (
        "gates",
        "accuracy in percent; where the gates stand, mean over steps 2 to 15; the units' lowest and highest forget gate; |W_hh|; percent of C_1 that the forget gates leave to step 15: on average over the units, and in the most faithful one",
        "accuracy | forget | lowest | highest | input | output | w_hh | kept | kept_most",
    ),
    (
        "held",
        "accuracy with one gate held in every unit: at one half, at 1, at its unit's mean; three: all three gates at their means",
        "f_half | f_one | f_mean | i_half | i_one | i_mean | o_half | o_one | o_mean | three_mean",
    ),
    (
        "deaf",
        "accuracy when something no longer reads h: a gate, the candidate, all four; and when a gate no longer reads x",
        "f_h | i_h | o_h | candidate_h | all_h | f_x | i_x | o_x",
    ),
    ("asked", "accuracy when so many digits are read before the answer, where training had 15", ""),
    (
        "look",
        "percent that a linear look at C, at h, gets right at some step, fitted at the same step; at its worst step",
        "c_own | h_own",
    ),
    ("carried", "the look at C that was fitted at step 8, used at other steps", ""),
    (
        "crossed",
        "after steps 4, 8 and 12, C goes on with the h of another sequence: percent of answers that are C's digit, h's digit",
        "c_4 | h_4 | c_8 | h_8 | c_12 | h_12",
    ),
    (
        "units",
        "accuracy when the 4, 8, 16, 24 least important units are not heard; the worst that one unit does when it is not",
        "minus_4 | minus_8 | minus_16 | minus_24 | worst_one",
    ),
];

/// What is measured of one network: its numbers in each section.
type Measures = Vec<Vec<f64>>;

fn main() -> Result<()> {
    let effort = Effort::of_arguments(10, 24)?;
    println!("# settings: the first of {DIGITS} digits was learnt");
    println!("seeds  = {}  of each kind; data, first weights and order are theirs", effort.seeds);
    println!("steps  = {}  of Adam at 0.01, batches of 32, H = 32, f32", effort.steps(STEPS));
    println!("unseen = {}  sequences to be examined on", effort.few(1000));
    println!(
        "as-drawn, bias-1 and bias-3 learnt from 1000 sequences; loop-times-5, whose W_hh began five"
    );
    println!("times as large, from fresh ones");
    let mut kinds = Vec::new();
    for (name, start, source) in KINDS {
        let opened = effort.over_seeds(|seed| {
            let mut trainer = start.lstm::<f32>(seed);
            let lesson = effort.lesson(lesson(source));
            lesson.teach(&mut trainer, seed, |_, _, _| ())?;
            open(&trainer.network, effort, Examiner::after(&[lesson], seed)?)
        })?;
        kinds.push((name, opened));
    }
    summary(&kinds);
    for (at, (name, title, columns)) in SECTIONS.into_iter().enumerate() {
        let columns = match name {
            "asked" => named("n", &ASKED),
            "carried" => named("t", &CARRIED),
            _ => columns.to_owned(),
        };
        println!("\n# {name}: {title}");
        println!("{:<16} | {columns}", "network");
        for (kind, opened) in &kinds {
            // Where gates stand is told more precisely than how many answers are right.
            let decimals = if at == GATES { 3 } else { 1 };
            for (seed, measures) in (1..).zip(opened) {
                let cells = cells(&measures[at], decimals);
                println!("{:<16} | {cells}", format!("{kind}:s{seed}"));
            }
        }
    }
    for (name, start) in [("as-drawn", Start::USUAL), ("bias-3", BIAS_3)] {
        epochs(effort, name, start)?;
    }
    Ok(())
}

/// How many networks of each kind are of what nature.
fn summary(kinds: &[(&str, Vec<Measures>)]) {
    println!("\n# kinds: of ten networks, how many learnt it (90 percent); and of those, how many");
    println!(
        "always: have 90 percent at 10 and at 20 digits too; once: have less than 10 percent at both"
    );
    println!(
        "held: keep 90 percent with all forget gates held at 1; at-mean: with each at its mean"
    );
    println!("in-c: give C's digit in 90 percent when C goes on with another's h after step 8");
    println!("loop: fall below 30 percent when the candidate does not read h");
    println!("kind         | learnt | always | once | held | at-mean | in-c | loop");
    for (kind, opened) in kinds {
        let learnt: Vec<&Measures> = opened.iter().filter(|m| m[GATES][0] >= 90.0).collect();
        let count = |which: fn(&Measures) -> bool| learnt.iter().filter(|m| which(m)).count();
        println!(
            "{kind:<12} | {:>6} | {:>6} | {:>4} | {:>4} | {:>7} | {:>4} | {:>4}",
            learnt.len(),
            count(|m| asked_at(m, 10) >= 90.0 && asked_at(m, 20) >= 90.0),
            count(|m| asked_at(m, 10) < 10.0 && asked_at(m, 20) < 10.0),
            count(|m| m[HELD][1] >= 90.0),
            count(|m| m[HELD][2] >= 90.0),
            count(|m| m[CROSSED][2] >= 90.0),
            count(|m| m[DEAF][3] < 30.0),
        );
    }
}

/// The places of some sections in [`SECTIONS`].
const GATES: usize = 0;
const HELD: usize = 1;
const DEAF: usize = 2;
const QUESTIONS: usize = 3;
const CROSSED: usize = 6;

fn asked_at(measures: &Measures, digits: usize) -> f64 {
    ASKED.iter().position(|n| *n == digits).map_or(0.0, |at| measures[QUESTIONS][at])
}

fn lesson(source: Source) -> Lesson {
    Lesson { task: Task::First, digits: DIGITS, source, steps: STEPS }
}

fn named(letter: &str, numbers: &[usize]) -> String {
    let names: Vec<String> = numbers.iter().map(|n| format!("{letter}={n}")).collect();
    names.join(" | ")
}

fn percent(network: &Network<f32>, sequences: &[Sequence]) -> f64 {
    100.0 * evaluate(network, sequences).accuracy()
}

fn cells(values: &[f64], decimals: usize) -> String {
    let cells: Vec<String> = values.iter().map(|value| format!("{value:>6.decimals$}")).collect();
    cells.join(" | ")
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn length_hh(network: &Network<f32>) -> f64 {
    let weights = network.layer.split(network.parts().0).weight_hh;
    weights.iter().map(|&w| f64::from(w).powi(2)).sum::<f64>().sqrt()
}

/// Everything that is measured of one network.
fn open(network: &Network<f32>, effort: Effort, mut examiner: Examiner) -> Result<Measures> {
    let mut draw = |digits| examiner.ask(effort.few(1000), Task::First, digits);
    let (unseen, others) = (draw(DIGITS)?, draw(DIGITS)?);
    let mut asked = Vec::new();
    for digits in ASKED {
        asked.push(percent(network, &draw(digits)?));
    }
    let clear = cell(network);
    let readings = [&unseen, &others].map(|sequences| read_all(&clear, sequences));
    let gates: [fn(&Step) -> &DVector<f64>; 3] = [|step| &step.f, |step| &step.i, |step| &step.o];
    let means = gates.map(|gate| mean_gate(&readings[0], gate));
    let (forget, kept) = (&means[0], kept(&readings[0]));
    let stands = vec![
        percent(network, &unseen),
        mean(forget),
        forget.iter().copied().fold(1.0, f64::min),
        forget.iter().copied().fold(0.0, f64::max),
        mean(&means[1]),
        mean(&means[2]),
        length_hh(network),
        100.0 * mean(&kept),
        100.0 * kept.iter().copied().fold(0.0, f64::max),
    ];
    Ok(vec![
        stands,
        held(network, &means, &unseen),
        deaf(network, &unseen),
        asked,
        looks(&readings, &unseen, &others),
        carried(&readings, &unseen, &others),
        crossed(network, &readings[0], &unseen),
        units(network, &unseen[..effort.few(500)]),
    ])
}

fn held(network: &Network<f32>, means: &[Vec<f64>; 3], unseen: &[Sequence]) -> Vec<f64> {
    let parts = [Part::Forget, Part::Input, Part::Output];
    let same = |value: f64| vec![value; network.layer.hidden];
    let each = parts.iter().zip(means).flat_map(|(part, mean)| {
        [same(0.5), same(1.0), mean.clone()].map(|at| percent(&hold(network, *part, &at), unseen))
    });
    let three =
        parts.iter().zip(means).fold(network.clone(), |n, (part, mean)| hold(&n, *part, mean));
    each.chain([percent(&three, unseen)]).collect()
}

fn deaf(network: &Network<f32>, unseen: &[Sequence]) -> Vec<f64> {
    let gates = [Part::Forget, Part::Input, Part::Output];
    let each = gates.into_iter().chain([Part::Candidate]).map(|part| deaf_to_h(network, &[part]));
    let all = [deaf_to_h(network, &Part::ALL)];
    let blind = gates.into_iter().map(|part| blind_to_x(network, part));
    each.chain(all).chain(blind).map(|network| percent(&network, unseen)).collect()
}

type Readings = Vec<Vec<Step>>;

fn states(readings: &Readings, t: usize, of: fn(&Step) -> &DVector<f64>) -> Vec<&DVector<f64>> {
    readings.iter().map(|steps| of(&steps[t - 1])).collect()
}

fn firsts(sequences: &[Sequence]) -> Vec<u8> {
    sequences.iter().map(|sequence| sequence.context[0]).collect()
}

/// How much of the digit a linear look finds, on other sequences than it was fitted on.
fn look(
    readings: &[Readings; 2],
    digits: [&[u8]; 2],
    of: fn(&Step) -> &DVector<f64>,
    fitted: usize,
    used: usize,
) -> f64 {
    let readout = Readout::fit(&states(&readings[1], fitted, of), digits[1]);
    let right = readout.right(&states(&readings[0], used, of), digits[0]);
    100.0 * right as f64 / digits[0].len() as f64
}

fn looks(readings: &[Readings; 2], unseen: &[Sequence], others: &[Sequence]) -> Vec<f64> {
    let (a, b) = (firsts(unseen), firsts(others));
    let of: [fn(&Step) -> &DVector<f64>; 2] = [|step| &step.state.c, |step| &step.state.h];
    let worst = |of| (1..=DIGITS).map(|t| look(readings, [&a, &b], of, t, t)).fold(100.0, f64::min);
    of.map(worst).to_vec()
}

fn carried(readings: &[Readings; 2], unseen: &[Sequence], others: &[Sequence]) -> Vec<f64> {
    let (a, b) = (firsts(unseen), firsts(others));
    CARRIED.map(|t| look(readings, [&a, &b], |step| &step.state.c, MIDDLE, t)).to_vec()
}

/// Sequence k is crossed with its neighbour, where the two first digits differ.
fn crossed(network: &Network<f32>, readings: &Readings, unseen: &[Sequence]) -> Vec<f64> {
    let clear = cell(network);
    let pairs: Vec<(usize, usize)> = (1..unseen.len())
        .map(|k| (k - 1, k))
        .filter(|&(a, b)| unseen[a].context[0] != unseen[b].context[0])
        .collect();
    let after = |t: usize| {
        let mut counts = [0, 0];
        for &(a, b) in &pairs {
            let rest = &unseen[b].context[t..];
            let said = swapped(network, &clear, &readings[a][t - 1], &readings[b][t - 1], rest);
            counts[0] += usize::from(said == unseen[a].context[0]);
            counts[1] += usize::from(said == unseen[b].context[0]);
        }
        counts.map(|count| 100.0 * count as f64 / pairs.len() as f64)
    };
    [4, MIDDLE, 12].into_iter().flat_map(after).collect()
}

/// The least important unit is the one whose silence costs least, measured one by one.
fn units(network: &Network<f32>, unseen: &[Sequence]) -> Vec<f64> {
    let hidden = network.layer.hidden;
    let without = |gone: &[usize]| {
        let units: Vec<bool> = (0..hidden).map(|unit| !gone.contains(&unit)).collect();
        percent(&heard(network, &units), unseen)
    };
    let alone: Vec<f64> = (0..hidden).map(|unit| without(&[unit])).collect();
    let mut order: Vec<usize> = (0..hidden).collect();
    order.sort_by(|&a, &b| alone[b].total_cmp(&alone[a]));
    let worst = alone.iter().copied().fold(100.0, f64::min);
    let fewer = [4, 8, 16, 24].map(|gone| without(&order[..gone]));
    fewer.into_iter().chain([worst]).collect()
}

/// The seed of the two networks that the chapter opens; see `records/first-15.safetensors`.
const OPENED: u64 = 10;

/// What training does, epoch by epoch, to the network of one seed.
fn epochs(effort: Effort, name: &str, start: Start) -> Result<()> {
    const SHOWN: [u64; 13] = [0, 2, 4, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50];
    let lesson = effort.lesson(lesson(Source::Repeated(1000)));
    let unseen = unseen(effort, &[lesson], OPENED)?;
    println!(
        "\n# epochs-{name}: seed {OPENED} in training: the loss of the last 32 steps, accuracy on unseen sequences, gates, |W_hh|"
    );
    println!("{:<20} | loss  | unseen | forgets | inputs | outputs | length", "epoch");
    let line = |epoch: u64, loss: f64, network: &Network<f32>| {
        let readings = read_all(&cell(network), &unseen[..unseen.len().min(100)]);
        let gates: [fn(&Step) -> &DVector<f64>; 3] =
            [|step| &step.f, |step| &step.i, |step| &step.o];
        let mut cells = String::new();
        for gate in gates {
            let _ = write!(cells, "{:>6.3} | ", mean(&mean_gate(&readings, gate)));
        }
        println!(
            "{:<20} | {loss:.3} | {:>6.1} | {cells}{:>5.1}",
            format!("{name}:epoch={epoch}"),
            percent(network, &unseen),
            length_hh(network)
        );
    };
    let mut trainer = start.lstm::<f32>(OPENED);
    // Nothing is known of the loss before the first step but that a network with these weights guesses.
    line(0, evaluate(&trainer.network, &unseen).loss, &trainer.network);
    let mut losses = Vec::new();
    lesson.teach(&mut trainer, OPENED, |step, loss, trainer| {
        losses.push(loss);
        // With hardly any training there is one line more, and the names are printed all the same.
        if step % 32 == 0 && SHOWN.contains(&(step / 32)) {
            line(step / 32, mean(&losses), &trainer.network);
        }
        if step % 32 == 0 {
            losses.clear();
        }
    })?;
    if effort.quick {
        SHOWN[1..].iter().for_each(|&epoch| line(epoch, mean(&losses), &trainer.network));
    }
    Ok(())
}
