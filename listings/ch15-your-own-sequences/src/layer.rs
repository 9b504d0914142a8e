//! One LSTM layer over sequences of different lengths, forward and backward.
//!
//! The gates are those of chapter 8, the matrices those of chapter 12. What is new is what happens to a column whose
//! sequence has ended: its h and C are carried on as they are, and its output is zero.

use gradient_check::{sigmoid, sigmoid_slope, tanh_slope};
use nalgebra::DMatrix;
use output_gate::PyTorch;

use crate::symbols::Symbol;

// ANCHOR: states
/// h and C of every sequence of a batch, (H, B) each; or the adjoints of both.
#[derive(Clone, Debug, PartialEq)]
pub struct States {
    /// Hidden states.
    pub h: DMatrix<f64>,
    /// Cell states.
    pub c: DMatrix<f64>,
}
// ANCHOR_END: states

impl States {
    /// h = 0 and C = 0, for B sequences.
    pub fn zeros(hidden: usize, batch: usize) -> States {
        let zeros = DMatrix::zeros(hidden, batch);
        States { h: zeros.clone(), c: zeros }
    }
}

// ANCHOR: inputs
/// What a layer reads at its T steps.
#[derive(Clone, Debug, PartialEq)]
pub enum Inputs {
    /// One-hot vectors, each given by the place of its 1: T times B. Each picks a column of W_ih, and nothing is multiplied.
    Symbols(Vec<Vec<Symbol>>),
    /// Whole vectors: T matrices of (D, B).
    Vectors(Vec<DMatrix<f64>>),
}
// ANCHOR_END: inputs

impl Inputs {
    /// T.
    pub fn steps(&self) -> usize {
        match self {
            Inputs::Symbols(symbols) => symbols.len(),
            Inputs::Vectors(xs) => xs.len(),
        }
    }
}

// ANCHOR: pass
/// Everything that one pass of a layer computed: the backward pass needs it again.
#[derive(Clone, Debug)]
pub struct Pass {
    xs: Inputs,
    steps: Vec<Step>,
    /// How many steps each sequence has.
    pub lengths: Vec<usize>,
    /// h of every step, (H, B): zero where a sequence has ended.
    pub hs: Vec<DMatrix<f64>>,
    /// h and C of each sequence at its own end.
    pub end: States,
}

/// What one step computed, (H, B) each. In a column whose sequence has ended it means nothing.
#[derive(Clone, Debug)]
struct Step {
    before: States,
    i: DMatrix<f64>,
    f: DMatrix<f64>,
    candidate: DMatrix<f64>,
    o: DMatrix<f64>,
    tanh_c: DMatrix<f64>,
}
// ANCHOR_END: pass

/// What the loss says about what a layer was given.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    /// About its weights.
    pub weights: PyTorch,
    /// About the vectors that it read, (D, B) at each step: zero where a sequence has ended. Nothing for symbols.
    pub xs: Vec<DMatrix<f64>>,
    /// About the states that it began with.
    pub start: States,
}

// ANCHOR: keep
/// In the columns whose sequence has ended before step t (from 0), everything stays as it was.
fn keep(now: &mut DMatrix<f64>, before: &DMatrix<f64>, lengths: &[usize], t: usize) {
    for b in (0..lengths.len()).filter(|&b| t >= lengths[b]) {
        now.set_column(b, &before.column(b));
    }
}

/// In the same columns there is nothing.
fn silence(now: &mut DMatrix<f64>, lengths: &[usize], t: usize) {
    for b in (0..lengths.len()).filter(|&b| t >= lengths[b]) {
        now.column_mut(b).fill(0.0);
    }
}
// ANCHOR_END: keep

// ANCHOR: forward
/// Reads B sequences of the given lengths, from the states in `start`.
///
/// # Panics
/// If the shapes do not fit the weights, or a length is beyond T.
pub fn forward(weights: &PyTorch, mut xs: Inputs, lengths: &[usize], start: &States) -> Pass {
    assert_eq!((lengths.len(), lengths.len()), (start.h.ncols(), start.c.ncols()), "B lengths");
    assert!(lengths.iter().all(|&length| length <= xs.steps()), "a length beyond the last step");
    if let Inputs::Vectors(xs) = &mut xs {
        xs.iter_mut().enumerate().for_each(|(t, x)| silence(x, lengths, t));
    }
    let mut state = start.clone();
    let (mut steps, mut hs) = (Vec::new(), Vec::new());
    for t in 0..xs.steps() {
        let z = pre_activations(weights, &xs, lengths, t, &state.h); // (4H, B)
        let (step, mut next) = take(z, state);
        keep(&mut next.h, &step.before.h, lengths, t);
        keep(&mut next.c, &step.before.c, lengths, t);
        let mut h = next.h.clone();
        silence(&mut h, lengths, t);
        hs.push(h);
        steps.push(step);
        state = next;
    }
    Pass { xs, lengths: lengths.to_vec(), steps, hs, end: state }
}
// ANCHOR_END: forward

// ANCHOR: pre_activations
/// z = W_ih · x + W_hh · h + b, (4H, B). A symbol's product with W_ih is a column of it.
fn pre_activations(
    weights: &PyTorch,
    xs: &Inputs,
    lengths: &[usize],
    t: usize,
    h: &DMatrix<f64>,
) -> DMatrix<f64> {
    let mut z = &weights.weight_hh * h;
    let bias = &weights.bias_ih + &weights.bias_hh;
    z.column_iter_mut().for_each(|mut column| column += &bias);
    match xs {
        Inputs::Vectors(xs) => z += &weights.weight_ih * &xs[t],
        Inputs::Symbols(symbols) => {
            for b in (0..lengths.len()).filter(|&b| t < lengths[b]) {
                let mut column = z.column_mut(b);
                column += weights.weight_ih.column(usize::from(symbols[t][b]));
            }
        }
    }
    z
}
// ANCHOR_END: pre_activations

