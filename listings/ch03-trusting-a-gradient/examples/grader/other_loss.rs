//! Grades exercise 3.4 with the gradient checker.

use std::process::ExitCode;

use gradient_check::{Named, check, sigmoid};
use nalgebra::DVector;
use say::println;

/// Holds z̄ = a − q against differences of the answered loss.
pub fn grade(loss: fn(f64, f64) -> f64) -> ExitCode {
    for q in [0.0, 0.25, 0.5, 1.0] {
        let z = DVector::from_vec(vec![-2.0, -0.5, 0.0, 1.0, 3.0]);
        let z_bar = Named("z", z.map(|z| sigmoid(z) - q));
        let total = |p: &Named| p.1.map(|z| loss(sigmoid(z), q)).sum();
        let worst = check(&Named("z", z.clone()), &z_bar, total).worst;
        if worst.error > 1e-7 {
            let a = sigmoid(z[worst.row]);
            println!("Not yet. For a = {a:.4} and q = {q}, a - q is {:.6},", worst.analytic);
            println!("but your loss has the slope {:.6} in z.", worst.numeric);
            println!("Look at: if q is 1, chapter 1 charges -ln a. What does it charge if q is 0?");
            println!("In between, take so much of the one and so much of the other.");
            return ExitCode::FAILURE;
        }
    }
    println!("Exercise 3.4 solved: chapter 13 will meet this loss again.");
    ExitCode::SUCCESS
}
