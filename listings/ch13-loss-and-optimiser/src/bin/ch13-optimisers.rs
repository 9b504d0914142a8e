//! How fast a small network learns, by optimiser, learning rate and clipping: a record of chapter 13, and with `--quick`
//! the same with hardly any training.
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
    println!(
        "# setup: the sum of the last two of four digits; H = 32, batches of 32, f32, one run a seed"
    );
    println!("seeds = {seeds}");
    println!("most = {most}  steps, after which a run is stopped and counted as that long");
    println!("unseen = 1000  sequences; nothing with the context of one is learnt from");
    let row = |name: &str, by, limit| {
        let trial = Trial { task: Task::Sum, digits: 4, forget_bias: None, by, limit };
        let steps = trial.spread(seeds, most);
        let learnt = steps.iter().filter(|steps| **steps < most).count();
        let [fastest, middle, slowest] =
            [0, steps.len() / 2, steps.len() - 1].map(|place| steps[place]);
        println!("{name:<16} | {learnt:>6} | {fastest:>7} | {middle:>6} | {slowest:>7}");
    };
    println!(
        "\n# optimisers: steps until 99 % of unseen sequences are right, by optimiser and rate"
    );
    println!("optimiser        | learnt | fastest | middle | slowest");
    for rate in [0.3, 1.0, 3.0, 10.0] {
        row(&format!("descent:{rate}"), By::Sgd(rate), None);
    }
    for rate in [0.1, 0.3, 1.0, 3.0] {
        row(&format!("momentum:{rate}"), By::Momentum(rate), None);
    }
    for rate in [0.001, 0.003, 0.01, 0.03, 0.1] {
        row(&format!("adam:{rate}"), By::Adam(rate), None);
    }
    println!("\n# clipping: the same with gradients clipped to a length");
    println!("optimiser        | learnt | fastest | middle | slowest");
    for (name, by) in [
        ("descent:10", By::Sgd(10.0)),
        ("momentum:3", By::Momentum(3.0)),
        ("adam:0.01", By::Adam(0.01)),
    ] {
        for limit in [1.0, 0.1, 0.01] {
            row(&format!("{name}/{limit}"), by, Some(limit));
        }
    }
    ExitCode::SUCCESS
}
