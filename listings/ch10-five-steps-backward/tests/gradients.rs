//! Chapter 10's gradients against the differences: the cell's weights over a whole sequence, h_0,
//! C_0 and x_1 … x_T, from losses on h_T, on all h_t, and on C_T too.

use bptt::{Gradients, accumulate, backward, crossings, forward, trace, zeros_like};
use cases::{
    Regime, TOLERANCE, Worst, assert_refused, big_shape, loss, loss_bar, runner, shape, vector,
};
use cell_cases::{cell, regimes, start};
use gradient_check::{Named, Parameters, check, check_along};
use nalgebra::DVector;
use output_gate::{LstmCell, NAMES, State, Step};
use proptest::prelude::*;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

/// The cell, then h_0, C_0 and x_1 … x_T.
type Point = (LstmCell, Vec<Named>);

const XS: [&str; 8] = ["x_1", "x_2", "x_3", "x_4", "x_5", "x_6", "x_7", "x_8"];

/// Which outputs of a run a loss looks at.
#[derive(Clone, Copy, Debug)]
enum Reads {
    LastH,
    EveryH,
    EveryHAndLastC,
}

/// What a loss reads of a run, and the weights of each of h_1 … h_T and of C_T.
#[derive(Clone, Debug)]
struct Loss {
    reads: Reads,
    of_h: Vec<DVector<f64>>,
    of_c: DVector<f64>,
}

impl Loss {
    fn reads_h(&self, t: usize) -> bool {
        t + 1 == self.of_h.len() || !matches!(self.reads, Reads::LastH)
    }

    fn reads_c(&self) -> bool {
        matches!(self.reads, Reads::EveryHAndLastC)
    }

    fn of(&self, steps: &[Step]) -> f64 {
        let of_h = (steps.iter().zip(&self.of_h).enumerate())
            .filter(|(t, _)| self.reads_h(*t))
            .map(|(_, (step, weights))| loss(weights, &step.state.h));
        let of_c = self.reads_c().then(|| loss(&self.of_c, &steps[steps.len() - 1].state.c));
        of_h.chain(of_c).sum()
    }

    /// h̄_1 … h̄_T and C̄_T, as the loss itself sees them.
    fn bars(&self, steps: &[Step]) -> (Vec<DVector<f64>>, DVector<f64>) {
        let bar = |read: bool, weights: &DVector<f64>, v: &DVector<f64>| {
            if read { loss_bar(weights, v) } else { DVector::zeros(v.len()) }
        };
        let h_bars = (steps.iter().zip(&self.of_h).enumerate())
            .map(|(t, (step, weights))| bar(self.reads_h(t), weights, &step.state.h))
            .collect();
        (h_bars, bar(self.reads_c(), &self.of_c, &steps[steps.len() - 1].state.c))
    }
}

/// A cell with its initial state, T inputs and a loss.
fn case(
    (hidden, inputs): (usize, usize),
    length: usize,
    regimes: [Regime; 4],
) -> impl Strategy<Value = (Point, Loss)> {
    let xs = prop::collection::vec(vector(inputs, 2.0), length);
    let reads = prop_oneof![Just(Reads::LastH), Just(Reads::EveryH), Just(Reads::EveryHAndLastC)];
    let of_h = prop::collection::vec(vector(hidden, 1.0), length);
    let loss = (reads, of_h, vector(hidden, 1.0)).prop_map(|(reads, of_h, of_c)| Loss {
        reads,
        of_h,
        of_c,
    });
    (cell((hidden, inputs), regimes), start(hidden), xs, loss)
        .prop_map(|(cell, initial, xs, loss)| ((cell, listed(&initial, &xs)), loss))
}

fn cases() -> impl Strategy<Value = (Point, Loss)> {
    (shape(), 1..=8usize, regimes()).prop_flat_map(|(shape, t, regimes)| case(shape, t, regimes))
}

