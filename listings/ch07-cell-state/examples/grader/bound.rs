//! Grades exercise 7.4.

use std::process::ExitCode;

use cell_state::update;
use nalgebra::DVector;
use say::println;

/// Drives a cell as far up as it goes, and compares with the answered bound at every step.
pub fn grade(bound: fn(f64, f64, i32) -> f64) -> ExitCode {
    let one = |v: f64| DVector::from_element(1, v);
    for (c_0, f_max) in [(0.0, 0.9), (3.0, 0.5), (40.0, 0.9), (1.0, 0.99)] {
        let mut c = one(c_0);
        for t in 1..=100 {
            c = update(&one(f_max), &c, &one(1.0), &one(1.0));
            let (reached, answer) = (c[0], bound(c_0, f_max, t));
            let off = (answer - reached) / reached;
            if off.is_nan() || off.abs() > 1e-9 {
                println!("Not yet. |C_0| = {c_0}, f at most {f_max}, t = {t}.");
                println!(
                    "Wide open gates and C~ near 1 bring C_t as near to {reached:.6} as you like,"
                );
                println!("and nothing goes beyond. Your bound is {answer:.6}.");
                println!("Look at: what is left at step t of the 1 that was written at step s?");
                return ExitCode::FAILURE;
            }
        }
    }
    println!("Exercise 7.4 solved.");
    ExitCode::SUCCESS
}
