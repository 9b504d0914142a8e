//! The numbers that chapter 6 talks about: `cargo run -p ch06`.

use forget_gate::{Example as Before, example as before, stack};
use gradient_check::{Named, check, sigmoid, sigmoid_slope, tanh_slope};
use input_gate::{example, write, write_backward};
use nalgebra::DVector;
use say::println;

fn main() {
    two_units();
    println!();
    digits();
    println!();
    doors();
    println!();
    protect();
    println!();
    up_and_down();
    println!();
    heard();
    println!();
    backward();
    println!();
    learning();
}

/// The step of chapter 5's example: the same h_{t−1} and x_t, and now what is written.
fn two_units() {
    let Before { h_prev, x, .. } = before();
    let (gate, candidate) = example();
    let hx = stack(&h_prev, &x);
    let (z_i, z_c) = (gate.affine.forward(&hx), candidate.affine.forward(&hx));
    let (i, c_tilde) = (gate.forward(&hx), candidate.forward(&hx));
    let written = write(&i, &c_tilde);
    println!("# two-units: what the step of chapter 5 writes");
    println!("unit   |     z_i |      i |     z_C | candidate |       N");
    for unit in 0..2 {
        println!(
            "unit-{} | {:>7.4} | {:>6.4} | {:>7.4} | {:>9.4} | {:>7.4}",
            unit + 1,
            z_i[unit],
            i[unit],
            z_c[unit],
            c_tilde[unit],
            written[unit]
        );
    }
}

/// The same layers, and the same h_{t−1}, at other digits. A digit is read as one number, (digit − 5) / 2.
fn digits() {
    let Before { h_prev, .. } = before();
    let (gate, candidate) = example();
    println!("# digits: what the same layers write at other digits");
    println!("digit   |    i_1 |     N_1 |    i_2 |     N_2");
    for digit in [0.0, 3.0, 6.0, 9.0] {
        let hx = stack(&h_prev, &one((digit - 5.0) / 2.0));
        let i = gate.forward(&hx);
        let written = write(&i, &candidate.forward(&hx));
        println!(
            "digit-{digit} | {:>6.4} | {:>7.4} | {:>6.4} | {:>7.4}",
            i[0], written[0], i[1], written[1]
        );
    }
}

/// A vector with one entry.
fn one(value: f64) -> DVector<f64> {
    DVector::from_element(1, value)
}

/// Six settings of a gate and a candidate: their names and their pre-activations.
const DOORS: [(&str, f64, f64); 6] = [
    ("open-up", 6.0, 2.0),
    ("open-down", 6.0, -2.0),
    ("half-up", 0.0, 2.0),
    ("shut-up", -6.0, 2.0),
    ("shut-down", -6.0, -2.0),
    ("open-zero", 6.0, 0.0),
];

/// What is written at each setting.
fn doors() {
    println!("# doors: what is written");
    println!("case      |      i | candidate |       N");
    for (case, z_i, z_c) in DOORS {
        let (i, c_tilde) = (one(sigmoid(z_i)), one(f64::tanh(z_c)));
        let written = write(&i, &c_tilde)[0];
        println!("{case:<9} | {:>6.4} | {:>9.4} | {written:>7.4}", i[0], c_tilde[0]);
    }
}

/// What gate and candidate hear of it when the adjoint of N is 1.
fn heard() {
    println!("# heard: what gate and candidate hear when the adjoint of N is 1");
    println!("case      |   i_bar | candidate_bar");
    for (case, z_i, z_c) in DOORS {
        let (i, c_tilde) = (one(sigmoid(z_i)), one(f64::tanh(z_c)));
        let (i_bar, c_tilde_bar) = write_backward(&i, &c_tilde, &one(1.0));
        println!("{case:<9} | {:>7.4} | {:>13.4}", i_bar[0], c_tilde_bar[0]);
    }
}

/// A stray candidate at each of fifty steps: what reaches the memory through no gate, through a sigmoid and
/// through a tanh in its place.
fn protect() {
    println!(
        "# protect: fifty steps with a stray pre-activation of 0.1 in the candidate, added up"
    );
    println!("gate     |    gate_is | written");
    let stray = one(f64::tanh(0.1));
    for (name, z, gate) in [
        ("none", 0.0, (|_| 1.0) as fn(f64) -> f64),
        ("sigma=-6", -6.0, sigmoid),
        ("sigma=-5", -5.0, sigmoid),
        ("tanh=-6", -6.0, f64::tanh),
        ("tanh=0", 0.0, f64::tanh),
        ("tanh=1", 1.0, f64::tanh),
    ] {
        let is = gate(z);
        let written = 50.0 * write(&one(is), &stray)[0];
        println!("{name:<8} | {is:>10.5} | {written:>7.4}");
    }
    println!("shut_below = {:.2}  a sigmoid is under 0.01 for every z below this", logit(0.01));
    let window = 0.01_f64.atanh();
    println!("tanh_window = {window:.4}  a tanh is, on either side of 0, only up to here");
}

