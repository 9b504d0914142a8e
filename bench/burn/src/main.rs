//! The row of burn: its `Lstm`, `Linear`, cross-entropy and `Adam`, on its CPU backend Flex.
#![forbid(unsafe_code)]

use anyhow::{Context, Result};
use bench::{Batch, DIGITS, LEARNING_RATE, Step, Task, Work};
use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{Linear, LinearConfig, Lstm, LstmConfig};
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Int, Tensor};

#[derive(Module, Debug)]
struct Network {
    lstm: Lstm,
    linear: Linear,
}

impl Network {
    fn new(hidden: usize, device: &Device) -> Network {
        Network {
            lstm: LstmConfig::new(DIGITS, hidden, true).init(device),
            linear: LinearConfig::new(hidden, DIGITS).init(device),
        }
    }

    /// Logits (B, 10) of digits (B, T).
    fn forward(&self, digits: Tensor<2, Int>) -> Tensor<2> {
        let (_, state) = self.lstm.forward(digits.one_hot::<3>(DIGITS).float(), None);
        self.linear.forward(state.hidden)
    }
}

/// Digits (B, T) and labels (B).
type Tensors = (Tensor<2, Int>, Tensor<1, Int>);

fn tensors(work: &Work, batch: &Batch, device: &Device) -> Tensors {
    let digits = Tensor::<1, Int>::from_ints(batch.digits.as_slice(), device);
    let labels = Tensor::from_ints(batch.labels.as_slice(), device);
    (digits.reshape([work.batch, work.length]), labels)
}

fn make(work: &Work, batches: &[Batch]) -> Result<Step> {
    let device = match work.task {
        Task::Train => Device::flex().autodiff(),
        Task::Infer => Device::flex(),
    };
    let batches: Vec<_> = batches.iter().map(|batch| tensors(work, batch, &device)).collect();
    let network = Network::new(work.hidden, &device);
    Ok(match work.task {
        Task::Train => train(network, batches, &device),
        Task::Infer => Box::new(move |at| {
            let digit = network.forward(batches[at].0.clone()).argmax(1);
            Ok(digit.into_scalar::<i64>() as f32)
        }),
    })
}

fn train(network: Network, batches: Vec<Tensors>, device: &Device) -> Step {
    // PyTorch's epsilon; burn's default is larger.
    let mut adam = AdamConfig::new().with_epsilon(1e-8).init();
    let cross_entropy = CrossEntropyLossConfig::new().init(device);
    // The optimiser takes a network and returns the next one.
    let mut network = Some(network);
    Box::new(move |at| {
        let now = network.take().context("the step before this one failed")?;
        let (digits, labels) = batches[at].clone();
        let loss = cross_entropy.forward(now.forward(digits), labels);
        let gradients = GradientsParams::from_grads(loss.backward(), &now);
        network = Some(adam.step(LEARNING_RATE, now, gradients));
        Ok(loss.into_scalar::<f32>())
    })
}

fn main() -> Result<()> {
    bench::serve(&format!("burn {} on Flex", bench::version("burn")), make)
}
