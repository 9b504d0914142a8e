//! Grades exercise 7.3 with the gradient checker of chapter 3.

use std::process::ExitCode;

use cases::grade_adjoints;
use cell_state::update;
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
    let found = f_bars.len();
    let Ok([f_1, f_2, f_3, f_4]) = <[Vector; 4]>::try_from(f_bars) else {
        println!(
            "Not yet. You returned the adjoints of {found} forget gates, expected those of 4."
        );
        println!("Look at: each of the four steps has a forget gate, and each gate an adjoint.");
        return ExitCode::FAILURE;
    };
    let f = |t: usize| steps[t - 1].f.clone();
    grade_adjoints(
        "7.3",
        [
            ("C_0", c_0, c_0_bar),
            ("f_1", f(1), f_1),
            ("f_2", f(2), f_2),
            ("f_3", f(3), f_3),
            ("f_4", f(4), f_4),
        ],
        |[c_0, fs @ ..]| {
            let gates = fs.iter().zip(&steps);
            let last =
                gates.fold(c_0.clone(), |c, (f, step)| update(f, &c, &step.i, &step.candidate));
            last.dot(&c_bar)
        },
        |part| format!("what did {part} multiply, and what arrives there?"),
    )
}
