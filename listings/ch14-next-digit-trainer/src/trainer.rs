//! One step of training: forward, backward, Adam.

use std::fmt;
use std::thread;

use digits::DIGITS;
use loss_and_optimiser::{Adam, Optimiser, all_finite, clip, cross_entropy_batch};
use one_matrix::{Batch, Packed, Real, Unrolled};

use crate::Network;

// ANCHOR: trainer
/// So many sequences are computed at a time. A batch is cut into shards of this size, whatever the number of
/// threads, and their gradients are added in the order of the shards: the same bits on one thread and on several.
pub const SHARD: usize = 32;

/// A network, its optimiser, and the room that a step needs.
#[derive(Clone, Debug)]
pub struct Trainer<R: Real> {
    /// What learns.
    pub network: Network<R>,
    /// What moves its parameters.
    pub adam: Adam<R>,
    /// A longer gradient is shortened to this length; infinity changes nothing.
    pub clip: R,
    packed: Packed<R>,
    /// One for each thread.
    workers: Vec<Worker<R>>,
    gradient: Vec<R>,
}

/// What one thread needs to compute one shard.
#[derive(Clone, Debug)]
struct Worker<R> {
    unrolled: Unrolled<R>,
    digits: Vec<u8>,
    logits: Vec<R>,
    h_bar: Vec<R>,
    gradient: Vec<R>,
    loss: f64,
}
// ANCHOR_END: trainer

impl<R: Real> Trainer<R> {
    /// A trainer with a fresh optimiser that works on `threads` threads.
    pub fn new(network: Network<R>, learning_rate: f64, threads: usize) -> Trainer<R> {
        let size = network.theta.len();
        let worker = Worker {
            unrolled: Unrolled::new(network.layer),
            digits: Vec::new(),
            logits: Vec::new(),
            h_bar: Vec::new(),
            gradient: vec![R::zero(); size],
            loss: 0.0,
        };
        Trainer {
            adam: Adam::new(size, learning_rate),
            clip: R::of(f64::INFINITY),
            packed: Packed::new(network.layer),
            workers: vec![worker; threads.max(1)],
            gradient: vec![R::zero(); size],
            network,
        }
    }

    // ANCHOR: step
    /// One step on a batch: digits (T, B), step by step, and what follows them, (B). Returns the mean
    /// loss, as it was before the step.
    ///
    /// # Errors
    /// If a number is not finite any more. The network is of no use then.
    ///
    /// # Panics
    /// If the batch is empty, or a digit is above 9.
    pub fn step(&mut self, digits: &[u8], targets: &[u8]) -> Result<f64, NotFinite> {
        let (loss, _) = self.loss_and_gradient(digits, targets);
        let norm = clip(&mut self.gradient, self.clip);
        let error = NotFinite { step: self.adam.t + 1 };
        if !(loss.is_finite() && norm.is_finite()) {
            return Err(error);
        }
        self.adam.step(&mut self.network.theta, &self.gradient);
        if all_finite(&self.network.theta) { Ok(loss) } else { Err(error) }
    }
    // ANCHOR_END: step

    // ANCHOR: loss_and_gradient
    /// The mean loss over a batch, and its gradient.
    ///
    /// # Panics
    /// As [`Trainer::step`].
    pub fn loss_and_gradient(&mut self, digits: &[u8], targets: &[u8]) -> (f64, &[R]) {
        self.packed.load(self.network.parts().0);
        let mut loss = 0.0;
        let shards = targets.len().div_ceil(SHARD);
        for first in (0..shards).step_by(self.workers.len()) {
            let Trainer { network, packed, workers, .. } = &mut *self;
            let used = workers.len().min(shards - first);
            let compute = |(k, worker): (usize, &mut Worker<R>)| {
                worker.compute(network, packed, digits, targets, first + k);
            };
            let mut busy = workers[..used].iter_mut().enumerate();
            let mine = busy.next();
            if busy.len() == 0 {
                mine.into_iter().for_each(compute);
            } else {
                thread::scope(|scope| {
                    busy.for_each(|other| _ = scope.spawn(move || compute(other)));
                    mine.into_iter().for_each(compute);
                });
            }
            for (k, worker) in self.workers[..used].iter_mut().enumerate() {
                loss += worker.loss;
                if first + k == 0 {
                    std::mem::swap(&mut self.gradient, &mut worker.gradient);
                    continue;
                }
                let sums = self.gradient.iter_mut().zip(&worker.gradient);
                sums.for_each(|(sum, &value)| *sum += value);
            }
        }
        (loss, &self.gradient)
    }
    // ANCHOR_END: loss_and_gradient
}

impl<R: Real> Worker<R> {
    // ANCHOR: compute
    /// The share of one shard in the mean loss of the batch, and in its gradient.
    fn compute(
        &mut self,
        network: &Network<R>,
        packed: &Packed<R>,
        digits: &[u8],
        targets: &[u8],
        shard: usize,
    ) {
        let batch = targets.len();
        let mine = shard * SHARD..((shard + 1) * SHARD).min(batch);
        let (size, targets) = (mine.len(), &targets[mine.clone()]);
        self.digits.clear();
        digits.chunks_exact(batch).for_each(|step| self.digits.extend(&step[mine.clone()]));
        self.logits.resize(DIGITS * size, R::zero());
        self.h_bar.resize(network.layer.hidden * size, R::zero());
        let input = Batch::of_digits(size, &self.digits);
        let (_, fc) = network.parts();
        let (lstm_bar, fc_bar) = self.gradient.split_at_mut(network.layer.len());

        let h = self.unrolled.forward(packed, &input);
        network.linear.forward(fc, h, &mut self.logits);
        let share = R::one() / R::of(batch as f64);
        self.loss = cross_entropy_batch(&mut self.logits, targets, share).to_f64();
        network.linear.backward(fc, h, &self.logits, &mut self.h_bar, fc_bar);
        self.unrolled.backward(packed, &input, &self.h_bar, None, lstm_bar);
    }
    // ANCHOR_END: compute
}

/// A step went beyond the numbers: the loss, the gradient or a parameter is infinite or not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotFinite {
    /// The optimiser's step at which it was seen, from 1.
    pub step: u64,
}

impl fmt::Display for NotFinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the loss or the weights are not finite numbers any more at step {}", self.step)
    }
}

impl std::error::Error for NotFinite {}
