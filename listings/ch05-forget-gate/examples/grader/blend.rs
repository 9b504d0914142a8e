//! Grades exercise 5.4 with the gradient checker of chapter 3.

use std::process::ExitCode;

use cases::grade_adjoints;
use nalgebra::DVector;

/// The forward pass of the exercise.
pub fn blend(f: &DVector<f64>, c: &DVector<f64>, v: &DVector<f64>) -> DVector<f64> {
    f.component_mul(c) + f.map(|f| 1.0 - f).component_mul(v)
}

type Vector = DVector<f64>;
type Backward = fn(&Vector, &Vector, &Vector, &Vector) -> (Vector, Vector, Vector);

/// Holds the three answered adjoints against differences of a weighted sum of the outputs.
pub fn grade(blend_backward: Backward) -> ExitCode {
    let f = DVector::from_vec(vec![0.9, 0.2, 0.5]);
    let c = DVector::from_vec(vec![1.5, -2.0, 0.7]);
    let v = DVector::from_vec(vec![-0.4, 0.3, 2.0]);
    let k_bar = DVector::from_vec(vec![1.0, -0.5, 3.0]);
    let (f_bar, c_bar, v_bar) = blend_backward(&f, &c, &v, &k_bar);
    grade_adjoints(
        "5.4",
        [("f", f, f_bar), ("C", c, c_bar), ("v", v, v_bar)],
        |[f, c, v]| blend(f, c, v).dot(&k_bar),
        |part| format!("how does the loss change when only {part} moves a little?"),
    )
}
