//! The equations of chapter 1.

use digits::{
    LookupTable, Probabilities, Sequence, Task, accuracy, chance_loss, confident, generator,
    mean_loss, one_hot, surprise,
};
use equations::Env;
use nalgebra::DMatrix;

use crate::draw::{Binding, Draw};

/// Which code each label stands for.
pub(crate) const BINDINGS: &[Binding] = &[
    ("surprise", one_answer),
    ("chance-loss", chance),
    ("average-surprise", every_digit_once),
    ("confident-loss", confident_table),
];

fn number(value: f64) -> DMatrix<f64> {
    DMatrix::from_element(1, 1, value)
}

/// Ten random numbers above 0 that sum to 1.
fn probabilities(draw: &mut Draw) -> Probabilities {
    let weights = draw.vector(10).map(|value| 0.1 + value.abs());
    std::array::from_fn(|digit| weights[digit] / weights.sum())
}

/// One answer to one digit.
fn one_answer(draw: &mut Draw) -> Env {
    let p = probabilities(draw);
    let digit = (draw.hidden + draw.inputs) as u8 % 10;
    let mut env = Env::new();
    env.set("p", DMatrix::from_column_slice(10, 1, &p))
        .set("q", DMatrix::from_column_slice(10, 1, &one_hot(digit)))
        .set("L", number(surprise(&p, digit)));
    env
}

fn chance(_: &mut Draw) -> Env {
    let mut env = Env::new();
    env.set("L", number(chance_loss()));
    env
}

/// The same answer to a context that each of the ten digits follows once.
fn every_digit_once(draw: &mut Draw) -> Env {
    let p = probabilities(draw);
    let all: Vec<Sequence> = (0..10).map(|next| Sequence { context: vec![1], next }).collect();
    let mut env = Env::new();
    env.set("L", number(mean_loss(&all, |_| p)));
    for (k, &p) in p.iter().enumerate() {
        env.at("p", k as i64, number(p));
    }
    env
}

/// A table with a confidence, on the sequences that it learnt.
fn confident_table(draw: &mut Draw) -> Env {
    let values = draw.vector(2);
    let seed = (1000.0 * values[0].abs()) as u64;
    let confidence = 0.05 + values[1].abs() / 10.0; // 0.05 to 0.85
    let data = Task::Random.draw(60, 2, &mut generator(seed)).expect("two digits are enough");
    let table = LookupTable::learn(&data);
    let loss = mean_loss(&data, |context| confident(table.guess(context), confidence));
    let mut env = Env::new();
    env.scalar("alpha", accuracy(&data, |context| table.guess(context)))
        .scalar("gamma", confidence)
        .set("L", number(loss));
    env
}
