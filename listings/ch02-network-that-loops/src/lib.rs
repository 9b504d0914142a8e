//! Chapter 2, *A network that loops*: the plain recurrent network, forward.
//!
//! Shapes: the hidden state h has H entries, the input x has D, and a sequence has T steps.
#![forbid(unsafe_code)]

use digits::DIGITS;
use nalgebra::{DMatrix, DVector};

/// The one-hot digit of chapter 1 as a vector: one entry is 1, the others are 0, (10).
///
/// # Panics
/// If the digit is not 0 to 9.
pub fn one_hot(digit: u8) -> DVector<f64> {
    DVector::from_row_slice(&digits::one_hot(digit))
}

// ANCHOR: stack
/// [h_{t−1}, x_t]: the old hidden state on top of the new input, (H + D).
pub fn stack(h_prev: &DVector<f64>, x: &DVector<f64>) -> DVector<f64> {
    DVector::from_iterator(h_prev.len() + x.len(), h_prev.iter().chain(x).copied())
}
// ANCHOR_END: stack

// ANCHOR: rnn
/// A plain recurrent network: the same weights at every step.
#[derive(Clone, Debug, PartialEq)]
pub struct Rnn {
    /// Weights W_h, (H, H + D): a row for each unit, a column for each number that it reads.
    pub w: DMatrix<f64>,
    /// Bias b_h, (H).
    pub b: DVector<f64>,
}
// ANCHOR_END: rnn

impl Rnn {
    // ANCHOR: step
    /// h_t = tanh(z^h_t), (H).
    ///
    /// # Panics
    /// As [`Rnn::pre_activation`].
    pub fn step(&self, h_prev: &DVector<f64>, x: &DVector<f64>) -> DVector<f64> {
        self.pre_activation(h_prev, x).map(f64::tanh)
    }

    /// z^h_t = W_h · [h_{t−1}, x_t] + b_h, (H).
    ///
    /// # Panics
    /// If the lengths of `h_prev` and `x` do not fit the weights.
    pub fn pre_activation(&self, h_prev: &DVector<f64>, x: &DVector<f64>) -> DVector<f64> {
        &self.w * stack(h_prev, x) + &self.b
    }
    // ANCHOR_END: step

    // ANCHOR: unroll
    /// h_1 … h_T, each (H): one step after the other, each from the state that the last one left.
    ///
    /// # Panics
    /// If a length does not fit the weights.
    pub fn unroll(&self, h_0: &DVector<f64>, xs: &[DVector<f64>]) -> Vec<DVector<f64>> {
        let mut hs: Vec<DVector<f64>> = Vec::with_capacity(xs.len());
        for x in xs {
            let h_prev = hs.last().unwrap_or(h_0);
            let h = self.step(h_prev, x);
            hs.push(h);
        }
        hs
    }
    // ANCHOR_END: unroll

    // ANCHOR: blocks
    /// W_hh, (H, H): the columns of W_h that read the old hidden state.
    pub fn w_hh(&self) -> DMatrix<f64> {
        self.w.columns(0, self.b.len()).into_owned()
    }

    /// W_hx, (H, D): the columns that read the input.
    pub fn w_hx(&self) -> DMatrix<f64> {
        let hidden = self.b.len();
        self.w.columns(hidden, self.w.ncols() - hidden).into_owned()
    }
    // ANCHOR_END: blocks

    // ANCHOR: size
    /// How many weights and biases there are.
    pub fn size(&self) -> usize {
        self.w.len() + self.b.len()
    }
    // ANCHOR_END: size
}

// ANCHOR: readout
/// The output layer: what the network says about its hidden state.
#[derive(Clone, Debug, PartialEq)]
pub struct Readout {
    /// Weights W_y, (outputs, H).
    pub w: DMatrix<f64>,
    /// Bias b_y, (outputs).
    pub b: DVector<f64>,
}
// ANCHOR_END: readout

impl Readout {
    // ANCHOR: readout_forward
    /// y_t = W_y · h_t + b_y, (outputs).
    ///
    /// # Panics
    /// If `h` has another length than W_y has columns.
    pub fn forward(&self, h: &DVector<f64>) -> DVector<f64> {
        &self.w * h + &self.b
    }
    // ANCHOR_END: readout_forward
}

// ANCHOR: example
/// The chapter's listener, with weights chosen by hand: H = 2, D = 10, and ten outputs.
///
/// Unit 1 listens for large digits, unit 2 for odd ones, and each reads the last state of both.
#[rustfmt::skip] // a row of a matrix on a line
pub fn example() -> (Rnn, Readout) {
    let w = DMatrix::from_row_slice(2, 12, &[
        // reads unit 1, unit 2, and the digits 0 to 9
         0.5, 0.25,  -0.9, -0.7, -0.5, -0.3, -0.1, 0.1,  0.3, 0.5,  0.7, 0.9, // unit 1
        -0.5, 0.5,   -0.5,  0.5, -0.5,  0.5, -0.5, 0.5, -0.5, 0.5, -0.5, 0.5, // unit 2
    ]);
    let rnn = Rnn { w, b: DVector::from_vec(vec![0.1, -0.2]) };
    // The output of a digit is large when the state looks like what that digit writes.
    let readout = Readout { w: rnn.w_hx().transpose() * 4.0, b: DVector::zeros(DIGITS) };
    (rnn, readout)
}
// ANCHOR_END: example

// ANCHOR: latch
/// One unit that is 0 until it sees `digit`, and near 1 from then on.
pub fn latch(digit: u8) -> Rnn {
    let mut w = DMatrix::zeros(1, 1 + DIGITS);
    w[(0, 0)] = 3.0; // reads its own last state
    w[(0, 1 + usize::from(digit))] = 3.0;
    Rnn { w, b: DVector::zeros(1) }
}
// ANCHOR_END: latch
