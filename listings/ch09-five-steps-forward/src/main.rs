//! The numbers that chapter 9 talks about: `cargo run -p ch09`.

use five_steps::{Example, as_input, example, forward};
use nalgebra::DVector;
use output_gate::{LstmCell, State, Step};
use say::println;

fn main() {
    let Example { cell, output, xs, .. } = example();
    // ANCHOR: run
    let steps = forward(&cell, &State::zeros(2), &xs);
    let y = output.forward(&steps[4].state.h); // steps[4] is t = 5
    // ANCHOR_END: run
    first_step(&cell, &steps[0]);
    println!();
    second_step(&cell, &steps[1]);
    println!();
    tables(&xs, &steps);
    println!();
    println!("# answer: the output layer reads h_5");
    println!("part    |  unit-1 |  unit-2");
    println!("h_5     | {}", pair(&steps[4].state.h));
    println!("W_y     | {}", pair(&output.w.row(0).transpose()));
    println!("product | {}", pair(&output.w.row(0).transpose().component_mul(&steps[4].state.h)));
    println!("b_y = {:.4}", output.b[0]);
    println!("y_5 = {:.4}", y[0]);
    println!("digit = {:.3}  5 + 2 y_5: the digit that y_5 stands for", 5.0 + 2.0 * y[0]);
    println!();
    inside(&steps);
    println!();
    first_forget_gate();
    println!();
    order();
    println!();
    lasting();
}

/// Two numbers as two cells of a table.
fn pair(v: &DVector<f64>) -> String {
    format!("{:>7.4} | {:>7.4}", v[0], v[1])
}

fn first_step(cell: &LstmCell, step: &Step) {
    let Step { hx, f, i, candidate, o, state, .. } = step;
    println!("# step-1: t = 1, the digit 9: from h_0 = C_0 = 0 and x_1 = 2");
    println!("value    |  unit-1 |  unit-2");
    println!("z_f      | {}", pair(&cell.forget.affine.forward(hx)));
    println!("z_i      | {}", pair(&cell.input.affine.forward(hx)));
    println!("z_C      | {}", pair(&cell.candidate.affine.forward(hx)));
    println!("z_o      | {}", pair(&cell.output.affine.forward(hx)));
    println!("f_1      | {}", pair(f));
    println!("i_1      | {}", pair(i));
    println!("cand_1   | {}", pair(candidate));
    println!("o_1      | {}", pair(o));
    println!("C_1      | {}", pair(&state.c));
    println!("tanh_C_1 | {}", pair(&state.c.map(f64::tanh)));
    println!("h_1      | {}", pair(&state.h));
}

fn second_step(cell: &LstmCell, step: &Step) {
    let Step { hx, c_prev, f, i, candidate, o, state } = step;
    println!("# sum-2: the forget gate of unit 1 at t = 2 reads what both units showed, and x");
    println!("from   |  weight |   reads | product");
    let w = cell.forget.affine.w.row(0);
    for (name, (weight, reads)) in ["unit-1", "unit-2", "x"].into_iter().zip(w.iter().zip(hx)) {
        println!("{name:<6} | {weight:>7.4} | {reads:>7.4} | {:>7.4}", weight * reads);
    }
    println!("bias = {:.4}", cell.forget.affine.b[0]);
    println!("z = {:.4}", cell.forget.affine.forward(hx)[0]);
    println!();
    println!("# step-2: t = 2, the digit 3: from h_1, C_1 and x_2 = -1");
    println!("value    |  unit-1 |  unit-2");
    println!("z_f_2    | {}", pair(&cell.forget.affine.forward(hx)));
    println!("f_2      | {}", pair(f));
    println!("kept     | {}", pair(&f.component_mul(c_prev)));
    println!("i_2      | {}", pair(i));
    println!("cand_2   | {}", pair(candidate));
    println!("written  | {}", pair(&i.component_mul(candidate)));
    println!("C_2      | {}", pair(&state.c));
    println!("o_2      | {}", pair(o));
    println!("h_2      | {}", pair(&state.h));
}

// ANCHOR: tables
/// One table for each unit: five rows, and every number that the cell computed.
fn tables(xs: &[DVector<f64>], steps: &[Step]) {
    for unit in 0..2 {
        let names = ["x", "f", "i", "cand", "C", "o", "h"].map(|name| format!("{name:>7}"));
        println!("# unit-{0}: all five steps of unit {0}", unit + 1);
        println!("step | {}", names.join(" | "));
        for (t, (x, step)) in (1..).zip(xs.iter().zip(steps)) {
            let Step { f, i, candidate, o, state: State { h, c }, .. } = step;
            let values = [x[0], f[unit], i[unit], candidate[unit], c[unit], o[unit], h[unit]];
            let values = values.map(|value| format!("{value:>7.4}"));
            println!("t{t}u{} | {}", unit + 1, values.join(" | "));
        }
        if unit == 0 {
            println!();
        }
    }
}
// ANCHOR_END: tables

