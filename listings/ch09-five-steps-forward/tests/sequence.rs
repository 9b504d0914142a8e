//! What must hold of a run over a sequence, whatever the weights are. The chapter introduces no
//! gradient; those of a whole run are chapter 10's, and tested there.

use cases::{Regime, affine, runner, shape, vector};
use cell_cases::{cell, regimes, start};
use five_steps::{Example, example, forward};
use nalgebra::DVector;
use output_gate::{LstmCell, State};
use proptest::prelude::*;

type Run = (LstmCell, State, Vec<DVector<f64>>);

/// A cell, a start and T inputs, T from `shortest` to 8.
fn runs(shortest: usize) -> impl Strategy<Value = Run> {
    (shape(), regimes(), shortest..=8usize).prop_flat_map(|((hidden, inputs), regimes, length)| {
        let xs = prop::collection::vec(vector(inputs, 2.0), length);
        (cell((hidden, inputs), regimes), start(hidden), xs)
    })
}

/// h and C are all that passes from step to step: a run can be stopped anywhere and continued.
#[test]
fn a_run_continues_from_its_state() {
    runner(200)
        .run(&(runs(0), any::<prop::sample::Index>()), |((cell, start, xs), cut)| {
            let cut = cut.index(xs.len() + 1);
            let first = forward(&cell, &start, &xs[..cut]);
            let handed = first.last().map_or(&start, |step| &step.state);
            let rest = forward(&cell, handed, &xs[cut..]);
            prop_assert_eq!([first, rest].concat(), forward(&cell, &start, &xs));
            Ok(())
        })
        .unwrap();
}

/// What comes later cannot change what was.
#[test]
fn no_step_sees_a_later_input() {
    runner(200)
        .run(&runs(2), |(cell, start, mut xs)| {
            let before = forward(&cell, &start, &xs);
            let last = xs.len() - 1;
            xs[last].add_scalar_mut(1.0);
            prop_assert_eq!(&forward(&cell, &start, &xs)[..last], &before[..last]);
            Ok(())
        })
        .unwrap();
}

/// From C_0 = 0, any other forget gate at step 1 gives the same run: not nearly, exactly.
#[test]
fn from_an_empty_cell_the_first_forget_gate_cannot_matter() {
    let cases = runs(1).prop_flat_map(|(cell, start, xs)| {
        let (hidden, columns) = cell.forget.affine.w.shape();
        (Just((cell, start, xs)), affine(hidden, columns, Regime::Mixed))
    });
    runner(200)
        .run(&cases, |((cell, mut start, xs), other_gate)| {
            start.c.fill(0.0);
            let mut other = cell.clone();
            other.forget.affine = other_gate;
            let first = other.forward(&start, &xs[0]);
            let as_before = cell.forward(&start, &xs[0]);
            prop_assert_ne!(&first.f, &as_before.f);
            prop_assert_eq!(&first.state, &as_before.state);
            prop_assert_eq!(
                forward(&cell, &first.state, &xs[1..]),
                forward(&cell, &as_before.state, &xs[1..])
            );
            Ok(())
        })
        .unwrap();
}

/// … and from a cell that holds something it does.
#[test]
fn from_a_full_cell_the_first_forget_gate_matters() {
    let Example { cell, xs, .. } = example();
    let start = State { h: DVector::zeros(2), c: DVector::from_element(2, 1.0) };
    let mut other = cell.clone();
    other.forget.affine.b.fill(-6.0);
    let difference = other.forward(&start, &xs[0]).state.c - cell.forward(&start, &xs[0]).state.c;
    assert!(difference.iter().all(|d| d.abs() > 0.05), "{difference}");
}

/// A wrong run would be noticed: one that starts each step from the same state.
#[test]
fn forgetting_to_hand_the_state_on_is_noticed() {
    let Example { cell, xs, .. } = example();
    let right = forward(&cell, &State::zeros(2), &xs);
    let wrong: Vec<_> = xs.iter().map(|x| cell.forward(&State::zeros(2), x)).collect();
    assert_eq!(right[0], wrong[0]);
    assert!(right.iter().zip(&wrong).skip(1).all(|(right, wrong)| right.state != wrong.state));
}

#[test]
fn no_inputs_no_steps() {
    let Example { cell, .. } = example();
    assert!(forward(&cell, &State::zeros(2), &[]).is_empty());
}
