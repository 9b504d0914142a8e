//! The network: one LSTM layer of chapter 12, and the linear layer of chapter 13 on its last state.

use std::ops::Range;

use digits::DIGITS;
use loss_and_optimiser::{Linear, set_forget_bias, uniform};
use one_matrix::{Batch, Layer, Packed, Real, Tanh, Unrolled};
use rand::Rng;

// ANCHOR: network
/// Reads digits one by one, as one-hot vectors, and gives every digit a score to be the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Network<R> {
    /// The LSTM: D = 10 inputs, H hidden units.
    pub layer: Layer,
    /// What turns h_T into ten scores.
    pub linear: Linear,
    /// All parameters, one tensor behind the other: see [`tensors`].
    pub theta: Vec<R>,
}
// ANCHOR_END: network

// ANCHOR: tensors
/// Where a tensor lies in θ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tensor {
    /// Its name in a PyTorch module that has an `nn.LSTM` named `lstm` and an `nn.Linear` named `fc`.
    pub name: &'static str,
    /// Its shape; the numbers lie row by row.
    pub shape: Vec<usize>,
    /// Its place in θ.
    pub range: Range<usize>,
}

/// The six tensors of a network with `hidden` units, in the order in which θ holds them.
pub fn tensors(hidden: usize) -> Vec<Tensor> {
    let rows = 4 * hidden;
    let mut end = 0;
    [
        ("lstm.weight_ih_l0", vec![rows, DIGITS]),
        ("lstm.weight_hh_l0", vec![rows, hidden]),
        ("lstm.bias_ih_l0", vec![rows]),
        ("lstm.bias_hh_l0", vec![rows]),
        ("fc.weight", vec![DIGITS, hidden]),
        ("fc.bias", vec![DIGITS]),
    ]
    .into_iter()
    .map(|(name, shape)| {
        let start = end;
        end += shape.iter().product::<usize>();
        Tensor { name, shape, range: start..end }
    })
    .collect()
}
// ANCHOR_END: tensors

impl<R: Real> Network<R> {
    // ANCHOR: new
    /// A network with `hidden` units that has learnt nothing: every parameter is drawn from ±1/√H, as PyTorch
    /// does it. With a `forget_bias`, the bias of every forget gate is that instead.
    pub fn new(hidden: usize, forget_bias: Option<f64>, rng: &mut impl Rng) -> Network<R> {
        let mut network = Network::zeros(hidden);
        uniform(&mut network.theta, 1.0 / (hidden as f64).sqrt(), rng);
        if let Some(bias) = forget_bias {
            let lstm = network.layer.len();
            set_forget_bias(network.layer, &mut network.theta[..lstm], bias);
        }
        network
    }
    // ANCHOR_END: new

    /// A network whose parameters are all 0.
    pub fn zeros(hidden: usize) -> Network<R> {
        let layer = Layer { inputs: DIGITS, hidden };
        let linear = Linear { inputs: hidden, outputs: DIGITS };
        Network { layer, linear, theta: vec![R::zero(); layer.len() + linear.len()] }
    }

    /// The part of θ that belongs to the LSTM, and the part that belongs to the linear layer.
    pub fn parts(&self) -> (&[R], &[R]) {
        self.theta.split_at(self.layer.len())
    }

    // ANCHOR: logits
    /// The scores of the ten digits after these, (10), with the exact tanh: one question is no hurry.
    ///
    /// # Panics
    /// If there are no digits, or one is above 9.
    pub fn logits(&self, context: &[u8]) -> Vec<R> {
        let (lstm, fc) = self.parts();
        let mut packed = Packed::new(self.layer);
        packed.load(lstm);
        let mut unrolled = Unrolled::new(self.layer);
        unrolled.tanh = Tanh::Exact;
        let mut logits = vec![R::zero(); DIGITS];
        self.linear.forward(
            fc,
            unrolled.forward(&packed, &Batch::of_digits(1, context)),
            &mut logits,
        );
        logits
    }

    // ANCHOR_END: logits
}
