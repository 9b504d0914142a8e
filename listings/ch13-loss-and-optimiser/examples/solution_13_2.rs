//! Exercise 13.2, solved.

use std::process::ExitCode;

use loss_and_optimiser::softmax;
use nalgebra::DVector;

#[path = "grader/soft_target.rs"]
mod grader;

// ANCHOR: answer
/// Each ln p_k has the adjoint e_k − p with respect to y. Weighted by q, which adds up to 1, that is q − p.
fn soft_target_backward(y: &DVector<f64>, q: &DVector<f64>) -> DVector<f64> {
    softmax(y) - q
}
// ANCHOR_END: answer

fn main() -> ExitCode {
    grader::grade(soft_target_backward)
}
