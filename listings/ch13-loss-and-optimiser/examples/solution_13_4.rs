//! Exercise 13.4, solved.

use std::process::ExitCode;

use one_matrix::Layer;

#[path = "grader/chrono.rs"]
mod grader;

// ANCHOR: answer
/// A gate at σ(ln u) = u / (1 + u) has forgotten about as much after u steps as any other after its own.
fn chrono(layer: Layer, theta: &mut [f64], longest: f64, draw: &mut dyn FnMut() -> f64) {
    let hidden = layer.hidden;
    let weights = layer.split_mut(theta);
    weights.bias_hh[..2 * hidden].fill(0.0);
    let (input, rest) = weights.bias_ih.split_at_mut(hidden);
    for (input, forget) in input.iter_mut().zip(&mut rest[..hidden]) {
        *forget = (1.0 + (longest - 2.0) * draw()).ln();
        *input = -*forget;
    }
}
// ANCHOR_END: answer

fn main() -> ExitCode {
    grader::grade(chrono)
}
