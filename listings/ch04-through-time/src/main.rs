//! The numbers that chapter 4 talks about: `cargo run -p ch04`.

use gradient_check::check;
use nalgebra::DVector;
use rnn::{example, latch, one_hot, stack};
use say::println;
use through_time::{
    Adjoints, Leaves, adjoints, backward, clip, fading, jacobian, median, norm, random_run,
    spectral_radius, strongest_stretch, truncated_backward, without_slopes, zero_radius,
};

fn main() {
    five_digits();
    println!();
    fade();
    println!();
    bound();
    println!();
    loud();
    println!();
    latched();
    println!();
    zero();
    println!();
    clipping();
    println!();
    truncation();
}

/// Chapter 2's run, and the loss L = the sum of both entries of h_5.
fn five_digits() {
    let leaves = Leaves {
        rnn: example().0,
        h_0: DVector::zeros(2),
        xs: [7, 0, 3, 6, 9].map(one_hot).to_vec(),
    };
    let hs = leaves.run();
    let mut direct = vec![DVector::zeros(2); 5];
    direct[4] = DVector::from_vec(vec![1.0, 1.0]);
    let Adjoints { h: h_bars, z: z_bars } = adjoints(&leaves.rnn, &hs, &direct);
    let gradient = backward(&leaves, &hs, &direct);
    println!(
        "# five-digits: adjoints of the loss (both entries of h_5, added), from t = 5 to t = 1"
    );
    println!("t   | h-bar-unit-1 | h-bar-unit-2 | z-bar-unit-1 | z-bar-unit-2 |  share");
    for t in (0..5).rev() {
        let h_prev = if t == 0 { &leaves.h_0 } else { &hs[t - 1] };
        let share = (&z_bars[t] * stack(h_prev, &leaves.xs[t]).transpose()).norm();
        println!(
            "t={} | {:>12.4} | {:>12.4} | {:>12.4} | {:>12.4} | {share:>6.4}",
            t + 1,
            h_bars[t][0],
            h_bars[t][1],
            z_bars[t][0],
            z_bars[t][1],
        );
    }
    println!();
    println!("# checked: every number of that gradient against differences");
    let report = check(&leaves, &gradient, |leaves| leaves.run()[4].sum());
    println!("compared = {}", report.compared);
    println!("error_below = {:.0e}", report.worst.error.max(1e-8));
}

fn fade() {
    println!("# fade: length of the adjoint of h, k steps before the end, median of nine networks");
    println!("radius  |     k=1 |     k=5 |    k=10 |    k=20 |    k=50");
    for radius in [0.5, 0.9, 1.1, 1.5, 2.0] {
        let at = |lag: usize| median((1..=9).map(|seed| fading(radius, 0.5, seed)[lag]));
        let [a, b, c, d, e] = [1, 5, 10, 20, 50].map(at);
        println!("rho={radius:.1} | {a:>7.1e} | {b:>7.1e} | {c:>7.1e} | {d:>7.1e} | {e:>7.1e}");
    }
    let mut ends: Vec<f64> = (1..=9).map(|seed| fading(2.0, 0.5, seed)[50]).collect();
    ends.sort_by(f64::total_cmp);
    println!("smallest_of_nine = {:.2}  for rho=2.0 and k=50", ends[0]);
    println!("middle_of_nine = {:.1}", ends[4]);
    println!("largest_of_nine = {:.1}", ends[8]);
    println!();
    println!(
        "# slopes: rho=1.1; mean slope of tanh, and the message after 50 steps if all were 1, medians"
    );
    let runs: Vec<(f64, f64)> = (1..=9).map(|seed| without_slopes(1.1, 0.5, seed)).collect();
    println!("mean_slope = {:.2}", median(runs.iter().map(|run| run.0)));
    println!("left_without = {:.0}", median(runs.iter().map(|run| run.1)));
}

fn bound() {
    println!("# bound: what the bound allows for a step, and what was measured over fifty");
    println!("network | spectral_radius | stretch | measured");
    for radius in [0.4, 0.5, 0.9, 1.1, 1.5, 2.0] {
        let w_hh = |seed| random_run(radius, 0.5, seed).0.rnn.w_hh();
        let rho = median((1..=9).map(|seed| spectral_radius(&w_hh(seed))));
        let mu = median((1..=9).map(|seed| strongest_stretch(&w_hh(seed))));
        let measured = median((1..=9).map(|seed| fading(radius, 0.5, seed)[50].powf(1.0 / 50.0)));
        println!("net-{radius:.1} | {rho:>15.4} | {mu:>7.4} | {measured:>8.4}");
    }
}

