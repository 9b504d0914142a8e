//! The numbers that chapter 5 talks about: `cargo run -p ch05`.

use forget_gate::{Example, example, keep, keep_backward, stack};
use gradient_check::{Named, check, sigmoid, sigmoid_slope};
use nalgebra::DVector;
use say::println;

fn main() {
    two_units();
    println!();
    digits();
    println!();
    settings();
    println!();
    backward();
    println!();
    learning();
}

fn two_units() {
    let Example { gate, h_prev, x, c_prev } = example();
    let hx = stack(&h_prev, &x);
    let z = gate.affine.forward(&hx);
    let f = gate.forward(&hx);
    let kept = keep(&f, &c_prev);
    println!("# two-units: one step of a gate with H = 2, D = 1");
    println!("unit   |       z |      f |  C_prev |       K");
    for unit in 0..2 {
        println!(
            "unit-{} | {:>7.4} | {:>6.4} | {:>7.4} | {:>7.4}",
            unit + 1,
            z[unit],
            f[unit],
            c_prev[unit],
            kept[unit]
        );
    }
}

/// The same two gates, and the same h_{t−1}, at other digits. A digit is read as one number, (digit − 5) / 2.
fn digits() {
    let Example { gate, h_prev, .. } = example();
    println!("# digits: the same gates at other digits");
    println!("digit   |    x |    f_1 |    f_2");
    for digit in [0.0, 3.0, 6.0, 9.0] {
        let x = DVector::from_element(1, (digit - 5.0) / 2.0);
        let f = gate.forward(&stack(&h_prev, &x));
        println!("digit-{digit} | {:>4.1} | {:>6.4} | {:>6.4}", x[0], f[0], f[1]);
    }
}

fn settings() {
    println!("# settings: from shut to open");
    println!("gate  |      f | left_10 | half_life");
    for z in [-6.0, -4.0, -2.0, 0.0, 1.0, 2.0, 4.0, 6.0] {
        let f: f64 = sigmoid(z);
        let left_10 = f.powi(10); // ten steps, the same f at each
        let half_life = 0.5_f64.ln() / f.ln(); // the n with f^n = 1/2
        let left_10 =
            if left_10 < 1e-3 { format!("{left_10:.1e}") } else { format!("{left_10:.4}") };
        println!("z={z:<3.0} | {f:>6.4} | {left_10:>7} | {half_life:>9.2}");
    }
}

fn backward() {
    let Example { gate, h_prev, x, c_prev } = example();
    let hx = stack(&h_prev, &x);
    let f = gate.forward(&hx);
    let k_bar = DVector::from_vec(vec![1.0, 1.0]); // the loss is the sum of K
    let (f_bar, c_prev_hat) = keep_backward(&f, &c_prev, &k_bar);
    let (gradient, hx_bar) = gate.backward(&hx, &f, &f_bar);
    let (w_bar, z_bar) = (&gradient.affine.w, &gradient.affine.b);
    println!("# backward: the same step, from the loss L = sum of K back");
    println!("unit   |  f_bar |  slope |   z_bar | W_bar_1 | W_bar_2 | W_bar_3 | C_prev_hat");
    for unit in 0..2 {
        println!(
            "unit-{} | {:>6.3} | {:>6.4} | {:>7.4} | {:>7.4} | {:>7.4} | {:>7.4} | {:>10.4}",
            unit + 1,
            f_bar[unit],
            sigmoid_slope(f[unit]),
            z_bar[unit],
            w_bar[(unit, 0)],
            w_bar[(unit, 1)],
            w_bar[(unit, 2)],
            c_prev_hat[unit]
        );
    }

    // ANCHOR: gradient_check
    let point = ((gate, Named("hx", hx)), Named("C_prev", c_prev));
    let gradient = ((gradient, Named("hx", hx_bar)), Named("C_prev", c_prev_hat));
    let report = check(&point, &gradient, |((gate, Named(_, hx)), Named(_, c_prev))| {
        keep(&gate.forward(hx), c_prev).sum() // the loss
    });
    // ANCHOR_END: gradient_check
    let verdict = if report.worst.error < 1e-8 { "yes" } else { "NO" };
    println!();
    println!("# checked: every number of that gradient against differences");
    println!("compared = {}", report.compared);
    println!("all within a relative error of 1e-8: {verdict}");
}

/// Updates of gradient descent on L = ½ (f − ½)², learning rate 1, until z is half a unit nearer to 0.
fn updates_to_move(start: f64) -> u32 {
    let (mut z, mut updates) = (start, 0);
    while z.abs() > start.abs() - 0.5 {
        let f = sigmoid(z);
        let f_bar = f - 0.5;
        let z_bar = f_bar * sigmoid_slope(f);
        z -= z_bar;
        updates += 1;
    }
    updates
}

fn learning() {
    println!("# learning: updates of gradient descent to move z by one half");
    println!("start   |      f |   slope | updates");
    for z in [-8.0, 1.0, 2.0, 4.0, 6.0, 8.0] {
        let f = sigmoid(z);
        let slope = sigmoid_slope(f);
        println!(
            "{:<7} | {f:>6.4} | {slope:>7.5} | {:>7}",
            format!("from={z:.0}"),
            updates_to_move(z)
        );
    }
    println!();
    println!("# stuck: where rounding makes f exactly 1");
    let stuck = (0_u16..).find(|&z| sigmoid(z.into()) == 1.0).unwrap_or_default();
    let stuck_f32 =
        (0_u16..).find(|&z| 1.0 / (1.0 + (-f32::from(z)).exp()) == 1.0).unwrap_or_default();
    println!("stuck_from = {stuck}  the first whole z with f = 1 in f64");
    println!("stuck_from_f32 = {stuck_f32}  the same in f32");
    println!("slope_there = {}", sigmoid_slope(sigmoid(stuck.into())));
    let other_end = sigmoid_slope(sigmoid(-f64::from(stuck)));
    println!("slope_at_other_end = {other_end:.1e}  for minus that z");
}
