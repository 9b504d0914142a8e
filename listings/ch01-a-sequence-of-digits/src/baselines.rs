//! What can be reached without a network: chance, the commonest digit, and memory.

use std::collections::BTreeMap;

use crate::task::{DIGITS, Sequence};

// ANCHOR: chance
/// How often guessing one of ten digits is right.
pub const CHANCE: f64 = 0.1;

/// The loss of guessing, in nats: ln 10, the surprise at any digit when all ten are equally likely.
pub fn chance_loss() -> f64 {
    (DIGITS as f64).ln()
}
// ANCHOR_END: chance

// ANCHOR: accuracy
/// How often `guess` is right, 0 to 1.
///
/// # Panics
/// If there are no sequences.
pub fn accuracy(sequences: &[Sequence], guess: impl Fn(&[u8]) -> u8) -> f64 {
    assert!(!sequences.is_empty(), "the accuracy over no sequences");
    let right = sequences.iter().filter(|s| guess(&s.context) == s.next).count();
    right as f64 / sequences.len() as f64
}
// ANCHOR_END: accuracy

// ANCHOR: mode
type Counts = [usize; DIGITS];

/// The digit with the highest count; of several, the smallest.
fn mode(counts: &Counts) -> u8 {
    let highest = counts.iter().max().unwrap_or(&0);
    counts.iter().position(|count| count == highest).unwrap_or(0) as u8
}
// ANCHOR_END: mode

// ANCHOR: baselines
/// The commonest last digit; of several, the smallest (and 0 of none).
pub fn commonest(sequences: &[Sequence]) -> u8 {
    let mut counts = [0; DIGITS];
    sequences.iter().for_each(|s| counts[usize::from(s.next)] += 1);
    mode(&counts)
}

/// A memory and nothing more: for each context the digit that followed it most often.
///
/// No function of the context is right more often on the sequences that the table was made from:
/// that is the ceiling of memorisation. For contexts that it has not seen it says the commonest digit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookupTable {
    table: BTreeMap<Vec<u8>, u8>,
    otherwise: u8,
}

impl LookupTable {
    /// Remembers the sequences.
    pub fn learn(sequences: &[Sequence]) -> LookupTable {
        let table = (count_by_context(sequences).into_iter())
            .map(|(context, counts)| (context.to_vec(), mode(&counts)))
            .collect();
        LookupTable { table, otherwise: commonest(sequences) }
    }

    /// What followed these digits most often.
    pub fn guess(&self, context: &[u8]) -> u8 {
        self.table.get(context).copied().unwrap_or(self.otherwise)
    }

    /// How many different contexts it holds.
    pub fn contexts(&self) -> usize {
        self.table.len()
    }
}
// ANCHOR_END: baselines

// ANCHOR: count_by_context
/// How often each digit followed each context.
fn count_by_context(sequences: &[Sequence]) -> BTreeMap<&[u8], Counts> {
    let mut counts: BTreeMap<&[u8], Counts> = BTreeMap::new();
    for Sequence { context, next } in sequences {
        counts.entry(context).or_default()[usize::from(*next)] += 1;
    }
    counts
}
// ANCHOR_END: count_by_context

// ANCHOR: memory_loss
/// The lowest mean loss, in nats, that any function of the context can have on these sequences.
///
/// It is reached by giving each digit the share with which it followed the context. Where a context
/// was followed by one digit only, the loss is 0.
///
/// # Panics
/// If there are no sequences.
pub fn memory_loss(sequences: &[Sequence]) -> f64 {
    assert!(!sequences.is_empty(), "the loss over no sequences");
    let mut total = 0.0;
    for counts in count_by_context(sequences).values() {
        let all: usize = counts.iter().sum();
        for &count in counts.iter().filter(|&&count| count > 0) {
            total -= count as f64 * (count as f64 / all as f64).ln();
        }
    }
    total / sequences.len() as f64
}
// ANCHOR_END: memory_loss

// ANCHOR: chance_band
/// The band that guessing stays in: the fewest and the most right answers out of `n`.
///
/// It falls below the band with a probability of at most `tail`, and above it with one of at most `tail`.
pub fn chance_band(n: usize, tail: f64) -> (usize, usize) {
    luck_band(n, CHANCE, tail)
}

/// The same for whoever is right with the probability `p` each time: binomial, n tries at p.
pub fn luck_band(n: usize, p: f64, tail: f64) -> (usize, usize) {
    if p <= 0.0 || p >= 1.0 {
        let certain = if p >= 1.0 { n } else { 0 };
        return (certain, certain);
    }
    // P(k + 1) / P(k) = (n − k) / (k + 1) · p / (1 − p).
    // In logarithms, because (1 − p)ⁿ can be too small for a float.
    let mut ln_p = n as f64 * (-p).ln_1p();
    let mut probabilities = Vec::with_capacity(n + 1);
    for k in 0..=n {
        probabilities.push(ln_p.exp());
        ln_p += ((n - k) as f64 / (k + 1) as f64 * p / (1.0 - p)).ln();
    }
    let cut_off = |sum: &mut f64, p: &f64| {
        *sum += p;
        Some(*sum).filter(|&sum| sum <= tail)
    };
    let low = probabilities.iter().scan(0.0, cut_off).count().min(n);
    let high = n - probabilities.iter().rev().scan(0.0, cut_off).count().min(n);
    (low, high)
}
// ANCHOR_END: chance_band
