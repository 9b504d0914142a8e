//! Exercise 13.1, solved.

use std::process::ExitCode;

#[path = "grader/two_answers.rs"]
mod grader;

// ANCHOR: answer
/// ln(1 + exp(−d)), with an exponential that never exceeds 1: for d < 0 it is −d + ln(1 + exp(d)).
fn loss(d: f64) -> f64 {
    (-d).max(0.0) + (-d.abs()).exp().ln_1p()
}
// ANCHOR_END: answer

fn main() -> ExitCode {
    grader::grade(loss)
}
