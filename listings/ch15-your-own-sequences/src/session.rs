//! A training run from its first step to its last, which can be left at any step and gone on with.

use digits::generator;
use loss_and_optimiser::{Adam, Optimiser, all_finite, clip};
use next_digit::{Choice, Epoch, NotFinite, WEIGHTS_STREAM};
use serde::{Deserialize, Serialize};

use crate::batches::Batches;
use crate::dropout::Masks;
use crate::layer::States;
use crate::network::{Network, Shape, evaluate, evaluate_stream};
use crate::stream::{Chunk, Stream};
use crate::symbols::Symbol;

/// The masks of step t, from 0, are drawn from this stream plus t: beyond all that epochs draw from.
const DROPOUT_STREAM: u64 = 1 << 63;

// ANCHOR: settings
/// Everything that a training run depends on, beside its data.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// H, the number of units in each layer.
    pub hidden: usize,
    /// L, the number of layers.
    pub layers: usize,
    /// p, the part of what passes between two layers that is dropped in training.
    pub dropout: f64,
    /// How many times the training part is gone through, at most.
    pub epochs: usize,
    /// After so many epochs in a row without a better validation loss the run ends.
    pub patience: usize,
    /// How many sequences (of a text: rows) there are to a step of Adam.
    pub batch: usize,
    /// Of a text, how many symbols each row reads before the weights move.
    pub chunk: usize,
    /// Adam's α.
    pub learning_rate: f64,
    /// The length to which a longer gradient is shortened.
    pub clip: f64,
    /// Where the bias of the forget gates starts; without one, it is as random as the other parameters.
    pub forget_bias: Option<f64>,
    /// Decides the initial weights, the order of the sequences, and what is dropped.
    pub seed: u64,
}
// ANCHOR_END: settings

/// What is learnt from, and what chooses the epoch.
#[derive(Clone, Debug)]
pub enum Lessons {
    /// Many sequences, each by itself.
    Lines {
        /// To learn from.
        training: Vec<Vec<Symbol>>,
        /// To choose the epoch.
        validation: Vec<Vec<Symbol>>,
    },
    /// One long text.
    Text {
        /// To learn from.
        training: Vec<Symbol>,
        /// To choose the epoch.
        validation: Vec<Symbol>,
    },
}

/// The same, as the steps take it.
#[derive(Clone, Debug)]
enum Course {
    Lines(Batches, Vec<Vec<Symbol>>),
    Text(Stream, Stream),
}

impl Course {
    fn new(settings: &Settings, lessons: Lessons) -> Course {
        let Settings { batch, chunk, seed, .. } = *settings;
        match lessons {
            Lessons::Lines { training, validation } => {
                Course::Lines(Batches::new(training, batch, seed), validation)
            }
            Lessons::Text { training, validation } => {
                let stream = |text: &[Symbol]| Stream::new(text, batch, chunk);
                Course::Text(stream(&training), stream(&validation))
            }
        }
    }

    fn per_epoch(&self) -> u64 {
        match self {
            Course::Lines(batches, _) => batches.per_epoch(),
            Course::Text(stream, _) => stream.chunks() as u64,
        }
    }

    /// What is read at a step, counted from 0 over all epochs.
    fn at(&mut self, step: u64) -> Chunk {
        match self {
            Course::Lines(batches, _) => Chunk { batch: batches.batch(step), goes_on: false },
            Course::Text(stream, _) => stream.chunk((step % stream.chunks() as u64) as usize),
        }
    }

    fn validate(&self, network: &Network) -> f64 {
        match self {
            Course::Lines(_, sequences) => evaluate(network, sequences),
            Course::Text(_, stream) => evaluate_stream(network, stream),
        }
    }
}

// ANCHOR: session
/// A training run.
#[derive(Clone, Debug)]
pub struct Session {
    /// What it depends on.
    pub settings: Settings,
    /// What learns.
    pub network: Network,
    /// What moves its parameters; it has counted the steps.
    pub adam: Adam<f64>,
    /// θ after the epoch that validation likes best so far; none before the end of the first.
    pub best: Option<Vec<f64>>,
    /// The losses of this epoch so far, each counted for its answers, and how many answers there were.
    pub total: (f64, u64),
    /// Where the last chunk ended, layer by layer; nothing before the first.
    pub carried: Vec<States>,
    /// The epochs behind us.
    pub history: Vec<Epoch>,
    course: Course,
}
// ANCHOR_END: session

