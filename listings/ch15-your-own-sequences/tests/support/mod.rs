//! What the tests of this chapter draw.
#![allow(dead_code, reason = "each test uses a part of it")]

use digits::{below, generator};
use gradient_check::Named;
use nalgebra::{DMatrix, DVector};
use one_matrix::Layer;
use own_sequences::{Padded, States, Symbol};
use rand_chacha::ChaCha8Rng;

pub struct Draws(pub ChaCha8Rng);

impl Draws {
    pub fn new(seed: u64) -> Draws {
        Draws(generator(seed))
    }

    pub fn below(&mut self, n: usize) -> usize {
        below(n as u32, &mut self.0) as usize
    }

    /// Numbers within ±`limit`.
    pub fn numbers(&mut self, count: usize, limit: f64) -> Vec<f64> {
        let one = |rng: &mut ChaCha8Rng| limit * (f64::from(below(2_000_001, rng)) / 1e6 - 1.0);
        (0..count).map(|_| one(&mut self.0)).collect()
    }

    pub fn matrix(&mut self, rows: usize, columns: usize) -> DMatrix<f64> {
        DMatrix::from_vec(rows, columns, self.numbers(rows * columns, 1.0))
    }

    pub fn matrices(&mut self, count: usize, rows: usize, columns: usize) -> Vec<DMatrix<f64>> {
        (0..count).map(|_| self.matrix(rows, columns)).collect()
    }

    pub fn states(&mut self, hidden: usize, batch: usize) -> States {
        States { h: self.matrix(hidden, batch), c: self.matrix(hidden, batch) }
    }

    /// Lengths up to `steps`, 0 among them.
    pub fn lengths(&mut self, batch: usize, steps: usize) -> Vec<usize> {
        (0..batch).map(|_| self.below(steps + 1)).collect()
    }

    /// θ of a layer; its biases are pushed towards saturation.
    pub fn theta(&mut self, layer: Layer, scale: f64, push: f64) -> Vec<f64> {
        let mut theta = self.numbers(layer.len(), scale);
        let weights = layer.len() - 8 * layer.hidden;
        theta[weights..].iter_mut().for_each(|bias| *bias *= push);
        theta
    }

    /// Framed sequences of at least one symbol between the marks.
    pub fn sequences(&mut self, count: usize, longest: usize, symbols: usize) -> Vec<Vec<Symbol>> {
        let mut one = || {
            let length = 1 + self.below(longest);
            let inner: Vec<Symbol> =
                (0..length).map(|_| 1 + self.below(symbols - 1) as Symbol).collect();
            [vec![0], inner, vec![0]].concat()
        };
        (0..count).map(|_| one()).collect()
    }
}

/// All numbers of some matrices, one behind the other.
pub fn flat(matrices: &[DMatrix<f64>]) -> Vec<f64> {
    matrices.iter().flat_map(|matrix| matrix.iter().copied()).collect()
}

/// The other way.
pub fn unflat(numbers: &[f64], rows: usize, columns: usize) -> Vec<DMatrix<f64>> {
    numbers
        .chunks(rows * columns)
        .map(|part| DMatrix::from_column_slice(rows, columns, part))
        .collect()
}

pub fn named(name: &'static str, values: Vec<f64>) -> Named {
    Named(name, DVector::from_vec(values))
}

/// Products of the entries of what fits, all added up.
pub fn dot(a: &[DMatrix<f64>], b: &[DMatrix<f64>]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a.dot(b)).sum()
}

/// Fills the padding of a batch with other symbols.
pub fn repad(batch: &Padded, symbol: Symbol) -> Padded {
    let mut other = batch.clone();
    for t in 0..batch.read.len() {
        for b in 0..batch.size() {
            if t >= batch.lengths[b] {
                other.read[t][b] = symbol;
                other.asked[t][b] = symbol;
            }
        }
    }
    other
}
