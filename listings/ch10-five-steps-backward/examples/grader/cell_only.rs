//! Grades exercise 10.3 with the gradient checker of chapter 3.

use std::process::ExitCode;

use bptt::forward;
use cell_state::update;
use five_steps::{Example, example};
use gradient_check::{Named, check};
use nalgebra::DVector;
use output_gate::{State, Step, emit};
use say::println;

type CellOnly = fn(&[Step], &DVector<f64>) -> DVector<f64>;

/// Nudges C_1 and runs on with every later gate and candidate held at its value.
pub fn grade(cell_only: CellOnly) -> ExitCode {
    let Example { cell, xs, .. } = example();
    let h_bar = DVector::from_vec(vec![1.0, -0.5]);
    for length in 2..=5 {
        let steps = forward(&cell, &State::zeros(2), &xs[..length]);
        let answer = Named("C_1", cell_only(&steps, &h_bar));
        if answer.1.len() != 2 {
            println!("Not yet. You returned {} entries, expected 2.", answer.1.len());
            println!("Look at: an adjoint has the shape of what it belongs to.");
            return ExitCode::FAILURE;
        }
        let report = check(&Named("C_1", steps[0].state.c.clone()), &answer, |c_1| {
            let hold = |c: DVector<f64>, at: &Step| update(&at.f, &c, &at.i, &at.candidate);
            let c = steps[1..].iter().fold(c_1.1.clone(), hold);
            emit(&steps[length - 1].o, &c).dot(&h_bar)
        });
        let worst = report.worst;
        if worst.error > 1e-7 {
            println!("Not yet. With T = {length}, unit {}: you returned", worst.row + 1);
            println!("{:.6}, differences say {:.6}.", worst.analytic, worst.numeric);
            println!("Look at: C_t = f_t ⊙ C_(t-1) + what does not move. From C_T back to C_1, by");
            println!("what is the adjoint multiplied at each border?");
            return ExitCode::FAILURE;
        }
    }
    println!("Exercise 10.3 solved for T = 2 to 5.");
    ExitCode::SUCCESS
}