impl Session {
    /// A run that has not begun, for a network of so many symbols.
    ///
    /// The same data and settings give the same network, to the last bit, on one machine.
    ///
    /// # Panics
    /// If a part is empty, or there are no units, layers, or sequences to a batch.
    pub fn new(settings: Settings, symbols: usize, lessons: Lessons) -> Session {
        let shape = Shape { symbols, hidden: settings.hidden, layers: settings.layers };
        let mut rng = generator(settings.seed);
        rng.set_stream(WEIGHTS_STREAM);
        let network = Network::new(shape, settings.forget_bias, &mut rng);
        Session {
            settings,
            adam: Adam::new(network.theta.len(), settings.learning_rate),
            network,
            best: None,
            total: (0.0, 0),
            carried: Vec::new(),
            history: Vec::new(),
            course: Course::new(&settings, lessons),
        }
    }

    /// How many steps were taken.
    pub fn steps(&self) -> u64 {
        self.adam.t
    }

    /// How many steps there are to an epoch.
    pub fn steps_per_epoch(&self) -> u64 {
        self.course.per_epoch()
    }

    // ANCHOR: is_done
    /// Whether nothing is left to do: all epochs are gone through, or patience is at its end.
    pub fn is_done(&self) -> bool {
        self.history.len() >= self.settings.epochs
            || self.steps().is_multiple_of(self.steps_per_epoch())
                && self.choice().is_some_and(|choice| choice.stopped)
    }

    /// The epoch with the lowest validation loss so far; nothing before the end of the first.
    pub fn choice(&self) -> Option<Choice> {
        Choice::among(&self.history, Some(self.settings.patience))
    }

    /// The network that the run is for: that of the best epoch, or the latest before there is one.
    pub fn chosen(&self) -> Network {
        let theta = self.best.clone().unwrap_or_else(|| self.network.theta.clone());
        Network { shape: self.network.shape, theta }
    }
    // ANCHOR_END: is_done

    // ANCHOR: step
    /// Takes one step. Returns what became of the epoch if that was its last.
    ///
    /// # Errors
    /// If a number is not finite any more.
    pub fn step(&mut self) -> Result<Option<Epoch>, NotFinite> {
        let error = NotFinite { step: self.adam.t + 1 };
        let Chunk { batch, goes_on } = self.course.at(self.adam.t);
        let zeros = self.network.shape.zeros(batch.size());
        let start = if goes_on { &self.carried } else { &zeros };
        let masks = self.masks(batch.read.len(), batch.size());
        let (loss, mut gradient, end) = self.network.loss(&batch, start, masks.as_ref());
        let norm = clip(&mut gradient, self.settings.clip);
        if !(loss.is_finite() && norm.is_finite()) {
            return Err(error);
        }
        self.adam.step(&mut self.network.theta, &gradient);
        if !all_finite(&self.network.theta) {
            return Err(error);
        }
        let answers: usize = batch.lengths.iter().sum();
        self.total.0 += loss * answers as f64;
        self.total.1 += answers as u64;
        if let Course::Text(..) = self.course {
            self.carried = end;
        }
        if !self.steps().is_multiple_of(self.steps_per_epoch()) {
            return Ok(None);
        }
        self.end_epoch(error).map(Some)
    }
    // ANCHOR_END: step

    // ANCHOR: end_epoch
    /// Looks how the network does on what is held aside, and keeps it if none did better.
    fn end_epoch(&mut self, error: NotFinite) -> Result<Epoch, NotFinite> {
        let training = self.total.0 / self.total.1 as f64;
        let validation = self.course.validate(&self.network);
        if !validation.is_finite() {
            return Err(error);
        }
        let epoch = Epoch { training, unseen: f64::NAN, validation };
        self.history.push(epoch);
        if self.choice().is_some_and(|choice| choice.epoch == self.history.len()) {
            self.best = Some(self.network.theta.clone());
        }
        self.total = (0.0, 0);
        self.carried.clear();
        Ok(epoch)
    }
    // ANCHOR_END: end_epoch

    /// Whether the carried states are those from which a step, counted from 0 within its epoch, can go on.
    pub(crate) fn goes_on_from(&self, inside: u64) -> bool {
        match &self.course {
            Course::Text(stream, _) if inside > 0 => {
                let fits = |states: &States| states.h.ncols() == stream.rows();
                self.carried.len() == self.settings.layers && self.carried.iter().all(fits)
            }
            _ => true,
        }
    }

    /// What is dropped at this step, if anything is.
    fn masks(&self, steps: usize, batch: usize) -> Option<Masks> {
        let Settings { dropout, layers, hidden, seed, .. } = self.settings;
        let mut rng = generator(seed);
        rng.set_stream(DROPOUT_STREAM + self.adam.t);
        let draws = dropout > 0.0 && layers > 1;
        draws.then(|| Masks::draw(dropout, (layers, hidden), (steps, batch), &mut rng))
    }

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
}
