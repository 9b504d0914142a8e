//! Forward and backward through time, for a whole batch, in buffers that are made once.

use std::ops::Range;

use multiversion::multiversion;

use crate::cell::{cell_backward, cell_forward};
use crate::digit::sum_by_digit;
use crate::first::First;
use crate::lane::{LANES, Lane, lanes, pack, unpack};
use crate::packed::{Packed, panel_rows, panels, panels_transposed};
use crate::product::{multiply, outer};
use crate::real::Tanh;
use crate::{Layer, Real, Weights};

// ANCHOR: input
/// What a batch of B sequences reads: T steps one behind the other, and in each step the B
/// inputs.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a, R> {
    /// Whole vectors x, (D, T·B).
    Vectors(&'a [R]),
    /// One-hot vectors, each given by the place of its 1, below D: (T·B).
    Digits(&'a [u8]),
}

/// A batch of B sequences.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a, R> {
    /// B, the number of sequences.
    pub size: usize,
    /// What they read.
    pub input: Input<'a, R>,
    /// h_0 and C_0, each (H, B); both are 0 if nothing is said.
    pub start: Option<(&'a [R], &'a [R])>,
}
// ANCHOR_END: input

impl<'a, R> Batch<'a, R> {
    /// Sequences of digits, from zeros.
    pub fn of_digits(size: usize, digits: &'a [u8]) -> Batch<'a, R> {
        Batch { size, input: Input::Digits(digits), start: None }
    }
}

// ANCHOR: unrolled
/// Everything that one pass over a batch computes, in buffers that are made by the first
/// pass and used again by the next.
///
/// A matrix of (H, B) lies in lanes, as [`pack`] puts it; those of T steps lie one behind the other. Of the gates, every
/// 16 units of i are followed by the same units of f, of g and of o.
#[derive(Clone, Debug)]
pub struct Unrolled<R> {
    layer: Layer,
    /// How tanh is computed.
    pub tanh: Tanh,
    steps: usize,
    batch: usize,
    /// i, f, g and o of every step, (4H, T·B); after the backward pass, the adjoints of their
    /// pre-activations.
    gates: Vec<Lane<R>>,
    /// h_0 … h_T, (H, (T+1)·B).
    h: Vec<Lane<R>>,
    /// C_0 … C_T, (H, (T+1)·B).
    c: Vec<Lane<R>>,
    /// tanh(C_1) … tanh(C_T), (H, T·B).
    tanh_c: Vec<Lane<R>>,
    /// h̄ on its way back, (H, B).
    h_bar: Vec<Lane<R>>,
    /// C̄ on its way back, (H, B).
    c_bar: Vec<Lane<R>>,
    /// What the loss says about one h, (H, B).
    from_loss: Vec<Lane<R>>,
    /// The gradient of [`Packed`]'s table, (4H, D). Where vectors are read, its first column is that of the bias.
    table_bar: Vec<Lane<R>>,
    /// Whole vectors that were read, (D, T·B), and W_ih in panels.
    x: Vec<Lane<R>>,
    ih: Vec<Lane<R>>,
    /// h_T, (H, B), column by column.
    last: Vec<R>,
    /// The adjoints of h_0 and of C_0, (H, B), column by column.
    start_bar: [Vec<R>; 2],
    first: First<R>,
}
// ANCHOR_END: unrolled

impl<R: Real> Unrolled<R> {
    /// No buffers yet, for a layer of this size.
    pub fn new(layer: Layer) -> Unrolled<R> {
        Unrolled {
            layer,
            tanh: R::TANH,
            steps: 0,
            batch: 0,
            gates: Vec::new(),
            h: Vec::new(),
            c: Vec::new(),
            tanh_c: Vec::new(),
            h_bar: Vec::new(),
            c_bar: Vec::new(),
            from_loss: Vec::new(),
            table_bar: Vec::new(),
            x: Vec::new(),
            ih: Vec::new(),
            last: Vec::new(),
            start_bar: [Vec::new(), Vec::new()],
            first: First::new(layer),
        }
    }

    /// A copy of h_t of every sequence, (H, B) column by column, for t from 0.
    pub fn h(&self, t: usize) -> Vec<R> {
        self.columns(&self.h, t)
    }

    /// A copy of C_t of every sequence, (H, B) column by column, for t from 0.
    pub fn c(&self, t: usize) -> Vec<R> {
        self.columns(&self.c, t)
    }

    /// h_T of every sequence, (H, B) column by column: what [`Unrolled::forward`] returned.
    pub fn last(&self) -> &[R] {
        &self.last
    }

