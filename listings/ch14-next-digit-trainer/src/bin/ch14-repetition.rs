//! Why the same network learns to remember from a few sequences, repeated, and not from new ones: the data, the start and
//! what comes first are changed one at a time.
#![forbid(unsafe_code)]

mod record;

use digits::{Sequence, Task, generator};
use loss_and_optimiser::{Learner, batch_of, norm};
use next_digit::opened::{Part, cell, hold, mean_gate, read_all};
use next_digit::{Learns, Lesson, Network, NotFinite, Scores, Source, Start, Trainer};
use record::{Effort, Result, SOLVED, practised, unseen};
use say::println;

const DIGITS: usize = 15;
const STEPS: u64 = 1600;
const FRESH: Lesson = first(Source::Fresh, STEPS);
/// From so many percent on, a run has learnt the task; and from so many on, others would say so too.
const MARKS: [f64; 2] = [90.0, SOLVED];
const YARDSTICK: &str = "learnt: how many have 90 percent and more; at-99: 99 percent and more";

const fn first(source: Source, steps: u64) -> Lesson {
    Lesson { task: Task::First, digits: DIGITS, source, steps }
}

/// What one run came to; accuracies in percent.
struct Outcome {
    accuracy: f64,
    /// After the first of two lessons, on what that lesson showed.
    then: Option<f64>,
    /// At the end, on what the last lesson showed.
    own: f64,
    /// |W_hh| before the first step, before the last lesson, and after it.
    lengths: [f64; 3],
    /// How much of the last step's message reaches the first, before the last lesson.
    reach: f64,
    /// The last lesson, of its usual length.
    last: Lesson,
    forget: f64,
    input: f64,
}

fn main() -> Result<()> {
    let effort = Effort::of_arguments(10, 24)?;
    settings(effort);
    let mut all = Vec::new();
    title(effort, "repeated", "how many sequences are repeated, or new ones at every step");
    for (name, source) in [
        ("repeated=100", Source::Repeated(100)),
        ("repeated=300", Source::Repeated(300)),
        ("repeated=1000", Source::Repeated(1000)),
        ("repeated=3000", Source::Repeated(3000)),
        ("repeated=10000", Source::Repeated(10000)),
        ("fresh", Source::Fresh),
    ] {
        all.push(runs(effort, name, Start::USUAL, &[first(source, STEPS)])?);
    }
    title(effort, "longer", "the same with three times the steps");
    for (name, source) in [
        ("longer=1000", Source::Repeated(1000)),
        ("longer=3000", Source::Repeated(3000)),
        ("longer=10000", Source::Repeated(10000)),
        ("longer=fresh", Source::Fresh),
    ] {
        all.push(runs(effort, name, Start::USUAL, &[first(source, 3 * STEPS)])?);
    }
    title(effort, "before", "fresh sequences, but something else comes first");
    let random = |source| Lesson { task: Task::Random, ..first(source, 640) };
    for (name, lesson) in [
        ("by-heart=320", first(Source::Repeated(1000), 320)),
        ("by-heart=640", first(Source::Repeated(1000), 640)),
        ("nonsense-by-heart", random(Source::Repeated(300))),
        ("nonsense-fresh", random(Source::Fresh)),
    ] {
        all.push(runs(effort, name, Start::USUAL, &[lesson, FRESH])?);
    }
    title(effort, "start", "fresh sequences from the first step, but another start");
    for (name, start) in [
        ("bias=1", Start { forget_bias: Some(1.0), ..Start::USUAL }),
        ("bias=2", Start { forget_bias: Some(2.0), ..Start::USUAL }),
        ("bias=3", Start { forget_bias: Some(3.0), ..Start::USUAL }),
        ("rate=0.003", Start { learning_rate: 0.003, ..Start::USUAL }),
        ("rate=0.03", Start { learning_rate: 0.03, ..Start::USUAL }),
        ("all-times-5", Start { scale: 5.0, ..Start::USUAL }),
        ("loop-times-2", Start { scale_hh: 2.0, ..Start::USUAL }),
        ("loop-times-3", Start { scale_hh: 3.0, ..Start::USUAL }),
        ("loop-times-5", Start { scale_hh: 5.0, ..Start::USUAL }),
    ] {
        all.push(runs(effort, name, start, &[FRESH])?);
    }
    still(effort)?;
    by_heart(effort, &all);
    reaches(&all);
    lengths(effort, &all);
    gates(&all);
    Ok(())
}

fn settings(effort: Effort) {
    println!("# settings: the first of {DIGITS} digits is asked for");
    println!(
        "seeds  = {}  named s1 to s10; data, first weights and order are theirs",
        effort.seeds
    );
    println!("steps  = {}  of Adam at 0.01, batches of 32, H = 32, f32", effort.steps(STEPS));
    println!("unseen = {}  sequences to be examined on", effort.few(1000));
}

fn title(effort: Effort, name: &str, title: &str) {
    println!("\n# {name}: {title}; accuracy on unseen sequences in percent");
    header(effort);
}

