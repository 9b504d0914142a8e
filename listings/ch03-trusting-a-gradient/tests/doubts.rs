//! When the differences are in doubt: the checker says so, and what to do; and where they are not,
//! it says nothing.

use std::cell::Cell;
use std::panic::catch_unwind;

use cases::{TOLERANCE, named, runner};
use gradient_check::{Doubt, Named, Report, STEP, check, check_along};
use nalgebra::DVector;
use proptest::prelude::*;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

/// The report on a loss of one number.
fn report(theta: f64, gradient: f64, loss: impl Fn(f64) -> f64) -> Report {
    let one = |value| Named("w", DVector::from_element(1, value));
    check(&one(theta), &one(gradient), |w: &Named| loss(w.1[0]))
}

/// The same along a direction, which is ±: a number between ½ and 1.
fn along(theta: f64, gradient: f64, loss: impl Fn(f64) -> f64) -> f64 {
    let one = |value| Named("w", DVector::from_element(1, value));
    let rng = &mut ChaCha8Rng::seed_from_u64(1);
    check_along(&one(theta), &one(gradient), rng, |w: &Named| loss(w.1[0]))
}

fn said(report: &Report) -> String {
    report.to_string()
}

#[test]
fn a_loss_that_answers_differently_is_no_function() {
    let calls = Cell::new(0);
    let dropout = |w: f64| {
        calls.set(calls.get() + 1);
        w * w + if calls.get() % 2 == 0 { 0.5 } else { 0.0 }
    };
    let report = report(1.0, 2.0, dropout);
    assert_eq!(report.worst.error, f64::INFINITY);
    assert_eq!(report.doubt, Some(Doubt::NoFunction(1.0, 1.5)));
    assert!(said(&report).contains("was 1e0 and then 1.5e0: switch off what is random"));
    calls.set(0);
    assert_eq!(along(1.0, 2.0, dropout), f64::INFINITY);

    // Too little to be seen in the slope, and all the same no function.
    let drift = |w: f64| {
        calls.set(calls.get() + 1);
        w * w + f64::from(calls.get()) * 1e-15
    };
    assert_eq!(self::report(1.0, 2.0, drift).worst.error, f64::INFINITY);
    assert_eq!(along(1.0, 2.0, drift), f64::INFINITY);
}

#[test]
fn where_a_step_is_lost_nothing_passes() {
    for theta in [5e12, -1e13, 1e300] {
        let report = report(theta, 1.0, |w| w);
        assert_eq!(report.worst.error, f64::INFINITY);
        assert_eq!(report.faint, 0);
        assert_eq!(report.doubt, Some(Doubt::StepLost(theta)));
        assert_eq!(along(theta, 1.0, |w| w), f64::INFINITY);
    }
    let report = report(1e13, 1.0, |w| w);
    assert!(said(&report).ends_with(
        "relative error inf\nBut beside 1e13 a step of 1/2048 is lost: measure this number in a \
         larger unit."
    ));
    // Here it is not lost yet. A direction's shorter step is, a little, and still of some use.
    assert!(self::report(4e12, 1.0, |w| w).worst.error < TOLERANCE);
    assert!(along(1e9, 1.0, |w| w - 1e9) < 1e-3);
    // Among 4096 numbers each one's share of it is 64 times as short, and lost.
    let many = |value| Named("w", DVector::from_element(4096, value));
    let rng = &mut ChaCha8Rng::seed_from_u64(1);
    let sum = |w: &Named| w.1.sum();
    assert_eq!(check_along(&many(1e9), &many(1.0), rng, sum), f64::INFINITY);
}

#[test]
fn an_edge_of_the_loss_is_told() {
    for (theta, gradient, loss) in [
        (1e-4, 50.0, f64::sqrt as fn(f64) -> f64), // NaN below zero
        (709.782, 1e308, f64::exp),                // infinite above
        (f64::NAN, 1.0, |w| w),
        (f64::INFINITY, 1.0, |w| w),
    ] {
        let report = report(theta, gradient, loss);
        assert_eq!(report.worst.error, f64::INFINITY);
        assert_eq!(report.doubt, Some(Doubt::NotFinite));
        assert!(said(&report).contains("no finite number: move the point"));
    }
    // The gradient's own infinity is the gradient's fault.
    for poison in [f64::NAN, f64::INFINITY] {
        assert_eq!(report(1.0, poison, |w| w * w).doubt, None);
    }
}