// ANCHOR: inside
/// What each step wrote, as far as it is still there in C_5.
fn inside(steps: &[Step]) {
    println!("# inside: what of each step's writing is left in C_5");
    println!("step  |  unit-1 |  unit-2");
    for (n, step) in steps.iter().enumerate() {
        let mut left = step.i.component_mul(&step.candidate);
        for later in &steps[n + 1..] {
            left.component_mul_assign(&later.f);
        }
        println!("from-{} | {}", n + 1, pair(&left));
    }
    println!("all    | {}", pair(&steps[4].state.c));
}
// ANCHOR_END: inside

// ANCHOR: first_forget_gate
/// The answer when step 1, and step 1 alone, uses another forget bias.
fn with_first_bias(b_f: f64, start: &State) -> (Step, f64) {
    let Example { cell, output, xs, .. } = example();
    let mut other = cell.clone();
    other.forget.affine.b.fill(b_f);
    let first = other.forward(start, &xs[0]);
    let rest = forward(&cell, &first.state, &xs[1..]);
    (first, output.forward(&rest[3].state.h)[0])
}
// ANCHOR_END: first_forget_gate

fn first_forget_gate() {
    let ones = State { h: DVector::zeros(2), c: DVector::from_element(2, 1.0) };
    let section = |name: &str, start: &State, title: &str| {
        println!("# {name}: {title}");
        println!("b_f      |    f_1 |    C_1 |    y_5");
        let runs = [-6.0, -2.0, 2.0, 6.0].map(|b_f| (b_f, with_first_bias(b_f, start)));
        for (b_f, (first, y)) in &runs {
            let row = format!("{name}/{b_f}");
            println!("{row:<8} | {:>6.4} | {:>6.4} | {y:>6.4}", first.f[0], first.state.c[0]);
        }
        let same = runs.iter().all(|(_, (_, y))| y.to_bits() == runs[0].1.1.to_bits());
        println!("y_5 the same to the last bit: {}", if same { "yes" } else { "no" });
    };
    section("empty", &State::zeros(2), "another forget bias at step 1 only, from C_0 = 0");
    println!();
    section("full", &ones, "the same from C_0 = 1 in both units");
}

// ANCHOR: order
/// The same five digits in three orders.
fn order() {
    let Example { cell, output, xs, .. } = example();
    println!("# order: the same five digits in another order");
    println!("order     |    y_5 | digit");
    for (name, order) in
        [("as-given", [0, 1, 2, 3, 4]), ("swapped", [1, 0, 2, 3, 4]), ("backward", [4, 3, 2, 1, 0])]
    {
        let xs = order.map(|at| xs[at].clone());
        let steps = forward(&cell, &State::zeros(2), &xs);
        let y = output.forward(&steps[4].state.h)[0];
        println!("{name:<9} | {y:>6.4} | {:>5.3}", 5.0 + 2.0 * y);
    }
}
// ANCHOR_END: order

// ANCHOR: lasting
/// The first digit is 9 or 1, all after it are the same. How far apart are the two at each step?
fn lasting() {
    let Example { cell, xs, .. } = example();
    let mut other = xs.clone();
    other[0] = DVector::from_element(1, as_input(1));
    let (a, b) = (forward(&cell, &State::zeros(2), &xs), forward(&cell, &State::zeros(2), &other));
    println!("# lasting: the distance between C_t after a 9 and C_t after a 1, then 3 6 2 7");
    println!("step  |  unit-1 |  unit-2");
    for (t, (a, b)) in (1..).zip(a.iter().zip(&b)) {
        println!("far-{t} | {}", pair(&(&a.state.c - &b.state.c).abs()));
    }
    let kept: f64 = a[1..].iter().map(|step| step.f[0]).product();
    println!("gates_alone = {:.4}  f_2 f_3 f_4 f_5 of unit 1", kept);
    let far = |n: usize| (a[n].state.c[0] - b[n].state.c[0]).abs();
    println!("measured = {:.4}  far-5 over far-1 in unit 1", far(4) / far(0));
}
// ANCHOR_END: lasting
