//! Grades exercise 14.1: where in the order a run goes on.

use std::process::ExitCode;

use digits::{Task, generator};
use next_digit::Batches;
use say::println;

/// Which epoch a step belongs to, and which places of its order make up the batch.
pub type Position = fn(u64, usize, usize) -> (u64, std::ops::Range<usize>);

/// Compares with the trainer's own batches, step by step.
pub fn grade(position: Position) -> ExitCode {
    for (sequences, size) in [(1000, 32), (96, 32), (7, 3), (5, 5), (3, 1)] {
        let Ok(data) = Task::Random.draw(sequences, 5, &mut generator(1)) else {
            return ExitCode::FAILURE;
        };
        let mut batches = Batches::new(&data, size, 1);
        let per_epoch = batches.per_epoch();
        for step in 0..3 * per_epoch {
            let (epoch, places) = position(step, sequences, size);
            let (_, targets) = batches.batch(step);
            let start = (step % per_epoch) as usize * size;
            let expected = (step / per_epoch, start..start + targets.len());
            if (epoch, places.clone()) != expected {
                println!("Not yet. {sequences} sequences in batches of {size}, step {step}:");
                println!("found epoch {epoch} and places {places:?},");
                println!("expected epoch {} and places {:?}.", expected.0, expected.1);
                println!(
                    "Look at: how many batches has an epoch, when the last one may be smaller?"
                );
                return ExitCode::FAILURE;
            }
        }
    }
    println!("Exercise 14.1 solved.");
    ExitCode::SUCCESS
}
