//! The weights of a layer, copied into the order in which the products read them.

use multiversion::multiversion;

use crate::digit::by_digit;
use crate::lane::{LANES, Lane, lane_of, lanes};
use crate::product::multiply;
use crate::{Layer, Real};

// ANCHOR: packed
/// The weights of one layer, in the layout in which every time step reads them.
///
/// Copied once, after the weights have changed, and read in every time step. The 4H rows lie in *panels* of 16: panel
/// 4u + k has the units 16u … 16u + 15 of gate k. Where there are no such units, stand zeros.
#[derive(Clone, Debug, PartialEq)]
pub struct Packed<R> {
    layer: Layer,
    /// W_hh of (4H, H): from h_{t−1} to the pre-activations. In each panel a lane for every column.
    pub(crate) hh: Vec<Lane<R>>,
    /// W_hhᵀ of (H, 4H): from the pre-activations' adjoints to that of h_{t−1}. In each panel, of 16 columns of W_hh, a
    /// lane for every row.
    pub(crate) hh_transposed: Vec<Lane<R>>,
    /// W_ih of (4H, D), row by row; put into panels only if whole vectors are read.
    pub(crate) ih: Vec<R>,
    /// b_ih + b_hh, (4H): a lane for each panel.
    bias: Vec<Lane<R>>,
    /// For each one-hot input its whole contribution: column d is column d of W_ih, plus
    /// `bias`. (4H, D): in each panel a lane for every d.
    pub(crate) table: Vec<Lane<R>>,
}
// ANCHOR_END: packed

impl<R: Real> Packed<R> {
    /// Room for the weights of a layer, all zero.
    pub fn new(layer: Layer) -> Packed<R> {
        let Layer { inputs, hidden } = layer;
        let panels = 4 * lanes(hidden);
        let zeros = |count: usize| vec![Lane::of(0.0); count];
        Packed {
            layer,
            hh: zeros(panels * lanes(hidden) * LANES),
            hh_transposed: zeros(lanes(hidden) * panels * LANES),
            ih: vec![R::zero(); 4 * hidden * inputs],
            bias: zeros(panels),
            table: zeros(panels * inputs),
        }
    }

    /// The layer's size.
    pub fn layer(&self) -> Layer {
        self.layer
    }

    // ANCHOR: load
    /// Copies the weights θ of the layer.
    ///
    /// # Panics
    /// If θ has another length than [`Layer::len`].
    pub fn load(&mut self, theta: &[R]) {
        let Layer { inputs, hidden } = self.layer;
        let weights = self.layer.split(theta);
        panels(hidden, weights.weight_hh, &mut self.hh);
        panels_transposed(hidden, weights.weight_hh, &mut self.hh_transposed);
        self.ih.copy_from_slice(weights.weight_ih);
        let tables = self.table.chunks_exact_mut(inputs);
        for (q, (bias, table)) in self.bias.iter_mut().zip(tables).enumerate() {
            let rows = panel_rows(hidden, q);
            *bias =
                lane_of(&weights.bias_ih[rows.clone()]) + lane_of(&weights.bias_hh[rows.clone()]);
            let weights = &weights.weight_ih[rows.start * inputs..rows.end * inputs];
            for (d, entry) in table.iter_mut().enumerate() {
                let column = weights[d..].iter().step_by(inputs);
                entry.iter_mut().zip(column.zip(bias.0)).for_each(|(e, (&w, b))| *e = w + b);
            }
        }
    }
    // ANCHOR_END: load

    // ANCHOR: read
    /// What the digits of one step contribute to the pre-activations z, (4H, B) in lanes, biases included.
    pub(crate) fn read(&self, digits: &[u8], z: &mut [Lane<R>]) {
        by_digit(digits, &self.table, z);
    }

    /// The same of whole vectors x, (D, B) in lanes; `ih` has W_ih in panels.
    pub(crate) fn read_vectors(&self, ih: &[Lane<R>], x: &[Lane<R>], z: &mut [Lane<R>]) {
        let batch = z.len() / self.bias.len();
        z.chunks_exact_mut(batch).zip(&self.bias).for_each(|(z, bias)| z.fill(*bias));
        multiply(ih, x, batch, z);
    }
    // ANCHOR_END: read
}

/// The rows of panel q, as θ counts them: fewer than 16 where the units end.
pub(crate) fn panel_rows(hidden: usize, q: usize) -> std::ops::Range<usize> {
    let (first, gate) = (q / 4 * LANES, q % 4);
    gate * hidden + first..gate * hidden + hidden.min(first + LANES)
}

// ANCHOR: panels
/// A matrix of (4H, k), given row by row, in panels of 16 rows: in each a lane for every column, and zeros up to
/// 16⌈k/16⌉ columns.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub(crate) fn panels<R: Real>(hidden: usize, matrix: &[R], panels: &mut [Lane<R>]) {
    let k = matrix.len() / (4 * hidden);
    for (q, panel) in panels.chunks_exact_mut(lanes(k) * LANES).enumerate() {
        let rows = panel_rows(hidden, q);
        let rows = &matrix[rows.start * k..rows.end * k];
        for (r, row) in rows.chunks_exact(k).enumerate() {
            panel.iter_mut().zip(row).for_each(|(lane, &value)| lane[r] = value);
        }
    }
}

/// The transpose of such a matrix, (k, 4H), in panels of 16 of its rows: in each a lane for every column, in the order
/// of the gates' lanes.
pub(crate) fn panels_transposed<R: Real>(hidden: usize, matrix: &[R], panels: &mut [Lane<R>]) {
    let k = matrix.len() / (4 * hidden);
    for (p, panel) in panels.chunks_exact_mut(4 * lanes(hidden) * LANES).enumerate() {
        for (q, part) in panel.chunks_exact_mut(LANES).enumerate() {
            let rows = panel_rows(hidden, q);
            let rows = &matrix[rows.start * k..rows.end * k];
            for (lane, row) in part.iter_mut().zip(rows.chunks_exact(k)) {
                *lane = lane_of(&row[p * LANES..]);
            }
        }
    }
}
// ANCHOR_END: panels
