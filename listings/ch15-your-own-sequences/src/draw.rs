//! From scores to one symbol, by chance.

use loss_and_optimiser::softmax;
use nalgebra::DVector;
use rand::Rng;

// ANCHOR: temper
/// The probabilities of scores y of (K) at a temperature τ: softmax(y / τ).
///
/// At 1 they are what the network learnt. Below, the likely becomes likelier; towards 0, certain. Above, all become more alike.
///
/// # Panics
/// If there are no scores, or τ is not positive.
pub fn temper(logits: &DVector<f64>, temperature: f64) -> DVector<f64> {
    assert!(temperature > 0.0, "a temperature above 0");
    softmax(&(logits / temperature))
}
// ANCHOR_END: temper

// ANCHOR: draw
/// One of K places, each as likely as its probability says.
///
/// # Panics
/// If there is nothing to draw from.
pub fn draw(probabilities: &[f64], rng: &mut impl Rng) -> usize {
    // One of the 2⁵³ multiples of 2⁻⁵³ in [0, 1), as in chapter 13.
    let mut left = (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
    for (place, &probability) in probabilities.iter().enumerate() {
        if left < probability {
            return place;
        }
        left -= probability;
    }
    // Rounding can leave a little beyond the last: it belongs to the last that is possible.
    probabilities.iter().rposition(|&probability| probability > 0.0).expect("a possible place")
}
// ANCHOR_END: draw
