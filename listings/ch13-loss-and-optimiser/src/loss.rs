//! The softmax cross-entropy, in a form that no score can overflow.

use multiversion::multiversion;
use nalgebra::DVector;
use one_matrix::Real;

// ANCHOR: log_softmax
/// The logarithms of the probabilities: ln p_k = y_k − ln Σ_j e^{y_j}, for scores (logits) y of (K).
///
/// Subtracting the largest score first changes nothing, for e^{y−m} / Σ e^{y_j−m} cancels e^m. But now the
/// largest argument of `exp` is 0: nothing overflows, and the sum is at least 1, so its logarithm is finite.
///
/// # Panics
/// If there are no scores.
pub fn log_softmax(logits: &DVector<f64>) -> DVector<f64> {
    let shifted = logits.add_scalar(-logits.max());
    let log_sum = shifted.map(f64::exp).sum().ln();
    shifted.add_scalar(-log_sum)
}

/// The probabilities: p_k = e^{y_k} / Σ_j e^{y_j}, for scores y of (K). They sum to 1.
///
/// # Panics
/// If there are no scores.
pub fn softmax(logits: &DVector<f64>) -> DVector<f64> {
    log_softmax(logits).map(f64::exp)
}
// ANCHOR_END: log_softmax

// ANCHOR: cross_entropy
/// L = −ln p_target, in nats: the surprise at the right answer.
///
/// It is 0 for a certain and right answer, ln K for a guess among K, and without bound for a certain and wrong one.
///
/// # Panics
/// If there is no score for the target.
pub fn cross_entropy(logits: &DVector<f64>, target: usize) -> f64 {
    -log_softmax(logits)[target]
}
// ANCHOR_END: cross_entropy

// ANCHOR: cross_entropy_backward
/// ȳ = p − e_target, (K): the probabilities, less 1 at the right answer.
///
/// # Panics
/// If there is no score for the target.
pub fn cross_entropy_backward(logits: &DVector<f64>, target: usize) -> DVector<f64> {
    let mut y_bar = softmax(logits);
    y_bar[target] -= 1.0;
    y_bar
}
// ANCHOR_END: cross_entropy_backward

// ANCHOR: cross_entropy_batch
/// Of a whole batch: the sum of its losses, times `share`. The logits, (K, B), are replaced by ȳ, times `share`.
///
/// With `share` = 1/B that is the mean and its gradient. A batch that is cut into parts gives every part the share of
/// the whole, and what comes back is added.
///
/// # Panics
/// If there are no targets, not one column of logits for each, or no score for one of them.
pub fn cross_entropy_batch<R: Real>(logits: &mut [R], targets: &[u8], share: R) -> R {
    assert!(
        !targets.is_empty() && logits.len().is_multiple_of(targets.len()),
        "a column for each target"
    );
    let answers = logits.len() / targets.len();
    let mut loss = R::zero();
    for (y, &target) in logits.chunks_exact_mut(answers).zip(targets) {
        let target = usize::from(target);
        let largest = y.iter().fold(y[0], |largest, &y| if y > largest { y } else { largest });
        let of_target = y[target] - largest;
        let mut sum = R::zero();
        for y in &mut *y {
            *y = (*y - largest).exp();
            sum += *y;
        }
        loss += sum.ln() - of_target;
        scale(y, share / sum);
        y[target] -= share;
    }
    loss * share
}
// ANCHOR_END: cross_entropy_batch

/// Every entry times the factor.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub(crate) fn scale<R: Real>(values: &mut [R], factor: R) {
    values.iter_mut().for_each(|value| *value *= factor);
}
