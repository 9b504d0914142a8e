//! What the trainer's network learns, and what a plain network learns in its place: all seeds, none left out.
//!
//! `cargo run --release -p ch14 --bin ch14-results` takes some minutes; with `--quick` it prints the same tables,
//! of networks that have hardly been trained.
#![forbid(unsafe_code)]

mod record;

use digits::{LookupTable, Sequence, Split, Task, accuracy, chance_band, generator};
use next_digit::{Learns, Lesson, Source, Start, practise};
use record::{Effort, Network, Result, SOLVED, by_commonest, parts, unseen_row};
use say::println;

const CLIPPED: Start = Start { clip: Some(1.0), ..Start::USUAL };
const BIAS_3: Start = Start { forget_bias: Some(3.0), ..Start::USUAL };
const BIAS_3_CLIPPED: Start = Start { clip: Some(1.0), ..BIAS_3 };

/// Fifty times through 1000 sequences, in batches of 32.
const STEPS: u64 = 1600;

fn main() -> Result<()> {
    let effort = Effort::of_arguments(5, 24)?;
    println!("# settings: of all runs, unless a table says otherwise");
    println!(
        "seeds     = {}  named s1 to s5; data, first weights and order are theirs",
        effort.seeds
    );
    println!("hidden    = 32  units");
    println!(
        "steps     = {}  of Adam at a learning rate of 0.01, batches of 32, f32",
        effort.steps(STEPS)
    );
    println!("sequences = {}  to learn from, gone through again and again", effort.few(1000));
    println!("unseen    = {}  to be examined on", effort.few(1000));
    println!(
        "band-low  = {:.1}  percent: guessing stays above, but for one run in 2000",
        percent(chance_band(1000, 0.0005).0)
    );
    println!("band-high = {:.1}  percent: and below", percent(chance_band(1000, 0.0005).1));
    random(effort)?;
    sums(effort)?;
    for digits in [5, 10, 15, 20, 30, 50] {
        first(effort, digits)?;
    }
    progression(effort)
}

fn percent(of_1000: usize) -> f64 {
    of_1000 as f64 / 10.0
}

fn lesson(task: Task, digits: usize) -> Lesson {
    Lesson { task, digits, source: Source::Repeated(1000), steps: STEPS }
}

/// The article's task.
fn random(effort: Effort) -> Result<()> {
    println!("\n# random: four random digits are read; accuracy in percent, loss in nats");
    println!("seed | training | ceiling | unseen | unseen-loss | plain-training | plain-unseen");
    let lesson = lesson(Task::Random, 4);
    let rows = effort.over_seeds(|seed| {
        let [training, unseen] = Network::Lstm(Start::USUAL).trained(effort, lesson, seed)?;
        let plain = Network::Plain(Start::USUAL).trained(effort, lesson, seed)?;
        let (practised, _) = parts(effort, lesson, seed)?;
        let table = LookupTable::learn(&practised);
        let ceiling = accuracy(&practised, |context| table.guess(context));
        Ok((training, ceiling, unseen, plain))
    })?;
    for (k, (training, ceiling, unseen, plain)) in rows.iter().enumerate() {
        println!(
            "s{}   | {:>8.1} | {:>7.1} | {:>6.1} | {:>11.3} | {:>14.1} | {:>12.1}",
            k + 1,
            100.0 * training.accuracy(),
            100.0 * ceiling,
            100.0 * unseen.accuracy(),
            unseen.loss,
            100.0 * plain[0].accuracy(),
            100.0 * plain[1].accuracy(),
        );
    }
    Ok(())
}

fn sums(effort: Effort) -> Result<()> {
    println!("\n# sum: of the last two of four digits; accuracy on unseen sequences in percent");
    println!("solved: how many seeds have 99 percent and more");
    effort.header("network", "solved");
    let lesson = lesson(Task::Sum, 4);
    let guesses = effort.over_seeds(|seed| Ok(by_commonest(effort, lesson, seed)?[1]))?;
    effort.percentages("sum:commonest", &guesses, &[SOLVED]);
    unseen_row(effort, "sum:lstm", Network::Lstm(Start::USUAL), lesson)?;
    unseen_row(effort, "sum:plain", Network::Plain(Start::USUAL), lesson)
}

