//! What a grader says of answered adjoints.

use std::process::ExitCode;

use gradient_check::{Named, check};
use nalgebra::DVector;
use say::println;

use crate::TOLERANCE;

/// Holds answered adjoints against differences of `loss`, and says which is wrong, or that `exercise` is
/// solved.
///
/// Each of `parts` is a name, a vector that the loss depends on, and its answered adjoint. The loss is
/// given the vectors in that order. `look_at` is asked about the name of the part that is furthest off.
pub fn grade_adjoints<const N: usize>(
    exercise: &str,
    parts: [(&'static str, DVector<f64>, DVector<f64>); N],
    loss: impl Fn([&DVector<f64>; N]) -> f64,
    look_at: impl Fn(&str) -> String,
) -> ExitCode {
    if let Some((name, v, answer)) = parts.iter().find(|(_, v, answer)| v.len() != answer.len()) {
        let (found, expected) = (answer.len(), v.len());
        println!("Not yet. The adjoint of {name} has length {found}, expected {expected}.");
        println!("Look at: an adjoint has the shape of what it belongs to.");
        return ExitCode::FAILURE;
    }
    let (point, answer): (Vec<Named>, Vec<Named>) =
        parts.into_iter().map(|(name, v, answer)| (Named(name, v), Named(name, answer))).unzip();
    let report = check(&point, &answer, |at| loss(std::array::from_fn(|k| &at[k].1)));
    let worst = report.worst;
    if worst.error > TOLERANCE {
        println!(
            "Not yet. The adjoint of {} is wrong, most of all in entry {}, counted from 0:",
            worst.name, worst.row
        );
        println!("you returned {:.6}, differences say {:.6}.", worst.analytic, worst.numeric);
        println!("Look at: {}", look_at(worst.name));
        return ExitCode::FAILURE;
    }
    println!("Exercise {exercise} solved: {} numbers agree with differences.", report.compared);
    ExitCode::SUCCESS
}
