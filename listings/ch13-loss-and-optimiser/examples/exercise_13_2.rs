//! Exercise 13.2: an answer that is not certain.

use std::process::ExitCode;

use loss_and_optimiser::softmax;
use nalgebra::DVector;

#[path = "grader/soft_target.rs"]
mod grader;

/// ȳ of the loss −Σ q_k ln p_k, where q are probabilities too.
fn soft_target_backward(y: &DVector<f64>, q: &DVector<f64>) -> DVector<f64> {
    // Your answer goes here: this takes the likeliest answer for the only one.
    let mut y_bar = softmax(y);
    y_bar[q.argmax().0] -= 1.0;
    y_bar
}

fn main() -> ExitCode {
    grader::grade(soft_target_backward)
}