#[test]
fn single_precision_is_told_from_a_wrong_gradient() {
    let squared = |w: f64| f64::from(w as f32 * w as f32);
    let scaled = |w: f64| 0.1 + f64::from(w as f32 * w as f32) / 3.0;
    let rounded = |w: f64| (w * w * 1e6).round() / 1e6;
    for theta in [0.3, -0.7, 1.2, 5.4, 33.3] {
        for report in [
            report(theta, 2.0 * theta, squared),
            report(theta, 2.0 * theta / 3.0, scaled),
            report(theta, 2.0 * theta, rounded),
        ] {
            assert!(report.worst.error > TOLERANCE, "{report}");
            assert_eq!(report.doubt, Some(Doubt::Rough), "{report}");
            assert!(said(&report).contains("compute all of it in f64 (is it f32?)"));
        }
    }
}

/// Noise that depends on nothing but the point: the same each time, and no finer step escapes it.
#[test]
fn noise_is_told_at_every_scale() {
    let noise = |w: f64| (w.to_bits().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as f64 / 2e7;
    for size in [1e-6, 1e-9] {
        let report = report(0.3, 0.6, |w| w * w + size * noise(w));
        assert!(report.worst.error > TOLERANCE, "{report}");
        assert_eq!(report.doubt, Some(Doubt::Rough), "{report}");
    }
}

/// Far out the slope is 1 and near by it is 0: a gradient of 0.4 is neither.
#[test]
fn a_gradient_that_is_right_neither_near_nor_far_is_not_excused_by_a_kink() {
    let plateau = |w: f64| if w.abs() < 0.3 * STEP { 0.0 } else { w };
    assert_eq!(report(0.0, 0.4, plateau).doubt, Some(Doubt::Rough));
    assert_eq!(report(0.0, 0.1, plateau).doubt, Some(Doubt::Kink));
    assert_eq!(report(0.0, 5.0, plateau).doubt, None);
}

/// A kink at every distance that a nudge can reach, ahead and behind; and none beyond.
#[test]
fn a_kink_is_told() {
    let relu = |w: f64| w.max(0.0);
    for percent in -199..200 {
        let theta = f64::from(percent) / 100.0 * STEP;
        let report = report(theta, if theta > 0.0 { 1.0 } else { 0.0 }, relu);
        assert!(report.worst.error > 1e-4, "{percent} %: {report}");
        assert_eq!(report.doubt, Some(Doubt::Kink), "{percent} %: {report}");
        assert!(said(&report).ends_with("has a kink or a jump: move the point away."));
    }
    assert_eq!(report(2.01 * STEP, 1.0, relu).doubt, None);
    // A wrong gradient is wrong beside a kink, too.
    assert_eq!(report(0.5 * STEP, -1.0, relu).doubt, None);
    // A jump looks like a kink from further away.
    assert_eq!(report(0.3 * STEP, 0.0, f64::signum).doubt, Some(Doubt::Kink));
}

#[test]
fn steepness_is_told_with_the_slope_of_a_finer_step() {
    for (omega, found) in [(100.0_f64, 8.0), (300.0, 64.0), (1000.0, 128.0)] {
        let slope = omega * (0.1 * omega).cos();
        let wave = |w: f64| (omega * w).sin();
        let report = report(0.1, slope, wave);
        assert!(report.worst.error > TOLERANCE, "{report}");
        let Some(Doubt::Steep(finer, there)) = report.doubt else { panic!("{report}") };
        assert_eq!(finer, found, "{report}");
        assert!((there - slope).abs() < 1e-5 * slope.abs(), "{report}");
        let advice = format!("in steps {finer} times as fine the differences are {there:.6e}.");
        assert!(said(&report).ends_with(&advice), "{report}");
        // The finer step finds a wrong one wrong.
        assert_eq!(self::report(0.1, 1.5 * slope, wave).doubt, None);
    }
    assert_eq!(report(0.1, 10.0 * 1f64.cos(), |w| (10.0 * w).sin()).doubt, None);
}

/// A wrong gradient of a tiny loss, or on top of a huge one: not told, and not passed in silence.
#[test]
fn what_the_floor_hides_is_no_secret() {
    let tiny = |w: f64| 1e-12 * w * w;
    for wrong in [0.0, -2e-12] {
        let report = report(1.0, wrong, tiny);
        assert_eq!((report.faint, report.doubt), (1, Some(Doubt::AllFaint(1e-4))));
        assert!(report.worst.error < TOLERANCE);
        assert!(
            said(&report).contains(
                "both below the floor of 1.0e-4, of which they differ by \
             2.0e-8\nBut nothing reaches the floor of 1.0e-4, so a wrong gradient may pass: the \
             slopes are too small"
            ) || wrong != 0.0
        );
    }
    // Scaled up, as the report says, it is refused.
    assert_eq!(report(1.0, 0.0, |w| 1e12 * tiny(w)).worst.error, 1.0);

    let report = report(1.0, 0.0, |w| 1e13 + w * w);
    assert_eq!(report.doubt, Some(Doubt::AllFaint(1e-4 * (1e13 + 1.0))));
    assert!(said(&report).contains("the loss is too large; take from it what does not depend"));
    // A smaller offset lets the mistake show, small as it is beside the loss.
    for offset in [1e6, 1e9] {
        let report = self::report(1.0, 0.0, |w| offset + w * w);
        assert!(report.worst.error > TOLERANCE);
        assert_eq!((report.faint, report.doubt), (1, None));
    }
}

/// Half of the numbers below the floor: the report counts them.
#[test]
fn the_numbers_below_the_floor_are_counted() {
    let point = named([("a", &DVector::from_element(2, 1.0)), ("b", &DVector::zeros(1))]);
    let gradient = named([("a", &DVector::from_element(2, 1.5)), ("b", &DVector::zeros(1))]);
    let loss = |p: &Vec<Named>| p[0].1.sum() + 1e-12 * p[1].1.sum();
    let report = check(&point, &gradient, loss);
    assert_eq!((report.compared, report.faint, report.doubt), (3, 1, None));
    assert_eq!(
        said(&report),
        "3 numbers compared in steps of 1/2048, worst a[0, 0]: by hand 1.500000e0, by differences \
         1.000000e0, relative error 3.3e-1 (below the floor of 2.0e-4: 1 of the numbers)"
    );
    assert!(!report.worst.is_faint());
}

/// A wrong gradient of a smooth loss is wrong beyond doubt, even by a millionth.
#[test]
fn a_wrong_gradient_of_a_smooth_loss_leaves_no_doubt() {
    let cases = (-3.0..3.0, 0.5..20.0, 2e-7..2.0_f64, 1.0..2.0_f64);
    runner(500)
        .run(&cases, |(theta, omega, amount, height): (f64, f64, f64, f64)| {
            let slope = omega * (omega * theta).cos();
            let scale = slope.abs().max(1e-3);
            let report = report(theta, slope + amount * scale, |w| height + (omega * w).sin());
            prop_assert!(report.worst.error > TOLERANCE, "{report}");
            prop_assert_eq!(report.doubt, None, "{}", report);
            Ok(())
        })
        .unwrap();
}

/// The words of a panic, where `check` or `check_along` refuse to begin.
fn refusal(begin: impl FnOnce() + std::panic::UnwindSafe) -> String {
    *catch_unwind(begin).expect_err("refused").downcast::<String>().expect("words")
}

#[test]
fn what_cannot_be_compared_is_named() {
    let two = Named("w", DVector::zeros(2));
    let three = Named("w", DVector::zeros(3));
    let expected = "the gradient must have the tensors of the point, which are w (2, 1); it has \
                    w (3, 1)";
    let (point, gradient) = (two.clone(), three.clone());
    assert_eq!(
        refusal(move || {
            check(&point, &gradient, |_| 0.0);
        }),
        expected
    );
    let rng = &mut ChaCha8Rng::seed_from_u64(1);
    let along = std::panic::AssertUnwindSafe(|| {
        check_along(&two, &three, rng, |_| 0.0);
    });
    assert_eq!(refusal(along), expected);
}
