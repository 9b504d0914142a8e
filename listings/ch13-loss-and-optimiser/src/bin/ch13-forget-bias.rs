//! What the forget gate's bias at the start does to learning: a record of chapter 13, and with `--quick` the same with
//! hardly any training.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use digits::Task;
use loss_and_optimiser::{By, Trial};
use say::{note, println};

fn main() -> ExitCode {
    let quick = match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => false,
        [flag] if flag == "--quick" => true,
        other => {
            note(format!("error: found {other:?}, expected nothing or --quick"));
            return ExitCode::FAILURE;
        }
    };
    let (seeds, most) = if quick { (1, 2) } else { (9, 2000) };
    println!("# setup: one row a bias, one run a seed; H = 32, batches of 32, Adam at 0.01, f32");
    println!("seeds = {seeds}");
    println!("most = {most}  steps, after which a run is stopped and counted as that long");
    println!("unseen = 1000  sequences; nothing with the context of one is learnt from");
    println!("enough = {:.2}  of these right: learnt", 0.99);
    for (name, task, digits, title) in [
        ("first-10", Task::First, 10, "the first of 10 digits is asked for: steps until learnt"),
        ("first-20", Task::First, 20, "the first of 20 digits"),
        ("first-30", Task::First, 30, "the first of 30 digits"),
        ("sum-20", Task::Sum, 20, "the sum of the last two of 20 digits"),
    ] {
        println!("\n# {name}: {title}");
        println!("start           | learnt | fastest | middle | slowest");
        for (row, forget_bias) in [
            ("random", None),
            ("bias=0", Some(0.0)),
            ("bias=1", Some(1.0)),
            ("bias=3", Some(3.0)),
            ("bias=6", Some(6.0)),
        ] {
            let trial = Trial { task, digits, forget_bias, by: By::Adam(0.01), limit: None };
            let steps = trial.spread(seeds, most);
            let learnt = steps.iter().filter(|steps| **steps < most).count();
            println!(
                "{:<15} | {learnt:>6} | {:>7} | {:>6} | {:>7}",
                format!("{name}:{row}"),
                steps[0],
                steps[steps.len() / 2],
                steps[steps.len() - 1]
            );
        }
    }
    ExitCode::SUCCESS
}
