//! Exercise 12.2, solved.

use std::process::ExitCode;

#[path = "grader/traffic.rs"]
mod grader;

// ANCHOR: answer
/// 4H · H weights, each of which meets B numbers; a multiplication and an addition each time.
fn operations(hidden: usize, batch: usize) -> usize {
    8 * hidden * hidden * batch
}

/// 4H · H and H · B numbers are read, 4H · B are written.
fn bytes(hidden: usize, batch: usize) -> usize {
    4 * (4 * hidden * hidden + hidden * batch + 4 * hidden * batch)
}

/// 8 H² B ≥ 8 (16 H² + 20 H B), divided by 8 H, is B (H − 20) ≥ 16 H: for H = 128, B ≥ 18.96.
const SMALLEST_BATCH: usize = 19;
// ANCHOR_END: answer

fn main() -> ExitCode {
    grader::grade(grader::Count { operations, bytes, smallest_batch: SMALLEST_BATCH })
}
