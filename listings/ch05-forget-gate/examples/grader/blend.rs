//! Grades exercise 5.4 with the gradient checker of chapter 3.

use std::process::ExitCode;

use gradient_check::{Named, check};
use nalgebra::DVector;
use say::println;

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
    if [&f_bar, &c_bar, &v_bar].iter().any(|answer| answer.len() != 3) {
        let lengths = [f_bar.len(), c_bar.len(), v_bar.len()];
        println!("Not yet. The adjoints of f, C and v have {lengths:?} entries, expected 3 each.");
        println!("Look at: an adjoint has the shape of what it belongs to.");
        return ExitCode::FAILURE;
    }
    let point = vec![Named("f", f), Named("C", c), Named("v", v)];
    let answer = vec![Named("f", f_bar), Named("C", c_bar), Named("v", v_bar)];
    let report = check(&point, &answer, |p| blend(&p[0].1, &p[1].1, &p[2].1).dot(&k_bar));
    if report.worst.error > 1e-7 {
        let worst = report.worst;
        println!(
            "Not yet. The adjoint of {} is wrong, most of all in entry {}, counted from 0:",
            worst.name, worst.row
        );
        println!("you returned {:.6}, differences say {:.6}.", worst.analytic, worst.numeric);
        println!("Look at: how does the loss change when only {} moves a little?", worst.name);
        return ExitCode::FAILURE;
    }
    println!("Exercise 5.4 solved: {} numbers agree with differences.", report.compared);
    ExitCode::SUCCESS
}
