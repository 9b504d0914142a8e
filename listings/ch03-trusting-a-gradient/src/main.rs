//! What `cargo run -p ch03` prints: one layer forward and backward, the U-curve of the step, and the
//! checker at work on right and on wrong gradients.

use std::cell::Cell;

use digits::{below, generator};
use gradient_check::one_layer::{Example, backward, example, forward, loss_backward};
use gradient_check::{
    Affine, Named, Report, STEP, central, check, check_along, derivative, len, sigmoid,
    sigmoid_slope, tanh_slope,
};
use nalgebra::{DMatrix, DVector};
use say::println;

fn main() {
    squashing();
    println!();
    one_layer();
    println!();
    u_curve();
    println!();
    floor();
    println!();
    kink();
    println!();
    checked_layer();
    println!();
    directions();
    println!();
    descent();
}

fn squashing() {
    println!("# squashing: sigmoid and tanh with their slopes");
    println!(
        "z   | {:>9} | {:>13} | {:>10} | {:>10}",
        "sigmoid", "sigmoid_slope", "tanh", "tanh_slope"
    );
    for z in [-6i32, -4, -2, -1, 0, 1, 2, 4, 6] {
        let (s, y) = (sigmoid(z.into()), f64::from(z).tanh());
        let (s_slope, y_slope) = (sigmoid_slope(s), tanh_slope(y));
        println!("{z:<3} | {s:>9.6} | {s_slope:>13.6} | {y:>10.7} | {y_slope:>10.7}");
    }
}

fn one_layer() {
    let Example { layer, v, q } = example();
    let pass = forward(&layer, &v, &q);
    println!("# forward: one layer, from its input to the loss");
    println!("unit   |       z |      a |      q");
    for unit in 0..2 {
        println!(
            "unit-{} | {:>7.4} | {:>6.4} | {:>6.4}",
            unit + 1,
            pass.z[unit],
            pass.a[unit],
            q[unit]
        );
    }
    println!("loss = {:.5}", pass.loss);

    let a_bar = loss_backward(&pass.a, &q);
    let (layer_bar, v_bar) = backward(&layer, &v, &q, &pass);
    println!("\n# backward: and back again");
    println!("adjoint |   a_bar |   slope |   z_bar |     W_1 |     W_2 |     W_3");
    for unit in 0..2 {
        let w = layer_bar.w.row(unit);
        println!(
            "back-{}  | {:>7.4} | {:>7.4} | {:>7.4} | {:>7.4} | {:>7.4} | {:>7.4}",
            unit + 1,
            a_bar[unit],
            sigmoid_slope(pass.a[unit]),
            layer_bar.b[unit],
            w[0],
            w[1],
            w[2]
        );
    }
    println!("v_bar_1 = {:.4}", v_bar[0]);
    println!("v_bar_2 = {:.4}", v_bar[1]);
    println!("v_bar_3 = {:.4}", v_bar[2]);
}

// ANCHOR: bell
/// g(θ) = 1 / (1 + θ²) and its slope: no `exp` in it, so every machine rounds it the same way.
fn bell(theta: f64) -> f64 {
    1.0 / (1.0 + theta * theta)
}

fn bell_slope(theta: f64) -> f64 {
    -2.0 * theta * bell(theta) * bell(theta)
}
// ANCHOR_END: bell

fn u_curve() {
    println!("# u-curve: error of the slope of 1 / (1 + x^2) at x = 0.7, by step");
    println!("step  | {:>8} | {:>12}", "central", "extrapolated");
    let at = 0.7;
    let off = |slope: f64| (slope - bell_slope(at)).abs();
    let (mut step, mut steps) = (1.0, Vec::new());
    for exponent in 1..=12 {
        step /= 10.0;
        let plain = off(central(step, |nudge| bell(at + nudge)));
        let better = off(derivative(step, |nudge| bell(at + nudge)));
        println!("1e-{exponent:<2} | {plain:>8.1e} | {better:>12.1e}");
        steps.push((exponent, plain, better));
    }
    let best = |error: fn(&(i32, f64, f64)) -> f64| {
        let best = steps.iter().min_by(|a, b| error(a).total_cmp(&error(b)));
        best.map_or(0, |step| -step.0)
    };
    println!("best-central = {}  (power of ten of the best step)", best(|step| step.1));
    println!("best-extrapolated = {}", best(|step| step.2));
}

// ANCHOR: floor
/// L(θ) = 1 + cθ, whose gradient is c: right by construction, and as small as we please.
fn floor() {
    println!("# floor: a right gradient c, judged without a floor and with it");
    println!("gradient | without | with");
    for c in [1.0, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12] {
        let point = Named("theta", DVector::from_element(1, 0.7));
        let right = Named("theta", DVector::from_element(1, c));
        let Report { worst, .. } = check(&point, &right, |p| 1.0 + c * p.1[0]);
        let larger = worst.analytic.abs().max(worst.numeric.abs());
        let without = (worst.analytic - worst.numeric).abs() / larger;
        println!("c={c:<6e} | {:>7} | {}", verdict(without), verdict(worst.error));
    }
}
// ANCHOR_END: floor

