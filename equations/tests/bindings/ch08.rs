//! The equations of chapter 8.

use cell_state::update_backward;
use equations::Env;
use forget_gate::stack;
use input_gate::Candidate;
use nalgebra::DVector;
use output_gate::{LstmCell, PyTorch, State, Step, emit_backward, peephole};

use crate::draw::{Binding, Draw, m};

/// Which code each label stands for.
pub(crate) const BINDINGS: &[Binding] = &[
    ("output-gate", two_steps),
    ("emit", two_steps),
    ("whole-cell", two_steps),
    ("emit-backward", two_steps),
    ("two-paths", two_steps),
    ("whole-backward", two_steps),
    ("output-weights", two_steps),
    ("four-readers", two_steps),
    ("pytorch-gate", pytorch),
    ("peephole-gate", peek),
];

/// The whole adjoint of C, from what the listing hands on along the line: it is C̄ ⊙ f.
fn c_bar(step: &Step, carried: &DVector<f64>) -> DVector<f64> {
    carried.component_div(&step.f)
}

/// Steps 1 and 2 of a whole cell, forward and backward, with a loss on h_1, h_2 and C_2; t = 1.
fn two_steps(draw: &mut Draw) -> Env {
    (draw.hidden, draw.inputs) = (draw.hidden.min(5), draw.inputs.min(5)); // four gates to draw
    let [forget, input, candidate, output] = std::array::from_fn(|_| draw.gate());
    let candidate = Candidate { affine: candidate.affine };
    let cell = LstmCell { forget, input, candidate, output };
    let start = State { h: draw.vector(draw.hidden), c: draw.vector(draw.hidden) };
    let (x, next_x) = (draw.vector(draw.inputs), draw.vector(draw.inputs));
    let step = cell.forward(&start, &x);
    let next = cell.forward(&step.state, &next_x);

    let end_bar = State { h: draw.vector(draw.hidden), c: draw.vector(draw.hidden) };
    let (_, mut bar, _) = cell.backward(&next, &end_bar);
    let next_c_bar = c_bar(&next, &bar.c);
    bar.h += draw.vector(draw.hidden);
    let (gradient, start_bar, x_bar) = cell.backward(&step, &bar);
    let c_bar = c_bar(&step, &start_bar.c);
    let (o_bar, _) = emit_backward(&step.o, &step.state.c, &bar.h);
    let adjoints = update_backward(&step.f, &start.c, &step.i, &step.candidate, &c_bar);

    let mut env = Env::new();
    env.index("t", 1)
        .set("W_f", cell.forget.affine.w.clone())
        .set("b_f", m(&cell.forget.affine.b))
        .set("W_i", cell.input.affine.w.clone())
        .set("b_i", m(&cell.input.affine.b))
        .set("W_C", cell.candidate.affine.w.clone())
        .set("b_C", m(&cell.candidate.affine.b))
        .set("W_o", cell.output.affine.w.clone())
        .set("b_o", m(&cell.output.affine.b))
        .at("h", 0, m(&start.h))
        .at("C", 0, m(&start.c))
        .at("x", 1, m(&x))
        .at("f", 1, m(&step.f))
        .at("i", 1, m(&step.i))
        .at("tilde(C)", 1, m(&step.candidate))
        .at("o", 1, m(&step.o))
        .at("C", 1, m(&step.state.c))
        .at("h", 1, m(&step.state.h))
        .at("f", 2, m(&next.f))
        .at("bar(C)", 2, m(&next_c_bar))
        .at("hat(C)", 1, m(&bar.c))
        .at("bar(h)", 1, m(&bar.h))
        .at("bar(C)", 1, m(&c_bar))
        .at("bar(o)", 1, m(&o_bar))
        .at("bar(f)", 1, m(&adjoints.f))
        .at("bar(i)", 1, m(&adjoints.i))
        .at("bar(tilde(C))", 1, m(&adjoints.candidate))
        // The listing's own adjoints of the pre-activations: biases are added as they are.
        .at("bar(z^f)", 1, m(&gradient.forget.affine.b))
        .at("bar(z^i)", 1, m(&gradient.input.affine.b))
        .at("bar(z^C)", 1, m(&gradient.candidate.affine.b))
        .at("bar(z^o)", 1, m(&gradient.output.affine.b))
        .set("bar(W_o)", gradient.output.affine.w.clone())
        .set("bar(b_o)", m(&gradient.output.affine.b))
        .at("hat(h)", 0, m(&start_bar.h))
        .at("bar(x)", 1, m(&x_bar));
    env
}

/// A forget gate from PyTorch's tensors: block 1 of four.
fn pytorch(draw: &mut Draw) -> Env {
    (draw.hidden, draw.inputs) = (draw.hidden.min(5), draw.inputs.min(5));
    let (hidden, inputs) = (draw.hidden, draw.inputs);
    let tensors = PyTorch {
        weight_ih: draw.matrix(4 * hidden, inputs),
        weight_hh: draw.matrix(4 * hidden, hidden),
        bias_ih: draw.vector(4 * hidden),
        bias_hh: draw.vector(4 * hidden),
    };
    let (h, x) = (draw.vector(hidden), draw.vector(inputs));
    let cell = tensors.to_cell();
    let step = cell.forward(&State { h: h.clone(), c: DVector::zeros(hidden) }, &x);
    let rows = |vector: &DVector<f64>| m(&vector.rows(hidden, hidden).into_owned());
    let mut env = Env::new();
    env.index("t", 1)
        .set("W_{if}", tensors.weight_ih.rows(hidden, hidden).into_owned())
        .set("W_{hf}", tensors.weight_hh.rows(hidden, hidden).into_owned())
        .set("b_{if}", rows(&tensors.bias_ih))
        .set("b_{hf}", rows(&tensors.bias_hh))
        .set("W_f", cell.forget.affine.w.clone())
        .set("b_f", m(&cell.forget.affine.b))
        .at("h", 0, m(&h))
        .at("x", 1, m(&x))
        .at("f", 1, m(&step.f));
    env
}

/// An output gate with a peephole.
fn peek(draw: &mut Draw) -> Env {
    let (gate, p) = (draw.gate(), draw.vector(draw.hidden));
    let (h, x, c) = (draw.vector(draw.hidden), draw.vector(draw.inputs), draw.vector(draw.hidden));
    let o = peephole(&gate, &p, &stack(&h, &x), &c);
    let mut env = Env::new();
    env.index("t", 1)
        .set("W_o", gate.affine.w.clone())
        .set("b_o", m(&gate.affine.b))
        .set("P_o", m(&p))
        .at("h", 0, m(&h))
        .at("x", 1, m(&x))
        .at("C", 1, m(&c))
        .at("o", 1, m(&o));
    env
}
