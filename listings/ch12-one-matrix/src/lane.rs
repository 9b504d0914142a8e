//! Sixteen numbers at a time: what the fast version computes with, and the layout that it keeps everything in.

use std::ops::{Add, Deref, DerefMut, Div, Mul, Sub};

use crate::Real;
use crate::real::{Cpu, multiply_add};

// ANCHOR: lane
/// So many numbers of a column are treated alike.
pub const LANES: usize = 16;

/// Entries 16u … 16u + 15 of one column: in `f32` one register with AVX-512, two with AVX2, and one line of the cache.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(align(64))]
pub struct Lane<R>(pub [R; LANES]);

macro_rules! operator {
    ($name:ident, $function:ident, $op:tt) => {
        impl<R: Real> $name for Lane<R> {
            type Output = Lane<R>;

            #[inline(always)]
            fn $function(mut self, other: Lane<R>) -> Lane<R> {
                for r in 0..LANES {
                    self[r] $op other[r];
                }
                self
            }
        }
    };
}
operator!(Add, add, +=);
operator!(Sub, sub, -=);
operator!(Mul, mul, *=);
operator!(Div, div, /=);
// ANCHOR_END: lane

impl<R: Real> Lane<R> {
    /// Sixteen times the same number.
    #[inline(always)]
    pub fn of(value: f64) -> Lane<R> {
        Lane([R::of(value); LANES])
    }

    /// self · factor + sum, where the factor is one number for all sixteen.
    #[inline(always)]
    pub(crate) fn fma(mut self, cpu: Cpu, factor: R, sum: Lane<R>) -> Lane<R> {
        for r in 0..LANES {
            self[r] = multiply_add(cpu, self[r], factor, sum[r]);
        }
        self
    }

    /// self · factors + summand, where the summand is one number for all sixteen: a step of Horner's rule.
    #[inline(always)]
    pub(crate) fn horner(mut self, cpu: Cpu, factors: Lane<R>, summand: f64) -> Lane<R> {
        let summand = R::of(summand);
        for r in 0..LANES {
            self[r] = multiply_add(cpu, self[r], factors[r], summand);
        }
        self
    }

    /// Each number, or the nearer end of ±limit where it is beyond.
    #[inline(always)]
    pub(crate) fn within(mut self, limit: f64) -> Lane<R> {
        let limit = R::of(limit);
        for r in 0..LANES {
            self[r] = self[r].min(limit).max(-limit);
        }
        self
    }

    /// The function of each number, one call after the other.
    #[inline(always)]
    pub(crate) fn each(mut self, function: impl Fn(R) -> R) -> Lane<R> {
        for r in 0..LANES {
            self[r] = function(self[r]);
        }
        self
    }
}

impl<R> Deref for Lane<R> {
    type Target = [R; LANES];

    #[inline(always)]
    fn deref(&self) -> &[R; LANES] {
        &self.0
    }
}

impl<R> DerefMut for Lane<R> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [R; LANES] {
        &mut self.0
    }
}

/// How many lanes hold so many numbers.
pub const fn lanes(numbers: usize) -> usize {
    numbers.div_ceil(LANES)
}

// ANCHOR: pack
/// A matrix of (n, B), given column by column, in lanes: lane u · B + b has entries 16u … 16u + 15 of column b. Beyond
/// the n-th entry stands 0.
///
/// # Panics
/// If the shapes do not fit.
pub fn pack<R: Real>(n: usize, columns: &[R], packed: &mut [Lane<R>]) {
    let batch = columns.len() / n;
    assert_eq!((packed.len(), columns.len()), (lanes(n) * batch, n * batch), "other shapes");
    for (u, part) in packed.chunks_exact_mut(batch).enumerate() {
        for (lane, column) in part.iter_mut().zip(columns.chunks_exact(n)) {
            *lane = lane_of(&column[u * LANES..]);
        }
    }
}

/// The first sixteen of these numbers; zeros where there are fewer.
#[inline(always)]
pub(crate) fn lane_of<R: Real>(numbers: &[R]) -> Lane<R> {
    match numbers.first_chunk() {
        Some(whole) => Lane(*whole),
        None => {
            let mut lane = Lane::of(0.0);
            lane[..numbers.len()].copy_from_slice(numbers);
            lane
        }
    }
}
// ANCHOR_END: pack

/// The way back: a matrix of (n, B) in lanes is written column by column.
///
/// # Panics
/// If the shapes do not fit.
pub fn unpack<R: Real>(n: usize, packed: &[Lane<R>], columns: &mut [R]) {
    let batch = columns.len() / n;
    assert_eq!((packed.len(), columns.len()), (lanes(n) * batch, n * batch), "other shapes");
    for (u, part) in packed.chunks_exact(batch).enumerate() {
        for (lane, column) in part.iter().zip(columns.chunks_exact_mut(n)) {
            let column = &mut column[u * LANES..];
            match column.first_chunk_mut() {
                Some(whole) => *whole = lane.0,
                None => column.copy_from_slice(&lane[..column.len()]),
            }
        }
    }
}
