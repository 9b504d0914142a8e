//! Step three: every matrix is made once. What a step computes is written over what an earlier batch left.

use gradient_check::{Affine, sigmoid, sigmoid_slope, tanh_slope};
use nalgebra::DMatrix;

// ANCHOR: buffers
/// The matrices of one pass over T steps of B sequences, and of the way back.
#[derive(Clone, Debug)]
pub struct Buffers {
    /// [h_{t−1}, x_t], (H + D, B), one for each step.
    hx: Vec<DMatrix<f64>>,
    /// i, f, the candidate and o, (4H, B), one for each step; on the way back, the adjoints of their pre-activations.
    gates: Vec<DMatrix<f64>>,
    /// C_0 … C_T, (H, B).
    c: Vec<DMatrix<f64>>,
    /// h_T, (H, B).
    h: DMatrix<f64>,
    h_bar: DMatrix<f64>,
    c_bar: DMatrix<f64>,
    hx_transposed: DMatrix<f64>,
    w_transposed: DMatrix<f64>,
    hx_bar: DMatrix<f64>,
    gradient: Affine,
}
// ANCHOR_END: buffers

impl Buffers {
    /// Buffers for the fused map, T steps and B sequences.
    pub fn new(fused: &Affine, steps: usize, batch: usize) -> Buffers {
        let (rows, width) = fused.w.shape();
        let states = DMatrix::zeros(rows / 4, batch);
        Buffers {
            hx: vec![DMatrix::zeros(width, batch); steps],
            gates: vec![DMatrix::zeros(rows, batch); steps],
            c: vec![states.clone(); steps + 1],
            h: states.clone(),
            h_bar: states.clone(),
            c_bar: states,
            hx_transposed: DMatrix::zeros(batch, width),
            w_transposed: DMatrix::zeros(width, rows),
            hx_bar: DMatrix::zeros(width, batch),
            gradient: bptt::zeros_like(fused),
        }
    }

    // ANCHOR: forward
    /// As [`fused::forward`](crate::fused::forward). Returns h_T, (H, B).
    ///
    /// # Panics
    /// If the shapes do not fit those of the buffers.
    pub fn forward(&mut self, fused: &Affine, xs: &[DMatrix<f64>]) -> &DMatrix<f64> {
        let hidden = self.h.nrows();
        self.h.fill(0.0);
        self.c[0].fill(0.0);
        for (t, x) in xs.iter().enumerate() {
            let (hx, z) = (&mut self.hx[t], &mut self.gates[t]);
            hx.rows_mut(0, hidden).copy_from(&self.h);
            hx.rows_mut(hidden, x.nrows()).copy_from(x);
            z.column_iter_mut().for_each(|mut column| column.copy_from(&fused.b));
            z.gemm(1.0, &fused.w, hx, 1.0); // z = W · hx + z, into z itself

            let (before, after) = self.c.split_at_mut(t + 1);
            let (c_prev, c) = (&before[t], &mut after[0]);
            for b in 0..z.ncols() {
                for j in 0..hidden {
                    let i = sigmoid(z[(j, b)]);
                    let f = sigmoid(z[(hidden + j, b)]);
                    let candidate = z[(2 * hidden + j, b)].tanh();
                    let o = sigmoid(z[(3 * hidden + j, b)]);
                    c[(j, b)] = f * c_prev[(j, b)] + i * candidate;
                    self.h[(j, b)] = o * c[(j, b)].tanh();
                    (z[(j, b)], z[(hidden + j, b)]) = (i, f);
                    (z[(2 * hidden + j, b)], z[(3 * hidden + j, b)]) = (candidate, o);
                }
            }
        }
        &self.h
    }
    // ANCHOR_END: forward

    // ANCHOR: backward
    /// As [`fused::backward`](crate::fused::backward).
    ///
    /// Both transposes are copied. nalgebra 0.35 can write outside of a matrix when a *left* factor is a view with swapped
    /// strides (dimforge/nalgebra#1616), which would save one copy.
    ///
    /// # Panics
    /// If the shapes do not fit those of the forward pass.
    pub fn backward(&mut self, fused: &Affine, h_bar: &DMatrix<f64>) -> &Affine {
        let hidden = self.h.nrows();
        self.gradient.w.fill(0.0);
        self.gradient.b.fill(0.0);
        self.h_bar.copy_from(h_bar);
        self.c_bar.fill(0.0);
        fused.w.transpose_to(&mut self.w_transposed);
        for (t, hx) in self.hx.iter().enumerate().rev() {
            let z = &mut self.gates[t];
            step_backward(z, &self.c[t], &self.c[t + 1], &self.h_bar, &mut self.c_bar);
            hx.transpose_to(&mut self.hx_transposed);
            self.gradient.w.gemm(1.0, z, &self.hx_transposed, 1.0);
            z.column_iter().for_each(|column| self.gradient.b += column);
            self.hx_bar.gemm(1.0, &self.w_transposed, z, 0.0);
            self.h_bar.copy_from(&self.hx_bar.rows(0, hidden));
        }
        &self.gradient
    }
    // ANCHOR_END: backward
}

/// The gates of one step become the adjoints of their pre-activations, and C̄_t becomes C̄_{t−1}.
fn step_backward(
    gates: &mut DMatrix<f64>,
    c_prev: &DMatrix<f64>,
    c: &DMatrix<f64>,
    h_bar: &DMatrix<f64>,
    c_bar: &mut DMatrix<f64>,
) {
    let (hidden, batch) = c.shape();
    for b in 0..batch {
        for j in 0..hidden {
            let [i, f, candidate, o] = [0, 1, 2, 3].map(|block| gates[(block * hidden + j, b)]);
            let tanh_c = c[(j, b)].tanh();
            let bar = c_bar[(j, b)] + h_bar[(j, b)] * o * tanh_slope(tanh_c);
            gates[(j, b)] = bar * candidate * sigmoid_slope(i);
            gates[(hidden + j, b)] = bar * c_prev[(j, b)] * sigmoid_slope(f);
            gates[(2 * hidden + j, b)] = bar * i * tanh_slope(candidate);
            gates[(3 * hidden + j, b)] = h_bar[(j, b)] * tanh_c * sigmoid_slope(o);
            c_bar[(j, b)] = bar * f;
        }
    }
}
