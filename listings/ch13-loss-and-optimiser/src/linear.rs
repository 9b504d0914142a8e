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

    fn check<T>(self, theta: &[T], h: &[T], y: &[T]) {
        let sizes = (theta.len(), h.len() * self.outputs, h.len().is_multiple_of(self.inputs));
        assert_eq!(sizes, (self.len(), y.len() * self.inputs, true), "shapes that do not fit");
    }

    // ANCHOR: linear_forward
    /// Computes y, (K, B), from h, (H, B).
    ///
    /// # Panics
    /// If the shapes do not fit.
    pub fn forward<T: Real>(self, theta: &[T], h: &[T], y: &mut [T]) {
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
    pub fn backward<T: Real>(
        self,
        theta: &[T],
        h: &[T],
        y_bar: &[T],
        h_bar: &mut [T],
        gradient: &mut [T],
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
fn multiply<T: Real>(w: &[T], b: &[T], h: &[T], y: &mut [T]) {
    let inputs = w.len() / b.len();
    for (y, h) in y.chunks_exact_mut(b.len()).zip(h.chunks_exact(inputs)) {
        let (h, h_rest) = h.as_chunks::<16>();
        for ((y, &b), row) in y.iter_mut().zip(b).zip(w.chunks_exact(inputs)) {
            let (row, row_rest) = row.as_chunks::<16>();
            let mut sums = [T::zero(); 16];
            for (w, h) in row.iter().zip(h) {
                (0..16).for_each(|k| sums[k] += w[k] * h[k]);
            }
            for ((sum, &w), &h) in sums.iter_mut().zip(row_rest).zip(h_rest) {
                *sum += w * h;
            }
            *y = sums.iter().fold(b, |total, &sum| total + sum);
        }
    }
}

/// h̄ = Wᵀ · ȳ in every column, W̄ the sum of ȳ · hᵀ over the columns, and b̄ that of ȳ.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn multiply_back<T: Real>(
    w: &[T],
    h: &[T],
    y_bar: &[T],
    h_bar: &mut [T],
    w_bar: &mut [T],
    b_bar: &mut [T],
) {
    let (inputs, outputs) = (w.len() / b_bar.len(), b_bar.len());
    h_bar.fill(T::zero());
    w_bar.fill(T::zero());
    b_bar.fill(T::zero());
    let sequences = h.chunks_exact(inputs).zip(h_bar.chunks_exact_mut(inputs));
    for (y_bar, (h, h_bar)) in y_bar.chunks_exact(outputs).zip(sequences) {
        for (row, &y_bar) in w.chunks_exact(inputs).zip(y_bar) {
            h_bar.iter_mut().zip(row).for_each(|(h_bar, &w)| *h_bar += y_bar * w);
        }
        for (row, &y_bar) in w_bar.chunks_exact_mut(inputs).zip(y_bar) {
            row.iter_mut().zip(h).for_each(|(w_bar, &h)| *w_bar += y_bar * h);
        }
        b_bar.iter_mut().zip(y_bar).for_each(|(b_bar, &y_bar)| *b_bar += y_bar);
    }
}
// ANCHOR_END: linear_products
