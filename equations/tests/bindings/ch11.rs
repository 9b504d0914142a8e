//! The equations of chapter 11, of the right program and of three wrong ones; and that the gates'
//! equations refuse the wrong models, which the gradient checker admits.

use bug_gallery::{Bug, Network, Problem, forward, gradient, loss, probabilities, step_backward};
use cell_state::{UpdateAdjoints, update_backward};
use digits::{DIGITS, Sequence, Task};
use equations::Env;
use gradient_check::Affine;
use nalgebra::DMatrix;
use output_gate::{Candidate, LstmCell, State, Step, emit_backward};

use crate::check::{NOTICED, TOLERANCE, cases, parse};
use crate::draw::{Binding, Draw, m};
use crate::support;

/// Which code each label stands for.
pub(crate) const BINDINGS: &[Binding] = &[
    ("gallery-loss", |draw| {
        let task = if draw.vector(1)[0] > 0.0 { Task::Sum } else { Task::First };
        mean_loss(draw, task)
    }),
    ("gallery-output", |draw| mean_loss(draw, Task::Sum)),
    ("gallery-lines", |draw| step(draw, None)),
    ("slip-off-by-one", |draw| step(draw, Some(Bug::CellOffByOne))),
    ("slip-sigmoid", |draw| step(draw, Some(Bug::SigmoidForSlope))),
    ("slip-slope", |draw| step(draw, Some(Bug::SlopeOfOutput))),
    ("gallery-gates", |draw| gates(draw, None)),
];

/// Its shapes must be small: the drawn values have to suffice for four gates.
fn cell(draw: &mut Draw) -> LstmCell {
    let (forget, input, output) = (draw.gate(), draw.gate(), draw.gate());
    LstmCell { forget, input, candidate: Candidate { affine: draw.gate().affine }, output }
}

/// The mean over the answers of a sequence of three digits, H = 1 or 2.
fn mean_loss(draw: &mut Draw, task: Task) -> Env {
    (draw.hidden, draw.inputs) = (draw.hidden.min(2), DIGITS);
    let cell = cell(draw);
    let output = Affine { w: draw.matrix(DIGITS, draw.hidden), b: draw.vector(DIGITS) };
    let network = Network { cell, output };
    let digits = draw.vector(3).map(|v| (v.abs() * 1000.0) as u8 % 10);
    let sequence = Sequence { context: digits.as_slice().to_vec(), next: 0 };
    let problem = Problem::new(task, &sequence);
    let steps = forward(&network, &problem, None);

    let mut env = Env::new();
    env.index("T", 3)
        .at("L", 1, DMatrix::zeros(1, 1)) // unless something is asked at step 1
        .scalar("n", problem.asked() as f64)
        .scalar("L", loss(&network, &problem, None))
        .set("bar(b_y)", m(&gradient(&network, &problem, None).output.b));
    for (t, (step, answer)) in (1..).zip(steps.iter().zip(&problem.answers)) {
        let Some(answer) = *answer else { continue };
        let p = probabilities(&network.output, &step.state.h);
        let q = DMatrix::from_fn(DIGITS, 1, |k, _| if k == answer { 1.0 } else { 0.0 });
        env.at("L", t, DMatrix::from_element(1, 1, -p[answer].ln()))
            .at("p", t, m(&p))
            .at("q", t, q);
    }
    env
}

/// One step backward at t = 1, with or without a bug. Where the bug is, the listing's own value.
fn step(draw: &mut Draw, bug: Option<Bug>) -> Env {
    (draw.hidden, draw.inputs) = (draw.hidden.min(4), draw.inputs.min(4));
    let cell = cell(draw);
    let previous = State { h: draw.vector(draw.hidden), c: draw.vector(draw.hidden) };
    let x = draw.vector(draw.inputs);
    let bar = State { h: draw.vector(draw.hidden), c: draw.vector(draw.hidden) };

    let step = cell.forward(&previous, &x);
    let (gradient, previous_bar) = step_backward(&cell, &step, &bar, bug);
    let Step { c_prev, f, i, candidate, o, state, .. } = &step;
    let c_bar = &bar.c + emit_backward(o, &state.c, &bar.h).1;
    let UpdateAdjoints { f: f_bar, candidate: candidate_bar, .. } =
        update_backward(f, c_prev, i, candidate, &c_bar);

    let mut env = Env::new();
    env.index("t", 1)
        .at("C", 0, m(c_prev))
        .at("C", 1, m(&state.c))
        .at("f", 1, m(f))
        .at("tilde(C)", 1, m(candidate))
        .at("bar(C)", 1, m(&c_bar))
        .at("hat(C)", 0, m(&previous_bar.c))
        .at("bar(f)", 1, m(&f_bar))
        .at("bar(tilde(C))", 1, m(&candidate_bar))
        // The biases are added as they are: their adjoints are those of the pre-activations.
        .at("bar(z^f)", 1, m(&gradient.forget.affine.b))
        .at("bar(z^C)", 1, m(&gradient.candidate.affine.b));
    env
}

/// Two gates at t = 1, as a program with this bug computes them from the weights that it stores.
fn gates(draw: &mut Draw, bug: Option<Bug>) -> Env {
    (draw.hidden, draw.inputs) = (draw.hidden.min(4), draw.inputs.min(4));
    let stored = cell(draw);
    let previous = State { h: draw.vector(draw.hidden), c: draw.vector(draw.hidden) };
    let x = draw.vector(draw.inputs);
    let step = bug_gallery::read(&stored, bug).forward(&previous, &x);

    let mut env = Env::new();
    env.index("t", 1)
        .set("W_f", stored.forget.affine.w)
        .set("b_f", m(&stored.forget.affine.b))
        .set("W_i", stored.input.affine.w)
        .set("b_i", m(&stored.input.affine.b))
        .at("h", 0, m(&previous.h))
        .at("x", 1, m(&x))
        .at("f", 1, m(&step.f))
        .at("i", 1, m(&step.i));
    env
}

#[test]
fn the_gates_equations_refuse_the_wrong_models() {
    let (press, _) = support::book();
    let find = |equation: &&super::BookEquation| equation.label == "gallery-gates";
    let equation = parse(press.index.equations.iter().find(find).expect("the gates' equations"));
    let worst = |bind: fn(&mut Draw) -> Env| {
        let residuals = cases(bind).into_iter().map(|env| equation.residual(&env).expect("values"));
        residuals.fold(0.0, f64::max)
    };
    assert!(worst(|draw| gates(draw, None)) < TOLERANCE);
    let wrong: [fn(&mut Draw) -> Env; 3] = [
        |draw| gates(draw, Some(Bug::BiasShared)),
        |draw| gates(draw, Some(Bug::RowsSwapped)),
        |draw| gates(draw, Some(Bug::ReadTransposed)),
    ];
    assert_eq!(wrong.len(), Bug::MODELS.len());
    for bind in wrong {
        assert!(worst(bind) > 1000.0 * NOTICED);
    }
}
