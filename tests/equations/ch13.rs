//! The equations of chapter 13.

use loss_and_optimiser::{
    Adam, BETA_1, BETA_2, EPSILON, Linear, Momentum, Optimiser, Sgd, cross_entropy,
    cross_entropy_backward, softmax,
};
use nalgebra::{DMatrix, DVector};
use press::equation::Env;

use super::{Binding, Draw, m};

/// Which code each label stands for.
pub(crate) const BINDINGS: &[Binding] = &[
    ("scores", scores),
    ("softmax", answer),
    ("log-softmax", answer),
    ("loss-of-scores", answer),
    ("softmax-backward", answer),
    ("descent", descent),
    ("momentum", momentum),
    ("adam-moments", adam),
    ("adam-corrected", adam),
    ("adam-step", adam),
];

/// The output layer, for one h at T = 3.
fn scores(draw: &mut Draw) -> Env {
    let linear = Linear { inputs: draw.hidden, outputs: draw.inputs };
    let (w, b) = (draw.matrix(draw.inputs, draw.hidden), draw.vector(draw.inputs));
    let h = draw.vector(draw.hidden);
    let mut theta = w.transpose().as_slice().to_vec();
    theta.extend(b.iter());
    let mut y = vec![0.0; draw.inputs];
    linear.forward(&theta, h.as_slice(), &mut y);
    let mut env = Env::new();
    env.index("T", 3)
        .set("W_y", w)
        .set("b_y", m(&b))
        .at("h", 3, m(&h))
        .set("y", m(&DVector::from_column_slice(&y)));
    env
}

/// Scores, probabilities, loss and adjoint of one answer.
fn answer(draw: &mut Draw) -> Env {
    let y = draw.vector(draw.hidden);
    let target = (draw.inputs * 7) % draw.hidden;
    let q = DVector::from_fn(draw.hidden, |k, _| if k == target { 1.0 } else { 0.0 });
    let mut env = Env::new();
    env.scalar("n", draw.hidden as f64)
        .scalar("kappa", draw.vector(1)[0])
        .scalar("L", cross_entropy(&y, target))
        .set("p", m(&softmax(&y)))
        .set("q", m(&q))
        .set("y", m(&y))
        .set("bar(y)", m(&cross_entropy_backward(&y, target)));
    for (k, y) in (1..).zip(y.iter()) {
        env.at("y", k, DMatrix::from_element(1, 1, *y));
    }
    env
}

fn at_two(draw: &mut Draw) -> (Env, [DVector<f64>; 3]) {
    let vectors = [draw.hidden; 3].map(|length| draw.vector(length));
    let mut env = Env::new();
    env.index("t", 2).scalar("eta", 0.3).at("g", 1, m(&vectors[1])).at("g", 2, m(&vectors[2]));
    (env, vectors)
}

fn descent(draw: &mut Draw) -> Env {
    let (mut env, [mut theta, _, g]) = at_two(draw);
    env.at("theta", 1, m(&theta));
    Sgd { learning_rate: 0.3 }.step(theta.as_mut_slice(), g.as_slice());
    env.at("theta", 2, m(&theta));
    env
}

fn momentum(draw: &mut Draw) -> Env {
    let (mut env, [mut theta, before, g]) = at_two(draw);
    let mut optimiser = Momentum::new(theta.len(), 0.3, 0.8);
    optimiser.step(theta.as_mut_slice(), before.as_slice());
    env.scalar("beta", 0.8);
    env.at("theta", 1, m(&theta)).at("u", 1, m(&DVector::from_column_slice(&optimiser.velocity)));
    optimiser.step(theta.as_mut_slice(), g.as_slice());
    env.at("theta", 2, m(&theta)).at("u", 2, m(&DVector::from_column_slice(&optimiser.velocity)));
    env
}

/// The second step of Adam. Its gradients are small, so that ε counts.
fn adam(draw: &mut Draw) -> Env {
    let (mut env, vectors) = at_two(draw);
    let [mut theta, before, g] = vectors;
    let (before, g) = (before * 1e-5, g * 1e-5);
    let mut optimiser = Adam::<f64>::new(theta.len(), 0.3);
    let column = |values: &[f64]| m(&DVector::from_column_slice(values));
    optimiser.step(theta.as_mut_slice(), before.as_slice());
    env.scalar("beta_1", BETA_1)
        .scalar("beta_2", BETA_2)
        .scalar("varepsilon", EPSILON)
        .at("theta", 1, m(&theta))
        .at("g", 2, m(&g))
        .at("m", 1, column(&optimiser.m))
        .at("v", 1, column(&optimiser.v));
    optimiser.step(theta.as_mut_slice(), g.as_slice());
    // What the listing folds into its step, taken apart.
    let corrected = |values: &[f64], beta: f64| column(values) / (1.0 - beta.powi(2));
    env.at("theta", 2, m(&theta))
        .at("m", 2, column(&optimiser.m))
        .at("v", 2, column(&optimiser.v))
        .at("hat(m)", 2, corrected(&optimiser.m, BETA_1))
        .at("hat(v)", 2, corrected(&optimiser.v, BETA_2));
    env
}
