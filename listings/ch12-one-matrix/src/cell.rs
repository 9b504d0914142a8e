//! What one time step does entry by entry, for every sequence of a batch.

use multiversion::multiversion;

use crate::Real;
use crate::activation::{Tanh, sigmoid_all, tanh_all};
use crate::real::fused;

// ANCHOR: cell_forward
/// Chapter 8's step: pre-activations become gates, and then come C_t, tanh(C_t) and h_t.
///
/// `z` is (4H, B), in each column i, f, g and o; all others are (H, B).
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub(crate) fn cell_forward<T: Real>(
    tanh: Tanh,
    hidden: usize,
    z: &mut [T],
    c_prev: &[T],
    c: &mut [T],
    tanh_c: &mut [T],
    h: &mut [T],
) {
    let fused = fused!();
    let before = z.chunks_exact_mut(4 * hidden).zip(c_prev.chunks_exact(hidden));
    let after = tanh_c.chunks_exact_mut(hidden).zip(h.chunks_exact_mut(hidden));
    for ((z, c_prev), (c, (tanh_c, h))) in before.zip(c.chunks_exact_mut(hidden).zip(after)) {
        let (i_and_f, g_and_o) = z.split_at_mut(2 * hidden);
        let (g, o) = g_and_o.split_at_mut(hidden);
        sigmoid_all(fused, tanh, i_and_f);
        tanh_all(fused, tanh, g);
        sigmoid_all(fused, tanh, o);
        let (i, f) = i_and_f.split_at(hidden);
        for ((((c, &c_prev), &i), &f), &g) in c.iter_mut().zip(c_prev).zip(i).zip(f).zip(&*g) {
            *c = f * c_prev + i * g;
        }
        tanh_c.copy_from_slice(c);
        tanh_all(fused, tanh, tanh_c);
        for ((h, &o), &tanh_c) in h.iter_mut().zip(&*o).zip(&*tanh_c) {
            *h = o * tanh_c;
        }
    }
}
// ANCHOR_END: cell_forward

// ANCHOR: cell_backward
/// Chapter 8's step backward: the gates are replaced by the adjoints of their
/// pre-activations, and C̄_t by C̄_{t−1}.
///
/// Shapes as in the forward step; `c_bar` is what arrives at C_t from step t + 1.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub(crate) fn cell_backward<T: Real>(
    hidden: usize,
    gates: &mut [T],
    tanh_c: &[T],
    c_prev: &[T],
    h_bar: &[T],
    c_bar: &mut [T],
) {
    let one = T::one();
    let states = tanh_c.chunks_exact(hidden).zip(c_prev.chunks_exact(hidden));
    let bars = h_bar.chunks_exact(hidden).zip(c_bar.chunks_exact_mut(hidden));
    for (gates, ((tanh_c, c_prev), (h_bar, c_bar))) in
        gates.chunks_exact_mut(4 * hidden).zip(states.zip(bars))
    {
        let (i, rest) = gates.split_at_mut(hidden);
        let (f, rest) = rest.split_at_mut(hidden);
        let (g, o) = rest.split_at_mut(hidden);
        // Short loops over few slices each: the compiler would not turn one loop over all eight
        // into whole registers.
        for (((c, &h), &o), &t) in c_bar.iter_mut().zip(h_bar).zip(&*o).zip(tanh_c) {
            *c += h * o * (one - t * t);
        }
        for ((o, &h), &t) in o.iter_mut().zip(h_bar).zip(tanh_c) {
            *o = h * t * *o * (one - *o);
        }
        for ((i, g), &c) in i.iter_mut().zip(g).zip(&*c_bar) {
            (*i, *g) = (c * *g * *i * (one - *i), c * *i * (one - *g * *g));
        }
        for ((f, c), &c_prev) in f.iter_mut().zip(c_bar).zip(c_prev) {
            (*f, *c) = (*c * c_prev * *f * (one - *f), *c * *f);
        }
    }
}
// ANCHOR_END: cell_backward
