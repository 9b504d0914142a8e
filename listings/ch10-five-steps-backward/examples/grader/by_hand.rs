//! Grades exercise 10.1.

use std::process::ExitCode;

use bptt::{forward, trace};
use five_steps::{Example, example};
use nalgebra::DVector;
use output_gate::State;
use say::println;

/// Compares the five numbers with what the backward pass computes.
pub fn grade(last_step: fn() -> [f64; 5]) -> ExitCode {
    let Example { cell, xs, .. } = example();
    let steps = forward(&cell, &State::zeros(2), &xs);
    let mut h_bars = vec![DVector::zeros(2); 5];
    h_bars[4][0] = 1.0;
    let at = &trace(&cell, &steps, &h_bars, &DVector::zeros(2))[4];
    let right = [&at.o, &at.c, &at.f, &at.i, &at.candidate];
    let parts = [
        ("o_5", "h = o · tanh(C): what multiplies o?"),
        ("C_5", "h = o · tanh(C): o times the slope of tanh at C_5, which is 1 − tanh²"),
        ("f_5", "C_5 = f_5 · C_4 + i_5 · C̃_5: what multiplies f_5?"),
        ("i_5", "C_5 = f_5 · C_4 + i_5 · C̃_5: what multiplies i_5?"),
        ("C̃_5", "C_5 = f_5 · C_4 + i_5 · C̃_5: what multiplies C̃_5?"),
    ];
    for ((answer, right), (name, hint)) in last_step().into_iter().zip(right).zip(parts) {
        let off = (answer - right[0]).abs();
        if off.is_nan() || off > 0.0011 {
            println!("Not yet. The adjoint of {name} is not {answer}; it is off by {off:.3}.");
            println!("Look at: {hint}");
            return ExitCode::FAILURE;
        }
    }
    println!("Exercise 10.1 solved: five numbers right.");
    ExitCode::SUCCESS
}