fn first(effort: Effort, digits: usize) -> Result<()> {
    println!(
        "\n# first-{digits}: the first of {digits} digits; accuracy on unseen sequences in percent"
    );
    println!("solved: how many seeds have 99 percent and more");
    effort.header("network", "solved");
    let lesson = lesson(Task::First, digits);
    let guesses = effort.over_seeds(|seed| Ok(by_commonest(effort, lesson, seed)?[1]))?;
    effort.percentages(&format!("{digits}:commonest"), &guesses, &[SOLVED]);
    for (name, network) in [
        ("as-drawn", Network::Lstm(Start::USUAL)),
        ("clipped", Network::Lstm(CLIPPED)),
        ("bias-3", Network::Lstm(BIAS_3)),
        ("bias-3-and-clipped", Network::Lstm(BIAS_3_CLIPPED)),
        ("plain", Network::Plain(Start::USUAL)),
        ("plain-clipped", Network::Plain(CLIPPED)),
    ] {
        unseen_row(effort, &format!("{digits}:{name}"), network, lesson)?;
    }
    Ok(())
}

/// A thousand drawn as they come, or eighty dealt out.
fn progression(effort: Effort) -> Result<()> {
    println!(
        "\n# progression: 1000 drawn after 1000 others, or 20 of the hundred after the other 80; accuracy in percent"
    );
    println!(
        "solved: how many seeds have 99 percent and more; known: of its 80, by the network of the row above"
    );
    effort.header("network", "solved");
    let print = |name: &str, values: &[f64]| {
        effort.percentages(&format!("progression:{name}"), values, &[SOLVED]);
    };
    type Draw = fn(Effort, u64) -> Result<Split>;
    for (how, draw) in [("drawn", drawn as Draw), ("dealt", dealt as Draw)] {
        let lstm = effort.over_seeds(|seed| {
            through(Start::USUAL.lstm::<f32>(seed), &draw(effort, seed)?, effort, seed)
        })?;
        let plain = effort.over_seeds(|seed| {
            through(Start::USUAL.plain::<f32>(seed), &draw(effort, seed)?, effort, seed)
        })?;
        for (network, rows) in [("lstm", lstm), ("plain", plain)] {
            let [training, unseen] = [0, 1].map(|part| rows.iter().map(|row| row[part]).collect());
            let (training, unseen): (Vec<f64>, Vec<f64>) = (training, unseen);
            print(&format!("{network}-{how}"), &unseen);
            if how == "dealt" {
                print(&format!("{network}-known"), &training);
            }
        }
    }
    print("nearest", &effort.over_seeds(|seed| Ok(guessed(&dealt(effort, seed)?, nearest)))?);
    print("votes", &effort.over_seeds(|seed| Ok(guessed(&dealt(effort, seed)?, votes)))?);
    Ok(())
}

fn drawn(effort: Effort, seed: u64) -> Result<Split> {
    let rng = &mut generator(seed);
    let training = Task::Progression.draw(effort.few(1000), 5, rng)?;
    Ok(Split { training, unseen: Task::Progression.draw(effort.few(1000), 5, rng)? })
}

fn dealt(effort: Effort, seed: u64) -> Result<Split> {
    Ok(Split::draw(Task::Progression, 5, effort.few(80), 20, &mut generator(seed))?)
}

/// Goes through the training sequences for as many steps as in all other tables. What is right then, in percent: in
/// training, and of the rest.
fn through(mut pupil: impl Learns, split: &Split, effort: Effort, seed: u64) -> Result<[f64; 2]> {
    practise(&mut pupil, &split.training, effort.steps(STEPS), seed, |_, _, _| ())?;
    Ok([&split.training, &split.unseen].map(|part| 100.0 * pupil.examine(part).accuracy()))
}

/// How many percent of the unseen answers a guess from the training sequences gets right.
fn guessed(split: &Split, guess: fn(&[Sequence], &[u8]) -> u8) -> f64 {
    100.0 * accuracy(&split.unseen, |context| guess(&split.training, context))
}

/// The answer of the sequence that has most digits in common, each in its place; of several, of the first.
fn nearest(training: &[Sequence], context: &[u8]) -> u8 {
    let common =
        |other: &Sequence| context.iter().zip(&other.context).filter(|(a, b)| a == b).count();
    let most = training.iter().map(common).max();
    training.iter().find(|other| Some(common(other)) == most).map_or(0, |other| other.next)
}

/// Every place votes, with the logarithm of how often its digit had each answer (and once more).
fn votes(training: &[Sequence], context: &[u8]) -> u8 {
    let count = |place: usize, answer: u8| {
        let same = |s: &&Sequence| s.context[place] == context[place] && s.next == answer;
        (training.iter().filter(same).count() as f64 + 1.0).ln()
    };
    let score = |answer: u8| -> f64 { (0..context.len()).map(|place| count(place, answer)).sum() };
    (0..10).fold(0, |best, answer| if score(answer) > score(best) { answer } else { best })
}
