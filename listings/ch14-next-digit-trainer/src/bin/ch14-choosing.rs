//! Why the test set must not choose: the best of many epochs and settings, chosen by the test set itself or by
//! sequences that were held aside, and examined again on fresh ones. And what becomes of runs with little patience. All
//! seeds, none left out.
//!
//! `cargo run --release -p ch14 --bin ch14-choosing` takes some minutes; with `--quick` it prints the same tables, of
//! networks that have hardly been trained.
#![forbid(unsafe_code)]

mod record;

use digits::{Sequence, Split, Task, generator};
use next_digit::{Network, Scores, Session, Settings, Validation, evaluate, hold_aside};
use record::{Effort, Result};
use say::println;

/// What is tried: H and the learning rate.
const TRIED: [(usize, f64); 4] = [(8, 0.01), (8, 0.03), (32, 0.01), (32, 0.03)];
/// Of these, the program's own.
const DEFAULT: usize = 2;
const LENGTH: usize = 5;
/// How wide the names of the rows are.
const WIDTH: usize = 16;
/// Sequences that may choose: few, as people have them, and as many to be held aside as to be examined on.
const FEW: usize = 100;
/// After so many epochs in a row without a better loss an impatient run ends.
const PATIENCE: usize = 20;

/// How much is done: everything, or next to nothing.
struct Sizes {
    epochs: usize,
    /// How many epochs a run may have that validation can end.
    most: usize,
    training: usize,
    fresh: usize,
}

const WHOLE: Sizes = Sizes { epochs: 50, most: 200, training: 400, fresh: 4000 };
const QUICK: Sizes = Sizes { epochs: 1, most: 2, training: 150, fresh: 40 };

/// What can choose, and what judges the choice.
struct Parts {
    learnt: Vec<Sequence>,
    held: Vec<Sequence>,
    test_set: Vec<Sequence>,
    fresh: Vec<Sequence>,
}

/// A network after some epoch of some setting, and how it does on the parts that may choose.
struct Candidate {
    network: Network<f32>,
    held: Scores,
    test_set: Scores,
}

