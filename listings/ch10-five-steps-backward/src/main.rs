//! The numbers that chapter 10 talks about: `cargo run -p ch10`.

use bptt::{StepAdjoints, backward, crossings, forward, squared_error, trace};
use five_steps::{Example, as_input, example};
use gradient_check::{Affine, Named, Parameters, check};
use nalgebra::DVector;
use output_gate::{LstmCell, State, Step};
use say::println;

fn main() {
    // ANCHOR: run
    let Example { cell, output, xs, target } = example();
    let steps = forward(&cell, &State::zeros(2), &xs);
    let h_5 = &steps[4].state.h;
    let y = output.forward(h_5);
    let (loss, y_bar) = squared_error(&y, &target);
    let (output_bar, h_5_bar) = output.backward(h_5, &y_bar);

    // The loss looks at h_5 alone, and never at C_5.
    let none = DVector::zeros(2);
    let h_bars = [none.clone(), none.clone(), none.clone(), none.clone(), h_5_bar.clone()];
    let gradients = backward(&cell, &steps, &h_bars, &none);
    // ANCHOR_END: run

    println!("# loss: from y_5 back to h_5");
    println!("y_5 = {:.5}", y[0]);
    println!("L = {loss:.5}");
    println!("y_5_bar = {:.5}", y_bar[0]);
    println!("b_y_bar = {:.5}", output_bar.b[0]);
    println!("adjoint | {:>8} | {:>8}", "unit-1", "unit-2");
    println!("W_y_bar | {}", pair(&output_bar.w.row(0).transpose()));
    println!("h_5_bar | {}", pair(&h_5_bar));
    println!();

    let adjoints = trace(&cell, &steps, &h_bars, &none);
    tables(&adjoints);
    println!();
    println!("# start: what reaches the initial state, and the inputs");
    println!("adjoint | {:>8} | {:>8}", "unit-1", "unit-2");
    println!("h_0_bar | {}", pair(&gradients.initial.h));
    println!("C_0_bar | {}", pair(&gradients.initial.c));
    for (t, x) in (1..).zip(&gradients.xs) {
        println!("x_{t}_bar = {:.5}", x[0]);
    }
    println!();
    shares(&adjoints, &gradients.cell);
    println!();
    weights(&gradients.cell);
    println!();
    checked();
    println!();
    routes(&cell, &steps, &h_5_bar, &adjoints);
    println!();
    biases();
    println!();
    mended();
}

/// Numbers as the cells of a table. (−0 is 0: adding 0 drops the sign.)
fn cells(values: &[f64]) -> String {
    let cells = values.iter().map(|value| format!("{:>8.5}", value + 0.0));
    cells.collect::<Vec<_>>().join(" | ")
}

/// The two entries of a vector as two cells.
fn pair(v: &DVector<f64>) -> String {
    cells(&[v[0], v[1]])
}

// ANCHOR: tables
/// One table for each unit, from t = 5 down to t = 1.
fn tables(adjoints: &[StepAdjoints]) {
    for unit in 0..2 {
        let names = ["h_bar", "C_bar", "o_bar", "f_bar", "i_bar", "cand_bar"];
        println!("# unit-{0}: adjoints of unit {0}, from t = 5 to t = 1", unit + 1);
        println!("step | {}", names.map(|name| format!("{name:>8}")).join(" | "));
        for (n, at) in adjoints.iter().enumerate().rev() {
            let values = [&at.h, &at.c, &at.o, &at.f, &at.i, &at.candidate];
            println!("t{}u{} | {}", n + 1, unit + 1, cells(&values.map(|v| v[unit])));
        }
        if unit == 0 {
            println!();
        }
    }
}
// ANCHOR_END: tables

fn gates(cell: &LstmCell) -> [&Affine; 4] {
    let LstmCell { forget, input, candidate, output } = cell;
    [&forget.affine, &input.affine, &candidate.affine, &output.affine]
}

// ANCHOR: shares
/// What each step adds to the gradient of each bias of unit 1: its z̄_t.
fn shares(adjoints: &[StepAdjoints], gradient: &LstmCell) {
    let of_unit_1 = |cell| cells(&gates(cell).map(|gate| gate.b[0]));
    println!("# shares: what each step adds to the gradient of the biases of unit 1");
    println!("step    | {:>8} | {:>8} | {:>8} | {:>8}", "b_f", "b_i", "b_C", "b_o");
    for (n, at) in adjoints.iter().enumerate().rev() {
        println!("share-{} | {}", n + 1, of_unit_1(&at.share));
    }
    println!("sum     | {}", of_unit_1(gradient));
}
// ANCHOR_END: shares

fn weights(gradient: &LstmCell) {
    println!("# weights: the gradient of all 32 numbers of the cell");
    println!("row   | {:>8} | {:>8} | {:>8} | {:>8}", "unit-1", "unit-2", "x", "b");
    for (name, gate) in ["f", "i", "C", "o"].into_iter().zip(gates(gradient)) {
        for unit in 0..2 {
            let w = gate.w.row(unit);
            println!("W_{name}-{} | {}", unit + 1, cells(&[w[0], w[1], w[2], gate.b[unit]]));
        }
    }
}

