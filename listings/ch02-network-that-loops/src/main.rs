//! The numbers that chapter 2 talks about: `cargo run -p ch02`.

use nalgebra::{DMatrix, DVector};
use rnn::{Rnn, example, latch, one_hot};
use say::println;

fn main() {
    println!("# welcome: chapter 2, a network that loops");
    println!("It reads one digit at a time and hands itself a note. What is in that note?");
    println!();
    one_step();
    println!();
    five_digits();
    println!();
    output();
    println!();
    order();
    println!();
    sizes();
    println!();
    echo();
    println!();
    needle();
    println!();
    println!("# next: what that was, and where it goes on");
    println!(
        "A network with a loop can keep a digit for ever, if its weights are right. These were"
    );
    println!("chosen by hand. To find them by training, one needs a gradient that one can trust.");
    println!("  cargo run -p ch02 --example exercise_2_4   choose weights yourself; it is graded");
    println!("  cargo run -p ch03                          gradients, and how to check them");
}

fn one_step() {
    let (rnn, _) = example();
    let (h_prev, x) = (DVector::from_vec(vec![0.4, 0.8]), one_hot(7));
    let (z, h) = (rnn.pre_activation(&h_prev, &x), rnn.step(&h_prev, &x));
    println!("# one-step: the digit 7, after the note (0.4, 0.8)");
    println!("unit   | h_prev |      z |      h");
    for unit in 0..2 {
        println!("unit-{} | {:>6.4} | {:>6.4} | {:>6.4}", unit + 1, h_prev[unit], z[unit], h[unit]);
    }
}

fn five_digits() {
    let (rnn, _) = example();
    let digits = [7, 0, 3, 6, 9];
    let xs = digits.map(one_hot); // x_1 … x_5
    let h_0 = DVector::zeros(2);
    let hs = rnn.unroll(&h_0, &xs); // h_1 … h_5
    println!("# five-digits: one run of a network with H = 2, D = 10");
    println!("step | digit | z-unit-1 | z-unit-2 | h-unit-1 | h-unit-2");
    for (t, h) in hs.iter().enumerate() {
        let h_prev = if t == 0 { &h_0 } else { &hs[t - 1] };
        let z = rnn.pre_activation(h_prev, &xs[t]);
        println!(
            "t={}  | {:>5} | {:>8.4} | {:>8.4} | {:>8.4} | {:>8.4}",
            t + 1,
            digits[t],
            z[0],
            z[1],
            h[0],
            h[1]
        );
    }
}

fn last_state(rnn: &Rnn, digits: &[u8]) -> DVector<f64> {
    let xs: Vec<DVector<f64>> = digits.iter().map(|&digit| one_hot(digit)).collect();
    let h_0 = DVector::zeros(rnn.b.len());
    rnn.unroll(&h_0, &xs).pop().unwrap_or(h_0)
}

fn output() {
    let (rnn, readout) = example();
    let y = readout.forward(&last_state(&rnn, &[7, 0, 3, 6, 9]));
    println!("# output: y_5, one number for each digit");
    println!("digit   |       y");
    for (digit, y) in y.iter().enumerate() {
        println!("digit-{digit} | {y:>7.4}");
    }
    println!("largest = {}", y.imax());
}

fn order() {
    let (rnn, _) = example();
    println!("# order: the last state after the same five digits in other orders");
    println!("digits | h-unit-1 | h-unit-2");
    for digits in [[7, 0, 3, 6, 9], [0, 7, 3, 6, 9], [9, 6, 3, 0, 7]] {
        let h = last_state(&rnn, &digits);
        println!("{}  | {:>8.4} | {:>8.4}", digits.map(|d| d.to_string()).concat(), h[0], h[1]);
    }
}

fn sizes() {
    let (hidden, inputs) = (32, 10);
    let w = DMatrix::zeros(hidden, hidden + inputs);
    let looping = Rnn { w, b: DVector::zeros(hidden) }.size();
    println!("# sizes: weights and biases, for H = 32 and D = 10");
    println!("length | looping | all_at_once");
    for length in [4, 20, 100] {
        let all_at_once = hidden * (inputs * length) + hidden; // reads x_1 … x_T side by side
        println!("T={length:<4} | {looping:>7} | {all_at_once:>11}");
    }
}

/// How far apart two runs are that differ in their first digit, 7 or 2, and in nothing else.
fn distances(rnn: &Rnn, steps: usize) -> Vec<f64> {
    let h_0 = DVector::zeros(rnn.b.len());
    let run = |first| {
        let later = [0, 3, 6, 9].into_iter().cycle();
        let xs: Vec<DVector<f64>> =
            [first].into_iter().chain(later).take(steps).map(one_hot).collect();
        rnn.unroll(&h_0, &xs)
    };
    run(7).iter().zip(run(2)).map(|(a, b)| (a - b).norm()).collect()
}

fn echo() {
    let mut weak = latch(7);
    weak.w[(0, 0)] = 0.5; // in the place of 3: what the unit reads of its own last state
    println!("# echo: the distance of two runs that differ in their first digit");
    println!("after | listener |    weak |  latch");
    let [listener, weak, latch] = [example().0, weak, latch(7)].map(|rnn| distances(&rnn, 20));
    for t in [1, 2, 3, 4, 5, 10, 15, 20] {
        let (listener, weak, latch) = (listener[t - 1], weak[t - 1], latch[t - 1]);
        println!("t={t:<3} | {listener:>8.1e} | {weak:>7.1e} | {latch:>6.4}");
    }
}

/// The latch's 0, off by next to nothing; and a latch that rests on either side.
fn needle() {
    let state = |rnn: &Rnn, start: f64, digits: &[u8]| -> Vec<f64> {
        let xs: Vec<DVector<f64>> = digits.iter().map(|&digit| one_hot(digit)).collect();
        let states = rnn.unroll(&DVector::from_element(1, start), &xs);
        states.iter().map(|h| h[0]).collect()
    };
    println!("# needle: what the latch makes of a 0 that is off by 1e-16, and no 7");
    let pushed = state(&latch(7), 1e-16, &[0; 100]);
    println!("steps_to_yes = {}", pushed.iter().take_while(|&&h| h < 0.99).count() + 1);
    let mut firm = latch(7);
    firm.w[(0, 8)] = 6.0; // reads the 7
    firm.b[0] = -1.0;
    println!("\n# firm: with a bias of -1 and a weight of 6 for the 7, after a thousand steps");
    for (name, first) in [("no-7", 2), ("a-7", 7)] {
        let digits: Vec<u8> = [first].into_iter().chain([0; 999]).collect();
        println!("{name} = {:.4}", state(&firm, 0.0, &digits)[999]);
    }
}
