//! Grades exercise 9.3.

use std::process::ExitCode;

use five_steps::forward;
use nalgebra::DVector;
use output_gate::{LstmCell, State};
use say::println;

/// Counts in all 32 sequences of five zeros and ones, in a thousand ones, and in 999 zeros after a one.
pub fn grade(counter: fn() -> LstmCell) -> ExitCode {
    let cell = counter();
    let all = (0..32u32).map(|bits| (0..5).map(|t| bits >> t & 1).collect::<Vec<_>>());
    let long = [vec![1; 1000], [vec![1], vec![0; 999]].concat()];
    let mut worst: f64 = 0.0;
    for sequence in all.chain(long) {
        let ones: u32 = sequence.iter().sum();
        let xs: Vec<_> =
            sequence.iter().map(|&bit| DVector::from_element(1, f64::from(bit))).collect();
        let steps = forward(&cell, &State::zeros(1), &xs);
        let c = steps[steps.len() - 1].state.c[0];
        let off = (c - f64::from(ones)).abs();
        if off.is_nan() || off >= 0.01 {
            let read = if sequence.len() == 5 {
                format!("{sequence:?}")
            } else {
                format!("{} digits, the first of them {:?},", sequence.len(), &sequence[..3])
            };
            println!("Not yet. After {read} your cell state is {c:.3}, expected {ones}.");
            println!("Look at: C = f · C + i · C̃. Which f keeps all? Which i · C̃ adds x?");
            println!(
                "And how near to 1 must they be, if a thousand losses are to add up to nothing?"
            );
            return ExitCode::FAILURE;
        }
        worst = worst.max(off);
    }
    println!("Exercise 9.3 solved: 34 sequences counted, none off by more than {worst:.5}.");
    ExitCode::SUCCESS
}
