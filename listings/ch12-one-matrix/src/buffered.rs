//! Step three: every matrix is made once. What a step computes is written over what an
//! earlier batch left.

use gradient_check::{Affine, sigmoid, sigmoid_slope, tanh_slope};
use nalgebra::DMatrix;

// ANCHOR: buffers
/// The matrices of one pass over T steps of B sequences, and of the way back.
#[derive(Clone, Debug)]
pub struct Buffers {
    /// [h_{t−1}, x_t], (H + D, B), one for each step.
    hx: Vec<DMatrix<f64>>,
    /// i, f, the candidate and o, (4H, B), one for each step; on the way back, the adjoints of
    /// their pre-activations.
    gates: Vec<DMatrix<f64>>,
    /// C_0 … C_T, (H, B).
    c: Vec<DMatrix<f64>>,
    /// tanh(C_1) … tanh(C_T), (H, B).
    tanh_c: Vec<DMatrix<f64>>,
    /// h_t, (H, B): that of the last step remains.
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
    pub fn new(map: &Affine, steps: usize, batch: usize) -> Buffers {
        let (rows, width) = map.w.shape();
        let states = DMatrix::zeros(rows / 4, batch);
        Buffers {
            hx: vec![DMatrix::zeros(width, batch); steps],
            gates: vec![DMatrix::zeros(rows, batch); steps],
            c: vec![states.clone(); steps + 1],
            tanh_c: vec![states.clone(); steps],
            h: states.clone(),
            h_bar: states.clone(),
            c_bar: states,
            hx_transposed: DMatrix::zeros(batch, width),
            w_transposed: DMatrix::zeros(width, rows),
            hx_bar: DMatrix::zeros(width, batch),
            gradient: bptt::zeros_like(map),
        }
    }

    // ANCHOR: forward
    /// As [`fused::forward`](crate::fused::forward). Returns h_T, (H, B).
    ///
    /// # Panics
    /// If the shapes do not fit those of the buffers.
    pub fn forward(&mut self, map: &Affine, xs: &[DMatrix<f64>]) -> &DMatrix<f64> {
        let hidden = self.h.nrows();
        self.h.fill(0.0);
        self.c[0].fill(0.0);
        for (t, x) in xs.iter().enumerate() {
            let (hx, z) = (&mut self.hx[t], &mut self.gates[t]);
            hx.rows_mut(0, hidden).copy_from(&self.h);
            hx.rows_mut(hidden, x.nrows()).copy_from(x);
            z.column_iter_mut().for_each(|mut column| column.copy_from(&map.b));
            z.gemm(1.0, &map.w, hx, 1.0); // z = W · hx + z, into z itself

            let (before, after) = self.c.split_at_mut(t + 1);
            let (c_prev, c) = (before[t].as_slice(), after[0].as_mut_slice());
            let (tanh_c, h) = (self.tanh_c[t].as_mut_slice(), self.h.as_mut_slice());
            step(hidden, z.as_mut_slice(), c_prev, c, tanh_c, h);
        }
        &self.h
    }
    // ANCHOR_END: forward

    // ANCHOR: backward
    /// As [`fused::backward`](crate::fused::backward).
    ///
    /// Both transposes are copied. nalgebra 0.35 can write outside of a matrix when a *left*
    /// factor is a view with swapped strides (dimforge/nalgebra#1616), which would save one
    /// copy.
    ///
    /// # Panics
    /// If the shapes do not fit those of the forward pass.
    pub fn backward(&mut self, map: &Affine, h_bar: &DMatrix<f64>) -> &Affine {
        let hidden = self.h.nrows();
        self.gradient.w.fill(0.0);
        self.gradient.b.fill(0.0);
        self.h_bar.copy_from(h_bar);
        self.c_bar.fill(0.0);
        map.w.transpose_to(&mut self.w_transposed);
        for (t, hx) in self.hx.iter().enumerate().rev() {
            let z = &mut self.gates[t];
            let (c_prev, tanh_c) = (self.c[t].as_slice(), self.tanh_c[t].as_slice());
            let (h_bar, c_bar) = (self.h_bar.as_slice(), self.c_bar.as_mut_slice());
            step_backward(hidden, z.as_mut_slice(), c_prev, tanh_c, h_bar, c_bar);
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

// ANCHOR: step
/// One step, sequence by sequence: pre-activations become gates, and then come C_t,
/// tanh(C_t) and h_t.
fn step(
    hidden: usize,
    z: &mut [f64],
    c_prev: &[f64],
    c: &mut [f64],
    tanh_c: &mut [f64],
    h: &mut [f64],
) {
    for (b, z) in z.chunks_exact_mut(4 * hidden).enumerate() {
        let (i_and_f, g_and_o) = z.split_at_mut(2 * hidden);
        let (g, o) = g_and_o.split_at_mut(hidden);
        i_and_f.iter_mut().for_each(|z| *z = sigmoid(*z));
        g.iter_mut().for_each(|z| *z = z.tanh());
        o.iter_mut().for_each(|z| *z = sigmoid(*z));
        let (i, f) = i_and_f.split_at(hidden);
        for j in 0..hidden {
            let k = b * hidden + j;
            c[k] = f[j] * c_prev[k] + i[j] * g[j];
            tanh_c[k] = c[k].tanh();
            h[k] = o[j] * tanh_c[k];
        }
    }
}
// ANCHOR_END: step

/// The gates of one step become the adjoints of their pre-activations, and C̄_t becomes
/// C̄_{t−1}.
fn step_backward(
    hidden: usize,
    gates: &mut [f64],
    c_prev: &[f64],
    tanh_c: &[f64],
    h_bar: &[f64],
    c_bar: &mut [f64],
) {
    for (b, gates) in gates.chunks_exact_mut(4 * hidden).enumerate() {
        let (i, rest) = gates.split_at_mut(hidden);
        let (f, rest) = rest.split_at_mut(hidden);
        let (g, o) = rest.split_at_mut(hidden);
        for j in 0..hidden {
            let k = b * hidden + j;
            let bar = c_bar[k] + h_bar[k] * o[j] * tanh_slope(tanh_c[k]);
            let bars = [bar * g[j], bar * c_prev[k], bar * i[j], h_bar[k] * tanh_c[k]];
            c_bar[k] = bar * f[j];
            i[j] = bars[0] * sigmoid_slope(i[j]);
            f[j] = bars[1] * sigmoid_slope(f[j]);
            g[j] = bars[2] * tanh_slope(g[j]);
            o[j] = bars[3] * sigmoid_slope(o[j]);
        }
    }
}
