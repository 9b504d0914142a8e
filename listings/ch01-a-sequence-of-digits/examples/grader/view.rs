//! Grades exercise 1.3.

use std::process::ExitCode;

use digits::{LookupTable, Sequence, Split, Task, accuracy, generator};
use say::println;

/// Lets a table learn what the answer shows it of the task `sum`, and examines it.
pub fn grade(view: fn(&[u8]) -> Vec<u8>) -> ExitCode {
    let split = match Split::draw(Task::Sum, 5, 1000, 1000, &mut generator(1)) {
        Ok(split) => split,
        Err(error) => {
            println!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let seen: Vec<Sequence> = (split.training.iter())
        .map(|s| Sequence { context: view(&s.context), next: s.next })
        .collect();
    let table = LookupTable::learn(&seen);
    let right = accuracy(&split.unseen, |context| table.guess(&view(context)));
    if right < 0.99 {
        println!("Not yet. The table holds {} contexts and is right for", table.contexts());
        println!(
            "{:.1} percent of the unseen sequences of the task `sum`, expected 99.",
            100.0 * right
        );
        println!("Look at: which digits does the rule use, and how many of those pairs are there?");
        return ExitCode::FAILURE;
    }
    println!(
        "Exercise 1.3 solved: {:.1} percent with {} contexts.",
        100.0 * right,
        table.contexts()
    );
    ExitCode::SUCCESS
}
