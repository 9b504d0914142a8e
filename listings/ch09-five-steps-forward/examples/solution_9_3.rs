//! Exercise 9.3, solved.

use std::process::ExitCode;

use gradient_check::Affine;
use nalgebra::{DMatrix, DVector};
use output_gate::{Candidate, Gate, LstmCell};

#[path = "grader/counter.rs"]
mod grader;

/// One unit, one input: a layer's weights for h and for x, and its bias.
fn layer(w_h: f64, w_x: f64, b: f64) -> Affine {
    Affine { w: DMatrix::from_row_slice(1, 2, &[w_h, w_x]), b: DVector::from_element(1, b) }
}

// ANCHOR: answer
/// Keep all, write all, and what is written is tanh(20 · x): 0 for a zero, 1 for a one. In an `f64`,
/// σ(40) and tanh(20) *are* 1, to the last bit, and the count is exact. No gradient will ever move
/// such a gate again: its slope is 0 to the last bit, too.
fn counter() -> LstmCell {
    LstmCell {
        forget: Gate { affine: layer(0.0, 0.0, 40.0) },
        input: Gate { affine: layer(0.0, 0.0, 40.0) },
        candidate: Candidate { affine: layer(0.0, 20.0, 0.0) },
        output: Gate { affine: layer(0.0, 0.0, 0.0) },
    }
}
// ANCHOR_END: answer

fn main() -> ExitCode {
    grader::grade(counter)
}
