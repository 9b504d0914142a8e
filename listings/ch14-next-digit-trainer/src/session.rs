//! A training run from its first step to its last, which can be left at any step and gone on with.

use digits::{Sequence, Split, generator};
use one_matrix::Real;
use serde::{Deserialize, Serialize};

use crate::batches::{Batches, WEIGHTS_STREAM};
use crate::scores::evaluate;
use crate::{Choice, Epoch, Network, NotFinite, Trainer, Validation};

// ANCHOR: settings
/// Everything that a training run depends on, beside its data.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// H, the number of hidden units.
    pub hidden: usize,
    /// How many times the training sequences are gone through.
    pub epochs: usize,
    /// How many sequences there are to a step of Adam.
    pub batch: usize,
    /// Adam's α.
    pub learning_rate: f64,
    /// The length to which a longer gradient is shortened; without one, gradients stay as they are.
    pub clip: Option<f64>,
    /// Where the bias of the forget gates starts; without one, it is as random as the other parameters.
    pub forget_bias: Option<f64>,
    /// Decides the initial weights and the order of the sequences.
    pub seed: u64,
}
// ANCHOR_END: settings

// ANCHOR: session
/// A training run.
#[derive(Clone, Debug)]
pub struct Session<R: Real> {
    /// What it depends on.
    pub settings: Settings,
    /// The network and its optimiser, which has counted the steps.
    pub trainer: Trainer<R>,
    /// The losses of this epoch so far, each times its batch.
    pub(crate) total: f64,
    /// The epochs behind us.
    pub history: Vec<Epoch>,
    /// The fingerprint of the weights that it began with; none if they were drawn at random.
    pub from: Option<u32>,
    /// What chooses among them; without it, the last one is kept.
    pub validation: Option<Validation<R>>,
    batches: Batches,
    sequences: usize,
}
// ANCHOR_END: session

impl<R: Real> Session<R> {
    /// A run that has not begun, on `threads` threads.
    ///
    /// The same data and settings give the same network, to the last bit, on one machine.
    ///
    /// # Panics
    /// If there are no sequences, their lengths differ, there are no hidden units or a batch has none.
    pub fn new(settings: Settings, training: &[Sequence], threads: usize) -> Session<R> {
        let mut rng = generator(settings.seed);
        rng.set_stream(WEIGHTS_STREAM);
        let network = Network::new(settings.hidden, settings.forget_bias, &mut rng);
        let mut trainer = Trainer::new(network, settings.learning_rate, threads);
        trainer.clip = R::of(settings.clip.unwrap_or(f64::INFINITY));
        Session {
            settings,
            trainer,
            total: 0.0,
            history: Vec::with_capacity(settings.epochs),
            from: None,
            validation: None,
            batches: Batches::new(training, settings.batch, settings.seed),
            sequences: training.len(),
        }
    }

    /// How many steps were taken.
    pub fn steps(&self) -> u64 {
        self.trainer.adam.t
    }

    /// How many steps there are to an epoch.
    pub fn steps_per_epoch(&self) -> u64 {
        self.batches.per_epoch()
    }

    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        // Patience ends a run at the end of an epoch: only there are the losses looked through.
        self.history.len() >= self.settings.epochs
            || self.steps().is_multiple_of(self.steps_per_epoch())
                && self.choice().is_some_and(|choice| choice.stopped)
    }

    /// What validation chose so far; nothing without it, or before the end of the first epoch.
    pub fn choice(&self) -> Option<Choice> {
        let patience = self.validation.as_ref()?.about.patience;
        Choice::among(&self.history, patience)
    }

    /// The network that the run is for: that of the best epoch where there is validation, or else the latest.
    pub fn network(&self) -> &Network<R> {
        let best = self.validation.as_ref().and_then(|validation| validation.best.as_ref());
        best.unwrap_or(&self.trainer.network)
    }

    // ANCHOR: session_step
    /// Takes one step. Returns the mean loss of the epoch if that was its last.
    ///
    /// # Errors
    /// If a number is not finite any more.
    pub fn step(&mut self) -> Result<Option<f64>, NotFinite> {
        let (digits, targets) = self.batches.batch(self.trainer.adam.t);
        self.total += self.trainer.step(digits, targets)? * targets.len() as f64;
        if !self.steps().is_multiple_of(self.steps_per_epoch()) {
            return Ok(None);
        }
        let training = self.total / self.sequences as f64;
        self.total = 0.0;
        self.history.push(Epoch { training, unseen: f64::NAN, validation: f64::NAN });
        self.validate()?;
        Ok(Some(training))
    }
    // ANCHOR_END: session_step

    // ANCHOR: validate
    /// Looks, after an epoch, how the network does on what is held aside, and keeps it if none did better.
    fn validate(&mut self) -> Result<(), NotFinite> {
        let Some(Validation { sequences, best, .. }) = &mut self.validation else { return Ok(()) };
        let network = &self.trainer.network;
        let loss = evaluate(network, sequences).loss;
        if !loss.is_finite() {
            return Err(NotFinite { step: self.trainer.adam.t });
        }
        if let Some(epoch) = self.history.last_mut() {
            epoch.validation = loss;
        }
        let choice = Choice::among(&self.history, None);
        if choice.is_some_and(|choice| choice.epoch == self.history.len()) {
            *best = Some(network.clone());
        }
        Ok(())
    }
    // ANCHOR_END: validate

    /// Takes all steps that are left.
    ///
    /// # Errors
    /// As [`Session::step`].
    pub fn finish(&mut self) -> Result<(), NotFinite> {
        while !self.is_done() {
            self.step()?;
        }
        Ok(())
    }

    /// Looks, after an epoch, how the network does on unseen sequences, and notes it down.
    pub fn examine(&mut self, unseen: &[Sequence]) {
        if let Some(epoch) = self.history.last_mut() {
            epoch.unseen = evaluate(&self.trainer.network, unseen).loss;
        }
    }
}

/// Trains in `f32` on one thread, and looks after every epoch how the network does on unseen sequences.
///
/// # Errors
/// As [`Session::step`].
///
/// # Panics
/// As [`Session::new`], or if nothing is unseen.
pub fn learning_curve(settings: Settings, split: &Split) -> Result<Vec<Epoch>, NotFinite> {
    let mut session = Session::<f32>::new(settings, &split.training, 1);
    while !session.is_done() {
        if session.step()?.is_some() {
            session.examine(&split.unseen);
        }
    }
    Ok(session.history)
}
