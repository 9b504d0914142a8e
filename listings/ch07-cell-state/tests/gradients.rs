//! Chapter 7's gradients against the differences: f_t, C_{t−1}, i_t and C̃_t.

use cases::{
    Regime, Worst, assert_refused, big_shape, loss, loss_bar, named, pre_activation, regime,
    runner, shape, state, vector,
};
use cell_state::{UpdateAdjoints, update, update_backward};
use gradient_check::{Named, check, derivative, sigmoid};
use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;

/// f_t, C_{t−1}, i_t and C̃_t, and the loss's weights.
fn case(hidden: usize, regime: Regime) -> impl Strategy<Value = (Vec<Named>, DVector<f64>)> {
    let squashed = move |squash: fn(f64) -> f64| {
        prop::collection::vec(pre_activation(regime).prop_map(squash), hidden)
            .prop_map(DVector::from_vec)
    };
    let gates = (squashed(sigmoid), squashed(sigmoid), squashed(f64::tanh));
    (gates, state(hidden, 3.0), vector(hidden, 1.0)).prop_map(|((f, i, candidate), c, weights)| {
        (named([("f", &f), ("C_prev", &c), ("i", &i), ("candidate", &candidate)]), weights)
    })
}

fn cases() -> impl Strategy<Value = (Vec<Named>, DVector<f64>)> {
    (shape(), regime()).prop_flat_map(|((hidden, _), regime)| case(hidden, regime))
}

fn forward(v: &[Named]) -> DVector<f64> {
    update(&v[0].1, &v[1].1, &v[2].1, &v[3].1)
}

fn update_loss(weights: &DVector<f64>) -> impl Fn(&Vec<Named>) -> f64 {
    |v| loss(weights, &forward(v))
}

fn backward(v: &[Named], c_bar: &DVector<f64>) -> UpdateAdjoints {
    update_backward(&v[0].1, &v[1].1, &v[2].1, &v[3].1, c_bar)
}

fn listed(bar: &UpdateAdjoints) -> Vec<Named> {
    named([("f", &bar.f), ("C_prev", &bar.c_prev), ("i", &bar.i), ("candidate", &bar.candidate)])
}

#[test]
fn every_gradient_matches_the_differences() {
    let worst = Worst::default();
    let shapes = prop_oneof![19 => shape(), 1 => big_shape()];
    let cases = (shapes, regime()).prop_flat_map(|((hidden, _), regime)| case(hidden, regime));
    let result = runner(2000).run(&cases, |(v, weights)| {
        let adjoints = backward(&v, &loss_bar(&weights, &forward(&v)));
        worst.admit(check(&v, &listed(&adjoints), update_loss(&weights)))
    });
    println!("{worst}");
    result.unwrap();
}

#[test]
fn wrong_gradients_are_refused() {
    let cases = (1..=8usize).prop_flat_map(|hidden| {
        // Far from 0 and from each other, so that each slip shows.
        let around = |centre: f64| {
            let entries = prop::collection::vec(centre - 0.1..centre + 0.1, hidden);
            entries.prop_map(DVector::from_vec)
        };
        (around(0.7), around(2.0), around(0.3), around(-0.8), around(1.0))
    });
    runner(64)
        .run(&cases, |(f, c_prev, i, candidate, weights)| {
            let v = named([("f", &f), ("C_prev", &c_prev), ("i", &i), ("candidate", &candidate)]);
            let c = forward(&v);
            let c_bar = loss_bar(&weights, &c);
            let right = backward(&v, &c_bar);
            let report = |wrong| check(&v, &listed(&wrong), update_loss(&weights));

            let carry_dropped = DVector::zeros(c.len());
            assert_refused(
                &report(UpdateAdjoints { c_prev: carry_dropped, ..right.clone() }),
                &["C_prev"],
            )?;
            let carry_ungated = c_bar.clone();
            assert_refused(
                &report(UpdateAdjoints { c_prev: carry_ungated, ..right.clone() }),
                &["C_prev"],
            )?;
            let from_the_new_state = c_bar.component_mul(&c);
            assert_refused(
                &report(UpdateAdjoints { f: from_the_new_state, ..right.clone() }),
                &["f"],
            )?;
            let coupled = -&right.f; // as if i were 1 − f
            assert_refused(&report(UpdateAdjoints { i: coupled, ..right.clone() }), &["i"])?;
            let swapped = right.i.clone();
            assert_refused(&report(UpdateAdjoints { candidate: swapped, ..right }), &["candidate"])
        })
        .unwrap();
}

/// |C_t| ≤ |C_{t−1}| + 1: what is kept does not grow, what is written is less than 1.
#[test]
fn one_step_adds_at_most_one() {
    runner(500)
        .run(&cases(), |(v, _)| {
            let c = forward(&v);
            // A sum rounds: by half a unit in its last digit.
            let within =
                |(c, before): (&f64, &f64)| c.abs() <= (before.abs() + 1.0) * (1.0 + 1e-15);
            prop_assert!(c.iter().zip(&v[1].1).all(within), "{c}");
            Ok(())
        })
        .unwrap();
}

/// The constant error carousel: with f = 1 and i = 0 nothing changes, forward or backward, for
/// ever.
#[test]
fn an_open_forget_gate_and_a_shut_input_gate_carry_exactly() {
    runner(100)
        .run(&cases(), |(mut v, c_bar)| {
            v[0].1.fill(1.0);
            v[2].1.fill(0.0);
            let start = v[1].1.clone();
            let mut bar = c_bar.clone();
            for _ in 0..1000 {
                bar = backward(&v, &bar).c_prev;
                v[1].1 = forward(&v);
            }
            prop_assert_eq!(&v[1].1, &start);
            prop_assert_eq!(bar, c_bar);
            Ok(())
        })
        .unwrap();
}

/// With f, i and C̃ held fixed, ∂C_t/∂C_{t−1} is diag(f): row by row as the backward pass has it, and
/// entry by entry as differences do.
#[test]
fn the_direct_jacobian_is_the_forget_gate_on_a_diagonal() {
    runner(200)
        .run(&cases(), |(v, _)| {
            let hidden = v[0].1.len();
            let jacobian = DMatrix::from_diagonal(&v[0].1);
            for (j, k) in (0..hidden).flat_map(|j| (0..hidden).map(move |k| (j, k))) {
                let c_bar = DVector::from_fn(hidden, |entry, _| f64::from(u8::from(entry == j)));
                prop_assert_eq!(backward(&v, &c_bar).c_prev[k], jacobian[(j, k)]);
                let moved = |nudge: f64| {
                    let mut c_prev = v[1].1.clone();
                    c_prev[k] += nudge;
                    update(&v[0].1, &c_prev, &v[2].1, &v[3].1)[j]
                };
                let slope = derivative(1e-3, moved);
                prop_assert!((slope - jacobian[(j, k)]).abs() < 1e-10, "[{j}, {k}]: {slope}");
            }
            Ok(())
        })
        .unwrap();
}

/// An empty cell teaches the forget gate nothing.
#[test]
fn an_empty_cell_teaches_the_forget_gate_nothing() {
    runner(100)
        .run(&cases(), |(mut v, c_bar)| {
            v[1].1.fill(0.0);
            prop_assert!(backward(&v, &c_bar).f.iter().all(|&f| f == 0.0));
            Ok(())
        })
        .unwrap();
}

#[test]
#[should_panic]
fn vectors_of_different_lengths_are_refused() {
    let (two, three) = (DVector::zeros(2), DVector::zeros(3));
    update(&two, &three, &two, &two);
}
