//! The training sequences, dealt out in batches, in a new order each epoch.

use digits::{Sequence, generator, shuffle};

/// The generator's streams: the same seed, but other random numbers for every purpose.
///
/// Stream 0 draws the data.
pub const WEIGHTS_STREAM: u64 = 1;
/// The order of epoch e, from 0, is drawn from this stream plus e.
pub const ORDER_STREAM: u64 = 2;

// ANCHOR: batches
/// The training sequences, dealt out in batches.
///
/// Every epoch is a new order, and its stream of random numbers is its own. So any batch of any epoch can be
/// found from the seed and the number of the step alone, and a stopped run goes on where it was.
#[derive(Clone, Debug)]
pub struct Batches {
    /// The contexts, row by row, (N, T).
    contexts: Vec<u8>,
    /// What follows them, (N).
    nexts: Vec<u8>,
    size: usize,
    seed: u64,
    /// The order of `epoch`.
    order: Vec<u32>,
    epoch: Option<u64>,
    /// The current batch, time-major: the digit of step t and sequence b at t·B + b.
    digits: Vec<u8>,
    targets: Vec<u8>,
}
// ANCHOR_END: batches

impl Batches {
    /// Deals out `size` sequences at a time; the last batch of an epoch may be smaller.
    ///
    /// # Panics
    /// If there are no sequences, their lengths differ, or a batch has none.
    pub fn new(sequences: &[Sequence], size: usize, seed: u64) -> Batches {
        let steps = sequences.first().expect("at least one sequence").context.len();
        assert!(sequences.iter().all(|s| s.context.len() == steps), "sequences of equal length");
        assert!(size > 0, "a batch of nothing");
        Batches {
            contexts: sequences.iter().flat_map(|s| &s.context).copied().collect(),
            nexts: sequences.iter().map(|s| s.next).collect(),
            size,
            seed,
            order: Vec::with_capacity(sequences.len()),
            epoch: None,
            digits: Vec::with_capacity(size * steps),
            targets: Vec::with_capacity(size),
        }
    }

    /// How many batches an epoch has.
    pub fn per_epoch(&self) -> u64 {
        self.nexts.len().div_ceil(self.size) as u64
    }

    // ANCHOR: batch
    /// The batch of a step, counted from 0 over all epochs: its digits, time-major, and its targets.
    pub fn batch(&mut self, step: u64) -> (&[u8], &[u8]) {
        let (epoch, place) = (step / self.per_epoch(), step % self.per_epoch());
        if self.epoch != Some(epoch) {
            self.shuffle(epoch);
        }
        let start = place as usize * self.size;
        let end = (start + self.size).min(self.nexts.len());
        let rows = &self.order[start..end];
        let steps = self.contexts.len() / self.nexts.len();
        let context = |&row: &u32| &self.contexts[row as usize * steps..][..steps];
        time_major(rows.iter().map(context), &mut self.digits);
        self.targets.clear();
        self.targets.extend(rows.iter().map(|&row| self.nexts[row as usize]));
        (&self.digits, &self.targets)
    }

    fn shuffle(&mut self, epoch: u64) {
        let mut rng = generator(self.seed);
        rng.set_stream(ORDER_STREAM + epoch);
        self.order.clear();
        self.order.extend(0..self.nexts.len() as u32);
        shuffle(&mut self.order, &mut rng);
        self.epoch = Some(epoch);
    }
    // ANCHOR_END: batch
}

// ANCHOR: time_major
/// Writes contexts of (T) each, a row for each sequence, step by step: the digit of step t and sequence b goes to
/// t·B + b.
pub(crate) fn time_major<'a>(
    contexts: impl ExactSizeIterator<Item = &'a [u8]>,
    digits: &mut Vec<u8>,
) {
    let batch = contexts.len();
    for (b, context) in contexts.enumerate() {
        digits.resize(batch * context.len(), 0);
        digits[b..].iter_mut().step_by(batch).zip(context).for_each(|(place, &d)| *place = d);
    }
}
// ANCHOR_END: time_major
