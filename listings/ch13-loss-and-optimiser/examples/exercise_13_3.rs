//! Exercise 13.3: momentum in Keras's form.

use std::process::ExitCode;

#[path = "grader/velocity.rs"]
mod grader;

/// One step of momentum: moves θ, and updates the velocity u.
fn step(theta: &mut [f64], u: &mut [f64], g: &[f64], rate: f64, beta: f64) {
    // Your answer goes here: this is PyTorch's form.
    for ((theta, u), g) in theta.iter_mut().zip(u).zip(g) {
        *u = beta * *u + g;
        *theta -= rate * *u;
    }
}

fn main() -> ExitCode {
    grader::grade(step)
}
