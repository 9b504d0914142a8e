//! The gradient of the whole network, from the first weight of the LSTM to the loss: against differences, and
//! against the clear code of chapters 8, 10 and 13, one sequence at a time.
#![allow(clippy::unwrap_used)]

use digits::{Sequence, Task, generator};
use gradient_check::{Affine, Named, check, check_along};
use loss_and_optimiser::{cross_entropy, cross_entropy_backward};
use nalgebra::{DMatrix, DVector};
use next_digit::{Batches, Network, SHARD, Trainer, evaluate, tensors};
use output_gate::{PyTorch, State};
use proptest::prelude::*;
use rnn::one_hot;

/// As in chapter 13: the differences themselves are good to about 1e−8, measured as `check` measures.
const TOLERANCE: f64 = 1e-7;

fn sequences(n: usize, length: usize, seed: u64) -> Vec<Sequence> {
    Task::Random.draw(n, length, &mut generator(seed)).unwrap()
}

/// Weights `scale` times their usual size: with 10 many gates are shut or wide open.
fn network(hidden: usize, scale: f64, seed: u64) -> Network<f64> {
    let mut network = Network::new(hidden, None, &mut generator(!seed));
    network.theta.iter_mut().for_each(|value| *value *= scale);
    network
}

/// A network as a point in the space of its parameters, and the mean loss over a batch there.
fn point(network: &Network<f64>) -> Named {
    Named("theta", DVector::from_column_slice(&network.theta))
}

fn loss_and_gradient(network: &Network<f64>, batch: &[Sequence], threads: usize) -> (f64, Named) {
    let mut trainer = Trainer::new(network.clone(), 0.01, threads);
    let mut batches = Batches::new(batch, batch.len(), 1);
    let (digits, targets) = batches.batch(0);
    let (loss, gradient) = trainer.loss_and_gradient(digits, targets);
    (loss, Named("theta", DVector::from_column_slice(gradient)))
}

fn loss(network: &Network<f64>, theta: &Named, batch: &[Sequence]) -> f64 {
    let network = Network { theta: theta.1.as_slice().to_vec(), ..network.clone() };
    loss_and_gradient(&network, batch, 1).0
}

