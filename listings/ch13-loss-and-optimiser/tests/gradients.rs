//! The gradients of chapter 13 against central differences, and wrong ones that must be refused.
#![allow(clippy::unwrap_used)]

use gradient_check::{Affine, Named, check, check_along};
use loss_and_optimiser::{
    Linear, cross_entropy, cross_entropy_backward, cross_entropy_batch, log_softmax, softmax,
    uniform,
};
use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;

/// The differences err by about step⁴ ≈ 1e−12 and by rounding, 1e−16 · L / step ≈ 1e−13 · L, measured
/// against at least 1e−5 · max(1, L): 1e−8 at worst. The tolerance leaves a factor of ten.
const TOLERANCE: f64 = 1e-7;

/// Scores up to ±`size`, and the place of the right answer.
fn question(size: f64) -> impl Strategy<Value = (DVector<f64>, usize)> {
    (1..=12_usize).prop_flat_map(move |k| {
        let logits = prop::collection::vec(-size..size, k).prop_map(DVector::from_vec);
        (logits, 0..k)
    })
}

/// The output layer with its loss, as a trainer uses it: θ of the layer, and h of every sequence.
#[derive(Clone)]
struct Point {
    linear: Linear,
    targets: Vec<u8>,
    theta: DVector<f64>,
    h: DVector<f64>,
}

impl Point {
    fn new(outputs: usize, inputs: usize, batch: usize, bound: f64, seed: u64) -> Point {
        let rng = &mut digits::generator(seed);
        let linear = Linear { inputs, outputs };
        let (mut theta, mut h) = (vec![0.0; linear.len()], vec![0.0; inputs * batch]);
        uniform(&mut theta, bound, rng);
        uniform(&mut h, 1.0, rng);
        let targets = (0..batch).map(|_| digits::below(outputs as u32, rng) as u8).collect();
        Point { linear, targets, theta: theta.into(), h: h.into() }
    }

    fn leaves(&self) -> (Named, Named) {
        (Named("theta", self.theta.clone()), Named("h", self.h.clone()))
    }

    /// The mean loss of the batch, its ȳ, and y.
    fn loss(&self, (theta, h): &(Named, Named)) -> (f64, Vec<f64>) {
        let mut y = vec![0.0; self.linear.outputs * self.targets.len()];
        self.linear.forward(theta.1.as_slice(), h.1.as_slice(), &mut y);
        let loss = cross_entropy_batch(&mut y, &self.targets, 1.0 / self.targets.len() as f64);
        (loss, y)
    }

    fn gradient(&self) -> (Named, Named) {
        let (_, y_bar) = self.loss(&self.leaves());
        let (mut theta_bar, mut h_bar) = self.leaves();
        // What stood there before must not matter: backward writes.
        let (h_bar_slice, theta_bar_slice) = (h_bar.1.as_mut_slice(), theta_bar.1.as_mut_slice());
        let (theta, h) = (self.theta.as_slice(), self.h.as_slice());
        self.linear.backward(theta, h, &y_bar, h_bar_slice, theta_bar_slice);
        (theta_bar, h_bar)
    }
}

