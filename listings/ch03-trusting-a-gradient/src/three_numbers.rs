//! The smallest example: one weight, one input, one wanted answer.

// ANCHOR: three_numbers
/// The answer a = w · x, and the loss L = ½ (a − q)².
pub fn forward(w: f64, x: f64, q: f64) -> (f64, f64) {
    let a = w * x;
    (a, 0.5 * (a - q) * (a - q))
}

/// And back: the adjoints of w, x and q.
pub fn backward(w: f64, x: f64, q: f64) -> [f64; 3] {
    let (a, _) = forward(w, x, q);
    let a_bar = a - q;
    let q_bar = q - a;
    [a_bar * x, a_bar * w, q_bar]
}
// ANCHOR_END: three_numbers
