//! Grades exercise 12.2.

use std::process::ExitCode;

use say::println;

/// What was counted: operations and bytes for H units and B sequences, and the answer to the question.
#[derive(Clone, Copy)]
pub struct Count {
    pub operations: fn(usize, usize) -> usize,
    pub bytes: fn(usize, usize) -> usize,
    pub smallest_batch: usize,
}

fn not_yet(found: &str, hint: &str) -> ExitCode {
    println!("Not yet. {found}");
    println!("Look at: {hint}");
    ExitCode::FAILURE
}

/// Compares the two formulas at several sizes, and the batch with all smaller ones.
pub fn grade(answer: Count) -> ExitCode {
    let operations = |hidden: usize, batch: usize| 2 * 4 * hidden * hidden * batch;
    let bytes = |h: usize, b: usize| 4 * (4 * h * h + h * b + 4 * h * b);
    for (h, b) in [(32, 1), (32, 32), (128, 64), (512, 3)] {
        let (found, right) = ((answer.operations)(h, b), operations(h, b));
        if found != right {
            return not_yet(
                &format!("H {h}, B {b}: you count {found} operations, expected {right}."),
                "every weight meets every sequence once; a multiplication and an addition.",
            );
        }
        let (found, right) = ((answer.bytes)(h, b), bytes(h, b));
        if found != right {
            return not_yet(
                &format!("H {h}, B {b}: you count {found} bytes, expected {right}."),
                "three matrices: (4H, H) and (H, B) are read, (4H, B) is written; 4 bytes a number.",
            );
        }
    }
    let right = (1..).find(|&b| operations(128, b) >= 8 * bytes(128, b)).unwrap_or(0);
    if answer.smallest_batch != right {
        return not_yet(
            &format!("{} is not the smallest such batch.", answer.smallest_batch),
            "divide the one formula by the other, set it to 8, and round up.",
        );
    }
    println!("Exercise 12.2 solved: at H 128, {right} sequences are the smallest such batch.");
    ExitCode::SUCCESS
}
