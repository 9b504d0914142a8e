//! Grades exercise 8.4 with the gradient checker of chapter 3.

use std::process::ExitCode;

use cases::grade_adjoints;
use gradient_check::sigmoid;
use nalgebra::DVector;

type Vector = DVector<f64>;

/// The forward pass of the exercise: h = σ(z + P ⊙ C) ⊙ tanh(C).
fn forward(z: &Vector, p: &Vector, c: &Vector) -> (Vector, Vector) {
    let o = (z + p.component_mul(c)).map(sigmoid);
    let h = o.component_mul(&c.map(f64::tanh));
    (o, h)
}

type Backward = fn(&Vector, &Vector, &Vector, &Vector) -> (Vector, Vector, Vector);

/// Holds the three answered adjoints against differences of a weighted sum of h.
pub fn grade(peek_backward: Backward) -> ExitCode {
    let z = DVector::from_vec(vec![0.3, -1.2, 2.0]);
    let p = DVector::from_vec(vec![0.8, -0.6, 1.5]);
    let c = DVector::from_vec(vec![1.5, -0.7, 0.4]);
    let h_bar = DVector::from_vec(vec![1.0, -0.5, 3.0]);
    let (o, _) = forward(&z, &p, &c);
    let (z_bar, p_bar, c_bar) = peek_backward(&o, &p, &c, &h_bar);
    grade_adjoints(
        "8.4",
        [("z", z, z_bar), ("P", p, p_bar), ("C", c, c_bar)],
        |[z, p, c]| forward(z, p, c).1.dot(&h_bar),
        |part| format!("along how many ways does {part} reach h?"),
    )
}
