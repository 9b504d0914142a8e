//! Exercise 2.2, solved.

use std::process::ExitCode;

use nalgebra::{DMatrix, DVector};

#[path = "grader/two_blocks.rs"]
mod grader;

type Matrix = DMatrix<f64>;
type Vector = DVector<f64>;

/// The weights of `nn.RNNCell`.
pub struct Weights {
    /// (H, D)
    pub weight_ih: Matrix,
    /// (H, H)
    pub weight_hh: Matrix,
    /// (H)
    pub bias_ih: Vector,
    /// (H)
    pub bias_hh: Vector,
}

// ANCHOR: answer
/// Each block reads its own vector; the two biases are added, and there was need for one only.
fn step(weights: &Weights, h_prev: &Vector, x: &Vector) -> Vector {
    let from_x = &weights.weight_ih * x + &weights.bias_ih;
    let from_h = &weights.weight_hh * h_prev + &weights.bias_hh;
    (from_x + from_h).map(f64::tanh)
}
// ANCHOR_END: answer

fn main() -> ExitCode {
    grader::grade(|[weight_ih, weight_hh], [bias_ih, bias_hh], h_prev, x| {
        step(&Weights { weight_ih, weight_hh, bias_ih, bias_hh }, h_prev, x)
    })
}
