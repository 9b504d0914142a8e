//! Exercise 15.1: nothing is impossible.

use std::process::ExitCode;

#[path = "grader/smoothing.rs"]
mod grader;

/// How likely a symbol is after a context that occurred `times` times: `count` times this symbol came next, and `kinds`
/// of the `symbols` symbols came at all. `times` is at least 1.
fn probability(count: f64, times: f64, kinds: f64, symbols: f64) -> f64 {
    // Your answer goes here: what was never seen need not be impossible.
    let _ = (kinds, symbols);
    count / times
}

fn main() -> ExitCode {
    grader::grade(probability)
}
