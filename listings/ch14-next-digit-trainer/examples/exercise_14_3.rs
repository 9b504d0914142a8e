//! Exercise 14.3: threads finish when they like; the sum must not show it.

use std::process::ExitCode;

#[path = "grader/order.rs"]
mod grader;

/// Adds the parts of a sum, each with the number of its shard, in the order of the shards, beginning with 0.
fn sum(arrived: &[(usize, f32)]) -> f32 {
    // Your answer goes here.
    arrived.iter().fold(0.0, |total, (_, part)| total + part)
}

fn main() -> ExitCode {
    grader::grade(sum)
}
