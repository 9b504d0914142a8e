//! Chapter 8, *The output gate*: what the cell shows of itself, and with it the whole LSTM cell.
//!
//! Shapes: h, C and every gate have H entries, x has D.
#![forbid(unsafe_code)]

mod example;
mod pytorch;

use cell_state::{update, update_backward};
pub use example::{Example, OVERHEARD, example, keep_a_secret, secret_keeper};
use forget_gate::{stack, unstack};
use gradient_check::{Parameters, Tensor, TensorMut, sigmoid, tanh_slope};
pub use input_gate::{Candidate, Gate};
use nalgebra::DVector;
pub use pytorch::PyTorch;

// ANCHOR: cell
/// One LSTM cell with its four affine maps.
///
/// A gradient of the cell's parameters is an `LstmCell` too.
#[derive(Clone, Debug, PartialEq)]
pub struct LstmCell {
    /// What is kept: W_f, b_f.
    pub forget: Gate,
    /// How much is written: W_i, b_i.
    pub input: Gate,
    /// What is written: W_C, b_C.
    pub candidate: Candidate,
    /// What is shown: W_o, b_o.
    pub output: Gate,
}
// ANCHOR_END: cell

// ANCHOR: state
/// What a cell hands from one step to the next (or the adjoints of both).
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Hidden state h, (H).
    pub h: DVector<f64>,
    /// Cell state C, (H).
    pub c: DVector<f64>,
}
// ANCHOR_END: state

// ANCHOR: step
/// Everything one step computed: the backward pass needs it again.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// [h_{t−1}, x_t], (H + D).
    pub hx: DVector<f64>,
    /// C_{t−1}, (H).
    pub c_prev: DVector<f64>,
    /// Forget gate f_t, (H).
    pub f: DVector<f64>,
    /// Input gate i_t, (H).
    pub i: DVector<f64>,
    /// Candidate C̃_t, (H).
    pub candidate: DVector<f64>,
    /// Output gate o_t, (H).
    pub o: DVector<f64>,
    /// h_t and C_t.
    pub state: State,
}
// ANCHOR_END: step

impl State {
    /// h = 0 and C = 0, the usual start of a sequence.
    pub fn zeros(hidden: usize) -> State {
        State { h: DVector::zeros(hidden), c: DVector::zeros(hidden) }
    }
}

// ANCHOR: emit
/// h_t = o_t ⊙ tanh(C_t), (H).
pub fn emit(o: &DVector<f64>, c: &DVector<f64>) -> DVector<f64> {
    o.component_mul(&c.map(f64::tanh))
}
// ANCHOR_END: emit

// ANCHOR: emit_backward
/// From h̄_t of (H): ō_t, and the part of C̄_t that comes through h_t, each (H).
pub fn emit_backward(
    o: &DVector<f64>,
    c: &DVector<f64>,
    h_bar: &DVector<f64>,
) -> (DVector<f64>, DVector<f64>) {
    let tanh_c = c.map(f64::tanh);
    let o_bar = h_bar.component_mul(&tanh_c);
    let c_bar = h_bar.component_mul(o).component_mul(&tanh_c.map(tanh_slope));
    (o_bar, c_bar)
}
// ANCHOR_END: emit_backward

// ANCHOR: peephole
/// An output gate that looks at the cell: σ(W_o · [h_{t−1}, x_t] + P_o ⊙ C_t + b_o), (H).
///
/// Not part of [`LstmCell`]. `p` is P_o, one weight for each unit, (H).
pub fn peephole(
    gate: &Gate,
    p: &DVector<f64>,
    hx: &DVector<f64>,
    c: &DVector<f64>,
) -> DVector<f64> {
    let z = gate.affine.forward(hx) + p.component_mul(c); // (H)
    z.map(sigmoid)
}
// ANCHOR_END: peephole

impl LstmCell {
    /// H, the length of h and of C.
    pub fn hidden(&self) -> usize {
        self.forget.affine.b.len()
    }

    // ANCHOR: forward
    /// One step: from h_{t−1}, C_{t−1} and x_t of (D) to h_t and C_t.
    ///
    /// # Panics
    /// If the lengths do not fit the weights.
    pub fn forward(&self, previous: &State, x: &DVector<f64>) -> Step {
        let hx = stack(&previous.h, x);
        let f = self.forget.forward(&hx);
        let i = self.input.forward(&hx);
        let candidate = self.candidate.forward(&hx);
        let c = update(&f, &previous.c, &i, &candidate);
        let o = self.output.forward(&hx);
        let h = emit(&o, &c);
        Step { hx, c_prev: previous.c.clone(), f, i, candidate, o, state: State { h, c } }
    }
    // ANCHOR_END: forward

    // ANCHOR: backward
    /// One step backward: from the adjoints of h_t and C_t to those of the weights, of h_{t−1} and
    /// C_{t−1}, and of x_t.
    ///
    /// `bar.c` is what arrives at C_t from step t + 1 (or from a loss on C_t), without the part
    /// that comes through h_t: that part is added here.
    pub fn backward(&self, step: &Step, bar: &State) -> (LstmCell, State, DVector<f64>) {
        let (o_bar, c_bar_from_h) = emit_backward(&step.o, &step.state.c, &bar.h);
        let c_bar = &bar.c + c_bar_from_h;
        let adjoints = update_backward(&step.f, &step.c_prev, &step.i, &step.candidate, &c_bar);

        let (forget, hx_f) = self.forget.backward(&step.hx, &step.f, &adjoints.f);
        let (input, hx_i) = self.input.backward(&step.hx, &step.i, &adjoints.i);
        let (candidate, hx_c) =
            self.candidate.backward(&step.hx, &step.candidate, &adjoints.candidate);
        let (output, hx_o) = self.output.backward(&step.hx, &step.o, &o_bar);

        // [h_{t−1}, x_t] was read four times, so its adjoint is a sum of four.
        let (h_bar, x_bar) = unstack(&(hx_f + hx_i + hx_c + hx_o), self.hidden());
        let gradient = LstmCell { forget, input, candidate, output };
        (gradient, State { h: h_bar, c: adjoints.c_prev }, x_bar)
    }
    // ANCHOR_END: backward
}

/// The names of the eight tensors, in the order of [`LstmCell`]'s fields.
pub const NAMES: [&str; 8] = ["W_f", "b_f", "W_i", "b_i", "W_C", "b_C", "W_o", "b_o"];

impl Parameters for LstmCell {
    fn tensors(&self) -> Vec<Tensor<'_>> {
        let parts =
            [&self.forget.affine, &self.input.affine, &self.candidate.affine, &self.output.affine];
        (parts.into_iter().flat_map(Parameters::tensors).zip(NAMES))
            .map(|(tensor, name)| Tensor { name, ..tensor })
            .collect()
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_>> {
        let LstmCell { forget, input, candidate, output } = self;
        let parts =
            [&mut forget.affine, &mut input.affine, &mut candidate.affine, &mut output.affine];
        (parts.into_iter().flat_map(Parameters::tensors_mut).zip(NAMES))
            .map(|(tensor, name)| TensorMut { name, ..tensor })
            .collect()
    }
}
