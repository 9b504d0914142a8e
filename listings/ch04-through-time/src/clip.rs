//! A gradient that is too long is made shorter.

use gradient_check::Parameters;

/// The length of a gradient: all its tensors taken as one long vector.
pub fn norm(gradient: &impl Parameters) -> f64 {
    let tensors = gradient.tensors();
    let squares = tensors.iter().flat_map(|tensor| tensor.values).map(|v| v * v);
    squares.sum::<f64>().sqrt()
}

// ANCHOR: clip
/// Shortens a gradient that is longer than `limit` to that length; its direction stays.
///
/// No factor mends a gradient with infinity or NaN in it: look for those first.
pub fn clip(gradient: &mut impl Parameters, limit: f64) {
    let factor = limit / norm(gradient).max(limit); // 1 for a short gradient
    for tensor in gradient.tensors_mut() {
        tensor.values.iter_mut().for_each(|v| *v *= factor);
    }
}
// ANCHOR_END: clip
