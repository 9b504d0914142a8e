//! Exercise 10.3: along the line alone.

use std::process::ExitCode;

use nalgebra::DVector;
use output_gate::{Step, emit_backward};

#[path = "grader/cell_only.rs"]
mod grader;

/// The part of the adjoint of C_1 that came along the line alone, for a loss that reads h_T only.
/// `steps` are those of t = 1 … T, T at least 2, and `h_bar` is the adjoint of h_T.
fn cell_only(steps: &[Step], h_bar: &DVector<f64>) -> DVector<f64> {
    // Your answer goes here: this is the adjoint of C_T.
    let last = &steps[steps.len() - 1];
    let (_, c_bar) = emit_backward(&last.o, &last.state.c, h_bar);
    c_bar
}

fn main() -> ExitCode {
    grader::grade(cell_only)
}
