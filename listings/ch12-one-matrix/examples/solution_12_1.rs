//! Exercise 12.1, solved.

use std::process::ExitCode;

#[path = "grader/slope.rs"]
mod grader;

// ANCHOR: answer
/// With σ = ½ + ½ t, 1 − σ is ½ − ½ t, and the product of the two is ¼ (1 + t)(1 − t).
fn slope(t: f64) -> f64 {
    0.25 * (1.0 - t * t)
}
// ANCHOR_END: answer

fn main() -> ExitCode {
    grader::grade(slope)
}
