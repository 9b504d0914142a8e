//! What the machine could do: fused multiply-adds on numbers that stay in registers.

use std::hint::black_box;
use std::time::{Duration, Instant};

use multiversion::multiversion;
use multiversion::target::target_cfg_f;

/// Numbers in a block of registers: two or one of x86's, four of ARM's.
const LANES: usize = 16;

/// Rounds of one measurement: a fraction of a millisecond.
const ROUNDS: usize = 20_000;

/// `acc += a * b` on `N` blocks at a time, so that many that none has to wait for itself.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2+fma"))]
fn multiply_add<const N: usize>(a: &[f32; LANES], b: &[f32; N]) -> [[f32; LANES]; N] {
    let fused = target_cfg_f!(any(target_feature = "fma", target_feature = "avx512f"))
        || cfg!(target_arch = "aarch64");
    let mut acc = [[0.0; LANES]; N];
    for _ in 0..ROUNDS {
        for (acc, &b) in acc.iter_mut().zip(b) {
            for (acc, &a) in acc.iter_mut().zip(a) {
                *acc = if fused { a.mul_add(b, *acc) } else { a * b + *acc };
            }
        }
    }
    acc
}

/// Floating-point operations a second of `N` blocks.
fn speed<const N: usize>() -> f64 {
    let (a, b) = (black_box([1.001; LANES]), black_box([0.999; N]));
    let start = Instant::now();
    black_box(multiply_add::<N>(&a, &b));
    (2 * N * LANES * ROUNDS) as f64 / start.elapsed().as_secs_f64()
}

/// The most floating-point operations a second that one thread reaches within a few milliseconds: the
/// best of many short measurements, of as many blocks as suit any register file.
fn one_thread() -> f64 {
    let start = Instant::now();
    let mut best = 0.0_f64;
    while start.elapsed() < Duration::from_millis(8) {
        for speed in [speed::<4>, speed::<5>, speed::<6>, speed::<7>, speed::<8>, speed::<12>] {
            best = best.max(speed());
        }
    }
    best
}

/// The peak of so many threads at once, in floating-point operations a second.
pub fn peak(threads: usize) -> f64 {
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..threads).map(|_| scope.spawn(one_thread)).collect();
        runs.into_iter().map(|run| run.join().unwrap_or(0.0)).sum()
    })
}