    fn columns(&self, states: &[Lane<R>], t: usize) -> Vec<R> {
        let Layer { hidden, .. } = self.layer;
        let size = lanes(hidden) * self.batch;
        let mut columns = vec![R::zero(); hidden * self.batch];
        unpack(hidden, &states[t * size..][..size], &mut columns);
        columns
    }

    // ANCHOR: forward
    /// Reads a batch from its first input to its last. Returns h_T, (H, B) column by column.
    ///
    /// # Panics
    /// If the batch or the weights do not fit the layer.
    pub fn forward(&mut self, weights: &Packed<R>, batch: &Batch<'_, R>) -> &[R] {
        self.begin(weights, batch);
        let size = lanes(self.layer.hidden) * batch.size;
        self.share_first(weights, batch);
        for t in usize::from(self.first.is_shared())..self.steps {
            let z = &mut self.gates[t * 4 * size..][..4 * size];
            let (h_prev, h) = self.h[t * size..][..2 * size].split_at_mut(size);
            let (c_prev, c) = self.c[t * size..][..2 * size].split_at_mut(size);
            let tanh_c = &mut self.tanh_c[t * size..][..size];
            match batch.input {
                Input::Digits(digits) => weights.read(&digits[t * batch.size..][..batch.size], z),
                Input::Vectors(_) => {
                    let x = lanes(self.layer.inputs) * batch.size;
                    weights.read_vectors(&self.ih, &self.x[t * x..][..x], z);
                }
            }
            if t == 1 && self.first.is_shared() {
                self.first.add_to_second(z);
            } else if t > 0 || batch.start.is_some() {
                // Where h_0 = 0, there is nothing to multiply.
                multiply(&weights.hh, h_prev, batch.size, z);
            }
            cell_forward(self.tanh, batch.size, z, c_prev, c, tanh_c, h);
        }
        unpack(self.layer.hidden, &self.h[self.steps * size..], &mut self.last);
        &self.last
    }
    // ANCHOR_END: forward

    /// The first step of a batch from zeros, where there are more sequences than digits.
    fn share_first(&mut self, weights: &Packed<R>, batch: &Batch<'_, R>) {
        self.first.forget();
        if let Input::Digits(digits) = batch.input
            && batch.start.is_none()
            && self.steps > 1
            && batch.size > self.layer.inputs
        {
            self.first.forward(self.tanh, weights, &digits[..batch.size]);
            let size = lanes(self.layer.hidden) * batch.size;
            self.first.states(&mut self.h[size..2 * size], &mut self.c[size..2 * size]);
        }
    }

    /// Sets the sizes, the start and what is read.
    fn begin(&mut self, weights: &Packed<R>, batch: &Batch<'_, R>) {
        assert_eq!(self.layer, weights.layer(), "weights of another layer");
        let Layer { inputs, hidden } = self.layer;
        let samples = match batch.input {
            Input::Vectors(x) => x.len() / inputs,
            Input::Digits(digits) => digits.len(),
        };
        assert!(batch.size > 0 && samples.is_multiple_of(batch.size), "a step with fewer inputs");
        (self.batch, self.steps) = (batch.size, samples / batch.size);
        let (zero, size) = (Lane::of(0.0), lanes(hidden) * batch.size);
        if let Input::Vectors(x) = batch.input {
            let step = lanes(inputs) * batch.size;
            self.x.resize(step * self.steps, zero);
            for (columns, x) in
                x.chunks_exact(inputs * batch.size).zip(self.x.chunks_exact_mut(step))
            {
                pack(inputs, columns, x);
            }
            self.ih.resize(4 * lanes(hidden) * lanes(inputs) * LANES, zero);
            panels(hidden, &weights.ih, &mut self.ih);
        }
        self.last.resize(hidden * batch.size, R::zero());
        self.gates.resize(4 * size * self.steps, zero);
        self.tanh_c.resize(size * self.steps, zero);
        for (states, start) in [
            (&mut self.h, batch.start.map(|(h_0, _)| h_0)),
            (&mut self.c, batch.start.map(|(_, c_0)| c_0)),
        ] {
            states.resize(size * (self.steps + 1), zero);
            match start {
                Some(start) => pack(hidden, start, &mut states[..size]),
                None => states[..size].fill(zero),
            }
        }
    }

