//! Two cells with weights by hand: one to follow with a pocket calculator, one that keeps a secret.

use gradient_check::Affine;
use nalgebra::{DMatrix, DVector};
use rnn::one_hot;

use crate::{Candidate, Gate, LstmCell, State};

/// One step of a whole cell: see [`example`].
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The cell, H = 2 and D = 1.
    pub cell: LstmCell,
    /// h_{t−1} and C_{t−1}.
    pub previous: State,
    /// x_t, (1).
    pub x: DVector<f64>,
}

/// The worked step of chapters 5 to 7 with an output gate: two units, one input.
#[rustfmt::skip] // a row of the matrix on a line
pub fn example() -> Example {
    let forget_gate::Example { gate: forget, h_prev, x, c_prev } = forget_gate::example();
    let (input, candidate) = input_gate::example();
    let w_o = DMatrix::from_row_slice(2, 3, &[
        1.0, 2.0, 0.5, // unit 1 reads h of both units, and x
        0.0, 2.0, -1.0, // unit 2
    ]);
    let b_o = DVector::from_vec(vec![0.0, 0.5]);
    let output = Gate { affine: Affine { w: w_o, b: b_o } };
    let cell = LstmCell { forget, input, candidate, output };
    Example { cell, previous: State { h: h_prev, c: c_prev }, x }
}

// ANCHOR: secret
/// One unit that reads one-hot digits. A 7 writes +1 and a 3 writes −1, a 9 asks for what
/// is there, and every other digit passes by.
pub fn secret_keeper() -> LstmCell {
    let layer = |weights: &[(usize, f64)], bias: f64| {
        let mut w = DMatrix::zeros(1, 1 + 10); // columns: h, then the ten digits
        for &(digit, weight) in weights {
            w[(0, 1 + digit)] = weight;
        }
        Affine { w, b: DVector::from_element(1, bias) }
    };
    LstmCell {
        // Open, but for 7 and 3; shut, but for 7 and 3; +1 or −1; shut, but for 9.
        forget: Gate { affine: layer(&[(7, -16.0), (3, -16.0)], 8.0) },
        input: Gate { affine: layer(&[(7, 16.0), (3, 16.0)], -8.0) },
        candidate: Candidate { affine: layer(&[(7, 2.0), (3, -2.0)], 0.0) },
        output: Gate { affine: layer(&[(9, 16.0)], -8.0) },
    }
}
// ANCHOR_END: secret

/// What the [`secret_keeper`] reads.
pub const OVERHEARD: [u8; 14] = [2, 5, 7, 1, 8, 0, 4, 6, 9, 5, 9, 3, 0, 9];

/// h_t and C_t of the [`secret_keeper`] at each of the digits [`OVERHEARD`].
pub fn keep_a_secret() -> Vec<State> {
    let cell = secret_keeper();
    let mut state = State::zeros(1);
    let mut states = Vec::new();
    for digit in OVERHEARD {
        state = cell.forward(&state, &one_hot(digit)).state;
        states.push(state.clone());
    }
    states
}
