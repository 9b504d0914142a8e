//! Exercise 6.1: which candidate writes the number that you want?

use std::process::ExitCode;

#[path = "grader/order.rs"]
mod grader;

/// The pre-activation z_C that writes `n` through an input gate with pre-activation `z_i`, or `None`
/// if no candidate can.
fn candidate_for(z_i: f64, n: f64) -> Option<f64> {
    // Your answer goes here. It may need `use gradient_check::sigmoid;` at the top.
    let _ = z_i;
    Some(n)
}

fn main() -> ExitCode {
    grader::grade(candidate_for)
}