proptest! {
    #[test]
    fn softmax_cross_entropy((logits, target) in question(5.0)) {
        let gradient = Named("y", cross_entropy_backward(&logits, target));
        let report = check(&Named("y", logits), &gradient, |p| cross_entropy(&p.1, target));
        prop_assert!(report.worst.error < TOLERANCE, "{report}");
    }

    /// Almost certain answers, right and wrong, where most of the gradient vanishes.
    #[test]
    fn saturated_softmax((logits, target) in question(40.0)) {
        let gradient = Named("y", cross_entropy_backward(&logits, target));
        let report = check(&Named("y", logits), &gradient, |p| cross_entropy(&p.1, target));
        prop_assert!(report.worst.error < TOLERANCE, "{report}");
    }

    #[test]
    fn output_layer(
        outputs in 1..=10_usize, inputs in 1..=40_usize, batch in 1..=6_usize, bound in 0.1..4.0_f64, seed: u64
    ) {
        let point = Point::new(outputs, inputs, batch, bound, seed);
        let report = check(&point.leaves(), &point.gradient(), |leaves| point.loss(leaves).0);
        prop_assert!(report.worst.error < TOLERANCE, "{report}");
    }

    #[test]
    fn wide_output_layer(inputs in 50..200_usize, batch in 1..=40_usize, seed: u64) {
        let point = Point::new(10, inputs, batch, 0.3, seed);
        let rng = &mut digits::generator(!seed);
        let error = check_along(&point.leaves(), &point.gradient(), rng, |leaves| point.loss(leaves).0);
        prop_assert!(error < TOLERANCE, "{error:e}");
    }

    /// The batch is the mean of its sequences, each by the clear code; cut in two, the parts add up.
    #[test]
    fn a_batch_is_its_sequences(
        outputs in 1..=12_usize, inputs in 1..=40_usize, batch in 1..=9_usize, cut in 0..9_usize, seed: u64
    ) {
        let point = Point::new(outputs, inputs, batch, 2.0, seed);
        let (loss, y_bar) = point.loss(&point.leaves());
        let (theta_bar, h_bar) = point.gradient();
        let share = 1.0 / batch as f64;
        let (w, b) = point.theta.as_slice().split_at(outputs * inputs);
        let affine = Affine { w: DMatrix::from_row_slice(outputs, inputs, w), b: DVector::from_column_slice(b) };
        let (mut sum, mut w_bar, mut b_bar) = (0.0, affine.w.clone() * 0.0, DVector::zeros(outputs));
        for (n, &target) in point.targets.iter().enumerate() {
            let h = point.h.rows(n * inputs, inputs).into_owned();
            let y = affine.forward(&h);
            let one = cross_entropy_backward(&y, usize::from(target)) * share;
            let (layer, one_h_bar) = affine.backward(&h, &one);
            sum += cross_entropy(&y, usize::from(target)) * share;
            (w_bar, b_bar) = (w_bar + layer.w, b_bar + layer.b);
            let y_bar = DVector::from_column_slice(&y_bar[n * outputs..][..outputs]);
            prop_assert!((y_bar - one).amax() < 1e-12);
            prop_assert!((h_bar.1.rows(n * inputs, inputs) - one_h_bar).amax() < 1e-12);
        }
        prop_assert!((loss - sum).abs() < 1e-12);
        prop_assert!((DMatrix::from_row_slice(outputs, inputs, &theta_bar.1.as_slice()[..outputs * inputs]) - w_bar).amax() < 1e-12);
        prop_assert!((theta_bar.1.rows(outputs * inputs, outputs) - b_bar).amax() < 1e-12);

        let cut = 1 + cut % batch;
        let mut y = vec![0.0; outputs * batch];
        point.linear.forward(point.theta.as_slice(), point.h.as_slice(), &mut y);
        let (first, second) = y.split_at_mut(cut * outputs);
        let mut parts = cross_entropy_batch(first, &point.targets[..cut], share);
        if cut < batch {
            parts += cross_entropy_batch(second, &point.targets[cut..], share);
        }
        prop_assert!((parts - loss).abs() < 1e-12);
        prop_assert_eq!(y, y_bar);
    }

    /// The checker must refuse what is wrong: each of these is a mistake that someone could make.
    #[test]
    fn wrong_gradients_are_refused((logits, target) in question(3.0), which in 0..5_usize) {
        prop_assume!(logits.len() > 1);
        let right = cross_entropy_backward(&logits, target);
        let next = (target + 1) % logits.len();
        let wrong = match which {
            0 => softmax(&logits),                            // forgot the one-hot vector
            1 => -right,                                      // the wrong sign
            2 => right.map(|g| g * 1.01),                     // one percent too large
            3 => cross_entropy_backward(&logits, next),       // the neighbour's answer
            _ => {
                // the probabilities' own gradient forgotten: only the target's entry is left
                let mut only = DVector::zeros(logits.len());
                only[target] = right[target];
                only
            }
        };
        let report = check(&Named("y", logits), &Named("y", wrong), |p| cross_entropy(&p.1, target));
        prop_assert!(report.worst.error > 1e-3, "mistake {which} passed: {report}");
    }
}

