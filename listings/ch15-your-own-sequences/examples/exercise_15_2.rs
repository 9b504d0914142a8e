//! Exercise 15.2: a mean over answers, and over nothing else.

use std::process::ExitCode;

use nalgebra::DMatrix;

#[path = "grader/masked_mean.rs"]
mod grader;

/// The mean of the losses of a batch, (T, B), over the steps that its sequences have: column b has `lengths[b]` of them,
/// and what stands below is padding. And its adjoint: what the mean says about each loss, (T, B).
fn mean(losses: &DMatrix<f64>, lengths: &[usize]) -> (f64, DMatrix<f64>) {
    // Your answer goes here: this takes every place for an answer.
    let _ = lengths;
    let n = losses.len() as f64;
    (losses.sum() / n, losses.map(|_| 1.0 / n))
}

fn main() -> ExitCode {
    grader::grade(mean)
}
