//! Grades exercise 4.1 with the gradient checker of chapter 3.

use std::process::ExitCode;

use cases::grade_adjoints;
use nalgebra::{DMatrix, DVector};
use say::println;

type Vector = DVector<f64>;
type Backward = fn(&DMatrix<f64>, &Vector, &Vector) -> (Vector, Vector);

/// The forward pass of the exercise: tanh(z), and h.
fn leaky(w_hh: &DMatrix<f64>, h_prev: &Vector, v: &Vector) -> (Vector, Vector) {
    let c = (w_hh * h_prev + v).map(f64::tanh);
    let h = h_prev * 0.9 + &c * 0.1;
    (c, h)
}

/// Three steps forward, three steps back with the answer, and differences. v is added to z at
/// every step, so its adjoint is the sum of the z̄.
pub fn grade(leaky_backward: Backward) -> ExitCode {
    let w_hh = DMatrix::from_row_slice(3, 3, &[0.5, -1.0, 0.3, 0.8, 0.2, -0.6, -0.4, 0.9, 0.7]);
    let h_0 = DVector::from_vec(vec![0.6, -0.3, 0.2]);
    let v = DVector::from_vec(vec![0.1, 0.4, -0.5]);
    let last_bar = DVector::from_vec(vec![1.0, -0.5, 2.0]);
    let run = |h_0: &Vector, v: &Vector| {
        let mut steps = vec![leaky(&w_hh, h_0, v)];
        for t in 1..3 {
            steps.push(leaky(&w_hh, &steps[t - 1].1, v));
        }
        steps
    };
    let (mut h_bar, mut v_bar) = (last_bar.clone(), DVector::zeros(3));
    for (c, _) in run(&h_0, &v).iter().rev() {
        let (z_bar, h_prev_bar) = leaky_backward(&w_hh, c, &h_bar);
        if z_bar.len() != 3 || h_prev_bar.len() != 3 {
            println!("Not yet. You returned {} and {} entries,", z_bar.len(), h_prev_bar.len());
            println!("expected 3 and 3: there are three units.");
            println!("Look at: an adjoint has the shape of what it belongs to.");
            return ExitCode::FAILURE;
        }
        v_bar += z_bar;
        h_bar = h_prev_bar;
    }
    grade_adjoints(
        "4.1",
        [("h_0", h_0, h_bar), ("v (the sum of all z̄)", v, v_bar)],
        |[h_0, v]| run(h_0, v)[2].1.dot(&last_bar),
        |_| "by how many ways does h_prev reach h, in each of the three steps?".to_owned(),
    )
}
