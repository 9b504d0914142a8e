//! The output layer: from h_T to a score for every answer.

use multiversion::multiversion;
use one_matrix::Real;

// ANCHOR: linear
/// y = W · h + b for every sequence of a batch. θ of the layer is W of (K, H), row by row, and then b of (K): in
/// PyTorch `weight` and `bias` of `nn.Linear`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linear {
    /// H, the length of what it reads.
    pub inputs: usize,
    /// K, the number of answers.
    pub outputs: usize,
}
// ANCHOR_END: linear

impl Linear {
    /// The number of parameters: K (H + 1).
    pub fn len(self) -> usize {
        self.outputs * (self.inputs + 1)
    }

    /// Whether there are no parameters at all.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    fn check<R>(self, theta: &[R], h: &[R], y: &[R]) {
        let sizes = (theta.len(), h.len() * self.outputs, h.len().is_multiple_of(self.inputs));
        assert_eq!(sizes, (self.len(), y.len() * self.inputs, true), "shapes that do not fit");
    }

    // ANCHOR: linear_forward
    /// Computes y, (K, B), from h, (H, B).
    ///
    /// # Panics
    /// If the shapes do not fit.
    pub fn forward<R: Real>(self, theta: &[R], h: &[R], y: &mut [R]) {
        self.check(theta, h, y);
        let (w, b) = theta.split_at(self.outputs * self.inputs);
        multiply(w, b, h, y);
    }
    // ANCHOR_END: linear_forward

    // ANCHOR: linear_backward
    /// From ȳ, (K, B), to h̄, (H, B), and to the gradient of θ. Both are written, not added.
    ///
    /// # Panics
    /// If the shapes do not fit.
    pub fn backward<R: Real>(
        self,
        theta: &[R],
        h: &[R],
        y_bar: &[R],
        h_bar: &mut [R],
        gradient: &mut [R],
    ) {
        self.check(theta, h, y_bar);
        self.check(gradient, h_bar, y_bar);
        let (w, _) = theta.split_at(self.outputs * self.inputs);
        let (w_bar, b_bar) = gradient.split_at_mut(self.outputs * self.inputs);
        multiply_back(w, h, y_bar, h_bar, w_bar, b_bar);
    }
    // ANCHOR_END: linear_backward
}

// ANCHOR: linear_products
/// y = W · h + b in every column; each entry in 16 sums, as in [`norm`](crate::norm).
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn multiply<R: Real>(w: &[R], b: &[R], h: &[R], y: &mut [R]) {
    let inputs = w.len() / b.len();
    for (y, h) in y.chunks_exact_mut(b.len()).zip(h.chunks_exact(inputs)) {
        let (h, h_rest) = h.as_chunks::<16>();
        for ((y, &b), row) in y.iter_mut().zip(b).zip(w.chunks_exact(inputs)) {
            let (row, row_rest) = row.as_chunks::<16>();
            let mut sums = [R::zero(); 16];
            for (w, h) in row.iter().zip(h) {
                for k in 0..16 {
                    sums[k] += w[k] * h[k];
                }
            }
            for ((sum, &w), &h) in sums.iter_mut().zip(row_rest).zip(h_rest) {
                *sum += w * h;
            }
            // By halves: sixteen additions, each of which waits for the one before, would take longer than all else.
            for half in [8, 4, 2, 1] {
                for k in 0..half {
                    sums[k] += sums[k + half];
                }
            }
            *y = b + sums[0];
        }
    }
}

/// h̄ = Wᵀ · ȳ in every column, W̄ the sum of ȳ · hᵀ over the columns, and b̄ that of ȳ.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn multiply_back<R: Real>(
    w: &[R],
    h: &[R],
    y_bar: &[R],
    h_bar: &mut [R],
    w_bar: &mut [R],
    b_bar: &mut [R],
) {
    let (inputs, outputs) = (w.len() / b_bar.len(), b_bar.len());
    for (y_bar, h_bar) in y_bar.chunks_exact(outputs).zip(h_bar.chunks_exact_mut(inputs)) {
        weighted_sum(y_bar.iter(), w, h_bar);
    }
    for (k, (row, b_bar)) in w_bar.chunks_exact_mut(inputs).zip(b_bar).enumerate() {
        let y_bar = y_bar[k..].iter().step_by(outputs);
        weighted_sum(y_bar.clone(), h, row);
        *b_bar = R::zero();
        for &y_bar in y_bar {
            *b_bar += y_bar;
        }
    }
}

/// sum = Σ factor · row, for 16 columns at a time: their sums stay in registers.
#[inline(always)]
fn weighted_sum<'a, R: Real>(
    factors: impl Iterator<Item = &'a R> + Clone,
    rows: &[R],
    sum: &mut [R],
) {
    let rows = rows.chunks_exact(sum.len());
    let (parts, rest) = sum.as_chunks_mut::<16>();
    let whole = 16 * parts.len();
    for (p, part) in parts.iter_mut().enumerate() {
        let mut sums = [R::zero(); 16];
        for (&factor, row) in factors.clone().zip(rows.clone()) {
            let row = &row.as_chunks::<16>().0[p];
            for k in 0..16 {
                sums[k] += factor * row[k];
            }
        }
        *part = sums;
    }
    for (k, sum) in rest.iter_mut().enumerate() {
        *sum = R::zero();
        for (&factor, row) in factors.clone().zip(rows.clone()) {
            *sum += factor * row[whole + k];
        }
    }
}
// ANCHOR_END: linear_products
