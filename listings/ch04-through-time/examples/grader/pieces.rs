//! Grades exercise 4.4.

use std::process::ExitCode;

use nalgebra::{DMatrix, DVector};
use rnn::stack;
use say::println;
use through_time::{Leaves, random_run};

type InPieces = fn(&Leaves, &[DVector<f64>], usize) -> DMatrix<f64>;

/// Twelve steps, a loss that looks at every state.
fn case() -> (Leaves, Vec<DVector<f64>>) {
    let (mut leaves, direct) = random_run(1.1, 1.0, 1);
    leaves.xs.truncate(12);
    (leaves, vec![direct[99].clone(); 12])
}

/// Written without adjoints of a piece: every step's z̄ from a product of slopes, which ends where
/// the piece ends.
fn expected(leaves: &Leaves, direct: &[DVector<f64>], window: usize) -> DMatrix<f64> {
    let hs = leaves.run();
    let mut total = &leaves.rnn.w * 0.0;
    for (later, direct) in direct.iter().enumerate() {
        let mut bar = direct.clone();
        for t in (later / window * window..=later).rev() {
            let z_bar = bar.component_mul(&hs[t].map(|h| 1.0 - h * h));
            let h_prev = if t == 0 { &leaves.h_0 } else { &hs[t - 1] };
            total += &z_bar * stack(h_prev, &leaves.xs[t]).transpose();
            bar = leaves.rnn.w_hh().transpose() * z_bar;
        }
    }
    total
}

/// Compares the answer for several windows, the last of which holds the whole sequence.
pub fn grade(in_pieces: InPieces) -> ExitCode {
    let (leaves, direct) = case();
    for window in [1, 3, 5, 12] {
        let expected = expected(&leaves, &direct, window);
        let answer = in_pieces(&leaves, &direct, window);
        let same_shape = answer.shape() == expected.shape();
        let off = if same_shape { (&answer - &expected).norm() } else { f64::INFINITY };
        if off.is_nan() || off > 1e-9 * expected.norm() {
            println!(
                "Not yet. In pieces of {window} of 12 steps the gradient of W_h has the length"
            );
            println!("{:.6}; you returned {:?} numbers", expected.norm(), answer.shape());
            println!("of length {:.6}, and are off by a length of {off:.6}.", answer.norm());
            println!(
                "Look at: what enters a piece from the left, and what must not enter it from the right."
            );
            return ExitCode::FAILURE;
        }
    }
    println!("Exercise 4.4 solved.");
    ExitCode::SUCCESS
}
