//! Grades exercise 7.3 with the gradient checker of chapter 3.

use std::process::ExitCode;

use cell_state::update;
use gradient_check::{Named, check};
use nalgebra::DVector;
use say::println;

pub type Vector = DVector<f64>;

/// What the gates and the candidate are at one step.
#[derive(Clone)]
pub struct Step {
    pub f: Vector,
    pub i: Vector,
    pub candidate: Vector,
}

type Backward = fn(&Vector, &[Step], &Vector) -> (Vector, Vec<Vector>);

/// Holds the answered adjoints against differences, over four steps of two units.
pub fn grade(back_along_the_cell: Backward) -> ExitCode {
    let two = |a: f64, b: f64| DVector::from_vec(vec![a, b]);
    let step = |f, i, candidate| Step { f, i, candidate };
    let steps = [
        step(two(0.9, 0.3), two(0.4, 0.8), two(0.5, -0.9)),
        step(two(0.7, 0.6), two(0.2, 0.9), two(-0.8, 0.4)),
        step(two(0.95, 0.5), two(0.6, 0.1), two(0.3, 0.7)),
        step(two(0.8, 0.9), two(0.3, 0.5), two(-0.6, -0.2)),
    ];
    let (c_0, c_bar) = (two(1.5, -0.7), two(1.0, -2.0));
    let (c_0_bar, f_bars) = back_along_the_cell(&c_0, &steps, &c_bar);
    if f_bars.len() != 4 || c_0_bar.len() != 2 || f_bars.iter().any(|f| f.len() != 2) {
        let lengths: Vec<usize> = f_bars.iter().map(|f| f.len()).collect();
        println!(
            "Not yet. C_0's adjoint has {} entries, those of the gates {lengths:?};",
            c_0_bar.len()
        );
        println!("expected 2, and one of 2 for each of the four forget gates.");
        println!("Look at: an adjoint has the shape of what it belongs to, two entries here.");
        return ExitCode::FAILURE;
    }
    let names = ["f_1", "f_2", "f_3", "f_4"];
    let named = |c_0: Vector, fs: Vec<Vector>| -> Vec<Named> {
        let fs = names.into_iter().zip(fs).map(|(name, f)| Named(name, f));
        std::iter::once(Named("C_0", c_0)).chain(fs).collect()
    };
    let point = named(c_0, steps.iter().map(|step| step.f.clone()).collect());
    let report = check(&point, &named(c_0_bar, f_bars), |point| {
        let gates = point[1..].iter().zip(&steps);
        let last = gates
            .fold(point[0].1.clone(), |c, (f, step)| update(&f.1, &c, &step.i, &step.candidate));
        last.dot(&c_bar)
    });
    if report.worst.error > 1e-7 {
        let worst = report.worst;
        println!(
            "Not yet. The adjoint of {} is wrong, most of all in entry {}, counted from 0:",
            worst.name, worst.row
        );
        println!("you returned {:.6}, differences say {:.6}.", worst.analytic, worst.numeric);
        println!("Look at: which cell state did this gate multiply, and what arrives there?");
        return ExitCode::FAILURE;
    }
    println!("Exercise 7.3 solved: {} numbers agree with differences.", report.compared);
    ExitCode::SUCCESS
}
