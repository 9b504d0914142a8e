//! Exercise 3.4, solved.

use std::process::ExitCode;

#[path = "grader/other_loss.rs"]
mod grader;

// ANCHOR: answer
/// Chapter 1's loss for a question of yes or no: −ln a for yes, −ln(1 − a) for no.
fn loss(a: f64, q: f64) -> f64 {
    -q * a.ln() - (1.0 - q) * (1.0 - a).ln()
}
// ANCHOR_END: answer

fn main() -> ExitCode {
    grader::grade(loss)
}
