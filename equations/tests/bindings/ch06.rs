//! The equations of chapter 6.

use equations::Env;
use forget_gate::{Example, example as before, stack, unstack};
use gradient_check::Affine;
use input_gate::{Candidate, example, write, write_backward};

use crate::draw::{Binding, Draw, m};

/// Which code each label stands for.
pub(crate) const BINDINGS: &[Binding] = &[
    ("input-gate", writing),
    ("candidate", writing),
    ("write", writing),
    ("input-by-hand", by_hand),
    ("write-backward", writing),
    ("candidate-backward", writing),
    ("two-readers", writing),
];

/// What is written at t = 1, forward and backward, by the listings of chapters 3, 5 and 6.
fn writing(draw: &mut Draw) -> Env {
    let gate = draw.gate();
    let w_c = draw.matrix(draw.hidden, draw.hidden + draw.inputs);
    let candidate = Candidate { affine: Affine { w: w_c, b: draw.vector(draw.hidden) } };
    let (h, x) = (draw.vector(draw.hidden), draw.vector(draw.inputs));
    let n_bar = draw.vector(draw.hidden);

    let hx = stack(&h, &x);
    let (i, c_tilde) = (gate.forward(&hx), candidate.forward(&hx));
    let (i_bar, c_tilde_bar) = write_backward(&i, &c_tilde, &n_bar);
    let (gate_bar, from_gate) = gate.backward(&hx, &i, &i_bar);
    let (candidate_bar, from_candidate) = candidate.backward(&hx, &c_tilde, &c_tilde_bar);
    let (h_hat, x_hat) = unstack(&(from_gate + from_candidate), draw.hidden);

    let mut env = Env::new();
    env.index("t", 1)
        .set("W_i", gate.affine.w.clone())
        .set("b_i", m(&gate.affine.b))
        .set("W_C", candidate.affine.w.clone())
        .set("b_C", m(&candidate.affine.b))
        .at("h", 0, m(&h))
        .at("x", 1, m(&x))
        .at("i", 1, m(&i))
        .at("tilde(C)", 1, m(&c_tilde))
        .at("N", 1, m(&write(&i, &c_tilde)))
        .at("bar(N)", 1, m(&n_bar))
        .at("bar(i)", 1, m(&i_bar))
        .at("bar(tilde(C))", 1, m(&c_tilde_bar))
        // The listings' own adjoints of the pre-activations: a bias is added as it is.
        .at("bar(z^i)", 1, m(&gate_bar.affine.b))
        .at("bar(z^C)", 1, m(&candidate_bar.affine.b))
        .at("hat(h)", 0, m(&h_hat))
        .at("hat(x)", 1, m(&x_hat));
    env
}

/// The worked example's input gate, its first unit alone.
fn by_hand(_: &mut Draw) -> Env {
    let Example { h_prev, x, .. } = before();
    let (gate, _) = example();
    let mut env = Env::new();
    env.index("t", 1)
        .set("W_i", gate.affine.w.rows(0, 1).into_owned())
        .set("b_i", m(&gate.affine.b.rows(0, 1).into_owned()))
        .at("h", 0, m(&h_prev))
        .at("x", 1, m(&x));
    env
}
