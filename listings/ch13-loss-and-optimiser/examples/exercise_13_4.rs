//! Exercise 13.4: a forget bias for every length of memory.

use std::process::ExitCode;

use loss_and_optimiser::set_forget_bias;
use one_matrix::Layer;

#[path = "grader/chrono.rs"]
mod grader;

/// Draws the forget gates' biases as ln u, with u uniform between 1 and `longest` − 1, and sets those of the input
/// gates to the opposite. `draw` returns a random number between 0 and 1.
fn chrono(layer: Layer, theta: &mut [f64], longest: f64, draw: &mut dyn FnMut() -> f64) {
    // Your answer goes here: this gives all units the same bias, and the input gates none.
    let _ = draw();
    set_forget_bias(layer, theta, longest.ln());
}

fn main() -> ExitCode {
    grader::grade(chrono)
}
