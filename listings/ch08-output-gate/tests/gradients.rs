//! Chapter 8's gradients against the differences: the eight tensors of the cell, h_{t−1}, C_{t−1}
//! and x_t, from a loss on h_t and on C_t; and the four tensors of PyTorch's layout.

use cases::{
    Regime, TOLERANCE, Worst, assert_refused, big_shape, loss, loss_bar, named, runner, shape,
    vector,
};
use cell_cases::{cell, regimes, start};
use cell_state::update_backward;
use forget_gate::unstack;
use gradient_check::{
    Named, Parameters, Tensor, TensorMut, check, check_along, sigmoid_slope, tanh_slope,
};
use nalgebra::{DMatrix, DVector};
use output_gate::{
    Candidate, Gate, LstmCell, NAMES, PyTorch, State, Step, emit, emit_backward, keep_a_secret,
    peephole,
};
use proptest::prelude::*;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

/// The cell, then h_{t−1}, C_{t−1} and x_t.
type Point = (LstmCell, Vec<Named>);

/// What the loss weighs: h_t and C_t.
type Weights = State;

/// A cell with its inputs, and the loss's weights.
fn case(
    (hidden, inputs): (usize, usize),
    regimes: [Regime; 4],
) -> impl Strategy<Value = (Point, Weights)> {
    let vectors = (start(hidden), vector(inputs, 2.0));
    let weights = (vector(hidden, 1.0), vector(hidden, 1.0)).prop_map(|(h, c)| State { h, c });
    (cell((hidden, inputs), regimes), vectors, weights)
        .prop_map(|(cell, (previous, x), weights)| (listed((cell, previous, x)), weights))
}

fn forward((cell, v): &Point) -> Step {
    cell.forward(&State { h: v[0].1.clone(), c: v[1].1.clone() }, &v[2].1)
}

fn cell_loss(weights: &Weights) -> impl Fn(&Point) -> f64 {
    |point| {
        let State { h, c } = forward(point).state;
        loss(&weights.h, &h) + loss(&weights.c, &c)
    }
}

/// The adjoints of h_t and C_t as the loss itself sees them.
fn bar(step: &Step, weights: &Weights) -> State {
    State { h: loss_bar(&weights.h, &step.state.h), c: loss_bar(&weights.c, &step.state.c) }
}

fn listed((cell, previous, x): (LstmCell, State, DVector<f64>)) -> Point {
    (cell, named([("h_prev", &previous.h), ("C_prev", &previous.c), ("x", &x)]))
}

fn gradient(point: &Point, weights: &Weights) -> Point {
    let step = forward(point);
    listed(point.0.backward(&step, &bar(&step, weights)))
}

#[test]
fn every_gradient_matches_the_differences() {
    let worst = Worst::default();
    let shapes = prop_oneof![49 => shape(), 1 => big_shape()];
    let cases = (shapes, regimes()).prop_flat_map(|(shape, regimes)| case(shape, regimes));
    let result = runner(500).run(&cases, |(point, weights)| {
        worst.admit(check(&point, &gradient(&point, &weights), cell_loss(&weights)))
    });
    println!("{worst}");
    result.unwrap();
}

#[test]
fn along_random_directions_too() {
    let cases = (big_shape(), regimes(), any::<u64>())
        .prop_flat_map(|(shape, regimes, seed)| (case(shape, regimes), Just(seed)));
    runner(50)
        .run(&cases, |((point, weights), seed)| {
            let rng = &mut ChaCha8Rng::seed_from_u64(seed);
            let gradient = gradient(&point, &weights);
            let error = check_along(&point, &gradient, rng, cell_loss(&weights));
            prop_assert!(error < TOLERANCE, "{error:e}");
            Ok(())
        })
        .unwrap();
}

/// A slip in the backward pass of the cell.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bug {
    /// Nothing goes from C_t to C_{t−1}.
    CarryDropped,
    /// C̄_t arrives at C_{t−1} without f_t.
    CarryUngated,
    /// h_t = o_t ⊙ tanh(C_t) hands nothing to C_t.
    HiddenToCellDropped,
    /// … or hands it over without the slope of tanh.
    SlopeOfCellTanhForgotten,
    /// ō_t from C_t instead of tanh(C_t).
    OutputFromRawCell,
    /// f̄_t from C_t instead of C_{t−1}.
    ForgetFromNewCell,
    /// 1 − f² for f = σ(z).
    ForgetSlopeOfTanh,
    /// C̃ ⊙ (1 − C̃) for C̃ = tanh(z).
    CandidateSlopeOfSigmoid,
    /// [h_{t−1}, x_t] was read four times, one reader is forgotten.
    OneReaderForgotten,
    /// h_{t−1} gets nothing, only x_t.
    HiddenPathMissing,
}

