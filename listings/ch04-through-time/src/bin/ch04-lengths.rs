//! What a plain network learns of the first of 1 to 20 digits: a record of chapter 4, and with `--quick` the same with
//! hardly any training.
#![forbid(unsafe_code)]

use std::process::ExitCode;
use std::thread;

use digits::chance_band;
use say::{note, println};
use through_time::{Standing, Training, median};

/// One training for each of the seeds 1 to 5.
type Runs = Vec<[Standing; 5]>;

const LENGTHS: [usize; 7] = [1, 2, 3, 5, 8, 12, 20];
const STARTS: [(&str, Option<f64>); 2] = [("drawn", None), ("orthogonal", Some(1.0))];
const SEEDS: &str = "     s1 |      s2 |      s3 |      s4 |      s5";

fn main() -> ExitCode {
    let updates = match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => 2000,
        [flag] if flag == "--quick" => 4,
        other => {
            note(format!("error: found {other:?}, expected nothing or --quick"));
            return ExitCode::FAILURE;
        }
    };
    let (low, high) = chance_band(500, 0.0005);
    println!("# setup: the first of 1 to 20 digits, read by a plain network; one run a seed");
    println!("units = 16");
    println!("updates = {updates}  by plain descent at 0.3, with 32 fresh sequences each");
    println!("limit = {:.1}  to which gradients are clipped", 1.0);
    println!("unseen = 500  sequences of the test set");
    println!("chance = {:.1}  percent right by guessing", 10.0);
    println!("band-low = {:.1}  percent: what luck can do with 500", low as f64 / 5.0);
    println!("band-high = {:.1}", high as f64 / 5.0);
    let [drawn, orthogonal] = STARTS.map(|(name, stretch)| {
        LENGTHS.map(|digits| (name, digits, runs(digits, stretch, 1.0, updates)))
    });
    for (title, all) in [("as it is drawn", &drawn), ("orthogonal", &orthogonal)] {
        println!(
            "\n# {}: percent right, W_hh at the start {title}; what is left of h_bar at t = 1",
            all[0].0
        );
        println!("digits        | {SEEDS} |  before |   after");
        for (name, digits, runs) in all {
            println!(
                "{:<13} | {} | {:>7.1e} | {:>7.1e}",
                format!("{name}-{digits}"),
                seeds(runs, |stands| format!("{:.1}", stands[4].right)),
                median(runs.iter().map(|stands| stands[0].left)),
                median(runs.iter().map(|stands| stands[4].left)),
            );
        }
    }
    println!("\n# left: what is left of h_bar at t = 1, for each seed, before and after training");
    println!("digits               | {SEEDS}");
    for (name, digits, runs) in drawn.iter().chain(&orthogonal) {
        for (when, at) in [("before", 0), ("after", 4)] {
            let left = seeds(runs, |stands| format!("{:.1e}", stands[at].left));
            println!("{:<20} | {left}", format!("{name}-{digits}-{when}"));
        }
    }
    course(&drawn);
    paths(&drawn[5].2, &orthogonal[5].2, updates);
    ExitCode::SUCCESS
}

/// Trains with each of the seeds, each on a thread of its own.
fn runs(digits: usize, stretch: Option<f64>, passed: f64, updates: usize) -> Runs {
    let training = Training { digits, stretch, passed, updates };
    thread::scope(|scope| {
        let all: Vec<_> = (1..=5).map(|seed| scope.spawn(move || training.run(seed))).collect();
        all.into_iter().map(|run| run.join().expect("a run that does not panic")).collect()
    })
}

/// One cell a seed.
fn seeds(runs: &Runs, cell: impl Fn(&[Standing; 5]) -> String) -> String {
    let cells = runs.iter().map(|stands| format!("{:>7}", cell(stands)));
    cells.collect::<Vec<_>>().join(" | ")
}

/// How eight and twelve digits are learnt or not.
fn course(drawn: &[(&str, usize, Runs)]) {
    println!(
        "\n# course: percent right and what is left of h_bar at t = 1, W_hh as drawn, in the course of training"
    );
    println!("stage                    | {SEEDS}");
    for (_, digits, runs) in &drawn[4..6] {
        let stages = ["start", "quarter", "half", "three-quarters", "end"];
        for (at, stage) in stages.into_iter().enumerate() {
            let right = seeds(runs, |stands| format!("{:.1}", stands[at].right));
            println!("{:<24} | {right}", format!("{digits}-right-{stage}"));
        }
        for (at, stage) in stages.into_iter().enumerate() {
            let left = seeds(runs, |stands| format!("{:.1e}", stands[at].left));
            println!("{:<24} | {left}", format!("{digits}-left-{stage}"));
        }
    }
}

/// Twelve digits: what is changed at the start, on the way back alone, and in how long it takes.
fn paths(drawn: &Runs, orthogonal: &Runs, updates: usize) {
    println!("\n# paths: percent right of the first of 12 digits");
    println!("start      | passed | updates | {SEEDS}");
    let longer = runs(12, None, 1.0, 5 * updates);
    let amplified = runs(12, None, 1.0 / 0.6, updates);
    let shrunk = runs(12, Some(0.6), 1.0, updates);
    let damped = runs(12, Some(1.0), 0.6, updates);
    for (name, passed, updates, runs) in [
        ("drawn", 1.0, updates, drawn),
        ("longer", 1.0, 5 * updates, &longer),
        ("orthogonal", 1.0, updates, orthogonal),
        ("shrunk", 1.0, updates, &shrunk),
        ("damped", 0.6, updates, &damped),
        ("amplified", 1.0 / 0.6, updates, &amplified),
    ] {
        let right = seeds(runs, |stands| format!("{:.1}", stands[4].right));
        println!("{name:<10} | {passed:>6.3} | {updates:>7} | {right}");
    }
}
