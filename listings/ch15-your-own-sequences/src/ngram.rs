//! The yardstick: how well one can do by counting what followed the last few symbols.

use std::collections::BTreeMap;

use rand::Rng;

use crate::draw::draw;
use crate::symbols::{END, MOST_SYMBOLS, Symbol};

// ANCHOR: ngram
/// What followed a context, and how often.
#[derive(Clone, Debug, Default, PartialEq)]
struct Followers {
    /// How often the context occurred.
    times: f64,
    /// How often each symbol came after it; those that never did are not here.
    counts: BTreeMap<Symbol, f64>,
}

/// An n-gram model: it looks at the last n − 1 symbols, and has counted what came after them.
///
/// With n = 1 it knows how frequent each symbol is, with n = 0 nothing but how many there are.
#[derive(Clone, Debug, PartialEq)]
pub struct Ngram {
    order: usize,
    symbols: usize,
    followers: BTreeMap<Vec<Symbol>, Followers>,
}
// ANCHOR_END: ngram

impl Ngram {
    // ANCHOR: train
    /// Counts, in sequences that begin and end with an end mark. The order is n; `symbols` is their number.
    ///
    /// # Panics
    /// If there are no symbols, or more than [`MOST_SYMBOLS`].
    pub fn train(order: usize, sequences: &[Vec<Symbol>], symbols: usize) -> Self {
        assert!((1..=MOST_SYMBOLS).contains(&symbols), "found {symbols} symbols");
        let mut followers: BTreeMap<Vec<Symbol>, Followers> = BTreeMap::new();
        for sequence in sequences {
            for at in 1..sequence.len() {
                for length in 0..order.min(at + 1) {
                    let context = sequence[at - length..at].to_vec();
                    let seen = followers.entry(context).or_default();
                    seen.times += 1.0;
                    *seen.counts.entry(sequence[at]).or_default() += 1.0;
                }
            }
        }
        Self { order, symbols, followers }
    }
    // ANCHOR_END: train

    // ANCHOR: probability
    /// How likely the symbol is after the context, by Witten and Bell's rule.
    ///
    /// It begins with a fair die, and lengthens the context by a symbol at a time. Each longer
    /// context mixes what it has counted with what the shorter one said. What was counted weighs
    /// `times`, how often the context came; the shorter context weighs `kinds`, how many different
    /// symbols came after it.
    pub fn probability(&self, context: &[Symbol], symbol: Symbol) -> f64 {
        let mut p = 1.0 / self.symbols as f64;
        for length in 0..self.order.min(context.len() + 1) {
            let last = &context[context.len() - length..];
            let Some(seen) = self.followers.get(last) else { break };
            let count = seen.counts.get(&symbol).copied().unwrap_or_default();
            let kinds = seen.counts.len() as f64;
            p = (count + kinds * p) / (seen.times + kinds);
        }
        p
    }
    // ANCHOR_END: probability

    /// How likely each symbol is after the context. The probabilities sum to 1.
    pub fn distribution(&self, context: &[Symbol]) -> Vec<f64> {
        (0..self.symbols).map(|symbol| self.probability(context, symbol as Symbol)).collect()
    }

    /// The mean surprise in bits at all symbols of the sequences but the first, which is given.
    ///
    /// # Panics
    /// If there is no symbol to be asked for.
    pub fn bits_per_symbol(&self, sequences: &[Vec<Symbol>]) -> f64 {
        mean_bits(sequences, |context, symbol| self.probability(context, symbol))
    }

    // ANCHOR: sample
    /// Makes up a sequence between two end marks, with at most `most` symbols between them.
    pub fn sample(&self, most: usize, rng: &mut impl Rng) -> Vec<Symbol> {
        let mut sequence = vec![END];
        while sequence.len() <= most {
            let symbol = draw(&self.distribution(&sequence), rng) as Symbol;
            if symbol == END {
                break;
            }
            sequence.push(symbol);
        }
        sequence.push(END);
        sequence
    }
    // ANCHOR_END: sample
}

// ANCHOR: bits
/// The mean surprise in bits at all symbols of the sequences but the first, which is given, for a
/// model that says how likely a symbol is after a context.
///
/// # Panics
/// If there is no symbol to be asked for.
pub(crate) fn mean_bits(
    sequences: &[Vec<Symbol>],
    probability: impl Fn(&[Symbol], Symbol) -> f64,
) -> f64 {
    let asked: usize = sequences.iter().map(|it| it.len().saturating_sub(1)).sum();
    assert!(asked > 0, "no symbol is asked for");
    let bits = |sequence: &Vec<Symbol>| -> f64 {
        let at = 1..sequence.len();
        at.map(|at| -probability(&sequence[..at], sequence[at]).log2()).sum()
    };
    sequences.iter().map(bits).sum::<f64>() / asked as f64
}
// ANCHOR_END: bits
