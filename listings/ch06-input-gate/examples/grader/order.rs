//! Grades exercise 6.1.

use std::process::ExitCode;

use gradient_check::sigmoid;
use say::println;

/// Writes through the gate with the answered candidate and compares.
pub fn grade(candidate_for: fn(f64, f64) -> Option<f64>) -> ExitCode {
    for (z_i, n) in
        [(0.0, 0.25), (2.0, -0.6), (6.0, 0.9), (0.0, 0.0), (-4.0, 0.01), (0.0, 0.75), (-4.0, -0.5)]
    {
        let i = sigmoid(z_i);
        let answer = candidate_for(z_i, n);
        let possible = f64::abs(n) < i;
        let right = match answer {
            Some(z_c) => possible && (i * f64::tanh(z_c) - n).abs() < 1e-9,
            None => !possible,
        };
        if !right {
            println!("Not yet. The gate at z_i = {z_i} stands at {i:.4}, to be written is {n}.");
            println!("candidate_for({z_i}, {n}) returned {answer:?}.");
            match answer {
                Some(z_c) => println!("That writes {:.4}.", i * f64::tanh(z_c)),
                None => println!("But there is a candidate that does it."),
            }
            println!("Look at: i · tanh(z_C) = n; which values can tanh not take?");
            return ExitCode::FAILURE;
        }
    }
    println!("Exercise 6.1 solved.");
    ExitCode::SUCCESS
}
