//! Grades exercise 11.1 with the gradient checker of chapter 3.

use std::process::ExitCode;

use gradient_check::{Named, check};
use nalgebra::DVector;
use say::println;

type Vector = DVector<f64>;

/// The forward pass of the exercise: three steps of C ← f ⊙ C + w, with the same f and w.
pub fn leak(f: &Vector, w: &Vector, c_0: &Vector) -> [Vector; 4] {
    let c_1 = f.component_mul(c_0) + w;
    let c_2 = f.component_mul(&c_1) + w;
    let c_3 = f.component_mul(&c_2) + w;
    [c_0.clone(), c_1, c_2, c_3]
}

type Backward = fn(&Vector, &[Vector; 4], &Vector) -> (Vector, Vector, Vector);

/// Holds the three answered adjoints against differences of a weighted sum of C_3.
pub fn grade(leak_backward: Backward) -> ExitCode {
    let f = DVector::from_vec(vec![0.9, 0.4, 0.7]);
    let w = DVector::from_vec(vec![0.3, -0.8, 0.5]);
    let c_0 = DVector::from_vec(vec![1.5, -2.0, 0.7]);
    let c_bar = DVector::from_vec(vec![1.0, -0.5, 2.0]);
    let (f_bar, w_bar, c_0_bar) = leak_backward(&f, &leak(&f, &w, &c_0), &c_bar);
    if [&f_bar, &w_bar, &c_0_bar].iter().any(|answer| answer.len() != 3) {
        let lengths = [f_bar.len(), w_bar.len(), c_0_bar.len()];
        println!(
            "Not yet. The adjoints of f, w and C_0 have {lengths:?} entries, expected 3 each."
        );
        println!("Look at: which of the three has another length?");
        return ExitCode::FAILURE;
    }
    let point = vec![Named("f", f), Named("w", w), Named("C_0", c_0)];
    let answer = vec![Named("f", f_bar), Named("w", w_bar), Named("C_0", c_0_bar)];
    let report = check(&point, &answer, |p| leak(&p[0].1, &p[1].1, &p[2].1)[3].dot(&c_bar));
    let worst = report.worst;
    if worst.error > 1e-7 {
        println!("Not yet. The checker names {}[{}, 0]:", worst.name, worst.row);
        println!("you returned {:.6}, differences say {:.6}.", worst.analytic, worst.numeric);
        println!(
            "Look at: what crosses from one turn of the loop to the next, and which C each turn reads."
        );
        return ExitCode::FAILURE;
    }
    println!("Exercise 11.1 solved: {} numbers agree with differences.", report.compared);
    ExitCode::SUCCESS
}
