//! Chapter 4's clipping, for a gradient that is one slice.

use multiversion::multiversion;
use one_matrix::Real;

use crate::loss::scale;

// ANCHOR: norm
/// The length ‖g‖ of a gradient.
pub fn norm<R: Real>(gradient: &[R]) -> R {
    sum_of_squares(gradient).sqrt()
}

/// In 16 sums, as many as a register holds: one sum would have to wait for itself at every step.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn sum_of_squares<R: Real>(gradient: &[R]) -> R {
    let mut sums = [R::zero(); 16];
    let (whole, rest) = gradient.as_chunks::<16>();
    for part in whole {
        for k in 0..16 {
            sums[k] += part[k] * part[k];
        }
    }
    sums.iter_mut().zip(rest).for_each(|(sum, &g)| *sum += g * g);
    sums.iter().fold(R::zero(), |total, &sum| total + sum)
}
// ANCHOR_END: norm

// ANCHOR: clip
/// Shortens a gradient that is longer than `limit` to that length, and returns the length that it had.
///
/// To the last digit this is `torch.nn.utils.clip_grad_norm_`, which adds 1e−6 to the length before it divides: what is
/// clipped ends up shorter than the limit by one part in a million or less.
///
/// No factor mends a gradient with infinity or NaN in it: look at what is returned.
pub fn clip<R: Real>(gradient: &mut [R], limit: R) -> R {
    let length = norm(gradient);
    let factor = limit / (length + R::of(1e-6));
    if factor < R::one() {
        scale(gradient, factor);
    }
    length
}
// ANCHOR_END: clip

// ANCHOR: all_finite
/// Whether no number is infinite or NaN.
///
/// Looks at all of them, 16 at a time: faster than to stop at the first. Zero times a number is 0; zero times infinity is
/// NaN, and so is whatever NaN is part of.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub fn all_finite<R: Real>(values: &[R]) -> bool {
    let zero = R::zero();
    let mut sums = [zero; 16];
    let (whole, rest) = values.as_chunks::<16>();
    for part in whole {
        for k in 0..16 {
            sums[k] += zero * part[k];
        }
    }
    sums.iter_mut().zip(rest).for_each(|(sum, &value)| *sum += zero * value);
    sums == [zero; 16]
}
// ANCHOR_END: all_finite
