//! What is learnt from, what chooses the epoch, and what is asked at the very end: three parts that share nothing.

use std::collections::BTreeSet;

use digits::{generator, shuffle};
use next_digit::VALIDATION_STREAM;

use crate::symbols::Symbol;

// ANCHOR: parts
/// Three parts of what there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts<T> {
    /// The network learns from these.
    pub training: T,
    /// These choose the epoch whose weights are kept.
    pub validation: T,
    /// Nobody looks at these until all is decided.
    pub unseen: T,
}

/// Of so many, each of the two small parts gets a tenth, and one at least.
fn tenth(all: usize) -> usize {
    (all / 10).max(1)
}
// ANCHOR_END: parts

// ANCHOR: part_sequences
/// Deals sequences out by chance: a tenth of the different ones to validation, a tenth to the test set, the others to
/// training, all in the order in which they came. A sequence that occurs several times goes to one part with all its copies.
///
/// Of fewer than three different ones, some part stays empty.
pub fn part_sequences(sequences: Vec<Vec<Symbol>>, seed: u64) -> Parts<Vec<Vec<Symbol>>> {
    let different: BTreeSet<&Vec<Symbol>> = sequences.iter().collect();
    let mut order: Vec<Vec<Symbol>> = different.into_iter().cloned().collect();
    let mut rng = generator(seed);
    rng.set_stream(VALIDATION_STREAM);
    shuffle(&mut order, &mut rng);
    let size = tenth(order.len()).min(order.len() / 2);
    let unseen: BTreeSet<Vec<Symbol>> = order.drain(..size).collect();
    let validation: BTreeSet<Vec<Symbol>> = order.drain(..size).collect();
    let mut parts = Parts { training: Vec::new(), validation: Vec::new(), unseen: Vec::new() };
    for sequence in sequences {
        let part = match () {
            () if unseen.contains(&sequence) => &mut parts.unseen,
            () if validation.contains(&sequence) => &mut parts.validation,
            () => &mut parts.training,
        };
        part.push(sequence);
    }
    parts
}
// ANCHOR_END: part_sequences

// ANCHOR: part_text
/// Cuts a text in the order of reading: eight tenths to learn from, then one for validation, then the test set.
///
/// The first symbol of a part is the last of the part before it: it is read there first, and asked for here never.
pub fn part_text(text: &[Symbol]) -> Parts<Vec<Symbol>> {
    let size = tenth(text.len()).min(text.len() / 3);
    let (first, second) = (text.len() - 2 * size, text.len() - size);
    Parts {
        training: text[..first].to_vec(),
        validation: text[first - 1..second].to_vec(),
        unseen: text[second - 1..].to_vec(),
    }
}
// ANCHOR_END: part_text
