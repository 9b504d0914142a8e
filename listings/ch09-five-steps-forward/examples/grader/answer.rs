//! Grades exercise 9.2.

use std::process::ExitCode;

use five_steps::{Example, example, forward};
use gradient_check::Affine;
use nalgebra::DVector;
use output_gate::{LstmCell, State};
use say::println;

type Answer = fn(&LstmCell, &Affine, &[DVector<f64>]) -> DVector<f64>;

/// Compares the answer with that of the chapter's `forward`, for every length up to 5.
pub fn grade(answer: Answer) -> ExitCode {
    let Example { cell, output, xs, .. } = example();
    for length in 0..=xs.len() {
        let steps = forward(&cell, &State::zeros(2), &xs[..length]);
        let h = steps.last().map_or(DVector::zeros(2), |step| step.state.h.clone());
        let right = output.forward(&h);
        let found = answer(&cell, &output, &xs[..length]);
        let near = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-12;
        if found.len() != right.len() || !found.iter().zip(&right).all(near) {
            println!("Not yet. After {length} inputs you answer {:.4?},", found.as_slice());
            println!("expected {:.4?}.", right.as_slice());
            println!("Look at: from which state does each step start?");
            return ExitCode::FAILURE;
        }
    }
    println!("Exercise 9.2 solved.");
    ExitCode::SUCCESS
}
