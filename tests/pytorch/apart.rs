//! How far PyTorch and the book are apart.

use std::fmt;
use std::slice::from_ref;

use nalgebra::{DMatrix, DVector};

use crate::case::{Case, Results, Rows};

/// One tensor's error.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Apart {
    pub(crate) case: String,
    pub(crate) tensor: String,
    pub(crate) error: f64,
    /// What the difference was divided by.
    pub(crate) scale: f64,
    pub(crate) numbers: usize,
}

impl Apart {
    /// The same for `f32`: divided by 1 if the tensor is smaller. Chapter 12 computes a gate as ½ + ½ tanh(z/2), so one
    /// that is all but shut comes out within a rounding error of ½, 6e-8, and most of its own digits are gone.
    pub(crate) fn in_f32(self) -> Apart {
        let scale = self.scale.max(1.0);
        Apart { error: self.error * self.scale / scale, scale, ..self }
    }
}

impl fmt::Display for Apart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1e} in `{}` of {}", self.error, self.tensor, self.case)
    }
}

/// The largest difference, over the largest absolute value expected (or over 1, where all is zero),
/// and what it was divided by.
pub(crate) fn apart(expected: &[Rows], found: &[Rows]) -> (f64, f64) {
    let largest = expected.iter().map(DMatrix::amax).fold(0.0, f64::max);
    let scale = if largest == 0.0 { 1.0 } else { largest };
    let differences = expected.iter().zip(found).flat_map(|(e, f)| e.iter().zip(f.iter()));
    let worst = |worst: f64, (e, f): (&f64, &f64)| {
        let difference = (e - f).abs();
        // A NaN must not pass for a small number.
        if difference.is_nan() { f64::INFINITY } else { worst.max(difference) }
    };
    (differences.fold(0.0, worst) / scale, scale)
}

pub(crate) fn column(vector: &DVector<f64>) -> Rows {
    DMatrix::from_column_slice(vector.len(), 1, vector.as_slice())
}

/// All eleven tensors of a case; those about C are empty for the plain network.
pub(crate) fn compare(case: &Case, found: &Results) -> Vec<Apart> {
    let expected = &case.expected;
    let one = |number: f64| DMatrix::from_element(1, 1, number);
    let (loss, found_loss) = (one(expected.loss), one(found.loss));
    let tensor = |tensor: &str, expected: &[Rows], found: &[Rows]| {
        let (error, scale) = apart(expected, found);
        let numbers = expected.iter().map(DMatrix::len).sum();
        let (case, tensor) = (case.name.clone(), tensor.to_owned());
        Apart { case, tensor, error, scale, numbers }
    };
    let matrix = |name, expected, found| tensor(name, from_ref(expected), from_ref(found));
    let vector = |name, expected, found| tensor(name, &[column(expected)], &[column(found)]);
    let (grad, found_grad) = (&expected.grad, &found.grad);
    vec![
        tensor("h", &expected.h, &found.h),
        matrix("h_n", &expected.h_n, &found.h_n),
        matrix("c_n", &expected.c_n, &found.c_n),
        matrix("loss", &loss, &found_loss),
        matrix("grad.weight_ih", &grad.weight_ih, &found_grad.weight_ih),
        matrix("grad.weight_hh", &grad.weight_hh, &found_grad.weight_hh),
        vector("grad.bias_ih", &grad.bias_ih, &found_grad.bias_ih),
        vector("grad.bias_hh", &grad.bias_hh, &found_grad.bias_hh),
        tensor("grad.x", &expected.grad_x, &found.grad_x),
        matrix("grad.h0", &expected.grad_h0, &found.grad_h0),
        matrix("grad.c0", &expected.grad_c0, &found.grad_c0),
    ]
}

/// The worst tensor of a case.
pub(crate) fn worst(case: &Case, found: &Results) -> Apart {
    let tensors = compare(case, found);
    let worst = tensors.into_iter().max_by(|a, b| a.error.total_cmp(&b.error));
    worst.expect("eleven tensors")
}
