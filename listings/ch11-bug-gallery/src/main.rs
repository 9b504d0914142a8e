//! The numbers that chapter 11 talks about: `cargo run -p ch11`.

use bug_gallery::{
    Bug, NAMES, Network, Problem, Settings, Trained, all, cosine, forward, fresh, gradient, loss,
    train,
};
use digits::{CHANCE, DataError, Sequence, Task, chance_loss, generator};
use gradient_check::{Parameters, Report, Tensor, TensorMut, check};
use say::println;

fn name(bug: Option<Bug>) -> &'static str {
    bug.map_or("correct", Bug::name)
}

fn main() -> Result<(), DataError> {
    print_training()?;
    println!();
    print_checker();
    println!();
    print_blind();
    Ok(())
}

// ANCHOR: training
fn five_seeds(settings: &Settings, bug: Option<Bug>) -> Result<Vec<Trained>, DataError> {
    (1..=5).map(|seed| train(settings, seed, bug)).collect()
}

/// Mean of the last loss; lowest and highest accuracy in percent.
fn summary(runs: &[Trained]) -> (f64, f64, f64) {
    let losses: f64 = runs.iter().filter_map(|run| run.curve.last()).sum();
    let percent = runs.iter().map(|run| 100.0 * run.accuracy);
    let lowest = percent.clone().fold(100.0, f64::min);
    (losses / runs.len() as f64, lowest, percent.fold(0.0, f64::max))
}
// ANCHOR_END: training

fn print_training() -> Result<(), DataError> {
    println!("# training: loss and percent right on unseen sequences, seeds 1 to 5");
    println!("program           | first | low | high |  sum | sum_low | sum_high | ahead");
    let right = five_seeds(&Settings::SUM, None)?;
    for bug in all() {
        let (first, low, high) = summary(&five_seeds(&Settings::FIRST, bug)?);
        let runs = if bug.is_none() { right.clone() } else { five_seeds(&Settings::SUM, bug)? };
        let (sum, sum_low, sum_high) = summary(&runs);
        let ahead = runs.iter().zip(&right).filter(|(a, b)| a.accuracy > b.accuracy).count();
        println!(
            "{:<17} | {first:>5.2} | {low:>3.0} | {high:>4.0} | {sum:>4.2} | {sum_low:>7.0} \
             | {sum_high:>8.0} | {ahead:>5}",
            name(bug)
        );
    }
    println!();
    println!("# floors: what a program reaches that has learned nothing");
    println!("guess_loss = {:.2}  nats: ln 10", chance_loss());
    println!("guess = {:.0}  percent right", 100.0 * CHANCE);
    // Right at step 1, where the digit read is the first one; by chance at steps 2 and 3.
    println!(
        "echo = {:.0}  percent of `first`: saying the digit just read",
        100.0 * (1.0 + 2.0 * CHANCE) / 3.0
    );
    Ok(())
}

/// One tensor of a network, so that each can be checked alone.
#[derive(Clone)]
struct Only(Network, usize);

impl Parameters for Only {
    fn tensors(&self) -> Vec<Tensor<'_>> {
        vec![self.0.tensors()[self.1]]
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_>> {
        vec![self.0.tensors_mut().swap_remove(self.1)]
    }
}

// ANCHOR: verdict
/// What chapter 3's checker says about this bug's gradient of this bug's loss.
fn verdict(network: &Network, problem: &Problem, bug: Option<Bug>) -> Report {
    let believed = gradient(network, problem, bug);
    check(network, &believed, |network| loss(network, problem, bug))
}

/// The largest |h_t − h_t of chapter 8's cell|, over all steps and units.
fn forward_off(network: &Network, problem: &Problem, bug: Option<Bug>) -> f64 {
    let (steps, book) = (forward(network, problem, bug), forward(network, problem, None));
    let off = steps.iter().zip(&book).map(|(a, b)| (&a.state.h - &b.state.h).amax());
    off.fold(0.0, f64::max)
}
// ANCHOR_END: verdict

/// The checker's limit. A right gradient of this size stays far below it.
const TOLERANCE: f64 = 1e-7;

fn problem(task: Task, context: &[u8]) -> Problem {
    Problem::new(task, &Sequence { context: context.to_vec(), next: 0 })
}

fn print_checker() {
    let network = fresh(4, &mut generator(1));
    let problem = problem(Task::Sum, &[3, 9, 4]);
    println!("# checker: a fresh network with H = 4 reads 3 9 4 and is asked for 2, then 3");
    println!(
        "program           | entry      |   by_hand | by_diff   |  error | wrong | cosine |  h_off"
    );
    for bug in all() {
        let worst = verdict(&network, &problem, bug).worst;
        let believed = gradient(&network, &problem, bug);
        let errors = (0..NAMES.len()).map(|k| {
            let point = Only(network.clone(), k);
            check(&point, &Only(believed.clone(), k), |p| loss(&p.0, &problem, bug)).worst.error
        });
        let errors: Vec<f64> = errors.collect();
        let wrong = errors.iter().filter(|&&error| error > TOLERANCE).count();
        let alike = errors.iter().all(|error| (error - worst.error).abs() < 1e-6);
        let said = match (wrong, alike) {
            (0, _) => format!("{:<10} | {:>9} | {:>9} | {:>6}", "-", "-", "-", "<1e-7"),
            (_, true) => format!("{:<10} | {:>9} | {:>9} | {:>6.3}", "all", "-", "-", worst.error),
            _ => format!(
                "{:<10} | {:>9.6} | {:>9.6} | {:>6.3}",
                format!("{}[{}, {}]", worst.name, worst.row, worst.column),
                worst.analytic,
                worst.numeric,
                worst.error
            ),
        };
        let angle = match bug {
            Some(bug) if Bug::MODELS.contains(&bug) => "-".to_owned(), // right, of another model
            _ => format!("{:.3}", cosine(&believed, &gradient(&network, &problem, None))),
        };
        let off = forward_off(&network, &problem, bug);
        println!("{:<17} | {said} | {wrong:>5} | {angle:>6} | {off:>6.4}", name(bug));
    }
}

fn print_blind() {
    let says = |hidden: usize, problem: &Problem, bug: Bug| {
        let report = verdict(&fresh(hidden, &mut generator(1)), problem, Some(bug));
        if report.worst.error < TOLERANCE { "passes" } else { "refused" }
    };
    println!("# blind: wrong gradients at points that cannot show it (H = 4 but in the last line)");
    println!("program           | at        | verdict");
    let [one_step, one_answer, usual] =
        [(Task::First, &[3][..]), (Task::Sum, &[3, 9]), (Task::Sum, &[3, 9, 4])]
            .map(|(task, digits)| problem(task, digits));
    for (bug, hidden, problem, at) in [
        (Bug::CarryDropped, 4, &one_step, "T = 1"),
        (Bug::HiddenDropped, 4, &one_step, "T = 1"),
        (Bug::LastLossOnly, 4, &one_answer, "n = 1"),
        (Bug::AveragedTwice, 4, &one_answer, "n = 1"),
        (Bug::TransposeMissing, 1, &usual, "H = 1"),
    ] {
        println!("{:<17} | {at:<9} | {}", bug.name(), says(hidden, problem, bug));
    }
}
