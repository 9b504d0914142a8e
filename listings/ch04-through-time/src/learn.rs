//! A plain network that learns, by plain descent, to repeat the first of several digits.

use digits::{DIGITS, DataError, Sequence, Split, Task, generator};
use gradient_check::{Affine, Parameters, Tensor, TensorMut};
use nalgebra::{DMatrix, DVector};
use rand::Rng;
use rnn::{Rnn, one_hot};

use crate::fade::uniform;
use crate::{Leaves, adjoints, backward, clip, median};

// ANCHOR: learner
/// Chapter 2's network with an output layer. Or, in the same shapes, the gradient of a loss.
#[derive(Clone, Debug, PartialEq)]
pub struct Learner {
    /// W_h, (H, H + 10), and b_h, (H).
    pub rnn: Rnn,
    /// W_y, (10, H), and b_y, (10).
    pub output: Affine,
}
// ANCHOR_END: learner

// ANCHOR: seen
/// What one sequence leaves behind for the way back.
struct Seen {
    xs: Vec<DVector<f64>>,
    hs: Vec<DVector<f64>>,
    /// y_T − q, (10).
    y_bar: DVector<f64>,
    /// What the loss itself says about each state: nothing, but for the last.
    direct: Vec<DVector<f64>>,
}
// ANCHOR_END: seen

impl Learner {
    /// A network that has learnt nothing: weights between −1/√H and 1/√H, biases 0.
    pub fn new(hidden: usize, rng: &mut impl Rng) -> Learner {
        let most = 1.0 / (hidden as f64).sqrt();
        let mut draw = |rows, columns| DMatrix::from_fn(rows, columns, |_, _| most * uniform(rng));
        let rnn = Rnn { w: draw(hidden, hidden + DIGITS), b: DVector::zeros(hidden) };
        Learner { rnn, output: Affine { w: draw(DIGITS, hidden), b: DVector::zeros(DIGITS) } }
    }

    /// The same network but for W_hh, which becomes `stretch` times the orthogonal matrix of its QR
    /// decomposition: it makes every vector `stretch` times as long.
    pub fn orthogonal(mut self, stretch: f64) -> Learner {
        let q = self.rnn.w_hh().qr().q() * stretch;
        self.rnn.w.columns_mut(0, q.ncols()).copy_from(&q);
        self
    }

    /// h_1 … h_T, each (H), from a state of zeros.
    fn unroll(&self, xs: &[DVector<f64>]) -> Vec<DVector<f64>> {
        self.rnn.unroll(&DVector::zeros(self.rnn.b.len()), xs)
    }

    fn read(&self, sequence: &Sequence) -> Seen {
        let xs: Vec<_> = sequence.context.iter().map(|&digit| one_hot(digit)).collect();
        let hs = self.unroll(&xs);
        let last = &hs[hs.len() - 1];
        let y_bar = self.output.forward(last) - one_hot(sequence.next);
        let mut direct = vec![last * 0.0; hs.len() - 1];
        direct.push(self.output.w.transpose() * &y_bar);
        Seen { xs, hs, y_bar, direct }
    }

    /// The digit whose output is the largest.
    ///
    /// # Panics
    /// If the context is empty, or one of its numbers is no digit.
    pub fn answer(&self, context: &[u8]) -> u8 {
        let xs: Vec<_> = context.iter().map(|&digit| one_hot(digit)).collect();
        let hs = self.unroll(&xs);
        self.output.forward(&hs[hs.len() - 1]).argmax().0 as u8
    }

    /// The mean of ½ ‖y_T − q‖² over the sequences, where q is the right digit's one-hot vector.
    ///
    /// # Panics
    /// As [`Learner::answer`].
    pub fn loss(&self, sequences: &[Sequence]) -> f64 {
        let losses = sequences.iter().map(|s| 0.5 * self.read(s).y_bar.norm_squared());
        losses.sum::<f64>() / sequences.len() as f64
    }

    // ANCHOR: gradient
    /// The gradient of [`Learner::loss`], if `passed` is 1. Otherwise a forgery: the walk back takes
    /// W_hh `passed` times at every step, and nothing else is changed.
    ///
    /// # Panics
    /// As [`Learner::answer`].
    pub fn gradient(&self, sequences: &[Sequence], passed: f64) -> Learner {
        let hidden = self.rnn.b.len();
        let mut way_back = self.rnn.clone();
        way_back.w.columns_mut(0, hidden).scale_mut(passed);
        let mut mean = self.clone();
        mean.add(-1.0, self); // itself, less itself: zeros in the right shapes
        for sequence in sequences {
            let Seen { xs, hs, y_bar, direct } = self.read(sequence);
            let (output, _) = self.output.backward(&hs[hs.len() - 1], &y_bar);
            let leaves = Leaves { rnn: way_back.clone(), h_0: DVector::zeros(hidden), xs };
            let rnn = backward(&leaves, &hs, &direct).rnn;
            mean.add(1.0 / sequences.len() as f64, &Learner { rnn, output });
        }
        mean
    }

