//! What can be nudged, trained and saved: a list of named tensors.

use nalgebra::DVector;

/// One named matrix of parameters, to read. `values` is column-major, as in nalgebra.
#[derive(Clone, Copy, Debug)]
pub struct Tensor<'a> {
    /// The name in the book's notation, such as `W_f`.
    pub name: &'static str,
    /// Rows; `values.len()` is a multiple of it.
    pub rows: usize,
    /// All entries, column after column.
    pub values: &'a [f64],
}

impl Tensor<'_> {
    /// How many columns the entries fill, the last one in full or in part.
    pub fn columns(&self) -> usize {
        self.values.len().div_ceil(self.rows.max(1))
    }
}

/// One named matrix of parameters, to change.
#[derive(Debug)]
pub struct TensorMut<'a> {
    /// The name in the book's notation, such as `W_f`.
    pub name: &'static str,
    /// All entries, column after column.
    pub values: &'a mut [f64],
}

// ANCHOR: parameters
/// Something made of named tensors, always listed in the same order.
///
/// The gradient checker walks over them, an optimiser updates them, a file stores them.
/// A gradient is a value of the *same* type: entry for entry, the adjoint of that number.
pub trait Parameters {
    /// The tensors, to read.
    fn tensors(&self) -> Vec<Tensor<'_>>;
    /// The same tensors in the same order, to change.
    fn tensors_mut(&mut self) -> Vec<TensorMut<'_>>;
}
// ANCHOR_END: parameters

/// How many numbers there are in all tensors together.
pub fn len(parameters: &impl Parameters) -> usize {
    parameters.tensors().iter().map(|t| t.values.len()).sum()
}

/// A vector with a name, so that inputs and initial states can be checked like weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Named(pub &'static str, pub DVector<f64>);

impl Parameters for Named {
    fn tensors(&self) -> Vec<Tensor<'_>> {
        vec![Tensor { name: self.0, rows: self.1.len(), values: self.1.as_slice() }]
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_>> {
        vec![TensorMut { name: self.0, values: self.1.as_mut_slice() }]
    }
}

/// Two groups, one after the other: a layer and its input, say.
impl<A: Parameters, B: Parameters> Parameters for (A, B) {
    fn tensors(&self) -> Vec<Tensor<'_>> {
        [self.0.tensors(), self.1.tensors()].concat()
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_>> {
        let mut all = self.0.tensors_mut();
        all.extend(self.1.tensors_mut());
        all
    }
}

/// Many of one kind, one after the other: the inputs of a sequence, say.
impl<P: Parameters> Parameters for Vec<P> {
    fn tensors(&self) -> Vec<Tensor<'_>> {
        self.iter().flat_map(Parameters::tensors).collect()
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_>> {
        self.iter_mut().flat_map(Parameters::tensors_mut).collect()
    }
}
