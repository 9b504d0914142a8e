//! Exercise 14.4, solved.

use std::collections::BTreeMap;
use std::process::ExitCode;

use digits::Sequence;

#[path = "grader/deal.rs"]
mod grader;

// ANCHOR: answer
fn deal(sequences: Vec<Sequence>) -> (Vec<Sequence>, Vec<Sequence>) {
    let wanted = sequences.len() / 5;
    let mut groups: BTreeMap<Vec<u8>, Vec<Sequence>> = BTreeMap::new();
    for sequence in sequences {
        groups.entry(sequence.context.clone()).or_default().push(sequence);
    }
    let (mut training, mut unseen) = (Vec::new(), Vec::new());
    for group in groups.into_values() {
        let part = if unseen.len() < wanted { &mut unseen } else { &mut training };
        part.extend(group);
    }
    (training, unseen)
}
// ANCHOR_END: answer

fn main() -> ExitCode {
    grader::grade(deal)
}
