//! A test set: how a network does on some sequences.

use digits::{DIGITS, Sequence};
use loss_and_optimiser::cross_entropy_batch;
use one_matrix::{Batch, Packed, Real, Unrolled};

use crate::batches::time_major;
use crate::{Network, SHARD};

/// How a network does on some sequences.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scores {
    /// Mean loss in nats.
    pub loss: f64,
    /// How many times the likeliest digit was the right one.
    pub right: usize,
    /// Of how many.
    pub of: usize,
}

impl Scores {
    /// The share of right answers, 0 to 1.
    pub fn accuracy(&self) -> f64 {
        self.right as f64 / self.of as f64
    }
}

// ANCHOR: evaluate
/// Examines a network without changing it.
///
/// # Panics
/// If there are no sequences, their lengths differ, or a digit is above 9.
pub fn evaluate<R: Real>(network: &Network<R>, sequences: &[Sequence]) -> Scores {
    examine(network, sequences).0
}

/// The same, and the answer to each sequence.
///
/// # Panics
/// As [`evaluate`].
pub fn examine<R: Real>(network: &Network<R>, sequences: &[Sequence]) -> (Scores, Vec<u8>) {
    assert!(!sequences.is_empty(), "nothing to be examined on");
    let (lstm, fc) = network.parts();
    let mut packed = Packed::new(network.layer);
    packed.load(lstm);
    let mut unrolled = Unrolled::new(network.layer);
    let (mut digits, mut targets, mut logits) = (Vec::new(), Vec::new(), Vec::new());
    let (mut loss, mut answers) = (0.0, Vec::with_capacity(sequences.len()));
    for shard in sequences.chunks(SHARD) {
        time_major(shard.iter().map(|s| s.context.as_slice()), &mut digits);
        targets.clear();
        targets.extend(shard.iter().map(|s| s.next));
        logits.resize(DIGITS * shard.len(), R::zero());
        let h = unrolled.forward(&packed, &Batch::of_digits(shard.len(), &digits));
        network.linear.forward(fc, h, &mut logits);
        answers.extend(logits.chunks_exact(DIGITS).map(likeliest));
        loss += cross_entropy_batch(&mut logits, &targets, R::one()).to_f64();
    }
    let right = sequences.iter().zip(&answers).filter(|(s, answer)| s.next == **answer).count();
    (Scores { loss: loss / sequences.len() as f64, right, of: sequences.len() }, answers)
}
// ANCHOR_END: evaluate

/// The place of the highest score; of several, the first.
pub(crate) fn likeliest<R: Real>(logits: &[R]) -> u8 {
    let mut best = 0;
    for (k, score) in logits.iter().enumerate() {
        if *score > logits[best] {
            best = k;
        }
    }
    best as u8
}
