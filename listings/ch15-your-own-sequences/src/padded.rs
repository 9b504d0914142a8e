//! Sequences of different lengths, side by side.

use crate::symbols::{END, Symbol};

// ANCHOR: padded
/// A batch of B sequences: what each reads at each step, and what it is to answer.
///
/// All have T steps, as many as the longest. Beyond the length of its own sequence, a column is *padding*: what stands there
/// means nothing, and moves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Padded {
    /// The symbols that are read, T times B.
    pub read: Vec<Vec<Symbol>>,
    /// The symbols that follow them, T times B.
    pub asked: Vec<Vec<Symbol>>,
    /// How many steps each sequence has, B numbers.
    pub lengths: Vec<usize>,
}
// ANCHOR_END: padded

impl Padded {
    // ANCHOR: of
    /// Of whole sequences with their marks at both ends: `[END, m, a, r, y, END]` reads all but the last symbol, and is
    /// asked for all but the first.
    ///
    /// # Panics
    /// If a sequence has nothing to read and to ask.
    pub fn of<S: AsRef<[Symbol]>>(sequences: &[S]) -> Padded {
        let sequences: Vec<&[Symbol]> = sequences.iter().map(AsRef::as_ref).collect();
        assert!(sequences.iter().all(|sequence| sequence.len() > 1), "a sequence of nothing");
        let lengths: Vec<usize> = sequences.iter().map(|sequence| sequence.len() - 1).collect();
        let steps = lengths.iter().copied().max().unwrap_or(0);
        let step = |t: usize| -> Vec<Symbol> {
            sequences.iter().map(|sequence| *sequence.get(t).unwrap_or(&END)).collect()
        };
        Padded {
            read: (0..steps).map(step).collect(),
            asked: (1..=steps).map(step).collect(),
            lengths,
        }
    }
    // ANCHOR_END: of

    /// How many sequences there are, B.
    pub fn size(&self) -> usize {
        self.lengths.len()
    }

    // ANCHOR: places
    /// The steps and columns that are no padding, step by step. There are as many as answers.
    pub fn places(&self) -> impl Iterator<Item = (usize, usize)> {
        let steps = 0..self.read.len();
        steps
            .flat_map(|t| (0..self.size()).map(move |b| (t, b)))
            .filter(|&(t, b)| t < self.lengths[b])
    }
    // ANCHOR_END: places
}
