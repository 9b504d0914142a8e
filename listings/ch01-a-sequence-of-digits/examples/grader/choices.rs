//! Grades exercise 1.1.

use std::process::ExitCode;

use say::println;

/// Guesses among n and asks for n back.
pub fn grade(choices: fn(f64) -> f64) -> ExitCode {
    for n in [1.0_f64, 2.0, 6.0, 10.0, 1000.0] {
        let loss = n.ln();
        let answer = choices(loss);
        if answer.is_nan() || (answer - n).abs() > 1e-6 * n {
            println!("Not yet. choices({loss:.4}) returned {answer:.4}, expected {n}.");
            println!(
                "Look at: guessing among n gives each the probability 1/n. What is its surprise?"
            );
            return ExitCode::FAILURE;
        }
    }
    println!("Exercise 1.1 solved.");
    ExitCode::SUCCESS
}