    // ANCHOR: backward
    /// Walks back to the gradient of θ, which is written, not added. `batch` is that of the
    /// forward pass.
    ///
    /// `h_bars` is what the loss itself says about h, (H, S·B) for the last S steps: S = 1 for
    /// a loss on h_T alone. `c_bar` is what it says about C_T, (H, B), or nothing.
    ///
    /// # Panics
    /// If the shapes do not fit those of the forward pass.
    pub fn backward(
        &mut self,
        weights: &Packed<R>,
        batch: &Batch<'_, R>,
        h_bars: &[R],
        c_bar: Option<&[R]>,
        gradient: &mut [R],
    ) {
        let hidden = self.layer.hidden;
        let size = lanes(hidden) * batch.size;
        assert_eq!(batch.size, self.batch, "the batch of another forward pass");
        assert!(h_bars.len().is_multiple_of(hidden * batch.size), "h̄ of a part of a step");
        let mut bar = self.begin_backward(c_bar, gradient);
        let mut from_loss = h_bars.rchunks_exact(hidden * batch.size);
        let group = (SAMPLES / batch.size).max(1);
        let mut end = self.steps;
        for t in (0..self.steps).rev() {
            let z = &mut self.gates[t * 4 * size..][..4 * size];
            if let Some(from_loss) = from_loss.next() {
                pack(hidden, from_loss, &mut self.from_loss);
                let more = self.h_bar.iter_mut().zip(&self.from_loss);
                more.for_each(|(h_bar, &more)| *h_bar = *h_bar + more);
            }
            let (tanh_c, c_prev) = (&self.tanh_c[t * size..][..size], &self.c[t * size..][..size]);
            cell_backward(batch.size, z, tanh_c, c_prev, &self.h_bar, &mut self.c_bar);
            if t == 1 && self.first.is_shared() {
                if from_loss.len() == 0 {
                    self.add_to_gradient(batch, 1..end, &mut bar);
                    let z = &self.gates[4 * size..8 * size];
                    let (table_bar, hh_bar) = (&mut self.table_bar, &mut *bar.weight_hh);
                    self.first.backward(weights, z, &self.c_bar, table_bar, hh_bar);
                    break;
                }
                // The loss says something about each h_1: every sequence goes its own way.
                self.first.memories(&mut self.gates[..4 * size], &mut self.tanh_c[..size]);
                self.first.forget();
            }
            let z = &self.gates[t * 4 * size..][..4 * size];
            if t > 0 || batch.start.is_some() {
                self.h_bar.fill(Lane::of(0.0));
                multiply(&weights.hh_transposed, z, batch.size, &mut self.h_bar);
            }
            if t.is_multiple_of(group) {
                self.add_to_gradient(batch, t..end, &mut bar);
                end = t;
            }
        }
        self.finish_gradient(batch, &mut bar);
        for (bar, packed) in self.start_bar.iter_mut().zip([&self.h_bar, &self.c_bar]) {
            unpack(hidden, packed, bar);
        }
    }
    // ANCHOR_END: backward

