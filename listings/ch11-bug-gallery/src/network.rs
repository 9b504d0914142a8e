//! The network that all bugs live in: chapter 8's cell, an output layer, and a loss at several steps.

use digits::{DIGITS, Sequence, Task};
use gradient_check::{Affine, Parameters, Tensor, TensorMut};
use nalgebra::DVector;
use output_gate::{LstmCell, State, Step};

use crate::Bug;

// ANCHOR: network
/// A cell, and an output layer that turns h_t into a score for each digit.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// Chapter 8's cell; its inputs are digits, one-hot, so D is 10.
    pub cell: LstmCell,
    /// W_y of (10, H) and b_y of (10).
    pub output: Affine,
}
// ANCHOR_END: network

// ANCHOR: problem
/// A sequence as the network sees it: inputs, and at which steps it is asked for which digit.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// x_1 … x_T, each one-hot, (10).
    pub xs: Vec<DVector<f64>>,
    /// The answer at each step, or `None` where nothing is asked.
    pub answers: Vec<Option<usize>>,
}

impl Problem {
    /// Asks for the task's rule at every step where it has an answer.
    pub fn new(task: Task, sequence: &Sequence) -> Problem {
        let digits = &sequence.context;
        let xs = digits.iter().map(|&digit| one_hot(digit.into())).collect();
        let answers =
            (1..=digits.len()).map(|t| task.rule(&digits[..t]).map(usize::from)).collect();
        Problem { xs, answers }
    }

    /// n: at how many steps an answer is asked for.
    pub fn asked(&self) -> usize {
        self.answers.iter().flatten().count()
    }
}
// ANCHOR_END: problem

/// 1 at `digit`, 0 elsewhere, (10).
pub(crate) fn one_hot(digit: usize) -> DVector<f64> {
    DVector::from_fn(DIGITS, |k, _| if k == digit { 1.0 } else { 0.0 })
}

// ANCHOR: read
/// The cell that a program with this bug computes, when its weights are stored as `cell`.
pub fn read(cell: &LstmCell, bug: Option<Bug>) -> LstmCell {
    let mut read = cell.clone();
    match bug {
        Some(Bug::BiasShared) => read.input.affine.b = cell.forget.affine.b.clone(),
        Some(Bug::RowsSwapped) => std::mem::swap(&mut read.input, &mut read.output),
        Some(Bug::ReadTransposed) => transpose_square_blocks(&mut read),
        _ => {}
    }
    read
}

/// From the gradient of the cell that was computed to that of the weights as they are stored.
pub fn read_backward(mut gradient: LstmCell, bug: Option<Bug>) -> LstmCell {
    match bug {
        Some(Bug::BiasShared) => {
            gradient.forget.affine.b += &gradient.input.affine.b; // read twice: two adjoints
            gradient.input.affine.b.fill(0.0); // never read
        }
        Some(Bug::RowsSwapped) => std::mem::swap(&mut gradient.input, &mut gradient.output),
        Some(Bug::ReadTransposed) => transpose_square_blocks(&mut gradient),
        _ => {}
    }
    gradient
}
// ANCHOR_END: read

/// Transposes the (H, H) block of each matrix, the one that reads h_{t−1}.
fn transpose_square_blocks(cell: &mut LstmCell) {
    let hidden = cell.hidden();
    let LstmCell { forget, input, candidate, output } = cell;
    for affine in [&mut forget.affine, &mut input.affine, &mut candidate.affine, &mut output.affine]
    {
        affine.w.columns_mut(0, hidden).transpose_mut();
    }
}

// ANCHOR: probabilities
/// p_t = softmax(W_y · h_t + b_y): a probability for each digit, (10).
pub fn probabilities(output: &Affine, h: &DVector<f64>) -> DVector<f64> {
    let y = output.forward(h);
    let e = y.add_scalar(-y.max()).map(f64::exp); // the largest becomes 1: no overflow
    &e / e.sum()
}
// ANCHOR_END: probabilities

// ANCHOR: forward
/// The steps that [`read`] leads to.
pub fn forward(network: &Network, problem: &Problem, bug: Option<Bug>) -> Vec<Step> {
    let cell = read(&network.cell, bug);
    bptt::forward(&cell, &State::zeros(cell.hidden()), &problem.xs)
}
// ANCHOR_END: forward

// ANCHOR: loss
/// L: the mean of −ln p_t at the answer, over the n steps that have one.
pub fn loss(network: &Network, problem: &Problem, bug: Option<Bug>) -> f64 {
    let steps = forward(network, problem, bug);
    let asked = steps.iter().zip(&problem.answers);
    let losses = asked.filter_map(|(step, answer)| {
        Some(-probabilities(&network.output, &step.state.h)[(*answer)?].ln())
    });
    losses.sum::<f64>() / problem.asked() as f64
}
// ANCHOR_END: loss

/// The cosine of the angle between two gradients of the cell: 1 where they point the same way.
pub fn cosine(a: &Network, b: &Network) -> f64 {
    let numbers = |network: &Network| -> Vec<f64> {
        network.cell.tensors().iter().flat_map(|tensor| tensor.values.to_vec()).collect()
    };
    let (a, b) = (DVector::from_vec(numbers(a)), DVector::from_vec(numbers(b)));
    a.dot(&b) / (a.norm() * b.norm())
}

/// The names of the ten tensors.
pub const NAMES: [&str; 10] =
    ["W_f", "b_f", "W_i", "b_i", "W_C", "b_C", "W_o", "b_o", "W_y", "b_y"];

impl Parameters for Network {
    fn tensors(&self) -> Vec<Tensor<'_>> {
        let all = [self.cell.tensors(), self.output.tensors()].concat();
        all.into_iter().zip(NAMES).map(|(tensor, name)| Tensor { name, ..tensor }).collect()
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_>> {
        let all = self.cell.tensors_mut().into_iter().chain(self.output.tensors_mut());
        all.zip(NAMES).map(|(tensor, name)| TensorMut { name, ..tensor }).collect()
    }
}
