//! A trained network, opened: what its gates do, where the digit is, and what is left when a part is held still or
//! taken away.
//!
//! Whoever takes something away changes weights, so what comes out is a network like any other, and is examined like
//! any other. Whoever looks inside uses chapter 8's clear cell, which keeps everything that a step computes.

use std::ops::Range;

use digits::{DIGITS, Sequence};
use five_steps::forward;
use nalgebra::{DMatrix, DVector};
use one_matrix::{Layer, Real};
use output_gate::{LstmCell, PyTorch, State, Step};
use rnn::one_hot;

use crate::Network;
use crate::scores::likeliest;

// ANCHOR: part
/// One of the four maps of the cell, in the order in which PyTorch's tensors hold their rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// i
    Input,
    /// f
    Forget,
    /// The candidate, which is no gate.
    Candidate,
    /// o
    Output,
}

impl Part {
    /// All four.
    pub const ALL: [Part; 4] = [Part::Input, Part::Forget, Part::Candidate, Part::Output];

    /// Its rows in a layer with `hidden` units.
    pub fn rows(self, hidden: usize) -> Range<usize> {
        self as usize * hidden..(self as usize + 1) * hidden
    }
}
// ANCHOR_END: part

// ANCHOR: without
/// The network in which some parts no longer read h: their recurrent weights are 0.
pub fn deaf_to_h<R: Real>(network: &Network<R>, parts: &[Part]) -> Network<R> {
    let (mut deaf, hidden) = (network.clone(), network.layer.hidden);
    let weights = deaf.layer.split_mut(&mut deaf.theta[..network.layer.len()]);
    for rows in parts.iter().map(|part| part.rows(hidden)) {
        weights.weight_hh[rows.start * hidden..rows.end * hidden].fill(R::zero());
    }
    deaf
}

/// The network in which a part no longer reads x.
pub fn blind_to_x<R: Real>(network: &Network<R>, part: Part) -> Network<R> {
    let (mut blind, Layer { inputs, hidden }) = (network.clone(), network.layer);
    let weights = blind.layer.split_mut(&mut blind.theta[..network.layer.len()]);
    let rows = part.rows(hidden);
    weights.weight_ih[rows.start * inputs..rows.end * inputs].fill(R::zero());
    blind
}
// ANCHOR_END: without

// ANCHOR: hold
/// The network with a gate held still: in unit k it stands at `at[k]`, whatever is read.
///
/// # Panics
/// If there is not one number for each unit.
pub fn hold<R: Real>(network: &Network<R>, gate: Part, at: &[f64]) -> Network<R> {
    let mut held = blind_to_x(&deaf_to_h(network, &[gate]), gate);
    let rows = gate.rows(network.layer.hidden);
    let weights = held.layer.split_mut(&mut held.theta[..network.layer.len()]);
    weights.bias_hh[rows.clone()].fill(R::zero());
    let biases = &mut weights.bias_ih[rows];
    assert_eq!(biases.len(), at.len(), "one number for each unit");
    for (bias, value) in biases.iter_mut().zip(at) {
        // What σ turns into the value; for 1 and 0, which σ only nears, what it turns into all but that.
        *bias = R::of((value / (1.0 - value)).ln().clamp(-40.0, 40.0));
    }
    held
}
// ANCHOR_END: hold

/// The network in which only some units are heard: neither the cell nor the output layer reads the h of the others.
///
/// # Panics
/// If there is not one answer for each unit.
pub fn heard<R: Real>(network: &Network<R>, units: &[bool]) -> Network<R> {
    assert_eq!(network.layer.hidden, units.len(), "one answer for each unit");
    let mut fewer = network.clone();
    let (lstm, fc) = fewer.theta.split_at_mut(network.layer.len());
    let readers = fewer.layer.split_mut(lstm).weight_hh.chunks_exact_mut(units.len());
    let (w_y, _) = fc.split_at_mut(DIGITS * units.len());
    for row in readers.chain(w_y.chunks_exact_mut(units.len())) {
        row.iter_mut().zip(units).filter(|(_, heard)| !**heard).for_each(|(w, _)| *w = R::zero());
    }
    fewer
}

// ANCHOR: cell
/// The network's cell, as chapter 8 writes it.
pub fn cell<R: Real>(network: &Network<R>) -> LstmCell {
    let Layer { inputs, hidden } = network.layer;
    let weights = network.layer.split(network.parts().0);
    let numbers = |slice: &[R]| -> Vec<f64> { slice.iter().map(|value| value.to_f64()).collect() };
    PyTorch {
        weight_ih: DMatrix::from_row_slice(4 * hidden, inputs, &numbers(weights.weight_ih)),
        weight_hh: DMatrix::from_row_slice(4 * hidden, hidden, &numbers(weights.weight_hh)),
        bias_ih: DVector::from_vec(numbers(weights.bias_ih)),
        bias_hh: DVector::from_vec(numbers(weights.bias_hh)),
    }
    .to_cell()
}

