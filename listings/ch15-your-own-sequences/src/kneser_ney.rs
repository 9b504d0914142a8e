//! The yardstick with another rule for what was never seen.

use std::collections::{BTreeMap, BTreeSet};

use crate::ngram::mean_bits;
use crate::symbols::{MOST_SYMBOLS, Symbol};

/// What is taken off each count and given to what was never seen.
const DISCOUNT: f64 = 0.75;

/// An n-gram model by the rule of Kneser and Ney.
#[derive(Clone, Debug, PartialEq)]
pub struct KneserNey {
    order: usize,
    symbols: usize,
    counts: BTreeMap<Vec<Symbol>, BTreeMap<Symbol, f64>>,
}

impl KneserNey {
    // ANCHOR: train
    /// Counts, in sequences that begin and end with an end mark. The order is n; `symbols` is
    /// their number.
    ///
    /// After the longest contexts a symbol counts as often as it comes. After a shorter one it
    /// counts once for each symbol that stood before the two: not how often, but in how many
    /// places.
    ///
    /// # Panics
    /// If there are no symbols, or more than [`MOST_SYMBOLS`].
    pub fn train(order: usize, sequences: &[Vec<Symbol>], symbols: usize) -> Self {
        assert!((1..=MOST_SYMBOLS).contains(&symbols), "found {symbols} symbols");
        let mut counts: BTreeMap<Vec<Symbol>, BTreeMap<Symbol, f64>> = BTreeMap::new();
        let mut places = BTreeSet::new();
        for sequence in sequences {
            for at in 1..sequence.len() {
                for length in 0..order.min(at + 1) {
                    // Before a context that begins the sequence there is no place to tell apart.
                    let longest = length + 1 == order || length == at;
                    if longest || places.insert(&sequence[at - length - 1..=at]) {
                        let context = sequence[at - length..at].to_vec();
                        *counts.entry(context).or_default().entry(sequence[at]).or_default() += 1.0;
                    }
                }
            }
        }
        Self { order, symbols, counts }
    }
    // ANCHOR_END: train

    // ANCHOR: probability
    /// How likely the symbol is after the context: each count less three quarters, and what was
    /// taken off goes to what the shorter context says.
    pub fn probability(&self, context: &[Symbol], symbol: Symbol) -> f64 {
        let mut p = 1.0 / self.symbols as f64;
        for length in 0..self.order.min(context.len() + 1) {
            let last = &context[context.len() - length..];
            let Some(counts) = self.counts.get(last) else { break };
            let count = counts.get(&symbol).copied().unwrap_or_default();
            let (times, kinds) = (counts.values().sum::<f64>(), counts.len() as f64);
            p = ((count - DISCOUNT).max(0.0) + DISCOUNT * kinds * p) / times;
        }
        p
    }
    // ANCHOR_END: probability

    /// The mean surprise in bits at all symbols of the sequences but the first, which is given.
    ///
    /// # Panics
    /// If there is no symbol to be asked for.
    pub fn bits_per_symbol(&self, sequences: &[Vec<Symbol>]) -> f64 {
        mean_bits(sequences, |context, symbol| self.probability(context, symbol))
    }
}
