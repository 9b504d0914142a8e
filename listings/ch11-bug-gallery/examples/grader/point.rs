//! Grades exercise 11.2: the checker must refuse all eight wrong gradients at the reader's point.

use std::process::ExitCode;

use bug_gallery::{Bug, Problem, fresh, gradient, loss};
use digits::{Sequence, Task, generator};
use gradient_check::check;
use say::println;

/// H, the rule that is asked for, and the digits that are read.
pub struct Point {
    pub hidden: usize,
    pub task: Task,
    pub digits: &'static [u8],
}

/// Runs the checker at the point, for each bug in turn.
pub fn grade(point: fn() -> Point) -> ExitCode {
    let Point { hidden, task, digits } = point();
    let context = digits.to_vec();
    let problem = Problem::new(task, &Sequence { context, next: 0 });
    if hidden == 0 || problem.asked() == 0 || digits.iter().any(|&digit| digit > 9) {
        println!("Not yet. With H = {hidden} and the digits {digits:?} nothing can be checked:");
        println!("the point needs a unit, an answer, and digits from 0 to 9.");
        println!("Look at: `sum` has an answer from the second digit on, `first` from the first.");
        return ExitCode::FAILURE;
    }
    let network = fresh(hidden, &mut generator(7));
    for bug in Bug::GRADIENTS {
        let believed = gradient(&network, &problem, Some(bug));
        let report = check(&network, &believed, |network| loss(network, &problem, Some(bug)));
        if report.worst.error < 1e-7 {
            println!("Not yet. At this point the checker admits `{}`.", bug.name());
            println!(
                "Look at: what must there be at least two of before that bug changes a number?"
            );
            return ExitCode::FAILURE;
        }
    }
    if digits.len() + hidden > 4 {
        println!("Not yet. All eight are refused with H = {hidden} and {} digits,", digits.len());
        println!("but a smaller point refuses them too.");
        println!("Look at: fewer units, fewer digits, or the other task.");
        return ExitCode::FAILURE;
    }
    println!(
        "Exercise 11.2 solved: all eight are refused, with H = {hidden}, T = {}.",
        digits.len()
    );
    ExitCode::SUCCESS
}
