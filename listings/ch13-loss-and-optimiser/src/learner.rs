//! The pieces put together: a network of chapter 12's layer and a linear one, its loss, and its gradient.

use digits::{DIGITS, Sequence};
use one_matrix::{Batch, Layer, Packed, Real, Unrolled};
use rand::Rng;

use crate::{Linear, cross_entropy_batch, uniform};

// ANCHOR: learner
/// A network that reads digits and answers with a score for each of the ten, from its last hidden state.
#[derive(Clone, Debug)]
pub struct Learner<R> {
    /// Reads the digits: D = 10, H hidden units.
    pub layer: Layer,
    /// Answers: K = 10.
    pub linear: Linear,
    /// θ, all parameters: those of the layer, then those of the linear one.
    pub theta: Vec<R>,
    /// The gradient of θ, since the last [`Learner::loss`].
    pub gradient: Vec<R>,
    packed: Packed<R>,
    unrolled: Unrolled<R>,
    y: Vec<R>,
    h_bar: Vec<R>,
}
// ANCHOR_END: learner

impl<R: Real> Learner<R> {
    // ANCHOR: new
    /// A network that has learnt nothing, every parameter drawn from ±1/√H.
    pub fn new(hidden: usize, rng: &mut impl Rng) -> Learner<R> {
        let layer = Layer { inputs: DIGITS, hidden };
        let linear = Linear { inputs: hidden, outputs: DIGITS };
        let mut theta = vec![R::zero(); layer.len() + linear.len()];
        uniform(&mut theta, 1.0 / (hidden as f64).sqrt(), rng);
        let gradient = vec![R::zero(); theta.len()];
        let (packed, unrolled) = (Packed::new(layer), Unrolled::new(layer));
        Learner {
            layer,
            linear,
            theta,
            gradient,
            packed,
            unrolled,
            y: Vec::new(),
            h_bar: Vec::new(),
        }
    }
    // ANCHOR_END: new

    // ANCHOR: forward
    /// The scores of every sequence, (10, B). `digits` holds, step by step, the digits of all sequences.
    fn forward(&mut self, digits: &[u8], size: usize) {
        let (lstm, linear) = self.theta.split_at(self.layer.len());
        self.packed.load(lstm);
        let h = self.unrolled.forward(&self.packed, &Batch::of_digits(size, digits));
        self.y.resize(DIGITS * size, R::zero());
        self.linear.forward(linear, h, &mut self.y);
    }
    // ANCHOR_END: forward

    // ANCHOR: loss
    /// The mean loss of a batch; its gradient is left in `gradient`.
    ///
    /// # Panics
    /// If there are no targets, or a digit is above 9.
    pub fn loss(&mut self, digits: &[u8], targets: &[u8]) -> R {
        let size = targets.len();
        self.forward(digits, size);
        let loss = cross_entropy_batch(&mut self.y, targets, R::of(1.0 / size as f64));

        let (_, linear) = self.theta.split_at(self.layer.len());
        let (lstm_bar, linear_bar) = self.gradient.split_at_mut(self.layer.len());
        self.h_bar.resize(self.layer.hidden * size, R::zero());
        let h = self.unrolled.last();
        self.linear.backward(linear, h, &self.y, &mut self.h_bar, linear_bar);
        let batch = Batch::of_digits(size, digits);
        self.unrolled.backward(&self.packed, &batch, &self.h_bar, None, lstm_bar);
        loss
    }
    // ANCHOR_END: loss

    /// What the mean loss of a batch says about its inputs: x̄ of every step, (D, T·B).
    ///
    /// # Panics
    /// As [`Learner::loss`].
    pub fn input_bar(&mut self, digits: &[u8], targets: &[u8]) -> Vec<R> {
        self.loss(digits, targets);
        let mut x_bar = vec![R::zero(); DIGITS * digits.len()];
        self.unrolled.input_bar(&self.packed, &mut x_bar);
        x_bar
    }

    /// How many of a batch are answered right: the target has the largest score.
    ///
    /// # Panics
    /// If there are no targets, or a digit is above 9.
    pub fn right(&mut self, digits: &[u8], targets: &[u8]) -> usize {
        self.forward(digits, targets.len());
        let best = |y: &[R]| (0..y.len()).fold(0, |best, k| if y[k] > y[best] { k } else { best });
        let answers = self.y.chunks_exact(DIGITS).map(best);
        answers.zip(targets).filter(|(answer, target)| *answer == usize::from(**target)).count()
    }
}

/// Sequences of one length as a batch: the digits step by step, and what follows each sequence.
pub fn batch_of(sequences: &[Sequence]) -> (Vec<u8>, Vec<u8>) {
    let length = sequences.first().map_or(0, |sequence| sequence.context.len());
    let step = |t: usize| sequences.iter().map(move |sequence| sequence.context[t]);
    ((0..length).flat_map(step).collect(), sequences.iter().map(|sequence| sequence.next).collect())
}
