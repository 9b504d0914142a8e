//! How large a cell state can become: |C_t| ≤ |C_0| + t, and where it settles.

use cases::{pre_activation, regime, runner, vector};
use cell_state::{level, update};
use gradient_check::sigmoid;
use nalgebra::DVector;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

/// Pre-activations of f, i and C̃ at one step.
type Step = [DVector<f64>; 3];

/// C_0 and up to 60 steps, of 1 to 8 units, with gates half open, wide open and shut.
fn sequences() -> impl Strategy<Value = (DVector<f64>, Vec<Step>)> {
    (1..=8usize, 1..=60usize, regime()).prop_flat_map(|(hidden, steps, regime)| {
        let entries = prop::collection::vec(pre_activation(regime), hidden);
        let z = entries.prop_map(DVector::from_vec).boxed();
        let step = [z.clone(), z.clone(), z];
        (vector(hidden, 10.0), prop::collection::vec(step, steps))
    })
}

// ANCHOR: bound
/// After t steps, whatever the gates and candidates were, |C_t| ≤ |C_0| + t in every entry.
fn stays_in_bound(c_0: &DVector<f64>, steps: &[Step], squash: fn(f64) -> f64) -> TestCaseResult {
    let mut c = c_0.clone();
    for (t, [z_f, z_i, z_c]) in (1..).zip(steps) {
        c = update(&z_f.map(sigmoid), &c, &z_i.map(sigmoid), &z_c.map(squash));
        for (now, before) in c.iter().zip(c_0) {
            let bound = (before.abs() + f64::from(t)) * (1.0 + 1e-13); // sums round
            prop_assert!(now.abs() <= bound, "after {t} steps {now} is beyond {bound}");
        }
    }
    Ok(())
}

#[test]
fn the_cell_state_grows_by_less_than_one_a_step() {
    let result =
        runner(500).run(&sequences(), |(c_0, steps)| stays_in_bound(&c_0, &steps, f64::tanh));
    result.unwrap();
}
// ANCHOR_END: bound

/// The property is no empty one: without tanh in the candidate it fails.
#[test]
fn without_the_squash_the_bound_breaks() {
    let unsquashed =
        runner(500).run(&sequences(), |(c_0, steps)| stays_in_bound(&c_0, &steps, |z| z));
    assert!(unsquashed.is_err());
}

/// And it is no loose one: with gates wide open it is reached, up to rounding.
#[test]
fn the_bound_is_reached() {
    let one = DVector::from_element(1, 1.0);
    let mut c = DVector::from_element(1, 2.5);
    for _ in 0..100 {
        c = update(&one, &c, &one, &one);
    }
    assert_eq!(c[0], 102.5);
}

#[test]
fn at_its_level_the_cell_state_stays() {
    let squashed = |squash: fn(f64) -> f64| vector(3, 4.0).prop_map(move |z| z.map(squash));
    runner(200)
        .run(&(squashed(sigmoid), squashed(sigmoid), squashed(f64::tanh)), |(f, i, candidate)| {
            let settled = level(&f, &i, &candidate);
            let next = update(&f, &settled, &i, &candidate);
            prop_assert!((&next - &settled).amax() <= 1e-13 * settled.amax().max(1.0), "{next}");
            // Starting elsewhere, it comes nearer.
            let elsewhere = settled.map(|c| c + 1.0);
            let nearer = update(&f, &elsewhere, &i, &candidate) - &settled;
            prop_assert!(nearer.iter().all(|d| d.abs() < 1.0), "{nearer}");
            Ok(())
        })
        .unwrap();
}
