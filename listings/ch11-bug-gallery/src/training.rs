//! Plain gradient descent, one sequence at a time, on chapter 1's data. Chapter 13 has better.

use digits::{DIGITS, DataError, Sequence, Split, Task, generator};
use gradient_check::{Affine, Parameters};
use nalgebra::{DMatrix, DVector};
use output_gate::{Candidate, Gate, LstmCell};
use rand::Rng;

use crate::Bug;
use crate::backward::gradient;
use crate::network::{Network, Problem, forward, loss, probabilities};

/// What a training is made of, all but the seed and the bug.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The rule behind the answers.
    pub task: Task,
    /// Digits in a sequence, with the one that the task adds at the end: T + 1.
    pub length: usize,
    /// H.
    pub hidden: usize,
    /// How far a step goes: this many gradients.
    pub rate: f64,
    /// How many sequences are learned from.
    pub training: usize,
    /// How many others it is examined on.
    pub unseen: usize,
    /// How often the training sequences are gone through.
    pub epochs: usize,
}

impl Settings {
    /// "Say the first digit", at each of three steps.
    pub const FIRST: Settings = Settings {
        task: Task::First,
        length: 4,
        hidden: 10,
        rate: 0.1,
        training: 400,
        unseen: 100,
        epochs: 6,
    };

    /// "Say the sum of the last two digits modulo 10", at the second and third of three steps.
    pub const SUM: Settings = Settings {
        task: Task::Sum,
        length: 4,
        hidden: 10,
        rate: 0.3,
        training: 600,
        unseen: 100,
        epochs: 12,
    };
}

/// How one training went.
#[derive(Clone, Debug, PartialEq)]
pub struct Trained {
    /// The mean loss on the unseen sequences: before the first epoch, and after each.
    pub curve: Vec<f64>,
    /// The share of right answers on the unseen sequences at the end.
    pub accuracy: f64,
}

/// Trains a fresh network. The same seed means the same data, in the same order, and the same start.
///
/// # Errors
/// If the data of `settings` cannot be drawn.
pub fn train(settings: &Settings, seed: u64, bug: Option<Bug>) -> Result<Trained, DataError> {
    let Settings { task, length, hidden, rate, .. } = *settings;
    let rng = &mut generator(seed);
    let split = Split::draw(task, length, settings.training, settings.unseen, rng)?;
    let problems = |drawn: &[Sequence]| -> Vec<Problem> {
        drawn.iter().map(|sequence| Problem::new(task, sequence)).collect()
    };
    let (training, unseen) = (problems(&split.training), problems(&split.unseen));

    let mut network = fresh(hidden, rng);
    let mut curve = vec![mean_loss(&network, &unseen, bug)];
    for _ in 0..settings.epochs {
        for problem in &training {
            let believed = gradient(&network, problem, bug);
            descend(&mut network, &believed, rate);
        }
        curve.push(mean_loss(&network, &unseen, bug));
    }
    Ok(Trained { curve, accuracy: accuracy(&network, &unseen, bug) })
}

// ANCHOR: descend
/// Every parameter, minus the rate times its adjoint.
fn descend(network: &mut Network, gradient: &Network, rate: f64) {
    for (theta, g) in network.tensors_mut().into_iter().zip(gradient.tensors()) {
        theta.values.iter_mut().zip(g.values).for_each(|(theta, g)| *theta -= rate * g);
    }
}
// ANCHOR_END: descend

/// A new network with every number, biases too, drawn evenly from ±1/√H.
pub fn fresh(hidden: usize, rng: &mut impl Rng) -> Network {
    let bound = 1.0 / (hidden as f64).sqrt();
    let mut draw = || bound * (2.0 * f64::from(rng.next_u32()) / f64::from(u32::MAX) - 1.0);
    let mut affine = |outputs: usize, inputs: usize| Affine {
        w: DMatrix::from_fn(outputs, inputs, |_, _| draw()),
        b: DVector::from_fn(outputs, |_, _| draw()),
    };
    let mut gate = || affine(hidden, hidden + DIGITS);
    let (forget, input) = (Gate { affine: gate() }, Gate { affine: gate() });
    let (candidate, output) = (Candidate { affine: gate() }, Gate { affine: gate() });
    let cell = LstmCell { forget, input, candidate, output };
    Network { cell, output: affine(DIGITS, hidden) }
}

fn mean_loss(network: &Network, problems: &[Problem], bug: Option<Bug>) -> f64 {
    let losses = problems.iter().map(|problem| loss(network, problem, bug));
    losses.sum::<f64>() / problems.len() as f64
}

/// How many of the asked answers are the most probable digit, 0 to 1.
fn accuracy(network: &Network, problems: &[Problem], bug: Option<Bug>) -> f64 {
    let right: usize = (problems.iter())
        .map(|problem| {
            let steps = forward(network, problem, bug);
            let answered = steps.iter().zip(&problem.answers);
            let right = answered.filter(|(step, answer)| {
                answer.is_some_and(|a| probabilities(&network.output, &step.state.h).imax() == a)
            });
            right.count()
        })
        .sum();
    right as f64 / problems.iter().map(Problem::asked).sum::<usize>() as f64
}
