//! The equations of chapter 5.

use equations::Env;
use forget_gate::{Example, example, keep, keep_backward, stack};
use gradient_check::{derivative, sigmoid};
use nalgebra::DVector;

use crate::draw::{Binding, Draw, m};

/// Which code each label stands for.
pub(crate) const BINDINGS: &[Binding] = &[
    ("keep", forget_gate),
    ("forget-gate", forget_gate),
    ("by-hand", by_hand),
    ("keep-backward", forget_gate),
    ("gate-backward", forget_gate),
];

/// One step of a forget gate at t = 1, forward and backward, by the listings of chapters 3 and 5.
fn forget_gate(draw: &mut Draw) -> Env {
    let (gate, h) = (draw.gate(), draw.vector(draw.hidden));
    let (x, c) = (draw.vector(draw.inputs), draw.vector(draw.hidden));
    let k_bar = draw.vector(draw.hidden);

    let hx = stack(&h, &x);
    let f = gate.forward(&hx);
    let (f_bar, c_hat) = keep_backward(&f, &c, &k_bar);
    // Differences of the kept memory's weighted sum, one pre-activation at a time.
    let z = gate.affine.forward(&hx);
    let z_bar = DVector::from_fn(draw.hidden, |unit, _| {
        let kept = |nudge: f64| k_bar[unit] * sigmoid(z[unit] + nudge) * c[unit];
        derivative(1.0 / 2048.0, kept)
    });
    let mut env = Env::new();
    env.index("t", 1)
        .set("W_f", gate.affine.w.clone())
        .set("b_f", m(&gate.affine.b))
        .at("h", 0, m(&h))
        .at("x", 1, m(&x))
        .at("C", 0, m(&c))
        .at("z^f", 1, m(&z))
        .at("f", 1, m(&f))
        .at("K", 1, m(&keep(&f, &c)))
        .at("bar(K)", 1, m(&k_bar))
        .at("bar(f)", 1, m(&f_bar))
        .at("hat(C)", 0, m(&c_hat))
        .at("bar(z^f)", 1, m(&z_bar));
    env
}

/// The worked example of chapter 5, its first unit alone.
fn by_hand(_: &mut Draw) -> Env {
    let Example { gate, h_prev, x, .. } = example();
    let z = gate.affine.forward(&stack(&h_prev, &x));
    let mut env = Env::new();
    env.index("t", 1).at("z^f", 1, m(&z.rows(0, 1).into_owned()));
    env
}
