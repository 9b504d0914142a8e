//! Grades exercise 13.1.

use std::process::ExitCode;

use say::println;

/// Distances between two scores, and the loss to twelve digits or more.
const CASES: [(f64, f64); 7] = [
    (0.0, std::f64::consts::LN_2),
    (1.0, 0.313_261_687_518_222_8),
    (-1.0, 1.313_261_687_518_222_8),
    (40.0, 4.248_354_255_291_589e-18),
    (-40.0, 40.0),
    (1000.0, 0.0),
    (-1000.0, 1000.0),
];

/// Asks for the loss at moderate and at extreme distances.
pub fn grade(loss: fn(f64) -> f64) -> ExitCode {
    for (d, expected) in CASES {
        let found = loss(d);
        if found.is_nan() || (found - expected).abs() > 1e-12 * expected {
            println!("Not yet. At d = {d} you returned {found:e}, expected {expected:e}.");
            println!("Look at: which of exp(d) and exp(−d) can overflow, and `ln_1p`, which");
            println!("computes ln(1 + x) for an x that 1 + x would swallow.");
            return ExitCode::FAILURE;
        }
    }
    println!("Exercise 13.1 solved.");
    ExitCode::SUCCESS
}
