//! The equations of chapter 12.

use bptt::trace;
use equations::Env;
use gradient_check::Affine;
use nalgebra::{DMatrix, DVector};
use one_matrix::{Batch, Input, Layer, Packed, Unrolled, batched, fused, rational_tanh};
use output_gate::{LstmCell, PyTorch, State};

use crate::ch09::cell;
use crate::draw::{Binding, Draw, m};

/// Which code each label stands for.
pub(crate) const BINDINGS: &[Binding] = &[
    ("batched-affine", affine),
    ("batched-sums", sums),
    ("fused-gates", fused_gates),
    ("one-long-product", one_long_product),
    ("rational-tanh", rational),
    ("sigmoid-by-tanh", sigmoid_by_tanh),
];

/// B, the number of sequences.
const BATCH: usize = 3;

fn ones() -> DMatrix<f64> {
    DMatrix::from_element(BATCH, 1, 1.0)
}

/// Any affine map of a batch.
fn affine(draw: &mut Draw) -> Env {
    let map = Affine { w: draw.matrix(draw.hidden, draw.inputs), b: draw.vector(draw.hidden) };
    let v = draw.matrix(draw.inputs, BATCH);
    let mut env = Env::new();
    env.set("Z", batched::affine(&map, &v))
        .set("W", map.w)
        .set("b", m(&map.b))
        .set("V", v)
        .set("iota", ones());
    env
}

