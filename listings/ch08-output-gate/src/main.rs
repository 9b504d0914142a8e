//! What `cargo run -p ch08` prints: one full step of one cell with all its values, the same step
//! backward, and what a cell state shows through its output gate.

use cell_state::update_backward;
use forget_gate::stack;
use gradient_check::{Named, check, sigmoid, sigmoid_slope, tanh_slope};
use nalgebra::DVector;
use output_gate::{
    Example, LstmCell, OVERHEARD, State, Step, emit, emit_backward, example, keep_a_secret,
    peephole,
};
use say::println;

fn main() {
    secret();
    println!();
    let Example { cell, previous, x } = example();
    let step = cell.forward(&previous, &x);
    shown(&step);
    println!();
    // L = h_1 + h_2, and what step t + 1 is taken to hand back to C: one half, minus one quarter.
    let bar =
        State { h: DVector::from_vec(vec![1.0, 1.0]), c: DVector::from_vec(vec![0.5, -0.25]) };
    adjoints(&step, &bar);
    println!();
    handed_on(&cell, &step, &bar);
    checked(&cell, &previous, &x, &bar);
    println!();
    door();
    println!();
    ceiling();
    println!();
    peek();
}

fn secret() {
    println!("# secret: a 7 is heard at t = 3, a 3 at t = 12; a 9 asks");
    println!("t    | digit | {:>8} | {:>8}", "C", "h");
    for ((t, digit), State { h, c }) in (1..).zip(OVERHEARD).zip(keep_a_secret()) {
        println!("t={t:<2} | {digit:>5} | {:>8.5} | {:>8.5}", c[0], h[0]);
    }
}

fn row(name: &str, v: &DVector<f64>) {
    println!("{name:<13} | {:>8.5} | {:>8.5}", v[0], v[1]);
}

fn shown(step: &Step) {
    println!("# forward: the step of chapters 5 to 7, with a gate before what it shows");
    println!("{:<13} | {:>8} | {:>8}", "value", "unit-1", "unit-2");
    row("C", &step.state.c);
    row("tanh_C", &step.state.c.map(f64::tanh));
    row("o", &step.o);
    row("h", &step.state.h);
}

fn adjoints(step: &Step, bar: &State) {
    let (o_bar, from_h) = emit_backward(&step.o, &step.state.c, &bar.h);
    let c_bar = &bar.c + &from_h;
    let adjoints = update_backward(&step.f, &step.c_prev, &step.i, &step.candidate, &c_bar);
    let gate =
        |bar: &DVector<f64>, gate: &DVector<f64>| bar.component_mul(&gate.map(sigmoid_slope));
    println!("# backward: adjoints of the same step, from h and C back to the pre-activations");
    println!("{:<13} | {:>8} | {:>8}", "adjoint", "unit-1", "unit-2");
    row("h_bar", &bar.h);
    row("from_right", &bar.c);
    row("from_h", &from_h);
    row("C_bar", &c_bar);
    row("o_bar", &o_bar);
    row("f_bar", &adjoints.f);
    row("i_bar", &adjoints.i);
    row("candidate_bar", &adjoints.candidate);
    row("z_f_bar", &gate(&adjoints.f, &step.f));
    row("z_i_bar", &gate(&adjoints.i, &step.i));
    row("z_C_bar", &adjoints.candidate.component_mul(&step.candidate.map(tanh_slope)));
    row("z_o_bar", &gate(&o_bar, &step.o));
}

fn handed_on(cell: &LstmCell, step: &Step, bar: &State) {
    let (_, previous_bar, x_bar) = cell.backward(step, bar);
    println!("# handed-on: what leaves the step to the left, and downward to x");
    println!("{:<13} | {:>8} | {:>8}", "message", "unit-1", "unit-2");
    row("to_left", &previous_bar.c);
    row("h_prev_bar", &previous_bar.h);
    println!("x_bar = {:.5}", x_bar[0]);
}

