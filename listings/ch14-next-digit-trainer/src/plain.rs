//! The plain recurrent network of chapters 2 and 4 on the same tasks, with the same optimiser, to stand beside.

use digits::{DIGITS, Sequence, generator};
use loss_and_optimiser::{Adam, Linear, Optimiser, clip, cross_entropy_batch, uniform};
use nalgebra::{DMatrix, DVector};
use one_matrix::{Real, Tanh, rational_tanh};

use crate::batches::{WEIGHTS_STREAM, time_major};
use crate::scores::likeliest;
use crate::{NotFinite, SHARD, Scores, Start};

// ANCHOR: plain
/// A plain network and its optimiser, a whole batch at a time as in chapter 12: vectors become matrices.
///
/// θ is W_hh of (H, H) and the table of (H, 10), both column by column, and then the output layer. A column of the table
/// is what a digit adds: its column of chapter 2's W_hx. b_h is added to all of them.
#[derive(Clone, Debug)]
pub struct PlainTrainer<R: Real> {
    /// H, the number of units.
    pub hidden: usize,
    /// W_hh, W_hx, b_h; W_y, b_y.
    pub theta: Vec<R>,
    gradient: Vec<R>,
    adam: Adam<R>,
    clip: R,
}
// ANCHOR_END: plain

impl<R: Real> PlainTrainer<R> {
    /// A network that has learnt nothing, every parameter drawn from ±1/√H. It has no forget gate to give a bias to.
    pub fn new(start: &Start, seed: u64) -> PlainTrainer<R> {
        let hidden = start.hidden;
        let size = hidden * (hidden + DIGITS + 1) + linear(hidden).len();
        let mut rng = generator(seed);
        rng.set_stream(WEIGHTS_STREAM);
        let mut theta = vec![R::zero(); size];
        uniform(&mut theta, start.scale / (hidden as f64).sqrt(), &mut rng);
        PlainTrainer {
            hidden,
            theta,
            gradient: vec![R::zero(); size],
            adam: Adam::new(size, start.learning_rate),
            clip: R::of(start.clip.unwrap_or(f64::INFINITY)),
        }
    }

    /// W_hh, (H, H); W_hx, (H, 10); b_h, (H).
    pub fn weights(&self) -> (DMatrix<R>, DMatrix<R>, DVector<R>) {
        let (hidden, inputs) = (self.hidden, self.hidden * DIGITS);
        let (w_hh, rest) = self.theta.split_at(hidden * hidden);
        (
            DMatrix::from_column_slice(hidden, hidden, w_hh),
            DMatrix::from_column_slice(hidden, DIGITS, &rest[..inputs]),
            DVector::from_column_slice(&rest[inputs..inputs + hidden]),
        )
    }

    /// The part of θ that is the output layer's.
    pub fn output(&self) -> &[R] {
        &self.theta[self.theta.len() - linear(self.hidden).len()..]
    }

    // ANCHOR: plain_forward
    /// h_0 … h_T, each (H, B), of digits (T, B), step by step.
    fn unroll(&self, digits: &[u8], batch: usize) -> Vec<DMatrix<R>> {
        let (w_hh, w_hx, b_h) = self.weights();
        let mut h = DMatrix::zeros(self.hidden, batch);
        let mut hs = vec![h.clone()];
        for step in digits.chunks_exact(batch) {
            h = &w_hh * h;
            for (mut column, &digit) in h.column_iter_mut().zip(step) {
                column += &b_h;
                column += w_hx.column(usize::from(digit));
            }
            h.apply(|h| *h = tanh(*h));
            hs.push(h.clone());
        }
        hs
    }
    // ANCHOR_END: plain_forward

