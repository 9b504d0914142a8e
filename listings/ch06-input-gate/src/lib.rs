//! Chapter 6, *The input gate and its candidate*: what is written into the cell state.
//!
//! The input gate is a [`Gate`] like the forget gate. New is the candidate: the same kind of affine
//! map of [h_{t−1}, x_t], squashed into (−1, 1), so that a memory can go down as well as up.
#![forbid(unsafe_code)]

pub use forget_gate::Gate;
use gradient_check::{Affine, Parameters, Tensor, TensorMut, tanh_slope};
use nalgebra::{DMatrix, DVector};

// ANCHOR: candidate
/// The candidate C̃_t: what would be written if the input gate were wide open.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// W of (H, H + D) and b of (H).
    pub affine: Affine,
}
// ANCHOR_END: candidate

impl Candidate {
    // ANCHOR: forward
    /// C̃_t = tanh(W_C · [h_{t−1}, x_t] + b_C), (H).
    ///
    /// # Panics
    /// If `hx` has another length than W has columns.
    pub fn forward(&self, hx: &DVector<f64>) -> DVector<f64> {
        let z = self.affine.forward(hx); // (H)
        z.map(f64::tanh)
    }
    // ANCHOR_END: forward

    // ANCHOR: backward
    /// From the adjoint of C̃ of (H): the gradients of W and b, and the adjoint of `hx`, (H + D).
    ///
    /// `candidate` is what [`Candidate::forward`] returned for `hx`.
    pub fn backward(
        &self,
        hx: &DVector<f64>,
        candidate: &DVector<f64>,
        candidate_bar: &DVector<f64>,
    ) -> (Candidate, DVector<f64>) {
        let z_bar = candidate_bar.component_mul(&candidate.map(tanh_slope)); // (H)
        let (affine, hx_bar) = self.affine.backward(hx, &z_bar);
        (Candidate { affine }, hx_bar)
    }
    // ANCHOR_END: backward
}

// ANCHOR: write
/// N_t = i_t ⊙ C̃_t: what is written, (H).
pub fn write(i: &DVector<f64>, candidate: &DVector<f64>) -> DVector<f64> {
    i.component_mul(candidate)
}
// ANCHOR_END: write

// ANCHOR: write_backward
/// From N̄ = ∂L/∂N of (H): the adjoints of i and of C̃, each (H).
pub fn write_backward(
    i: &DVector<f64>,
    candidate: &DVector<f64>,
    written_bar: &DVector<f64>,
) -> (DVector<f64>, DVector<f64>) {
    let i_bar = written_bar.component_mul(candidate);
    let candidate_bar = written_bar.component_mul(i);
    (i_bar, candidate_bar)
}
// ANCHOR_END: write_backward

// ANCHOR: example
/// What writes at the step of chapter 5's worked example: two units, one input.
#[rustfmt::skip] // a row of a matrix on a line
pub fn example() -> (Gate, Candidate) {
    let w_i = DMatrix::from_row_slice(2, 3, &[
        -1.0, 2.0, -0.75, // unit 1 reads h of both units, and x
        2.0, 0.0, 0.25, // unit 2
    ]);
    let b_i = DVector::from_vec(vec![0.5, 0.5]);
    let w_c = DMatrix::from_row_slice(2, 3, &[
        0.0, 2.0, -0.5,
        1.0, -2.0, 0.75,
    ]);
    let b_c = DVector::from_vec(vec![0.5, -0.5]);
    (Gate { affine: Affine { w: w_i, b: b_i } }, Candidate { affine: Affine { w: w_c, b: b_c } })
}
// ANCHOR_END: example

impl Parameters for Candidate {
    fn tensors(&self) -> Vec<Tensor<'_>> {
        self.affine.tensors()
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_>> {
        self.affine.tensors_mut()
    }
}