/// Mistakes of a layer and of a batch: each is refused, in the place where it is.
#[test]
fn wrong_layer_gradients_are_refused_and_named() {
    let point = Point::new(4, 4, 3, 1.0, 5);
    let right = point.gradient();
    let worst = |gradient: &(Named, Named)| {
        check(&point.leaves(), gradient, |leaves| point.loss(leaves).0).worst
    };
    assert!(worst(&right).error < TOLERANCE);

    let with = |edit: &dyn Fn(&mut (Named, Named))| {
        let mut wrong = right.clone();
        edit(&mut wrong);
        wrong
    };
    let wrong: [((Named, Named), &str); 5] = [
        // W̄ column by column instead of row by row
        (
            with(&|g| {
                g.0.1.rows_mut(0, 16).copy_from_slice(&transposed(&right.0.1.as_slice()[..16]))
            }),
            "theta",
        ),
        (with(&|g| g.0.1.rows_mut(16, 4).fill(0.0)), "theta"), // b̄ forgotten
        (with(&|g| g.0.1 *= 3.0), "theta"),                    // the sum instead of the mean
        (with(&|g| g.1.1.rows_mut(0, 4).fill(0.0)), "h"),      // the first sequence forgotten
        (with(&|g| g.1.1.rows_mut(0, 8).swap_rows(0, 4)), "h"), // two sequences mixed
    ];
    for (gradient, name) in wrong {
        let found = worst(&gradient);
        assert!(found.error > 1e-3 && found.name == name, "{found}");
    }
}

/// A matrix of (4, 4), row by row, turned into one column by column.
fn transposed(rows: &[f64]) -> Vec<f64> {
    DMatrix::from_column_slice(4, 4, rows).transpose().as_slice().to_vec()
}

proptest! {
    /// Probabilities are probabilities; their logarithms agree; the gradient's entries cancel.
    #[test]
    fn softmax_is_a_distribution((logits, target) in question(50.0), shift in -500.0..500.0_f64) {
        let p = softmax(&logits);
        prop_assert!((p.sum() - 1.0).abs() < 1e-13);
        prop_assert!(p.iter().all(|p| (0.0..=1.0).contains(p)));
        prop_assert!(cross_entropy_backward(&logits, target).sum().abs() < 1e-13);
        prop_assert!(cross_entropy(&logits, target) >= 0.0);
        // The same added to all scores changes nothing but rounding in scores of 500.
        let moved = log_softmax(&logits.add_scalar(shift));
        prop_assert!((moved - log_softmax(&logits)).amax() < 1e-11);
        // The textbook formula, where it does not overflow.
        let naive = logits.map(f64::exp) / logits.map(f64::exp).sum();
        prop_assert!((naive - p).amax() < 1e-14);
    }

    #[test]
    fn extreme_scores_stay_finite(signs in prop::collection::vec(any::<bool>(), 1..12), size in 700.0..1e300_f64) {
        let logits = DVector::from_iterator(signs.len(), signs.iter().map(|&s| if s { size } else { -size }));
        for target in 0..signs.len() {
            prop_assert!(cross_entropy(&logits, target).is_finite());
            prop_assert!(cross_entropy_backward(&logits, target).iter().all(|g| g.is_finite()));
            let mut y: Vec<f32> = logits.iter().map(|&y| (y / 1e270) as f32).collect();
            let loss = cross_entropy_batch(&mut y, &[target as u8], 1.0);
            prop_assert!(loss.is_finite() && y.iter().all(|g| g.is_finite()));
        }
    }
}

#[test]
fn a_thousand_is_not_too_much() {
    let logits = DVector::from_vec(vec![1000.0, -1000.0, 0.0]);
    assert_eq!(cross_entropy(&logits, 0), 0.0);
    assert_eq!(cross_entropy(&logits, 1), 2000.0);
    assert_eq!(cross_entropy_backward(&logits, 1).as_slice(), [1.0, -1.0, 0.0]);
    // The textbook formula gives ∞ / ∞ here.
    assert!((logits.map(f64::exp) / logits.map(f64::exp).sum())[0].is_nan());
    assert!((cross_entropy(&DVector::zeros(10), 4) - 10.0_f64.ln()).abs() < 1e-15);
}
