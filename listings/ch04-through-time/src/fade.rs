//! What a gradient meets on its way back: the Jacobian of a step, and how much it stretches.

use digits::generator;
use gradient_check::tanh_slope;
use nalgebra::{DMatrix, DVector};
use rand::Rng;
use rnn::Rnn;

use crate::{Leaves, adjoints};

// ANCHOR: jacobian
/// ∂h_t/∂h_{t−1} = diag(1 − h_t ⊙ h_t) · W_hh, (H, H), from the state h_t that the step computed.
pub fn jacobian(rnn: &Rnn, h: &DVector<f64>) -> DMatrix<f64> {
    DMatrix::from_diagonal(&h.map(tanh_slope)) * rnn.w_hh()
}
// ANCHOR_END: jacobian

/// μ, the largest singular value: the most that the matrix makes any vector longer.
pub fn strongest_stretch(matrix: &DMatrix<f64>) -> f64 {
    matrix.singular_values().max()
}

/// ρ, the spectral radius: the largest absolute value of an eigenvalue of a square matrix.
pub fn spectral_radius(matrix: &DMatrix<f64>) -> f64 {
    let eigenvalues = matrix.complex_eigenvalues();
    eigenvalues.iter().map(|value| value.norm()).fold(0.0, f64::max)
}

/// Between −1 and 1, all values equally likely.
pub(crate) fn uniform(rng: &mut impl Rng) -> f64 {
    (f64::from(rng.next_u32()) + 0.5) / f64::from(1_u32 << 31) - 1.0
}

/// A random network, D = 1, without bias, whose W_hh has the spectral radius `radius`.
pub fn random_rnn(hidden: usize, radius: f64, rng: &mut impl Rng) -> Rnn {
    let mut w_hh = DMatrix::from_fn(hidden, hidden, |_, _| uniform(rng));
    w_hh *= radius / spectral_radius(&w_hh);
    let w_hx = DMatrix::from_fn(hidden, 1, |_, _| uniform(rng));
    let mut w = DMatrix::zeros(hidden, hidden + 1);
    w.columns_mut(0, hidden).copy_from(&w_hh);
    w.columns_mut(hidden, 1).copy_from(&w_hx);
    Rnn { w, b: DVector::zeros(hidden) }
}

/// A run of 100 steps of a random network with H = 32, inputs between −`input` and `input`, and a
/// loss on the last state alone: h̄_T is a random direction of length 1. Returns the run's leaves
/// and what the loss says about each state.
pub fn random_run(radius: f64, input: f64, seed: u64) -> (Leaves, Vec<DVector<f64>>) {
    let (hidden, length) = (32, 100);
    let rng = &mut generator(seed);
    let rnn = random_rnn(hidden, radius, rng);
    let xs = (0..length).map(|_| DVector::from_element(1, input * uniform(rng))).collect();
    let mut direct = vec![DVector::zeros(hidden); length];
    direct[length - 1] = DVector::from_fn(hidden, |_, _| uniform(rng)).normalize();
    (Leaves { rnn, h_0: DVector::zeros(hidden), xs }, direct)
}

/// How long the adjoint of the state is, 0, 1 … 50 steps before the end of a random run.
pub fn fading(radius: f64, input: f64, seed: u64) -> Vec<f64> {
    let (leaves, direct) = random_run(radius, input, seed);
    let h_bars = adjoints(&leaves.rnn, &leaves.run(), &direct).h;
    h_bars.iter().rev().take(51).map(|h_bar| h_bar.norm()).collect()
}

/// Why a message fades where W_hh alone would make it longer: the mean slope of tanh over the last fifty steps
/// of a random run, and how long the message of [`fading`] is after 50 steps if every slope were 1.
pub fn without_slopes(radius: f64, input: f64, seed: u64) -> (f64, f64) {
    let (leaves, direct) = random_run(radius, input, seed);
    let (hs, w_hh) = (leaves.run(), leaves.rnn.w_hh().transpose());
    let slopes = hs.iter().rev().take(50).map(|h| h.map(tanh_slope).mean());
    let message = (0..50).fold(direct[hs.len() - 1].clone(), |message, _| &w_hh * message);
    (slopes.sum::<f64>() / 50.0, message.norm())
}

/// The middle one of an odd number of values; of an even number, the upper of the middle two.
///
/// # Panics
/// If there are none.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// W_hh has no eigenvalue but 0. In state h = (0, `h_2`) the network stays: the bias sees to that.
pub fn zero_radius(h_2: f64) -> Leaves {
    let w_hh = DMatrix::from_row_slice(2, 2, &[2.0, -2.0, 2.0, -2.0]);
    let h_0 = DVector::from_vec(vec![0.0, h_2]);
    let b = h_0.map(f64::atanh) - &w_hh * &h_0; // so that tanh(W_hh · h_0 + b) is h_0 again
    let w = w_hh.resize_horizontally(3, 0.0); // a column of zeros: there is an input, unheard
    Leaves { rnn: Rnn { w, b }, h_0, xs: vec![DVector::zeros(1); 20] }
}
