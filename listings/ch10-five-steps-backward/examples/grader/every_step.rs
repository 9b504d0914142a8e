//! Grades exercise 10.2 with the gradient checker of chapter 3.

use std::process::ExitCode;

use bptt::{forward, squared_error};
use five_steps::{Example, example};
use gradient_check::{Affine, check};
use nalgebra::DVector;
use output_gate::{LstmCell, State};
use say::println;

type Vector = DVector<f64>;
type Gradient = fn(&LstmCell, &Affine, &[Vector], &[Vector]) -> (LstmCell, Affine);

/// Holds the answered gradient against differences of the loss at every step.
pub fn grade(gradient: Gradient) -> ExitCode {
    let Example { cell, output, xs, .. } = example();
    let targets = [2.0, 0.5, -1.0, 1.5, 0.0].map(|y| DVector::from_element(1, y));
    let answer = gradient(&cell, &output, &xs, &targets);
    let loss = |(cell, output): &(LstmCell, Affine)| -> f64 {
        let steps = forward(cell, &State::zeros(2), &xs);
        let errors = steps.iter().zip(&targets);
        errors.map(|(step, y)| squared_error(&output.forward(&step.state.h), y).0).sum()
    };
    let report = check(&(cell.clone(), output.clone()), &answer, loss);
    let worst = report.worst;
    if worst.error > 1e-7 {
        println!("Not yet. The gradient of {} is wrong, most of all at", worst.name);
        println!(
            "row {}, column {}, counted from 0: you returned {:.6},",
            worst.row, worst.column, worst.analytic
        );
        println!("differences say {:.6}.", worst.numeric);
        println!("Look at: what does the loss itself say about h_1, h_2, h_3 and h_4?");
        return ExitCode::FAILURE;
    }
    println!("Exercise 10.2 solved: {} numbers agree with differences.", report.compared);
    ExitCode::SUCCESS
}