    // ANCHOR: plain_backward
    /// The mean loss over a batch, and its gradient.
    ///
    /// # Panics
    /// If the batch is empty, or a digit is above 9.
    pub fn loss_and_gradient(&mut self, digits: &[u8], targets: &[u8]) -> (f64, &[R]) {
        let (hidden, batch) = (self.hidden, targets.len());
        let hs = self.unroll(digits, batch);
        let (h, mut y) = (&hs[hs.len() - 1], vec![R::zero(); DIGITS * batch]);
        linear(hidden).forward(self.output(), h.as_slice(), &mut y);
        let loss = cross_entropy_batch(&mut y, targets, R::one() / R::of(batch as f64));

        let mut h_bar = DMatrix::zeros(hidden, batch);
        let mut gradient = std::mem::take(&mut self.gradient);
        let (rnn, output) = gradient.split_at_mut(self.theta.len() - linear(hidden).len());
        linear(hidden).backward(self.output(), h.as_slice(), &y, h_bar.as_mut_slice(), output);
        let w_hh_t = self.weights().0.transpose();
        let mut w_hh_bar = DMatrix::zeros(hidden, hidden);
        let mut w_hx_bar = DMatrix::zeros(hidden, DIGITS);
        for (step, pair) in digits.chunks_exact(batch).zip(hs.windows(2)).rev() {
            let z_bar = h_bar.zip_map(&pair[1], |h_bar, h| h_bar * (R::one() - h * h));
            w_hh_bar += &z_bar * pair[0].transpose();
            for (column, &digit) in z_bar.column_iter().zip(step) {
                let mut sum = w_hx_bar.column_mut(usize::from(digit));
                sum += column;
            }
            h_bar = &w_hh_t * z_bar;
        }
        // Every step reads one digit, so that b_h, which is always added, gets what all ten get together.
        let b_h_bar = w_hx_bar.column_sum();
        let parts = [w_hh_bar.as_slice(), w_hx_bar.as_slice(), b_h_bar.as_slice()];
        rnn.iter_mut().zip(parts.into_iter().flatten()).for_each(|(bar, value)| *bar = *value);
        self.gradient = gradient;
        (loss.to_f64(), &self.gradient)
    }
    // ANCHOR_END: plain_backward

    /// One step on a batch, as [`Trainer::step`](crate::Trainer::step).
    ///
    /// # Errors
    /// If a number is not finite any more.
    ///
    /// # Panics
    /// As [`PlainTrainer::loss_and_gradient`].
    pub fn step(&mut self, digits: &[u8], targets: &[u8]) -> Result<f64, NotFinite> {
        let (loss, _) = self.loss_and_gradient(digits, targets);
        let norm = clip(&mut self.gradient, self.clip);
        let error = NotFinite { step: self.adam.t + 1 };
        if !(loss.is_finite() && norm.is_finite()) {
            return Err(error);
        }
        self.adam.step(&mut self.theta, &self.gradient);
        if self.theta.iter().all(|value| value.is_finite()) { Ok(loss) } else { Err(error) }
    }

    /// Examines the network, as [`evaluate`](crate::evaluate).
    ///
    /// # Panics
    /// If there are no sequences, or a digit is above 9.
    pub fn evaluate(&self, sequences: &[Sequence]) -> Scores {
        assert!(!sequences.is_empty(), "nothing to be examined on");
        let (mut digits, mut loss, mut right) = (Vec::new(), 0.0, 0);
        for shard in sequences.chunks(SHARD) {
            time_major(shard.iter().map(|s| s.context.as_slice()), &mut digits);
            let targets: Vec<u8> = shard.iter().map(|s| s.next).collect();
            let hs = self.unroll(&digits, shard.len());
            let mut y = vec![R::zero(); DIGITS * shard.len()];
            linear(self.hidden).forward(self.output(), hs[hs.len() - 1].as_slice(), &mut y);
            let answers = y.chunks_exact(DIGITS).map(likeliest);
            right += answers.zip(&targets).filter(|(answer, target)| answer == *target).count();
            loss += cross_entropy_batch(&mut y, &targets, R::one()).to_f64();
        }
        Scores { loss: loss / sequences.len() as f64, right, of: sequences.len() }
    }
}

fn linear(hidden: usize) -> Linear {
    Linear { inputs: hidden, outputs: DIGITS }
}

fn tanh<R: Real>(z: R) -> R {
    match R::TANH {
        Tanh::Exact => R::tanh(z),
        Tanh::Rational => rational_tanh(z),
    }
}
