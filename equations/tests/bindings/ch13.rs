//! The equations of chapter 13.

use equations::Env;
use loss_and_optimiser::{
    Adam, BETA_1, BETA_2, EPSILON, Linear, Momentum, Optimiser, Sgd, cross_entropy,
    cross_entropy_backward, softmax,
};
use nalgebra::{DMatrix, DVector};

use crate::draw::{Binding, Draw, m};

/// Which code each label stands for.
pub(crate) const BINDINGS: &[Binding] = &[
    ("scores", scores),
    ("softmax", answer),
    ("log-softmax", answer),
    ("loss-of-scores", answer),
    ("softmax-backward", answer),
    ("descent", descent),
    ("momentum", momentum),
    ("adam-moments", |draw| adam(draw, 1.0)),
    ("adam-corrected", |draw| adam(draw, 1.0)),
    // Gradients so small that ε counts.
    ("adam-step", |draw| adam(draw, 1e-5)),
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
    let y = draw.vector(10);
    let target = draw.inputs;
    let q = DVector::from_fn(10, |k, _| if k == target { 1.0 } else { 0.0 });
    let mut env = Env::new();
    env.index("j", 4)
        .scalar("kappa", draw.vector(1)[0])
        .scalar("L", cross_entropy(&y, target))
        .set("p", m(&softmax(&y)))
        .set("q", m(&q))
        .set("y", m(&y))
        .set("bar(y)", m(&cross_entropy_backward(&y, target)));
    for ((k, y), p) in (0..).zip(y.iter()).zip(softmax(&y).iter()) {
        let one = |value: f64| DMatrix::from_element(1, 1, value);
        env.at("y", k, one(*y)).at("p", k, one(*p));
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

/// The third step of Adam (the first and the third power of a negative number are negative), with gradients of about
/// this size.
fn adam(draw: &mut Draw, size: f64) -> Env {
    let [mut theta, before, g] = [draw.hidden; 3].map(|length| draw.vector(length));
    let (before, g) = (before * size, g * size);
    let mut optimiser = Adam::<f64>::new(theta.len(), 0.3);
    let column = |values: &[f64]| m(&DVector::from_column_slice(values));
    let mut env = Env::new();
    env.index("t", 3)
        .scalar("eta", 0.3)
        .scalar("beta_1", BETA_1)
        .scalar("beta_2", BETA_2)
        .scalar("varepsilon", EPSILON)
        .at("g", 3, m(&g));
    optimiser.step(theta.as_mut_slice(), before.as_slice());
    optimiser.step(theta.as_mut_slice(), before.as_slice());
    env.at("theta", 2, m(&theta)).at("m", 2, column(&optimiser.m)).at("v", 2, column(&optimiser.v));
    optimiser.step(theta.as_mut_slice(), g.as_slice());
    // What the listing folds into its step, taken apart.
    let corrected = |values: &[f64], beta: f64| column(values) / (1.0 - beta.powi(3));
    env.at("theta", 3, m(&theta))
        .at("m", 3, column(&optimiser.m))
        .at("v", 3, column(&optimiser.v))
        .at("hat(m)", 3, corrected(&optimiser.m, BETA_1))
        .at("hat(v)", 3, corrected(&optimiser.v, BETA_2));
    env
}
