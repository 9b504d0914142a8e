//! Exercise 14.3, solved.

use std::process::ExitCode;

#[path = "grader/order.rs"]
mod grader;

// ANCHOR: answer
fn sum(arrived: &[(usize, f32)]) -> f32 {
    let mut parts = arrived.to_vec();
    parts.sort_by_key(|(shard, _)| *shard);
    parts.iter().fold(0.0, |total, (_, part)| total + part)
}
// ANCHOR_END: answer

fn main() -> ExitCode {
    grader::grade(sum)
}
