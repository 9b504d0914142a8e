//! Exercise 6.3: the backward pass of the candidate of 1997.

use std::process::ExitCode;

use nalgebra::DVector;

#[path = "grader/wide.rs"]
mod grader;

type Vector = DVector<f64>;

/// Backward through N = i ⊙ g(z) with g(z) = 4σ(z) − 2: from N̄ to the adjoints of i and of z.
fn write_wide_backward(i: &Vector, z: &Vector, n_bar: &Vector) -> (Vector, Vector) {
    // Your answer goes here. It may need `use gradient_check::{sigmoid, sigmoid_slope};` at the top.
    let i_bar = n_bar.component_mul(&z.map(f64::tanh)); // right for tanh, not for g
    let z_bar = n_bar.component_mul(i);
    (i_bar, z_bar)
}

fn main() -> ExitCode {
    grader::grade(write_wide_backward)
}
