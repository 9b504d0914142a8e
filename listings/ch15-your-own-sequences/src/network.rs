//! The network: LSTM layers, and the linear layer of chapter 13 on what the last of them says at every step.

use std::ops::Range;

use loss_and_optimiser::{Linear, cross_entropy, cross_entropy_backward, set_forget_bias, uniform};
use nalgebra::{DMatrix, DVector};
use one_matrix::{Layer, Weights};
use output_gate::PyTorch;
use rand::Rng;

use crate::dropout::Masks;
use crate::layer::{Inputs, Pass, States};
use crate::padded::Padded;
use crate::stack;
use crate::stream::Stream;
use crate::symbols::Symbol;

// ANCHOR: network
/// The size of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// K, the number of symbols: as many inputs as answers.
    pub symbols: usize,
    /// H, the number of units in each layer.
    pub hidden: usize,
    /// L, the number of layers.
    pub layers: usize,
}

/// Reads symbols one by one, as one-hot vectors, and gives at every step each of them a score to be the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// Its size.
    pub shape: Shape,
    /// θ, all parameters, one tensor behind the other: see [`Shape::tensors`].
    pub theta: Vec<f64>,
}
// ANCHOR_END: network

// ANCHOR: tensors
/// Where a tensor lies in θ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tensor {
    /// Its name in a PyTorch module that has an `nn.LSTM` named `lstm` and an `nn.Linear` named `fc`.
    pub name: String,
    /// Its shape; the numbers lie row by row.
    pub shape: Vec<usize>,
    /// Its place in θ.
    pub range: Range<usize>,
}

impl Shape {
    /// All tensors of such a network, in the order in which θ holds them.
    pub fn tensors(self) -> Vec<Tensor> {
        let Shape { symbols, hidden, layers } = self;
        let rows = 4 * hidden;
        let mut all = Vec::new();
        for number in 0..layers {
            let inputs = if number == 0 { symbols } else { hidden };
            all.push((format!("lstm.weight_ih_l{number}"), vec![rows, inputs]));
            all.push((format!("lstm.weight_hh_l{number}"), vec![rows, hidden]));
            all.push((format!("lstm.bias_ih_l{number}"), vec![rows]));
            all.push((format!("lstm.bias_hh_l{number}"), vec![rows]));
        }
        all.push(("fc.weight".to_owned(), vec![symbols, hidden]));
        all.push(("fc.bias".to_owned(), vec![symbols]));
        let mut end = 0;
        let place = |(name, shape): (String, Vec<usize>)| {
            let start = end;
            end += shape.iter().product::<usize>();
            Tensor { name, shape, range: start..end }
        };
        all.into_iter().map(place).collect()
    }
    // ANCHOR_END: tensors

    /// The number of parameters.
    pub fn parameters(self) -> usize {
        self.layers().iter().map(|layer| layer.len()).sum::<usize>() + self.linear().len()
    }

    /// The sizes of the layers: the first reads symbols, the others what is below them.
    fn layers(self) -> Vec<Layer> {
        let inputs = |number| if number == 0 { self.symbols } else { self.hidden };
        (0..self.layers).map(|l| Layer { inputs: inputs(l), hidden: self.hidden }).collect()
    }

    fn linear(self) -> Linear {
        Linear { inputs: self.hidden, outputs: self.symbols }
    }

    /// h = 0 and C = 0 in every layer, for B sequences.
    pub fn zeros(self, batch: usize) -> Vec<States> {
        vec![States::zeros(self.hidden, batch); self.layers]
    }
}

// ANCHOR: reading
/// What came of reading a batch with N answers in it.
#[derive(Clone, Debug)]
pub struct Reading {
    layers: Vec<PyTorch>,
    passes: Vec<Pass>,
    /// What the last layer said at each place that is no padding, (H, N).
    h: DMatrix<f64>,
    /// The scores of all symbols at each of these places, (K, N).
    pub logits: DMatrix<f64>,
}
// ANCHOR_END: reading

impl Reading {
    /// The states in which every layer ended.
    pub fn end(&self) -> Vec<States> {
        self.passes.iter().map(|pass| pass.end.clone()).collect()
    }
}

impl Network {
    // ANCHOR: new
    /// A network that has learnt nothing: every parameter is drawn from ±1/√H, as PyTorch does it. With a `forget_bias`, the
    /// bias of every forget gate is that instead.
    pub fn new(shape: Shape, forget_bias: Option<f64>, rng: &mut impl Rng) -> Network {
        let mut theta = vec![0.0; shape.parameters()];
        uniform(&mut theta, 1.0 / (shape.hidden as f64).sqrt(), rng);
        if let Some(bias) = forget_bias {
            let mut rest = theta.as_mut_slice();
            for layer in shape.layers() {
                let (own, others) = rest.split_at_mut(layer.len());
                set_forget_bias(layer, own, bias);
                rest = others;
            }
        }
        Network { shape, theta }
    }
    // ANCHOR_END: new

    /// The weights of the layers as matrices, and θ of the linear layer.
    ///
    /// # Panics
    /// If θ belongs to another shape.
    pub fn parts(&self) -> (Vec<PyTorch>, &[f64]) {
        let mut rest = self.theta.as_slice();
        let mut layers = Vec::with_capacity(self.shape.layers);
        for layer in self.shape.layers() {
            let (own, others) = rest.split_at(layer.len());
            layers.push(matrices(layer, own));
            rest = others;
        }
        (layers, rest)
    }

    /// θ of the linear layer, which is the end of θ.
    fn fc(&self) -> &[f64] {
        &self.theta[self.theta.len() - self.shape.linear().len()..]
    }

