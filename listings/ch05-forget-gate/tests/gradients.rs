//! Chapter 5's gradients against the differences: W_f, b_f, h_{t−1}, x_t and C_{t−1}.

use cases::{
    Regime, Renamed, Worst, affine, assert_refused, big_shape, loss, loss_bar, named, regime,
    runner, shape, state, vector,
};
use forget_gate::{Example, Gate, example, keep, keep_backward, stack, unstack};
use gradient_check::{Named, Parameters, Report, check, tanh_slope};
use nalgebra::DVector;
use proptest::prelude::*;

/// The gate, then h_{t−1}, x_t and C_{t−1}.
type Point = (Renamed<Gate>, Vec<Named>);

const NAMES: [&str; 2] = ["W_f", "b_f"];

/// A gate with its inputs, and the loss's weights.
fn case(
    (hidden, inputs): (usize, usize),
    regime: Regime,
) -> impl Strategy<Value = (Point, DVector<f64>)> {
    let gate = affine(hidden, hidden + inputs, regime);
    let vectors = (state(hidden, 1.0), vector(inputs, 2.0), state(hidden, 3.0));
    (gate, vectors, vector(hidden, 1.0)).prop_map(|(affine, (h, x, c), weights)| {
        let gate = Renamed(Gate { affine }, NAMES);
        ((gate, named([("h_prev", &h), ("x", &x), ("C_prev", &c)])), weights)
    })
}

fn keep_loss(weights: &DVector<f64>) -> impl Fn(&Point) -> f64 {
    |(gate, v)| loss(weights, &keep(&gate.0.forward(&stack(&v[0].1, &v[1].1)), &v[2].1))
}

/// A slip in the backward pass.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bug {
    None,
    SlopeOfTanh,
    SlopeForgotten,
    GateTimesGate,
    CarryUngated,
    HiddenPathMissing,
}

fn gradient((Renamed(gate, _), v): &Point, weights: &DVector<f64>, bug: Bug) -> Point {
    let (h_prev, x, c_prev) = (&v[0].1, &v[1].1, &v[2].1);
    let hx = stack(h_prev, x);
    let f = gate.forward(&hx);
    let k_bar = loss_bar(weights, &keep(&f, c_prev));
    let (mut f_bar, mut c_prev_bar) = keep_backward(&f, c_prev, &k_bar);
    match bug {
        Bug::GateTimesGate => f_bar = k_bar.component_mul(&f), // f̄ needs C_{t−1}, not f_t
        Bug::CarryUngated => c_prev_bar = k_bar,
        _ => {}
    }
    let (gate_bar, hx_bar) = match bug {
        Bug::SlopeOfTanh | Bug::SlopeForgotten => {
            let slope = if bug == Bug::SlopeOfTanh { tanh_slope } else { |_| 1.0 };
            let (affine, hx_bar) = gate.affine.backward(&hx, &f_bar.component_mul(&f.map(slope)));
            (Gate { affine }, hx_bar)
        }
        _ => gate.backward(&hx, &f, &f_bar),
    };
    let (mut h_prev_bar, x_bar) = unstack(&hx_bar, h_prev.len());
    if bug == Bug::HiddenPathMissing {
        h_prev_bar.fill(0.0);
    }
    let vectors = named([("h_prev", &h_prev_bar), ("x", &x_bar), ("C_prev", &c_prev_bar)]);
    (Renamed(gate_bar, NAMES), vectors)
}

#[test]
fn every_gradient_matches_the_differences() {
    let worst = Worst::default();
    let shapes = prop_oneof![19 => shape(), 1 => big_shape()];
    let cases = (shapes, regime()).prop_flat_map(|(shape, regime)| case(shape, regime));
    let result = runner(1000).run(&cases, |(point, weights)| {
        let gradient = gradient(&point, &weights, Bug::None);
        worst.admit(check(&point, &gradient, keep_loss(&weights)))
    });
    println!("{worst}");
    result.unwrap();
}

