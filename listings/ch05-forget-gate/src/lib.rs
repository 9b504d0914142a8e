//! Chapter 5, *The forget gate*: which part of the cell state is kept.
//!
//! Shapes: the hidden state h and the cell state C have H entries, the input x has D.
#![forbid(unsafe_code)]

use gradient_check::{Affine, Parameters, Tensor, TensorMut, sigmoid, sigmoid_slope};
use nalgebra::{DMatrix, DVector};
pub use rnn::stack;

/// The two parts of a stacked vector (or of its adjoint): the first `hidden` entries and the rest.
pub fn unstack(hx: &DVector<f64>, hidden: usize) -> (DVector<f64>, DVector<f64>) {
    (hx.rows(0, hidden).into_owned(), hx.rows(hidden, hx.len() - hidden).into_owned())
}

// ANCHOR: gate
/// A gate: one number between 0 and 1 for each entry of the cell state.
///
/// An LSTM has three gates of this one type. They differ in their weights and in what they open.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// W of (H, H + D) and b of (H).
    pub affine: Affine,
}
// ANCHOR_END: gate

impl Gate {
    // ANCHOR: forward
    /// f_t = σ(W_f · [h_{t−1}, x_t] + b_f), (H).
    ///
    /// # Panics
    /// If `hx` has another length than W has columns.
    pub fn forward(&self, hx: &DVector<f64>) -> DVector<f64> {
        let z = self.affine.forward(hx); // (H)
        z.map(sigmoid)
    }
    // ANCHOR_END: forward

    // ANCHOR: backward
    /// From f̄ = ∂L/∂f of (H): the gradients of W and b, and the adjoint of `hx`, (H + D).
    ///
    /// `f` is what [`Gate::forward`] returned for `hx`.
    pub fn backward(
        &self,
        hx: &DVector<f64>,
        f: &DVector<f64>,
        f_bar: &DVector<f64>,
    ) -> (Gate, DVector<f64>) {
        let z_bar = f_bar.component_mul(&f.map(sigmoid_slope)); // (H)
        let (affine, hx_bar) = self.affine.backward(hx, &z_bar);
        (Gate { affine }, hx_bar)
    }
    // ANCHOR_END: backward
}

// ANCHOR: keep
/// K_t = f_t ⊙ C_{t−1}: the part of the old cell state that is kept, (H).
pub fn keep(f: &DVector<f64>, c_prev: &DVector<f64>) -> DVector<f64> {
    f.component_mul(c_prev)
}
// ANCHOR_END: keep

// ANCHOR: keep_backward
/// From K̄ = ∂L/∂K of (H): f̄, and Ĉ_{t−1}, what this reader of C_{t−1} sends back to it, each (H).
pub fn keep_backward(
    f: &DVector<f64>,
    c_prev: &DVector<f64>,
    k_bar: &DVector<f64>,
) -> (DVector<f64>, DVector<f64>) {
    let f_bar = k_bar.component_mul(c_prev);
    let c_prev_hat = k_bar.component_mul(f);
    (f_bar, c_prev_hat)
}
// ANCHOR_END: keep_backward

/// One step of one gate, small enough for a pocket calculator: see [`example`].
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The forget gate, H = 2 and D = 1.
    pub gate: Gate,
    /// h_{t−1}, (2).
    pub h_prev: DVector<f64>,
    /// x_t, (1).
    pub x: DVector<f64>,
    /// C_{t−1}, (2).
    pub c_prev: DVector<f64>,
}

// ANCHOR: example
/// The worked example of the chapter: two units, and the digit 9 as one number, (9 − 5) / 2.
#[rustfmt::skip] // a row of the matrix on a line
pub fn example() -> Example {
    let w = DMatrix::from_row_slice(2, 3, &[
        1.0, -2.0, 0.5, // unit 1: its weights for h (two of them) and for x
        0.0, 1.0, -1.0, // unit 2: the same
    ]);
    let b = DVector::from_vec(vec![1.0, 0.5]);
    Example {
        gate: Gate { affine: Affine { w, b } },
        h_prev: DVector::from_vec(vec![0.5, -0.25]),
        x: DVector::from_vec(vec![2.0]),
        c_prev: DVector::from_vec(vec![2.0, -1.5]),
    }
}
// ANCHOR_END: example

impl Parameters for Gate {
    fn tensors(&self) -> Vec<Tensor<'_>> {
        self.affine.tensors()
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_>> {
        self.affine.tensors_mut()
    }
}
