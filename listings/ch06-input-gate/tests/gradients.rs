//! Chapter 6's gradients against the differences: W_i, b_i, W_C, b_C, h_{t−1} and x_t.

use cases::{
    Regime, Renamed, Worst, affine, assert_refused, big_shape, loss, loss_bar, named, regime,
    runner, shape, state, vector,
};
use forget_gate::{stack, unstack};
use gradient_check::{Named, Parameters, check, sigmoid_slope};
use input_gate::{Candidate, Gate, example, write, write_backward};
use nalgebra::DVector;
use proptest::prelude::*;

/// The input gate and the candidate: what writes.
type Writer = (Renamed<Gate>, Renamed<Candidate>);
/// Then h_{t−1} and x_t.
type Point = (Writer, Vec<Named>);

const GATE: [&str; 2] = ["W_i", "b_i"];
const CANDIDATE: [&str; 2] = ["W_C", "b_C"];

/// A writer with its inputs, and the loss's weights.
fn case(
    (hidden, inputs): (usize, usize),
    (of_gate, of_candidate): (Regime, Regime),
) -> impl Strategy<Value = (Point, DVector<f64>)> {
    let gate = affine(hidden, hidden + inputs, of_gate);
    let candidate = affine(hidden, hidden + inputs, of_candidate);
    let vectors = (state(hidden, 1.0), vector(inputs, 2.0), vector(hidden, 1.0));
    (gate, candidate, vectors).prop_map(|(gate, candidate, (h, x, weights))| {
        let gate = Renamed(Gate { affine: gate }, GATE);
        let candidate = Renamed(Candidate { affine: candidate }, CANDIDATE);
        (((gate, candidate), named([("h_prev", &h), ("x", &x)])), weights)
    })
}

fn forward(((gate, candidate), v): &Point) -> [DVector<f64>; 3] {
    let hx = stack(&v[0].1, &v[1].1);
    let (i, candidate) = (gate.0.forward(&hx), candidate.0.forward(&hx));
    [hx, i, candidate]
}

fn write_loss(weights: &DVector<f64>) -> impl Fn(&Point) -> f64 {
    |point| {
        let [_, i, candidate] = forward(point);
        loss(weights, &write(&i, &candidate))
    }
}

/// A slip in the backward pass.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bug {
    None,
    /// C̃ ⊙ (1 − C̃): the slope of the gate.
    CandidateSlopeOfSigmoid,
    /// The adjoints of i and of C̃ change places.
    FactorsSwapped,
    /// [h_{t−1}, x_t] was read twice, and one reader is forgotten.
    OneReaderForgotten,
    HiddenPathMissing,
}

fn gradient(point: &Point, weights: &DVector<f64>, bug: Bug) -> Point {
    let ((Renamed(gate, _), Renamed(candidate, _)), v) = point;
    let [hx, i, c] = forward(point);
    let written_bar = loss_bar(weights, &write(&i, &c));
    let (mut i_bar, mut c_bar) = write_backward(&i, &c, &written_bar);
    if bug == Bug::FactorsSwapped {
        (i_bar, c_bar) = (c_bar, i_bar);
    }
    let (gate_bar, hx_bar_i) = gate.backward(&hx, &i, &i_bar);
    let (candidate_bar, hx_bar_c) = if bug == Bug::CandidateSlopeOfSigmoid {
        let z_bar = c_bar.component_mul(&c.map(sigmoid_slope));
        let (affine, hx_bar) = candidate.affine.backward(&hx, &z_bar);
        (Candidate { affine }, hx_bar)
    } else {
        candidate.backward(&hx, &c, &c_bar)
    };
    let hx_bar = if bug == Bug::OneReaderForgotten { hx_bar_c } else { hx_bar_i + hx_bar_c };
    let (mut h_prev_bar, x_bar) = unstack(&hx_bar, v[0].1.len());
    if bug == Bug::HiddenPathMissing {
        h_prev_bar.fill(0.0);
    }
    let writer = (Renamed(gate_bar, GATE), Renamed(candidate_bar, CANDIDATE));
    (writer, named([("h_prev", &h_prev_bar), ("x", &x_bar)]))
}

