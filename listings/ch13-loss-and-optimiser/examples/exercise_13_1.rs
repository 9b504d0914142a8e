//! Exercise 13.1: the loss of two answers.

use std::process::ExitCode;

#[path = "grader/two_answers.rs"]
mod grader;

/// −ln p of the right one of two answers, whose score is larger than the other's by `d`.
fn loss(d: f64) -> f64 {
    // Your answer goes here: this is the formula as it stands in books.
    -(1.0 / (1.0 + (-d).exp())).ln()
}

fn main() -> ExitCode {
    grader::grade(loss)
}
