//! The equations of chapter 14.

use digits::{Sequence, Task, generator};
use equations::Env;
use nalgebra::{DMatrix, DVector};
use next_digit::{Batches, Network, SHARD, Trainer, tensors};
use output_gate::{PyTorch, State};
use rnn::one_hot;

use crate::draw::{Binding, Draw, m};

/// Which code each label stands for.
pub(crate) const BINDINGS: &[Binding] = &[("last-answer", last_answer), ("two-shards", two_shards)];

fn seed(draw: &mut Draw) -> u64 {
    draw.vector(1)[0].to_bits()
}

fn network(draw: &mut Draw) -> Network<f64> {
    Network::new(draw.hidden, None, &mut generator(seed(draw)))
}

/// The network's scores, with h_T from the clear cell of chapter 8. T = 4.
fn last_answer(draw: &mut Draw) -> Env {
    let network = network(draw);
    let hidden = draw.hidden;
    let part = |k: usize| &network.theta[tensors(hidden)[k].range.clone()];
    let cell = PyTorch {
        weight_ih: DMatrix::from_row_slice(4 * hidden, 10, part(0)),
        weight_hh: DMatrix::from_row_slice(4 * hidden, hidden, part(1)),
        bias_ih: DVector::from_column_slice(part(2)),
        bias_hh: DVector::from_column_slice(part(3)),
    };
    let context: Vec<u8> = draw.vector(4).iter().map(|v| (v.abs() * 1000.0) as u8 % 10).collect();
    let xs: Vec<_> = context.iter().map(|&digit| one_hot(digit)).collect();
    let steps = bptt::forward(&cell.to_cell(), &State::zeros(hidden), &xs);
    let mut env = Env::new();
    env.index("T", 4)
        .set("W_y", DMatrix::from_row_slice(10, hidden, part(4)))
        .set("b_y", m(&DVector::from_column_slice(part(5))))
        .set("y", m(&DVector::from_column_slice(&network.logits(&context))));
    for (t, step) in (1..).zip(&steps) {
        env.at("h", t, m(&step.state.h));
    }
    env
}

/// A batch of two shards, and each of them by itself.
fn two_shards(draw: &mut Draw) -> Env {
    let network = network(draw);
    let second = 1 + (seed(draw) % 31) as usize;
    let all = Task::Random.draw(SHARD + second, 4, &mut generator(seed(draw)));
    let all = all.expect("sequences of four digits");
    // The order in which a batch holds them is that of `Batches`.
    let mut batches = Batches::new(&all, all.len(), 1);
    let (digits, targets) = batches.batch(0);
    let sequence = |b: usize| Sequence {
        context: digits.iter().skip(b).step_by(targets.len()).copied().collect(),
        next: targets[b],
    };
    let dealt: Vec<Sequence> = (0..all.len()).map(sequence).collect();
    let gradient = |part: &[Sequence]| {
        let mut trainer = Trainer::new(network.clone(), 0.01, 1);
        let mut digits = vec![0; 3 * part.len()];
        for (b, sequence) in part.iter().enumerate() {
            for (t, &digit) in sequence.context.iter().enumerate() {
                digits[t * part.len() + b] = digit;
            }
        }
        let targets: Vec<u8> = part.iter().map(|s| s.next).collect();
        m(&DVector::from_column_slice(trainer.loss_and_gradient(&digits, &targets).1))
    };
    let size = |n: usize| DMatrix::from_element(1, 1, n as f64);
    let mut env = Env::new();
    env.scalar("B", all.len() as f64)
        .at("B", 1, size(SHARD))
        .at("B", 2, size(second))
        .at("G", 1, gradient(&dealt[..SHARD]))
        .at("G", 2, gradient(&dealt[SHARD..]))
        .set("bar(theta)", gradient(&dealt));
    env
}
