//! The weights of a layer, copied into the order in which the products read them.

use crate::product::{Blocks, Panels, multiply};
use crate::run::Input;
use crate::{Layer, Real};

// ANCHOR: packed
/// The weights of one layer, ready for [`Run`](crate::Run).
///
/// Copied once, after the weights have changed, and read in every time step.
#[derive(Clone, Debug, PartialEq)]
pub struct Packed<T> {
    layer: Layer,
    /// W_hh of (4H, H): from h_{t−1} to the pre-activations.
    pub(crate) hh: Panels<T>,
    /// W_hhᵀ of (H, 4H): from the pre-activations' adjoints to that of h_{t−1}.
    pub(crate) hh_transposed: Panels<T>,
    /// W_ih of (4H, D), row by row; put into panels only if whole vectors are read.
    pub(crate) ih: Vec<T>,
    /// b_ih + b_hh, (4H).
    bias: Vec<T>,
    /// For each one-hot input its whole contribution: column d is column d of W_ih, plus
    /// `bias`. (4H, D)
    table: Vec<T>,
}
// ANCHOR_END: packed

impl<T: Real> Packed<T> {
    /// Room for the weights of a layer, all zero.
    pub fn new(layer: Layer) -> Packed<T> {
        let Layer { inputs, hidden } = layer;
        let rows = 4 * hidden;
        Packed {
            layer,
            hh: Panels::default(),
            hh_transposed: Panels::default(),
            ih: vec![T::zero(); rows * inputs],
            bias: vec![T::zero(); rows],
            table: vec![T::zero(); rows * inputs],
        }
    }

    /// The layer's size.
    pub fn layer(&self) -> Layer {
        self.layer
    }

    // ANCHOR: load
    /// Copies the weights θ of the layer.
    ///
    /// # Panics
    /// If θ has another length than [`Layer::len`].
    pub fn load(&mut self, theta: &[T]) {
        let hidden = self.layer.hidden;
        let weights = self.layer.split(theta);
        self.hh.fill_by_rows(4 * hidden, weights.weight_hh);
        self.hh_transposed.fill(hidden, weights.weight_hh);
        self.ih.copy_from_slice(weights.weight_ih);
        let biases = weights.bias_ih.iter().zip(weights.bias_hh);
        self.bias.iter_mut().zip(biases).for_each(|(sum, (&ih, &hh))| *sum = ih + hh);
        for (d, column) in self.table.chunks_exact_mut(self.bias.len()).enumerate() {
            let weights = weights.weight_ih.iter().skip(d).step_by(self.layer.inputs);
            let terms = weights.zip(&self.bias);
            column.iter_mut().zip(terms).for_each(|(entry, (&w, &b))| *entry = w + b);
        }
    }
    // ANCHOR_END: load

    // ANCHOR: read
    /// What the inputs of one step contribute to the pre-activations z, (4H, B), biases
    /// included.
    ///
    /// Of a one-hot input there is nothing to multiply: its contribution is a column of the
    /// table. For vectors, `ih` has W_ih in panels.
    pub(crate) fn read(
        &self,
        input: Input<'_, T>,
        ih: &Panels<T>,
        right: &mut Blocks<T>,
        z: &mut [T],
    ) {
        let rows = self.bias.len();
        match input {
            Input::Digits(digits) => {
                for (z, &digit) in z.chunks_exact_mut(rows).zip(digits) {
                    z.copy_from_slice(&self.table[usize::from(digit) * rows..][..rows]);
                }
            }
            Input::Vectors(x) => {
                z.chunks_exact_mut(rows).for_each(|z| z.copy_from_slice(&self.bias));
                right.fill(self.layer.inputs, x);
                multiply(ih, right, z);
            }
        }
    }
    // ANCHOR_END: read
}
