//! What starts the way back: the squared error's adjoint, and one adjoint for each step.

use bptt::{backward, forward, squared_error};
use cases::{TOLERANCE, runner, vector};
use gradient_check::{Named, check};
use nalgebra::DVector;
use output_gate::{Candidate, Gate, LstmCell, State};
use proptest::prelude::*;

#[test]
fn the_squared_error_s_adjoint_matches_the_differences() {
    let pairs = (1..=8usize).prop_flat_map(|n| (vector(n, 3.0), vector(n, 3.0)));
    runner(200)
        .run(&pairs, |(y, target)| {
            let (_, y_bar) = squared_error(&y, &target);
            let report =
                check(&Named("y", y), &Named("y", y_bar), |y| squared_error(&y.1, &target).0);
            prop_assert!(report.worst.error < TOLERANCE, "{report}");
            Ok(())
        })
        .unwrap();
}

#[test]
#[should_panic(expected = "one h̄ for each step")]
fn a_missing_adjoint_is_refused() {
    let zero = |rows, columns| nalgebra::DMatrix::zeros(rows, columns);
    let affine = gradient_check::Affine { w: zero(2, 3), b: DVector::zeros(2) };
    let gate = Gate { affine: affine.clone() };
    let cell = LstmCell {
        forget: gate.clone(),
        input: gate.clone(),
        candidate: Candidate { affine },
        output: gate,
    };
    let steps = forward(&cell, &State::zeros(2), &[DVector::zeros(1), DVector::zeros(1)]);
    backward(&cell, &steps, &[DVector::zeros(2)], &DVector::zeros(2));
}
