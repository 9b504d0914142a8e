//! Exercise 15.2, solved.

use std::process::ExitCode;

use nalgebra::DMatrix;

#[path = "grader/masked_mean.rs"]
mod grader;

// ANCHOR: answer
fn mean(losses: &DMatrix<f64>, lengths: &[usize]) -> (f64, DMatrix<f64>) {
    let answers: usize = lengths.iter().sum();
    let share = 1.0 / answers as f64;
    let (mut mean, mut bar) = (0.0, losses.map(|_| 0.0));
    for (b, &length) in lengths.iter().enumerate() {
        // Multiplying everything by a mask of zeros and ones would not do: 0 · NaN is NaN.
        mean += share * losses.column(b).rows(0, length).sum();
        bar.column_mut(b).rows_mut(0, length).fill(share);
    }
    (mean, bar)
}
// ANCHOR_END: answer

fn main() -> ExitCode {
    grader::grade(mean)
}