/// Nothing saturated, a start that is not zero, a loss on all there is, T ≥ `shortest`.
fn lively_cases(shortest: usize) -> impl Strategy<Value = (Point, Loss)> {
    let lively = |((cell, mut v), mut loss): (Point, Loss)| {
        v[..2].iter_mut().flat_map(|v| v.1.iter_mut()).for_each(|v| *v += 0.5f64.copysign(*v));
        loss.reads = Reads::EveryHAndLastC;
        ((cell, v), loss)
    };
    (shape(), shortest..=8)
        .prop_flat_map(|(shape, length)| case(shape, length, [Regime::Moderate; 4]))
        .prop_map(lively)
}

fn listed(initial: &State, xs: &[DVector<f64>]) -> Vec<Named> {
    let start = [Named("h_0", initial.h.clone()), Named("C_0", initial.c.clone())];
    start.into_iter().chain(XS.iter().zip(xs).map(|(name, x)| Named(name, x.clone()))).collect()
}

/// h_0 and C_0, and x_1 … x_T.
fn parts(v: &[Named]) -> (State, Vec<DVector<f64>>) {
    let initial = State { h: v[0].1.clone(), c: v[1].1.clone() };
    (initial, v[2..].iter().map(|x| x.1.clone()).collect())
}

fn run((cell, v): &Point) -> Vec<Step> {
    let (initial, xs) = parts(v);
    forward(cell, &initial, &xs)
}

fn gradients(point: &Point, loss: &Loss) -> Gradients {
    let steps = run(point);
    let (h_bars, c_bar) = loss.bars(&steps);
    backward(&point.0, &steps, &h_bars, &c_bar)
}

fn as_point(gradients: &Gradients) -> Point {
    (gradients.cell.clone(), listed(&gradients.initial, &gradients.xs))
}

#[test]
fn every_gradient_matches_the_differences() {
    let worst = Worst::default();
    let result = runner(250).run(&cases(), |(point, loss)| {
        let gradient = as_point(&gradients(&point, &loss));
        worst.admit(check(&point, &gradient, |point| loss.of(&run(point))))
    });
    println!("{worst}");
    result.unwrap();
}

#[test]
fn along_random_directions_too() {
    let cases = (big_shape(), 1..=8usize, regimes(), any::<u64>())
        .prop_flat_map(|(shape, t, regimes, seed)| (case(shape, t, regimes), Just(seed)));
    runner(30)
        .run(&cases, |((point, loss), seed)| {
            let rng = &mut ChaCha8Rng::seed_from_u64(seed);
            let gradient = as_point(&gradients(&point, &loss));
            let error = check_along(&point, &gradient, rng, |point| loss.of(&run(point)));
            prop_assert!(error < TOLERANCE, "{error:e}");
            Ok(())
        })
        .unwrap();
}

/// A slip in backpropagation through time.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bug {
    /// C̄ does not cross from step t + 1 to step t.
    CarryDropped,
    /// h̄ does not cross from step t + 1 to step t.
    HiddenPathDropped,
    /// h̄_t of the loss is heard at T only.
    OnlyTheLastLoss,
    /// C̄_T of the loss is ignored.
    CellLossIgnored,
    /// h̄_t of the loss replaces what arrives from the right, instead of adding to it.
    LossReplacesArrival,
    /// The weights' gradient is that of step 1, not the sum.
    NotAccumulated,
    /// x̄_T … x̄_1, in the order in which they were found.
    InputsReversed,
    /// C̄ crosses all steps, and is lost before C_0.
    StartGetsNothing,
}

