//! Grades exercise 6.4 with the gradient checker of chapter 3.

use std::process::ExitCode;

use cases::grade_adjoints;
use gradient_check::Affine;
use input_gate::{Candidate, Gate, write};
use nalgebra::{DMatrix, DVector};

type Vector = DVector<f64>;

/// Holds the answered adjoint against differences, with H = 2 and D = 3.
pub fn grade(hx_backward: fn(&Gate, &Candidate, &Vector, &Vector) -> Vector) -> ExitCode {
    let w = |row: [f64; 10]| DMatrix::from_row_slice(2, 5, &row);
    let gate = Gate {
        affine: Affine {
            w: w([0.5, -1.0, 0.3, 0.8, -0.4, -0.7, 0.2, 1.1, -0.3, 0.6]),
            b: DVector::from_vec(vec![0.2, -0.5]),
        },
    };
    let candidate = Candidate {
        affine: Affine {
            w: w([-0.9, 0.4, 0.7, -0.2, 1.0, 0.3, -0.6, 0.5, 0.9, -1.2]),
            b: DVector::from_vec(vec![-0.1, 0.4]),
        },
    };
    let hx = DVector::from_vec(vec![0.6, -0.3, 1.0, -1.5, 0.8]);
    let n_bar = DVector::from_vec(vec![1.0, -2.0]);
    let answer = hx_backward(&gate, &candidate, &hx, &n_bar);
    grade_adjoints(
        "6.4",
        [("[h, x]", hx, answer)],
        |[hx]| write(&gate.forward(hx), &candidate.forward(hx)).dot(&n_bar),
        |part| format!("who reads {part}? Everyone who does sends a part back."),
    )
}
