//! Training sequences of different lengths, dealt out in batches with little padding.

use digits::{generator, shuffle};
use next_digit::ORDER_STREAM;

use crate::padded::Padded;
use crate::symbols::Symbol;

/// So many batches are sorted together.
const POOL: usize = 16;

// ANCHOR: batches
/// Sequences in a new random order each epoch. What lies side by side in a batch is of about the same length.
///
/// As in chapter 14, any batch of any epoch can be found from the seed and the number of the step alone.
#[derive(Clone, Debug)]
pub struct Batches {
    sequences: Vec<Vec<Symbol>>,
    size: usize,
    seed: u64,
    epoch: Option<u64>,
    /// The sequences of every batch of `epoch`, by number.
    batches: Vec<Vec<usize>>,
}
// ANCHOR_END: batches

impl Batches {
    /// Deals out `size` sequences at a time; one batch of an epoch may be smaller.
    ///
    /// # Panics
    /// If there are no sequences, or a batch has none.
    pub fn new(sequences: Vec<Vec<Symbol>>, size: usize, seed: u64) -> Batches {
        assert!(!sequences.is_empty() && size > 0, "a batch of nothing");
        Batches { sequences, size, seed, epoch: None, batches: Vec::new() }
    }

    /// How many batches an epoch has.
    pub fn per_epoch(&self) -> u64 {
        self.sequences.len().div_ceil(self.size) as u64
    }

    // ANCHOR: batch
    /// The batch of a step, counted from 0 over all epochs.
    pub fn batch(&mut self, step: u64) -> Padded {
        let (epoch, place) = (step / self.per_epoch(), step % self.per_epoch());
        if self.epoch != Some(epoch) {
            self.deal(epoch);
        }
        let numbers = &self.batches[place as usize];
        let sequences: Vec<&Vec<Symbol>> = numbers.iter().map(|&n| &self.sequences[n]).collect();
        Padded::of(&sequences)
    }

    /// Shuffles all sequences, sorts a few batches' worth at a time by length, cuts, and shuffles what was cut.
    fn deal(&mut self, epoch: u64) {
        let mut rng = generator(self.seed);
        rng.set_stream(ORDER_STREAM + epoch);
        let mut order: Vec<usize> = (0..self.sequences.len()).collect();
        shuffle(&mut order, &mut rng);
        for pool in order.chunks_mut(POOL * self.size) {
            pool.sort_by_key(|&number| self.sequences[number].len());
        }
        self.batches = order.chunks(self.size).map(<[usize]>::to_vec).collect();
        shuffle(&mut self.batches, &mut rng);
        self.epoch = Some(epoch);
    }
    // ANCHOR_END: batch
}
