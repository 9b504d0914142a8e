//! Grades exercise 6.3 with the gradient checker of chapter 3.

use std::process::ExitCode;

use cases::grade_adjoints;
use gradient_check::sigmoid;
use nalgebra::DVector;

type Vector = DVector<f64>;

/// The forward pass of the exercise.
fn write_wide(i: &Vector, z: &Vector) -> Vector {
    i.component_mul(&z.map(|z| 4.0 * sigmoid(z) - 2.0))
}

/// Holds the two answered adjoints against differences of a weighted sum of the outputs.
pub fn grade(write_wide_backward: fn(&Vector, &Vector, &Vector) -> (Vector, Vector)) -> ExitCode {
    let i = DVector::from_vec(vec![0.9, 0.2, 0.5]);
    let z = DVector::from_vec(vec![1.5, -2.0, 0.7]);
    let n_bar = DVector::from_vec(vec![1.0, -0.5, 3.0]);
    let (i_bar, z_bar) = write_wide_backward(&i, &z, &n_bar);
    grade_adjoints(
        "6.3",
        [("i", i, i_bar), ("z", z, z_bar)],
        |[i, z]| write_wide(i, z).dot(&n_bar),
        |part| format!("how much does N move when only {part} moves a little?"),
    )
}
