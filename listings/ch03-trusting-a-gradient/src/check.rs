//! The gradient checker: a gradient by hand against the loss itself.

use rand::{Rng, RngExt};

use crate::difference::{STEP, derivative};
use crate::doubt::{Doubt, arrives, examine};
use crate::entry::{BAD, Entry, floor, relative_error};
use crate::parameters::{Parameters, Tensor, len};
use crate::report::Report;

// ANCHOR: check
/// Compares every entry of `gradient` with the differences of `loss` around `point`.
///
/// The relative error of an entry is |θ̄ − d| / max(|θ̄|, |d|, 1e−4 · max(1, |L|)), and infinite
/// where anything is NaN, or the loss gives two answers to one question. Four evaluations of the
/// loss for each entry, two at the point, some more around what looks wrong.
///
/// # Panics
/// If there is nothing to compare, or `gradient` has other tensors than `point`.
pub fn check<P: Parameters + Clone>(point: &P, gradient: &P, loss: impl Fn(&P) -> f64) -> Report {
    assert_comparable(point, gradient);
    let (here, again) = (loss(point), loss(point));
    let mut probe = point.clone();
    let (mut worst, mut faint) = (None, 0);
    for (k, (at, slope)) in point.tensors().iter().zip(gradient.tensors()).enumerate() {
        for (n, (&theta, &analytic)) in at.values.iter().zip(slope.values).enumerate() {
            let mut nudged = |nudge| {
                probe.tensors_mut()[k].values[n] = theta + nudge;
                if arrives(theta, nudge) { loss(&probe) } else { f64::NAN }
            };
            let numeric = derivative(STEP, &mut nudged);
            let entry = Entry::new(at, n, analytic, numeric, floor(here));
            faint += usize::from(entry.is_faint());
            if worst.is_none_or(|(worst, _): (Entry, _)| entry.error > worst.error) {
                worst = Some((entry, examine(&entry, theta, nudged)));
            }
            probe.tensors_mut()[k].values[n] = theta;
        }
    }
    let compared = len(point);
    let (mut worst, mut doubt) = worst.expect("there is something to compare");
    if here.to_bits() != again.to_bits() {
        worst.error = f64::INFINITY;
        doubt = Some(Doubt::NoFunction(here, again));
    } else if faint == compared && worst.error <= BAD {
        doubt = doubt.or(Some(Doubt::AllFaint(worst.floor)));
    }
    Report { worst, compared, faint, doubt }
}
// ANCHOR_END: check

// ANCHOR: slope_along
/// The slope of the loss along a direction, by the gradient: ⟨gradient, direction⟩, entry times
/// entry, all added up. The direction has one list of numbers for each tensor.
pub fn slope_along(gradient: &impl Parameters, direction: &[Vec<f64>]) -> f64 {
    (gradient.tensors().iter().zip(direction))
        .flat_map(|(g, d)| g.values.iter().zip(d).map(|(g, d)| g * d))
        .sum()
}
// ANCHOR_END: slope_along

// ANCHOR: check_along
/// Compares the slope of `loss` along one random direction with what `gradient` says it is:
/// ⟨gradient, direction⟩.
///
/// Six evaluations of the loss, instead of four for each entry: the check for big shapes. It tells
/// that something is wrong, not where. Returns the relative error, measured as in [`check`].
///
/// # Panics
/// If there is nothing to compare, or `gradient` has other tensors than `point`.
pub fn check_along<P: Parameters + Clone>(
    point: &P,
    gradient: &P,
    rng: &mut impl Rng,
    loss: impl Fn(&P) -> f64,
) -> f64 {
    assert_comparable(point, gradient);
    // Between ½ and 1 of either sign, over √n: a direction no longer than 1 that leaves no
    // parameter out. With ±1 alone, two errors of one size (two entries swapped) cancel half of the
    // time.
    let size = 1.0 / (len(point) as f64).sqrt();
    let mut component = || rng.random_range(0.5..1.0) * if rng.random() { size } else { -size };
    let direction: Vec<Vec<f64>> = (point.tensors().iter())
        .map(|tensor| tensor.values.iter().map(|_| component()).collect())
        .collect();
    let analytic = slope_along(gradient, &direction);
    let numeric = derivative(STEP, |nudge| {
        let (mut probe, mut all_there) = (point.clone(), true);
        for (tensor, d) in probe.tensors_mut().into_iter().zip(&direction) {
            for (theta, d) in tensor.values.iter_mut().zip(d) {
                all_there &= arrives(*theta, nudge * d);
                *theta += nudge * d;
            }
        }
        if all_there { loss(&probe) } else { f64::NAN }
    });
    let (here, again) = (loss(point), loss(point));
    if here.to_bits() == again.to_bits() {
        relative_error(analytic, numeric, floor(here))
    } else {
        f64::INFINITY
    }
}
// ANCHOR_END: check_along

/// A missing tensor must not pass for a right one, and nothing not for anything.
fn assert_comparable(point: &impl Parameters, gradient: &impl Parameters) {
    let listed = |tensors: &[Tensor<'_>]| {
        let shape = |t: &Tensor<'_>| format!("{} ({}, {})", t.name, t.rows, t.columns());
        tensors.iter().map(shape).collect::<Vec<_>>().join(", ")
    };
    let (expected, found) = (listed(&point.tensors()), listed(&gradient.tensors()));
    assert!(
        expected == found,
        "the gradient must have the tensors of the point, \
         which are {expected}; it has {found}"
    );
    assert!(len(point) > 0, "there is nothing to check: the point has no numbers");
}
