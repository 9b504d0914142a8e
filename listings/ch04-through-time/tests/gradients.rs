//! Chapter 4's gradients against the differences: W_h, b_h, h_0 and x_1 … x_T, from losses on the
//! last state and on all states. And what was said about Jacobians, bounds, truncation and clipping.

use cases::{
    Regime, TOLERANCE, Worst, affine, assert_refused, big_shape, loss, loss_bar, regime, runner,
    shape, state, vector,
};
use gradient_check::{Named, check, check_along, tanh_slope};
use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use rnn::{Rnn, stack};
use through_time::{
    Leaves, adjoints, backward, clip, fading, jacobian, median, norm, random_run, spectral_radius,
    strongest_stretch, truncated_backward, without_slopes, zero_radius,
};

/// A loss: the weights of each of h_1 … h_T, and whether it looks at the last alone.
#[derive(Clone, Debug)]
struct Loss {
    weights: Vec<DVector<f64>>,
    last_only: bool,
}

impl Loss {
    fn reads(&self, t: usize) -> bool {
        !self.last_only || t + 1 == self.weights.len()
    }

    fn of(&self, hs: &[DVector<f64>]) -> f64 {
        let parts = hs.iter().zip(&self.weights).enumerate();
        parts.filter(|(t, _)| self.reads(*t)).map(|(_, (h, w))| loss(w, h)).sum()
    }

    /// What the loss itself says about each state.
    fn direct(&self, hs: &[DVector<f64>]) -> Vec<DVector<f64>> {
        let parts = hs.iter().zip(&self.weights).enumerate();
        parts.map(|(t, (h, w))| if self.reads(t) { loss_bar(w, h) } else { h * 0.0 }).collect()
    }
}

/// A network with h_0 and T inputs, and a loss.
fn case(
    (hidden, inputs): (usize, usize),
    length: usize,
    regime: Regime,
) -> impl Strategy<Value = (Leaves, Loss)> {
    let rnn = affine(hidden, hidden + inputs, regime).prop_map(|a| Rnn { w: a.w, b: a.b });
    let xs = prop::collection::vec(vector(inputs, 2.0), length);
    let leaves = (rnn, state(hidden, 1.0), xs).prop_map(|(rnn, h_0, xs)| Leaves { rnn, h_0, xs });
    let weights = prop::collection::vec(vector(hidden, 1.0), length);
    let loss =
        (weights, any::<bool>()).prop_map(|(weights, last_only)| Loss { weights, last_only });
    (leaves, loss)
}

fn cases() -> impl Strategy<Value = (Leaves, Loss)> {
    (shape(), 1..=8usize, regime()).prop_flat_map(|(shape, t, regime)| case(shape, t, regime))
}

fn gradient(leaves: &Leaves, loss: &Loss) -> Leaves {
    let hs = leaves.run();
    backward(leaves, &hs, &loss.direct(&hs))
}

#[test]
fn every_gradient_matches_the_differences() {
    let worst = Worst::default();
    let result = runner(500).run(&cases(), |(leaves, loss)| {
        let gradient = gradient(&leaves, &loss);
        worst.admit(check(&leaves, &gradient, |leaves| loss.of(&leaves.run())))
    });
    println!("{worst}");
    result.unwrap();
}

#[test]
fn along_random_directions_too() {
    let cases = (big_shape(), 1..=4usize, regime(), any::<u64>())
        .prop_flat_map(|(shape, t, regime, seed)| (case(shape, t, regime), Just(seed)));
    runner(60)
        .run(&cases, |((leaves, loss), seed)| {
            let rng = &mut ChaCha8Rng::seed_from_u64(seed);
            let gradient = gradient(&leaves, &loss);
            let error = check_along(&leaves, &gradient, rng, |leaves| loss.of(&leaves.run()));
            prop_assert!(error < TOLERANCE, "{error:e}");
            Ok(())
        })
        .unwrap();
}

/// A slip in backpropagation through time.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bug {
    None,
    /// Nothing arrives from later steps.
    NoWayBack,
    /// W_hh where its transpose belongs.
    NotTransposed,
    /// 1 − h² left out.
    SlopeForgotten,
    /// The loss's own word on h_t replaces what arrives, instead of adding to it.
    ArrivalReplaced,
    /// The weights' gradient is that of step 1, not the sum.
    NotSummed,
    /// h_t in the outer product, where h_{t−1} was read.
    StateOffByOne,
    /// x̄_T … x̄_1.
    InputsReversed,
}

