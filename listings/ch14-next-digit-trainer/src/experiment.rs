//! Experiments in small: what is read, how often, by which network, from which start. One of them is changed at a time.

use std::collections::BTreeSet;
use std::error::Error;

use digits::{DataError, Sequence, Task, generator};
use loss_and_optimiser::batch_of;
use one_matrix::Real;
use rand_chacha::ChaCha8Rng;

use crate::batches::{Batches, WEIGHTS_STREAM};
use crate::scores::evaluate;
use crate::{Network, NotFinite, PlainTrainer, Scores, Start, Trainer};

/// So many sequences there are to a step.
const BATCH: usize = 32;
/// New sequences come from this stream of the generator: not from those of data, weights and orders.
const FRESH_STREAM: u64 = u64::MAX;
/// Test sets come from this one, and no lesson does.
const TEST_SET_STREAM: u64 = u64::MAX - 1;
/// For so many draws an unseen sequence is looked for.
const PATIENCE: usize = 100;

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
    pub fn lstm<R: Real>(&self, seed: u64) -> Trainer<R> {
        let mut rng = generator(seed);
        rng.set_stream(WEIGHTS_STREAM);
        let mut network = Network::new(self.hidden, self.forget_bias, &mut rng);
        network.theta.iter_mut().for_each(|value| *value *= R::of(self.scale));
        let lstm = &mut network.theta[..network.layer.len()];
        let w_hh = network.layer.split_mut(lstm).weight_hh;
        w_hh.iter_mut().for_each(|value| *value *= R::of(self.scale_hh));
        let mut trainer = Trainer::new(network, self.learning_rate, 1);
        trainer.clip = R::of(self.clip.unwrap_or(f64::INFINITY));
        trainer
    }

    /// The plain network.
    pub fn plain<R: Real>(&self, seed: u64) -> PlainTrainer<R> {
        PlainTrainer::new(self, seed)
    }
}

/// Something that can take a step and a test set: the LSTM or the plain network.
pub trait Learns {
    /// One step on a batch; see [`Trainer::step`].
    ///
    /// # Errors
    /// If a number is not finite any more.
    fn learn(&mut self, digits: &[u8], targets: &[u8]) -> Result<f64, NotFinite>;
    /// See [`evaluate`].
    fn examine(&self, sequences: &[Sequence]) -> Scores;
}

impl<R: Real> Learns for Trainer<R> {
    fn learn(&mut self, digits: &[u8], targets: &[u8]) -> Result<f64, NotFinite> {
        self.step(digits, targets)
    }
    fn examine(&self, sequences: &[Sequence]) -> Scores {
        evaluate(&self.network, sequences)
    }
}

impl<R: Real> Learns for PlainTrainer<R> {
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
        if let Source::Repeated(_) = self.source {
            return Ok(practise(pupil, &self.shown(seed)?, self.steps, seed, each)?);
        }
        let mut rng = self.generator(seed);
        for step in 1..=self.steps {
            let (digits, targets) = batch_of(&self.draw(BATCH, &mut rng)?);
            let loss = pupil.learn(&digits, &targets)?;
            each(step, loss, pupil);
        }
        Ok(())
    }
    // ANCHOR_END: teach

    /// Everything that the lesson shows: what it repeats, or all that is new, in the order in which it comes.
    ///
    /// # Errors
    /// If the task needs more digits.
    pub fn shown(&self, seed: u64) -> Result<Vec<Sequence>, DataError> {
        let size = match self.source {
            Source::Repeated(size) => size,
            Source::Fresh => BATCH * self.steps as usize,
        };
        self.draw(size, &mut self.generator(seed))
    }

    fn draw(&self, n: usize, rng: &mut ChaCha8Rng) -> Result<Vec<Sequence>, DataError> {
        self.task.draw(n, self.digits + 1, rng)
    }

    /// What its sequences are drawn with.
    fn generator(&self, seed: u64) -> ChaCha8Rng {
        let mut rng = generator(seed);
        if self.source == Source::Fresh {
            rng.set_stream(FRESH_STREAM);
        }
        rng
    }
}

// ANCHOR: examiner
/// Draws what is asked after some lessons: with random numbers that none of them uses, and never with a context that one
/// of them showed.
#[derive(Clone, Debug)]
pub struct Examiner {
    shown: BTreeSet<Vec<u8>>,
    rng: ChaCha8Rng,
}

impl Examiner {
    /// The examiner of whoever was given all these lessons, with this seed.
    ///
    /// # Errors
    /// If a task needs more digits.
    pub fn after(lessons: &[Lesson], seed: u64) -> Result<Examiner, DataError> {
        let mut shown = BTreeSet::new();
        for lesson in lessons {
            shown.extend(lesson.shown(seed)?.into_iter().map(|sequence| sequence.context));
        }
        let mut rng = generator(seed);
        rng.set_stream(TEST_SET_STREAM);
        Ok(Examiner { shown, rng })
    }

    /// So many sequences, which read so many digits; some may be equal. Asked again it goes on to others.
    ///
    /// # Errors
    /// If the task needs more digits, or the lessons left too few contexts.
    pub fn ask(&mut self, n: usize, task: Task, digits: usize) -> Result<Vec<Sequence>, DataError> {
        let mut unseen = Vec::with_capacity(n);
        for _ in 0..n * PATIENCE {
            if unseen.len() == n {
                break;
            }
            let drawn = task.draw(1, digits + 1, &mut self.rng)?;
            unseen.extend(drawn.into_iter().filter(|s| !self.shown.contains(&s.context)));
        }
        let found = unseen.len();
        if found == n { Ok(unseen) } else { Err(DataError::NothingUnseen { found, wanted: n }) }
    }
}
// ANCHOR_END: examiner

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
