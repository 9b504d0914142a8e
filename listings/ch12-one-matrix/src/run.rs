//! Forward and backward through time, for a whole batch, in buffers that are made once.

use std::ops::Range;

use multiversion::multiversion;

use crate::activation::Tanh;
use crate::cell::{cell_backward, cell_forward};
use crate::packed::Packed;
use crate::product::{Blocks, Panels, matrix_vector, multiply};
use crate::{Layer, Real, Weights};

// ANCHOR: input
/// What a batch of B sequences reads: T steps one behind the other, and in each step the B
/// inputs.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a, T> {
    /// Whole vectors x, (D, T·B).
    Vectors(&'a [T]),
    /// One-hot vectors, each given by the place of its 1, below D: (T·B).
    Digits(&'a [u8]),
}

/// A batch of B sequences.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a, T> {
    /// B, the number of sequences.
    pub size: usize,
    /// What they read.
    pub input: Input<'a, T>,
    /// h_0 and C_0, each (H, B); both are 0 if nothing is said.
    pub start: Option<(&'a [T], &'a [T])>,
}
// ANCHOR_END: input

impl<'a, T> Batch<'a, T> {
    /// Sequences of digits, from zeros.
    pub fn of_digits(size: usize, digits: &'a [u8]) -> Batch<'a, T> {
        Batch { size, input: Input::Digits(digits), start: None }
    }

    /// The inputs of some of the steps, counted from 0, of `inputs` numbers each.
    fn steps(&self, steps: Range<usize>, inputs: usize) -> Input<'a, T> {
        let samples = steps.start * self.size..steps.end * self.size;
        match self.input {
            Input::Vectors(x) => Input::Vectors(&x[samples.start * inputs..samples.end * inputs]),
            Input::Digits(digits) => Input::Digits(&digits[samples]),
        }
    }
}

// ANCHOR: run
/// Everything that one pass over a batch computes, in buffers that are made by the first
/// pass and used again by the next.
///
/// A matrix of (H, B) has a column for each sequence; those of T steps lie one behind the
/// other.
#[derive(Clone, Debug)]
pub struct Run<T> {
    layer: Layer,
    /// How tanh is computed.
    pub tanh: Tanh,
    steps: usize,
    batch: usize,
    /// i, f, g and o of every step, (4H, T·B); after the backward pass, the adjoints of their
    /// pre-activations.
    gates: Vec<T>,
    /// h_0 … h_T, (H, (T+1)·B).
    h: Vec<T>,
    /// C_0 … C_T, (H, (T+1)·B).
    c: Vec<T>,
    /// tanh(C_1) … tanh(C_T), (H, T·B).
    tanh_c: Vec<T>,
    /// h̄ on its way back, (H, B).
    h_bar: Vec<T>,
    /// C̄ on its way back, (H, B).
    c_bar: Vec<T>,
    /// The gradient of [`Packed`]'s table, (4H, D).
    table_bar: Vec<T>,
    left: Panels<T>,
    right: Blocks<T>,
}
// ANCHOR_END: run

impl<T: Real> Run<T> {
    /// No buffers yet, for a layer of this size.
    pub fn new(layer: Layer) -> Run<T> {
        Run {
            layer,
            tanh: T::TANH,
            steps: 0,
            batch: 0,
            gates: Vec::new(),
            h: Vec::new(),
            c: Vec::new(),
            tanh_c: Vec::new(),
            h_bar: Vec::new(),
            c_bar: Vec::new(),
            table_bar: Vec::new(),
            left: Panels::default(),
            right: Blocks::default(),
        }
    }

    /// h_t of every sequence, (H, B), for t from 0.
    pub fn h(&self, t: usize) -> &[T] {
        let size = self.layer.hidden * self.batch;
        &self.h[t * size..][..size]
    }

    /// C_t of every sequence, (H, B), for t from 0.
    pub fn c(&self, t: usize) -> &[T] {
        let size = self.layer.hidden * self.batch;
        &self.c[t * size..][..size]
    }

