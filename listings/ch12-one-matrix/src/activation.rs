//! The squashing functions, a lane at a time.

use crate::Real;
use crate::lane::Lane;
use crate::real::{Cpu, Tanh};

// ANCHOR: rational_tanh
/// Beyond ±LIMIT the result stays what it is there.
const LIMIT: f64 = 7.85;
/// The odd powers of x, from x⁷ down to x.
const ODD: [f64; 4] = [1.146_710_501e-5, 2.953_342_086_1e-3, 0.129_271_864_14, 0.999_999_455_63];
/// The even powers of x, from x⁸ down to 1.
const EVEN: [f64; 5] =
    [2.474_080_231_1e-7, 2.390_790_293_9e-4, 2.382_327_596_9e-2, 0.462_603_172_61, 1.0];

/// tanh(x) to within 5e−7 (an absolute error), with nothing in it but products, sums and
/// one division: a quotient of two polynomials, of degree 7 and 8.
pub fn rational_tanh<R: Real>(x: R) -> R {
    rational(Cpu { fma: false, wide: false }, Lane([x; 16]))[0]
}

#[inline(always)]
fn rational<R: Real>(cpu: Cpu, x: Lane<R>) -> Lane<R> {
    let x = x.within(LIMIT);
    let square = x * x;
    let (mut odd, mut even) = (Lane::of(ODD[0]), Lane::of(EVEN[0]));
    for coefficient in &ODD[1..] {
        odd = odd.horner(cpu, square, *coefficient);
    }
    for coefficient in &EVEN[1..] {
        even = even.horner(cpu, square, *coefficient);
    }
    x * odd / even
}
// ANCHOR_END: rational_tanh

// ANCHOR: squash
/// tanh of sixteen numbers.
///
/// `tanh` of the standard library is a call, and a loop with a call in it stays a loop. The
/// rational function is arithmetic: the compiler makes of it instructions over whole registers.
#[inline(always)]
pub(crate) fn tanh<R: Real>(cpu: Cpu, by: Tanh, z: Lane<R>) -> Lane<R> {
    match by {
        Tanh::Exact => z.each(R::tanh),
        Tanh::Rational => rational(cpu, z),
    }
}

/// σ(z) = ½ + ½ tanh(z/2): one squashing function serves both.
///
/// Not where it is to be exact: of a gate that is nearly shut, that sum keeps few digits.
#[inline(always)]
pub(crate) fn sigmoid<R: Real>(cpu: Cpu, by: Tanh, z: Lane<R>) -> Lane<R> {
    match by {
        Tanh::Exact => z.each(exact_sigmoid),
        Tanh::Rational => {
            let half = Lane::of(0.5);
            half + half * rational(cpu, half * z)
        }
    }
}
// ANCHOR_END: squash

/// Chapter 3's sigmoid, which never computes an infinity.
fn exact_sigmoid<R: Real>(z: R) -> R {
    let e = (-z.abs()).exp();
    (if z < R::zero() { e } else { R::one() }) / (R::one() + e)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Over every 64th `f32` up to 20, on both sides, with one rounding in a multiply-add and with two: within 5e−7,
    /// never beyond ±1. And the same once more as a sigmoid: never below 0 or above 1.
    #[test]
    fn the_rational_tanh_is_right_to_six_digits_on_every_processor() {
        for fma in [false, true] {
            let cpu = Cpu { fma, wide: false };
            let mut worst = 0.0_f64;
            for first in (0..20.0_f32.to_bits()).step_by(64 * 16) {
                let x = Lane(std::array::from_fn(|r| f32::from_bits(first + 64 * r as u32)));
                let found = rational(cpu, x);
                let minus = rational(cpu, Lane::of(0.0) - x);
                let (open, shut) =
                    [x, Lane::of(0.0) - x].map(|z| sigmoid(cpu, Tanh::Rational, z)).into();
                for r in 0..16 {
                    worst = worst.max((f64::from(found[r]) - f64::from(x[r]).tanh()).abs());
                    assert!(found[r] <= 1.0, "tanh({}) = {}", x[r], found[r]);
                    assert_eq!(minus[r], -found[r]);
                    assert!(shut[r] >= 0.0 && open[r] <= 1.0, "at ±{}", x[r]);
                }
            }
            assert!(worst < 5e-7, "{worst:e}");
            assert!(worst > 1e-8, "this looks at the rational function, not at the exact one");
        }
    }
}
