//! Step one: a whole batch at a time. Vectors become matrices with a column for each
//! sequence.

use gradient_check::{Affine, sigmoid, sigmoid_slope, tanh_slope};
use nalgebra::DMatrix;
use output_gate::LstmCell;

// ANCHOR: step
/// Everything that one step computed, for B sequences: the backward pass needs it again.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// [h_{t−1}, x_t], (H + D, B).
    pub hx: DMatrix<f64>,
    /// C_{t−1}, (H, B).
    pub c_prev: DMatrix<f64>,
    /// f_t, (H, B).
    pub f: DMatrix<f64>,
    /// i_t, (H, B).
    pub i: DMatrix<f64>,
    /// C̃_t, (H, B).
    pub candidate: DMatrix<f64>,
    /// o_t, (H, B).
    pub o: DMatrix<f64>,
    /// tanh(C_t), (H, B).
    pub tanh_c: DMatrix<f64>,
}
// ANCHOR_END: step

// ANCHOR: affine
/// W · v + b for every column v: one product instead of B, and the bias added to each
/// column.
pub fn affine(affine: &Affine, v: &DMatrix<f64>) -> DMatrix<f64> {
    let mut z = &affine.w * v; // (H, B)
    z.column_iter_mut().for_each(|mut column| column += &affine.b);
    z
}
// ANCHOR_END: affine

/// The one matrix on top of the other.
pub(crate) fn stack(h: &DMatrix<f64>, x: &DMatrix<f64>) -> DMatrix<f64> {
    let mut hx = DMatrix::zeros(h.nrows() + x.nrows(), x.ncols());
    hx.rows_mut(0, h.nrows()).copy_from(h);
    hx.rows_mut(h.nrows(), x.nrows()).copy_from(x);
    hx
}

// ANCHOR: forward
/// Reads x_1 … x_T, each (D, B), from zeros. Returns h_T, (H, B), and all steps.
///
/// # Panics
/// If the shapes do not fit the weights.
pub fn forward(cell: &LstmCell, xs: &[DMatrix<f64>]) -> (DMatrix<f64>, Vec<Step>) {
    let batch = xs.first().map_or(0, DMatrix::ncols);
    let mut h = DMatrix::zeros(cell.hidden(), batch);
    let mut c = h.clone();
    let mut steps = Vec::with_capacity(xs.len());
    for x in xs {
        let hx = stack(&h, x);
        let f = affine(&cell.forget.affine, &hx).map(sigmoid);
        let i = affine(&cell.input.affine, &hx).map(sigmoid);
        let candidate = affine(&cell.candidate.affine, &hx).map(f64::tanh);
        let o = affine(&cell.output.affine, &hx).map(sigmoid);
        let c_prev = c;
        c = f.component_mul(&c_prev) + i.component_mul(&candidate);
        let tanh_c = c.map(f64::tanh);
        h = o.component_mul(&tanh_c);
        steps.push(Step { hx, c_prev, f, i, candidate, o, tanh_c });
    }
    (h, steps)
}
// ANCHOR_END: forward

// ANCHOR: backward
/// From h̄_T of (H, B) to the gradient of the weights, summed over steps and sequences.
///
/// # Panics
/// If the shapes do not fit.
pub fn backward(cell: &LstmCell, steps: &[Step], h_bar: &DMatrix<f64>) -> LstmCell {
    let mut gradient = bptt::zeros_like(cell);
    let mut h_bar = h_bar.clone();
    let mut c_bar = DMatrix::zeros(h_bar.nrows(), h_bar.ncols());
    for step in steps.iter().rev() {
        let Step { hx, c_prev, f, i, candidate, o, tanh_c } = step;
        c_bar += h_bar.component_mul(o).component_mul(&tanh_c.map(tanh_slope));
        let z_f = c_bar.component_mul(c_prev).component_mul(&f.map(sigmoid_slope));
        let z_i = c_bar.component_mul(candidate).component_mul(&i.map(sigmoid_slope));
        let z_c = c_bar.component_mul(i).component_mul(&candidate.map(tanh_slope));
        let z_o = h_bar.component_mul(tanh_c).component_mul(&o.map(sigmoid_slope));
        let mut hx_bar = DMatrix::zeros(hx.nrows(), hx.ncols());
        for (layer, bar, z_bar) in [
            (&cell.forget.affine, &mut gradient.forget.affine, z_f),
            (&cell.input.affine, &mut gradient.input.affine, z_i),
            (&cell.candidate.affine, &mut gradient.candidate.affine, z_c),
            (&cell.output.affine, &mut gradient.output.affine, z_o),
        ] {
            bar.w += &z_bar * hx.transpose();
            bar.b += z_bar.column_sum();
            hx_bar += layer.w.transpose() * z_bar;
        }
        h_bar = hx_bar.rows(0, h_bar.nrows()).into_owned();
        c_bar.component_mul_assign(f);
    }
    gradient
}
// ANCHOR_END: backward
