//! Chapter 11's backward pass against the differences: right without a bug, refused with each of the
//! eight wrong ones, and admitted with each of the three wrong models, whose forward pass is not the book's.

use bug_gallery::{
    Bug, NAMES, Network, Problem, all, cosine, forward, gradient, loss, probabilities,
};
use cases::{Regime, TOLERANCE, Worst, affine, assert_refused, regime, runner};
use cell_cases::cell;
use digits::{DIGITS, Sequence, Task};
use gradient_check::{Parameters, Report, check};
use nalgebra::DVector;
use output_gate::LstmCell;
use proptest::prelude::*;

fn network(hidden: usize, regime: Regime) -> impl Strategy<Value = Network> {
    let cell = cell((hidden, DIGITS), [regime; 4]);
    let output = affine(DIGITS, hidden, Regime::Moderate);
    (cell, output).prop_map(|(cell, output)| Network { cell, output })
}

/// Digits with the questions of one of the two tasks.
fn problem(steps: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Problem> {
    let task = prop_oneof![Just(Task::First), Just(Task::Sum)];
    (task, prop::collection::vec(0..10_u8, steps))
        .prop_map(|(task, context)| Problem::new(task, &Sequence { context, next: 0 }))
}

fn cases() -> impl Strategy<Value = (Network, Problem)> {
    (1..=4_usize, regime())
        .prop_flat_map(|(hidden, regime)| (network(hidden, regime), problem(2..=5)))
}

/// Points at which every bug shows: two units or more, three steps or more, nothing saturated.
fn lively_cases() -> impl Strategy<Value = (Network, Problem)> {
    (2..=4_usize).prop_flat_map(|hidden| (network(hidden, Regime::Moderate), problem(3..=5)))
}

fn verdict(network: &Network, problem: &Problem, bug: Option<Bug>) -> Report {
    let believed = gradient(network, problem, bug);
    check(network, &believed, |network| loss(network, problem, bug))
}

#[test]
fn every_gradient_matches_the_differences() {
    let worst = Worst::default();
    let result = runner(60)
        .run(&cases(), |(network, problem)| worst.admit(verdict(&network, &problem, None)));
    println!("{worst}");
    result.unwrap();
}

/// Without a bug, the cell's part is what chapter 10 computes.
#[test]
fn without_a_bug_it_is_chapter_10() {
    runner(100)
        .run(&cases(), |(network, problem)| {
            let steps = forward(&network, &problem, None);
            let n = problem.asked() as f64;
            let h_bars: Vec<DVector<f64>> = (steps.iter().zip(&problem.answers))
                .map(|(step, answer)| match answer {
                    None => DVector::zeros(network.cell.hidden()),
                    Some(answer) => {
                        let mut y_bar = probabilities(&network.output, &step.state.h);
                        y_bar[*answer] -= 1.0;
                        network.output.w.transpose() * y_bar / n
                    }
                })
                .collect();
            let zero = DVector::zeros(network.cell.hidden());
            let expected = bptt::backward(&network.cell, &steps, &h_bars, &zero).cell;
            let found = gradient(&network, &problem, None).cell;
            let tensors = |cell: &LstmCell| -> Vec<f64> {
                use gradient_check::Parameters;
                cell.tensors().iter().flat_map(|t| t.values.to_vec()).collect()
            };
            for (a, b) in tensors(&found).iter().zip(tensors(&expected)) {
                prop_assert!((a - b).abs() <= 1e-14, "{a} {b}");
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_checker_refuses_the_eight_wrong_gradients() {
    runner(24)
        .run(&lively_cases(), |(network, problem)| {
            for bug in Bug::GRADIENTS {
                assert_refused(&verdict(&network, &problem, Some(bug)), &NAMES)?;
                let (wrong, right) =
                    (forward(&network, &problem, Some(bug)), forward(&network, &problem, None));
                prop_assert_eq!(wrong, right, "{}: the way forward is right", bug.name());
            }
            Ok(())
        })
        .unwrap();
}

/// The gradient is that of what is computed, and what is computed is not the book's cell.
#[test]
fn the_checker_admits_the_three_wrong_models() {
    runner(24)
        .run(&lively_cases(), |(network, problem)| {
            for bug in Bug::MODELS {
                let report = verdict(&network, &problem, Some(bug));
                prop_assert!(report.worst.error < TOLERANCE, "{}: {report}", bug.name());
                let h = |bug| forward(&network, &problem, bug).last().map(|s| s.state.h.clone());
                prop_assert!(h(Some(bug)) != h(None), "{} computes the book's cell", bug.name());
            }
            Ok(())
        })
        .unwrap();
}

/// Where a program starts with all biases at zero, sharing one cannot be seen.
#[test]
fn a_shared_bias_is_invisible_while_biases_are_zero() {
    runner(24)
        .run(&lively_cases(), |(mut network, problem)| {
            network.cell.forget.affine.b.fill(0.0);
            network.cell.input.affine.b.fill(0.0);
            let shared = forward(&network, &problem, Some(Bug::BiasShared));
            prop_assert_eq!(shared, forward(&network, &problem, None));
            Ok(())
        })
        .unwrap();
}

/// Two of the wrong models are the right one under other names: exchange the weights, and they agree.
#[test]
fn swapped_and_transposed_weights_are_the_same_model_renamed() {
    runner(24)
        .run(&lively_cases(), |(network, problem)| {
            for bug in [Bug::RowsSwapped, Bug::ReadTransposed] {
                let mut renamed = network.clone();
                renamed.cell = bug_gallery::read(&network.cell, Some(bug));
                let book = forward(&renamed, &problem, None);
                prop_assert_eq!(forward(&network, &problem, Some(bug)), book);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_cosine_says_which_way() {
    runner(24)
        .run(&lively_cases(), |(network, _)| {
            let scaled = |factor: f64| {
                let mut other = network.clone();
                let tensors = other.cell.tensors_mut().into_iter();
                tensors.for_each(|t| t.values.iter_mut().for_each(|value| *value *= factor));
                other
            };
            prop_assert!((cosine(&network, &scaled(3.0)) - 1.0).abs() < 1e-12);
            prop_assert!((cosine(&network, &scaled(-0.5)) + 1.0).abs() < 1e-12);
            let (mut forget, mut input) = (scaled(0.0), scaled(0.0));
            forget.cell.forget = network.cell.forget.clone();
            input.cell.input = network.cell.input.clone();
            prop_assert_eq!(cosine(&forget, &input), 0.0);
            Ok(())
        })
        .unwrap();
    assert_eq!(all().count(), 12);
}

/// A point that cannot show a bug: one step, one answer, one unit.
#[test]
fn some_points_are_blind() {
    let points = |hidden: usize, task: Task, steps: usize| {
        let digits = prop::collection::vec(0..10_u8, steps);
        (network(hidden, Regime::Moderate), digits).prop_map(move |(network, context)| {
            (network, Problem::new(task, &Sequence { context, next: 0 }))
        })
    };
    for (bugs, hidden, task, steps) in [
        (&[Bug::CarryDropped, Bug::HiddenDropped][..], 3, Task::First, 1),
        (&[Bug::LastLossOnly, Bug::AveragedTwice], 3, Task::Sum, 2),
        (&[Bug::TransposeMissing], 1, Task::Sum, 3),
    ] {
        runner(10)
            .run(&points(hidden, task, steps), |(network, problem)| {
                for &bug in bugs {
                    let report = verdict(&network, &problem, Some(bug));
                    prop_assert!(report.worst.error < TOLERANCE, "{}: {report}", bug.name());
                }
                Ok(())
            })
            .unwrap();
    }
}
