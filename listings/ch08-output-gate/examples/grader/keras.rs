//! Grades exercise 8.3.

use std::process::ExitCode;

use gradient_check::sigmoid;
use nalgebra::{DMatrix, DVector, RowDVector};
use output_gate::{LstmCell, State};
use say::println;

/// Keras' three arrays: kernel (D, 4H), recurrent kernel (H, 4H), bias (4H), blocks i, f, c, o.
type Arrays = (DMatrix<f64>, DMatrix<f64>, DVector<f64>);

/// Numbers without a pattern, in (−1, 1).
fn filled(rows: usize, columns: usize, seed: f64) -> DMatrix<f64> {
    DMatrix::from_fn(rows, columns, |row, column| {
        (12.9898 * row as f64 + 78.233 * column as f64 + seed).sin()
    })
}

/// One step as Keras computes it: rows times matrices, four blocks of columns.
fn step(arrays: &Arrays, state: &State, x: &DVector<f64>) -> State {
    let (kernel, recurrent, bias) = arrays;
    let hidden = recurrent.nrows();
    let z: RowDVector<f64> =
        x.transpose() * kernel + state.h.transpose() * recurrent + bias.transpose();
    let block = |number: usize| z.columns(number * hidden, hidden).transpose();
    let (i, f, o) = (block(0).map(sigmoid), block(1).map(sigmoid), block(3).map(sigmoid));
    let c = f.component_mul(&state.c) + i.component_mul(&block(2).map(f64::tanh));
    let h = o.component_mul(&c.map(f64::tanh));
    State { h, c }
}

type FromKeras = fn(&DMatrix<f64>, &DMatrix<f64>, &DVector<f64>) -> LstmCell;

/// Runs the answered cell beside Keras' equations.
pub fn grade(from_keras: FromKeras) -> ExitCode {
    for (hidden, inputs) in [(1, 1), (2, 3), (3, 3), (4, 2)] {
        let bias = filled(4 * hidden, 1, 3.0).column(0).into_owned();
        let arrays = (filled(inputs, 4 * hidden, 1.0), filled(hidden, 4 * hidden, 2.0), bias);
        let cell = from_keras(&arrays.0, &arrays.1, &arrays.2);
        let layers = [
            ("forget gate", &cell.forget.affine),
            ("input gate", &cell.input.affine),
            ("candidate", &cell.candidate.affine),
            ("output gate", &cell.output.affine),
        ];
        for (name, layer) in layers {
            let (shape, expected) = (layer.w.shape(), (hidden, hidden + inputs));
            if shape != expected || layer.b.len() != hidden {
                println!("Not yet. The {name}'s W is {shape:?}, expected {expected:?}.");
                println!("Look at: W has a row for each unit, Keras has a column.");
                return ExitCode::FAILURE;
            }
        }
        let mut state = State::zeros(hidden);
        for t in 1..=3 {
            let x = filled(inputs, 1, f64::from(t)).column(0).into_owned();
            let expected = step(&arrays, &state, &x);
            let found = cell.forward(&state, &x).state;
            let off = (&found.c - &expected.c).amax().max((&found.h - &expected.h).amax());
            if off.is_nan() || off > 1e-9 {
                println!("Not yet. H = {hidden}, D = {inputs}, step {t}: off by {off:.6}.");
                println!(
                    "Keras has C = {:.4?}, h = {:.4?};",
                    expected.c.as_slice(),
                    expected.h.as_slice()
                );
                println!(
                    "your cell has C = {:.4?}, h = {:.4?}.",
                    found.c.as_slice(),
                    found.h.as_slice()
                );
                println!("Look at: the order of the blocks, and which columns of W read h.");
                return ExitCode::FAILURE;
            }
            state = expected;
        }
    }
    println!("Exercise 8.3 solved.");
    ExitCode::SUCCESS
}