/// All that the loss depends on: the cell, the output layer, h_0, C_0 and the five inputs.
fn checked() {
    let Example { cell, output, xs, target } = example();
    let start = State::zeros(2);
    // ANCHOR: gradient_check
    let loss = |((cell, output), v): &((LstmCell, Affine), Vec<Named>)| {
        let start = State { h: v[0].1.clone(), c: v[1].1.clone() };
        let xs: Vec<DVector<f64>> = v[2..].iter().map(|x| x.1.clone()).collect();
        let steps = forward(cell, &start, &xs);
        squared_error(&output.forward(&steps[4].state.h), &target).0
    };
    // ANCHOR_END: gradient_check
    let steps = forward(&cell, &start, &xs);
    let (_, y_bar) = squared_error(&output.forward(&steps[4].state.h), &target);
    let (output_bar, h_5_bar) = output.backward(&steps[4].state.h, &y_bar);
    let mut h_bars = vec![DVector::zeros(2); 5];
    h_bars[4] = h_5_bar;
    let gradients = backward(&cell, &steps, &h_bars, &DVector::zeros(2));
    let listed = |state: &State, xs: &[DVector<f64>]| -> Vec<Named> {
        let state = [Named("h_0", state.h.clone()), Named("C_0", state.c.clone())];
        state.into_iter().chain(xs.iter().map(|x| Named("x", x.clone()))).collect()
    };
    let point = ((cell, output), listed(&start, &xs));
    let gradient = ((gradients.cell, output_bar), listed(&gradients.initial, &gradients.xs));
    let report = check(&point, &gradient, loss);
    println!("# checked: every number of that gradient against differences");
    println!("compared = {}", report.compared);
    println!("error_below = {:.0e}", report.worst.error.max(1e-8));
}

// ANCHOR: routes
/// The adjoint of C_1, split by how often its way crossed from step to step through h.
fn routes(cell: &LstmCell, steps: &[Step], h_5_bar: &DVector<f64>, adjoints: &[StepAdjoints]) {
    println!("# routes: the adjoint of C_1 by the number of borders crossed through h");
    println!("through_h | {:>8} | {:>8}", "unit-1", "unit-2");
    for (k, part) in crossings(cell, steps, h_5_bar).iter().enumerate() {
        println!("k={k}       | {}", pair(part));
    }
    println!("all       | {}", pair(&adjoints[0].c));
    println!();
    println!("# cell-only: the adjoint of C_t, whole, and its part along the line alone");
    println!("step    | {:>8} | {:>8} | {:>8} | {:>8}", "whole_1", "cell_1", "whole_2", "cell_2");
    for t in (1..=5).rev() {
        let (whole, cell) = (&adjoints[t - 1].c, &crossings(cell, &steps[t - 1..], h_5_bar)[0]);
        println!("route-{t} | {}", cells(&[whole[0], cell[0], whole[1], cell[1]]));
    }
}
// ANCHOR_END: routes

// ANCHOR: biases
/// The same with other forget biases, in both units and at all steps.
fn biases() {
    println!("# biases: the adjoint of C_1 in unit 1, with all forget biases moved");
    println!("moved | {:>8} | {:>8} | {:>8}", "whole", "cell", "gates");
    for shift in [-4.0, -2.0, 0.0, 2.0, 4.0] {
        let Example { mut cell, output, xs, target } = example();
        cell.forget.affine.b.add_scalar_mut(shift);
        let steps = forward(&cell, &State::zeros(2), &xs);
        let h_5 = &steps[4].state.h;
        let (_, y_bar) = squared_error(&output.forward(h_5), &target);
        let (_, h_5_bar) = output.backward(h_5, &y_bar);
        let parts = crossings(&cell, &steps, &h_5_bar);
        let through_gates: f64 = parts[1..].iter().map(|part| part[0]).sum();
        let row = [parts[0][0] + through_gates, parts[0][0], through_gates];
        println!("b{shift:<+4.0} | {}", cells(&row));
    }
}
// ANCHOR_END: biases

/// Gradient descent on all 35 numbers: what the cell answers to the digits that it learns
/// from, and to the same with a 1 in the place of the 9.
fn mended() {
    let Example { mut cell, mut output, xs, target } = example();
    let mut others = xs.clone();
    others[0][0] = as_input(1);
    println!("# mended: the digit that the cell answers, after n updates");
    println!("updates | first-9 | first-1");
    for n in 0..=5 {
        let answer = |xs: &[DVector<f64>]| {
            let steps = forward(&cell, &State::zeros(2), xs);
            let y = output.forward(&steps[4].state.h);
            (steps, y)
        };
        let (steps, y) = answer(&xs);
        println!(
            "n={n}     | {:>7.2} | {:>7.2}",
            5.0 + 2.0 * y[0],
            5.0 + 2.0 * answer(&others).1[0]
        );

        let (_, y_bar) = squared_error(&y, &target);
        let (output_bar, h_5_bar) = output.backward(&steps[4].state.h, &y_bar);
        let mut h_bars = vec![DVector::zeros(2); 5];
        h_bars[4] = h_5_bar;
        let gradients = backward(&cell, &steps, &h_bars, &DVector::zeros(2));
        descend(&mut cell, &gradients.cell);
        descend(&mut output, &output_bar);
    }
}

// ANCHOR: descend
/// One update: each number goes against its slope.
fn descend<P: Parameters>(parameters: &mut P, gradient: &P) {
    for (tensor, slopes) in parameters.tensors_mut().into_iter().zip(gradient.tensors()) {
        for (value, slope) in tensor.values.iter_mut().zip(slopes.values) {
            *value -= 0.3 * slope;
        }
    }
}
// ANCHOR_END: descend
