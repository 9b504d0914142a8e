//! Grades exercise 3.1.

use std::process::ExitCode;

use gradient_check::{Named, check};
use nalgebra::DVector;
use say::println;

/// Holds the answered slope against differences, on both sides of zero.
pub fn grade(softsign_slope: fn(f64) -> f64) -> ExitCode {
    let z = DVector::from_vec(vec![-3.0, -0.5, 0.25, 1.0, 8.0]);
    let softsign = |z: f64| z / (1.0 + z.abs());
    let slopes = Named("z", z.map(|z| softsign_slope(softsign(z))));
    let report = check(&Named("z", z.clone()), &slopes, |p| p.1.map(softsign).sum());
    let worst = report.worst;
    if worst.error > 1e-7 {
        let z = z[worst.row];
        println!("Not yet. At z = {z} the output is a = {:.6};", softsign(z));
        println!("you returned {:.6}, differences say {:.6}.", worst.analytic, worst.numeric);
        println!("Look at: differentiate z / (1 + z) for z > 0, then write 1 + z with a.");
        return ExitCode::FAILURE;
    }
    println!("Exercise 3.1 solved: {} slopes agree with differences.", report.compared);
    ExitCode::SUCCESS
}
