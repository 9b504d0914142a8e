//! Grades exercise 11.4: weights of a program that reads its square blocks transposed, for the book's cell.

use std::process::ExitCode;

use bug_gallery::{Bug, Problem, forward, fresh};
use digits::{Sequence, Task, generator};
use output_gate::LstmCell;
use say::println;

/// Runs the other program on its weights, and the book's cell on the converted ones.
pub fn grade(convert: fn(&LstmCell) -> LstmCell) -> ExitCode {
    for (seed, hidden) in [(1, 2), (2, 3), (3, 5)] {
        let theirs = fresh(hidden, &mut generator(seed));
        let mut ours = theirs.clone();
        ours.cell = convert(&theirs.cell);
        let shape = |cell: &LstmCell| {
            [&cell.forget.affine, &cell.input.affine, &cell.candidate.affine, &cell.output.affine]
                .map(|affine| (affine.w.shape(), affine.b.len()))
        };
        if shape(&ours.cell) != shape(&theirs.cell) {
            println!("Not yet. W and b of f, i, C̃ and o are now {:?},", shape(&ours.cell));
            println!(
                "expected {:?}: only a square block is to be transposed.",
                shape(&theirs.cell)
            );
            println!("Look at: the first H columns of each W read h, the others read x.");
            return ExitCode::FAILURE;
        }
        let problem = Problem::new(Task::Sum, &Sequence { context: vec![3, 9, 4, 1], next: 0 });
        let other = forward(&theirs, &problem, Some(Bug::ReadTransposed));
        let book = forward(&ours, &problem, None);
        for (t, (other, book)) in (1..).zip(other.iter().zip(&book)) {
            let off = (&other.state.h - &book.state.h).amax();
            if off > 1e-12 {
                println!("Not yet. With H = {hidden}, h_{t} differs by up to {off:.4}.");
                println!(
                    "Look at: are all four matrices converted, and only their first {hidden} columns?"
                );
                return ExitCode::FAILURE;
            }
        }
    }
    println!("Exercise 11.4 solved: the two programs agree.");
    ExitCode::SUCCESS
}
