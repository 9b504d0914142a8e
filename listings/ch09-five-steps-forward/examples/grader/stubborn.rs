//! Grades exercise 9.4.

use std::process::ExitCode;

use five_steps::forward;
use nalgebra::DVector;
use output_gate::{LstmCell, State};
use say::println;

/// Tries all 256 sequences of eight signs, and looks at every step.
pub fn grade(stubborn: fn() -> LstmCell) -> ExitCode {
    let cell = stubborn();
    for bits in 0..256u32 {
        let signs: Vec<f64> = (0..8).map(|t| if bits >> t & 1 == 1 { 1.0 } else { -1.0 }).collect();
        let xs: Vec<_> = signs.iter().map(|&x| DVector::from_element(1, x)).collect();
        for (t, step) in (1..).zip(forward(&cell, &State::zeros(1), &xs)) {
            let h = step.state.h[0];
            let firm = h * signs[0] >= 0.5; // false for NaN
            if !firm {
                println!("Not yet. The inputs so far: {:?}.", &signs[..t]);
                println!("h_{t} = {h:.3}, expected the sign of {} and at least 0.5.", signs[0]);
                println!("Look at: h_0 is 0. Which candidate listens to x only while h is 0?");
                return ExitCode::FAILURE;
            }
        }
    }
    println!("Exercise 9.4 solved: 256 sequences, none changed its mind.");
    ExitCode::SUCCESS
}
