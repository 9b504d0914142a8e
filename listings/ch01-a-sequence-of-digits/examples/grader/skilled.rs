//! Grades exercise 1.4.

use std::process::ExitCode;

use say::println;

/// Results on both sides of the band that guessing stays in, but for one time in 2000.
pub fn grade(skilled: fn(usize, usize) -> bool) -> ExitCode {
    let cases = [
        (103, 1000, false),
        (132, 1000, false),
        (133, 1000, true),
        (20, 100, false),
        (22, 100, true),
        (7, 20, false),
        (8, 20, true),
        (1020, 10_000, false),
        (1120, 10_000, true),
    ];
    for (right, n, expected) in cases {
        if skilled(right, n) != expected {
            let verdict = if expected { "more than chance" } else { "chance" };
            println!("Not yet. {right} right of {n} is {verdict}; you said the opposite.");
            println!("Look at: chance_band(n, tail) and what its tail means.");
            return ExitCode::FAILURE;
        }
    }
    println!("Exercise 1.4 solved.");
    ExitCode::SUCCESS
}