/// Everything that a cell computes while it reads these digits, from some state on.
pub fn read(cell: &LstmCell, start: &State, digits: &[u8]) -> Vec<Step> {
    let xs: Vec<_> = digits.iter().map(|&digit| one_hot(digit)).collect();
    forward(cell, start, &xs)
}

/// The same for many sequences, each from zeros.
pub fn read_all(cell: &LstmCell, sequences: &[Sequence]) -> Vec<Vec<Step>> {
    let zeros = State::zeros(cell.hidden());
    sequences.iter().map(|sequence| read(cell, &zeros, &sequence.context)).collect()
}
// ANCHOR_END: cell

/// The mean of a gate over all sequences and all steps but the first, where a forget gate has nothing to forget: (H).
///
/// # Panics
/// If there is no second step.
pub fn mean_gate(readings: &[Vec<Step>], gate: fn(&Step) -> &DVector<f64>) -> Vec<f64> {
    let mut steps = readings.iter().flat_map(|steps| &steps[1..]).map(gate);
    let first = steps.next().expect("a second step").clone();
    let (sum, count) = steps.fold((first, 1.0), |(sum, count), gate| (sum + gate, count + 1.0));
    (sum / count).as_slice().to_vec()
}

/// What all forget gates together leave of the first step's cell state at the last: the product of the gates of steps
/// 2 to T, its mean over all sequences, (H).
///
/// # Panics
/// If there are no sequences.
pub fn kept(readings: &[Vec<Step>]) -> Vec<f64> {
    let product = |steps: &[Step]| {
        let ones = DVector::from_element(steps[0].f.len(), 1.0);
        steps[1..].iter().fold(ones, |product, step| product.component_mul(&step.f))
    };
    let products = readings.iter().map(|steps| product(steps));
    let sum = products.reduce(|sum, product| sum + product).expect("a sequence");
    (sum / readings.len() as f64).as_slice().to_vec()
}

// ANCHOR: swapped
/// Two sequences are read up to some step. Then C of the one and h of the other go on together, through the digits that
/// the other would have read. What does the network answer?
pub fn swapped<R: Real>(
    network: &Network<R>,
    cell: &LstmCell,
    c_from: &Step,
    h_from: &Step,
    rest: &[u8],
) -> u8 {
    let mixed = State { c: c_from.state.c.clone(), h: h_from.state.h.clone() };
    let steps = read(cell, &mixed, rest);
    answer(network, &steps.last().map_or(mixed, |step| step.state.clone()).h)
}
// ANCHOR_END: swapped

/// The answer that the output layer gives to a hidden state.
pub fn answer<R: Real>(network: &Network<R>, h: &DVector<f64>) -> u8 {
    let h: Vec<R> = h.iter().map(|&value| R::of(value)).collect();
    let mut y = vec![R::zero(); DIGITS];
    network.linear.forward(network.parts().1, &h, &mut y);
    likeliest(&y)
}

// ANCHOR: readout
/// A stranger's look at a state: ten linear scores for a digit that was read, fitted by least squares.
#[derive(Clone, Debug, PartialEq)]
pub struct Readout {
    /// A column for each digit, (H + 1, 10); the last row is added.
    w: DMatrix<f64>,
}

impl Readout {
    /// Fits the scores to 1 for the digit that belongs to a state and to 0 for the others.
    pub fn fit(states: &[&DVector<f64>], digits: &[u8]) -> Readout {
        let x = with_one(states);
        let y = DMatrix::from_fn(digits.len(), DIGITS, |row, digit| {
            f64::from(u8::from(usize::from(digits[row]) == digit))
        });
        let x_t = x.transpose();
        // A little weight on the diagonal: two units that always agree would leave the solution open.
        let gram = &x_t * x + DMatrix::identity(x_t.nrows(), x_t.nrows()) * 1e-6;
        let w =
            gram.cholesky().expect("a matrix that the diagonal makes positive").solve(&(x_t * y));
        Readout { w }
    }

    /// For how many of some states the right digit has the highest score.
    pub fn right(&self, states: &[&DVector<f64>], digits: &[u8]) -> usize {
        let scores = with_one(states) * &self.w;
        let answers = scores.row_iter().map(|row| row.transpose().argmax().0);
        answers.zip(digits).filter(|(answer, digit)| *answer == usize::from(**digit)).count()
    }
}
// ANCHOR_END: readout

/// The states as rows, each with a 1 behind it.
fn with_one(states: &[&DVector<f64>]) -> DMatrix<f64> {
    let width = states.first().map_or(0, |state| state.len());
    DMatrix::from_fn(states.len(), width + 1, |row, k| states[row].get(k).copied().unwrap_or(1.0))
}
