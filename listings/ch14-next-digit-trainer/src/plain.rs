//! The plain recurrent network of chapters 2 and 4 on the same task, with the same optimiser, to stand beside.

use digits::{DIGITS, Sequence, generator};
use loss_and_optimiser::{Adam, Optimiser, clip, cross_entropy, cross_entropy_backward, uniform};
use nalgebra::{DMatrix, DVector};
use rnn::{Readout, Rnn, one_hot};
use through_time::{Leaves, backward};

use crate::batches::{Batches, WEIGHTS_STREAM};
use crate::{NotFinite, Scores, Settings};

// ANCHOR: plain
/// A plain network and its optimiser. The parameters live in chapter 2's matrices; for Adam they are copied into one
/// flat θ and back.
#[derive(Clone, Debug)]
pub struct PlainTrainer {
    /// h_t = tanh(W_h · [h_{t−1}, x_t] + b_h).
    pub rnn: Rnn,
    /// y = W_y · h_T + b_y.
    pub readout: Readout,
    theta: Vec<f64>,
    gradient: Vec<f64>,
    adam: Adam<f64>,
    clip: f64,
}
// ANCHOR_END: plain

impl PlainTrainer {
    /// A network that has learnt nothing, every parameter drawn from ±1/√H. It has no forget gate to give a bias to.
    pub fn new(settings: &Settings) -> PlainTrainer {
        let hidden = settings.hidden;
        let rnn = Rnn { w: DMatrix::zeros(hidden, hidden + DIGITS), b: DVector::zeros(hidden) };
        let readout = Readout { w: DMatrix::zeros(DIGITS, hidden), b: DVector::zeros(DIGITS) };
        let size = rnn.size() + readout.w.len() + readout.b.len();
        let mut rng = generator(settings.seed);
        rng.set_stream(WEIGHTS_STREAM);
        let mut theta = vec![0.0; size];
        uniform(&mut theta, 1.0 / (hidden as f64).sqrt(), &mut rng);
        let mut trainer = PlainTrainer {
            rnn,
            readout,
            theta,
            gradient: vec![0.0; size],
            adam: Adam::new(size, settings.learning_rate),
            clip: settings.clip.unwrap_or(f64::INFINITY),
        };
        trainer.load();
        trainer
    }

    /// Trains a new network on the batches that a [`Session`](crate::Session) with these settings would see.
    ///
    /// # Errors
    /// If a number is not finite any more.
    ///
    /// # Panics
    /// As [`Session::new`](crate::Session::new).
    pub fn train(settings: &Settings, training: &[Sequence]) -> Result<PlainTrainer, NotFinite> {
        let mut trainer = PlainTrainer::new(settings);
        let mut batches = Batches::new(training, settings.batch, settings.seed);
        for step in 0..settings.epochs as u64 * batches.per_epoch() {
            let (digits, targets) = batches.batch(step);
            trainer.step(digits, targets)?;
        }
        Ok(trainer)
    }

    // ANCHOR: plain_step
    /// One step on a batch, as [`Trainer::step`](crate::Trainer::step).
    ///
    /// # Errors
    /// If a number is not finite any more.
    pub fn step(&mut self, digits: &[u8], targets: &[u8]) -> Result<f64, NotFinite> {
        let batch = targets.len();
        self.gradient.fill(0.0);
        let mut loss = 0.0;
        for (b, &target) in targets.iter().enumerate() {
            let context: Vec<u8> = digits.iter().skip(b).step_by(batch).copied().collect();
            loss += self.add_gradient(&context, target, 1.0 / batch as f64);
        }
        let norm = clip(&mut self.gradient, self.clip);
        if !(loss.is_finite() && norm.is_finite()) {
            return Err(NotFinite { step: self.adam.t + 1 });
        }
        self.adam.step(&mut self.theta, &self.gradient);
        self.load();
        Ok(loss)
    }

    /// Adds one sequence's share to the gradient; returns its share of the loss.
    fn add_gradient(&mut self, context: &[u8], target: u8, share: f64) -> f64 {
        let h_0 = DVector::zeros(self.rnn.b.len());
        let xs: Vec<_> = context.iter().map(|&digit| one_hot(digit)).collect();
        let leaves = Leaves { rnn: self.rnn.clone(), h_0: h_0.clone(), xs };
        let hs = leaves.run();
        let h = hs.last().expect("at least one digit");
        let y = self.readout.forward(h);
        let y_bar = cross_entropy_backward(&y, usize::from(target));
        let mut direct = vec![h_0; hs.len() - 1];
        direct.push(self.readout.w.tr_mul(&y_bar));
        let bar = backward(&leaves, &hs, &direct).rnn;
        let w_y_bar = &y_bar * h.transpose();
        let parts = [bar.w.as_slice(), bar.b.as_slice(), w_y_bar.as_slice(), y_bar.as_slice()];
        let values = parts.into_iter().flatten();
        self.gradient.iter_mut().zip(values).for_each(|(sum, value)| *sum += share * value);
        share * cross_entropy(&y, usize::from(target))
    }

    /// Copies θ into the matrices, in the order in which nalgebra holds them.
    fn load(&mut self) {
        let mut rest = self.theta.as_slice();
        for part in [
            self.rnn.w.as_mut_slice(),
            self.rnn.b.as_mut_slice(),
            self.readout.w.as_mut_slice(),
            self.readout.b.as_mut_slice(),
        ] {
            let (values, others) = rest.split_at(part.len());
            part.copy_from_slice(values);
            rest = others;
        }
    }
    // ANCHOR_END: plain_step

    /// Examines the network, as [`evaluate`](crate::evaluate).
    ///
    /// # Panics
    /// If there are no sequences, or a digit is above 9.
    pub fn evaluate(&self, sequences: &[Sequence]) -> Scores {
        assert!(!sequences.is_empty(), "nothing to be examined on");
        let h_0 = DVector::zeros(self.rnn.b.len());
        let (mut loss, mut right) = (0.0, 0);
        for Sequence { context, next } in sequences {
            let xs: Vec<_> = context.iter().map(|&digit| one_hot(digit)).collect();
            let hs = self.rnn.unroll(&h_0, &xs);
            let y = self.readout.forward(hs.last().unwrap_or(&h_0));
            loss += cross_entropy(&y, usize::from(*next));
            right += usize::from(y.argmax().0 == usize::from(*next));
        }
        Scores { loss: loss / sequences.len() as f64, right, of: sequences.len() }
    }
}
