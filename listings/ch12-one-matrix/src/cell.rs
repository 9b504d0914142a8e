//! What one time step does entry by entry, for every sequence of a batch.

use multiversion::multiversion;

use crate::Real;
use crate::activation::{sigmoid, tanh};
use crate::lane::Lane;
use crate::real::{Cpu, Tanh, cpu};

// ANCHOR: cell_forward
/// Chapter 8's step: pre-activations become gates, and then come C_t, tanh(C_t) and h_t.
///
/// All in lanes: `z` is (4H, B), of every 16 units first i, then f, g and o; all others are (H, B).
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub(crate) fn cell_forward<R: Real>(
    by: Tanh,
    batch: usize,
    z: &mut [Lane<R>],
    c_prev: &[Lane<R>],
    c: &mut [Lane<R>],
    tanh_c: &mut [Lane<R>],
    h: &mut [Lane<R>],
) {
    let cpu = cpu!();
    let before = z.chunks_exact_mut(4 * batch).zip(c_prev.chunks_exact(batch));
    let after = tanh_c.chunks_exact_mut(batch).zip(h.chunks_exact_mut(batch));
    for ((z, c_prev), (c, (tanh_c, h))) in before.zip(c.chunks_exact_mut(batch).zip(after)) {
        for b in 0..batch {
            let at = [b, batch + b, 2 * batch + b, 3 * batch + b];
            let z_t = [z[at[0]], z[at[1]], z[at[2]], z[at[3]]];
            let gates;
            (gates, c[b], tanh_c[b], h[b]) = step(cpu, by, z_t, c_prev[b]);
            [z[at[0]], z[at[1]], z[at[2]], z[at[3]]] = gates;
        }
    }
}

/// The gates, C_t, tanh(C_t) and h_t of 16 units.
#[inline(always)]
fn step<R: Real>(
    cpu: Cpu,
    by: Tanh,
    [i, f, g, o]: [Lane<R>; 4],
    c_prev: Lane<R>,
) -> ([Lane<R>; 4], Lane<R>, Lane<R>, Lane<R>) {
    let i = sigmoid(cpu, by, i);
    let f = sigmoid(cpu, by, f);
    let g = tanh(cpu, by, g);
    let o = sigmoid(cpu, by, o);
    let c = f * c_prev + i * g;
    let tanh_c = tanh(cpu, by, c);
    ([i, f, g, o], c, tanh_c, o * tanh_c)
}
// ANCHOR_END: cell_forward

// ANCHOR: cell_backward
/// Chapter 8's step backward: the gates are replaced by the adjoints of their
/// pre-activations, and C̄_t by C̄_{t−1}.
///
/// Shapes as in the forward step; `c_bar` is what arrives at C_t from step t + 1.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub(crate) fn cell_backward<R: Real>(
    batch: usize,
    gates: &mut [Lane<R>],
    tanh_c: &[Lane<R>],
    c_prev: &[Lane<R>],
    h_bar: &[Lane<R>],
    c_bar: &mut [Lane<R>],
) {
    let states = tanh_c.chunks_exact(batch).zip(c_prev.chunks_exact(batch));
    let bars = h_bar.chunks_exact(batch).zip(c_bar.chunks_exact_mut(batch));
    for (gates, ((tanh_c, c_prev), (h_bar, c_bar))) in
        gates.chunks_exact_mut(4 * batch).zip(states.zip(bars))
    {
        for b in 0..batch {
            let at = [b, batch + b, 2 * batch + b, 3 * batch + b];
            let [i, f, g, o] = [gates[at[0]], gates[at[1]], gates[at[2]], gates[at[3]]];
            let z_bars;
            (z_bars, c_bar[b]) =
                step_backward([i, f, g, o], tanh_c[b], c_prev[b], h_bar[b], c_bar[b]);
            [gates[at[0]], gates[at[1]], gates[at[2]], gates[at[3]]] = z_bars;
        }
    }
}

/// The adjoints of the pre-activations, and C̄_{t−1}. All comes in and goes out by value: nothing that is written can be
/// something that is still to be read.
#[inline(always)]
fn step_backward<R: Real>(
    [i, f, g, o]: [Lane<R>; 4],
    tanh_c: Lane<R>,
    c_prev: Lane<R>,
    h_bar: Lane<R>,
    c_bar: Lane<R>,
) -> ([Lane<R>; 4], Lane<R>) {
    let one = Lane::of(1.0);
    let c_bar = c_bar + h_bar * o * (one - tanh_c * tanh_c);
    let z_bars = [
        c_bar * g * i * (one - i),
        c_bar * c_prev * f * (one - f),
        c_bar * i * (one - g * g),
        h_bar * tanh_c * o * (one - o),
    ];
    (z_bars, c_bar * f)
}
// ANCHOR_END: cell_backward
