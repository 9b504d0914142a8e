//! Exercise 6.4: from what is written back to the input.

use std::process::ExitCode;

use input_gate::{Candidate, Gate};
use nalgebra::DVector;

#[path = "grader/readers.rs"]
mod grader;

type Vector = DVector<f64>;

/// From N̄ of (H) to the adjoint of [h_{t−1}, x_t], (H + D).
fn hx_backward(gate: &Gate, candidate: &Candidate, hx: &Vector, n_bar: &Vector) -> Vector {
    // Your answer goes here: the gate has heard something, the candidate not yet. It may need
    // `use input_gate::write_backward;` at the top.
    let (i, c_tilde) = (gate.forward(hx), candidate.forward(hx));
    let i_bar = n_bar.component_mul(&c_tilde);
    let (_, hx_bar) = gate.backward(hx, &i, &i_bar);
    hx_bar
}

fn main() -> ExitCode {
    grader::grade(hx_backward)
}