fn header(effort: Effort) {
    println!("{YARDSTICK}");
    effort.header("data", "learnt |  at-99");
}

type Runs = (String, Vec<Outcome>);

/// Trains ten networks and prints their row.
fn runs(effort: Effort, name: &str, start: Start, lessons: &[Lesson]) -> Result<Runs> {
    let outcomes = effort.over_seeds(|seed| run(effort, start.lstm(seed), lessons, seed))?;
    let accuracies: Vec<f64> = outcomes.iter().map(|outcome| outcome.accuracy).collect();
    effort.percentages(name, &accuracies, &MARKS);
    Ok((name.to_owned(), outcomes))
}

/// Gives the lessons one after the other, and examines.
fn run(
    effort: Effort,
    mut trainer: Trainer<f32>,
    lessons: &[Lesson],
    seed: u64,
) -> Result<Outcome> {
    let percent = |trainer: &Trainer<f32>, sequences: &[Sequence]| {
        100.0 * trainer.examine(sequences).accuracy()
    };
    let taught: Vec<Lesson> = lessons.iter().map(|lesson| effort.lesson(*lesson)).collect();
    let (last, before) = taught.split_last().ok_or("no lesson")?;
    let start = length_hh(&trainer.network);
    let mut then = None;
    for lesson in before {
        lesson.teach(&mut trainer, seed, |_, _, _| ())?;
        then = Some(percent(&trainer, &practised(effort, *lesson, seed)?));
    }
    let (middle, reach) = (length_hh(&trainer.network), reach_of(&trainer.network)?);
    last.teach(&mut trainer, seed, |_, _, _| ())?;
    let unseen = unseen(effort, &taught, seed)?;
    let readings = read_all(&cell(&trainer.network), &unseen[..effort.few(100)]);
    let [forget, input] =
        [mean_gate(&readings, |step| &step.f), mean_gate(&readings, |step| &step.i)]
            .map(|units| units.iter().sum::<f64>() / units.len() as f64);
    Ok(Outcome {
        accuracy: percent(&trainer, &unseen),
        then,
        own: percent(&trainer, &practised(effort, *last, seed)?),
        lengths: [start, middle, length_hh(&trainer.network)],
        reach,
        last: lessons[lessons.len() - 1],
        forget,
        input,
    })
}

/// A network whose forget gates stand still: after each step they are put back to where they began.
struct Still {
    trainer: Trainer<f32>,
    at: Vec<f64>,
}

impl Still {
    /// Each unit's gate is held at its mean over these sequences.
    fn new(mut trainer: Trainer<f32>, sequences: &[Sequence]) -> Still {
        let at = mean_gate(&read_all(&cell(&trainer.network), sequences), |step| &step.f);
        trainer.network = hold(&trainer.network, Part::Forget, &at);
        Still { trainer, at }
    }
}

impl Learns for Still {
    fn learn(&mut self, digits: &[u8], targets: &[u8]) -> std::result::Result<f64, NotFinite> {
        let loss = self.trainer.step(digits, targets)?;
        self.trainer.network = hold(&self.trainer.network, Part::Forget, &self.at);
        Ok(loss)
    }
    fn examine(&self, sequences: &[Sequence]) -> Scores {
        self.trainer.examine(sequences)
    }
}

/// Whether a forget gate has to move in order to learn.
fn still(effort: Effort) -> Result<()> {
    title(
        effort,
        "still",
        "each forget gate is held, in training too, at its mean before training",
    );
    let bias_3 = Start { forget_bias: Some(3.0), ..Start::USUAL };
    for (name, start, source) in [
        ("still=300", Start::USUAL, Source::Repeated(300)),
        ("still=1000", Start::USUAL, Source::Repeated(1000)),
        ("still=fresh", Start::USUAL, Source::Fresh),
        ("still-bias=3", bias_3, Source::Fresh),
    ] {
        let lesson = effort.lesson(first(source, STEPS));
        let accuracies = effort.over_seeds(|seed| {
            let shown = lesson.shown(seed)?;
            let mut pupil = Still::new(start.lstm(seed), &shown[..effort.few(100)]);
            lesson.teach(&mut pupil, seed, |_, _, _| ())?;
            Ok(100.0 * pupil.examine(&unseen(effort, &[lesson], seed)?).accuracy())
        })?;
        effort.percentages(name, &accuracies, &MARKS);
    }
    Ok(())
}

/// How much of what was repeated is known by heart.
fn by_heart(effort: Effort, all: &[Runs]) {
    println!(
        "\n# by-then: accuracy after the first lesson, in percent, on the sequences that it repeated; where all were new, on the last thousand"
    );
    header(effort);
    for (name, outcomes) in all {
        let then: Vec<f64> = outcomes.iter().filter_map(|outcome| outcome.then).collect();
        if !then.is_empty() {
            effort.percentages(&format!("{name}:then"), &then, &MARKS);
        }
    }
    println!("\n# own: accuracy at the end, in percent, on the sequences that were repeated");
    header(effort);
    for (name, outcomes) in all {
        if outcomes[0].last.source != Source::Fresh {
            let own: Vec<f64> = outcomes.iter().map(|outcome| outcome.own).collect();
            effort.percentages(&format!("{name}:own"), &own, &MARKS);
        }
    }
}