/// [`backward`] with a slip in it.
fn wrong_backward(
    cell: &LstmCell,
    steps: &[Step],
    h_bars: &[DVector<f64>],
    c_bar: &DVector<f64>,
    bug: Bug,
) -> Gradients {
    let zero = DVector::zeros(cell.hidden());
    let mut gradient = zeros_like(cell);
    let mut xs = Vec::new();
    let mut bar = State { h: zero.clone(), c: c_bar.clone() };
    if bug == Bug::CellLossIgnored {
        bar.c = zero.clone();
    }
    for (t, (step, h_bar)) in steps.iter().zip(h_bars).enumerate().rev() {
        let last = t + 1 == steps.len();
        match bug {
            Bug::LossReplacesArrival => bar.h = h_bar.clone(),
            Bug::OnlyTheLastLoss if !last => {}
            _ => bar.h += h_bar,
        }
        if bug == Bug::CarryDropped && !last {
            bar.c = zero.clone();
        }
        let (step_gradient, previous_bar, x_bar) = cell.backward(step, &bar);
        if bug == Bug::NotAccumulated {
            gradient = step_gradient;
        } else {
            accumulate(&mut gradient, &step_gradient);
        }
        xs.push(x_bar);
        bar = previous_bar;
        if bug == Bug::HiddenPathDropped {
            bar.h = zero.clone();
        }
    }
    if bug == Bug::StartGetsNothing {
        bar.c = zero;
    }
    if bug != Bug::InputsReversed {
        xs.reverse();
    }
    Gradients { cell: gradient, initial: bar, xs }
}

/// Each slip is refused by far, and in the part where it is: the weights, or h_0, C_0 and the xs.
#[test]
fn wrong_gradients_are_refused() {
    runner(32)
        .run(&lively_cases(3), |(point, loss)| {
            let (cell, v) = &point;
            let steps = run(&point);
            let (h_bars, c_bar) = loss.bars(&steps);
            let reports = |bug| {
                let wrong = wrong_backward(cell, &steps, &h_bars, &c_bar, bug);
                let (cell_bar, v_bar) = as_point(&wrong);
                let of_cell = |cell: &LstmCell| loss.of(&run(&(cell.clone(), v.clone())));
                let of_inputs = |v: &Vec<Named>| loss.of(&run(&(cell.clone(), v.clone())));
                (check(cell, &cell_bar, of_cell), check(v, &v_bar, of_inputs))
            };
            for bug in [
                Bug::CarryDropped,
                Bug::HiddenPathDropped,
                Bug::OnlyTheLastLoss,
                Bug::CellLossIgnored,
                Bug::LossReplacesArrival,
            ] {
                let (cell, inputs) = reports(bug);
                assert_refused(&cell, &NAMES)?;
                assert_refused(&inputs, &[&["h_0", "C_0"], &XS[..]].concat())?;
            }
            let (cell, inputs) = reports(Bug::NotAccumulated);
            assert_refused(&cell, &NAMES)?;
            prop_assert!(inputs.worst.error < TOLERANCE, "{inputs}");

            let (cell, inputs) = reports(Bug::InputsReversed);
            prop_assert!(cell.worst.error < TOLERANCE, "{cell}");
            assert_refused(&inputs, &XS)?;

            let (cell, inputs) = reports(Bug::StartGetsNothing);
            prop_assert!(cell.worst.error < TOLERANCE, "{cell}");
            assert_refused(&inputs, &["C_0"])
        })
        .unwrap();
}

/// A truncation at any step is none, if the adjoint of the state is handed over.
#[test]
fn two_halves_that_hand_over_the_adjoint_are_the_whole() {
    let cases = (cases(), any::<prop::sample::Index>());
    runner(200)
        .run(&cases, |((point, loss), cut)| {
            let steps = run(&point);
            let cut = cut.index(steps.len() + 1); // an empty half is a half too
            let (cell, v) = &point;
            let (initial, xs) = parts(v);
            let first = forward(cell, &initial, &xs[..cut]);
            let handed = first.last().map_or(&initial, |step| &step.state);
            prop_assert_eq!(
                [first.clone(), forward(cell, handed, &xs[cut..])].concat(),
                steps.clone()
            );

            let (h_bars, c_bar) = loss.bars(&steps);
            let whole = backward(cell, &steps, &h_bars, &c_bar);
            let right = backward(cell, &steps[cut..], &h_bars[cut..], &c_bar);
            // The left half sees the right half as a loss on its last h and C.
            let mut h_bars = h_bars[..cut].to_vec();
            let Some(last) = h_bars.last_mut() else {
                prop_assert_eq!(right, whole);
                return Ok(());
            };
            *last += &right.initial.h;
            let left = backward(cell, &steps[..cut], &h_bars, &right.initial.c);

            prop_assert_eq!(&left.initial, &whole.initial);
            prop_assert_eq!([left.xs, right.xs].concat(), whole.xs);
            let mut sum = right.cell;
            accumulate(&mut sum, &left.cell);
            // The same terms, added in another order.
            for (sum, whole) in sum.tensors().iter().zip(whole.cell.tensors()) {
                for (a, b) in sum.values.iter().zip(whole.values) {
                    prop_assert!((a - b).abs() <= 1e-12 * whole_scale(&loss, &steps), "{a} {b}");
                }
            }
            Ok(())
        })
        .unwrap();
}