/// [`LstmCell::backward`] with a slip in it.
fn wrong_backward(
    cell: &LstmCell,
    step: &Step,
    bar: &State,
    bug: Bug,
) -> (LstmCell, State, DVector<f64>) {
    let Step { hx, c_prev, f, i, candidate: c_tilde, o, state } = step;
    let (mut o_bar, mut c_bar_from_h) = emit_backward(o, &state.c, &bar.h);
    match bug {
        Bug::HiddenToCellDropped => c_bar_from_h.fill(0.0),
        Bug::SlopeOfCellTanhForgotten => c_bar_from_h = bar.h.component_mul(o),
        Bug::OutputFromRawCell => o_bar = bar.h.component_mul(&state.c),
        _ => {}
    }
    let c_bar = &bar.c + c_bar_from_h;
    let mut adjoints = update_backward(f, c_prev, i, c_tilde, &c_bar);
    match bug {
        Bug::CarryDropped => adjoints.c_prev.fill(0.0),
        Bug::CarryUngated => adjoints.c_prev = c_bar,
        Bug::ForgetFromNewCell => adjoints.f = c_bar.component_mul(&state.c),
        _ => {}
    }
    let forget_slope = if bug == Bug::ForgetSlopeOfTanh { tanh_slope } else { sigmoid_slope };
    let z_bar = adjoints.f.component_mul(&f.map(forget_slope));
    let (forget, hx_f) = cell.forget.affine.backward(hx, &z_bar);
    let (input, hx_i) = cell.input.backward(hx, i, &adjoints.i);
    let slope = if bug == Bug::CandidateSlopeOfSigmoid { sigmoid_slope } else { tanh_slope };
    let z_bar = adjoints.candidate.component_mul(&c_tilde.map(slope));
    let (candidate, hx_c) = cell.candidate.affine.backward(hx, &z_bar);
    let (output, mut hx_o) = cell.output.backward(hx, o, &o_bar);
    if bug == Bug::OneReaderForgotten {
        hx_o.fill(0.0);
    }
    let (mut h_bar, x_bar) = unstack(&(hx_f + hx_i + hx_c + hx_o), cell.hidden());
    if bug == Bug::HiddenPathMissing {
        h_bar.fill(0.0);
    }
    let (forget, candidate) = (Gate { affine: forget }, Candidate { affine: candidate });
    let gradient = LstmCell { forget, input, candidate, output };
    (gradient, State { h: h_bar, c: adjoints.c_prev }, x_bar)
}

#[test]
fn wrong_gradients_are_refused() {
    let cases = shape().prop_flat_map(|(hidden, inputs)| {
        // Entries away from zero, so that each slip shows.
        let away = move |len| {
            prop::collection::vec(prop_oneof![-2.0..-0.5, 0.5..2.0], len)
                .prop_map(DVector::from_vec)
        };
        let vectors = (away(hidden), away(hidden), away(inputs), away(hidden), away(hidden));
        (cell((hidden, inputs), [Regime::Moderate; 4]), vectors)
    });
    runner(64)
        .run(&cases, |(cell, (h, c, x, weigh_h, weigh_c))| {
            let weights = State { h: weigh_h, c: weigh_c };
            let point = (cell, named([("h_prev", &h), ("C_prev", &c), ("x", &x)]));
            let loss = cell_loss(&weights);
            let (cell, inputs) = &point;
            let wrong = |bug| {
                let step = forward(&point);
                listed(wrong_backward(cell, &step, &bar(&step, &weights), bug))
            };
            let of_cell =
                |bug| check(cell, &wrong(bug).0, |cell| loss(&(cell.clone(), inputs.clone())));
            let of_all = |bug| check(&point, &wrong(bug), &loss);

            assert_refused(&of_all(Bug::CarryDropped), &["C_prev"])?;
            assert_refused(&of_all(Bug::CarryUngated), &["C_prev"])?;
            assert_refused(&of_all(Bug::HiddenPathMissing), &["h_prev"])?;
            assert_refused(&of_all(Bug::OneReaderForgotten), &["h_prev", "x"])?;
            // These spoil the inputs' gradients too: look at the weights alone.
            assert_refused(&of_cell(Bug::ForgetSlopeOfTanh), &["W_f", "b_f"])?;
            assert_refused(&of_cell(Bug::ForgetFromNewCell), &["W_f", "b_f"])?;
            assert_refused(&of_cell(Bug::CandidateSlopeOfSigmoid), &["W_C", "b_C"])?;
            assert_refused(&of_cell(Bug::OutputFromRawCell), &["W_o", "b_o"])?;
            // Everything that feeds C_t is wrong, the output gate is not.
            assert_refused(&of_cell(Bug::HiddenToCellDropped), &NAMES[..6])?;
            assert_refused(&of_cell(Bug::SlopeOfCellTanhForgotten), &NAMES[..6])
        })
        .unwrap();
}

