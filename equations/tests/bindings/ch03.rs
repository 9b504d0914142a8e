//! The equations of chapter 3.

use equations::Env;
use gradient_check::one_layer::{backward, example, forward, loss_backward};
use gradient_check::{
    Affine, Named, central, check, derivative, sigmoid, sigmoid_slope, slope_along, tanh_slope,
    three_numbers,
};
use nalgebra::{DMatrix, DVector};

use crate::draw::{Binding, Draw, m};

/// Which code each label stands for.
pub(crate) const BINDINGS: &[Binding] = &[
    ("three-numbers", three),
    ("three-numbers-back", three),
    ("logistic", squashed),
    ("stretched-sigmoid", squashed),
    ("logistic-slope", squashed),
    ("tanh-slope", squashed),
    ("affine", one_layer),
    ("one-layer", one_layer),
    ("unit-two", unit_two),
    ("loss-backward", one_layer),
    ("layer-backward", one_layer),
    ("affine-adjoints", one_layer),
    ("central-difference", differences),
    ("extrapolated", differences),
    ("what-cancels", polynomial),
    ("relative-error", relative_error),
    ("slope-along", direction),
];

/// One weight, one input, one wanted answer.
fn three(draw: &mut Draw) -> Env {
    let [w, x, q] = [(); 3].map(|()| draw.vector(1)[0]);
    let (a, loss) = three_numbers::forward(w, x, q);
    let [w_bar, x_bar, q_bar] = three_numbers::backward(w, x, q);
    let mut env = Env::new();
    env.scalar("w", w)
        .scalar("x", x)
        .scalar("q", q)
        .set("a", number(a))
        .set("L", number(loss))
        .set("bar(a)", number(-q_bar)) // q is only subtracted from a
        .set("bar(q)", number(q_bar))
        .set("bar(w)", number(w_bar))
        .set("bar(x)", number(x_bar));
    env
}

/// σ, its slope and that of tanh are here the functions of the listing.
fn squashed(draw: &mut Draw) -> Env {
    let mut env = Env::new();
    env.set("z", m(&draw.vector(draw.hidden)))
        .function("sigma", sigmoid)
        .function("sigma'", |z| sigmoid_slope(sigmoid(z)))
        .function("tanh'", |z| tanh_slope(z.tanh()));
    env
}

fn layer(draw: &mut Draw) -> Affine {
    Affine { w: draw.matrix(draw.hidden, draw.inputs), b: draw.vector(draw.hidden) }
}

/// One layer, forward and backward.
fn one_layer(draw: &mut Draw) -> Env {
    let layer = layer(draw);
    let (v, q) = (draw.vector(draw.inputs), draw.vector(draw.hidden));
    let pass = forward(&layer, &v, &q);
    let (layer_bar, v_bar) = backward(&layer, &v, &q, &pass);
    let mut env = Env::new();
    env.set("W", layer.w)
        .set("b", m(&layer.b))
        .set("v", m(&v))
        .set("q", m(&q))
        .set("z", m(&pass.z))
        .set("a", m(&pass.a))
        .set("L", number(pass.loss))
        .set("bar(a)", m(&loss_backward(&pass.a, &q)))
        // The listing's own adjoint of the pre-activation: the bias is added as it is.
        .set("bar(z)", m(&layer_bar.b))
        .set("bar(W)", layer_bar.w)
        .set("bar(b)", m(&layer_bar.b))
        .set("bar(v)", m(&v_bar));
    env
}

fn number(value: f64) -> DMatrix<f64> {
    DMatrix::from_element(1, 1, value)
}

/// The worked example, its second unit alone.
fn unit_two(_: &mut Draw) -> Env {
    let layer = example().layer;
    let mut env = Env::new();
    env.set("W", layer.w.rows(1, 1).into_owned())
        .set("b", m(&layer.b.rows(1, 1).into_owned()))
        .set("v", m(&example().v));
    env
}

/// A polynomial of degree 5 with random coefficients, its slopes by differences, and its values at
/// whole steps. The step is large, so that rounding stays far below what is compared.
fn polynomial(draw: &mut Draw) -> Env {
    let c = draw.vector(6);
    let step = 0.25 + draw.vector(1)[0].abs() / 16.0; // 0.25 to 0.75
    let g = |x: f64| c.iter().rev().fold(0.0, |sum, c| sum * x + c);
    let mut env = Env::new();
    env.index("k", 2)
        .scalar("epsilon", step)
        .set("d", number(derivative(step, g)))
        .at("d", 1, number(central(step, g)))
        .at("d", 2, number(central(2.0 * step, g)));
    for (power, &c) in c.iter().enumerate() {
        env.at("c", power as i64, number(c));
    }
    for steps in -3..=3 {
        env.at("g", steps, number(g(steps as f64 * step)));
    }
    env
}

/// The same differences of a function that is no polynomial.
fn differences(draw: &mut Draw) -> Env {
    let at = draw.vector(1)[0];
    let step = 0.25 + draw.vector(1)[0].abs() / 16.0;
    let g = |nudge: f64| (at + nudge).sin();
    let mut env = Env::new();
    env.index("k", 2)
        .scalar("epsilon", step)
        .set("d", number(derivative(step, g)))
        .at("d", 1, number(central(step, g)))
        .at("d", 2, number(central(2.0 * step, g)));
    for steps in -3..=3 {
        env.at("g", steps, number(g(steps as f64 * step)));
    }
    env
}

/// The relative error that the checker reports, with each part of its denominator the largest in turn.
fn relative_error(draw: &mut Draw) -> Env {
    let slope = 1.0 + draw.vector(1)[0].abs();
    let by_hand_over = 1.0 + draw.vector(1)[0].abs();
    // The shapes choose among the cases; so do they when wrong equations are tried.
    let (slope, by_hand, height) = match (draw.hidden + draw.inputs) % 4 {
        0 => (slope, slope * by_hand_over, 0.5),
        1 => (slope * by_hand_over, -slope, 3.0),
        2 => (slope * 1e-5, slope * by_hand_over * 1e-5, 0.5),
        _ => (slope * 1e-5, slope * by_hand_over * 1e-5, -40.0),
    };
    let loss = |p: &Named| height + slope * p.1[0];
    let point = Named("theta", DVector::from_element(1, 0.0));
    let answer = Named("theta", DVector::from_element(1, by_hand));
    let worst = check(&point, &answer, loss).worst;
    let mut env = Env::new();
    env.scalar("bar(theta)", by_hand)
        .scalar("d", worst.numeric)
        .scalar("L", loss(&point))
        .set("r", number(worst.error));
    env
}

/// A gradient and a direction.
fn direction(draw: &mut Draw) -> Env {
    let (gradient, u) = (draw.vector(draw.hidden), draw.vector(draw.hidden));
    let slope = slope_along(&Named("theta", gradient.clone()), &[u.as_slice().to_vec()]);
    let mut env = Env::new();
    env.set("bar(theta)", m(&gradient)).set("u", m(&u)).set("dL/depsilon", number(slope));
    env
}
