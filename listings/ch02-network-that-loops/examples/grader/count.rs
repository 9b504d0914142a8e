//! Grades exercise 2.1.

use std::process::ExitCode;

use nalgebra::{DMatrix, DVector};
use rnn::{Readout, Rnn};
use say::println;

/// Counts the numbers in a real network and compares.
pub fn grade(parameters: fn(usize, usize, usize, usize) -> usize) -> ExitCode {
    for (hidden, inputs, outputs, steps) in [(2, 10, 10, 5), (32, 10, 10, 4), (1, 3, 2, 100)] {
        let rnn = Rnn { w: DMatrix::zeros(hidden, hidden + inputs), b: DVector::zeros(hidden) };
        let readout = Readout { w: DMatrix::zeros(outputs, hidden), b: DVector::zeros(outputs) };
        let expected = rnn.w.len() + rnn.b.len() + readout.w.len() + readout.b.len();
        let answer = parameters(hidden, inputs, outputs, steps);
        if answer != expected {
            println!("Not yet. For H = {hidden}, D = {inputs}, n = {outputs} and T = {steps}");
            println!("you returned {answer}, and a network has {expected} numbers.");
            println!("Look at: the shapes of W_h, b_h, W_y and b_y. Which of them know T?");
            return ExitCode::FAILURE;
        }
    }
    println!("Exercise 2.1 solved.");
    ExitCode::SUCCESS
}
