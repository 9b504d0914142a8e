//! Exercise 1.4: chance or skill?

use std::process::ExitCode;

use digits::CHANCE;

#[path = "grader/skilled.rs"]
mod grader;

/// A predictor was right for `right` of `n` unseen sequences. Is that more than chance? A predictor that
/// guesses may be called skilled once in 2000 test sets, not more often.
fn skilled(right: usize, n: usize) -> bool {
    // Your answer goes here.
    right as f64 / n as f64 > CHANCE
}

fn main() -> ExitCode {
    grader::grade(skilled)
}
