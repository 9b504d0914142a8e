//! The equations of chapter 10.

use bptt::{StepAdjoints, backward, crossings, forward, squared_error, trace};
use equations::Env;
use gradient_check::Affine;
use nalgebra::DVector;
use output_gate::{LstmCell, State};

use crate::ch09::{cell, run, start, weights};
use crate::draw::{Binding, Draw, m};

/// Which code each label stands for.
pub(crate) const BINDINGS: &[Binding] = &[
    ("squared-error", error_of_y),
    ("answer-backward", answer),
    ("bptt-sums", from_anywhere),
    ("bptt-from-zero", from_zero),
    ("through-the-cell", from_anywhere),
    ("four-gates", from_anywhere),
];

/// The loss of the example: y has one entry, and should be 2.
fn error_of_y(draw: &mut Draw) -> Env {
    let y = draw.vector(1);
    let (loss, y_bar) = squared_error(&y, &DVector::from_element(1, 2.0));
    let mut env = Env::new();
    env.scalar("L", loss).at("y", 5, m(&y)).at("bar(y)", 5, m(&y_bar));
    env
}

fn answer(draw: &mut Draw) -> Env {
    let (w, b) = (draw.matrix(2, draw.hidden), draw.vector(2));
    let output = Affine { w, b };
    let (h, y_bar) = (draw.vector(draw.hidden), draw.vector(2));
    let (gradient, h_bar) = output.backward(&h, &y_bar);
    let mut env = Env::new();
    env.set("W_y", output.w.clone())
        .at("h", 5, m(&h))
        .at("bar(y)", 5, m(&y_bar))
        .at("bar(h)", 5, m(&h_bar))
        .set("bar(W_y)", gradient.w.clone())
        .set("bar(b_y)", m(&gradient.b));
    env
}

fn from_anywhere(draw: &mut Draw) -> Env {
    let cell = cell(draw);
    let start = start(draw);
    walk(draw, &cell, &start)
}

fn from_zero(draw: &mut Draw) -> Env {
    let cell = cell(draw);
    walk(draw, &cell, &State::zeros(cell.hidden()))
}

/// Five steps forward and backward, for a loss that reads h_5 alone; t = 3, T = 5.
fn walk(draw: &mut Draw, cell: &LstmCell, start: &State) -> Env {
    let xs: Vec<_> = (0..5).map(|_| draw.vector(draw.inputs)).collect();
    let steps = forward(cell, start, &xs);
    let none = DVector::zeros(draw.hidden);
    let mut h_bars = vec![none.clone(); 5];
    h_bars[4] = draw.vector(draw.hidden);
    let whole = backward(cell, &steps, &h_bars, &none);

    let mut env = Env::new();
    env.index("t", 3).index("T", 5);
    weights(&mut env, cell);
    run(&mut env, start, &steps);
    for (t, at) in (1..).zip(&trace(cell, &steps, &h_bars, &none)) {
        adjoints(&mut env, t, at);
        let from_t = &steps[t as usize - 1..];
        env.at("check(C)", t, m(&crossings(cell, from_t, &h_bars[4])[0]));
    }
    for (name, layer) in layers(&whole.cell) {
        env.set(&format!("bar(W_{name})"), layer.w.clone());
        env.set(&format!("bar(b_{name})"), m(&layer.b));
    }
    env
}

fn adjoints(env: &mut Env, t: i64, at: &StepAdjoints) {
    env.at("bar(h)", t, m(&at.h));
    // The listing's own adjoint of a pre-activation: the bias is added as it is.
    for (name, layer) in layers(&at.share) {
        env.at(&format!("bar(z^{name})"), t, m(&layer.b));
    }
}

fn layers(cell: &LstmCell) -> [(&'static str, &Affine); 4] {
    [
        ("f", &cell.forget.affine),
        ("i", &cell.input.affine),
        ("C", &cell.candidate.affine),
        ("o", &cell.output.affine),
    ]
}
