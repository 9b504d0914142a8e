//! The book's row: the layer of chapter 12, and the network and trainer of chapter 14 on it, in f32.
#![forbid(unsafe_code)]

use anyhow::{Context, Result};
use bench::{Batch, DIGITS, LEARNING_RATE, Step, Task, Work};
use digits::generator;
use next_digit::{Network, Trainer};
use one_matrix::{Packed, Unrolled};

/// Digits as the book's layer reads them: (T, B), step by step.
fn by_step(work: &Work, digits: &[u8]) -> Vec<u8> {
    let steps = 0..work.length;
    steps.flat_map(|step| digits.iter().skip(step).step_by(work.length)).copied().collect()
}

fn make(work: &Work, batches: &[Batch], threads: usize) -> Step {
    let network = Network::<f32>::new(work.hidden, None, &mut generator(1));
    let batches: Vec<(Vec<u8>, Vec<u8>)> = (batches.iter())
        .map(|batch| (by_step(work, &batch.digits), batch.labels.clone()))
        .collect();
    match work.task {
        Task::Train => {
            let mut trainer = Trainer::new(network, LEARNING_RATE, threads);
            Box::new(move |at| {
                let (digits, labels) = &batches[at];
                Ok(trainer.step(digits, labels)? as f32)
            })
        }
        Task::Infer => {
            let mut packed = Packed::new(network.layer);
            packed.load(network.parts().0);
            let mut unrolled = Unrolled::new(network.layer);
            let mut logits = vec![0.0; DIGITS];
            Box::new(move |at| {
                let batch = one_matrix::Batch::of_digits(1, &batches[at].0);
                network.linear.forward(
                    network.parts().1,
                    unrolled.forward(&packed, &batch),
                    &mut logits,
                );
                let best = (0..DIGITS).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
                Ok(best.context("no logits")? as f32)
            })
        }
    }
}

fn main() -> Result<()> {
    let threads = bench::threads()?;
    bench::serve("this book", |work, batches| Ok(make(work, batches, threads)))
}
