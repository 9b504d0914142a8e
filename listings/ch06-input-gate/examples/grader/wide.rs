//! Grades exercise 6.3 with the gradient checker of chapter 3.

use std::process::ExitCode;

use gradient_check::{Named, check, sigmoid};
use nalgebra::DVector;
use say::println;

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
    if i_bar.len() != 3 || z_bar.len() != 3 {
        println!("Not yet. The adjoints have {} and {} entries.", i_bar.len(), z_bar.len());
        println!("Look at: an adjoint has the shape of what it belongs to, three entries here.");
        return ExitCode::FAILURE;
    }
    let point = vec![Named("i", i), Named("z", z)];
    let answer = vec![Named("i", i_bar), Named("z", z_bar)];
    let report = check(&point, &answer, |p| write_wide(&p[0].1, &p[1].1).dot(&n_bar));
    if report.worst.error > 1e-7 {
        let worst = report.worst;
        println!(
            "Not yet. The adjoint of {} is wrong, most of all in entry {}, counted from 0:",
            worst.name, worst.row
        );
        println!("you returned {:.6}, differences say {:.6}.", worst.analytic, worst.numeric);
        println!("Look at: how much does N move when only {} moves a little?", worst.name);
        return ExitCode::FAILURE;
    }
    println!("Exercise 6.3 solved: {} numbers agree with differences.", report.compared);
    ExitCode::SUCCESS
}
