//! Grades exercise 8.4 with the gradient checker of chapter 3.

use std::process::ExitCode;

use gradient_check::{Named, check, sigmoid};
use nalgebra::DVector;
use say::println;

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
    if [&z_bar, &p_bar, &c_bar].iter().any(|answer| answer.len() != 3) {
        let lengths = [z_bar.len(), p_bar.len(), c_bar.len()];
        println!("Not yet. The adjoints of z, P and C have {lengths:?} entries, expected 3 each.");
        println!("Look at: an adjoint has the shape of what it belongs to.");
        return ExitCode::FAILURE;
    }
    let point = vec![Named("z", z), Named("P", p), Named("C", c)];
    let answer = vec![Named("z", z_bar), Named("P", p_bar), Named("C", c_bar)];
    let report = check(&point, &answer, |at| forward(&at[0].1, &at[1].1, &at[2].1).1.dot(&h_bar));
    if report.worst.error > 1e-7 {
        let worst = report.worst;
        println!(
            "Not yet. The adjoint of {} is wrong, most of all in entry {}, counted from 0:",
            worst.name, worst.row
        );
        println!("you returned {:.6}, differences say {:.6}.", worst.analytic, worst.numeric);
        println!("Look at: along how many ways does {} reach h?", worst.name);
        return ExitCode::FAILURE;
    }
    println!("Exercise 8.4 solved: {} numbers agree with differences.", report.compared);
    ExitCode::SUCCESS
}
