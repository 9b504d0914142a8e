//! Grades exercise 3.2 with the gradient checker.

use std::process::ExitCode;

use gradient_check::{Affine, check};
use nalgebra::{DMatrix, DVector};
use say::println;

type Matrix = DMatrix<f64>;
type Vector = DVector<f64>;

/// Holds the answered gradient of W against differences of a weighted sum of the outputs.
pub fn grade(twice_backward: fn(&Matrix, &Vector, &Vector) -> Matrix) -> ExitCode {
    let w = DMatrix::from_row_slice(3, 3, &[0.5, -1.0, 2.0, 0.3, 0.8, -0.6, 1.5, -0.4, 0.7]);
    let v = DVector::from_vec(vec![1.0, -2.0, 0.5]);
    let z_bar = DVector::from_vec(vec![1.0, 0.5, -1.5]);
    let answer = twice_backward(&w, &v, &z_bar);
    if answer.shape() != (3, 3) {
        println!("Not yet. You returned a matrix of {:?}.", answer.shape());
        println!("Look at: the adjoint of W has the shape of W, (3, 3).");
        return ExitCode::FAILURE;
    }
    let no_bias = || DVector::zeros(3);
    let point = Affine { w, b: no_bias() };
    let gradient = Affine { w: answer, b: no_bias() };
    let report = check(&point, &gradient, |p| (&p.w * (&p.w * &v)).dot(&z_bar));
    let worst = report.worst;
    if worst.error > 1e-7 {
        println!(
            "Not yet. The adjoint of W is wrong, most of all in [{}, {}], counted from 0:",
            worst.row, worst.column
        );
        println!("you returned {:.6}, differences say {:.6}.", worst.analytic, worst.numeric);
        println!("Look at: what is the adjoint of W · v, and which use of W made it?");
        return ExitCode::FAILURE;
    }
    println!("Exercise 3.2 solved: 9 numbers agree with differences.");
    ExitCode::SUCCESS
}
