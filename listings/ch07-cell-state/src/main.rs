//! The numbers that chapter 7 talks about: `cargo run -p ch07`.

use std::iter::successors;

use cell_state::{level, update, update_backward};
use forget_gate::{Example, example as keeps, keep, stack};
use gradient_check::{Affine, Named, check, derivative, sigmoid};
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
    leak();
    println!();
    seven();
    println!();
    whole();
    println!();
    count();
    println!();
    walk();
}

/// A vector of one number.
fn one(value: f64) -> DVector<f64> {
    DVector::from_element(1, value)
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
    for (unit, name) in ["unit-1", "unit-2"].into_iter().enumerate() {
        let (from, k, n, to) = (c_prev[unit], kept[unit], written[unit], c[unit]);
        println!("{name} | {from:>7.4} | {k:>7.4} | {n:>7.4} | {to:>7.4}");
    }

    let c_bar = DVector::from_vec(vec![1.0, 1.0]); // the loss is the sum of C
    let bar = update_backward(&f, &c_prev, &i, &candidate, &c_bar);
    println!();
    println!("# backward: the same step, from the loss L, the sum of C, back");
    println!("unit   |   f_bar | C_prev_hat |   i_bar | candidate_bar");
    for (unit, name) in ["unit-1", "unit-2"].into_iter().enumerate() {
        let (f, c_prev) = (bar.f[unit], bar.c_prev[unit]);
        let (i, candidate) = (bar.i[unit], bar.candidate[unit]);
        println!("{name} | {f:>7.4} | {c_prev:>10.4} | {i:>7.4} | {candidate:>13.4}");
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
    println!();
    println!("# checked: every number of that gradient against differences");
    println!("compared = {}", report.compared);
    println!("error_below = {:.0e}", report.worst.error.max(1e-8));
}

/// A value of 1 in four units, nothing written. The forget gates are held at 1 and at σ(8), σ(6)
/// and σ(4). What is left of it; and what arrives at C_0 along the line when 1 is sent from its end.
fn carry() {
    let f = DVector::from_vec(vec![1.0, sigmoid(8.0), sigmoid(6.0), sigmoid(4.0)]);
    let (shut, nothing) = (DVector::zeros(4), DVector::zeros(4));
    let c_0 = DVector::from_element(4, 1.0);
    let after = [1, 10, 100, 1000];
    let table = |left: Vec<DVector<f64>>| {
        for t in after {
            let left = left[t].iter().map(|left| format!("{left:>6.4}"));
            println!("t={t:<4} | {}", left.collect::<Vec<_>>().join(" | "));
        }
    };
    println!("# carry: left of a value of 1");
    println!("steps  |  f = 1 |    z=8 |    z=6 |    z=4");
    let forward = successors(Some(c_0.clone()), |c| Some(update(&f, c, &shut, &nothing)));
    table(forward.take(1001).collect());
    println!();
    println!("# carry-back: left of a message of 1 on its way back along the line");
    println!("steps  | back_1 | back_8 | back_6 | back_4");
    let back = successors(Some(c_0.clone()), |back| {
        Some(update_backward(&f, &c_0, &shut, &nothing, back).c_prev)
    });
    table(back.take(1001).collect());
}

/// A unit holds 1 while its candidate says −1 at every step. The forget gate is held at σ(z) and
/// the input gate at σ(−z): the one as open as the other is shut.
fn leak() {
    let z = DVector::from_vec(vec![4.0, 6.0, 8.0]);
    let (f, i) = (z.map(sigmoid), z.map(|z| sigmoid(-z)));
    let contrary = DVector::from_element(3, -1.0);
    let mut c = DVector::from_element(3, 1.0);
    println!("# leak: a 1 to hold, a candidate of -1, gates at z and -z");
    println!("steps  |  leak_4 |  leak_6 |  leak_8");
    for t in 1..=1000 {
        c = update(&f, &c, &i, &contrary);
        if [1, 10, 100, 1000].contains(&t) {
            println!("t={t:<4} | {:>7.4} | {:>7.4} | {:>7.4}", c[0], c[1], c[2]);
        }
    }
}

// ANCHOR: seven
/// The step at which a 7, kept as 0.7, is first nearer to another tenth, with
/// the forget gate held at σ(z), the input gate at i, and a candidate of −1.
fn lost_after(z: f64, i: f64) -> usize {
    let (f, i, contrary) = (one(sigmoid(z)), one(i), one(-1.0));
    successors(Some(one(0.7)), |c| Some(update(&f, c, &i, &contrary)))
        .take_while(|c| (10.0 * c[0]).round() == 7.0)
        .count()
}
// ANCHOR_END: seven

fn seven() {
    println!("# seven: the steps after which a 7, kept as 0.7, is another digit");
    println!("gate | half_life | fading | pushed");
    for z in [4.0, 6.0, 8.0, 10.0] {
        let half_life = 0.5_f64.ln() / sigmoid(z).ln();
        let (fading, pushed) = (lost_after(z, 0.0), lost_after(z, sigmoid(-z)));
        println!("z={z:<2} | {half_life:>9.1} | {fading:>6} | {pushed:>6}");
    }
}

// ANCHOR: next
/// C_t as a function of C_{t−1} alone, one unit, when the gates are *not* held fixed: they
/// read h_{t−1}, and tanh(C_{t−1}) stands in for it. Chapter 8 has the real h.
fn next(c_prev: f64) -> f64 {
    let layer = |weight, bias| Affine { w: DMatrix::from_element(1, 1, weight), b: one(bias) };
    let h_prev = one(c_prev.tanh());
    let f = Gate { affine: layer(1.0, 2.0) }.forward(&h_prev);
    let i = Gate { affine: layer(1.0, 0.0) }.forward(&h_prev);
    let candidate = Candidate { affine: layer(2.0, 0.0) }.forward(&h_prev);
    update(&f, &one(c_prev), &i, &candidate)[0]
}
// ANCHOR_END: next

fn whole() {
    println!("# whole: the slope along the line beside the whole slope of C_t by C_(t-1)");
    println!("C_prev  | direct |  whole");
    for c_prev in [-2.0, -1.0, 0.0, 1.0, 2.0] {
        let direct = sigmoid(f64::tanh(c_prev) + 2.0); // f_t
        let whole = derivative(1e-3, |nudge| next(c_prev + nudge));
        println!("C={c_prev:<5.0} | {direct:>6.4} | {whole:>6.4}");
    }
}

/// Every step writes 0.5. One unit never forgets, two forget a little.
fn count() {
    let f = DVector::from_vec(vec![1.0, 0.99, 0.9]);
    let (i, candidate) = (DVector::from_element(3, 1.0), DVector::from_element(3, 0.5));
    let mut c = DVector::zeros(3);
    println!("# count: the cell state when every step writes 0.5");
    println!("steps |   never | f=0.99 |  f=0.9");
    for t in 1..=400 {
        c = update(&f, &c, &i, &candidate);
        if [1, 2, 4, 8, 16, 100, 400].contains(&t) {
            println!("n={t:<3} | {:>7.2} | {:>6.3} | {:>6.4}", c[0], c[1], c[2]);
        }
    }
    let settles = level(&f, &i, &candidate);
    println!("level_0.99 = {:.3}", settles[1]);
    println!("level_0.9 = {:.4}", settles[2]);
}

/// Random digits: an odd one writes +0.5, an even one −0.5. In 200 sequences: the root of the mean
/// square of C, once never forgetting and once with f = 0.99.
fn walk() {
    let f = DVector::from_vec(vec![1.0, 0.99]);
    let half = DVector::from_element(2, 0.5);
    let mut cells = vec![DVector::zeros(2); 200];
    let mut digits = ChaCha8Rng::seed_from_u64(1997);
    println!("# walk: how far from 0 when an odd digit writes 0.5 and an even one -0.5");
    println!("digits      |   never | f=0.99");
    for t in 1..=1000 {
        for c in &mut cells {
            let odd = digits.random_range(0..10) % 2 == 1;
            let candidate = DVector::from_element(2, if odd { 1.0 } else { -1.0 });
            *c = update(&f, c, &half, &candidate);
        }
        if [1, 10, 100, 1000].contains(&t) {
            let stray = |unit: usize| {
                let squares = cells.iter().map(|c| c[unit] * c[unit]).sum::<f64>();
                (squares / cells.len() as f64).sqrt()
            };
            println!("digits={t:<4} | {:>7.3} | {:>6.3}", stray(0), stray(1));
        }
    }
}