/// Rounding in a sum is as large as its terms, and they are about as large as the loss.
fn whole_scale(loss: &Loss, steps: &[Step]) -> f64 {
    loss.of(steps).abs().max(1.0)
}

#[test]
fn a_run_of_one_step_is_the_cell() {
    let cases = (shape(), regimes()).prop_flat_map(|(shape, regimes)| case(shape, 1, regimes));
    runner(200)
        .run(&cases, |(point, loss)| {
            let (cell, v) = &point;
            let (initial, xs) = parts(v);
            let step = cell.forward(&initial, &xs[0]);
            let steps = run(&point);
            prop_assert_eq!(&steps, std::slice::from_ref(&step));
            let (h_bars, c_bar) = loss.bars(&steps);
            let (cell_bar, initial_bar, x_bar) =
                cell.backward(&step, &State { h: h_bars[0].clone(), c: c_bar });
            let expected = Gradients { cell: cell_bar, initial: initial_bar, xs: vec![x_bar] };
            prop_assert_eq!(gradients(&point, &loss), expected);
            Ok(())
        })
        .unwrap();
}

/// |C_t| ≤ |C_0| + t, and |h_t| ≤ 1, whatever the weights are.
#[test]
fn the_cell_state_grows_by_at_most_one_a_step() {
    runner(300)
        .run(&cases(), |(point, _)| {
            let start = &point.1[1].1;
            for (t, step) in (1..).zip(run(&point)) {
                let bound = start.map(|c| (c.abs() + f64::from(t)) * (1.0 + 1e-14));
                prop_assert!(step.state.c.abs().iter().zip(&bound).all(|(c, bound)| c <= bound));
                prop_assert!(step.state.h.amax() <= 1.0);
            }
            Ok(())
        })
        .unwrap();
}

/// With C_0 = 0 step 1 adds exactly nothing to the forget gate's gradient: steps 2 … T give all of
/// it.
#[test]
fn with_an_empty_start_the_first_step_teaches_the_forget_gate_nothing() {
    runner(200)
        .run(&cases(), |((cell, mut v), loss)| {
            v[1].1.fill(0.0);
            let point = (cell, v);
            let steps = run(&point);
            let (h_bars, c_bar) = loss.bars(&steps);
            let whole = backward(&point.0, &steps, &h_bars, &c_bar).cell.forget;
            let without_step_1 = backward(&point.0, &steps[1..], &h_bars[1..], &c_bar).cell.forget;
            prop_assert_eq!(&whole, &without_step_1);
            if steps.len() == 1 {
                prop_assert!(whole.tensors().iter().flat_map(|t| t.values).all(|&v| v == 0.0));
            }
            Ok(())
        })
        .unwrap();
}

/// The trace is the same walk: its shares add up to the gradient, and their biases are the z̄ of its gates.
#[test]
fn the_trace_adds_up_to_the_gradient() {
    runner(200)
        .run(&cases(), |(point, loss)| {
            let steps = run(&point);
            let (h_bars, c_bar) = loss.bars(&steps);
            let whole = backward(&point.0, &steps, &h_bars, &c_bar);
            let trace = trace(&point.0, &steps, &h_bars, &c_bar);
            let mut sum = zeros_like(&point.0);
            trace.iter().rev().for_each(|at| accumulate(&mut sum, &at.share));
            prop_assert_eq!(sum, whole.cell);
            let xs: Vec<_> = trace.iter().map(|at| at.x.clone()).collect();
            prop_assert_eq!(xs, whole.xs);
            for (at, step) in trace.iter().zip(&steps) {
                prop_assert_eq!(&at.o, &at.h.component_mul(&step.state.c.map(f64::tanh)));
                let LstmCell { forget, input, output, .. } = &at.share;
                for (bar, gate, share) in
                    [(&at.f, &step.f, forget), (&at.i, &step.i, input), (&at.o, &step.o, output)]
                {
                    let z_bar = bar.component_mul(&gate.map(gradient_check::sigmoid_slope));
                    prop_assert_eq!(&z_bar, &share.affine.b);
                }
                let slope = step.candidate.map(gradient_check::tanh_slope);
                let z_bar = at.candidate.component_mul(&slope);
                prop_assert_eq!(&z_bar, &at.share.candidate.affine.b);
            }
            Ok(())
        })
        .unwrap();
}

