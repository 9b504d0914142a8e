//! Forty seeds in place of five, and two hundred networks in place of one: a record of chapter 11, and with `--quick`
//! the same with hardly any of either.
#![forbid(unsafe_code)]

use std::error::Error;

use bug_gallery::{Bug, Network, Problem, Settings, Trained, all, cosine, fresh, gradient, train};
use digits::{DataError, Sequence, Task, below, generator};
use say::println;

/// Four units, as in the checker's table.
const HIDDEN: usize = 4;

fn main() -> Result<(), Box<dyn Error>> {
    let (seeds, networks) = match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => (40, 200),
        [flag] if flag == "--quick" => (2, 5),
        other => return Err(format!("found {other:?}, expected nothing or --quick").into()),
    };
    println!("# setup: of all that follows");
    println!(
        "seeds = {seeds}  of each training; data and first weights are the seed's, for every program"
    );
    println!("networks = {networks}  fresh ones, for the angles");
    paired(seeds)?;
    let three = |seed| {
        let rng = &mut generator(seed);
        let problem = problem(Task::Sum, 3, rng);
        (fresh(HIDDEN, rng), problem)
    };
    println!(
        "\n# angles-3: cosine of believed and true gradient, fresh networks, the sum of two of three digits"
    );
    angles(3, networks, &Bug::GRADIENTS, three);
    let fifteen = |seed| {
        let rng = &mut generator(seed);
        let mut problem = problem(Task::First, 15, rng);
        problem.answers[..14].fill(None);
        let mut network = fresh(HIDDEN, rng);
        network.cell.forget.affine.b.fill(3.0);
        (network, problem)
    };
    println!(
        "\n# angles-15: the same with a forget bias of 3, asked once, after fifteen digits, for the first"
    );
    // With one answer, a mean is the value itself, and the last loss is all of it.
    let at_the_loss = [Bug::LastLossOnly, Bug::AveragedTwice];
    let others: Vec<Bug> =
        Bug::GRADIENTS.into_iter().filter(|bug| !at_the_loss.contains(bug)).collect();
    angles(15, networks, &others, fifteen);
    Ok(())
}

/// `count` random digits under a task's rule.
fn problem(task: Task, count: usize, rng: &mut impl rand::Rng) -> Problem {
    let context = (0..count).map(|_| below(10, rng) as u8).collect();
    Problem::new(task, &Sequence { context, next: 0 })
}

/// What each program ends with on `sum`, beside the correct one with the same seed.
fn paired(seeds: u64) -> Result<(), DataError> {
    let runs = |bug| -> Result<Vec<Trained>, DataError> {
        (1..=seeds).map(|seed| train(&Settings::SUM, seed, bug)).collect()
    };
    let right = runs(None)?;
    let end = |run: &Trained| run.curve[run.curve.len() - 1];
    println!(
        "\n# forty: `sum`; last loss, how much more than the correct program's with the same seed, and the standard error of that; percent right"
    );
    println!("program           | loss |  more | error | lowest | highest | ahead");
    for bug in all() {
        let runs = if bug.is_none() { right.clone() } else { runs(bug)? };
        let loss = mean(runs.iter().map(end));
        let more: Vec<f64> = runs.iter().zip(&right).map(|(a, b)| end(a) - end(b)).collect();
        let middle = mean(more.iter().copied());
        let spread = mean(more.iter().map(|value| (value - middle) * (value - middle)));
        let error = (spread / (more.len() - 1) as f64).sqrt();
        let percent = || runs.iter().map(|run| 100.0 * run.accuracy);
        let ahead = runs.iter().zip(&right).filter(|(a, b)| a.accuracy > b.accuracy).count();
        println!(
            "{:<17} | {loss:>4.2} | {middle:>5.2} | {error:>5.2} | {:>6.0} | {:>7.0} | {ahead:>5}",
            bug.map_or("correct", Bug::name),
            percent().fold(100.0, f64::min),
            percent().fold(0.0, f64::max),
        );
    }
    Ok(())
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}

/// The middle one and the lowest of the cosines, for each wrong gradient.
fn angles(digits: u8, networks: u64, bugs: &[Bug], draw: impl Fn(u64) -> (Network, Problem)) {
    println!("program           | median-{digits:<2} | lowest-{digits}");
    for &bug in bugs {
        let mut cosines: Vec<f64> = (1..=networks)
            .map(|seed| {
                let (network, problem) = draw(seed);
                let believed = gradient(&network, &problem, Some(bug));
                cosine(&believed, &gradient(&network, &problem, None))
            })
            .collect();
        cosines.sort_by(f64::total_cmp);
        println!("{:<17} | {:>9.2} | {:>9.2}", bug.name(), cosines[cosines.len() / 2], cosines[0]);
    }
}