fn wrong_gradient(leaves: &Leaves, loss: &Loss, bug: Bug) -> Leaves {
    let hs = leaves.run();
    let Leaves { rnn, h_0, xs } = leaves;
    let back = if bug == Bug::NotTransposed { rnn.w_hh() } else { rnn.w_hh().transpose() };
    let mut total =
        Leaves { rnn: Rnn { w: &rnn.w * 0.0, b: &rnn.b * 0.0 }, h_0: h_0 * 0.0, xs: Vec::new() };
    let mut from_later = h_0 * 0.0;
    for (t, direct) in loss.direct(&hs).iter().enumerate().rev() {
        let h_bar = match bug {
            Bug::NoWayBack => direct.clone(),
            Bug::ArrivalReplaced if direct.amax() > 0.0 => direct.clone(),
            _ => direct + &from_later,
        };
        let slope = hs[t].map(|h| if bug == Bug::SlopeForgotten { 1.0 } else { tanh_slope(h) });
        let z_bar = h_bar.component_mul(&slope);
        let h_prev = if t == 0 { h_0 } else { &hs[t - 1] };
        let read = if bug == Bug::StateOffByOne { &hs[t] } else { h_prev };
        let (w, b) = (&z_bar * stack(read, &xs[t]).transpose(), z_bar.clone());
        if bug == Bug::NotSummed {
            total.rnn = Rnn { w, b };
        } else {
            total.rnn.w += w;
            total.rnn.b += b;
        }
        total.xs.push(rnn.w_hx().transpose() * &z_bar);
        from_later = &back * &z_bar;
    }
    if bug != Bug::InputsReversed {
        total.xs.reverse();
    }
    Leaves { h_0: from_later, ..total }
}

/// Nothing saturated, a loss on all states, T and H at least 2.
fn lively_cases() -> impl Strategy<Value = (Leaves, Loss)> {
    (2..=6usize, 1..=6usize, 2..=5usize)
        .prop_flat_map(|(h, d, t)| case((h, d), t, Regime::Moderate))
        .prop_map(|(leaves, loss)| (leaves, Loss { last_only: false, ..loss }))
}

#[test]
fn wrong_gradients_are_refused() {
    let all = ["W_h", "b_h", "h_0", "x"];
    runner(64)
        .run(&lively_cases(), |(leaves, loss)| {
            let right = gradient(&leaves, &loss);
            let same = wrong_gradient(&leaves, &loss, Bug::None);
            prop_assert!((&same.rnn.w - &right.rnn.w).amax() < 1e-12);
            for (bug, blamed) in [
                (Bug::NoWayBack, &all[..]),
                (Bug::NotTransposed, &all),
                (Bug::SlopeForgotten, &all),
                (Bug::ArrivalReplaced, &all),
                (Bug::NotSummed, &all[..2]),
                (Bug::StateOffByOne, &all[..1]),
                (Bug::InputsReversed, &all[3..]),
            ] {
                let wrong = wrong_gradient(&leaves, &loss, bug);
                let report = check(&leaves, &wrong, |leaves| loss.of(&leaves.run()));
                assert_refused(&report, blamed)
                    .map_err(|error| TestCaseError::fail(format!("{bug:?}: {error}")))?;
            }
            Ok(())
        })
        .unwrap();
}

/// The chain of Jacobians is what carries the last state's adjoint back.
#[test]
fn the_product_of_jacobians_is_the_way_back() {
    runner(200)
        .run(&cases(), |(leaves, loss)| {
            let loss = Loss { last_only: true, ..loss };
            let hs = leaves.run();
            let direct = loss.direct(&hs);
            let hidden = leaves.h_0.len();
            let product = (hs.iter().rev())
                .fold(DMatrix::identity(hidden, hidden), |p, h| p * jacobian(&leaves.rnn, h));
            let by_product = product.transpose() * &direct[hs.len() - 1];
            let by_steps = backward(&leaves, &hs, &direct).h_0;
            prop_assert!((&by_product - &by_steps).amax() < 1e-12 * by_steps.amax().max(1.0));
            Ok(())
        })
        .unwrap();
}

/// ‖h̄_{T−k}‖ ≤ μ^k · ‖h̄_T‖, whatever the inputs are; and ρ ≤ μ.
#[test]
fn the_bound_holds() {
    runner(300)
        .run(&cases(), |(leaves, loss)| {
            let loss = Loss { last_only: true, ..loss };
            let hs = leaves.run();
            let h_bars = adjoints(&leaves.rnn, &hs, &loss.direct(&hs)).h;
            let mu = strongest_stretch(&leaves.rnn.w_hh());
            prop_assert!(spectral_radius(&leaves.rnn.w_hh()) <= mu * (1.0 + 1e-9));
            let last = h_bars[h_bars.len() - 1].norm();
            for (k, h_bar) in (0..).zip(h_bars.iter().rev()) {
                prop_assert!(h_bar.norm() <= mu.powi(k) * last * (1.0 + 1e-9));
            }
            Ok(())
        })
        .unwrap();
}

/// The chapter's statements about nine random networks.
#[test]
fn most_gradients_fade_or_grow_as_the_chapter_says() {
    assert!((1..=9).all(|seed| fading(0.5, 0.5, seed)[50] < 1e-15));
    assert!((1..=9).all(|seed| fading(0.9, 0.5, seed)[50] < 1e-3));
    assert!((1..=9).all(|seed| fading(1.1, 0.5, seed)[50] < 1.0));
    assert!(median((1..=9).map(|seed| fading(2.0, 0.5, seed)[50])) > 10.0);
    // Not all of them, and not with loud inputs.
    assert!((1..=9).any(|seed| fading(2.0, 0.5, seed)[50] < 1.0));
    assert!(median((1..=9).map(|seed| fading(2.0, 3.0, seed)[50])) < 0.1);
}

