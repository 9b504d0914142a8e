//! One number of a gradient, computed twice, and how far the two are apart.

use std::fmt;

use crate::parameters::Tensor;

/// From here on an error wants an explanation: the largest that this book's tests admit.
pub(crate) const BAD: f64 = 1e-7;

// ANCHOR: floor
/// Errors are never measured against less than this times max(1, |L|).
///
/// Rounding in the loss makes a numeric derivative wrong by up to 5e−12 · |L|, and no backward pass
/// can help that. An entry below the floor is therefore held to an absolute error instead of a
/// relative one: a relative error of 1e−7 there means 1e−11 · max(1, |L|).
pub(crate) const FLOOR: f64 = 1e-4;

/// The floor where the loss is L.
pub(crate) fn floor(loss: f64) -> f64 {
    FLOOR * loss.abs().max(1.0)
}
// ANCHOR_END: floor

// ANCHOR: relative_error
/// |θ̄ − d| / max(|θ̄|, |d|, floor), where θ̄ is the slope by hand and d that by differences.
pub(crate) fn relative_error(analytic: f64, numeric: f64, floor: f64) -> f64 {
    let error = (analytic - numeric).abs() / analytic.abs().max(numeric.abs()).max(floor);
    // A NaN is not smaller than any tolerance, and must not look so to `>`.
    if error.is_nan() { f64::INFINITY } else { error }
}
// ANCHOR_END: relative_error

/// One number of a gradient, computed twice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// The tensor's name.
    pub name: &'static str,
    /// Row, from 0.
    pub row: usize,
    /// Column, from 0.
    pub column: usize,
    /// What the backward pass says.
    pub analytic: f64,
    /// What the differences say; NaN where they can't say anything.
    pub numeric: f64,
    /// |analytic − numeric| over the largest of |analytic|, |numeric| and the floor.
    pub error: f64,
    /// What the error is measured against at least: 1e−4 · max(1, |L|).
    pub floor: f64,
}

impl Entry {
    /// Entry n of a tensor, counted column after column.
    pub(crate) fn new(at: &Tensor<'_>, n: usize, analytic: f64, numeric: f64, floor: f64) -> Entry {
        let (row, column) = (n % at.rows, n / at.rows);
        let error = relative_error(analytic, numeric, floor);
        Entry { name: at.name, row, column, analytic, numeric, error, floor }
    }

    /// Whether both numbers are so small, at most the floor, that only their absolute error was judged.
    pub fn is_faint(&self) -> bool {
        self.error.is_finite() && self.analytic.abs().max(self.numeric.abs()) <= self.floor
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Entry { name, row, column, analytic, numeric, error, floor } = self;
        write!(f, "{name}[{row}, {column}]: by hand {analytic:.6e}, by differences {numeric:.6e}")?;
        if self.is_faint() {
            write!(f, ", both below the floor of {floor:.1e}, of which they differ by {error:.1e}")
        } else {
            write!(f, ", relative error {error:.1e}")
        }
    }
}
