//! Exercise 11.1: a backward pass with two slips in it.

use std::process::ExitCode;

use nalgebra::DVector;

#[path = "grader/mend.rs"]
mod grader;

type Vector = DVector<f64>;

/// Backward through three steps of C ← f ⊙ C + w: from the adjoint of C_3 to those of f, w and C_0.
///
/// `c` holds C_0, C_1, C_2 and C_3.
fn leak_backward(f: &Vector, c: &[Vector; 4], c_3_bar: &Vector) -> (Vector, Vector, Vector) {
    // Your answer goes here: two of these lines are wrong.
    let mut f_bar = f.map(|_| 0.0);
    let mut w_bar = f.map(|_| 0.0);
    let mut c_bar = c_3_bar.clone();
    for t in [3, 2, 1] {
        f_bar += c_bar.component_mul(&c[t]);
        w_bar += &c_bar;
        c_bar = c_3_bar.component_mul(f);
    }
    (f_bar, w_bar, c_bar)
}

fn main() -> ExitCode {
    grader::grade(leak_backward)
}
