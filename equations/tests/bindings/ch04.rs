//! The equations of chapter 4.

use equations::Env;
use gradient_check::Parameters;
use nalgebra::{DMatrix, DVector};
use through_time::{Leaves, adjoints, backward, clip, jacobian, norm};

use crate::ch02;
use crate::draw::{Binding, Draw, m};

/// Which code each label stands for.
pub(crate) const BINDINGS: &[Binding] = &[
    ("bptt-state", three_steps),
    ("bptt-pre-activation", three_steps),
    ("bptt-weights", three_steps),
    ("bptt-leaves", three_steps),
    ("jacobian", chain),
    ("jacobian-chain", chain),
    ("jacobian-back", chain),
    ("clip", clipped),
];

fn leaves(draw: &mut Draw) -> Leaves {
    let mut rnn = ch02::rnn(draw);
    rnn.w *= 0.25; // so that tanh is not flat: what comes back over three steps must count
    rnn.b *= 0.25;
    let h_0 = draw.vector(draw.hidden).map(|h| h / 8.0);
    let xs = (0..3).map(|_| draw.vector(draw.inputs)).collect();
    Leaves { rnn, h_0, xs }
}

/// Three steps and a loss that looks at every state; t = 2 and T = 3.
fn three_steps(draw: &mut Draw) -> Env {
    let leaves = leaves(draw);
    let hs = leaves.run();
    let direct: Vec<DVector<f64>> = (0..3).map(|_| draw.vector(draw.hidden)).collect();
    let bars = adjoints(&leaves.rnn, &hs, &direct);
    let gradient = backward(&leaves, &hs, &direct);

    let mut env = Env::new();
    env.index("t", 2)
        .index("T", 3)
        .set("W_{hh}", leaves.rnn.w_hh())
        .set("W_{hx}", leaves.rnn.w_hx())
        .set("bar(W_h)", gradient.rnn.w.clone())
        .set("bar(b_h)", m(&gradient.rnn.b))
        .at("h", 0, m(&leaves.h_0))
        .at("bar(h)", 0, m(&gradient.h_0));
    for (n, t) in (0..3).zip(1..) {
        env.at("h", t, m(&hs[n]))
            .at("x", t, m(&leaves.xs[n]))
            .at("bar(h)", t, m(&bars.h[n]))
            .at("bar(z^h)", t, m(&bars.z[n]))
            .at("bar(x)", t, m(&gradient.xs[n]))
            .set(&format!("dL_{t}/dh_{t}"), m(&direct[n]));
    }
    env
}

/// Three steps and a loss that looks at the last state; t = 2.
fn chain(draw: &mut Draw) -> Env {
    let leaves = leaves(draw);
    let hs = leaves.run();
    let hidden = draw.hidden;
    let back = |last: DVector<f64>| {
        let none = DVector::zeros(hidden);
        backward(&leaves, &hs, &[none.clone(), none, last]).h_0
    };
    // Row j of ∂h_3/∂h_0 is what entry j of h_3 says about h_0.
    let mut whole = DMatrix::zeros(hidden, hidden);
    for j in 0..hidden {
        let unit = DVector::from_fn(hidden, |k, _| f64::from(k == j));
        whole.set_row(j, &back(unit).transpose());
    }
    let last = draw.vector(hidden);

    let mut env = Env::new();
    env.index("t", 2)
        .set("W_{hh}", leaves.rnn.w_hh())
        .set("dh_3/dh_0", whole)
        .at("h", 0, m(&leaves.h_0))
        .at("bar(h)", 3, m(&last))
        .at("bar(h)", 0, m(&back(last)));
    for (n, t) in (0..3).zip(1..) {
        env.at("h", t, m(&hs[n]));
        env.set(&format!("dh_{t}/dh_{}", t - 1), jacobian(&leaves.rnn, &hs[n]));
    }
    env
}

/// A gradient before and after clipping; some are longer than the limit, some are not.
fn clipped(draw: &mut Draw) -> Env {
    let long = leaves(draw);
    let limit = norm(&long) * (draw.vector(1)[0].abs() + 0.25);
    let mut short = long.clone();
    clip(&mut short, limit);
    let flat = |leaves: &Leaves| {
        let all: Vec<f64> = leaves.tensors().iter().flat_map(|t| t.values.to_vec()).collect();
        DMatrix::from_vec(all.len(), 1, all)
    };
    let mut env = Env::new();
    env.set("g", flat(&long)).set("hat(g)", flat(&short)).scalar("c", limit);
    env
}