/// Rounding noise has no digits worth printing: only how large it is.
fn verdict(error: f64) -> String {
    match error {
        e if e < 1e-9 => "< 1e-9".into(),
        e if e < 1e-7 => "< 1e-7".into(),
        e => format!("{e:.0e}"),
    }
}

fn kink() {
    println!("# kink: the gradient of L = |x| by differences, near the kink at x = 0");
    println!("at        | by-hand | by-differences");
    for steps in [0.0, 0.5, 1.0, 1.5, 2.0, 3.0] {
        let point = Named("x", DVector::from_element(1, steps * STEP));
        let slope = if steps == 0.0 { 0.0 } else { 1.0 };
        let gradient = Named("x", DVector::from_element(1, slope));
        let Report { worst, .. } = check(&point, &gradient, |p| p.1[0].abs());
        println!("steps={steps:<3} | {slope:>7.1} | {:>14.4}", worst.numeric);
    }
}

// ANCHOR: checked_layer
fn checked_layer() {
    let Example { layer, v, q } = example();
    let point = (layer, Named("v", v));
    let loss = |(layer, v): &(Affine, Named)| forward(layer, &v.1, &q).loss;

    let (layer, v) = (&point.0, &point.1.1);
    let (layer_bar, v_bar) = backward(layer, v, &q, &forward(layer, v, &q));
    let right = (layer_bar, Named("v", v_bar));
    let mut wrong = right.clone();
    wrong.0.w[(1, 2)] *= 1.01; // one percent, in one entry of eleven

    println!("# right-gradient: one layer, held against the differences");
    let Report { worst, compared, .. } = check(&point, &right, loss);
    println!("compared = {compared}  numbers");
    println!("right-error = {}", if worst.error < 1e-9 { "below 1e-9" } else { "TOO LARGE" });
    println!();
    println!("# wrong-gradient: the same, one entry one percent too large");
    let Report { worst, .. } = check(&point, &wrong, loss);
    println!("worst = {}[{},{}]", worst.name, worst.row, worst.column);
    println!("by-hand = {:.6}", worst.analytic);
    println!("by-differences = {:.6}", worst.numeric);
    println!("wrong-error = {:.6}", worst.error);
}
// ANCHOR_END: checked_layer

/// A layer of (n, n) with its input, weights up to ±1/√n, and what it should answer.
fn big(n: usize) -> Example {
    let rng = &mut generator(3);
    let mut number = || f64::from(below(2001, rng)) / 1000.0 - 1.0;
    let w = DMatrix::from_fn(n, n, |_, _| number()) / (n as f64).sqrt();
    let b = DVector::from_fn(n, |_, _| number());
    let v = DVector::from_fn(n, |_, _| number());
    Example { layer: Affine { w, b }, v, q: DVector::from_element(n, 1.0) }
}

fn directions() {
    let Example { layer, v, q } = big(64);
    let evaluations = Cell::new(0);
    let loss = |layer: &Affine| {
        evaluations.set(evaluations.get() + 1);
        forward(layer, &v, &q).loss
    };
    let (right, _) = backward(&layer, &v, &q, &forward(&layer, &v, &q));

    println!("# cost: evaluations of the loss, for a layer with 64 inputs and 64 outputs");
    println!("numbers = {}", len(&layer));
    let report = check(&layer, &right, loss);
    println!("entry-by-entry = {}", evaluations.replace(0));
    let along = check_along(&layer, &right, &mut generator(1), loss);
    println!("one-direction = {}", evaluations.get());
    let fine = report.worst.error < 1e-7 && along < 1e-7;
    println!("both find it right: {}", if fine { "yes" } else { "NO" });

    println!("\n# directions: one entry spoiled, 100 directions, how many refuse it");
    println!("spoiled  | refused");
    for (name, spoil) in [("none", 0.0), ("1e-2", 1e-2), ("1e-4", 1e-4), ("1e-6", 1e-6)] {
        let mut wrong = right.clone();
        wrong.w[(5, 7)] *= 1.0 + spoil;
        let refused = |seed: &u64| check_along(&layer, &wrong, &mut generator(*seed), loss) > 1e-7;
        println!("by={name:<5} | {:>7}", (0..100).filter(refused).count());
    }
}

// ANCHOR: descent
/// Gradient descent with the right gradient, and with one that forgets the slope of σ.
fn descent() {
    println!("# descent: the loss of one layer after some updates, learning rate 1");
    println!("updates   |   right | slope-forgotten");
    let Example { layer, v, q } = example();
    let (mut right, mut wrong) = (layer.clone(), layer);
    for step in 0..=100 {
        let passes = [forward(&right, &v, &q), forward(&wrong, &v, &q)];
        if [0, 1, 2, 10, 100].contains(&step) {
            println!("after={step:<3} | {:>7.1e} | {:>15.1e}", passes[0].loss, passes[1].loss);
        }
        let (gradient, _) = backward(&right, &v, &q, &passes[0]);
        right = Affine { w: right.w - gradient.w, b: right.b - gradient.b };
        let (gradient, _) = wrong.backward(&v, &loss_backward(&passes[1].a, &q)); // z̄ = ā
        wrong = Affine { w: wrong.w - gradient.w, b: wrong.b - gradient.b };
    }
}
// ANCHOR_END: descent
