//! Grades exercise 2.3.

use std::process::ExitCode;

use nalgebra::DVector;
use rnn::{Rnn, example, one_hot};
use say::println;

type Pieces = [Vec<DVector<f64>>];

/// Cuts one sequence in several ways: the last state must not change.
pub fn grade(last_state: fn(&Rnn, &Pieces) -> DVector<f64>) -> ExitCode {
    let (rnn, _) = example();
    let xs: Vec<_> = [7, 0, 3, 6, 9, 2].into_iter().map(one_hot).collect();
    let hs = rnn.unroll(&DVector::zeros(2), &xs);
    let expected = &hs[hs.len() - 1];
    for length in [6, 4, 3, 1] {
        let pieces: Vec<Vec<_>> = xs.chunks(length).map(<[_]>::to_vec).collect();
        let answer = last_state(&rnn, &pieces);
        let off = if answer.len() == 2 { (&answer - expected).amax() } else { f64::INFINITY };
        if off.is_nan() || off > 1e-12 {
            println!("Not yet. Six digits in pieces of {length} or fewer end in");
            println!(
                "{:.4?}, expected {:.4?} as in one piece.",
                answer.as_slice(),
                expected.as_slice()
            );
            println!("Look at: what does a piece know of the one before it?");
            return ExitCode::FAILURE;
        }
    }
    println!("Exercise 2.3 solved.");
    ExitCode::SUCCESS
}
