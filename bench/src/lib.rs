//! What the driver and the peers have in common: the work, its data, and how they talk.
//!
//! A peer is a program that the driver starts once and then asks, a line each:
//!
//! ```text
//! train 4 32 32 300      training steps: T 4, H 32, batch 32, and how many
//! infer 4 32 1 2000      inferences of one sequence each
//! ```
//!
//! Its first line says who it is; then it answers every question with the seconds that the steps took
//! and the last loss (for `infer`, the last predicted digit). `torch_peer.py` speaks the same.
#![forbid(unsafe_code)]

use std::fmt;
use std::io::{BufRead, Write};
use std::str::FromStr;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

/// The digits 0 to 9: as many inputs as there are classes.
pub const DIGITS: usize = 10;

/// Adam's step size, everywhere.
pub const LEARNING_RATE: f64 = 0.01;

/// How many batches a peer goes through before it starts again with the first.
const BATCHES: usize = 32;

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Task {
    /// One-hot, LSTM, linear layer on `h_T`, softmax cross-entropy, backward, Adam; the loss is read.
    Train,
    /// One-hot, LSTM, linear layer on `h_T`; the largest logit's digit is read.
    Infer,
}

/// A step and its sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Work {
    /// What a step does.
    pub task: Task,
    /// Digits in a sequence, T.
    pub length: usize,
    /// Units, H.
    pub hidden: usize,
    /// Sequences in a batch, B.
    pub batch: usize,
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let task = match self.task {
            Task::Train => "train",
            Task::Infer => "infer",
        };
        write!(f, "{task} {} {} {}", self.length, self.hidden, self.batch)
    }
}

impl FromStr for Work {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Work> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let [task, sizes @ ..] = words.as_slice() else { bail!("an empty line") };
        let task = match *task {
            "train" => Task::Train,
            "infer" => Task::Infer,
            other => bail!("found `{other}`, expected `train` or `infer`"),
        };
        let sizes: Vec<usize> = sizes
            .iter()
            .map(|size| size.parse())
            .collect::<Result<_, _>>()
            .context(text.to_owned())?;
        let [length, hidden, batch] = sizes[..] else { bail!("found `{text}`, expected T H B") };
        ensure!(length * hidden * batch > 0, "found `{text}`, expected sizes from 1");
        Ok(Work { task, length, hidden, batch })
    }
}

/// Sequences of digits and what should follow them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// `B` times `T` digits, one sequence after the other.
    pub digits: Vec<u8>,
    /// `B` digits.
    pub labels: Vec<u8>,
}

impl Work {
    /// The batches that every peer gets. The label repeats the last digit, so that a peer which trains
    /// shows it within a few steps; every fourth is drawn by lot, so that the loss does not run into
    /// zero, where numbers too small for f32 would make a step slower than it is.
    pub fn batches(&self) -> Vec<Batch> {
        let mut state = 1_u64;
        let mut digit = || {
            // Knuth's MMIX generator; torch_peer.py has the same.
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            ((state >> 33) % DIGITS as u64) as u8
        };
        let mut batch = || {
            let (mut digits, mut labels) = (Vec::new(), Vec::new());
            for sequence in 0..self.batch {
                digits.extend((0..self.length).map(|_| digit()));
                let last = digits[digits.len() - 1];
                labels.push(if sequence % 4 == 3 { digit() } else { last });
            }
            Batch { digits, labels }
        };
        (0..BATCHES).map(|_| batch()).collect()
    }

    /// Floating-point operations of the matrix products that a step cannot do without, an addition and
    /// a multiplication counted as two: the recurrent product, its two gradients, and the linear
    /// layer's. One-hot inputs need none (a column is looked up), and neither does h_0 = 0.
    pub fn flops(&self) -> f64 {
        let [t, h, b] = [self.length, self.hidden, self.batch].map(|size| size as f64);
        let products = match self.task {
            Task::Train => 3.0,
            Task::Infer => 1.0,
        };
        products * 2.0 * ((t - 1.0) * 4.0 * h * h * b + h * DIGITS as f64 * b)
    }
}

/// One step: takes the number of a batch, returns the loss or the predicted digit.
pub type Step = Box<dyn FnMut(usize) -> Result<f32>>;

/// Answers questions until standard input ends. `make` builds a new model and its optimiser; neither
/// that nor the first steps are timed.
///
/// # Errors
/// What `make` or a step returns, or a question that cannot be read.
pub fn serve(name: &str, mut make: impl FnMut(&Work, &[Batch]) -> Result<Step>) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{name}")?;
    out.flush()?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (work, steps) = line.rsplit_once(' ').with_context(|| format!("found `{line}`"))?;
        let work: Work = work.parse()?;
        let steps: usize = steps.parse().with_context(|| format!("found `{line}`"))?;
        let batches = work.batches();
        let mut step = make(&work, &batches)?;
        let warm_up = 2 + steps / 10;
        for at in 0..warm_up {
            step(at % batches.len())?;
        }
        let start = Instant::now();
        let mut last = 0.0;
        for at in warm_up..warm_up + steps {
            last = step(at % batches.len())?;
        }
        writeln!(out, "{} {last}", start.elapsed().as_secs_f64())?;
        out.flush()?;
    }
    Ok(())
}

/// On how many threads the driver wants a peer to compute; 1 if it says nothing.
///
/// # Errors
/// If `OMP_NUM_THREADS` is not a number.
pub fn threads() -> Result<usize> {
    let threads = std::env::var("OMP_NUM_THREADS").unwrap_or("1".to_owned());
    threads.parse().with_context(|| format!("found OMP_NUM_THREADS={threads}, expected a number"))
}

/// The version of a package in `bench/Cargo.lock`.
pub fn version(package: &str) -> &'static str {
    let lock = include_str!("../Cargo.lock");
    let entry =
        lock.split_once(&format!("name = \"{package}\"\nversion = \"")).map(|(_, rest)| rest);
    entry.and_then(|rest| rest.split('"').next()).unwrap_or("of unknown version")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn works_are_read_as_they_are_written() {
        let work = Work { task: Task::Infer, length: 4, hidden: 32, batch: 1 };
        assert_eq!(work.to_string().parse::<Work>().expect("a work"), work);
        for wrong in ["", "learn 4 32 1", "train 4 32", "train 4 32 0", "train 4 x 1"] {
            assert!(wrong.parse::<Work>().is_err(), "{wrong}");
        }
    }

    /// What torch_peer.py draws, too.
    #[test]
    fn the_digits_are_those_of_the_python_peer() {
        let batches = Work { task: Task::Train, length: 4, hidden: 1, batch: 4 }.batches();
        assert_eq!(batches.len(), 32);
        assert_eq!(batches[0].digits, [4, 3, 6, 0, 4, 5, 0, 2, 9, 6, 3, 2, 2, 0, 4, 2]);
        assert_eq!(batches[0].labels, [0, 2, 2, 0]);
        assert_eq!(batches[31].digits, [2, 3, 2, 8, 3, 0, 3, 6, 9, 1, 3, 3, 9, 0, 0, 7]);
        assert_eq!(batches[31].labels, [8, 6, 3, 6]);
    }
}
