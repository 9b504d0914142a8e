//! Validation: a part of the training sequences is held aside, and chooses the epoch whose weights are kept.

use std::collections::{BTreeMap, BTreeSet};

use digits::{Sequence, generator, shuffle};
use one_matrix::Real;
use serde::{Deserialize, Serialize};

use crate::Network;
use crate::fingerprint::fingerprint;

/// The stream of random numbers that choose what is held aside. The orders of epochs count their streams up
/// from [`ORDER_STREAM`](crate::ORDER_STREAM), and do not come this far.
pub const VALIDATION_STREAM: u64 = u64::MAX;

// ANCHOR: hold_aside
/// Parts training sequences into those to learn from and at most `wanted` others, both in the order in which they
/// came.
///
/// Sequences with the same context stay together: what is held aside is as new to the network as the test set
/// is. One context is always left to learn from. Contexts that would be too many are passed over, so fewer than
/// `wanted` may be held, even none.
pub fn hold_aside(
    training: Vec<Sequence>,
    wanted: usize,
    seed: u64,
) -> (Vec<Sequence>, Vec<Sequence>) {
    let mut sizes: BTreeMap<&[u8], usize> = BTreeMap::new();
    for sequence in &training {
        *sizes.entry(&sequence.context).or_default() += 1;
    }
    let mut groups: Vec<(&[u8], usize)> = sizes.into_iter().collect();
    let mut rng = generator(seed);
    rng.set_stream(VALIDATION_STREAM);
    shuffle(&mut groups, &mut rng);
    let mut room = wanted;
    let mut held: BTreeSet<Vec<u8>> = BTreeSet::new();
    for (context, size) in groups.into_iter().skip(1) {
        if size <= room {
            room -= size;
            held.insert(context.to_vec());
        }
    }
    training.into_iter().partition(|sequence| !held.contains(&sequence.context))
}
// ANCHOR_END: hold_aside

/// Parts the windows of a series, in the order of time, into those to learn from and the last `wanted`. The windows that
/// share a digit with these are left out. If too few would be left, nothing is left to learn from.
pub fn hold_end(mut windows: Vec<Sequence>, wanted: usize) -> (Vec<Sequence>, Vec<Sequence>) {
    let shared = windows.first().map_or(0, |window| window.context.len());
    let held = windows.split_off(windows.len().saturating_sub(wanted));
    windows.truncate(windows.len().saturating_sub(shared));
    (windows, held)
}

/// What a checkpoint says about validation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidationAbout {
    /// How many sequences were to be held aside.
    pub wanted: usize,
    /// How many are.
    pub held: usize,
    /// How many are left to learn from.
    pub learnt: usize,
    /// Their CRC-32: see [`fingerprint`].
    pub fingerprint: u32,
    /// After so many epochs in a row without a better loss the run ends; without it, all epochs are gone
    /// through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patience: Option<usize>,
}

/// The sequences that are held aside, and the best weights so far.
#[derive(Clone, Debug)]
pub struct Validation<R> {
    /// How many there are, and how long to wait for a better loss.
    pub about: ValidationAbout,
    pub(crate) sequences: Vec<Sequence>,
    /// The network after the best epoch; none before the end of the first.
    pub(crate) best: Option<Network<R>>,
}

impl<R: Real> Validation<R> {
    /// Validation on these sequences, beside `learnt` others, where `wanted` were asked for.
    ///
    /// # Panics
    /// If there are no sequences.
    pub fn new(
        learnt: usize,
        sequences: Vec<Sequence>,
        wanted: usize,
        patience: Option<usize>,
    ) -> Validation<R> {
        assert!(!sequences.is_empty(), "nothing is held aside");
        let (held, fingerprint) = (sequences.len(), fingerprint(&sequences, &[]));
        let about = ValidationAbout { wanted, held, learnt, fingerprint, patience };
        Validation { about, sequences, best: None }
    }
}

/// What became of an epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Epoch {
    /// The mean loss in training, each batch measured before its step.
    pub training: f64,
    /// The mean loss on unseen sequences after the epoch; NaN where nobody looked.
    pub unseen: f64,
    /// The mean loss after the epoch on the sequences that are held aside; NaN where none are.
    pub validation: f64,
}

// ANCHOR: choice
/// The epoch that validation chose, and where the run stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// The number of the epoch with the lowest validation loss, from 1; of equal ones the first.
    pub epoch: usize,
    /// That loss, in nats.
    pub loss: f64,
    /// How many epochs were gone through.
    pub gone: usize,
    /// Whether the patience is used up.
    pub stopped: bool,
}

impl Choice {
    /// Nothing but the losses decides: a run that was killed and resumed chooses as one that never was.
    pub fn among(history: &[Epoch], patience: Option<usize>) -> Option<Choice> {
        let losses = history.iter().map(|epoch| epoch.validation).enumerate();
        let (place, loss) = losses.min_by(|(_, a), (_, b)| a.total_cmp(b))?;
        let (epoch, gone) = (place + 1, history.len());
        let stopped = patience.is_some_and(|patience| gone - epoch >= patience);
        Some(Choice { epoch, loss, gone, stopped })
    }
}
// ANCHOR_END: choice
