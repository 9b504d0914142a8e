//! The equations of chapter 9.

use equations::Env;
use five_steps::{Example, example, forward};
use gradient_check::Affine;
use output_gate::{Candidate, Gate, LstmCell, State, Step};

use crate::check::{cases, caught, read};
use crate::draw::{Binding, Draw, m};

/// Which code each label stands for.
pub(crate) const BINDINGS: &[Binding] = &[
    ("first-gates", first_step),
    ("first-by-hand", by_hand),
    ("first-cell", first_step_from_zero),
    ("second-step", five_steps),
    ("still-inside", five_steps_from_zero),
    ("answer", answer),
];

/// A cell of at most four units and inputs, with gates that are seldom saturated.
pub(crate) fn cell(draw: &mut Draw) -> LstmCell {
    (draw.hidden, draw.inputs) = (draw.hidden.min(4), draw.inputs.min(4));
    let mut layer = || {
        let Affine { w, b } = draw.gate().affine;
        Affine { w: 0.5 * w, b: 0.5 * b }
    };
    LstmCell {
        forget: Gate { affine: layer() },
        input: Gate { affine: layer() },
        candidate: Candidate { affine: layer() },
        output: Gate { affine: layer() },
    }
}

/// A start that is not zero.
pub(crate) fn start(draw: &mut Draw) -> State {
    State { h: draw.vector(draw.hidden), c: draw.vector(draw.hidden) }
}

/// The weights under their names.
pub(crate) fn weights(env: &mut Env, cell: &LstmCell) {
    for (name, layer) in [
        ("f", &cell.forget.affine),
        ("i", &cell.input.affine),
        ("C", &cell.candidate.affine),
        ("o", &cell.output.affine),
    ] {
        env.set(&format!("W_{name}"), layer.w.clone()).set(&format!("b_{name}"), m(&layer.b));
    }
}

/// What a run computed, at its times: steps 1 … T, and the start at time 0.
pub(crate) fn run(env: &mut Env, start: &State, steps: &[Step]) {
    env.at("h", 0, m(&start.h)).at("C", 0, m(&start.c));
    for (t, step) in (1..).zip(steps) {
        let x = step.hx.rows(start.h.len(), step.hx.len() - start.h.len()).into_owned();
        env.at("x", t, m(&x))
            .at("f", t, m(&step.f))
            .at("i", t, m(&step.i))
            .at("tilde(C)", t, m(&step.candidate))
            .at("o", t, m(&step.o))
            .at("C", t, m(&step.state.c))
            .at("h", t, m(&step.state.h));
    }
}

/// `length` steps by the listing of chapter 9.
fn steps(draw: &mut Draw, length: usize, start: fn(&mut Draw) -> State) -> Env {
    let cell = cell(draw);
    let start = start(draw);
    let xs: Vec<_> = (0..length).map(|_| draw.vector(draw.inputs)).collect();
    let steps = forward(&cell, &start, &xs);
    let mut env = Env::new();
    weights(&mut env, &cell);
    run(&mut env, &start, &steps);
    env
}

fn zeros(draw: &mut Draw) -> State {
    State::zeros(draw.hidden)
}

fn first_step(draw: &mut Draw) -> Env {
    steps(draw, 1, start)
}

fn first_step_from_zero(draw: &mut Draw) -> Env {
    steps(draw, 1, zeros)
}

fn five_steps(draw: &mut Draw) -> Env {
    steps(draw, 5, start)
}

fn five_steps_from_zero(draw: &mut Draw) -> Env {
    steps(draw, 5, zeros)
}

/// An output layer of two rows over h_5.
fn answer(draw: &mut Draw) -> Env {
    let (w, b) = (draw.matrix(2, draw.hidden), draw.vector(2));
    let (output, h) = (Affine { w, b }, draw.vector(draw.hidden));
    let mut env = Env::new();
    env.set("W_y", output.w.clone()).set("b_y", m(&output.b)).at("h", 5, m(&h)).at(
        "y",
        5,
        m(&output.forward(&h)),
    );
    env
}

/// The worked example, its first unit alone.
fn by_hand(_: &mut Draw) -> Env {
    let Example { cell, xs, .. } = example();
    let z = cell.input.affine.forward(&forward(&cell, &State::zeros(2), &xs)[0].hx);
    let mut env = Env::new();
    env.at("z^i", 1, m(&z.rows(0, 1).into_owned()));
    env
}

/// With C_0 = 0 the equation of step 1 cannot be told from wrong ones: what multiplies the zero may be
/// anything. That is why the page shows `C_1 = i_1 ⊙ C̃_1` on its own.
#[test]
fn from_zero_nobody_notices_a_wrong_first_forget_gate() {
    let line = r"C_1 = f_1 \odot C_0 + i_1 \odot \tilde{C}_1 = i_1 \odot \tilde{C}_1";
    let equation = read(line).expect("an equation");
    let cases = cases(first_step_from_zero);
    let survivors: Vec<String> = (equation.mutants().into_iter())
        .filter(|mutant| !caught(&mutant.equation, &cases))
        .map(|mutant| mutant.description)
        .collect();
    println!("not noticed:\n{}", survivors.join("\n"));
    for wrong in ["became `-f_1 \\odot C_0 + ", "became `C_0` (drop)", "`f_1` became `i_1`"] {
        assert!(survivors.iter().any(|line| line.contains(wrong)), "{wrong}: {survivors:?}");
    }
    assert!(survivors.iter().all(|line| line.contains("f_1") || line.contains("C_0")));
}
