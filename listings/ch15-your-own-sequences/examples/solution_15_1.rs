//! Exercise 15.1, solved.

use std::process::ExitCode;

#[path = "grader/smoothing.rs"]
mod grader;

// ANCHOR: answer
fn probability(count: f64, times: f64, kinds: f64, symbols: f64) -> f64 {
    // Every symbol has come once more than it did (Laplace). Witten and Bell's rule above a uniform guess,
    // (count + kinds / symbols) / (times + kinds), and others will do as well.
    let _ = kinds;
    (count + 1.0) / (times + symbols)
}
// ANCHOR_END: answer

fn main() -> ExitCode {
    grader::grade(probability)
}