// ANCHOR: take
/// One step of chapter 8's cell, for a whole batch.
fn take(z: DMatrix<f64>, before: States) -> (Step, States) {
    let hidden = before.h.nrows();
    let i = z.rows(0, hidden).map(sigmoid);
    let f = z.rows(hidden, hidden).map(sigmoid);
    let candidate = z.rows(2 * hidden, hidden).map(f64::tanh);
    let o = z.rows(3 * hidden, hidden).map(sigmoid);
    let c = f.component_mul(&before.c) + i.component_mul(&candidate);
    let tanh_c = c.map(f64::tanh);
    let h = o.component_mul(&tanh_c);
    (Step { before, i, f, candidate, o, tanh_c }, States { h, c })
}

/// The same step backward: from the adjoints of h_t and C_t to those of the pre-activations, (4H, B), and of C_{t−1}.
fn take_backward(step: &Step, bar: &States) -> (DMatrix<f64>, DMatrix<f64>) {
    let Step { before, i, f, candidate, o, tanh_c } = step;
    let (hidden, batch) = bar.h.shape();
    let c_bar = &bar.c + bar.h.component_mul(o).component_mul(&tanh_c.map(tanh_slope));
    let blocks = [
        c_bar.component_mul(candidate).component_mul(&i.map(sigmoid_slope)),
        c_bar.component_mul(&before.c).component_mul(&f.map(sigmoid_slope)),
        c_bar.component_mul(i).component_mul(&candidate.map(tanh_slope)),
        bar.h.component_mul(tanh_c).component_mul(&o.map(sigmoid_slope)),
    ];
    let mut z_bar = DMatrix::zeros(4 * hidden, batch);
    for (number, block) in blocks.iter().enumerate() {
        z_bar.rows_mut(number * hidden, hidden).copy_from(block);
    }
    (z_bar, c_bar.component_mul(f))
}
// ANCHOR_END: take

// ANCHOR: backward
/// Walks back to what the loss says about everything that [`forward`] was given.
///
/// `h_bars` is what the loss itself says about the output of every step, (H, B); `end` what it says about both states at
/// each one's own end. What it says about padding is not heard.
///
/// # Panics
/// If the shapes do not fit those of the forward pass.
pub fn backward(weights: &PyTorch, pass: &Pass, h_bars: &[DMatrix<f64>], end: &States) -> Bars {
    let Pass { xs, lengths, steps, .. } = pass;
    assert_eq!(h_bars.len(), steps.len(), "one h̄ for each step");
    let (ih_transposed, hh_transposed) =
        (weights.weight_ih.transpose(), weights.weight_hh.transpose());
    let mut gradient = zeros_like(weights);
    let mut x_bars = Vec::new();
    let mut bar = end.clone();
    for (t, (step, h_bar)) in steps.iter().zip(h_bars).enumerate().rev() {
        let mut h_bar = h_bar.clone();
        silence(&mut h_bar, lengths, t);
        bar.h += h_bar;
        let (mut z_bar, mut c_bar) = take_backward(step, &bar);
        silence(&mut z_bar, lengths, t);
        let mut h_bar = &hh_transposed * &z_bar;
        // Where the states were carried on, so are their adjoints.
        keep(&mut h_bar, &bar.h, lengths, t);
        keep(&mut c_bar, &bar.c, lengths, t);
        add_to_gradient(&mut gradient, xs, step, &z_bar, lengths, t);
        if let Inputs::Vectors(_) = xs {
            x_bars.push(&ih_transposed * &z_bar);
        }
        bar = States { h: h_bar, c: c_bar };
    }
    x_bars.reverse();
    Bars { weights: gradient, xs: x_bars, start: bar }
}
// ANCHOR_END: backward

// ANCHOR: add_to_gradient
/// Adds the share of one step.
fn add_to_gradient(
    gradient: &mut PyTorch,
    xs: &Inputs,
    step: &Step,
    z_bar: &DMatrix<f64>,
    lengths: &[usize],
    t: usize,
) {
    gradient.weight_hh.gemm(1.0, z_bar, &step.before.h.transpose(), 1.0);
    let bias = z_bar.column_sum();
    gradient.bias_ih += &bias;
    gradient.bias_hh += &bias;
    match xs {
        Inputs::Vectors(xs) => gradient.weight_ih.gemm(1.0, z_bar, &xs[t].transpose(), 1.0),
        Inputs::Symbols(symbols) => {
            for b in (0..lengths.len()).filter(|&b| t < lengths[b]) {
                let mut column = gradient.weight_ih.column_mut(usize::from(symbols[t][b]));
                column += z_bar.column(b);
            }
        }
    }
}
// ANCHOR_END: add_to_gradient

fn zeros_like(weights: &PyTorch) -> PyTorch {
    let mut zeros = weights.clone();
    zeros.weight_ih.fill(0.0);
    zeros.weight_hh.fill(0.0);
    zeros.bias_ih.fill(0.0);
    zeros.bias_hh.fill(0.0);
    zeros
}
