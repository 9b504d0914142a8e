//! One text for two kinds of numbers.

use nalgebra::RealField;

use crate::Tanh;

// ANCHOR: real
/// `f32` or `f64`.
///
/// `f64` is for checking, `f32` for training: a register of the processor holds twice as
/// many.
pub trait Real: RealField + Copy {
    /// How [`Run`](crate::Run) computes tanh, unless it is told otherwise.
    const TANH: Tanh;
    /// The nearest number of this kind.
    fn of(value: f64) -> Self;
    /// The same number, as an `f64`.
    fn to_f64(self) -> f64;
}

impl Real for f64 {
    const TANH: Tanh = Tanh::Exact;
    fn of(value: f64) -> f64 {
        value
    }
    fn to_f64(self) -> f64 {
        self
    }
}

impl Real for f32 {
    const TANH: Tanh = Tanh::Rational;
    fn of(value: f64) -> f32 {
        value as f32
    }
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
}
// ANCHOR_END: real

// ANCHOR: multiply_add
/// a · b + c: one instruction and one rounding where the processor has that (`fused`), two
/// where not.
///
/// Where it has not, `mul_add` would be computed by a slow function.
#[inline(always)]
pub(crate) fn multiply_add<T: Real>(fused: bool, a: T, b: T, c: T) -> T {
    if fused { a.mul_add(b, c) } else { a * b + c }
}

/// Whether the function that this stands in is being compiled for a processor with the
/// instruction.
macro_rules! fused {
    () => {
        multiversion::target::target_cfg_f!(target_feature = "fma") || cfg!(target_arch = "aarch64")
    };
}
pub(crate) use fused;
// ANCHOR_END: multiply_add
