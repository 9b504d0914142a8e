//! Exercise 14.4, solved.

use std::process::ExitCode;

use digits::Sequence;

#[path = "grader/deal.rs"]
mod grader;

// ANCHOR: answer
fn deal(sequences: Vec<Sequence>) -> (Vec<Sequence>, Vec<Sequence>) {
    let wanted = sequences.len() / 5;
    let mut groups: std::collections::BTreeMap<Vec<u8>, Vec<Sequence>> = Default::default();
    for sequence in sequences {
        groups.entry(sequence.context.clone()).or_default().push(sequence);
    }
    // The map holds them in the order of their contexts: the first fifth would begin with 0 or 1.
    let mut groups: Vec<_> = groups.into_values().collect();
    digits::shuffle(&mut groups, &mut digits::generator(1));
    let (mut training, mut unseen) = (Vec::new(), Vec::new());
    for group in groups {
        let part = if unseen.len() < wanted { &mut unseen } else { &mut training };
        part.extend(group);
    }
    (training, unseen)
}
// ANCHOR_END: answer

fn main() -> ExitCode {
    grader::grade(deal)
}