/// All gates in [0, 1] (inside it when moderate), |h_t| ≤ 1, |C_t| ≤ |C_{t−1}| + 1.
#[test]
fn a_step_stays_within_its_bounds() {
    let cases = (shape(), regimes()).prop_flat_map(|(shape, regimes)| case(shape, regimes));
    runner(300)
        .run(&cases, |(point, _)| {
            let Step { c_prev, f, i, o, state, .. } = forward(&point);
            for gate in [&f, &i, &o] {
                prop_assert!(gate.iter().all(|g| (0.0..=1.0).contains(g)), "{gate}");
            }
            prop_assert!(state.h.amax() <= 1.0, "{}", state.h);
            let within =
                |(c, before): (&f64, &f64)| c.abs() <= (before.abs() + 1.0) * (1.0 + 1e-15);
            prop_assert!(state.c.iter().zip(&c_prev).all(within), "{}", state.c);
            Ok(())
        })
        .unwrap();
}

/// With C_{t−1} = 0 the forget gate's gradient is exactly zero, whatever the loss.
#[test]
fn an_empty_cell_teaches_the_forget_gate_nothing() {
    let cases = (shape(), regimes()).prop_flat_map(|(shape, regimes)| case(shape, regimes));
    runner(200)
        .run(&cases, |((cell, mut inputs), weights)| {
            inputs[1].1.fill(0.0);
            let (bar, _) = gradient(&(cell, inputs), &weights);
            prop_assert!(bar.forget.tensors().iter().flat_map(|t| t.values).all(|&v| v == 0.0));
            Ok(())
        })
        .unwrap();
}

/// C and h are two things: a shut output gate hides the cell state and leaves it as it is.
#[test]
fn a_shut_output_gate_hides_but_does_not_erase() {
    let cases = (1..=8usize).prop_flat_map(|n| (vector(n, 3.0), vector(n, 1.0)));
    runner(100)
        .run(&cases, |(c, h_bar)| {
            let shut = DVector::zeros(c.len());
            prop_assert_eq!(emit(&shut, &c), shut.clone());
            prop_assert_eq!(emit_backward(&shut, &c, &h_bar).1, shut);
            Ok(())
        })
        .unwrap();
}

/// The output gate reads h_{t−1} and x_t. What is in the cell changes nothing about it.
#[test]
fn the_output_gate_does_not_look_at_the_cell() {
    let cases = (shape(), regimes())
        .prop_flat_map(|(shape, regimes)| (case(shape, regimes), vector(shape.0, 30.0)));
    runner(100)
        .run(&cases, |(((cell, mut inputs), _), other)| {
            let before = forward(&(cell.clone(), inputs.clone())).o;
            inputs[1].1 = other.clone();
            let step = forward(&(cell.clone(), inputs));
            prop_assert_eq!(&before, &step.o);
            // A peephole does look, unless its weights are zero.
            let peek = |p: f64| {
                let p = DVector::from_element(other.len(), p);
                peephole(&cell.output, &p, &step.hx, &step.state.c)
            };
            prop_assert_eq!(peek(0.0), step.o);
            let towards = |((p, o), c): ((&f64, &f64), &f64)| (p - o) * c >= 0.0;
            prop_assert!(peek(1.0).iter().zip(&before).zip(&step.state.c).all(towards));
            Ok(())
        })
        .unwrap();
}

/// What is kept is not shown, and what is shown is not lost.
#[test]
fn the_secret_is_kept_until_it_is_asked_for() {
    for (t, State { h, c }) in (1..).zip(keep_a_secret()) {
        let written = match t {
            1 | 2 => 0.0,
            3..=11 => 2.0_f64.tanh(),
            _ => -2.0_f64.tanh(),
        };
        assert!((c[0] - written).abs() < 0.01, "C at t = {t}: {c}");
        let shown = if [9, 11, 14].contains(&t) { written.tanh() } else { 0.0 };
        assert!((h[0] - shown).abs() < 0.01, "h at t = {t}: {h}");
    }
}

