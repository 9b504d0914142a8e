//! Chapter 3's own gradients against the differences: the affine layer and the two slopes.

use cases::{
    Regime, Worst, affine, assert_refused, big_shape, loss, loss_bar, pre_activation, regime,
    runner, shape, vector,
};
use gradient_check::one_layer::{Example, backward, example, forward};
use gradient_check::{
    Affine, Named, check, check_along, derivative, sigmoid, sigmoid_slope, tanh_slope,
    three_numbers,
};
use nalgebra::DVector;
use proptest::prelude::*;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

/// z = W · v + b, then σ or tanh, then the shared loss: a layer, its input, the loss's weights.
fn case(
    shape: (usize, usize),
    regime: Regime,
) -> impl Strategy<Value = (Affine, DVector<f64>, DVector<f64>)> {
    let (outputs, inputs) = shape;
    (affine(outputs, inputs, regime), vector(inputs, 2.0), vector(outputs, 1.0))
}

#[derive(Clone, Copy)]
struct Squash {
    function: fn(f64) -> f64,
    slope: fn(f64) -> f64,
}

const SIGMOID: Squash = Squash { function: sigmoid, slope: sigmoid_slope };
const TANH: Squash = Squash { function: f64::tanh, slope: tanh_slope };

type Point = (Affine, Named);

fn layer_loss(weights: &DVector<f64>, squash: Squash) -> impl Fn(&Point) -> f64 {
    move |(layer, Named(_, v))| loss(weights, &layer.forward(v).map(squash.function))
}

fn layer_gradient((layer, v): &Point, weights: &DVector<f64>, squash: Squash) -> Point {
    let y = layer.forward(&v.1).map(squash.function);
    let z_bar = loss_bar(weights, &y).component_mul(&y.map(squash.slope));
    let (layer_bar, v_bar) = layer.backward(&v.1, &z_bar);
    (layer_bar, Named("v", v_bar))
}

#[test]
fn every_gradient_matches_the_differences() {
    let worst = Worst::default();
    let shapes = prop_oneof![9 => shape(), 1 => big_shape()];
    let cases = (shapes, regime()).prop_flat_map(|(shape, regime)| case(shape, regime));
    let result = runner(400).run(&cases, |(layer, v, weights)| {
        let point = (layer, Named("v", v));
        for squash in [SIGMOID, TANH] {
            let gradient = layer_gradient(&point, &weights, squash);
            worst.admit(check(&point, &gradient, layer_loss(&weights, squash)))?;
        }
        // The layer alone, with nothing that squashes.
        let straight = |(layer, v): &Point| loss(&weights, &layer.forward(&v.1));
        let z_bar = loss_bar(&weights, &point.0.forward(&point.1.1));
        let (layer_bar, v_bar) = point.0.backward(&point.1.1, &z_bar);
        worst.admit(check(&point, &(layer_bar, Named("v", v_bar)), straight))
    });
    println!("{worst}");
    result.unwrap();
}

/// The three numbers with which the chapter begins, wherever they are; and where the text has them.
#[test]
fn three_numbers_too() {
    let worst = Worst::default();
    let result = runner(200).run(&vector(3, 10.0), |v| {
        let gradient = three_numbers::backward(v[0], v[1], v[2]).to_vec();
        let loss = |p: &Named| three_numbers::forward(p.1[0], p.1[1], p.1[2]).1;
        worst.admit(check(&Named("wxq", v), &Named("wxq", gradient.into()), loss))
    });
    println!("{worst}");
    result.unwrap();
    assert_eq!(three_numbers::forward(2.0, 3.0, 10.0), (6.0, 8.0));
    assert_eq!(three_numbers::backward(2.0, 3.0, 10.0), [-12.0, -8.0, 4.0]);
}

/// The chapter's worked layer, at random points.
#[test]
fn one_layer_too() {
    let worst = Worst::default();
    let cases = (shape(), regime()).prop_flat_map(|(shape, regime)| case(shape, regime));
    let result = runner(400).run(&cases, |(layer, v, q)| {
        let (layer_bar, v_bar) = backward(&layer, &v, &q, &forward(&layer, &v, &q));
        let (point, gradient) = ((layer, Named("v", v)), (layer_bar, Named("v", v_bar)));
        worst.admit(check(&point, &gradient, |(layer, v)| forward(layer, &v.1, &q).loss))
    });
    println!("{worst}");
    result.unwrap();
}