    // ANCHOR: forward
    /// Reads a batch from its first input to its last. Returns h_T, (H, B).
    ///
    /// # Panics
    /// If the batch or the weights do not fit the layer.
    pub fn forward(&mut self, weights: &Packed<T>, batch: &Batch<'_, T>) -> &[T] {
        self.begin(weights, batch);
        let hidden = self.layer.hidden;
        let (size, rows) = (hidden * batch.size, 4 * hidden);
        for t in 0..self.steps {
            let z = &mut self.gates[t * rows * batch.size..][..rows * batch.size];
            let (h_prev, h) = self.h[t * size..][..2 * size].split_at_mut(size);
            let (c_prev, c) = self.c[t * size..][..2 * size].split_at_mut(size);
            let tanh_c = &mut self.tanh_c[t * size..][..size];
            let x = batch.steps(t..t + 1, self.layer.inputs);
            weights.read(x, &self.left, &mut self.right, z);
            if t == 0 && batch.start.is_none() {
                // h_0 is 0: nothing to multiply.
            } else if batch.size == 1 {
                matrix_vector(&weights.hh, h_prev, z);
            } else {
                self.right.fill(hidden, h_prev);
                multiply(&weights.hh, &self.right, z);
            }
            cell_forward(self.tanh, hidden, z, c_prev, c, tanh_c, h);
        }
        self.h(self.steps)
    }
    // ANCHOR_END: forward

    /// Sets the sizes and the start.
    fn begin(&mut self, weights: &Packed<T>, batch: &Batch<'_, T>) {
        assert_eq!(self.layer, weights.layer(), "weights of another layer");
        let samples = match batch.input {
            Input::Vectors(x) => {
                self.left.fill_by_rows(4 * self.layer.hidden, &weights.ih);
                x.len() / self.layer.inputs
            }
            Input::Digits(digits) => digits.len(),
        };
        assert!(batch.size > 0 && samples.is_multiple_of(batch.size), "a step with fewer inputs");
        (self.batch, self.steps) = (batch.size, samples / batch.size);
        let (hidden, first) = (self.layer.hidden, self.layer.hidden * batch.size);
        self.gates.resize(4 * hidden * samples, T::zero());
        self.tanh_c.resize(hidden * samples, T::zero());
        for (states, start) in [
            (&mut self.h, batch.start.map(|(h_0, _)| h_0)),
            (&mut self.c, batch.start.map(|(_, c_0)| c_0)),
        ] {
            states.resize(first + hidden * samples, T::zero());
            match start {
                Some(start) => states[..first].copy_from_slice(start),
                None => states[..first].fill(T::zero()),
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
        weights: &Packed<T>,
        batch: &Batch<'_, T>,
        h_bars: &[T],
        c_bar: Option<&[T]>,
        gradient: &mut [T],
    ) {
        let hidden = self.layer.hidden;
        let (size, rows) = (hidden * batch.size, 4 * hidden);
        assert_eq!(batch.size, self.batch, "the batch of another forward pass");
        assert!(h_bars.len().is_multiple_of(size), "h̄ of a part of a step");
        let mut bar = self.begin_backward(c_bar, gradient);
        let mut from_loss = h_bars.rchunks_exact(size);
        let group = (SAMPLES / batch.size).max(1);
        let mut end = self.steps;
        for t in (0..self.steps).rev() {
            let z = &mut self.gates[t * rows * batch.size..][..rows * batch.size];
            if let Some(from_loss) = from_loss.next() {
                self.h_bar.iter_mut().zip(from_loss).for_each(|(h_bar, &more)| *h_bar += more);
            }
            let (tanh_c, c_prev) = (&self.tanh_c[t * size..][..size], &self.c[t * size..][..size]);
            cell_backward(hidden, z, tanh_c, c_prev, &self.h_bar, &mut self.c_bar);
            if t > 0 || batch.start.is_some() {
                self.h_bar.fill(T::zero());
                self.right.fill(rows, z);
                multiply(&weights.hh_transposed, &self.right, &mut self.h_bar);
            }
            if t.is_multiple_of(group) {
                self.add_to_gradient(batch, t..end, &mut bar);
                end = t;
            }
        }
        if matches!(batch.input, Input::Digits(_)) {
            for (d, column) in self.table_bar.chunks_exact(rows).enumerate() {
                let weights = bar.weight_ih.iter_mut().skip(d).step_by(self.layer.inputs);
                weights.zip(column).for_each(|(weight, &value)| *weight = value);
            }
            add_columns(&self.table_bar, bar.bias_ih);
        }
        bar.bias_hh.copy_from_slice(bar.bias_ih);
    }
    // ANCHOR_END: backward

    fn begin_backward<'g>(
        &mut self,
        c_bar: Option<&[T]>,
        gradient: &'g mut [T],
    ) -> Weights<&'g mut [T]> {
        let Layer { inputs, hidden } = self.layer;
        let size = hidden * self.batch;
        self.h_bar.resize(size, T::zero());
        self.h_bar.fill(T::zero());
        self.c_bar.resize(size, T::zero());
        match c_bar {
            Some(c_bar) => self.c_bar.copy_from_slice(c_bar),
            None => self.c_bar.fill(T::zero()),
        }
        self.table_bar.resize(4 * hidden * inputs, T::zero());
        self.table_bar.fill(T::zero());
        gradient.fill(T::zero());
        self.layer.split_mut(gradient)
    }

