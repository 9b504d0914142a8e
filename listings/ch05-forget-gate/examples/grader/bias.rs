//! Grades exercise 5.2.

use std::process::ExitCode;

use gradient_check::sigmoid;
use say::println;

/// Lets a gate with zero weights and the answered bias fade a memory for the wanted time.
pub fn grade(bias_for: fn(f64) -> f64) -> ExitCode {
    for half_life in [0.5, 1.0, 4.0, 50.0, 1000.0] {
        let bias = bias_for(half_life);
        let left = sigmoid(bias).powf(half_life);
        let off = (left - 0.5).abs();
        if off.is_nan() || off > 1e-6 {
            println!("Not yet. bias_for({half_life}) returned {bias}.");
            println!("That gate leaves {left:.6} after {half_life} steps, expected 0.5.");
            println!("Look at: which f has this half-life, and which z has σ(z) = f?");
            return ExitCode::FAILURE;
        }
    }
    println!("Exercise 5.2 solved.");
    ExitCode::SUCCESS
}