/// What the text says of a gradient that forgets σ's slope: it is the right one of another loss,
/// −q ln a − (1 − q) ln(1 − a), summed over the units.
#[test]
fn the_forgotten_slope_belongs_to_another_loss() {
    let cases = (shape(), vector(8, 1.0))
        .prop_flat_map(|(shape, q)| (case(shape, Regime::Moderate), Just(q.map(f64::abs))));
    runner(100)
        .run(&cases, |((layer, v, _), q)| {
            let pass = |layer: &Affine| layer.forward(&v).map(sigmoid);
            let (slopeless, _) = layer.backward(&v, &(pass(&layer) - q.rows(0, layer.b.len())));
            let report = check(&layer, &slopeless, |layer| {
                let answers = pass(layer);
                let unit = |(a, q): (&f64, &f64)| -q * a.ln() - (1.0 - q) * (1.0 - a).ln();
                answers.iter().zip(&q).map(unit).sum()
            });
            prop_assert!(report.worst.error < cases::TOLERANCE, "{report}");
            Ok(())
        })
        .unwrap();
}

/// The worked layer, as a pocket calculator has it: z = (3.5, −2), and both units should answer 1.
#[test]
fn the_worked_example_is_as_on_paper() {
    let Example { layer, v, q } = example();
    assert_eq!(layer.forward(&v).as_slice(), [3.5, -2.0]);
    assert_eq!((v[0], q.as_slice()), (1.0, &[1.0, 1.0][..]));
    let pass = forward(&layer, &v, &q);
    assert!((pass.a[0] - 0.970688).abs() < 1e-6 && (pass.a[1] - 0.119203).abs() < 1e-6);
    assert!((pass.loss - 0.388331).abs() < 1e-6);
}

#[test]
fn along_random_directions_too() {
    let cases = (big_shape(), regime(), any::<u64>())
        .prop_flat_map(|(shape, regime, seed)| (case(shape, regime), Just(seed)));
    runner(100)
        .run(&cases, |((layer, v, weights), seed)| {
            let point = (layer, Named("v", v));
            let rng = &mut ChaCha8Rng::seed_from_u64(seed);
            let gradient = layer_gradient(&point, &weights, SIGMOID);
            let loss = layer_loss(&weights, SIGMOID);
            let error = check_along(&point, &gradient, rng, loss);
            prop_assert!(error < cases::TOLERANCE, "{error:e}");
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_slopes_are_the_slopes() {
    let z = regime().prop_flat_map(pre_activation);
    runner(1000)
        .run(&z, |z| {
            for Squash { function, slope } in [SIGMOID, TANH] {
                let numeric = derivative(1e-3, |nudge| function(z + nudge));
                prop_assert!((slope(function(z)) - numeric).abs() < 1e-11);
            }
            Ok(())
        })
        .unwrap();
}

/// What people get wrong in one layer. Each is refused, and the tensor that it spoils is blamed.
#[test]
fn wrong_gradients_are_refused() {
    // Square, so that a forgotten transposition still fits.
    let cases = (2..=8usize).prop_flat_map(|n| case((n, n), Regime::Moderate));
    runner(64)
        .run(&cases, |(layer, v, weights)| {
            let point = (layer, Named("v", v));
            let (layer, Named(_, v)) = &point;
            let report = |gradient: &Point| check(&point, gradient, layer_loss(&weights, SIGMOID));
            let right = layer_gradient(&point, &weights, SIGMOID);
            let y = layer.forward(v).map(sigmoid);
            let y_bar = loss_bar(&weights, &y);
            let z_bar = y_bar.component_mul(&y.map(sigmoid_slope));

            let untransposed = (right.0.clone(), Named("v", &layer.w * &z_bar));
            assert_refused(&report(&untransposed), &["v"])?;

            let outer_product_swapped =
                (Affine { w: v * z_bar.transpose(), ..right.0.clone() }, right.1.clone());
            assert_refused(&report(&outer_product_swapped), &["W"])?;

            let bias_before_the_slope = (Affine { b: y_bar, ..right.0.clone() }, right.1.clone());
            assert_refused(&report(&bias_before_the_slope), &["b"])?;

            // σ with the slope of tanh: the layer is wrong, whatever v̄ says.
            let other_slope = Squash { slope: tanh_slope, ..SIGMOID };
            let (wrong_layer, _) = layer_gradient(&point, &weights, other_slope);
            assert_refused(&report(&(wrong_layer, right.1)), &["W", "b"])
        })
        .unwrap();
}
