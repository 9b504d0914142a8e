//! The first step of sequences of digits: computed once for each digit.

use crate::cell::{cell_backward, cell_forward};
use crate::digit::{by_digit, sum_by_digit};
use crate::lane::{Lane, lanes};
use crate::packed::Packed;
use crate::product::{multiply, outer};
use crate::real::Tanh;
use crate::{Layer, Real};

// ANCHOR: first
/// From zeros, all sequences that begin with the same digit take the same first step, and what W_hh makes of their h_1 is
/// the same too. So a batch of more sequences than there are digits needs both only once for each digit.
///
/// All in lanes, with a column for each of the D digits.
#[derive(Clone, Debug)]
pub(crate) struct First<R> {
    /// The digit that each sequence begins with, (B); none if the last batch did not share its first step.
    begins: Vec<u8>,
    /// D.
    count: usize,
    /// i, f, g and o of step 1, (4H, D).
    gates: Vec<Lane<R>>,
    /// C_0 = 0, C_1, tanh(C_1) and h_1, each (H, D).
    c_0: Vec<Lane<R>>,
    c: Vec<Lane<R>>,
    tanh_c: Vec<Lane<R>>,
    h: Vec<Lane<R>>,
    /// W_hh · h_1; on the way back, z̄_2, summed over the sequences that begin alike, (4H, D).
    second: Vec<Lane<R>>,
    /// z̄_1, (4H, D), h̄_1 and C̄_1, (H, D), summed in the same way.
    z_bar: Vec<Lane<R>>,
    h_bar: Vec<Lane<R>>,
    c_bar: Vec<Lane<R>>,
}
// ANCHOR_END: first

impl<R: Real> First<R> {
    pub(crate) fn new(layer: Layer) -> First<R> {
        let size = lanes(layer.hidden) * layer.inputs;
        let zeros = |size: usize| vec![Lane::of(0.0); size];
        First {
            begins: Vec::new(),
            count: layer.inputs,
            gates: zeros(4 * size),
            c_0: zeros(size),
            c: zeros(size),
            tanh_c: zeros(size),
            h: zeros(size),
            second: zeros(4 * size),
            z_bar: zeros(4 * size),
            h_bar: zeros(size),
            c_bar: zeros(size),
        }
    }

    /// Whether the last batch shared its first step.
    pub(crate) fn is_shared(&self) -> bool {
        !self.begins.is_empty()
    }

    /// The next batch does not.
    pub(crate) fn forget(&mut self) {
        self.begins.clear();
    }

    // ANCHOR: first_forward
    /// Takes the first step of every digit, for a batch whose sequences begin with these: with digit d in column d, the
    /// pre-activations are the table.
    pub(crate) fn forward(&mut self, tanh: Tanh, weights: &Packed<R>, begins: &[u8]) {
        self.begins.extend_from_slice(begins);
        self.gates.copy_from_slice(&weights.table);
        self.second.fill(Lane::of(0.0));
        let (c, tanh_c, h) = (&mut self.c, &mut self.tanh_c, &mut self.h);
        cell_forward(tanh, self.count, &mut self.gates, &self.c_0, c, tanh_c, h);
        multiply(&weights.hh, &self.h, self.count, &mut self.second);
    }

    /// What step 2 begins its pre-activations with, (4H, B): what its digits contribute, and W_hh · h_1.
    pub(crate) fn add_to_second(&self, z: &mut [Lane<R>]) {
        for (z, row) in
            z.chunks_exact_mut(self.begins.len()).zip(self.second.chunks_exact(self.count))
        {
            for (z, &digit) in z.iter_mut().zip(&self.begins) {
                *z = *z + row[usize::from(digit)];
            }
        }
    }
    // ANCHOR_END: first_forward

    /// h_1 and C_1 of every sequence, each (H, B).
    pub(crate) fn states(&self, h: &mut [Lane<R>], c: &mut [Lane<R>]) {
        by_digit(&self.begins, &self.h, h);
        by_digit(&self.begins, &self.c, c);
    }

    /// The gates of step 1, (4H, B), and tanh(C_1), (H, B), of every sequence.
    pub(crate) fn memories(&self, gates: &mut [Lane<R>], tanh_c: &mut [Lane<R>]) {
        by_digit(&self.begins, &self.gates, gates);
        by_digit(&self.begins, &self.tanh_c, tanh_c);
    }

    // ANCHOR: first_backward
    /// The rest of the way back, from z̄_2, (4H, B), and C̄_1, (H, B): adds its share to the gradients of the table and of
    /// W_hh. Both are sums over sequences, and so is what is computed here, digit by digit.
    pub(crate) fn backward(
        &mut self,
        weights: &Packed<R>,
        z_bar: &[Lane<R>],
        c_bar: &[Lane<R>],
        table_bar: &mut [Lane<R>],
        hh_bar: &mut [R],
    ) {
        for sums in [&mut self.second, &mut self.h_bar, &mut self.c_bar] {
            sums.fill(Lane::of(0.0));
        }
        sum_by_digit(&self.begins, z_bar, &mut self.second);
        sum_by_digit(&self.begins, c_bar, &mut self.c_bar);
        multiply(&weights.hh_transposed, &self.second, self.count, &mut self.h_bar);
        outer(weights.layer().hidden, self.count, &self.second, &self.h, hh_bar);
        self.z_bar.copy_from_slice(&self.gates);
        let (z_bar, c_bar) = (&mut self.z_bar, &mut self.c_bar);
        cell_backward(self.count, z_bar, &self.tanh_c, &self.c_0, &self.h_bar, c_bar);
        for (sum, z_bar) in table_bar.iter_mut().zip(&self.z_bar) {
            *sum = *sum + *z_bar;
        }
    }
    // ANCHOR_END: first_backward
}
