//! Experiments in small: what is read, how often, by which network, from which start. One of them is changed at a time.

use std::error::Error;

use digits::{DataError, Sequence, Split, Task, generator};
use loss_and_optimiser::batch_of;
use one_matrix::Real;

use crate::batches::{Batches, WEIGHTS_STREAM};
use crate::scores::evaluate;
use crate::{Network, NotFinite, PlainTrainer, Scores, Start, Trainer};

/// So many sequences there are to a step.
const BATCH: usize = 32;
/// New sequences come from this stream of the generator: not from those of data, weights and orders.
const FRESH_STREAM: u64 = u64::MAX;

// ANCHOR: lesson
/// Where the sequences of a lesson come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// So many, gone through again and again, in a new order each time.
    Repeated(usize),
    /// New ones at every step: none is met twice, but by chance.
    Fresh,
}

/// What is practised, on which data, for how many steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// The rule behind the answers.
    pub task: Task,
    /// How many digits are read before the answer.
    pub digits: usize,
    /// Where they come from.
    pub source: Source,
    /// How many steps are taken.
    pub steps: u64,
}
// ANCHOR_END: lesson

impl Start {
    /// The LSTM.
    pub fn lstm<T: Real>(&self, seed: u64) -> Trainer<T> {
        let mut rng = generator(seed);
        rng.set_stream(WEIGHTS_STREAM);
        let mut network = Network::new(self.hidden, self.forget_bias, &mut rng);
        network.theta.iter_mut().for_each(|value| *value *= T::of(self.scale));
        let lstm = &mut network.theta[..network.layer.len()];
        let w_hh = network.layer.split_mut(lstm).weight_hh;
        w_hh.iter_mut().for_each(|value| *value *= T::of(self.scale_hh));
        let mut trainer = Trainer::new(network, self.learning_rate, 1);
        trainer.clip = T::of(self.clip.unwrap_or(f64::INFINITY));
        trainer
    }

    /// The plain network.
    pub fn plain<T: Real>(&self, seed: u64) -> PlainTrainer<T> {
        PlainTrainer::new(self, seed)
    }
}

/// Something that can take a step and an examination: the LSTM or the plain network.
pub trait Learns {
    /// One step on a batch; see [`Trainer::step`].
    ///
    /// # Errors
    /// If a number is not finite any more.
    fn learn(&mut self, digits: &[u8], targets: &[u8]) -> Result<f64, NotFinite>;
    /// See [`evaluate`].
    fn examine(&self, sequences: &[Sequence]) -> Scores;
}

impl<T: Real> Learns for Trainer<T> {
    fn learn(&mut self, digits: &[u8], targets: &[u8]) -> Result<f64, NotFinite> {
        self.step(digits, targets)
    }
    fn examine(&self, sequences: &[Sequence]) -> Scores {
        evaluate(&self.network, sequences)
    }
}

impl<T: Real> Learns for PlainTrainer<T> {
    fn learn(&mut self, digits: &[u8], targets: &[u8]) -> Result<f64, NotFinite> {
        self.step(digits, targets)
    }
    fn examine(&self, sequences: &[Sequence]) -> Scores {
        self.evaluate(sequences)
    }
}

impl Lesson {
    // ANCHOR: teach
    /// Gives the lesson: `each` is called after every step, with the number of steps so far and the mean loss of the
    /// batch.
    ///
    /// # Errors
    /// If the task needs more digits, or a number is not finite any more.
    pub fn teach<P: Learns>(
        &self,
        pupil: &mut P,
        seed: u64,
        mut each: impl FnMut(u64, f64, &P),
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        let mut rng = generator(seed);
        if let Source::Repeated(size) = self.source {
            let training = self.draw(size, &mut rng)?;
            return Ok(practise(pupil, &training, self.steps, seed, each)?);
        }
        rng.set_stream(FRESH_STREAM);
        for step in 1..=self.steps {
            let (digits, targets) = batch_of(&self.draw(BATCH, &mut rng)?);
            let loss = pupil.learn(&digits, &targets)?;
            each(step, loss, pupil);
        }
        Ok(())
    }
    // ANCHOR_END: teach

    fn draw(&self, n: usize, rng: &mut impl rand::Rng) -> Result<Vec<Sequence>, DataError> {
        self.task.draw(n, self.digits + 1, rng)
    }

    /// Sequences to be examined on, with the contexts of no sequence that a lesson repeats.
    ///
    /// # Errors
    /// If the task needs more digits, or too few are unseen.
    pub fn unseen(&self, n: usize, seed: u64) -> Result<Vec<Sequence>, DataError> {
        let size = if let Source::Repeated(size) = self.source { size } else { 0 };
        Ok(Split::draw(self.task, self.digits + 1, size, n, &mut generator(seed))?.unseen)
    }
}

/// Goes through the same sequences again and again, for so many steps; see [`Lesson::teach`].
///
/// # Errors
/// If a number is not finite any more.
pub fn practise<P: Learns>(
    pupil: &mut P,
    training: &[Sequence],
    steps: u64,
    seed: u64,
    mut each: impl FnMut(u64, f64, &P),
) -> Result<(), NotFinite> {
    let mut batches = Batches::new(training, BATCH.min(training.len()), seed);
    for step in 0..steps {
        let (digits, targets) = batches.batch(step);
        let loss = pupil.learn(digits, targets)?;
        each(step + 1, loss, pupil);
    }
    Ok(())
}
