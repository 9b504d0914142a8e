//! Step two: one matrix for the four gates. Four products become one.

use gradient_check::{Affine, sigmoid, sigmoid_slope, tanh_slope};
use nalgebra::{DMatrix, DVector};
use output_gate::{Candidate, Gate, LstmCell};

use crate::batched::{Step, affine, stack};

// ANCHOR: fuse
/// The four gates as one affine map, W of (4H, H + D) and b of (4H): i, f, the candidate,
/// o, as PyTorch stacks them.
pub fn fuse(cell: &LstmCell) -> Affine {
    let hidden = cell.hidden();
    let mut w = DMatrix::zeros(4 * hidden, cell.forget.affine.w.ncols());
    let mut b = DVector::zeros(4 * hidden);
    for (block, gate) in blocks(cell).into_iter().enumerate() {
        w.rows_mut(block * hidden, hidden).copy_from(&gate.w);
        b.rows_mut(block * hidden, hidden).copy_from(&gate.b);
    }
    Affine { w, b }
}

fn blocks(cell: &LstmCell) -> [&Affine; 4] {
    [&cell.input.affine, &cell.forget.affine, &cell.candidate.affine, &cell.output.affine]
}

/// The four gates of a fused map (or of its gradient).
pub fn split(map: &Affine) -> LstmCell {
    let hidden = map.b.len() / 4;
    let part = |block: usize| Affine {
        w: map.w.rows(block * hidden, hidden).into_owned(),
        b: map.b.rows(block * hidden, hidden).into_owned(),
    };
    LstmCell {
        input: Gate { affine: part(0) },
        forget: Gate { affine: part(1) },
        candidate: Candidate { affine: part(2) },
        output: Gate { affine: part(3) },
    }
}
// ANCHOR_END: fuse

// ANCHOR: forward
/// As [`batched::forward`](crate::batched::forward), with one product a step.
///
/// # Panics
/// If the shapes do not fit the weights.
pub fn forward(map: &Affine, xs: &[DMatrix<f64>]) -> (DMatrix<f64>, Vec<Step>) {
    let hidden = map.b.len() / 4;
    let mut h = DMatrix::zeros(hidden, xs.first().map_or(0, DMatrix::ncols));
    let mut c = h.clone();
    let mut steps = Vec::with_capacity(xs.len());
    for x in xs {
        let hx = stack(&h, x);
        let z = affine(map, &hx); // (4H, B)
        let i = z.rows(0, hidden).map(sigmoid);
        let f = z.rows(hidden, hidden).map(sigmoid);
        let candidate = z.rows(2 * hidden, hidden).map(f64::tanh);
        let o = z.rows(3 * hidden, hidden).map(sigmoid);
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
/// From h̄_T of (H, B) to the gradient of the fused map.
///
/// # Panics
/// If the shapes do not fit.
pub fn backward(map: &Affine, steps: &[Step], h_bar: &DMatrix<f64>) -> Affine {
    let (hidden, batch) = h_bar.shape();
    let mut gradient = bptt::zeros_like(map);
    let mut h_bar = h_bar.clone();
    let mut c_bar = DMatrix::zeros(hidden, batch);
    let mut z_bar = DMatrix::zeros(4 * hidden, batch);
    for step in steps.iter().rev() {
        let Step { hx, c_prev, f, i, candidate, o, tanh_c } = step;
        c_bar += h_bar.component_mul(o).component_mul(&tanh_c.map(tanh_slope));
        let blocks = [
            c_bar.component_mul(candidate).component_mul(&i.map(sigmoid_slope)),
            c_bar.component_mul(c_prev).component_mul(&f.map(sigmoid_slope)),
            c_bar.component_mul(i).component_mul(&candidate.map(tanh_slope)),
            h_bar.component_mul(tanh_c).component_mul(&o.map(sigmoid_slope)),
        ];
        for (number, block) in blocks.iter().enumerate() {
            z_bar.rows_mut(number * hidden, hidden).copy_from(block);
        }
        gradient.w += &z_bar * hx.transpose();
        gradient.b += z_bar.column_sum();
        h_bar = (map.w.transpose() * &z_bar).rows(0, hidden).into_owned();
        c_bar.component_mul_assign(f);
    }
    gradient
}
// ANCHOR_END: backward
