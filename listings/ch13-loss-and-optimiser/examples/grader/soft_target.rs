//! Grades exercise 13.2 with the gradient checker of chapter 3.

use std::process::ExitCode;

use gradient_check::{Named, check};
use loss_and_optimiser::log_softmax;
use nalgebra::DVector;
use say::println;

/// Scores and wishes, the last wish a certain one.
fn cases() -> [(DVector<f64>, DVector<f64>); 3] {
    let column = |values: &[f64]| DVector::from_column_slice(values);
    [
        (column(&[2.0, 0.5, -1.0]), column(&[0.1, 0.8, 0.1])),
        (column(&[-3.0, 1.0, 0.0, 2.0]), column(&[0.25, 0.25, 0.25, 0.25])),
        (column(&[0.3, -0.7]), column(&[0.0, 1.0])),
    ]
}

/// Compares the answer with differences of the loss.
pub fn grade(backward: fn(&DVector<f64>, &DVector<f64>) -> DVector<f64>) -> ExitCode {
    for (y, q) in cases() {
        let y_bar = backward(&y, &q);
        if y_bar.len() != y.len() {
            println!("Not yet. {} scores have {} adjoints.", y.len(), y_bar.len());
            println!("Look at: an adjoint has the shape of what it belongs to.");
            return ExitCode::FAILURE;
        }
        let report =
            check(&Named("y", y.clone()), &Named("y", y_bar), |p| -log_softmax(&p.1).dot(&q));
        if report.worst.error.is_nan() || report.worst.error > 1e-7 {
            let worst = report.worst;
            println!("Not yet. The wish is {:.2?}; for score {}", q.as_slice(), worst.row);
            println!("you returned {:.6}, differences say {:.6}.", worst.analytic, worst.numeric);
            println!("Look at: what the loss becomes where q is 1 at one place and 0 elsewhere.");
            return ExitCode::FAILURE;
        }
    }
    println!("Exercise 13.2 solved.");
    ExitCode::SUCCESS
}