fn loud() {
    println!("# loud: the same with other inputs, k = 50");
    println!("inputs    | rho_0.9 | rho_1.5 | rho_2.0");
    for input in [0.1, 0.5, 1.0, 3.0] {
        let at = |radius| median((1..=9).map(|seed| fading(radius, input, seed)[50]));
        let [a, b, c] = [0.9, 1.5, 2.0].map(at);
        println!("up-to-{input:.1} | {a:>7.1e} | {b:>7.1e} | {c:>7.1e}");
    }
}

fn latched() {
    println!("# latched: chapter 2's latch, ten steps after the 7");
    let rnn = latch(7);
    let xs = [7, 0, 3, 6, 9, 0, 3, 6, 9, 0, 3].map(one_hot).to_vec();
    let leaves = Leaves { rnn, h_0: DVector::zeros(1), xs };
    let hs = leaves.run();
    let mut direct = vec![DVector::zeros(1); 11];
    direct[10] = DVector::from_element(1, 1.0); // L = h_11
    let h_bars = adjoints(&leaves.rnn, &hs, &direct).h;
    println!("h_1 = {:.4}", hs[0][0]);
    println!("h_11 = {:.4}", hs[10][0]);
    println!("factor = {:.4}  of a step: 3 times the slope", jacobian(&leaves.rnn, &hs[10])[0]);
    println!("h_bar_1 = {:.1e}  when h_bar_11 is 1", h_bars[0][0]);
}

fn zero() {
    println!("# zero-radius: one matrix without an eigenvalue but 0, in two states");
    println!("state | slope_2 | rho_W | mu_W | rho_J |    k=1 |    k=2 |   k=10 |     k=20");
    for (name, h_2) in [("rest", 0.0), ("held", 0.9_f64.sqrt())] {
        let leaves = zero_radius(h_2);
        let hs = leaves.run();
        let j = jacobian(&leaves.rnn, &hs[0]);
        let mut direct = vec![DVector::zeros(2); 20];
        direct[19] = DVector::from_vec(vec![1.0, 0.0]);
        let gradient = backward(&leaves, &hs, &direct);
        let h_bars = adjoints(&leaves.rnn, &hs, &direct).h;
        println!(
            "{name}  | {:>7.4} | {:>5.2} | {:>4.2} | {:>5.2} | {:>6.4} | {:>6.4} | {:>6.1} | {:>8.1}",
            1.0 - h_2 * h_2,
            spectral_radius(&leaves.rnn.w_hh()),
            strongest_stretch(&leaves.rnn.w_hh()),
            spectral_radius(&j),
            h_bars[18].norm(),
            h_bars[17].norm(),
            h_bars[9].norm(),
            gradient.h_0.norm()
        );
    }
}

fn clipping() {
    println!("# clip: length of the whole gradient for nine networks, rho = 2, before and after");
    println!("seed   |  before | after");
    for seed in 1..=9 {
        let (leaves, direct) = random_run(2.0, 0.5, seed);
        let mut gradient = backward(&leaves, &leaves.run(), &direct);
        let before = norm(&gradient);
        clip(&mut gradient, 1.0);
        println!("seed-{seed} | {before:>7.1e} | {:>5.3}", norm(&gradient));
    }
}

fn truncation() {
    println!("# truncation: what is missing from the gradient of W_h, as a part of it, T = 100");
    println!("window   | rho_0.9 | rho_1.1 | rho_1.5");
    for window in [1, 2, 5, 10, 20, 50] {
        let missing = |radius| {
            median((1..=9).map(|seed| {
                let (leaves, direct) = random_run(radius, 0.5, seed);
                let hs = leaves.run();
                let whole = backward(&leaves, &hs, &direct).rnn.w;
                let part = truncated_backward(&leaves, &hs, &direct, window).rnn.w;
                (part - &whole).norm() / whole.norm()
            }))
        };
        let [a, b, c] = [0.9, 1.1, 1.5].map(missing);
        println!("last-{window:<3} | {a:>7.1e} | {b:>7.1e} | {c:>7.1e}");
    }
}