/// Without inputs the states stay 0 and all slopes are 1: nothing is left to be taken away.
#[test]
fn where_all_slopes_are_one_the_matrix_alone_decides() {
    for seed in 1..=9 {
        let (slope, left) = without_slopes(1.1, 0.0, seed);
        assert_eq!(slope, 1.0);
        assert!((left / fading(1.1, 0.0, seed)[50] - 1.0).abs() < 1e-9);
        let (slope, louder) = without_slopes(1.1, 3.0, seed);
        assert!(slope < 0.7 && fading(1.1, 3.0, seed)[50] < louder);
    }
}

#[test]
fn a_spectral_radius_of_zero_bounds_nothing() {
    let grown = |h_2: f64| {
        let leaves = zero_radius(h_2);
        let hs = leaves.run();
        // The state stays where it is, up to rounding.
        assert!(hs.iter().all(|h| (h - &leaves.h_0).amax() < 1e-9));
        let mut direct = vec![DVector::zeros(2); 20];
        direct[19] = DVector::from_vec(vec![1.0, 0.0]);
        backward(&leaves, &hs, &direct).h_0.norm()
    };
    assert!(spectral_radius(&zero_radius(0.0).rnn.w_hh()) < 1e-6);
    assert_eq!(grown(0.0), 0.0);
    assert!(grown(0.9_f64.sqrt()) > 1e5);
}

#[test]
fn truncation_with_a_long_window_is_none() {
    runner(100)
        .run(&cases(), |(leaves, loss)| {
            let hs = leaves.run();
            let direct = loss.direct(&hs);
            let whole = backward(&leaves, &hs, &direct);
            let window = hs.len() + 3;
            prop_assert_eq!(truncated_backward(&leaves, &hs, &direct, window), whole);
            Ok(())
        })
        .unwrap();
}

/// What the last steps of the whole walk contribute, and no more.
#[test]
fn a_truncated_gradient_is_the_part_of_the_last_steps() {
    runner(200)
        .run(&(cases(), 0..10_usize), |((leaves, loss), window)| {
            let hs = leaves.run();
            let direct = loss.direct(&hs);
            let z_bars = adjoints(&leaves.rnn, &hs, &direct).z;
            let mut expected = Rnn { w: &leaves.rnn.w * 0.0, b: &leaves.rnn.b * 0.0 };
            for t in hs.len().saturating_sub(window)..hs.len() {
                let h_prev = if t == 0 { &leaves.h_0 } else { &hs[t - 1] };
                expected.w += &z_bars[t] * stack(h_prev, &leaves.xs[t]).transpose();
                expected.b += &z_bars[t];
            }
            let part = truncated_backward(&leaves, &hs, &direct, window);
            let scale = expected.w.amax().max(1.0);
            prop_assert!((&part.rnn.w - &expected.w).amax() < 1e-12 * scale);
            prop_assert!((&part.rnn.b - &expected.b).amax() < 1e-12 * scale);
            prop_assert_eq!(part.xs.len(), window.min(hs.len()));
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_length_of_three_and_four_is_five() {
    let two =
        vec![Named("a", DVector::from_element(1, 3.0)), Named("b", DVector::from_element(1, -4.0))];
    assert_eq!(norm(&two), 5.0);
}

#[test]
fn a_truncated_gradient_is_refused() {
    runner(64)
        .run(&lively_cases(), |(leaves, loss)| {
            let hs = leaves.run();
            let part = truncated_backward(&leaves, &hs, &loss.direct(&hs), hs.len() - 1);
            let whole = gradient(&leaves, &loss);
            let claimed = Leaves { rnn: part.rnn, ..whole };
            let report = check(&leaves, &claimed, |leaves| loss.of(&leaves.run()));
            assert_refused(&report, &["W_h", "b_h"])
        })
        .unwrap();
}

#[test]
fn clipping_shortens_and_does_not_turn() {
    runner(200)
        .run(&(cases(), 0.01..10.0), |((leaves, loss), limit)| {
            let long = gradient(&leaves, &loss);
            let mut clipped = long.clone();
            clip(&mut clipped, limit);
            let (before, after) = (norm(&long), norm(&clipped));
            prop_assert!((after - before.min(limit)).abs() < 1e-12 * limit);
            let turned = &long.rnn.w * after - &clipped.rnn.w * before;
            prop_assert!(turned.amax() < 1e-12 * before.max(1.0) * after.max(1.0));
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_random_network_has_the_radius_that_was_asked_for() {
    for seed in 1..=9 {
        let (leaves, _) = random_run(1.5, 1.0, seed);
        assert!((spectral_radius(&leaves.rnn.w_hh()) - 1.5).abs() < 1e-9);
    }
}

#[test]
#[should_panic(expected = "one entry of `direct` for each step")]
fn a_missing_adjoint_is_refused() {
    let leaves = zero_radius(0.0);
    let hs = leaves.run();
    adjoints(&leaves.rnn, &hs, &[]);
}
