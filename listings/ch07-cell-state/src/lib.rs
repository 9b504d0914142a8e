//! Chapter 7, *The cell state*: what was kept plus what is written.
#![forbid(unsafe_code)]

use forget_gate::{keep, keep_backward};
use input_gate::{write, write_backward};
use nalgebra::DVector;

// ANCHOR: update
/// C_t = f_t ⊙ C_{t−1} + i_t ⊙ C̃_t, (H).
///
/// # Panics
/// If the four vectors differ in length.
pub fn update(
    f: &DVector<f64>,
    c_prev: &DVector<f64>,
    i: &DVector<f64>,
    candidate: &DVector<f64>,
) -> DVector<f64> {
    keep(f, c_prev) + write(i, candidate)
}
// ANCHOR_END: update

// ANCHOR: adjoints
/// The adjoints of everything that [`update`] read, each (H).
#[derive(Clone, Debug, PartialEq)]
pub struct UpdateAdjoints {
    /// Of the forget gate's output f_t.
    pub f: DVector<f64>,
    /// Of the old cell state C_{t−1}, as far as [`update`] read it: the carry.
    pub c_prev: DVector<f64>,
    /// Of the input gate's output i_t.
    pub i: DVector<f64>,
    /// Of the candidate C̃_t.
    pub candidate: DVector<f64>,
}
// ANCHOR_END: adjoints

// ANCHOR: update_backward
/// From C̄_t of (H), backward through [`update`]: a sum hands its adjoint to both terms.
pub fn update_backward(
    f: &DVector<f64>,
    c_prev: &DVector<f64>,
    i: &DVector<f64>,
    candidate: &DVector<f64>,
    c_bar: &DVector<f64>,
) -> UpdateAdjoints {
    let (f_bar, c_prev_hat) = keep_backward(f, c_prev, c_bar);
    let (i_bar, candidate_bar) = write_backward(i, candidate, c_bar);
    UpdateAdjoints { f: f_bar, c_prev: c_prev_hat, i: i_bar, candidate: candidate_bar }
}
// ANCHOR_END: update_backward

// ANCHOR: level
/// Where the cell state settles when every step keeps the same part f and writes the same,
/// (H): the C that [`update`] leaves as it is. Where f is 1 it is infinite, or NaN if nothing is written.
pub fn level(f: &DVector<f64>, i: &DVector<f64>, candidate: &DVector<f64>) -> DVector<f64> {
    write(i, candidate).component_div(&f.map(|f| 1.0 - f))
}
// ANCHOR_END: level