/// All of the above against differences.
fn checked(cell: &LstmCell, previous: &State, x: &DVector<f64>, bar: &State) {
    let forward = |cell: &LstmCell, inputs: &[Named]| -> Step {
        cell.forward(&State { h: inputs[0].1.clone(), c: inputs[1].1.clone() }, &inputs[2].1)
    };
    let named = |h: &DVector<f64>, c: &DVector<f64>, x: &DVector<f64>| {
        vec![Named("h_prev", h.clone()), Named("C_prev", c.clone()), Named("x", x.clone())]
    };
    let point = (cell.clone(), named(&previous.h, &previous.c, x));
    let step = forward(&point.0, &point.1);
    // ANCHOR: checked
    let (cell_bar, previous_bar, x_bar) = cell.backward(&step, bar);
    let gradient = (cell_bar, named(&previous_bar.h, &previous_bar.c, &x_bar));
    let report = check(&point, &gradient, |(cell, inputs)| {
        let State { h, c } = forward(cell, inputs).state;
        h.dot(&bar.h) + c.dot(&bar.c)
    });
    // ANCHOR_END: checked
    println!();
    println!("# checked: every number of that gradient against differences");
    println!("compared = {}", report.compared);
    println!("error_below = {:.0e}", report.worst.error.max(1e-8));
}

/// One cell state of 1.5 behind an output gate that opens, when the adjoint of h is 1.
fn door() {
    println!("# door: what a cell state of 1.5 shows, and hears when the adjoint of h is 1");
    println!(
        "gate  | {:>5} | {:>7} | {:>7} | {:>7} | {:>7}",
        "o", "h", "from_h", "o_bar", "z_o_bar"
    );
    for (name, z) in [("shut", -8.0), ("ajar", -2.0), ("half", 0.0), ("open", 8.0)] {
        let (o, c) = (DVector::from_element(1, sigmoid(z)), DVector::from_element(1, 1.5));
        let h = emit(&o, &c);
        let (o_bar, from_h) = emit_backward(&o, &c, &DVector::from_element(1, 1.0));
        println!(
            "{name:<5} | {:>5.3} | {:>7.5} | {:>7.5} | {:>7.5} | {:>7.5}",
            o[0],
            h[0],
            from_h[0],
            o_bar[0],
            o_bar[0] * sigmoid_slope(o[0])
        );
    }
}

/// An open output gate over a cell state that grows.
fn ceiling() {
    println!("# ceiling: what h can tell of a growing cell state, the output gate open");
    println!("state | {:>8} | {:>8}", "h", "from_h");
    for c in [0.5, 1.0, 2.0, 3.0, 5.0, 8.0] {
        let (o, c) = (DVector::from_element(1, 1.0), DVector::from_element(1, c));
        let h = emit(&o, &c);
        let (_, from_h) = emit_backward(&o, &c, &DVector::from_element(1, 1.0));
        println!("C={:<3} | {:>8.6} | {:>8.6}", c[0], h[0], from_h[0]);
    }
}

/// The example's step from three old cell states: which output gate notices?
fn peek() {
    println!("# peek: the output gate of unit 1, without and with a peephole of 0.5");
    println!("start     | {:>8} | {:>8} | {:>10}", "C", "o", "o_peephole");
    let Example { cell, previous, x } = example();
    let p = DVector::from_element(2, 0.5);
    for c_prev in [-2.0, 0.0, 2.0] {
        let previous = State { c: DVector::from_element(2, c_prev), ..previous.clone() };
        let step = cell.forward(&previous, &x);
        let o = peephole(&cell.output, &p, &stack(&previous.h, &x), &step.state.c);
        let (c, without, with) = (step.state.c[0], step.o[0], o[0]);
        println!("C_prev={c_prev:<2} | {c:>8.5} | {without:>8.5} | {with:>10.5}");
    }
}
