//! Grades exercise 5.1.

use std::process::ExitCode;

use say::println;

/// Compares the answer with what happens when a memory is really multiplied by f, step after step.
pub fn grade(half_life: fn(f64) -> f64) -> ExitCode {
    for steps in [1_i32, 2, 5, 20, 100] {
        let f = 0.5_f64.powf(1.0 / f64::from(steps));
        let mut memory = 1.0;
        (0..steps).for_each(|_| memory *= f);
        let answer = half_life(f);
        let off = (answer - f64::from(steps)).abs();
        if off.is_nan() || off > 1e-6 {
            println!("Not yet. With f = {f:.6}, {steps} steps leave {memory:.3} of the memory.");
            println!("half_life({f:.6}) returned {answer}, expected {steps}.");
            println!("Look at: n steps leave f^n; solve f^n = 1/2 for n.");
            return ExitCode::FAILURE;
        }
    }
    println!("Exercise 5.1 solved.");
    ExitCode::SUCCESS
}
