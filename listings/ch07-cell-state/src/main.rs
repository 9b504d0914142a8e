//! The numbers that chapter 7 talks about: `cargo run -p ch07`.

use cell_state::{direct_jacobian, level, update, update_backward};
use forget_gate::{Example, example as keeps, keep, stack};
use gradient_check::{Affine, Named, check, derivative, sigmoid, tanh_slope};
use input_gate::{Candidate, Gate, example as writes, write};
use nalgebra::{DMatrix, DVector};
use rand::RngExt;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use say::println;

fn main() {
    two_units();
    println!();
    carry();
    println!();
    count();
    println!();
    walk();
    println!();
    leak();
    println!();
    whole();
}

/// The step of chapters 5 and 6, finished: f_t, C_{t−1}, i_t and C̃_t.
fn step() -> [DVector<f64>; 4] {
    let Example { gate, h_prev, x, c_prev } = keeps();
    let (input, candidate) = writes();
    let hx = stack(&h_prev, &x);
    [gate.forward(&hx), c_prev, input.forward(&hx), candidate.forward(&hx)]
}

fn two_units() {
    let [f, c_prev, i, candidate] = step();
    let (kept, written) = (keep(&f, &c_prev), write(&i, &candidate));
    let c = update(&f, &c_prev, &i, &candidate);
    println!("# two-units: the step of chapters 5 and 6, finished");
    println!("unit   |  C_prev |       K |       N |       C");
    for unit in 0..2 {
        println!(
            "unit-{} | {:>7.4} | {:>7.4} | {:>7.4} | {:>7.4}",
            unit + 1,
            c_prev[unit],
            kept[unit],
            written[unit],
            c[unit]
        );
    }

    let c_bar = DVector::from_vec(vec![1.0, 1.0]); // the loss is the sum of C
    let bar = update_backward(&f, &c_prev, &i, &candidate, &c_bar);
    println!();
    println!("# backward: the same step, from the loss L = C1 + C2 back");
    println!("adjoint |  C_bar |   f_bar | C_prev_bar |   i_bar | candidate_bar");
    for unit in 0..2 {
        println!(
            "back-{}  | {:>6.4} | {:>7.4} | {:>10.4} | {:>7.4} | {:>13.4}",
            unit + 1,
            c_bar[unit],
            bar.f[unit],
            bar.c_prev[unit],
            bar.i[unit],
            bar.candidate[unit]
        );
    }

    let jacobian = direct_jacobian(&f, &c_prev, &i, &candidate);
    println!();
    println!("# jacobian: dC_t / dC_(t-1) with f, i and the candidate held fixed");
    println!("row    |     k=1 |     k=2");
    for j in 0..2 {
        println!("row-{}  | {:>7.4} | {:>7.4}", j + 1, jacobian[(j, 0)], jacobian[(j, 1)]);
    }

    // ANCHOR: gradient_check
    let point =
        vec![Named("f", f), Named("C_prev", c_prev), Named("i", i), Named("candidate", candidate)];
    let gradient = vec![
        Named("f", bar.f),
        Named("C_prev", bar.c_prev),
        Named("i", bar.i),
        Named("candidate", bar.candidate),
    ];
    let report = check(&point, &gradient, |v| update(&v[0].1, &v[1].1, &v[2].1, &v[3].1).sum());
    // ANCHOR_END: gradient_check
    let verdict = if report.worst.error < 1e-8 { "yes" } else { "NO" };
    println!();
    println!("# checked: every number of that gradient against differences");
    println!("compared = {}", report.compared);
    println!("all within a relative error of 1e-8: {verdict}");
}

// ANCHOR: carry
/// A value of 1 in four units, nothing written. The forget gates are held at 1 and at σ(8), σ(6)
/// and σ(4). Forward: what is left of the value. Backward: C̄_0 when C̄ at the end is 1.
fn carry() {
    let f = DVector::from_vec(vec![1.0, sigmoid(8.0), sigmoid(6.0), sigmoid(4.0)]);
    let (shut, nothing) = (DVector::zeros(4), DVector::zeros(4));
    let mut c = DVector::from_element(4, 1.0);
    let mut bar = c.clone();
    println!("# carry: left of a value of 1, and of an adjoint of 1, after so many steps");
    println!("after  |  f = 1 |    z=8 |    z=6 |    z=4 | bar_z8 | bar_z6 | bar_z4");
    for t in 1..=1000 {
        bar = update_backward(&f, &c, &shut, &nothing, &bar).c_prev;
        c = update(&f, &c, &shut, &nothing);
        if [1, 10, 100, 1000].contains(&t) {
            let states = format!("{:>6.4} | {:>6.4} | {:>6.4} | {:>6.4}", c[0], c[1], c[2], c[3]);
            println!("t={t:<4} | {states} | {:>6.4} | {:>6.4} | {:>6.4}", bar[1], bar[2], bar[3]);
        }
    }
}
// ANCHOR_END: carry

