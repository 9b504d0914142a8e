//! Grades exercise 4.2.

use std::process::ExitCode;

use nalgebra::DMatrix;
use say::println;
use through_time::{spectral_radius, strongest_stretch};

/// Measures the spectral radius, and the most that three steps back can do at rest.
pub fn grade(w_hh: fn() -> DMatrix<f64>) -> ExitCode {
    let w_hh = w_hh();
    if w_hh.shape() != (2, 2) || w_hh.iter().any(|w| !w.is_finite()) {
        println!("Not yet. W_hh is {:?}, expected (2, 2) and finite numbers.", w_hh.shape());
        println!("Look at: two units.");
        return ExitCode::FAILURE;
    }
    let radius = spectral_radius(&w_hh);
    let back = w_hh.transpose();
    let growth = strongest_stretch(&(&back * &back * &back));
    // Eigenvalues that coincide are found to about half of the digits only.
    if radius > 0.5 + 1e-6 || growth <= 10.0 {
        println!("Not yet. The spectral radius is {radius:.4}, expected at most 0.5.");
        println!(
            "Three steps back make an adjoint at most {growth:.4} times as long, expected more than 10."
        );
        println!("Look at: where are the eigenvalues of a triangular matrix?");
        return ExitCode::FAILURE;
    }
    println!(
        "Exercise 4.2 solved: {growth:.1} times as long with a spectral radius of {radius:.2}."
    );
    ExitCode::SUCCESS
}