/// The z at which the sigmoid is s.
fn logit(s: f64) -> f64 {
    (s / (1.0 - s)).ln()
}

/// Ten steps of z_C = +2, ten of −2, the gate open, everything that is written added up: once with
/// tanh in the candidate, once with a sigmoid there.
fn up_and_down() {
    println!("# up-and-down: ten steps of z_C = 2, then ten of z_C = -2, added up");
    println!("after | with_tanh | with_sigmoid");
    let open = one(sigmoid(6.0));
    let (mut with_tanh, mut with_sigmoid) = (0.0, 0.0);
    for step in 1..=20 {
        let z = if step <= 10 { 2.0 } else { -2.0 };
        with_tanh += write(&open, &one(f64::tanh(z)))[0];
        with_sigmoid += write(&open, &one(sigmoid(z)))[0];
        if step % 5 == 0 {
            let up = with_tanh.max(0.0); // rounding can leave it a hair below
            println!("n={step:<3} | {up:>9.4} | {with_sigmoid:>12.4}");
        }
    }
}

fn backward() {
    let Before { h_prev, x, .. } = before();
    let (gate, candidate) = example();
    let hx = stack(&h_prev, &x);
    let (i, c_tilde) = (gate.forward(&hx), candidate.forward(&hx));
    let written_bar = DVector::from_vec(vec![1.0, 1.0]); // the loss is the sum of N
    // ANCHOR: both_readers
    let (i_bar, c_tilde_bar) = write_backward(&i, &c_tilde, &written_bar);
    let (gate_bar, hx_bar_i) = gate.backward(&hx, &i, &i_bar);
    let (candidate_bar, hx_bar_c) = candidate.backward(&hx, &c_tilde, &c_tilde_bar);
    let hx_hat = hx_bar_i + hx_bar_c; // read twice, so two contributions
    // ANCHOR_END: both_readers
    println!("# backward: the same step, from the loss L = sum of N back");
    println!("adjoint |   i_bar | z_i_bar | candidate_bar | z_C_bar |    W_i_x |    W_C_x");
    for unit in 0..2 {
        println!(
            "back-{}  | {:>7.4} | {:>7.4} | {:>13.4} | {:>7.4} | {:>8.5} | {:>8.5}",
            unit + 1,
            i_bar[unit],
            gate_bar.affine.b[unit],
            c_tilde_bar[unit],
            candidate_bar.affine.b[unit],
            gate_bar.affine.w[(unit, 2)],
            candidate_bar.affine.w[(unit, 2)]
        );
    }
    println!("x_hat = {:.5}", hx_hat[2]);

    let point = ((gate, candidate), Named("hx", hx));
    let gradient = ((gate_bar, candidate_bar), Named("hx", hx_hat));
    let report = check(&point, &gradient, |((gate, candidate), hx)| {
        write(&gate.forward(&hx.1), &candidate.forward(&hx.1)).sum()
    });
    println!();
    println!("# checked: every number of that gradient against differences");
    println!("compared = {}", report.compared);
    println!("error_below = {:.0e}", report.worst.error.max(1e-8));
}

/// Updates of gradient descent on L = ½ (N − ½)², rate 1, until N is within 0.01 of ½; and where
/// gate and candidate stand then.
fn learn_to_write(mut z_i: f64, mut z_c: f64) -> (u32, f64, f64) {
    let mut updates = 0;
    loop {
        let (i, c_tilde) = (sigmoid(z_i), z_c.tanh());
        let off = i * c_tilde - 0.5;
        if off.abs() < 0.01 {
            return (updates, i, c_tilde);
        }
        let (i_bar, c_tilde_bar) = (off * c_tilde, off * i);
        z_i -= i_bar * sigmoid_slope(i);
        z_c -= c_tilde_bar * tanh_slope(c_tilde);
        updates += 1;
    }
}

fn learning() {
    println!("# learning: updates of gradient descent until one half is written");
    println!("start       |    i_0 | candidate_0 | updates |  i_end | candidate_end");
    for (start, z_i, z_c) in [
        ("half-zero", 0.0, 0.0),
        ("shut2-zero", -2.0, 0.0),
        ("shut4-zero", -4.0, 0.0),
        ("shut6-zero", -6.0, 0.0),
        ("shut6-up", -6.0, 1.0),
        ("shut6-down", -6.0, -1.0),
    ] {
        let (updates, i_end, c_end) = learn_to_write(z_i, z_c);
        println!(
            "{start:<11} | {:>6.4} | {:>11.4} | {updates:>7} | {i_end:>6.4} | {c_end:>13.4}",
            sigmoid(z_i),
            z_c.tanh()
        );
    }
}
