//! When the differences are in doubt, and not the gradient.

use std::fmt;

use crate::difference::{STEP, derivative};
use crate::entry::{BAD, Entry, FLOOR};

// ANCHOR: doubt
/// Why a report may blame a right gradient, or pass a wrong one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Doubt {
    /// Asked twice at the same point, the loss was this and that.
    NoFunction(f64, f64),
    /// Beside this θ the numbers of f64 lie too far apart for a step.
    StepLost(f64),
    /// Within two steps the loss is infinite or NaN, or θ itself is.
    NotFinite,
    /// The loss jumps from point to point, the steeper the nearer they are.
    Rough,
    /// Within two steps the loss, or its slope, changes suddenly.
    Kink,
    /// Within two steps the loss bends too much. In steps so many times as fine, its slope is this.
    Steep(f64, f64),
    /// All entries are below the floor, which is this.
    AllFaint(f64),
}
// ANCHOR_END: doubt

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let steps = 1.0 / STEP;
        match *self {
            Doubt::NoFunction(first, again) => write!(
                f,
                "asked twice at the same point, the loss was {first:e} and then {again:e}: switch \
                 off what is random in it (dropout?), or seed it anew in each call"
            ),
            Doubt::StepLost(theta) => write!(
                f,
                "beside {theta:e} a step of 1/{steps} is lost: measure this number in a larger unit"
            ),
            Doubt::NotFinite => write!(
                f,
                "within two steps of 1/{steps} the loss is no finite number: move the point"
            ),
            Doubt::Rough => write!(
                f,
                "the loss jumps from point to point: compute all of it in f64 (is it f32?), and \
                 without random numbers"
            ),
            Doubt::Kink => write!(
                f,
                "within two steps of 1/{steps} the loss has a kink or a jump: move the point away"
            ),
            Doubt::Steep(finer, slope) => write!(
                f,
                "the loss bends too fast for steps of 1/{steps}: in steps {finer} times as fine \
                 the differences are {slope:.6e}"
            ),
            Doubt::AllFaint(floor) => write!(
                f,
                "nothing reaches the floor of {floor:.1e}, so a wrong gradient may pass: {}",
                if floor > FLOOR {
                    "the loss is too large; take from it what does not depend on the point"
                } else {
                    "the slopes are too small; scale the loss up, or choose a steeper point"
                }
            ),
        }
    }
}

/// Whether θ + nudge gets where it should, within a thousandth of the nudge. NaN does not.
pub(crate) fn arrives(theta: f64, nudge: f64) -> bool {
    let moved = (theta + nudge) - theta;
    (moved - nudge).abs() <= 1e-3 * nudge.abs()
}

// ANCHOR: roughness
/// What no cubic explains in five neighbouring losses, over the step: the largest of three tries,
/// since any of them may be zero by luck. None is symmetric about θ, where errors often cancel.
///
/// Half the step makes it 8 times as small where the loss is smooth, leaves it at a kink, and
/// doubles it where the loss jumps from point to point.
fn roughness(step: f64, g: &mut impl FnMut(f64) -> f64) -> f64 {
    let tries = [step, -step, 0.7 * step].map(|step| {
        let [a, b, c, d, e] = [-2.0, -1.1, -0.2, 0.7, 1.6].map(|steps| g(steps * step));
        ((a - 4.0 * b + 6.0 * c - 4.0 * d + e) / step).abs()
    });
    tries.into_iter().fold(0.0, f64::max)
}
// ANCHOR_END: roughness

// ANCHOR: examine
/// Looks for a reason to doubt the differences at a bad entry. `g` is the loss with θ nudged.
///
/// Halves the step until the loss looks smooth. If the differences side with the gradient then,
/// something further out had disturbed them.
pub(crate) fn examine(
    &Entry { analytic, numeric, error, .. }: &Entry,
    theta: f64,
    mut g: impl FnMut(f64) -> f64,
) -> Option<Doubt> {
    if theta.is_finite() && !arrives(theta, STEP) {
        return Some(Doubt::StepLost(theta));
    } else if !numeric.is_finite() {
        return Some(Doubt::NotFinite);
    } else if !analytic.is_finite() || error <= BAD {
        return None;
    }
    let off = (analytic - numeric).abs();
    let smooth = BAD * off / error;
    let first = roughness(STEP, &mut g);
    let mut before = first;
    for halvings in 1..=14 {
        let finer = f64::from(1 << halvings);
        let now = roughness(STEP / finer, &mut g);
        if now >= 16.0 * first.max(smooth) {
            return Some(Doubt::Rough);
        } else if now <= smooth {
            let slope = derivative(STEP / finer, &mut g);
            return if (slope - numeric).abs() <= off / 2.0 {
                None // Near and far agree: the gradient is to blame.
            } else if (slope - analytic).abs() >= off / 2.0 {
                Some(Doubt::Rough) // Near and far agree with nothing.
            } else if now <= before / 100.0 {
                Some(Doubt::Kink) // It was disturbed, and all at once it is not.
            } else {
                Some(Doubt::Steep(finer, slope))
            };
        }
        before = now;
    }
    Some(Doubt::Kink) // at θ itself
}
// ANCHOR_END: examine
