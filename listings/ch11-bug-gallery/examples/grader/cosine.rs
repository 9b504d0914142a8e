//! Grades exercise 11.3: the angle between what a program believes and the gradient.

use std::process::ExitCode;

use bug_gallery::{Bug, Problem, fresh, gradient};
use digits::{Sequence, Task, generator};
use gradient_check::Parameters;
use say::println;

/// Asks for the cosine of a few pairs of gradients.
pub fn grade(cosine: fn(&[f64], &[f64]) -> f64) -> ExitCode {
    let network = fresh(4, &mut generator(1));
    let problem = Problem::new(Task::Sum, &Sequence { context: vec![3, 9, 4], next: 0 });
    let numbers = |bug| -> Vec<f64> {
        let gradient = gradient(&network, &problem, bug);
        gradient.tensors().iter().flat_map(|tensor| tensor.values.to_vec()).collect()
    };
    let right = numbers(None);
    let minus: Vec<f64> = right.iter().map(|g| -g).collect();
    let cases = [
        ("(1, 0) and (0, 2)", vec![1.0, 0.0], vec![0.0, 2.0], 0.0),
        ("(3, 4) and (4, 3)", vec![3.0, 4.0], vec![4.0, 3.0], 0.96),
        ("the gradient and itself", right.clone(), right.clone(), 1.0),
        ("the gradient and its negative", right.clone(), minus, -1.0),
        ("averaged-twice and the gradient", numbers(Some(Bug::AveragedTwice)), right.clone(), 1.0),
    ];
    for (name, a, b, expected) in cases {
        let found = cosine(&a, &b);
        if found.is_nan() || (found - expected).abs() > 1e-9 {
            println!("Not yet. For {name} you returned {found:.6}, expected {expected}.");
            println!("Look at: the sum of the products, over both lengths.");
            return ExitCode::FAILURE;
        }
    }
    for bug in Bug::GRADIENTS {
        println!("{:<17} {:.3}", bug.name(), cosine(&numbers(Some(bug)), &right));
    }
    println!("Exercise 11.3 solved.");
    ExitCode::SUCCESS
}
