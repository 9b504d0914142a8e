//! Exercise 13.3, solved.

use std::process::ExitCode;

#[path = "grader/velocity.rs"]
mod grader;

// ANCHOR: answer
/// The rate goes into the velocity: what is under way already keeps the rate at which it set out.
fn step(theta: &mut [f64], u: &mut [f64], g: &[f64], rate: f64, beta: f64) {
    for ((theta, u), g) in theta.iter_mut().zip(u).zip(g) {
        *u = beta * *u - rate * g;
        *theta += *u;
    }
}
// ANCHOR_END: answer

fn main() -> ExitCode {
    grader::grade(step)
}