/// A column's name, and its decimals.
type Column = (&'static str, usize);

const CHOSEN: [Column; 8] = [
    ("exam", 2),
    ("exam-fresh", 2),
    ("held", 2),
    ("held-exam", 2),
    ("held-fresh", 2),
    ("loss", 2),
    ("loss-exam", 2),
    ("loss-fresh", 2),
];
const CHOSEN_SAYS: &str = "\
exam: the candidate with most right answers in the test set, there; exam-fresh: on fresh sequences
held: the one with most right answers on what was held aside, there; held-exam, held-fresh: elsewhere
loss: the one with the lowest loss there, as --validation chooses, there; loss-exam, loss-fresh: elsewhere";

const LAST: [Column; 7] = [
    ("exam-last", 2),
    ("held-last", 2),
    ("loss-last", 2),
    ("default", 2),
    ("default-exam", 2),
    ("held-epoch", 0),
    ("loss-epoch", 0),
];
const LAST_SAYS: &str = "\
exam-last, held-last, loss-last: of the setting that was chosen; held-epoch, loss-epoch: the epoch that was chosen
default: of the program's own setting, hidden 32 and learning rate 0.01; default-exam: in the test set";

const IMPATIENT: [Column; 6] =
    [("epochs", 0), ("best", 0), ("at-best", 2), ("lowest", 0), ("at-lowest", 2), ("at-end", 2)];

fn main() -> Result<()> {
    let effort = Effort::of_arguments(20, WIDTH)?;
    let sizes = if effort.quick { QUICK } else { WHOLE };
    println!("# settings: of all runs");
    println!(
        "seeds      = {}  named s1, s2, ...; data, first weights and order are theirs",
        effort.seeds
    );
    println!("training   = {}  sequences to learn from", sizes.training - FEW);
    println!("held-aside = {FEW}  sequences, taken from {} for training", sizes.training);
    println!("exam       = {FEW}  sequences to be examined on");
    println!("fresh      = {}  more that decide nothing: they judge the choice", sizes.fresh);
    println!("tried      = {}  settings: hidden 8 or 32, learning rate 0.01 or 0.03", TRIED.len());
    println!("candidates = {}  networks to choose from: one an epoch", TRIED.len() * sizes.epochs);
    for (task, title) in [
        (Task::Random, "digits that nobody can predict; accuracy in percent"),
        (Task::Sum, "a rule that can be learnt; accuracy in percent"),
    ] {
        let rows = effort.over_seeds(|seed| {
            let parts = Parts::draw(&sizes, task, seed)?;
            Ok(choose(&candidates(&sizes, &parts, seed)?, &parts.fresh))
        })?;
        let (chosen, last): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        println!("\n# {task}: {title}\n{CHOSEN_SAYS}");
        table(task.name(), CHOSEN, &chosen);
        println!("\n# {task}-last: after the last epoch; accuracy on fresh sequences in percent");
        println!("{LAST_SAYS}");
        table(&format!("{task}-last"), LAST, &last);
    }
    patience(effort, &sizes)
}

/// A row a seed, and their mean.
fn table<const N: usize>(name: &str, columns: [Column; N], rows: &[[f64; N]]) {
    let print = |row: String, cells: [String; N]| {
        let cells = cells.iter().zip(columns).map(|(cell, (name, _))| {
            let width = name.len().max(5);
            format!("{cell:>width$}")
        });
        println!("{row:<WIDTH$} | {}", cells.collect::<Vec<_>>().join(" | "));
    };
    print("seed".to_owned(), columns.map(|(name, _)| name.to_owned()));
    let cells = |row: &[f64; N], least: usize| {
        std::array::from_fn(|k| format!("{:.*}", columns[k].1.max(least), row[k]))
    };
    for (seed, row) in (1..).zip(rows) {
        print(format!("{name}-s{seed}"), cells(row, 0));
    }
    let mean =
        std::array::from_fn(|k| rows.iter().map(|row| row[k]).sum::<f64>() / rows.len() as f64);
    print(format!("{name}-mean"), cells(&mean, 1));
}

fn settings((hidden, learning_rate): (usize, f64), epochs: usize, seed: u64) -> Settings {
    Settings { hidden, epochs, batch: 32, learning_rate, clip: None, forget_bias: None, seed }
}

/// Every epoch of every setting.
fn candidates(sizes: &Sizes, parts: &Parts, seed: u64) -> Result<Vec<Candidate>> {
    let mut candidates = Vec::new();
    for tried in TRIED {
        let settings = settings(tried, sizes.epochs, seed);
        let mut session = Session::<f32>::new(settings, &parts.learnt, 1);
        while !session.is_done() {
            if session.step()?.is_some() {
                let network = session.trainer.network.clone();
                let held = evaluate(&network, &parts.held);
                let test_set = evaluate(&network, &parts.test_set);
                candidates.push(Candidate { network, held, test_set });
            }
        }
    }
    Ok(candidates)
}

impl Parts {
    /// No context of one part is in what is learnt from.
    fn draw(sizes: &Sizes, task: Task, seed: u64) -> Result<Parts> {
        let rng = &mut generator(seed);
        let split = Split::draw(task, LENGTH, sizes.training, FEW + sizes.fresh, rng)?;
        let mut test_set = split.unseen;
        let fresh = test_set.split_off(FEW);
        let (learnt, held) = hold_aside(split.training, FEW, seed);
        if held.len() != FEW {
            return Err(format!("{} sequences are held aside, not {FEW}", held.len()).into());
        }
        Ok(Parts { learnt, held, test_set, fresh })
    }
}

/// The candidates that the test set and what was held aside would choose; and those that nobody chose, the last ones.
fn choose(candidates: &[Candidate], fresh: &[Sequence]) -> ([f64; 8], [f64; 7]) {
    // Of equally good ones the first: `max_by_key` would take the last.
    let best = |right: fn(&Candidate) -> usize| {
        let places = (0..candidates.len()).rev();
        places.max_by_key(|&place| right(&candidates[place])).expect("candidates")
    };
    let by_exam = best(|candidate| candidate.test_set.right);
    let by_held = best(|candidate| candidate.held.right);
    let loss = |place: &usize| candidates[*place].held.loss;
    let by_loss = (0..candidates.len()).min_by(|a, b| loss(a).total_cmp(&loss(b)));
    let by_loss = by_loss.expect("candidates");

    let epochs = candidates.len() / TRIED.len();
    let last = |place: usize| place / epochs * epochs + epochs - 1;
    let percent = |scores: Scores| 100.0 * scores.accuracy();
    let exam = |place: usize| percent(candidates[place].test_set);
    let held = |place: usize| percent(candidates[place].held);
    let fresh = |place: usize| percent(evaluate(&candidates[place].network, fresh));
    let epoch = |place: usize| (place % epochs + 1) as f64;
    let default = last(DEFAULT * epochs);
    (
        [
            exam(by_exam),
            fresh(by_exam),
            held(by_held),
            exam(by_held),
            fresh(by_held),
            held(by_loss),
            exam(by_loss),
            fresh(by_loss),
        ],
        [
            fresh(last(by_exam)),
            fresh(last(by_held)),
            fresh(last(by_loss)),
            fresh(default),
            exam(default),
            epoch(by_held),
            epoch(by_loss),
        ],
    )
}

/// Runs that end when validation has waited long enough, and the same runs to their end.
fn patience(effort: Effort, sizes: &Sizes) -> Result<()> {
    let (epochs, training) = (sizes.most, sizes.training - FEW);
    println!(
        "\n# patience: `sum` again, {training} sequences to learn from in all runs, hidden 32, learning rate 0.01"
    );
    println!(
        "epochs: until the loss on what is held aside was no better for {PATIENCE}; best: the one whose weights are kept"
    );
    println!(
        "lowest: the best one of all {epochs}; at-best, at-lowest: accuracy after it, on fresh sequences, in percent"
    );
    println!("at-end: the same run without validation, after all {epochs}");
    let rows = effort.over_seeds(|seed| {
        let parts = Parts::draw(sizes, Task::Sum, seed)?;
        let run = |validation: Option<Validation<f32>>| -> Result<([f64; 2], f64)> {
            let settings = settings(TRIED[DEFAULT], epochs, seed);
            let mut session = Session::new(settings, &parts.learnt, 1);
            session.validation = validation;
            session.finish()?;
            let best = session.choice().map_or(f64::NAN, |choice| choice.epoch as f64);
            let accuracy = 100.0 * evaluate(session.network(), &parts.fresh).accuracy();
            Ok(([session.history.len() as f64, best], accuracy))
        };
        let validation =
            |patience| Some(Validation::new(parts.learnt.len(), parts.held.clone(), FEW, patience));
        let ([epochs, best], at_best) = run(validation(Some(PATIENCE)))?;
        let ([_, lowest], at_lowest) = run(validation(None))?;
        let (_, at_end) = run(None)?;
        Ok([epochs, best, at_best, lowest, at_lowest, at_end])
    })?;
    table("patience", IMPATIENT, &rows);
    Ok(())
}
