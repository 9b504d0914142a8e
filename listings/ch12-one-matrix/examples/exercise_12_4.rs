//! Exercise 12.4: batches, the last of which is short.

use std::process::ExitCode;

#[path = "grader/batches.rs"]
mod grader;

/// Cuts the sequences into batches of `size`; the last may be smaller. Returns for each its size, and its digits step by
/// step: all first digits, then all second digits, and so on.
fn batches(sequences: &[[u8; 5]], size: usize) -> Vec<(usize, Vec<u8>)> {
    // Your answer goes here.
    vec![(size, sequences.concat())]
}

fn main() -> ExitCode {
    grader::grade(batches)
}
