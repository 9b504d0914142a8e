//! The plain network, a batch at a time, against chapters 2 and 4, a sequence at a time.
#![allow(clippy::unwrap_used)]

use digits::{Sequence, Task, generator};
use loss_and_optimiser::{batch_of, cross_entropy, cross_entropy_backward};
use nalgebra::{DMatrix, DVector};
use next_digit::{PlainTrainer, Start};
use rnn::{Readout, Rnn, one_hot};
use through_time::{Leaves, backward};

const START: Start = Start { hidden: 5, scale: 2.0, ..Start::USUAL };

/// Its parameters in the matrices of chapter 2.
fn clear(plain: &PlainTrainer<f64>) -> (Rnn, Readout) {
    let (w_hh, w_hx, b) = plain.weights();
    let mut w = DMatrix::zeros(5, 15);
    w.columns_mut(0, 5).copy_from(&w_hh);
    w.columns_mut(5, 10).copy_from(&w_hx);
    let (w_y, b_y) = plain.output().split_at(50);
    let readout =
        Readout { w: DMatrix::from_row_slice(10, 5, w_y), b: DVector::from_column_slice(b_y) };
    (Rnn { w, b }, readout)
}

/// The mean loss, and its gradient in the order of θ.
fn clearly(plain: &PlainTrainer<f64>, sequences: &[Sequence]) -> (f64, Vec<f64>) {
    let (rnn, readout) = clear(plain);
    let share = 1.0 / sequences.len() as f64;
    let (mut loss, mut gradient) = (0.0, vec![0.0; plain.theta.len()]);
    for Sequence { context, next } in sequences {
        let xs: Vec<_> = context.iter().map(|&digit| one_hot(digit)).collect();
        let leaves = Leaves { rnn: rnn.clone(), h_0: DVector::zeros(5), xs };
        let hs = leaves.run();
        let h = hs.last().unwrap();
        let (y, target) = (readout.forward(h), usize::from(*next));
        loss += share * cross_entropy(&y, target);
        let y_bar = cross_entropy_backward(&y, target);
        let mut direct = vec![DVector::zeros(5); hs.len() - 1];
        direct.push(readout.w.tr_mul(&y_bar));
        let bar = backward(&leaves, &hs, &direct).rnn;
        let w_y_bar = h * y_bar.transpose();
        // [W_hh, W_hx] lie column by column one behind the other; W_y lies row by row.
        let parts = [bar.w.as_slice(), bar.b.as_slice(), w_y_bar.as_slice(), y_bar.as_slice()];
        let all = parts.into_iter().flatten();
        gradient.iter_mut().zip(all).for_each(|(sum, value)| *sum += share * value);
    }
    (loss, gradient)
}

#[test]
fn a_batch_has_the_loss_and_the_gradient_of_its_sequences() {
    for seed in 1..=5 {
        let mut plain = START.plain::<f64>(seed);
        let sequences = Task::Random.draw(7, 7, &mut generator(seed)).unwrap();
        let (digits, targets) = batch_of(&sequences);
        let (loss, gradient) = clearly(&plain, &sequences);
        let (batch_loss, batch_gradient) = plain.loss_and_gradient(&digits, &targets);
        assert!((loss - batch_loss).abs() < 1e-12);
        assert!(gradient.iter().any(|value| value.abs() > 1e-3));
        assert_eq!(gradient.len(), batch_gradient.len());
        for (at, (clear, batch)) in gradient.iter().zip(batch_gradient).enumerate() {
            assert!((clear - batch).abs() < 1e-12, "θ[{at}]: {clear} and {batch}");
        }
    }
}

#[test]
fn it_is_examined_as_chapter_2_computes() {
    let plain = START.plain::<f64>(1);
    let sequences = Task::Sum.draw(50, 6, &mut generator(1)).unwrap();
    let (rnn, readout) = clear(&plain);
    let (mut loss, mut right) = (0.0, 0);
    for Sequence { context, next } in &sequences {
        let xs: Vec<_> = context.iter().map(|&digit| one_hot(digit)).collect();
        let y = readout.forward(rnn.unroll(&DVector::zeros(5), &xs).last().unwrap());
        loss += cross_entropy(&y, usize::from(*next)) / 50.0;
        right += usize::from(y.argmax().0 == usize::from(*next));
    }
    let scores = plain.evaluate(&sequences);
    assert!((scores.loss - loss).abs() < 1e-12);
    assert_eq!(scores.right, right);
}

#[test]
fn a_run_that_loses_its_numbers_stops() {
    let sequences = Task::Sum.draw(32, 5, &mut generator(1)).unwrap();
    let (digits, targets) = batch_of(&sequences);
    let mut wild = Start { learning_rate: 1e308, ..START }.plain::<f64>(1);
    let error = (0..5).find_map(|_| wild.step(&digits, &targets).err());
    assert!(error.is_some());
}
