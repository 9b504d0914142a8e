//! What `cargo run -p ch13` prints: the numbers of chapter 13.
#![forbid(unsafe_code)]

use gradient_check::{Named, check};
use loss_and_optimiser::{Adam, Optimiser, Sgd, cross_entropy, cross_entropy_backward, softmax};
use nalgebra::DVector;

fn column<const N: usize>(values: [f64; N]) -> DVector<f64> {
    DVector::from_row_slice(&values)
}

fn main() {
    print_loss();
    print_gradient();
    print_extremes();
    print_first_steps();
    print_descent();
}

fn print_loss() {
    println!("# loss: what an answer costs, in nats, when one digit of ten is right");
    println!(
        "guess     = {:.4}  all ten equally likely: ln 10",
        cross_entropy(&DVector::zeros(10), 3)
    );
    // With the score s and nine scores 0, p = e^s / (e^s + 9).
    for (name, score, meaning) in [
        ("hint", 1.0, "the right digit's score is 1, the others' 0"),
        ("sure", 5.0, "the right digit's score is 5, the others' 0"),
        ("mistaken", -5.0, "the right digit's score is -5, the others' 0"),
    ] {
        let mut logits = DVector::zeros(10);
        logits[3] = score;
        println!("{name:<9} = {:.4}  {meaning}", cross_entropy(&logits, 3));
    }
}

fn print_gradient() {
    let logits = column([2.0, 0.5, -1.0]);
    let (target, p) = (1, softmax(&logits));
    let y_bar = cross_entropy_backward(&logits, target);
    let report = |k: usize| {
        let at = Named("y", logits.rows(k, 1).into_owned());
        let by_hand = Named("y", y_bar.rows(k, 1).into_owned());
        check(&at, &by_hand, |probe| {
            let mut nudged = logits.clone();
            nudged[k] = probe.1[0];
            cross_entropy(&nudged, target)
        })
    };
    println!("\n# gradient: three scores, the second is the right answer's");
    println!("score | y       | p       | by-hand | by-differences");
    for k in 0..3 {
        let numeric = report(k).worst.numeric;
        println!("y{k}    | {:>7.4} | {:.5} | {:>7.4} | {numeric:>7.4}", logits[k], p[k], y_bar[k]);
    }
    println!("y-loss = {:.5}  -ln p at y1", cross_entropy(&logits, target));
    println!("p-sum  = {:.5}", p.sum());
}

fn print_extremes() {
    println!("\n# extremes: scores of 1000, whose exponential is too large for a float");
    let (tie, lost) = (column([1000.0, 1000.0]), column([1000.0, -1000.0]));
    println!("tie  = {:.4}  against another score of 1000: ln 2", cross_entropy(&tie, 0));
    println!("lost = {:.1}  the right answer has -1000", cross_entropy(&lost, 1));
}

fn print_first_steps() {
    println!("\n# adam: how far the first two steps move, at a learning rate of 0.01");
    println!("run   | gradient | first     | second");
    for (name, gradient) in
        [("tiny", 1e-6), ("small", 1e-3), ("one", 1.0), ("large", 1e3), ("huge", 1e6)]
    {
        let (mut theta, mut adam) = ([0.0], Adam::new(1, 0.01));
        adam.step(&mut theta, &[gradient]);
        let first = theta[0];
        adam.step(&mut theta, &[gradient]);
        println!("{name:<5} | {gradient:>8e} | {first:>9.6} | {:>9.6}", theta[0] - first);
    }
}

fn print_descent() {
    // L = ½ (a² + 100 b²): a long valley, a hundred times steeper across than along.
    let loss = |[a, b]: [f64; 2]| 0.5 * (a * a + 100.0 * b * b);
    let mut adam = ([1.0, 1.0], Adam::new(2, 0.1));
    let mut plain = [1.0, 1.0];
    println!("\n# descent: the loss in a valley 100 times steeper across than along");
    println!("step | adam      | plain");
    for step in 0..=100 {
        if [0, 1, 3, 10, 30, 100].contains(&step) {
            println!("t{step:<3} | {:>9.6} | {:>9.6}", loss(adam.0), loss(plain));
        }
        let slope = |[a, b]: [f64; 2]| [a, 100.0 * b];
        let g = slope(adam.0);
        adam.1.step(&mut adam.0, &g);
        let g = slope(plain);
        Sgd { learning_rate: 0.01 }.step(&mut plain, &g);
    }
}
