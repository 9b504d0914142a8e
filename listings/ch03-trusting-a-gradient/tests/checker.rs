//! The checker itself: it passes what is right at every scale, and finds what is wrong wherever it
//! is.

use std::cell::RefCell;

use cases::{TOLERANCE, named, runner, vector};
use gradient_check::{
    Entry, Named, Parameters, STEP, Tensor, by_differences, central, check, check_along,
    derivative, len, slope_along,
};
use nalgebra::DVector;
use proptest::prelude::*;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

/// L(a, b) = Σ sin(aₖ) + ½‖b‖²: each derivative is known, cos(aₖ) and bₖ.
#[expect(clippy::ptr_arg, reason = "the checker hands over the point as it is")]
fn waves_and_bowl(point: &Vec<Named>) -> f64 {
    point[0].1.map(f64::sin).sum() + 0.5 * point[1].1.norm_squared()
}

fn gradient(point: &[Named]) -> Vec<Named> {
    named([("a", &point[0].1.map(f64::cos)), ("b", &point[1].1)])
}

fn points() -> impl Strategy<Value = Vec<Named>> {
    (1..=8usize, 1..=8usize)
        .prop_flat_map(|(m, n)| (vector(m, 3.0), vector(n, 3.0)))
        .prop_map(|(a, b)| named([("a", &a), ("b", &b)]))
}

