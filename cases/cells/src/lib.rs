//! What the tests of chapters 8 to 11 share: random LSTM cells, and the states in which they start.
#![forbid(unsafe_code)]

use cases::{Regime, affine, regime, state};
use output_gate::{Candidate, Gate, LstmCell, State};
use proptest::prelude::*;

/// Where the biases push each of f, i, C̃ and o.
pub fn regimes() -> impl Strategy<Value = [Regime; 4]> {
    [regime(), regime(), regime(), regime()]
}

/// A cell of sizes H and D; `regimes` are those of f, i, C̃ and o.
pub fn cell(
    (hidden, inputs): (usize, usize),
    regimes: [Regime; 4],
) -> impl Strategy<Value = LstmCell> {
    let [f, i, candidate, o] = regimes.map(|regime| affine(hidden, hidden + inputs, regime));
    (f, i, candidate, o).prop_map(|(f, i, candidate, o)| LstmCell {
        forget: Gate { affine: f },
        input: Gate { affine: i },
        candidate: Candidate { affine: candidate },
        output: Gate { affine: o },
    })
}

/// h within ±1 and C within ±3, (H) each; now and then all zero.
pub fn start(hidden: usize) -> impl Strategy<Value = State> {
    (state(hidden, 1.0), state(hidden, 3.0)).prop_map(|(h, c)| State { h, c })
}
