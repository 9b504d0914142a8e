//! Chapter 4, *Through time, and why it fades*: backpropagation through time for the plain network,
//! and what becomes of a gradient on its way into the past.
//!
//! Shapes: the hidden state h has H entries, the input x has D, and a sequence has T steps.
#![forbid(unsafe_code)]

mod clip;
mod fade;
mod learn;

pub use clip::{clip, norm};
pub use fade::{
    fading, jacobian, median, random_rnn, random_run, spectral_radius, strongest_stretch,
    without_slopes, zero_radius,
};
pub use learn::{Learner, Standing, Training};

use gradient_check::{Parameters, Tensor, TensorMut, tanh_slope};
use nalgebra::{DMatrix, DVector};
use rnn::{Rnn, stack};

// ANCHOR: leaves
/// Everything that a run depends on and does not compute itself. Or, in the same shapes, the
/// gradient of a loss with respect to all of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaves {
    /// W_h and b_h.
    pub rnn: Rnn,
    /// h_0, (H).
    pub h_0: DVector<f64>,
    /// x_1 … x_T, each (D).
    pub xs: Vec<DVector<f64>>,
}
// ANCHOR_END: leaves

impl Leaves {
    /// h_1 … h_T, each (H).
    pub fn run(&self) -> Vec<DVector<f64>> {
        self.rnn.unroll(&self.h_0, &self.xs)
    }
}

// ANCHOR: adjoints
/// The adjoints of the states and of the pre-activations, for t = 1 … T, each (H).
#[derive(Clone, Debug, PartialEq)]
pub struct Adjoints {
    /// h̄_1 … h̄_T.
    pub h: Vec<DVector<f64>>,
    /// z̄_1 … z̄_T.
    pub z: Vec<DVector<f64>>,
}

/// Walks back through time: from what the loss itself says about each state, `direct`, to the
/// adjoints of all states.
///
/// # Panics
/// If `direct` has not one entry of (H) for each state.
pub fn adjoints(rnn: &Rnn, hs: &[DVector<f64>], direct: &[DVector<f64>]) -> Adjoints {
    assert_eq!(hs.len(), direct.len(), "one entry of `direct` for each step");
    let w_hh_transposed = rnn.w_hh().transpose();
    let mut adjoints = Adjoints { h: Vec::new(), z: Vec::new() };
    let mut from_later = DVector::zeros(rnn.b.len()); // beyond T there is nothing
    for (h, direct) in hs.iter().zip(direct).rev() {
        let h_bar = direct + from_later; // h_t was read twice: by the loss and by step t + 1
        let z_bar = h_bar.component_mul(&h.map(tanh_slope));
        from_later = &w_hh_transposed * &z_bar;
        adjoints.h.push(h_bar);
        adjoints.z.push(z_bar);
    }
    adjoints.h.reverse();
    adjoints.z.reverse();
    adjoints
}
// ANCHOR_END: adjoints

// ANCHOR: backward
/// Backpropagation through time: the gradient of a loss with respect to all leaves.
///
/// `hs` is what [`Leaves::run`] returned, `direct[t]` what the loss itself says about `hs[t]`.
///
/// # Panics
/// As [`adjoints`].
pub fn backward(leaves: &Leaves, hs: &[DVector<f64>], direct: &[DVector<f64>]) -> Leaves {
    let Leaves { rnn, h_0, xs } = leaves;
    let z_bars = adjoints(rnn, hs, direct).z;
    let mut w_bar = DMatrix::zeros(rnn.w.nrows(), rnn.w.ncols());
    let mut b_bar = DVector::zeros(rnn.b.len());
    for (t, z_bar) in z_bars.iter().enumerate() {
        let h_prev = if t == 0 { h_0 } else { &hs[t - 1] };
        w_bar += z_bar * stack(h_prev, &xs[t]).transpose(); // every step used the same W_h
        b_bar += z_bar;
    }
    let w_hx_transposed = rnn.w_hx().transpose();
    let x_bars = z_bars.iter().map(|z_bar| &w_hx_transposed * z_bar).collect();
    let first = z_bars.first();
    let h_0_bar =
        first.map_or_else(|| DVector::zeros(h_0.len()), |z_bar| rnn.w_hh().transpose() * z_bar);
    Leaves { rnn: Rnn { w: w_bar, b: b_bar }, h_0: h_0_bar, xs: x_bars }
}
// ANCHOR_END: backward

/// The same, but only the last `window` steps are walked back: the state before them is taken for
/// given, as if no weight had had a part in it.
///
/// # Panics
/// As [`adjoints`].
pub fn truncated_backward(
    leaves: &Leaves,
    hs: &[DVector<f64>],
    direct: &[DVector<f64>],
    window: usize,
) -> Leaves {
    let cut = hs.len().saturating_sub(window);
    let given = if cut == 0 { &leaves.h_0 } else { &hs[cut - 1] };
    let last_steps =
        Leaves { rnn: leaves.rnn.clone(), h_0: given.clone(), xs: leaves.xs[cut..].to_vec() };
    backward(&last_steps, &hs[cut..], &direct[cut..])
}

impl Parameters for Leaves {
    fn tensors(&self) -> Vec<Tensor<'_>> {
        let Rnn { w, b } = &self.rnn;
        let mut all = vec![
            Tensor { name: "W_h", rows: w.nrows(), values: w.as_slice() },
            Tensor { name: "b_h", rows: b.len(), values: b.as_slice() },
            Tensor { name: "h_0", rows: self.h_0.len(), values: self.h_0.as_slice() },
        ];
        let xs = self.xs.iter();
        all.extend(xs.map(|x| Tensor { name: "x", rows: x.len(), values: x.as_slice() }));
        all
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_>> {
        let Rnn { w, b } = &mut self.rnn;
        let mut all = vec![
            TensorMut { name: "W_h", values: w.as_mut_slice() },
            TensorMut { name: "b_h", values: b.as_mut_slice() },
            TensorMut { name: "h_0", values: self.h_0.as_mut_slice() },
        ];
        let xs = self.xs.iter_mut();
        all.extend(xs.map(|x| TensorMut { name: "x", values: x.as_mut_slice() }));
        all
    }
}
