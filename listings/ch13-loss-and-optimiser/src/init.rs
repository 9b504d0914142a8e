//! Where training starts.

use one_matrix::{Layer, Real};
use rand::Rng;

// ANCHOR: uniform
/// Draws every number uniformly from [−bound, bound).
///
/// PyTorch does this with bound 1/√H for all weights and biases of `nn.LSTM`, and with 1/√(inputs) for those of
/// `nn.Linear`. A linear layer that reads h has H inputs, so one bound serves both.
pub fn uniform<R: Real>(values: &mut [R], bound: f64, rng: &mut impl Rng) {
    values.iter_mut().for_each(|value| *value = R::of(bound * (2.0 * unit(rng) - 1.0)));
}

/// One of the 2⁵³ multiples of 2⁻⁵³ in [0, 1), each as likely as the others: the upper 53 bits of a word of 64.
///
/// Written out, like the digits of chapter 1, so that the same seed gives the same weights for ever.
fn unit(rng: &mut impl Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}
// ANCHOR_END: uniform

// ANCHOR: set_forget_bias
/// Gives the forget gate of every unit the same bias. PyTorch's layer has two biases and adds them, so the other is
/// set to 0.
///
/// # Panics
/// If θ belongs to another layer.
pub fn set_forget_bias<R: Real>(layer: Layer, theta: &mut [R], bias: f64) {
    let weights = layer.split_mut(theta);
    let forget = layer.hidden..2 * layer.hidden;
    weights.bias_ih[forget.clone()].fill(R::of(bias));
    weights.bias_hh[forget].fill(R::zero());
}
// ANCHOR_END: set_forget_bias

/// What the two biases of every unit's forget gate add up to, (H).
///
/// # Panics
/// If θ belongs to another layer.
pub fn forget_biases<R: Real>(layer: Layer, theta: &[R]) -> Vec<R> {
    let weights = layer.split(theta);
    let pairs = weights.bias_ih.iter().zip(weights.bias_hh);
    pairs.skip(layer.hidden).take(layer.hidden).map(|(&ih, &hh)| ih + hh).collect()
}