/// C̄_1 by its ways: together they are the whole, and the way without any h is what differences say
/// when the gates and candidates of all later steps are held at their values.
#[test]
fn the_ways_through_cell_and_gates_add_up() {
    let worst = Worst::default();
    let result = runner(200).run(&cases(), |(point, mut loss)| {
        loss.reads = Reads::LastH;
        let steps = run(&point);
        let (h_bars, c_bar) = loss.bars(&steps);
        let whole = &trace(&point.0, &steps, &h_bars, &c_bar)[0].c;
        let last = steps.len() - 1;
        let parts = crossings(&point.0, &steps, &h_bars[last]);
        prop_assert_eq!(parts.len(), steps.len());
        let sum: DVector<f64> = parts.iter().sum();
        prop_assert!((&sum - whole).amax() <= 1e-12 * whole.amax().max(1.0), "{sum} {whole}");

        let held = |c_1: &Named| {
            let c = steps[1..].iter().fold(c_1.1.clone(), |c, step| {
                cell_state::update(&step.f, &c, &step.i, &step.candidate)
            });
            loss_of_last(&loss, &output_gate::emit(&steps[last].o, &c))
        };
        let c_1 = Named("C_1", steps[0].state.c.clone());
        worst.admit(check(&c_1, &Named("C_1", parts[0].clone()), held))?;

        // With every h that is handed on negated, the parts with an odd k change their sign.
        let mut bar = State { h: h_bars[last].clone(), c: c_bar };
        for step in steps[1..].iter().rev() {
            let (_, previous, _) = point.0.backward(step, &bar);
            bar = State { h: -previous.h, c: previous.c };
        }
        let through_h = output_gate::emit_backward(&steps[0].o, &steps[0].state.c, &bar.h).1;
        let signs =
            parts.iter().enumerate().map(|(k, part)| part * f64::from(1 - 2 * (k as i8 % 2)));
        let alternating: DVector<f64> = signs.sum();
        let off = (bar.c + through_h - alternating).amax();
        prop_assert!(off <= 1e-12 * whole.amax().max(1.0), "{off:e}");
        Ok(())
    });
    println!("{worst}");
    result.unwrap();
}

/// The loss on h_T alone.
fn loss_of_last(loss: &Loss, h: &DVector<f64>) -> f64 {
    cases::loss(&loss.of_h[loss.of_h.len() - 1], h)
}

/// Without the part that crossed through no h, or through one, the sum is another.
#[test]
fn a_missing_way_is_noticed() {
    runner(32)
        .run(&lively_cases(3), |(point, loss)| {
            let steps = run(&point);
            let (h_bars, _) = loss.bars(&steps);
            let last = steps.len() - 1;
            let zero = DVector::zeros(point.0.hidden());
            let mut only_last = vec![zero.clone(); steps.len()];
            only_last[last] = h_bars[last].clone();
            let whole = &trace(&point.0, &steps, &only_last, &zero)[0].c;
            let parts = crossings(&point.0, &steps, &h_bars[last]);
            for k in 0..2 {
                let sum: DVector<f64> =
                    parts.iter().enumerate().filter(|(at, _)| *at != k).map(|(_, part)| part).sum();
                prop_assert!((sum - whole).amax() > 1e-9 * whole.amax());
            }
            Ok(())
        })
        .unwrap();
}