    // ANCHOR: read
    /// Reads a batch, each layer from its states in `start`.
    ///
    /// # Panics
    /// If a symbol is beyond K, or the starts do not fit.
    pub fn read(&self, batch: &Padded, start: &[States], masks: Option<&Masks>) -> Reading {
        let (layers, fc) = self.parts();
        let xs = Inputs::Symbols(batch.read.clone());
        let passes = stack::forward(&layers, xs, &batch.lengths, start, masks);
        let hs = &passes.last().expect("a layer").hs;
        let columns: Vec<_> = batch.places().map(|(t, b)| hs[t].column(b)).collect();
        let h = DMatrix::from_columns(&columns);
        let mut logits = DMatrix::zeros(self.shape.symbols, h.ncols());
        self.shape.linear().forward(fc, h.as_slice(), logits.as_mut_slice());
        Reading { layers, passes, h, logits }
    }
    // ANCHOR_END: read

    // ANCHOR: loss
    /// The mean loss of all answers in a batch, in nats; its gradient with respect to θ; and the states at the end.
    ///
    /// The states in `start` count as given: what the loss says about them is not asked.
    ///
    /// # Panics
    /// As [`Network::read`].
    pub fn loss(
        &self,
        batch: &Padded,
        start: &[States],
        masks: Option<&Masks>,
    ) -> (f64, Vec<f64>, Vec<States>) {
        let reading = self.read(batch, start, masks);
        let Reading { layers, passes, h, logits } = &reading;
        let share = 1.0 / logits.ncols() as f64;
        let (loss, y_bar) = cross_entropies(logits, &asked(batch));

        let fc = self.fc();
        let mut fc_bar = vec![0.0; fc.len()];
        let (mut h_bar, y_bar) = (h.clone(), y_bar * share);
        let linear = self.shape.linear();
        linear.backward(fc, h.as_slice(), y_bar.as_slice(), h_bar.as_mut_slice(), &mut fc_bar);
        let mut h_bars = vec![DMatrix::zeros(self.shape.hidden, batch.size()); batch.read.len()];
        for ((t, b), bar) in batch.places().zip(h_bar.column_iter()) {
            h_bars[t].set_column(b, &bar);
        }
        let nothing = self.shape.zeros(batch.size());
        let bars = stack::backward(layers, passes, masks, h_bars, &nothing);
        let of_layers = self.shape.layers().into_iter().zip(&bars);
        let gradient = of_layers.flat_map(|(layer, bars)| layer.theta::<f64>(&bars.weights));
        (loss * share, gradient.chain(fc_bar).collect(), reading.end())
    }
    // ANCHOR_END: loss
}

/// A layer's part of θ as chapter 8's tensors.
pub fn matrices(layer: Layer, theta: &[f64]) -> PyTorch {
    let Weights { weight_ih, weight_hh, bias_ih, bias_hh } = layer.split(theta);
    PyTorch {
        weight_ih: DMatrix::from_row_slice(4 * layer.hidden, layer.inputs, weight_ih),
        weight_hh: DMatrix::from_row_slice(4 * layer.hidden, layer.hidden, weight_hh),
        bias_ih: DVector::from_column_slice(bias_ih),
        bias_hh: DVector::from_column_slice(bias_hh),
    }
}

/// What is asked at every place that is no padding, N symbols.
fn asked(batch: &Padded) -> Vec<Symbol> {
    batch.places().map(|(t, b)| batch.asked[t][b]).collect()
}

// ANCHOR: cross_entropies
/// Chapter 13's loss for N answers, from scores of (K, N): the sum of their losses, and ȳ of each, (K, N).
fn cross_entropies(logits: &DMatrix<f64>, asked: &[Symbol]) -> (f64, DMatrix<f64>) {
    let mut y_bar = logits.clone();
    let mut loss = 0.0;
    for (mut column, &target) in y_bar.column_iter_mut().zip(asked) {
        let scores = column.clone_owned();
        loss += cross_entropy(&scores, usize::from(target));
        column.copy_from(&cross_entropy_backward(&scores, usize::from(target)));
    }
    (loss, y_bar)
}
// ANCHOR_END: cross_entropies

/// So many sequences are examined at a time.
const EXAMINED: usize = 64;

// ANCHOR: evaluate
/// The mean loss of all answers about these sequences, in nats. Nothing is dropped out, and nothing is learnt.
///
/// They are read sorted by their lengths: there is least padding then.
///
/// # Panics
/// If there are none.
pub fn evaluate(network: &Network, sequences: &[Vec<Symbol>]) -> f64 {
    let mut sorted: Vec<&Vec<Symbol>> = sequences.iter().collect();
    sorted.sort_by_key(|sequence| sequence.len());
    let (mut loss, mut answers) = (0.0, 0);
    for some in sorted.chunks(EXAMINED) {
        let batch = Padded::of(some);
        let logits = network.read(&batch, &network.shape.zeros(batch.size()), None).logits;
        loss += cross_entropies(&logits, &asked(&batch)).0;
        answers += logits.ncols();
    }
    loss / answers as f64
}

/// The same of a text that is read in chunks, with the states carried over.
pub fn evaluate_stream(network: &Network, stream: &Stream) -> f64 {
    let mut states = network.shape.zeros(stream.rows());
    let mut loss = 0.0;
    for number in 0..stream.chunks() {
        let batch = stream.chunk(number).batch;
        let reading = network.read(&batch, &states, None);
        loss += cross_entropies(&reading.logits, &asked(&batch)).0;
        states = reading.end();
    }
    loss / stream.answers() as f64
}

/// A loss in bits instead of nats: the logarithm to the base 2.
pub fn bits(nats: f64) -> f64 {
    nats / std::f64::consts::LN_2
}
// ANCHOR_END: evaluate
