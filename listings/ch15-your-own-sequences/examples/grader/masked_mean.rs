//! Grades exercise 15.2: every answer counts once, and padding not at all.

use std::process::ExitCode;

use cases::grade_adjoints;
use digits::{below, generator};
use nalgebra::{DMatrix, DVector};
use say::println;

/// The mean of a batch's losses, and its adjoint.
pub type Mean = fn(&DMatrix<f64>, &[usize]) -> (f64, DMatrix<f64>);

/// How many steps the three sequences of the batch have; the longest has all.
const LENGTHS: [usize; 3] = [2, 5, 1];
const STEPS: usize = 5;

/// Losses between 0 and 1, with this in the padding.
fn losses(padding: f64) -> DMatrix<f64> {
    let rng = &mut generator(2);
    let mut draw = || f64::from(below(1000, rng)) / 1000.0;
    let drawn = DMatrix::from_fn(STEPS, LENGTHS.len(), |_, _| draw());
    DMatrix::from_fn(
        STEPS,
        LENGTHS.len(),
        |t, b| if t < LENGTHS[b] { drawn[(t, b)] } else { padding },
    )
}

/// The expected mean: one loss after the other.
fn expected(losses: &DMatrix<f64>) -> f64 {
    let answers = (0..LENGTHS.len()).flat_map(|b| (0..LENGTHS[b]).map(move |t| (t, b)));
    answers.clone().map(|place| losses[place]).sum::<f64>() / answers.count() as f64
}

/// Compares the mean, with various things in the padding, and then the adjoint with differences.
pub fn grade(mean: Mean) -> ExitCode {
    for padding in [0.0, 7.5, f64::NAN] {
        let losses = losses(padding);
        let (found, expected) = (mean(&losses, &LENGTHS).0, expected(&losses));
        if found.is_nan() || (found - expected).abs() > 1e-9 {
            println!(
                "Not yet. Three sequences with 2, 5 and 1 steps have 8 answers. With {padding} in"
            );
            println!("the padding you returned {found:.6}; expected {expected:.6}.");
            println!(
                "Look at: what is a mean of eight numbers divided by, and what must it not touch?"
            );
            return ExitCode::FAILURE;
        }
    }
    let losses = losses(0.25);
    let adjoint = mean(&losses, &LENGTHS).1;
    let column = |matrix: &DMatrix<f64>| DVector::from_column_slice(matrix.as_slice());
    grade_adjoints(
        "15.2",
        [("the losses", column(&losses), column(&adjoint))],
        |[losses]| expected(&DMatrix::from_column_slice(STEPS, LENGTHS.len(), losses.as_slice())),
        |_| {
            "by how much does a mean move when one of its numbers moves? And one of the padding?"
                .into()
        },
    )
}
