//! Why the examination must not choose: the best of many epochs and settings, chosen by the examination itself or by
//! sequences that were held aside, and examined again on fresh ones. All seeds, none left out.
//!
//! `cargo run --release -p ch14 --bin ch14-choosing` takes some minutes; with `--quick` it prints the same tables, of
//! networks that have hardly been trained.
#![forbid(unsafe_code)]

use std::error::Error;

use digits::{Sequence, Split, Task, generator};
use next_digit::{Network, Scores, Session, Settings, evaluate, hold_aside};

/// What is tried: H and the learning rate.
const TRIED: [(usize, f64); 4] = [(8, 0.01), (8, 0.03), (32, 0.01), (32, 0.03)];
/// Of these, the one that is looked at without choosing: the program's own.
const LAST: usize = 2;
const LENGTH: usize = 5;
/// Sequences that may choose: few, as people have them, and as many to be held aside as to be examined on.
const FEW: usize = 100;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// How much is done: everything, or next to nothing.
struct Effort {
    seeds: u64,
    epochs: usize,
    training: usize,
    fresh: usize,
}

const WHOLE: Effort = Effort { seeds: 20, epochs: 50, training: 400, fresh: 4000 };
const QUICK: Effort = Effort { seeds: 20, epochs: 1, training: 150, fresh: 40 };

/// What can choose, and what judges the choice.
struct Parts {
    learnt: Vec<Sequence>,
    held: Vec<Sequence>,
    examination: Vec<Sequence>,
    fresh: Vec<Sequence>,
}

/// A network after some epoch of some setting, and how it does on the parts that may choose.
struct Candidate {
    network: Network<f32>,
    held: Scores,
    examination: Scores,
}

/// What one seed says of one task, in percent: see [`LEGEND`].
type Row = [f64; 7];

const LEGEND: &str = "\
exam: the candidate that did best in the examination, there; exam-fresh: on fresh sequences
held: the one that did best on what was held aside, there; held-exam, held-fresh: elsewhere
last: nobody chose; hidden 32, learning rate 0.01, its last epoch, in the examination
seed        |  exam | exam-fresh |  held | held-exam | held-fresh |  last | last-fresh";

fn main() -> Result<()> {
    let effort = match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => WHOLE,
        [flag] if flag == "--quick" => QUICK,
        other => return Err(format!("found {other:?}, expected nothing or --quick").into()),
    };
    let (seeds, epochs) = (effort.seeds, effort.epochs);
    println!("# settings: of all runs");
    println!("seeds      = {seeds}  named s1, s2, ...; data, first weights and order are theirs");
    println!("training   = {}  sequences to learn from", effort.training - FEW);
    println!("held-aside = {FEW}  sequences, taken from {} for training", effort.training);
    println!("exam       = {FEW}  sequences to be examined on");
    println!("fresh      = {}  more that decide nothing: they judge the choice", effort.fresh);
    println!("tried      = {}  settings: hidden 8 or 32, learning rate 0.01 or 0.03", TRIED.len());
    println!("candidates = {}  networks to choose from: one an epoch", TRIED.len() * epochs);
    for (task, title) in [
        (Task::Random, "digits that nobody can predict; accuracy in percent"),
        (Task::Sum, "a rule that can be learnt; accuracy in percent"),
    ] {
        println!("\n# {task}: {title}");
        table(&effort, task)?;
    }
    Ok(())
}

/// A row a seed, and their mean.
fn table(effort: &Effort, task: Task) -> Result<()> {
    println!("{LEGEND}");
    let mut sum: Row = [0.0; 7];
    for seed in 1..=effort.seeds {
        let parts = Parts::draw(effort, task, seed)?;
        let row = choose(&candidates(effort, &parts, seed)?, &parts.fresh);
        print(&format!("{task}-s{seed}"), &row);
        sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }
    print(&format!("{task}-mean"), &sum.map(|sum| sum / effort.seeds as f64));
    Ok(())
}

fn print(name: &str, row: &Row) {
    let [exam, exam_fresh, held, held_exam, held_fresh, last, last_fresh] = row;
    println!(
        "{name:<11} | {exam:>5.2} | {exam_fresh:>10.2} | {held:>5.2} | {held_exam:>9.2} | \
         {held_fresh:>10.2} | {last:>5.2} | {last_fresh:>10.2}"
    );
}

/// Every epoch of every setting.
fn candidates(effort: &Effort, parts: &Parts, seed: u64) -> Result<Vec<Candidate>> {
    let mut candidates = Vec::new();
    for (hidden, learning_rate) in TRIED {
        let settings = Settings {
            hidden,
            epochs: effort.epochs,
            batch: 32,
            learning_rate,
            clip: None,
            forget_bias: None,
            seed,
        };
        let mut session = Session::<f32>::new(settings, &parts.learnt, 1);
        while !session.is_done() {
            if session.step()?.is_some() {
                let network = session.trainer.network.clone();
                let held = evaluate(&network, &parts.held);
                let examination = evaluate(&network, &parts.examination);
                candidates.push(Candidate { network, held, examination });
            }
        }
    }
    Ok(candidates)
}

impl Parts {
    /// No context of one part is in what is learnt from.
    fn draw(effort: &Effort, task: Task, seed: u64) -> Result<Parts> {
        let rng = &mut generator(seed);
        let split = Split::draw(task, LENGTH, effort.training, FEW + effort.fresh, rng)?;
        let mut examination = split.unseen;
        let fresh = examination.split_off(FEW);
        let (learnt, held) = hold_aside(split.training, FEW, seed);
        Ok(Parts { learnt, held, examination, fresh })
    }
}

/// The candidates that the examination, what was held aside, and nobody would choose.
fn choose(candidates: &[Candidate], fresh: &[Sequence]) -> Row {
    // Of equally good ones the first: `max_by_key` would take the last.
    let best = |right: fn(&Candidate) -> usize| {
        candidates.iter().rev().max_by_key(|candidate| right(candidate)).expect("candidates")
    };
    let by_examination = best(|candidate| candidate.examination.right);
    let by_held = best(|candidate| candidate.held.right);
    let last = candidates.chunks(candidates.len() / TRIED.len()).nth(LAST);
    let last = last.and_then(<[_]>::last).expect("all settings were tried");
    let fresh = |candidate: &Candidate| evaluate(&candidate.network, fresh);
    [
        by_examination.examination,
        fresh(by_examination),
        by_held.held,
        by_held.examination,
        fresh(by_held),
        last.examination,
        fresh(last),
    ]
    .map(|scores| 100.0 * scores.accuracy())
}