    // ANCHOR: add_to_gradient
    /// Adds the share of some steps, whose z̄ are known, to the gradient.
    ///
    /// W̄_hh = Σ z̄_t · h_{t−1}ᵀ over steps and sequences is one product of two long matrices.
    /// It is computed transposed, for row by row, as θ holds W_hh, is column by column of the
    /// transpose.
    fn add_to_gradient(
        &mut self,
        batch: &Batch<'_, T>,
        steps: Range<usize>,
        bar: &mut Weights<&mut [T]>,
    ) {
        let Layer { inputs, hidden } = self.layer;
        let (size, rows) = (hidden * batch.size, 4 * hidden);
        let z_bar = &self.gates[steps.start * rows * batch.size..steps.end * rows * batch.size];
        let h_prev = &self.h[steps.start * size..steps.end * size];
        match batch.steps(steps.clone(), inputs) {
            Input::Vectors(x) => {
                self.right.fill_by_rows(rows, z_bar);
                self.left.fill(inputs, x);
                multiply(&self.left, &self.right, bar.weight_ih);
                add_columns(z_bar, bar.bias_ih);
            }
            Input::Digits(digits) => sum_by_digit(rows, z_bar, digits, &mut self.table_bar),
        }
        // h_0 = 0 has no share in it.
        let none = if steps.start == 0 && batch.start.is_none() { batch.size } else { 0 };
        if none < steps.len() * batch.size {
            self.right.fill_by_rows(rows, &z_bar[none * rows..]);
            self.left.fill(hidden, &h_prev[none * hidden..]);
            multiply(&self.left, &self.right, bar.weight_hh);
        }
    }
    // ANCHOR_END: add_to_gradient

    /// After the backward pass of a batch with a start: the adjoints of h_0 and of C_0, each
    /// (H, B).
    pub fn start_bar(&self) -> (&[T], &[T]) {
        (&self.h_bar, &self.c_bar)
    }

    /// After the backward pass: writes the adjoints of all inputs, (D, T·B).
    ///
    /// # Panics
    /// If `x_bar` has another length.
    pub fn input_bar(&mut self, weights: &Packed<T>, x_bar: &mut [T]) {
        x_bar.fill(T::zero());
        self.right.fill(4 * self.layer.hidden, &self.gates);
        self.left.fill(self.layer.inputs, &weights.ih);
        multiply(&self.left, &self.right, x_bar);
    }
}

/// About so many samples go into the gradient of the weights at a time: enough for a good
/// product, and few enough that they are still in a near cache.
const SAMPLES: usize = 256;

// ANCHOR: sum_by_digit
/// For one-hot inputs: each column of `table_bar`, (4H, D), collects the z̄ of the samples
/// that read it.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn sum_by_digit<T: Real>(rows: usize, z_bar: &[T], digits: &[u8], table_bar: &mut [T]) {
    for (z_bar, &digit) in z_bar.chunks_exact(rows).zip(digits) {
        let column = &mut table_bar[usize::from(digit) * rows..][..rows];
        column.iter_mut().zip(z_bar).for_each(|(sum, &z_bar)| *sum += z_bar);
    }
}
// ANCHOR_END: sum_by_digit

/// sum = sum + every column.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn add_columns<T: Real>(columns: &[T], sum: &mut [T]) {
    for column in columns.chunks_exact(sum.len()) {
        sum.iter_mut().zip(column).for_each(|(sum, &value)| *sum += value);
    }
}
