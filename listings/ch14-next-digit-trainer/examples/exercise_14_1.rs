//! Exercise 14.1: where in the order of the sequences is the next batch?

use std::ops::Range;
use std::process::ExitCode;

#[path = "grader/position.rs"]
mod grader;

/// The epoch of a step and the places in that epoch's order that make up its batch; steps and epochs count from 0.
fn position(step: u64, sequences: usize, size: usize) -> (u64, Range<usize>) {
    // Your answer goes here.
    (step, 0..size.min(sequences))
}

fn main() -> ExitCode {
    grader::grade(position)
}
