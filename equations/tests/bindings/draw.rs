//! Random shapes and values, and what a label is bound to.

use equations::Env;
use forget_gate::Gate;
use gradient_check::Affine;
use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;

/// Random shapes and values, handed out one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Draw {
    pub(crate) hidden: usize,
    pub(crate) inputs: usize,
    values: Vec<f64>,
}

/// Shapes from `smallest` up, values that leave some gates half open and push others far out.
pub(crate) fn draws(smallest: usize) -> impl Strategy<Value = Draw> {
    let value = prop_oneof![4 => -2.0..2.0, 1 => -8.0..8.0];
    let shapes = (smallest..=8_usize, smallest..=8_usize);
    (shapes, prop::collection::vec(value, 400)).prop_map(|((hidden, inputs), values)| Draw {
        hidden,
        inputs,
        values,
    })
}

impl Draw {
    pub(crate) fn matrix(&mut self, rows: usize, columns: usize) -> DMatrix<f64> {
        let rest = self.values.split_off(rows * columns);
        DMatrix::from_vec(rows, columns, std::mem::replace(&mut self.values, rest))
    }

    pub(crate) fn vector(&mut self, length: usize) -> DVector<f64> {
        self.matrix(length, 1).column(0).into_owned()
    }

    pub(crate) fn gate(&mut self) -> Gate {
        let w = self.matrix(self.hidden, self.hidden + self.inputs);
        Gate { affine: Affine { w, b: self.vector(self.hidden) } }
    }
}

/// Shorthand for what the environment takes.
pub(crate) fn m(vector: &DVector<f64>) -> DMatrix<f64> {
    DMatrix::from_column_slice(vector.len(), 1, vector.as_slice())
}

/// Gives every symbol of an equation its value, by the listings.
pub(crate) type Bind = fn(&mut Draw) -> Env;

/// A label and what it is bound to.
pub(crate) type Binding = (&'static str, Bind);