// ANCHOR: count
/// Every step writes 0.5. One unit never forgets, two forget a little.
fn count() {
    let f = DVector::from_vec(vec![1.0, 0.99, 0.9]);
    let (i, candidate) = (DVector::from_element(3, 1.0), DVector::from_element(3, 0.5));
    let mut c = DVector::zeros(3);
    println!("# count: the cell state when every step writes 0.5, and tanh's slope there");
    println!("after  |   never | f=0.99 |  f=0.9 | slope_never | slope_0.9");
    for t in 1..=400 {
        c = update(&f, &c, &i, &candidate);
        if [1, 2, 4, 8, 16, 100, 400].contains(&t) {
            let slope = |c: f64| tanh_slope(c.tanh());
            let states = format!("{:>7.2} | {:>6.3} | {:>6.4}", c[0], c[1], c[2]);
            println!("n={t:<4} | {states} | {:>11.7} | {:>9.7}", slope(c[0]), slope(c[2]));
        }
    }
    let settles = level(&f, &i, &candidate);
    println!("level_0.99 = {:.3}", settles[1]);
    println!("level_0.9 = {:.4}", settles[2]);
}
// ANCHOR_END: count

// ANCHOR: walk
/// Every step writes +0.5 or −0.5, by the toss of a fair coin. In 200 sequences: the root of the
/// mean square of C, once never forgetting and once with f = 0.99.
fn walk() {
    let f = DVector::from_vec(vec![1.0, 0.99]);
    let half = DVector::from_element(2, 0.5);
    let mut cells = vec![DVector::zeros(2); 200];
    let mut coin = ChaCha8Rng::seed_from_u64(1997);
    println!("# walk: how far the cell state strays when what is written has mean zero");
    println!("after     |   never | f=0.99");
    for t in 1..=1000 {
        for c in &mut cells {
            let candidate = DVector::from_element(2, if coin.random() { 1.0 } else { -1.0 });
            *c = update(&f, c, &half, &candidate);
        }
        if [1, 10, 100, 1000].contains(&t) {
            let mean_square = |unit: usize| {
                cells.iter().map(|c| c[unit] * c[unit]).sum::<f64>() / cells.len() as f64
            };
            println!(
                "toss={t:<4} | {:>7.3} | {:>6.3}",
                mean_square(0).sqrt(),
                mean_square(1).sqrt()
            );
        }
    }
}
// ANCHOR_END: walk

// ANCHOR: leak
/// A unit holds 1 while its candidate says −1 at every step. The forget gate is held at σ(z) and
/// the input gate at σ(−z): the one as open as the other is shut.
fn leak() {
    let z = DVector::from_vec(vec![4.0, 6.0, 8.0]);
    let (f, i) = (z.map(sigmoid), z.map(|z| sigmoid(-z)));
    let contrary = DVector::from_element(3, -1.0);
    let mut c = DVector::from_element(3, 1.0);
    println!("# leak: a 1 to hold, a candidate of -1, gates at z and -z");
    println!("after     |     z=4 |     z=6 |     z=8");
    for t in 1..=1000 {
        c = update(&f, &c, &i, &contrary);
        if [1, 10, 100, 1000].contains(&t) {
            println!("held={t:<4} | {:>7.4} | {:>7.4} | {:>7.4}", c[0], c[1], c[2]);
        }
    }
}
// ANCHOR_END: leak

// ANCHOR: whole
/// C_t as a function of C_{t−1} alone, one unit, when the gates are *not* held fixed: they read
/// h_{t−1}, and tanh(C_{t−1}) stands in for it here. Chapter 8 has the real h.
fn next(c_prev: f64) -> f64 {
    let layer = |recurrent, bias| Affine {
        w: DMatrix::from_element(1, 1, recurrent),
        b: DVector::from_element(1, bias),
    };
    let h_prev = DVector::from_element(1, c_prev.tanh());
    let f = Gate { affine: layer(1.0, 2.0) }.forward(&h_prev);
    let i = Gate { affine: layer(1.0, 0.0) }.forward(&h_prev);
    let candidate = Candidate { affine: layer(2.0, 0.0) }.forward(&h_prev);
    update(&f, &DVector::from_element(1, c_prev), &i, &candidate)[0]
}

fn whole() {
    println!("# whole: the direct path beside the whole derivative of C_t by C_(t-1)");
    println!("C_prev  | direct |  whole");
    for c_prev in [-2.0, -1.0, 0.0, 1.0, 2.0] {
        let direct = sigmoid(f64::tanh(c_prev) + 2.0); // f_t
        let whole = derivative(1e-3, |nudge| next(c_prev + nudge));
        println!("C={c_prev:<5.0} | {direct:>6.4} | {whole:>6.4}");
    }
}
// ANCHOR_END: whole