/// The sine's third derivative is at most 1: a central difference is off by a sixth of the step's square.
#[test]
fn a_gradient_by_differences_is_the_right_one() {
    runner(200)
        .run(&points(), |point| {
            let (step, right) = (1e-3, gradient(&point));
            let found = by_differences(step, &point, waves_and_bowl);
            for (found, right) in found.tensors().iter().zip(right.tensors()) {
                prop_assert_eq!(found.name, right.name);
                for (found, right) in found.values.iter().zip(right.values) {
                    prop_assert!((found - right).abs() < step * step / 6.0 + 1e-10);
                }
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_right_gradient_passes() {
    runner(200)
        .run(&(points(), any::<u64>()), |(point, seed)| {
            let report = check(&point, &gradient(&point), waves_and_bowl);
            prop_assert_eq!(report.compared, len(&point));
            prop_assert!(report.worst.error < TOLERANCE, "{report}");
            let rng = &mut ChaCha8Rng::seed_from_u64(seed);
            let along = check_along(&point, &gradient(&point), rng, waves_and_bowl);
            prop_assert!(along < TOLERANCE, "{along:e}");
            Ok(())
        })
        .unwrap();
}

/// Parameters from 0.001 to 1000, losses from 0.001 to a million times as large.
#[test]
fn a_right_gradient_passes_at_every_scale() {
    let cases = (vector(5, 1.0), -3..=3i32, -3..=3i32);
    runner(300)
        .run(&cases, |(v, size, steepness)| {
            let (size, steepness) = (10f64.powi(size), 10f64.powi(steepness));
            let point = Named("v", size * v);
            let bowl = |p: &Named| 0.5 * steepness * p.1.norm_squared();
            let report = check(&point, &Named("v", steepness * &point.1), bowl);
            prop_assert!(report.worst.error < TOLERANCE, "bowl: {report}");

            let waves = |p: &Named| steepness * p.1.map(f64::sin).sum();
            let report = check(&point, &Named("v", steepness * point.1.map(f64::cos)), waves);
            prop_assert!(report.worst.error < TOLERANCE, "waves: {report}");
            Ok(())
        })
        .unwrap();
}

/// One entry of a right gradient is spoiled: the report names its tensor and its index.
#[test]
fn a_planted_error_is_found_where_it_is() {
    let cases = (points(), any::<prop::sample::Index>(), 0.01..10.0_f64, any::<u64>());
    runner(300)
        .run(&cases, |(point, at, amount, seed)| {
            let mut wrong = gradient(&point);
            let at = at.index(len(&point));
            let a_len = point[0].1.len();
            let (name, row) = if at < a_len { ("a", at) } else { ("b", at - a_len) };
            wrong[usize::from(name == "b")].1[row] += amount;

            let report = check(&point, &wrong, waves_and_bowl);
            let worst = report.worst;
            prop_assert_eq!((worst.name, worst.row, worst.column), (name, row, 0));
            prop_assert!(worst.error > 1e-4, "{worst}");
            prop_assert!((worst.analytic - worst.numeric - amount).abs() < 1e-7, "{worst}");
            prop_assert_eq!(report.doubt, None, "{}", report);

            let rng = &mut ChaCha8Rng::seed_from_u64(seed);
            prop_assert!(check_along(&point, &wrong, rng, waves_and_bowl) > 1e-5);
            Ok(())
        })
        .unwrap();
}

/// Directions of ±1 would miss this one half of the time.
#[test]
fn two_swapped_entries_do_not_hide_from_a_direction() {
    let point = Named("v", DVector::from_vec(vec![1.0, 2.0, 3.0]));
    let swapped = Named("v", DVector::from_vec(vec![2.0, 1.0, 3.0]));
    let bowl = |p: &Named| 0.5 * p.1.norm_squared();
    for seed in 0..100 {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        assert!(check_along(&point, &swapped, rng, bowl) > 1e-5, "seed {seed}");
    }
}

#[test]
fn nan_is_refused() {
    let point = named([("a", &DVector::zeros(2)), ("b", &DVector::zeros(2))]);
    for poison in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut wrong = gradient(&point);
        wrong[1].1[1] = poison;
        let worst = check(&point, &wrong, waves_and_bowl).worst;
        assert_eq!((worst.name, worst.row, worst.error), ("b", 1, f64::INFINITY));
        let rng = &mut ChaCha8Rng::seed_from_u64(1);
        assert_eq!(check_along(&point, &wrong, rng, waves_and_bowl), f64::INFINITY);
    }
    let nan_loss = |_: &Vec<Named>| f64::NAN;
    assert_eq!(check(&point, &gradient(&point), nan_loss).worst.error, f64::INFINITY);
}

#[test]
#[should_panic(expected = "tensors")]
fn a_missing_tensor_is_refused() {
    let point = named([("a", &DVector::zeros(2)), ("b", &DVector::zeros(2))]);
    check(&point, &gradient(&point)[..1].to_vec(), waves_and_bowl);
}

#[test]
#[should_panic(expected = "tensors")]
fn a_missing_tensor_is_refused_along_a_direction() {
    let point = named([("a", &DVector::zeros(2)), ("b", &DVector::zeros(2))]);
    let rng = &mut ChaCha8Rng::seed_from_u64(1);
    check_along(&point, &gradient(&point)[..1].to_vec(), rng, waves_and_bowl);
}

#[test]
#[should_panic(expected = "no numbers")]
fn nothing_to_check_is_no_success() {
    check(&Vec::<Named>::new(), &Vec::new(), |_| 0.0);
}

#[test]
#[should_panic(expected = "no numbers")]
fn nothing_to_check_is_no_success_along_a_direction() {
    let empty = Named("w", DVector::zeros(0));
    check_along(&empty, &empty, &mut ChaCha8Rng::seed_from_u64(1), |_| 0.0);
}

/// The row and the column of an entry come out of column-major storage.
#[test]
fn a_matrix_entry_is_named_by_row_and_column() {
    let layer = gradient_check::Affine {
        w: nalgebra::DMatrix::from_fn(2, 3, |row, column| (row + 2 * column) as f64),
        b: DVector::zeros(2),
    };
    let mut wrong = layer.clone();
    wrong.w[(1, 2)] = -5.0;
    let bowl = |p: &gradient_check::Affine| {
        p.tensors().iter().flat_map(|t| t.values).map(|v| 0.5 * v * v).sum()
    };
    let report = check(&layer, &wrong, bowl);
    assert_eq!((report.worst.name, report.worst.row, report.worst.column), ("W", 1, 2));
    assert_eq!(layer.tensors()[0].columns(), 3);
    assert!(
        report
            .to_string()
            .contains("8 numbers compared in steps of 1/2048, worst W[1, 2]: by hand -5")
    );
}

/// Halving the step divides the error by 2² for the central difference, by 2⁴ for the extrapolated.
#[test]
fn the_orders_are_two_and_four() {
    let cases = (-2.0..2.0, 0.5..2.0);
    runner(200)
        .run(&cases, |(theta, omega): (f64, f64)| {
            // exp: all its derivatives are positive, so no order's error vanishes by chance.
            let g = |nudge: f64| (omega * (theta + nudge)).exp();
            let slope = omega * g(0.0);
            let ratio = |difference: &dyn Fn(f64) -> f64| {
                (difference(0.02) - slope) / (difference(0.01) - slope)
            };
            prop_assert!((ratio(&|step| central(step, g)) - 4.0).abs() < 0.01);
            prop_assert!((ratio(&|step| derivative(step, g)) - 16.0).abs() < 0.1);
            Ok(())
        })
        .unwrap();
}

/// Which error is measured against what: the larger of the two, or the floor, which grows with |L|.
#[test]
fn errors_are_measured_against_the_larger_or_the_floor() {
    let report = |by_hand: f64, slope: f64, height: f64| {
        let one = |value| Named("w", DVector::from_element(1, value));
        check(&one(0.0), &one(by_hand), |w: &Named| height + slope * w.1[0])
    };
    for (by_hand, slope, height, error) in [
        (3.0, 2.0, 0.0, 1.0 / 3.0),
        (2.0, -3.0, 0.0, 5.0 / 3.0),
        (0.0, 5e-5, 0.0, 0.5),
        (4e-5, 5e-5, 0.5, 0.1),
        (-4e-5, 5e-5, 3.0, 0.3),
        (4e-5, 5e-5, -40.0, 0.0025),
    ] {
        let Entry { error: found, floor, .. } = report(by_hand, slope, height).worst;
        assert!((found - error).abs() < 1e-6, "{by_hand}, {slope}, {height}: {found}");
        assert_eq!(floor, 1e-4 * height.abs().max(1.0));
    }
}

/// Of two that are wrong by as much, the first is named.
#[test]
fn of_equal_errors_the_first_is_named() {
    let point = Named("w", DVector::zeros(3));
    let wrong = Named("w", DVector::from_vec(vec![1.0, 2.0, 2.0]));
    let worst = check(&point, &wrong, |w: &Named| w.1.sum()).worst;
    assert_eq!((worst.row, worst.error), (1, 0.5));
}

/// A direction leaves no entry out, takes either sign, and is at most as long as a step.
#[test]
fn a_direction_is_short_and_leaves_nothing_out() {
    let point = Named("w", DVector::from_element(64, 0.25));
    let seen = RefCell::new(Vec::new());
    let loss = |w: &Named| {
        seen.borrow_mut().push((&w.1 - &point.1) / STEP);
        w.1.sum()
    };
    let ones = Named("w", DVector::from_element(64, 1.0));
    let error = check_along(&point, &ones, &mut ChaCha8Rng::seed_from_u64(1), loss);
    assert!(error < 1e-9, "{error:e}");
    let mut steps: Vec<_> = seen.borrow().iter().map(|moved| moved.norm()).collect();
    steps.sort_by(f64::total_cmp);
    let [0.0, 0.0, one, same, two, last] = steps[..] else { panic!("{steps:?}") };
    assert!(0.5 < one && one < 1.0 && (one - same).abs() < 1e-9, "{steps:?}");
    assert!((two - 2.0 * one).abs() < 1e-9 && (two - last).abs() < 1e-9, "{steps:?}");
    let direction = seen.borrow()[0].clone();
    assert!(direction.iter().all(|u| 0.5 / 8.0 <= u.abs() && u.abs() <= 1.0 / 8.0));
    let up = direction.iter().filter(|u| **u > 0.0).count();
    assert!((16..=48).contains(&up), "{up}");
}

/// ⟨gradient, direction⟩, over all tensors.
#[test]
fn a_slope_along_a_direction_is_an_inner_product() {
    let gradient =
        named([("a", &DVector::from_vec(vec![2.0, 3.0])), ("b", &DVector::from_vec(vec![5.0]))]);
    assert_eq!(slope_along(&gradient, &[vec![7.0, -1.0], vec![0.5]]), 13.5);
}

/// How many columns there are, also of nothing, and of a last one that is not full.
#[test]
fn a_tensor_counts_its_columns() {
    for (rows, values, columns) in [(2, 6, 3), (2, 5, 3), (3, 0, 0), (0, 0, 0)] {
        let values = vec![0.0; values];
        assert_eq!(Tensor { name: "W", rows, values: &values }.columns(), columns);
    }
}