/// The same with the clear code: the mean loss, and the gradients of the six tensors of PyTorch.
fn clearly(network: &Network<f64>, batch: &[Sequence]) -> (f64, Vec<f64>) {
    let hidden = network.layer.hidden;
    let places = tensors(hidden);
    let part = |k: usize| &network.theta[places[k].range.clone()];
    let cell = PyTorch {
        weight_ih: DMatrix::from_row_slice(4 * hidden, 10, part(0)),
        weight_hh: DMatrix::from_row_slice(4 * hidden, hidden, part(1)),
        bias_ih: DVector::from_column_slice(part(2)),
        bias_hh: DVector::from_column_slice(part(3)),
    };
    let cell = cell.to_cell();
    let output = Affine {
        w: DMatrix::from_row_slice(10, hidden, part(4)),
        b: DVector::from_column_slice(part(5)),
    };
    let mut gradient = vec![0.0; network.theta.len()];
    let mut total = 0.0;
    for Sequence { context, next } in batch {
        let xs: Vec<_> = context.iter().map(|&digit| one_hot(digit)).collect();
        let steps = bptt::forward(&cell, &State::zeros(hidden), &xs);
        let h = &steps.last().unwrap().state.h;
        let (y, target) = (output.forward(h), usize::from(*next));
        let (output_bar, h_bar) = output.backward(h, &cross_entropy_backward(&y, target));
        let mut h_bars = vec![DVector::zeros(hidden); steps.len() - 1];
        h_bars.push(h_bar);
        let bars = bptt::backward(&cell, &steps, &h_bars, &DVector::zeros(hidden));
        let bars = PyTorch::from_gradient(&bars.cell);
        let rows = |matrix: &DMatrix<f64>| matrix.transpose().as_slice().to_vec();
        let all = [
            rows(&bars.weight_ih),
            rows(&bars.weight_hh),
            bars.bias_ih.as_slice().to_vec(),
            bars.bias_hh.as_slice().to_vec(),
            rows(&output_bar.w),
            output_bar.b.as_slice().to_vec(),
        ]
        .concat();
        gradient.iter_mut().zip(all).for_each(|(sum, value)| *sum += value / batch.len() as f64);
        total += cross_entropy(&y, target);
    }
    (total / batch.len() as f64, gradient)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Every parameter, one by one.
    #[test]
    fn every_entry(hidden in 1..=5_usize, length in 2..=7_usize, batch in 1..=4_usize, scale in 0.2..10.0_f64, seed: u64) {
        let (network, batch) = (network(hidden, scale, seed), sequences(batch, length, seed));
        let (_, gradient) = loss_and_gradient(&network, &batch, 1);
        let report = check(&point(&network), &gradient, |theta| loss(&network, theta, &batch));
        prop_assert!(report.worst.error < TOLERANCE, "{report}");
    }

    /// The size that the program trains, along random directions; several shards, the last one smaller.
    #[test]
    fn full_size(length in 5..=12_usize, batch in 1..=70_usize, seed: u64) {
        let (network, batch) = (network(32, 1.0, seed), sequences(batch, length, seed));
        let (_, gradient) = loss_and_gradient(&network, &batch, 1);
        let along = |theta: &Named| loss(&network, theta, &batch);
        let error = check_along(&point(&network), &gradient, &mut generator(seed), along);
        prop_assert!(error < TOLERANCE, "{error:e}");
    }

    /// Chapter 12's layer, in shards and on any number of threads, computes what the clear code computes.
    #[test]
    fn as_the_clear_code(hidden in 1..=9_usize, length in 2..=9_usize, batch in 1..=80_usize, threads in 1..=3_usize, seed: u64) {
        let (network, batch) = (network(hidden, 3.0, seed), sequences(batch, length, seed));
        let (loss, gradient) = loss_and_gradient(&network, &batch, threads);
        let (expected, clear) = clearly(&network, &batch);
        prop_assert!((loss - expected).abs() < 1e-12 * expected.max(1.0), "{loss} and {expected}");
        prop_assert!((evaluate(&network, &batch).loss - expected).abs() < 1e-12 * expected.max(1.0));
        let largest = clear.iter().fold(1e-3_f64, |max, value| max.max(value.abs()));
        let error = gradient.1.iter().zip(&clear).fold(0.0_f64, |max, (a, b)| max.max((a - b).abs()));
        prop_assert!(error < 1e-11 * largest, "{error:e} of {largest:e}");
    }
}

/// Mistakes that a trainer could make, each refused.
#[test]
fn wrong_gradients_are_refused() {
    let (network, batch) = (network(4, 1.0, 9), sequences(SHARD + 3, 5, 9));
    let worst = |gradient: &Named| {
        check(&point(&network), gradient, |theta| loss(&network, theta, &batch)).worst.error
    };
    let (_, right) = loss_and_gradient(&network, &batch, 1);
    assert!(worst(&right) < TOLERANCE);

    // The sum over the batch where the mean was meant.
    assert!(worst(&Named("theta", &right.1 * batch.len() as f64)) > 0.5);
    // The second shard forgotten.
    let (_, first) = loss_and_gradient(&network, &batch[..SHARD], 1);
    assert!(worst(&first) > 0.01);
    // Each tensor off by one percent, in turn.
    for tensor in tensors(4) {
        let mut off = right.clone();
        off.1.as_mut_slice()[tensor.range].iter_mut().for_each(|value| *value *= 1.01);
        assert!(worst(&off) > 1e-3, "{}", tensor.name);
    }
}

#[test]
fn the_six_tensors_fill_theta() {
    let network = network(3, 1.0, 1);
    let tensors = tensors(3);
    assert_eq!(tensors.first().unwrap().range.start, 0);
    assert!(tensors.windows(2).all(|pair| pair[0].range.end == pair[1].range.start));
    assert_eq!(tensors.last().unwrap().range.end, network.theta.len());
    assert!(tensors.iter().all(|t| t.shape.iter().product::<usize>() == t.range.len()));
    // 4 H (10 + H + 2) + 10 (H + 1).
    assert_eq!(network.theta.len(), 4 * 3 * 15 + 40);
}