fn length_hh(network: &Network<f32>) -> f64 {
    let weights = network.layer.split(network.parts().0).weight_hh;
    weights.iter().map(|&w| f64::from(w).powi(2)).sum::<f64>().sqrt()
}

/// As in chapter 13: the length of the loss's message to the first digits over that to the last, ‖x̄_1‖ / ‖x̄_T‖.
fn reach_of(network: &Network<f32>) -> Result<f64> {
    let mut learner = Learner::<f64>::new(network.layer.hidden, &mut generator(1));
    let theta = network.theta.iter().map(|&value| f64::from(value));
    learner.theta = theta.collect();
    let (digits, targets) = batch_of(&Task::First.draw(100, DIGITS + 1, &mut generator(1))?);
    let x_bar = learner.input_bar(&digits, &targets);
    let size = x_bar.len() / DIGITS;
    Ok(norm(&x_bar[..size]) / norm(&x_bar[(DIGITS - 1) * size..]))
}

/// How far a message reached before the first fresh sequence, and what came of it: from the shortest way to the longest.
fn reaches(all: &[Runs]) {
    println!(
        "\n# reach: before the first fresh sequence; the middle one of ten networks, from the least"
    );
    println!("reach: the length of the loss's message to the first digit over that to the last");
    println!("{YARDSTICK}");
    println!("{:<24} | reach  | length | learnt |  at-99", "data");
    let mut fresh: Vec<&Runs> =
        all.iter().filter(|(_, outcomes)| outcomes[0].last == FRESH).collect();
    fresh.sort_by(|(_, a), (_, b)| middle(a).total_cmp(&middle(b)));
    for (name, outcomes) in fresh {
        let at = |mark| outcomes.iter().filter(|outcome| outcome.accuracy >= mark).count();
        println!(
            "{:<24} | {:>6} | {:>6} | {:>6} | {:>6}",
            format!("{name}:way"),
            format!("{:.1e}", middle(outcomes)),
            mean(outcomes, |_| true, |outcome| outcome.lengths[1]),
            at(MARKS[0]),
            at(MARKS[1]),
        );
    }
}

/// How long W_hh is, all its numbers taken as one vector.
fn lengths(effort: Effort, all: &[Runs]) {
    println!(
        "\n# lengths: of W_hh after the last step; start, before the last lesson, and means of those that learnt (90 percent) or failed (0: none); reach"
    );
    effort.header("data", "start | before | learnt | failed |  reach");
    for (name, outcomes) in all {
        let cells: Vec<String> =
            outcomes.iter().map(|outcome| format!("{:.1}", outcome.lengths[2])).collect();
        let last = format!(
            "{:>5} | {:>6} | {:>6} | {:>6} | {:>6}",
            mean(outcomes, |_| true, |outcome| outcome.lengths[0]),
            mean(outcomes, |_| true, |outcome| outcome.lengths[1]),
            mean(outcomes, Outcome::learnt, |outcome| outcome.lengths[2]),
            mean(outcomes, Outcome::failed, |outcome| outcome.lengths[2]),
            format!("{:.1e}", middle(outcomes)),
        );
        effort.row(&format!("{name}:length"), last, &cells);
    }
}

/// Where the gates stand in the end.
fn gates(all: &[Runs]) {
    println!(
        "\n# gates: mean over units, steps and sequences, of the runs that learnt (90 percent) and of those that failed, 0 if there are none"
    );
    println!("{:<24} | forget-learnt | input-learnt | forget-failed | input-failed", "data");
    for (name, outcomes) in all {
        println!(
            "{:<24} | {:>13} | {:>12} | {:>13} | {:>12}",
            format!("{name}:gates"),
            mean(outcomes, Outcome::learnt, |outcome| outcome.forget),
            mean(outcomes, Outcome::learnt, |outcome| outcome.input),
            mean(outcomes, Outcome::failed, |outcome| outcome.forget),
            mean(outcomes, Outcome::failed, |outcome| outcome.input),
        );
    }
}

/// The reach of the middle run.
fn middle(outcomes: &[Outcome]) -> f64 {
    let mut reaches: Vec<f64> = outcomes.iter().map(|outcome| outcome.reach).collect();
    reaches.sort_by(f64::total_cmp);
    reaches[reaches.len() / 2]
}

impl Outcome {
    fn learnt(&self) -> bool {
        self.accuracy >= MARKS[0]
    }
    fn failed(&self) -> bool {
        !self.learnt()
    }
}

/// The mean over some of the runs, or 0 if there are none.
fn mean(outcomes: &[Outcome], which: fn(&Outcome) -> bool, of: impl Fn(&Outcome) -> f64) -> String {
    let values: Vec<f64> = outcomes.iter().filter(|outcome| which(outcome)).map(of).collect();
    format!("{:.2}", values.iter().sum::<f64>() / values.len().max(1) as f64 + 0.0)
}