/// PyTorch's four tensors as something to check.
#[derive(Clone, Debug)]
struct Layout(PyTorch);

const LAYOUT: [&str; 4] = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"];

impl Parameters for Layout {
    fn tensors(&self) -> Vec<Tensor<'_>> {
        let PyTorch { weight_ih, weight_hh, bias_ih, bias_hh } = &self.0;
        let values =
            [weight_ih.as_slice(), weight_hh.as_slice(), bias_ih.as_slice(), bias_hh.as_slice()];
        let rows = bias_ih.len();
        let tensor = |(name, values)| Tensor { name, rows, values };
        LAYOUT.into_iter().zip(values).map(tensor).collect()
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_>> {
        let PyTorch { weight_ih, weight_hh, bias_ih, bias_hh } = &mut self.0;
        let values = [
            weight_ih.as_mut_slice(),
            weight_hh.as_mut_slice(),
            bias_ih.as_mut_slice(),
            bias_hh.as_mut_slice(),
        ];
        LAYOUT.into_iter().zip(values).map(|(name, values)| TensorMut { name, values }).collect()
    }
}

/// A gradient in PyTorch's layout is the gradient by PyTorch's tensors.
#[test]
fn gradients_in_pytorch_s_layout_match_the_differences() {
    let worst = Worst::default();
    let entries = |len| prop::collection::vec(-1.0..1.0, len);
    let cases = (1..=4usize, 1..=4usize).prop_flat_map(|(hidden, inputs)| {
        let tensors = (
            entries(4 * hidden * inputs),
            entries(4 * hidden * hidden),
            vector(4 * hidden, 1.0),
            vector(4 * hidden, 1.0),
        );
        let tensors = tensors.prop_map(move |(ih, hh, bias_ih, bias_hh)| PyTorch {
            weight_ih: DMatrix::from_vec(4 * hidden, inputs, ih),
            weight_hh: DMatrix::from_vec(4 * hidden, hidden, hh),
            bias_ih,
            bias_hh,
        });
        (tensors, case((hidden, inputs), [Regime::Moderate; 4]))
    });
    let result = runner(200).run(&cases, |(tensors, ((_, inputs), weights))| {
        let loss = cell_loss(&weights);
        let cell = tensors.to_cell();
        let (gradient, _) = gradient(&(cell, inputs.clone()), &weights);
        let gradient = Layout(PyTorch::from_gradient(&gradient));
        let loss = |layout: &Layout| loss(&(layout.0.to_cell(), inputs.clone()));
        worst.admit(check(&Layout(tensors.clone()), &gradient, loss))?;
        // The candidate's and the output gate's blocks swapped.
        let mut wrong = gradient;
        let hidden = inputs[0].1.len();
        for row in 0..hidden {
            wrong.0.weight_ih.swap_rows(2 * hidden + row, 3 * hidden + row);
        }
        let report = check(&Layout(tensors), &wrong, loss);
        prop_assert!(report.worst.error > 1e-6 && report.worst.name == "weight_ih", "{report}");
        Ok(())
    });
    println!("{worst}");
    result.unwrap();
}

#[test]
fn the_tensors_carry_the_book_s_names() {
    let affine = gradient_check::Affine { w: nalgebra::DMatrix::zeros(2, 5), b: DVector::zeros(2) };
    let gate = Gate { affine: affine.clone() };
    let mut cell = LstmCell {
        forget: gate.clone(),
        input: gate.clone(),
        candidate: Candidate { affine },
        output: gate,
    };
    cell.candidate.affine.w[(1, 4)] = 7.0;
    let shapes: Vec<_> = cell.tensors().iter().map(|t| (t.name, t.rows, t.values.len())).collect();
    let expected: Vec<_> =
        NAMES.iter().map(|&name| (name, 2, if name.starts_with('W') { 10 } else { 2 })).collect();
    assert_eq!(shapes, expected);
    let to_change: Vec<_> = cell.tensors_mut().iter().map(|t| (t.name, t.values.len())).collect();
    assert_eq!(to_change, expected.iter().map(|&(name, _, len)| (name, len)).collect::<Vec<_>>());
    assert_eq!(cell.tensors()[4].values[9], 7.0); // W_C[1, 4], column-major
}