#[test]
fn every_gradient_matches_the_differences() {
    let worst = Worst::default();
    let shapes = prop_oneof![19 => shape(), 1 => big_shape()];
    let cases =
        (shapes, (regime(), regime())).prop_flat_map(|(shape, regimes)| case(shape, regimes));
    let result = runner(1000).run(&cases, |(point, weights)| {
        let gradient = gradient(&point, &weights, Bug::None);
        worst.admit(check(&point, &gradient, write_loss(&weights)))
    });
    println!("{worst}");
    result.unwrap();
}

#[test]
fn wrong_gradients_are_refused() {
    let moderate = (Regime::Moderate, Regime::Moderate);
    let cases = shape().prop_flat_map(move |shape| case(shape, moderate));
    runner(64)
        .run(&cases, |(point, weights)| {
            let loss = write_loss(&weights);
            let wrong = |bug| gradient(&point, &weights, bug);
            let whole = |bug| check(&point, &wrong(bug), &loss);
            assert_refused(&whole(Bug::HiddenPathMissing), &["h_prev"])?;
            assert_refused(&whole(Bug::OneReaderForgotten), &["h_prev", "x"])?;
            // These spoil the inputs' gradients too: look at the weights alone.
            let weights_only = |bug| {
                let at = |writer: &Writer| loss(&(writer.clone(), point.1.clone()));
                check(&point.0, &wrong(bug).0, at)
            };
            assert_refused(&weights_only(Bug::CandidateSlopeOfSigmoid), &CANDIDATE)?;
            assert_refused(&weights_only(Bug::FactorsSwapped), &[GATE, CANDIDATE].concat())
        })
        .unwrap();
}

/// One step writes less than 1 into any entry, upward or downward, whatever the weights are.
#[test]
fn what_is_written_is_bounded() {
    let cases =
        (shape(), (regime(), regime())).prop_flat_map(|(shape, regimes)| case(shape, regimes));
    runner(300)
        .run(&cases, |(point, _)| {
            let [_, i, candidate] = forward(&point);
            prop_assert!(i.iter().all(|i| (0.0..=1.0).contains(i)), "{i}");
            prop_assert!(candidate.iter().all(|c| (-1.0..=1.0).contains(c)), "{candidate}");
            let written = write(&i, &candidate);
            prop_assert!(written.iter().zip(&i).all(|(w, i)| w.abs() <= *i), "{written}");
            Ok(())
        })
        .unwrap();
}

/// A gate that lets nothing in teaches the candidate nothing, and the other way round.
#[test]
fn a_shut_factor_silences_the_other() {
    let cases = (1..=8usize).prop_flat_map(|n| (vector(n, 1.0), vector(n, 2.0)));
    runner(100)
        .run(&cases, |(v, bar)| {
            let zero = DVector::zeros(v.len());
            prop_assert_eq!(write_backward(&zero, &v, &bar).1, zero.clone());
            prop_assert_eq!(write_backward(&v, &zero, &bar).0, zero);
            Ok(())
        })
        .unwrap();
}

/// tanh is odd: the same candidate with all signs turned writes the opposite.
#[test]
fn a_candidate_counts_down_as_well_as_up() {
    let cases = (shape(), regime()).prop_flat_map(|((hidden, inputs), regime)| {
        (affine(hidden, hidden + inputs, regime), vector(hidden + inputs, 2.0))
    });
    runner(100)
        .run(&cases, |(affine, hx)| {
            let up = Candidate { affine };
            let mut down = up.clone();
            down.tensors_mut().into_iter().flat_map(|t| t.values).for_each(|v| *v = -*v);
            let difference = up.forward(&hx) + down.forward(&hx);
            prop_assert!(difference.amax() <= f64::EPSILON, "{difference}");
            Ok(())
        })
        .unwrap();
}

/// The worked example, as a pocket calculator has it: the step of chapter 5's, with new readers.
#[test]
fn the_worked_example_is_as_on_paper() {
    let (gate, candidate) = example();
    let step = forget_gate::example();
    let hx = stack(&step.h_prev, &step.x);
    assert_eq!(gate.affine.forward(&hx).as_slice(), [-2.0, 2.0]);
    assert_eq!(candidate.affine.forward(&hx).as_slice(), [-1.0, 2.0]);
}
