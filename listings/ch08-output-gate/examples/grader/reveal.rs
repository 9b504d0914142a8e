//! Grades exercise 8.1.

use std::process::ExitCode;

use nalgebra::DVector;
use output_gate::emit;
use say::println;

/// Shows cell states through gates, and asks for them back.
pub fn grade(reveal: fn(&DVector<f64>, &DVector<f64>) -> DVector<f64>) -> ExitCode {
    let cells = [[0.0, 0.5, -0.5], [1.0, -1.0, 2.0], [1.8, -2.5, 0.01]];
    let gates = [[1.0, 0.5, 0.25], [0.9, 0.1, 0.6], [0.05, 0.99, 0.7]];
    for (c, o) in cells.into_iter().zip(gates) {
        let (c, o) = (DVector::from_row_slice(&c), DVector::from_row_slice(&o));
        let h = emit(&o, &c);
        let answer = reveal(&o, &h);
        if answer.len() != 3 {
            println!("Not yet. You returned {} numbers for 3 units.", answer.len());
            println!("Look at: C has the shape of h and of o.");
            return ExitCode::FAILURE;
        }
        for unit in 0..3 {
            let off = (answer[unit] - c[unit]).abs();
            if off.is_nan() || off > 1e-6 {
                println!("Not yet. With o = {} and h = {:.6}", o[unit], h[unit]);
                println!("you returned {:.6}, but C was {}.", answer[unit], c[unit]);
                println!("Look at: h = o · tanh(C). Undo the product first, then the tanh.");
                return ExitCode::FAILURE;
            }
        }
    }
    println!("Exercise 8.1 solved.");
    ExitCode::SUCCESS
}
