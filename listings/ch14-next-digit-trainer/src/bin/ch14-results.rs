//! What the trainer's network learns, and what a plain network learns in its place: all seeds, none left out.
//!
//! `cargo run --release -p ch14 --bin ch14-results` takes some minutes; with `--quick` it prints the same tables,
//! of networks that have hardly been trained.
#![forbid(unsafe_code)]

use std::error::Error;

use digits::{LookupTable, Split, Task, accuracy, generator};
use next_digit::{PlainTrainer, Scores, Session, Settings, evaluate};

const SEEDS: [u64; 5] = [1, 2, 3, 4, 5];
const HIDDEN: usize = 32;

/// How much is done: everything, or next to nothing.
struct Effort {
    quick: bool,
}

/// What is trained: the LSTM or the plain network, and how.
#[derive(Clone, Copy)]
struct Recipe {
    plain: bool,
    clip: Option<f64>,
    forget_bias: Option<f64>,
}

const LSTM: Recipe = Recipe { plain: false, clip: None, forget_bias: None };
const LSTM_OPEN: Recipe = Recipe { plain: false, clip: Some(1.0), forget_bias: Some(3.0) };
const PLAIN: Recipe = Recipe { plain: true, clip: None, forget_bias: None };
const PLAIN_CLIPPED: Recipe = Recipe { plain: true, clip: Some(1.0), forget_bias: None };

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let effort = Effort { quick: std::env::args().any(|word| word == "--quick") };
    println!("# settings: of all runs, unless a table says otherwise");
    println!("seeds  = {}  named s1 to s5; data, first weights and order are theirs", SEEDS.len());
    println!("hidden = {HIDDEN}  units");
    println!("epochs = {}  of Adam at a learning rate of 0.01, batches of 32", effort.epochs());
    println!("unseen = {}  sequences to be examined on", effort.few(1000));
    random(&effort)?;
    sums(&effort)?;
    first(&effort)?;
    progressions(&effort)
}

impl Effort {
    fn epochs(&self) -> usize {
        if self.quick { 1 } else { 50 }
    }

    fn few(&self, sequences: usize) -> usize {
        if self.quick { 32 } else { sequences }
    }

    /// Trains, and examines on both parts of the data.
    fn train(&self, recipe: Recipe, split: &Split, seed: u64) -> Result<[Scores; 2]> {
        let Recipe { plain, clip, forget_bias } = recipe;
        let batch = split.training.len().min(32);
        let epochs = self.epochs();
        let settings = Settings {
            hidden: HIDDEN,
            epochs,
            batch,
            learning_rate: 0.01,
            clip,
            forget_bias,
            seed,
        };
        let parts = [&split.training, &split.unseen];
        if plain {
            let trainer = PlainTrainer::train(&settings, &split.training)?;
            return Ok(parts.map(|part| trainer.evaluate(part)));
        }
        let mut session = Session::<f32>::new(settings, &split.training, 1);
        session.finish()?;
        Ok(parts.map(|part| evaluate(&session.trainer.network, part)))
    }

    /// One row: the accuracy on unseen sequences for each seed.
    fn row(
        &self,
        name: &str,
        recipe: Recipe,
        split: impl Fn(u64) -> Result<Split>,
    ) -> Result<Vec<f64>> {
        let mut accuracies = Vec::new();
        for seed in SEEDS {
            let [_, unseen] = self.train(recipe, &split(seed)?, seed)?;
            accuracies.push(100.0 * unseen.accuracy());
        }
        let cells: Vec<String> = accuracies.iter().map(|value| format!("{value:>6.2}")).collect();
        let solved = accuracies.iter().filter(|value| **value >= 99.0).count();
        println!("{name:<16} | {} | {solved}", cells.join(" | "));
        Ok(accuracies)
    }
}

fn header() {
    let seeds: Vec<String> =
        SEEDS.iter().map(|seed| format!("{:>6}", format!("s{seed}"))).collect();
    println!("network          | {} | solved", seeds.join(" | "));
}

fn draw(task: Task, length: usize, training: usize, unseen: usize, seed: u64) -> Result<Split> {
    Ok(Split::draw(task, length, training, unseen, &mut generator(seed))?)
}

/// The article's task.
fn random(effort: &Effort) -> Result<()> {
    println!("\n# random: the article's digits; accuracy in percent, loss in nats");
    println!("seed | training | ceiling | unseen | unseen-loss | plain-training | plain-unseen");
    for seed in SEEDS {
        let split = draw(Task::Random, 5, effort.few(1000), effort.few(1000), seed)?;
        let [training, unseen] = effort.train(LSTM, &split, seed)?;
        let [plain_training, plain_unseen] = effort.train(PLAIN, &split, seed)?;
        let table = LookupTable::learn(&split.training);
        println!(
            "s{seed}   | {:>8.2} | {:>7.2} | {:>6.2} | {:>11.3} | {:>14.2} | {:>12.2}",
            100.0 * training.accuracy(),
            100.0 * accuracy(&split.training, |context| table.guess(context)),
            100.0 * unseen.accuracy(),
            unseen.loss,
            100.0 * plain_training.accuracy(),
            100.0 * plain_unseen.accuracy(),
        );
    }
    Ok(())
}

fn sums(effort: &Effort) -> Result<()> {
    println!("\n# sum: accuracy on unseen sequences in percent; solved: how many seeds reached 99");
    header();
    for training in [1000, 2000] {
        for (name, recipe) in [("lstm", LSTM), ("plain", PLAIN)] {
            let split = |seed| draw(Task::Sum, 5, effort.few(training), effort.few(1000), seed);
            effort.row(&format!("{name}-{training}"), recipe, split)?;
        }
    }
    Ok(())
}

fn first(effort: &Effort) -> Result<()> {
    println!(
        "\n# first: repeat the first of 5 to 50 digits, learnt from 1000 sequences, or from 5000"
    );
    println!(
        "open: forget bias 3 and gradients clipped at 1; clipped: clipped at 1; the others as they are"
    );
    header();
    for (length, training) in
        [(5, 1000), (10, 1000), (20, 1000), (30, 1000), (50, 1000), (50, 5000)]
    {
        let size = if training == 5000 { "-5000" } else { "" };
        for (name, recipe) in [
            ("lstm", LSTM),
            ("lstm-open", LSTM_OPEN),
            ("plain", PLAIN),
            ("plain-clipped", PLAIN_CLIPPED),
        ] {
            let split =
                |seed| draw(Task::First, length, effort.few(training), effort.few(1000), seed);
            effort.row(&format!("{name}-{length}{size}"), recipe, split)?;
        }
    }
    Ok(())
}

/// A thousand drawn as they come, or eighty dealt out.
fn progressions(effort: &Effort) -> Result<()> {
    println!(
        "\n# progression: 1000 drawn after 1000 others, or 20 of the hundred after the other 80"
    );
    header();
    for (name, recipe) in [("lstm", LSTM), ("plain", PLAIN)] {
        effort.row(&format!("{name}-drawn"), recipe, |seed| {
            let rng = &mut generator(seed);
            let training = Task::Progression.draw(effort.few(1000), 5, rng)?;
            Ok(Split { training, unseen: Task::Progression.draw(effort.few(1000), 5, rng)? })
        })?;
        effort.row(&format!("{name}-dealt"), recipe, |seed| {
            draw(Task::Progression, 5, if effort.quick { 32 } else { 80 }, 20, seed)
        })?;
    }
    Ok(())
}
