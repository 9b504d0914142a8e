//! One text for two kinds of numbers, and for several kinds of processors.

use nalgebra::RealField;

// ANCHOR: tanh
/// How tanh (and through it the sigmoid) is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tanh {
    /// By the standard library: right to the last digit or nearly so, one number at a time.
    Exact,
    /// By [`rational_tanh`](crate::rational_tanh): right to about six digits, as many numbers at a time as a register
    /// holds.
    Rational,
}
// ANCHOR_END: tanh

// ANCHOR: real
/// `f32` or `f64`.
///
/// `f64` is for checking, `f32` for training: a register of the processor holds twice as
/// many.
pub trait Real: RealField + Copy {
    /// How tanh is computed, unless something else is said.
    const TANH: Tanh;
    /// The nearest number of this kind.
    fn of(value: f64) -> Self;
    /// The same number, as an `f64`.
    fn to_f64(self) -> f64;
}

impl Real for f64 {
    const TANH: Tanh = Tanh::Exact;
    #[inline(always)]
    fn of(value: f64) -> f64 {
        value
    }
    fn to_f64(self) -> f64 {
        self
    }
}

impl Real for f32 {
    const TANH: Tanh = Tanh::Rational;
    #[inline(always)]
    fn of(value: f64) -> f32 {
        value as f32
    }
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
}
// ANCHOR_END: real

// ANCHOR: multiply_add
/// What the function that asks is being compiled for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cpu {
    /// A multiplication and an addition in one instruction, with one rounding.
    pub fma: bool,
    /// 32 registers of 64 bytes.
    pub wide: bool,
}

macro_rules! cpu {
    () => {{
        use multiversion::target::target_cfg_f;
        crate::real::Cpu {
            fma: target_cfg_f!(target_feature = "fma") || cfg!(target_arch = "aarch64"),
            wide: target_cfg_f!(target_feature = "avx512f"),
        }
    }};
}
pub(crate) use cpu;

/// a · b + c: one instruction and one rounding where the processor has that, two where not.
///
/// Where it has not, `mul_add` would be computed by a slow function.
#[inline(always)]
pub(crate) fn multiply_add<R: Real>(cpu: Cpu, a: R, b: R, c: R) -> R {
    if cpu.fma { a.mul_add(b, c) } else { a * b + c }
}
// ANCHOR_END: multiply_add