#[test]
fn wrong_gradients_are_refused() {
    let cases = shape().prop_flat_map(|(hidden, inputs)| {
        // Nothing zero, so that each slip shows.
        let nonzero = || prop_oneof![-2.0..-0.5, 0.5..2.0];
        let filled = move |len| prop::collection::vec(nonzero(), len).prop_map(DVector::from_vec);
        let vectors = (filled(hidden), filled(inputs), filled(hidden), filled(hidden));
        (affine(hidden, hidden + inputs, Regime::Moderate), vectors)
    });
    runner(64)
        .run(&cases, |(affine, (h, x, c, weights))| {
            let gate = Renamed(Gate { affine }, NAMES);
            let point = (gate, named([("h_prev", &h), ("x", &x), ("C_prev", &c)]));
            let wrong = |bug| gradient(&point, &weights, bug);
            let whole = |bug| check(&point, &wrong(bug), keep_loss(&weights));
            assert_refused(&whole(Bug::CarryUngated), &["C_prev"])?;
            assert_refused(&whole(Bug::HiddenPathMissing), &["h_prev"])?;
            // These spoil the inputs' gradients too: look at the gate alone.
            let gate = |bug| -> Report {
                let loss = keep_loss(&weights);
                check(&point.0, &wrong(bug).0, |gate| loss(&(gate.clone(), point.1.clone())))
            };
            for bug in [Bug::SlopeOfTanh, Bug::SlopeForgotten, Bug::GateTimesGate] {
                assert_refused(&gate(bug), &NAMES)?;
            }
            Ok(())
        })
        .unwrap();
}

/// With nothing to forget, the forget gate learns nothing: not little, nothing.
#[test]
fn an_empty_cell_teaches_the_gate_nothing() {
    let cases = (shape(), regime()).prop_flat_map(|(shape, regime)| case(shape, regime));
    runner(200)
        .run(&cases, |((gate, mut vectors), weights)| {
            vectors[2].1.fill(0.0);
            let (gate_bar, vectors_bar) = gradient(&(gate, vectors), &weights, Bug::None);
            let of_gate = gate_bar.tensors().into_iter().flat_map(|t| t.values.iter());
            let of_hx = vectors_bar[..2].iter().flat_map(|v| v.1.iter());
            prop_assert!(of_gate.chain(of_hx).all(|&v| v == 0.0));
            Ok(())
        })
        .unwrap();
}

/// f_t stays in (0, 1), up to what f64 can tell apart, so nothing that is kept grows.
#[test]
fn a_gate_lets_through_between_nothing_and_all() {
    let cases =
        (shape(), regime()).prop_flat_map(|(shape, regime)| (case(shape, regime), Just(regime)));
    runner(300)
        .run(&cases, |(((gate, v), _), regime)| {
            let f = gate.0.forward(&stack(&v[0].1, &v[1].1));
            prop_assert!(f.iter().all(|f| (0.0..=1.0).contains(f)), "{f}");
            if matches!(regime, Regime::Moderate) {
                prop_assert!(f.iter().all(|&f| 0.0 < f && f < 1.0), "{f}");
            }
            prop_assert!(keep(&f, &v[2].1).iter().zip(&v[2].1).all(|(k, c)| k.abs() <= c.abs()));
            Ok(())
        })
        .unwrap();
}

#[test]
fn what_is_stacked_comes_apart_again() {
    let cases = (0..=8usize, 0..=8usize).prop_flat_map(|(h, d)| (vector(h, 1.0), vector(d, 1.0)));
    runner(100)
        .run(&cases, |(h, x)| {
            prop_assert_eq!(unstack(&stack(&h, &x), h.len()), (h, x));
            Ok(())
        })
        .unwrap();
}

#[test]
#[should_panic]
fn an_input_of_another_length_is_refused() {
    let affine = gradient_check::Affine { w: nalgebra::DMatrix::zeros(2, 3), b: DVector::zeros(2) };
    Gate { affine }.forward(&DVector::zeros(4));
}

/// The worked example, as a pocket calculator has it: z = (3, −1.75), and what it keeps.
#[test]
fn the_worked_example_is_as_on_paper() {
    let Example { gate, h_prev, x, c_prev } = example();
    let z = gate.affine.forward(&stack(&h_prev, &x));
    assert_eq!(z.as_slice(), [3.0, -1.75]);
    assert_eq!(c_prev.as_slice(), [2.0, -1.5]);
}
