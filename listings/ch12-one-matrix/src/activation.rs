//! The squashing functions, a whole slice at a time.

use crate::Real;
use crate::real::multiply_add;

// ANCHOR: tanh
/// How tanh (and through it the sigmoid) is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tanh {
    /// By the standard library: right to the last digit or nearly so, one number at a time.
    Exact,
    /// By [`rational_tanh`]: right to about six digits, as many numbers at a time as a register
    /// holds.
    Rational,
}
// ANCHOR_END: tanh

// ANCHOR: rational_tanh
/// tanh(x) to within 5e−7 (an absolute error), with nothing in it but products, sums and
/// one division.
///
/// A quotient of two polynomials, of degree 13 and 6. The coefficients are those of Eigen
/// (`Eigen/src/Core/MathFunctionsImpl.h`).
pub fn rational_tanh<T: Real>(x: T) -> T {
    rational(false, x)
}

/// Beyond ±LIMIT the result stays what it is there.
const LIMIT: f64 = 7.905_311_107_635_498;

#[inline(always)]
fn rational<T: Real>(fused: bool, x: T) -> T {
    const ODD: [f64; 7] = [
        -2.760_768_477_423_55e-16,
        2.000_187_904_824_77e-13,
        -8.604_671_522_137_35e-11,
        5.122_297_090_371_14e-8,
        1.485_722_357_179_79e-5,
        6.372_619_288_754_36e-4,
        4.893_524_558_917_86e-3,
    ];
    const EVEN: [f64; 4] = [
        1.198_258_394_667_02e-6,
        1.185_347_056_866_54e-4,
        2.268_434_632_439e-3,
        4.893_525_185_543_85e-3,
    ];
    let x = x.min(T::of(LIMIT)).max(T::of(-LIMIT));
    let square = x * x;
    let polynomial =
        |sum: T, &coefficient: &f64| multiply_add(fused, sum, square, T::of(coefficient));
    let odd = ODD[1..].iter().fold(T::of(ODD[0]), polynomial);
    let even = EVEN[1..].iter().fold(T::of(EVEN[0]), polynomial);
    x * odd / even
}
// ANCHOR_END: rational_tanh

// ANCHOR: squash
/// Every z becomes tanh(z).
///
/// `tanh` of the standard library is a call, and a loop with a call in it stays a loop. The
/// rational function is arithmetic: the compiler makes of it a loop over whole registers.
#[inline(always)]
pub(crate) fn tanh_all<T: Real>(fused: bool, tanh: Tanh, z: &mut [T]) {
    match tanh {
        Tanh::Exact => z.iter_mut().for_each(|z| *z = T::tanh(*z)),
        Tanh::Rational => z.iter_mut().for_each(|z| *z = rational(fused, *z)),
    }
}

/// Every z becomes σ(z) = ½ + ½ tanh(z/2): one squashing function serves both.
///
/// Not where it is to be exact: of a gate that is nearly shut, that sum keeps few digits.
#[inline(always)]
pub(crate) fn sigmoid_all<T: Real>(fused: bool, tanh: Tanh, z: &mut [T]) {
    let half = T::of(0.5);
    match tanh {
        Tanh::Exact => z.iter_mut().for_each(|z| *z = sigmoid(*z)),
        Tanh::Rational => {
            z.iter_mut().for_each(|z| *z = half + half * rational(fused, half * *z));
        }
    }
}
// ANCHOR_END: squash

/// Chapter 3's sigmoid, which never computes an infinity.
fn sigmoid<T: Real>(z: T) -> T {
    let e = (-z.abs()).exp();
    (if z < T::zero() { e } else { T::one() }) / (T::one() + e)
}
