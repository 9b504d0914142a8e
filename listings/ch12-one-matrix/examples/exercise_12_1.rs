//! Exercise 12.1: the slope of a sigmoid that was computed through tanh.

use std::process::ExitCode;

#[path = "grader/slope.rs"]
mod grader;

/// σ'(z), given t = tanh(z/2).
fn slope(t: f64) -> f64 {
    // Your answer goes here.
    t
}

fn main() -> ExitCode {
    grader::grade(slope)
}
