//! Slopes by differences: a second opinion that knows nothing of the chain rule.

use crate::parameters::Parameters;

// ANCHOR: step
/// How far a parameter is nudged.
///
/// Too far and the curve bends away, too near and the loss's last digits drown the difference.
/// [`derivative`] errs by about STEP⁴ times a fifth derivative, and by about 1e−16 · |L| / STEP.
/// Twice this step, one random LSTM in some thousands bends too fast; half of it, rounding costs
/// twice as much. A squashing function bends over distances of about 1 however large its bias is,
/// so the step does not grow with θ; and it is a power of two, so that θ + STEP rarely rounds.
pub const STEP: f64 = 1.0 / 2048.0;
// ANCHOR_END: step

// ANCHOR: central
/// The slope at 0 of a function of one number: (g(s) − g(−s)) / 2s, wrong by about s².
pub fn central(step: f64, mut g: impl FnMut(f64) -> f64) -> f64 {
    (g(step) - g(-step)) / (2.0 * step)
}
// ANCHOR_END: central

// ANCHOR: by_differences
/// The gradient of `loss` at `point`, one number after the other, each wrong by about `step`².
///
/// Two evaluations of the loss for each number of the point.
pub fn by_differences<P: Parameters + Clone>(step: f64, point: &P, loss: impl Fn(&P) -> f64) -> P {
    let (mut probe, mut gradient) = (point.clone(), point.clone());
    for (k, tensor) in point.tensors().iter().enumerate() {
        for (n, &theta) in tensor.values.iter().enumerate() {
            let slope = central(step, |nudge| {
                probe.tensors_mut()[k].values[n] = theta + nudge;
                loss(&probe)
            });
            probe.tensors_mut()[k].values[n] = theta; // as it was, before the next is nudged
            gradient.tensors_mut()[k].values[n] = slope;
        }
    }
    gradient
}
// ANCHOR_END: by_differences

// ANCHOR: derivative
/// The same slope, wrong by about s⁴ only.
///
/// At 2s the central difference is four times as wrong as at s. So four times the one at s, minus
/// the one at 2s, is three slopes in which the errors in s² have cancelled (Richardson's
/// extrapolation).
pub fn derivative(step: f64, mut g: impl FnMut(f64) -> f64) -> f64 {
    (4.0 * central(step, &mut g) - central(2.0 * step, &mut g)) / 3.0
}
// ANCHOR_END: derivative
