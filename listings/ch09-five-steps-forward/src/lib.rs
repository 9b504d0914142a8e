//! Chapter 9, *Five steps forward*: the cell over a whole sequence, an answer read from its last
//! hidden state, and one example, five digits long, that is small enough for a pocket calculator.
//!
//! Shapes: x_t has D entries, h_t and C_t have H, the answer y has as many as the question wants.
#![forbid(unsafe_code)]

use gradient_check::Affine;
use nalgebra::{DMatrix, DVector};
use output_gate::{Candidate, Gate, LstmCell, State, Step};

// ANCHOR: forward
/// Runs the cell over x_1 … x_T, each of (D), from h_0 and C_0. One [`Step`] for each input.
///
/// # Panics
/// If the lengths do not fit the weights.
pub fn forward(cell: &LstmCell, initial: &State, xs: &[DVector<f64>]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::with_capacity(xs.len());
    for x in xs {
        let previous = steps.last().map_or(initial, |step| &step.state);
        let step = cell.forward(previous, x);
        steps.push(step);
    }
    steps
}
// ANCHOR_END: forward

/// A cell, an output layer, five digits as it reads them, and the answer wanted: see [`example`].
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The cell, H = 2 and D = 1.
    pub cell: LstmCell,
    /// The output layer: W_y of (1, 2), b_y of (1).
    pub output: Affine,
    /// x_1 … x_5, each (1).
    pub xs: Vec<DVector<f64>>,
    /// What y_5 should have been, (1): the first digit. The forward pass does not look at it.
    pub target: DVector<f64>,
}

/// The digits that the example reads.
pub const DIGITS: [u8; 5] = [9, 3, 6, 2, 7];

// ANCHOR: as_input
/// How the example reads a digit: as one number, from −2.5 for a 0 to 2 for a 9.
pub fn as_input(digit: u8) -> f64 {
    (f64::from(digit) - 5.0) / 2.0
}
// ANCHOR_END: as_input

// ANCHOR: example
/// The worked example of chapters 9 and 10. A row of weights: for unit 1, for unit 2, for x.
#[rustfmt::skip] // a row of a matrix on a line
pub fn example() -> Example {
    let affine = |w: &[f64], b: &[f64]| Affine {
        w: DMatrix::from_row_slice(b.len(), w.len() / b.len(), w),
        b: DVector::from_column_slice(b),
    };
    let forget = affine(&[
        0.4, -0.3,  0.2, // of unit 1
       -0.5,  0.6, -0.7, // of unit 2
    ], &[2.0, -0.8]);
    let input = affine(&[
       -0.2,  0.3,  1.2,
        0.7, -0.4,  0.8,
    ], &[-0.9, 1.1]);
    let candidate = affine(&[
        0.6, -0.8,  0.9,
       -0.3,  0.5, -0.6,
    ], &[0.1, 0.4]);
    let output = affine(&[
        0.8, -0.6, -0.4,
        0.2,  0.9,  0.3,
    ], &[0.7, -0.1]);
    Example {
        cell: LstmCell {
            forget: Gate { affine: forget },
            input: Gate { affine: input },
            candidate: Candidate { affine: candidate },
            output: Gate { affine: output },
        },
        output: affine(&[1.4, -0.8], &[0.3]),
        xs: DIGITS.map(|digit| DVector::from_element(1, as_input(digit))).to_vec(),
        target: DVector::from_element(1, as_input(DIGITS[0])),
    }
}
// ANCHOR_END: example
