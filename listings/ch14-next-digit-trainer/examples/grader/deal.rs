//! Grades exercise 14.4: a split in which nothing leaks.

use std::collections::BTreeSet;
use std::process::ExitCode;

use digits::{Sequence, Task, generator, share_seen};
use say::println;

/// Deals sequences out: those to learn from, and those to be examined on.
pub type Deal = fn(Vec<Sequence>) -> (Vec<Sequence>, Vec<Sequence>);

/// Splits sequences that repeat their contexts often.
pub fn grade(deal: Deal) -> ExitCode {
    for (task, n, length) in
        [(Task::Random, 300, 3), (Task::Sum, 100, 4), (Task::Progression, 200, 5)]
    {
        let Ok(all) = task.draw(n, length, &mut generator(n as u64)) else {
            return ExitCode::FAILURE;
        };
        let (training, unseen) = deal(all.clone());
        let said = |found: String, look: &str| {
            println!("Not yet. Of {n} sequences of the task `{task}`, {found}.");
            println!("Look at: {look}");
            ExitCode::FAILURE
        };
        let mut together = [training.as_slice(), unseen.as_slice()].concat();
        together.sort();
        let mut expected = all;
        expected.sort();
        if together != expected {
            return said("some were lost or doubled".into(), "each one goes to one side.");
        }
        if training.is_empty() || !(n / 10..=n / 2).contains(&unseen.len()) {
            let found = format!("{} are unseen; expected about a fifth", unseen.len());
            return said(found, "n / 10 to n / 2 of them are near enough.");
        }
        let leaked = 100.0 * share_seen(&training, &unseen);
        if leaked > 0.0 {
            let found =
                format!("{leaked:.1} % of the unseen ones have a context that is in training");
            return said(found, "sequences with the same context have to stay together.");
        }
        if let Some((place, digits)) = one_sided(&unseen) {
            let found = format!(
                "the contexts of the unseen ones have only the digits {digits:?} at place {place}"
            );
            return said(
                found,
                "a test set like training: chance decides which contexts go there.",
            );
        }
    }
    println!("Exercise 14.4 solved.");
    ExitCode::SUCCESS
}

/// A place at which the contexts have fewer than five different digits, though all ten occur there.
fn one_sided(unseen: &[Sequence]) -> Option<(usize, Vec<u8>)> {
    let places = unseen.first().map_or(0, |s| s.context.len());
    (0..places)
        .map(|place| (place, BTreeSet::from_iter(unseen.iter().map(|s| s.context[place]))))
        .find(|(_, digits)| digits.len() < 5)
        .map(|(place, digits)| (place + 1, digits.into_iter().collect()))
}