/// The four layers in PyTorch's order.
fn layers(cell: &LstmCell) -> [(&'static str, &Affine); 4] {
    [
        ("i", &cell.input.affine),
        ("f", &cell.forget.affine),
        ("C", &cell.candidate.affine),
        ("o", &cell.output.affine),
    ]
}

fn columns(of: &[DVector<f64>]) -> DMatrix<f64> {
    DMatrix::from_columns(of)
}

/// The adjoints of all pre-activations at every step, (4H, B) in PyTorch's order, sequence by sequence, by the clear code
/// of chapter 10: for a loss that reads h_T alone.
fn adjoints(
    cell: &LstmCell,
    starts: &[State],
    xs: &[DMatrix<f64>],
    h_bar: &DMatrix<f64>,
) -> Vec<DMatrix<f64>> {
    let none = DVector::zeros(cell.hidden());
    let mut by_step = vec![Vec::new(); xs.len()];
    for (b, start) in starts.iter().enumerate() {
        let xs: Vec<DVector<f64>> = xs.iter().map(|x| x.column(b).into_owned()).collect();
        let steps = bptt::forward(cell, start, &xs);
        let mut h_bars = vec![none.clone(); xs.len()];
        h_bars[xs.len() - 1] = h_bar.column(b).into_owned();
        for (all, at) in by_step.iter_mut().zip(trace(cell, &steps, &h_bars, &none)) {
            // The listing's own adjoint of a pre-activation: the bias is added as it is.
            let parts = layers(&at.share).map(|(_, layer)| layer.b.as_slice());
            all.push(DVector::from_vec(parts.concat()));
        }
    }
    by_step.iter().map(|of| columns(of)).collect()
}

/// Three steps of a batch from zeros; the input gate's gradient. (At step 1 the forget gate's would be zero.)
fn sums(draw: &mut Draw) -> Env {
    let cell = cell(draw);
    let xs: Vec<_> = (0..3).map(|_| draw.matrix(draw.inputs, BATCH)).collect();
    let h_bar = draw.matrix(draw.hidden, BATCH);
    let (_, steps) = batched::forward(&cell, &xs);
    let gradient = batched::backward(&cell, &steps, &h_bar);
    let starts = vec![State::zeros(draw.hidden); BATCH];
    let mut env = Env::new();
    env.index("T", 3)
        .set("iota", ones())
        .set("bar(W_i)", gradient.input.affine.w)
        .set("bar(b_i)", m(&gradient.input.affine.b));
    for ((t, step), z_bar) in (1..).zip(steps).zip(adjoints(&cell, &starts, &xs, &h_bar)) {
        env.at("V", t, step.hx).at("bar(Z^i)", t, z_bar.rows(0, draw.hidden).into_owned());
    }
    env
}

/// One map for four gates.
fn fused_gates(draw: &mut Draw) -> Env {
    let cell = cell(draw);
    let v = draw.matrix(draw.hidden + draw.inputs, BATCH);
    let map = fused::fuse(&cell);
    let mut env = Env::new();
    for (name, layer) in layers(&cell) {
        env.set(&format!("W_{name}"), layer.w.clone()).set(&format!("b_{name}"), m(&layer.b));
    }
    env.index("t", 1)
        .at("Z", 1, batched::affine(&map, &v))
        .at("V", 1, v)
        .set("W", map.w)
        .set("b", m(&map.b))
        .set("iota", ones());
    env
}

/// Two steps of the packed version, from a start that is not zero.
fn one_long_product(draw: &mut Draw) -> Env {
    (draw.hidden, draw.inputs) = (draw.hidden.min(4), draw.inputs.min(4));
    let layer = Layer { inputs: draw.inputs, hidden: draw.hidden };
    let rows = 4 * layer.hidden;
    let tensors = PyTorch {
        weight_ih: 0.5 * draw.matrix(rows, layer.inputs),
        weight_hh: 0.5 * draw.matrix(rows, layer.hidden),
        bias_ih: 0.5 * draw.vector(rows),
        bias_hh: 0.5 * draw.vector(rows),
    };
    let x = draw.matrix(layer.inputs, 2 * BATCH);
    let (h_0, c_0) = (draw.matrix(layer.hidden, BATCH), draw.matrix(layer.hidden, BATCH));
    let h_bar = draw.matrix(layer.hidden, BATCH);

    let (mut packed, mut unrolled) = (Packed::new(layer), Unrolled::new(layer));
    packed.load(&layer.theta::<f64>(&tensors));
    let start = Some((h_0.as_slice(), c_0.as_slice()));
    let batch = Batch { size: BATCH, input: Input::Vectors(x.as_slice()), start };
    unrolled.forward(&packed, &batch);
    let mut gradient = vec![0.0; layer.len()];
    unrolled.backward(&packed, &batch, h_bar.as_slice(), None, &mut gradient);

    let starts: Vec<State> = (0..BATCH)
        .map(|b| State { h: h_0.column(b).into_owned(), c: c_0.column(b).into_owned() })
        .collect();
    let xs = [0, BATCH].map(|first| x.columns(first, BATCH).into_owned());
    let recurrent = layer.split(&gradient).weight_hh;
    let mut env = Env::new();
    env.set("bar(R)", DMatrix::from_row_slice(rows, layer.hidden, recurrent));
    for (t, z_bar) in (1..).zip(adjoints(&tensors.to_cell(), &starts, &xs, &h_bar)) {
        let h_prev = DMatrix::from_column_slice(layer.hidden, BATCH, &unrolled.h(t - 1));
        env.at("bar(Z)", t as i64, z_bar).at("h", t as i64 - 1, h_prev);
    }
    // What wrong variants of the equation may ask for.
    env.at("h", 2, DMatrix::from_column_slice(layer.hidden, BATCH, &unrolled.h(2)));
    env
}

/// The coefficients, written a second time; z where all of them weigh, on both sides.
fn rational(draw: &mut Draw) -> Env {
    // 3.5 to 7.5, or −7.5 to −3.5: half of the draws on each side.
    let z =
        draw.vector(draw.hidden).map(|value| (5.5 + value / 4.0) * (7.0 * value).sin().signum());
    let mut env = Env::new();
    env.set("z", m(&z)).set("tau", m(&z.map(rational_tanh)));
    let upper = [0.999_999_455_63, 0.129_271_864_14, 2.953_342_086_1e-3, 1.146_710_501e-5];
    let lower = [1.0, 0.462_603_172_61, 2.382_327_596_9e-2, 2.390_790_293_9e-4, 2.474_080_231_1e-7];
    let number = |value: f64| DMatrix::from_element(1, 1, value);
    for (k, alpha) in (0..).zip(upper) {
        env.at("alpha", k, number(alpha));
    }
    for (k, beta) in (0..).zip(lower) {
        env.at("beta", k.into(), number(beta)).at("u", k.into(), m(&z.map(|z| z.powi(2 * k))));
    }
    env
}

/// The squashing functions of the packed version have no name outside of it. A layer without weights, whose candidate
/// is 1, writes its input gate into the cell state.
fn sigmoid_by_tanh(draw: &mut Draw) -> Env {
    let layer = Layer { inputs: 1, hidden: draw.hidden };
    let z = draw.vector(draw.hidden);
    let mut theta = vec![0.0; layer.len()];
    let bias = layer.split_mut(&mut theta).bias_ih;
    bias[..draw.hidden].copy_from_slice(z.as_slice());
    bias[2 * draw.hidden..3 * draw.hidden].fill(40.0);
    let (mut packed, mut unrolled) = (Packed::new(layer), Unrolled::new(layer));
    packed.load(&theta);
    unrolled.forward(&packed, &Batch::of_digits(1, &[0]));
    let mut env = Env::new();
    env.index("t", 1).at("z^i", 1, m(&z)).at(
        "i",
        1,
        DMatrix::from_column_slice(draw.hidden, 1, &unrolled.c(1)),
    );
    env
}