    /// Adds `factor` times the other's numbers. With a gradient and −η it is a step of descent.
    pub fn add(&mut self, factor: f64, other: &Learner) {
        for (to, from) in self.tensors_mut().into_iter().zip(other.tensors()) {
            to.values.iter_mut().zip(from.values).for_each(|(to, from)| *to += factor * from);
        }
    }
    // ANCHOR_END: gradient

    /// How much of the loss's message is left at the first digit: ‖h̄_1‖ / ‖h̄_T‖, the median over
    /// the sequences.
    ///
    /// # Panics
    /// As [`Learner::answer`], or if there are no sequences.
    pub fn left(&self, sequences: &[Sequence]) -> f64 {
        median(sequences.iter().map(|sequence| {
            let Seen { hs, direct, .. } = self.read(sequence);
            let h_bars = adjoints(&self.rnn, &hs, &direct).h;
            h_bars[0].norm() / h_bars[hs.len() - 1].norm()
        }))
    }
}

impl Parameters for Learner {
    fn tensors(&self) -> Vec<Tensor<'_>> {
        let Learner { rnn: Rnn { w, b }, output } = self;
        let mut all = output.tensors();
        all.push(Tensor { name: "W_h", rows: w.nrows(), values: w.as_slice() });
        all.push(Tensor { name: "b_h", rows: b.len(), values: b.as_slice() });
        all
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_>> {
        let Learner { rnn: Rnn { w, b }, output } = self;
        let mut all = output.tensors_mut();
        all.push(TensorMut { name: "W_h", values: w.as_mut_slice() });
        all.push(TensorMut { name: "b_h", values: b.as_mut_slice() });
        all
    }
}

/// How a network of 16 units is trained to repeat the first of some digits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Training {
    /// How many digits are read.
    pub digits: usize,
    /// How [`Learner::orthogonal`] W_hh is at the start; as it was drawn if nothing is said.
    pub stretch: Option<f64>,
    /// What [`Learner::gradient`] is told.
    pub passed: f64,
    /// How often the weights are moved.
    pub updates: usize,
}

/// How a network stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// Right answers, in percent of the 500 sequences of its test set.
    pub right: f64,
    /// [`Learner::left`] on these sequences.
    pub left: f64,
}

/// How many sequences an update looks at.
const BATCH: usize = 32;

impl Training {
    // ANCHOR: train
    /// One training. Returns how the network stands before it, after each quarter, and at its end.
    ///
    /// # Panics
    /// If no digits are read.
    pub fn run(&self, seed: u64) -> [Standing; 5] {
        let Split { training, unseen } = self.sequences(seed);
        let mut learner = self.learner(seed);
        let mut stands = [learner.stands(&unseen); 5];
        let batches: Vec<&[Sequence]> = training.chunks(BATCH).collect();
        for (quarter, stands) in batches.chunks(self.updates.div_ceil(4)).zip(&mut stands[1..]) {
            for batch in quarter {
                let mut gradient = learner.gradient(batch, self.passed);
                clip(&mut gradient, 1.0);
                learner.add(-0.3, &gradient);
            }
            *stands = learner.stands(&unseen);
        }
        stands
    }
    // ANCHOR_END: train

    /// The network at the start. The sequences come from this seed's stream 0; the weights must not
    /// repeat their random numbers.
    pub fn learner(&self, seed: u64) -> Learner {
        let mut rng = generator(seed);
        rng.set_stream(1);
        let learner = Learner::new(16, &mut rng);
        match self.stretch {
            Some(stretch) => learner.orthogonal(stretch),
            None => learner,
        }
    }

    /// What is learnt from, fresh for each update, and 500 sequences for the test set, none of which
    /// is learnt from. If that leaves none, as with three digits and fewer, any are taken.
    ///
    /// # Panics
    /// If no digits are read.
    pub fn sequences(&self, seed: u64) -> Split {
        let (learnt, length, rng) = (BATCH * self.updates, self.digits + 1, &mut generator(seed));
        let split = Split::draw(Task::First, length, learnt, 500, rng).or_else(|error| {
            let DataError::NothingUnseen { .. } = error else { return Err(error) };
            let training = Task::First.draw(learnt, length, rng)?;
            Ok(Split { training, unseen: Task::First.draw(500, length, rng)? })
        });
        split.expect("at least one digit")
    }
}

impl Learner {
    /// Examines it.
    fn stands(&self, sequences: &[Sequence]) -> Standing {
        let right = sequences.iter().filter(|s| self.answer(&s.context) == s.next).count();
        let right = 100.0 * right as f64 / sequences.len() as f64;
        Standing { right, left: self.left(sequences) }
    }
}
