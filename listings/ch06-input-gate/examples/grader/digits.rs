//! Grades exercise 6.2.

use std::process::ExitCode;

use forget_gate::stack;
use input_gate::{Candidate, Gate, write};
use nalgebra::DVector;
use say::println;

/// Shows the unit all ten digits, whatever the hidden state says.
pub fn grade(writer: fn() -> (Gate, Candidate)) -> ExitCode {
    let (gate, candidate) = writer();
    for (name, affine) in [("i", &gate.affine), ("C", &candidate.affine)] {
        if affine.w.shape() != (1, 11) || affine.b.len() != 1 {
            println!(
                "Not yet. W_{name} is {:?}, b_{name} is {}.",
                affine.w.shape(),
                affine.b.len()
            );
            println!("Look at: H = 1 and D = 10, so W is (1, 11) and b is (1).");
            return ExitCode::FAILURE;
        }
    }
    for digit in 0..10 {
        for hidden in [-1.0, 0.0, 1.0] {
            let mut x = DVector::zeros(10);
            x[digit] = 1.0;
            let hx = stack(&DVector::from_element(1, hidden), &x);
            let (i, c_tilde) = (gate.forward(&hx), candidate.forward(&hx));
            let n = write(&i, &c_tilde)[0];
            let (good, expected) = match digit {
                7 => (n > 0.9, "above 0.9"),
                3 => (n < -0.9, "below -0.9"),
                _ => (n.abs() < 0.01, "within 0.01 of 0"),
            };
            if !good {
                println!("Not yet. For the digit {digit} and h = {hidden}, N = {n:.4},");
                println!("with the gate at {:.4} and the candidate at {:.4}.", i[0], c_tilde[0]);
                println!("Expected N {expected}.");
                println!("Look at: which of the two should say when, and which should say what?");
                return ExitCode::FAILURE;
            }
        }
    }
    println!("Exercise 6.2 solved.");
    ExitCode::SUCCESS
}
