//! Grades exercise 5.3.

use std::process::ExitCode;

use forget_gate::{Gate, stack};
use nalgebra::DVector;
use say::println;

/// Shows the gate all ten digits, whatever the hidden state says.
pub fn grade(reset_on_zero: fn() -> Gate) -> ExitCode {
    let gate = reset_on_zero();
    let shape = gate.affine.w.shape();
    if shape != (1, 11) || gate.affine.b.len() != 1 {
        println!("Not yet. W is {shape:?} and b has {} entries.", gate.affine.b.len());
        println!("Look at: H = 1 and D = 10, so W is (1, 11) and b is (1).");
        return ExitCode::FAILURE;
    }
    for digit in 0..10 {
        for hidden in [-1.0, 0.0, 1.0] {
            let mut x = DVector::zeros(10);
            x[digit] = 1.0;
            let f = gate.forward(&stack(&DVector::from_element(1, hidden), &x))[0];
            let good = if digit == 0 { f < 0.01 } else { f > 0.99 };
            if !good {
                let expected = if digit == 0 { "below 0.01" } else { "above 0.99" };
                println!("Not yet. For the digit {digit} and h = {hidden}, f = {f:.4}.");
                println!("Expected f {expected}.");
                println!("Look at: column 1 + digit of W is what that digit adds to z.");
                return ExitCode::FAILURE;
            }
        }
    }
    println!("Exercise 5.3 solved.");
    ExitCode::SUCCESS
}
