//! Grades exercise 9.1.

use std::process::ExitCode;

use five_steps::{Example, as_input, example};
use nalgebra::DVector;
use output_gate::State;
use say::println;

/// Compares the six numbers with what the cell computes.
pub fn grade(first_step: fn() -> [f64; 6]) -> ExitCode {
    let Example { cell, .. } = example();
    let step = cell.forward(&State::zeros(2), &DVector::from_element(1, as_input(1)));
    let right = [&step.f, &step.i, &step.candidate, &step.state.c, &step.o, &step.state.h];
    let parts = [
        ("f_1", "σ(z_f), and z_f reads row 1 of W_f: only its last column meets x_1"),
        ("i_1", "σ(z_i) with row 1 of W_i and its bias"),
        ("C̃_1", "tanh, not σ, of z_C"),
        ("C_1", "i_1 times C̃_1: C_0 is 0"),
        ("o_1", "σ(z_o) with row 1 of W_o and its bias"),
        ("h_1", "o_1 times tanh(C_1)"),
    ];
    for ((answer, right), (name, hint)) in first_step().into_iter().zip(right).zip(parts) {
        let off = (answer - right[0]).abs();
        if off.is_nan() || off > 0.0011 {
            println!("Not yet. {name} is not {answer}; it is off by {off:.3}.");
            println!("Look at: {hint}.");
            return ExitCode::FAILURE;
        }
    }
    println!("Exercise 9.1 solved: six numbers right.");
    ExitCode::SUCCESS
}