    fn begin_backward<'g>(
        &mut self,
        c_bar: Option<&[R]>,
        gradient: &'g mut [R],
    ) -> Weights<&'g mut [R]> {
        let Layer { inputs, hidden } = self.layer;
        let (zero, size) = (Lane::of(0.0), lanes(hidden) * self.batch);
        for bar in [&mut self.h_bar, &mut self.c_bar, &mut self.from_loss] {
            bar.resize(size, zero);
            bar.fill(zero);
        }
        if let Some(c_bar) = c_bar {
            pack(hidden, c_bar, &mut self.c_bar);
        }
        self.start_bar.iter_mut().for_each(|bar| bar.resize(hidden * self.batch, R::zero()));
        self.table_bar.resize(4 * lanes(hidden) * inputs, zero);
        self.table_bar.fill(zero);
        gradient.fill(R::zero());
        self.layer.split_mut(gradient)
    }

    // ANCHOR: add_to_gradient
    /// Adds the share of some steps, whose z̄ are known, to the gradient.
    ///
    /// W̄_hh = Σ z̄_t · h_{t−1}ᵀ over steps and sequences is one product of two long matrices.
    fn add_to_gradient(
        &mut self,
        batch: &Batch<'_, R>,
        steps: Range<usize>,
        bar: &mut Weights<&mut [R]>,
    ) {
        let Layer { inputs, hidden } = self.layer;
        let size = lanes(hidden) * batch.size;
        let z_bar = &self.gates[steps.start * 4 * size..steps.end * 4 * size];
        match batch.input {
            Input::Vectors(_) => {
                let x = lanes(inputs) * batch.size;
                let x = &self.x[steps.start * x..steps.end * x];
                outer(hidden, batch.size, z_bar, x, bar.weight_ih);
                add_columns(batch.size, inputs, z_bar, &mut self.table_bar);
            }
            Input::Digits(digits) => {
                let digits = digits[steps.start * batch.size..].chunks_exact(batch.size);
                for (digits, z_bar) in digits.zip(z_bar.chunks_exact(4 * size)) {
                    sum_by_digit(digits, z_bar, &mut self.table_bar);
                }
            }
        }
        // h_0 = 0 has no share in it, and that of a shared h_1 is added where it is shared.
        let none = if self.first.is_shared() { steps.start == 1 } else { steps.start == 0 };
        let first = steps.start + usize::from(none && batch.start.is_none());
        let h_prev = &self.h[first * size..steps.end * size];
        outer(
            hidden,
            batch.size,
            &z_bar[(first - steps.start) * 4 * size..],
            h_prev,
            bar.weight_hh,
        );
    }
    // ANCHOR_END: add_to_gradient

    /// From the gradient of the table to those of W_ih and of the biases.
    fn finish_gradient(&self, batch: &Batch<'_, R>, bar: &mut Weights<&mut [R]>) {
        let Layer { inputs, hidden } = self.layer;
        for (q, columns) in self.table_bar.chunks_exact(inputs).enumerate() {
            let rows = panel_rows(hidden, q);
            let mut bias = Lane::of(0.0);
            for (d, column) in columns.iter().enumerate() {
                bias = bias + *column;
                if matches!(batch.input, Input::Digits(_)) {
                    let weights = &mut bar.weight_ih[rows.start * inputs..rows.end * inputs];
                    let weights = weights[d..].iter_mut().step_by(inputs);
                    weights.zip(column.0).for_each(|(weight, value)| *weight = value);
                }
            }
            bar.bias_ih[rows.clone()].copy_from_slice(&bias[..rows.len()]);
        }
        bar.bias_hh.copy_from_slice(bar.bias_ih);
    }

    /// After the backward pass: the adjoints of h_0 and of C_0, each (H, B) column by column.
    /// They mean something for a batch with a start.
    pub fn start_bar(&self) -> (&[R], &[R]) {
        (&self.start_bar[0], &self.start_bar[1])
    }

    /// After the backward pass: writes the adjoints of all inputs, (D, T·B).
    ///
    /// # Panics
    /// If `x_bar` has another length.
    pub fn input_bar(&mut self, weights: &Packed<R>, x_bar: &mut [R]) {
        let Layer { inputs, hidden } = self.layer;
        let step = inputs * self.batch;
        assert_eq!(x_bar.len(), self.steps * step, "the inputs of another forward pass");
        let (zero, rows) = (Lane::of(0.0), 4 * lanes(hidden));
        if self.first.is_shared() {
            // What all together said about step 1, each sequence says for itself.
            let size = lanes(hidden) * self.batch;
            let (first, second) = self.gates.split_at_mut(4 * size);
            self.first.memories(first, &mut self.tanh_c[..size]);
            self.h_bar.fill(zero);
            multiply(&weights.hh_transposed, &second[..4 * size], self.batch, &mut self.h_bar);
            let (tanh_c, c_0) = (&self.tanh_c[..size], &self.c[..size]);
            cell_backward(self.batch, first, tanh_c, c_0, &self.h_bar, &mut self.c_bar);
            self.first.forget();
        }
        self.ih.resize(lanes(inputs) * rows * LANES, zero);
        panels_transposed(hidden, &weights.ih, &mut self.ih);
        self.x.resize(lanes(inputs) * self.batch, zero);
        let z_bars = self.gates.chunks_exact(rows * self.batch);
        for (x_bar, z_bar) in x_bar.chunks_exact_mut(step).zip(z_bars) {
            self.x.fill(zero);
            multiply(&self.ih, z_bar, self.batch, &mut self.x);
            unpack(inputs, &self.x, x_bar);
        }
    }
}

/// About so many samples go into the gradient of the weights at a time: enough for a good
/// product, and few enough that they are still in a near cache.
const SAMPLES: usize = 256;

/// Adds to every row of `table_bar`, in its first column, the sum of z̄ over all samples.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn add_columns<R: Real>(batch: usize, inputs: usize, z_bar: &[Lane<R>], table_bar: &mut [Lane<R>]) {
    let panels = table_bar.len() / inputs;
    for z_bar in z_bar.chunks_exact(panels * batch) {
        for (z_bar, row) in z_bar.chunks_exact(batch).zip(table_bar.chunks_exact_mut(inputs)) {
            for z_bar in z_bar {
                row[0] = row[0] + *z_bar;
            }
        }
    }
}
