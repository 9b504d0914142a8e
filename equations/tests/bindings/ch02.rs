//! The equations of chapter 2.

use equations::Env;
use nalgebra::DVector;
use rnn::{Readout, Rnn, example, one_hot};

use crate::draw::{Binding, Draw, m};

/// Which code each label stands for.
pub(crate) const BINDINGS: &[Binding] = &[
    ("rnn-step", two_steps),
    ("rnn-by-hand", by_hand),
    ("rnn-unrolled", two_steps),
    ("rnn-blocks", two_steps),
    ("output-layer", two_steps),
    ("rnn-count", count),
];

/// A network with random weights.
pub(crate) fn rnn(draw: &mut Draw) -> Rnn {
    let w = draw.matrix(draw.hidden, draw.hidden + draw.inputs);
    Rnn { w, b: draw.vector(draw.hidden) }
}

/// Two steps of a network and what it says after each; t = 1. Three outputs.
fn two_steps(draw: &mut Draw) -> Env {
    let rnn = rnn(draw);
    let readout = Readout { w: draw.matrix(3, draw.hidden), b: draw.vector(3) };
    let h_0 = draw.vector(draw.hidden);
    let xs = [draw.vector(draw.inputs), draw.vector(draw.inputs)];
    let hs = rnn.unroll(&h_0, &xs);

    let mut env = Env::new();
    env.index("t", 1)
        .set("W_h", rnn.w.clone())
        .set("b_h", m(&rnn.b))
        .set("W_{hh}", rnn.w_hh())
        .set("W_{hx}", rnn.w_hx())
        .set("W_y", readout.w.clone())
        .set("b_y", m(&readout.b))
        .at("h", 0, m(&h_0))
        .at("h", 1, m(&hs[0]))
        .at("h", 2, m(&hs[1]))
        .at("x", 1, m(&xs[0]))
        .at("x", 2, m(&xs[1]))
        .at("z^h", 1, m(&rnn.pre_activation(&h_0, &xs[0])))
        .at("y", 1, m(&readout.forward(&hs[0])));
    env
}

/// One step of the chapter's example, its first unit alone.
fn by_hand(_: &mut Draw) -> Env {
    let (rnn, _) = example();
    let mut env = Env::new();
    env.index("t", 1)
        .set("W_h", rnn.w.rows(0, 1).into_owned())
        .set("b_h", m(&rnn.b.rows(0, 1).into_owned()))
        .at("h", 0, m(&DVector::from_vec(vec![0.4, 0.8])))
        .at("x", 1, m(&one_hot(7)));
    env
}

/// How many numbers there are in W_h and b_h.
fn count(draw: &mut Draw) -> Env {
    let rnn = rnn(draw);
    let mut env = Env::new();
    env.scalar("n", rnn.size() as f64)
        .scalar("H", draw.hidden as f64)
        .scalar("D", draw.inputs as f64);
    env
}
