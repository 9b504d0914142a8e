//! Exercise 10.1: step 5 backward, with a pocket calculator.

use std::process::ExitCode;

#[path = "grader/by_hand.rs"]
mod grader;

/// Let the loss be the first entry of h_5. For unit 1, to three digits after the point: the adjoints
/// of o_5, C_5, f_5, i_5 and C̃_5. Figure 9.1 has all that you need.
fn last_step() -> [f64; 5] {
    // Your answer goes here.
    [0.0, 0.0, 0.0, 0.0, 0.0]
}

fn main() -> ExitCode {
    grader::grade(last_step)
}
