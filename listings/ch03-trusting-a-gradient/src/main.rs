//! What `cargo run -p ch03` prints: one layer forward and backward, the U-curve of the step, and the
//! checker at work on right and on wrong gradients.

use std::cell::Cell;

use digits::{below, generator};
use gradient_check::one_layer::{Example, backward, example, forward, loss_backward};
use gradient_check::{
    Affine, Entry, Named, Report, STEP, by_differences, central, check, check_along, derivative,
    len, sigmoid, sigmoid_slope, tanh_slope, three_numbers,
};
use nalgebra::{DMatrix, DVector};
use say::println;

fn main() {
    scalar();
    println!();
    squashing();
    println!();
    one_layer();
    println!();
    checked_layer();
    println!();
    descent();
    println!();
    u_curve();
    println!();
    floor();
    println!();
    doubts();
    println!();
    directions();
}

fn scalar() {
    println!("# three-numbers: L = (w x - q)^2 / 2, each number nudged by 0.001");
    println!("number | value |      up |    down | by-differences | by-hand");
    let point = Named("wxq", DVector::from_vec(vec![2.0, 3.0, 10.0]));
    let loss = |p: &Named| three_numbers::forward(p.1[0], p.1[1], p.1[2]).1;
    let by_hand = three_numbers::backward(2.0, 3.0, 10.0);
    let slopes = by_differences(0.001, &point, loss).1;
    for (n, name) in ["w", "x", "q"].into_iter().enumerate() {
        let nudged = |nudge| {
            let mut probe = point.clone();
            probe.1[n] += nudge;
            loss(&probe)
        };
        println!(
            "{name:<6} | {:>5} | {:.5} | {:.5} | {:>14.5} | {:>7}",
            point.1[n],
            nudged(0.001),
            nudged(-0.001),
            slopes[n],
            by_hand[n]
        );
    }
    println!("answer = {}", three_numbers::forward(2.0, 3.0, 10.0).0);
    println!("L = {}", loss(&point));
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
    println!("v = {:?}", v.as_slice());
    println!("unit   |   W_1 |   W_2 |   W_3 |     b |    z |      a | q");
    for unit in 0..2 {
        let w = layer.w.row(unit);
        let (b, z, a) = (layer.b[unit], pass.z[unit], pass.a[unit]);
        println!(
            "unit-{} | {:>5.2} | {:>5.2} | {:>5.2} | {b:>5.2} | {z:>4.1} | {a:.4} | {}",
            unit + 1,
            w[0],
            w[1],
            w[2],
            q[unit]
        );
    }
    println!("loss = {:.5}", pass.loss);

    let a_bar = loss_backward(&pass.a, &q);
    let (layer_bar, v_bar) = backward(&layer, &v, &q, &pass);
    println!("\n# backward: and back again");
    println!("unit   |   a_bar |   slope |   z_bar | W_bar_1 | W_bar_2 | W_bar_3");
    for unit in 0..2 {
        let w = layer_bar.w.row(unit);
        println!(
            "unit-{} | {:>7.4} | {:>7.4} | {:>7.4} | {:>7.4} | {:>7.4} | {:>7.4}",
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
    println!("# u-curve: error of the slope of 1 / (1 + theta^2) at theta = 0.7, by step");
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

/// Six losses of one number that the differences cannot follow, and what the checker says.
fn doubts() {
    println!("# doubts: where the differences are to blame");
    println!("loss    | gradient |     by-hand | by-differences |   error | doubt");
    let show = |name: &str, gradient: &str, at: f64, slope: f64, loss: &dyn Fn(f64) -> f64| {
        let one = |value| Named("x", DVector::from_element(1, value));
        let Report { worst, doubt, .. } = check(&one(at), &one(slope), |p| loss(p.1[0]));
        let Entry { analytic, numeric, error, .. } = worst;
        let doubt = format!("{doubt:?}").replace("Some(", "");
        let doubt = doubt.trim_end_matches(')').split('(').next().unwrap_or_default().to_owned();
        println!(
            "{name:<7} | {gradient:<8} | {analytic:>11.4e} | {numeric:>14.4e} | {error:>7.0e} | {doubt}"
        );
    };
    let calls = Cell::new(0);
    let dropout = |x: f64| {
        calls.set(calls.get() + 1);
        if calls.get() % 2 == 0 { x } else { 0.0 }
    };
    show("kink", "right", STEP / 2.0, 1.0, &f64::abs);
    show("steep", "right", 0.1, 1000.0 * f64::cos(100.0), &|x| (1000.0 * x).sin());
    show("f32", "right", 0.3, 0.6, &|x| f64::from(x as f32 * x as f32));
    show("random", "right", 0.3, 1.0, &dropout);
    show("far-out", "right", 1e13, 1.0, &|x| x);
    show("tiny", "wrong", 1.0, 0.0, &|x| 1e-12 * x * x);
}

// ANCHOR: checked_layer
/// The worked layer and its input, with one entry of the gradient `times` as large as it should be.
fn checked(times: f64) -> Report {
    let Example { layer, v, q } = example();
    let (mut layer_bar, v_bar) = backward(&layer, &v, &q, &forward(&layer, &v, &q));
    layer_bar.w[(1, 2)] *= times;
    let (point, gradient) = ((layer, Named("v", v)), (layer_bar, Named("v", v_bar)));
    check(&point, &gradient, |(layer, v)| forward(layer, &v.1, &q).loss)
}
// ANCHOR_END: checked_layer

fn checked_layer() {
    println!("# right-gradient: one layer, held against the differences");
    let Report { worst, compared, .. } = checked(1.0);
    println!("compared = {compared}  numbers");
    println!("right-error = {}", if worst.error < 1e-9 { "below 1e-9" } else { "TOO LARGE" });
    println!();
    println!("# wrong-gradient: the same, one entry one percent too large");
    let worst = checked(1.01).worst;
    println!("worst = {}[{},{}]", worst.name, worst.row, worst.column);
    println!("by-hand = {:.6}", worst.analytic);
    println!("by-differences = {:.6}", worst.numeric);
    println!("wrong-error = {:.6}", worst.error);
}

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
