//! What `cargo run -p ch13` prints: the numbers of chapter 13 that are the same on every machine.
#![forbid(unsafe_code)]

use digits::{Task, generator};
use gradient_check::{Named, check, sigmoid};
use loss_and_optimiser::{
    Adam, By, Learner, Optimiser, Trial, batch_of, cross_entropy, cross_entropy_backward, downhill,
    norm, softmax,
};
use nalgebra::DVector;
use say::println;

fn column<const N: usize>(values: [f64; N]) -> DVector<f64> {
    DVector::from_row_slice(&values)
}

fn main() {
    print_loss();
    print_gradient();
    print_extremes();
    print_valley();
    print_rates();
    print_first_steps();
    print_correction();
    print_start();
    print_reach();
}

fn print_loss() {
    println!("# loss: ten scores, nine of them 0; what the right digit's score is worth");
    println!("score | y  | p       | loss");
    for (name, score) in
        [("wrong", -5.0), ("doubt", -1.0), ("guess", 0.0), ("hint", 1.0), ("sure", 5.0)]
    {
        let mut logits = DVector::zeros(10);
        logits[3] = score;
        let (p, loss) = (softmax(&logits)[3], cross_entropy(&logits, 3));
        println!("{name:<5} | {score:>2} | {p:.5} | {loss:.4}");
    }
}

// ANCHOR: example
/// Three scores; the second is the right answer's.
fn example() -> (DVector<f64>, usize) {
    (column([2.0, 0.5, -1.0]), 1)
}
// ANCHOR_END: example

fn print_gradient() {
    let (logits, target) = example();
    let (p, y_bar) = (softmax(&logits), cross_entropy_backward(&logits, target));
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
    println!("score | y       | p       | y_bar   | by-differences");
    for k in 0..3 {
        let numeric = report(k).worst.numeric;
        println!("y{k}    | {:>7.4} | {:.5} | {:>7.4} | {numeric:>7.4}", logits[k], p[k], y_bar[k]);
    }
    println!("loss = {:.5}  -ln p of y1", cross_entropy(&logits, target));
}

fn print_extremes() {
    println!("\n# extremes: two scores, the first is the right answer's");
    println!("scores   |    y_0 |     y_1 | formula | shifted");
    for (name, [a, b]) in [
        ("moderate", [1.0, -1.0]),
        ("tie", [1000.0, 1000.0]),
        ("certain", [1000.0, -1000.0]),
        ("lost", [-1000.0, 1000.0]),
    ] {
        let formula = -(f64::exp(a) / (f64::exp(a) + f64::exp(b))).ln();
        let shifted = cross_entropy(&column([a, b]), 0);
        // A loss of −0 is one of 0.
        println!("{name:<8} | {a:>6} | {b:>7} | {formula:>7.4} | {:>9.4}", shifted + 0.0);
    }
}

/// The last place and its loss.
fn end(path: &[[f64; 2]]) -> f64 {
    loss(path[path.len() - 1])
}

/// The loss in the valley.
fn loss([a, b]: [f64; 2]) -> f64 {
    0.5 * (a * a + 100.0 * b * b)
}

fn print_valley() {
    println!(
        "\n# valley: the loss after so many steps, in a valley 100 times steeper across than along"
    );
    println!("step | descent  | momentum | Adam");
    let paths =
        [By::Sgd(0.018), By::Momentum(0.018), By::Adam(0.3)].map(|by| downhill(by, 0.0, 100));
    for step in [0, 1, 2, 5, 10, 20, 50, 100] {
        let [descent, momentum, adam] = [0, 1, 2].map(|k| loss(paths[k][step]));
        println!("t={step:<3} | {descent:>8.5} | {momentum:>8.5} | {adam:>8.5}");
    }
}

fn print_rates() {
    println!(
        "\n# rates: the loss after 100 steps, at ten learning rates; Adam also in the valley turned by 45 degrees"
    );
    println!("rate    | descent | momentum | Adam    | Adam_turned");
    for rate in [0.001, 0.003, 0.01, 0.019, 0.021, 0.03, 0.1, 0.3, 1.0, 3.0] {
        let after = |by, turn| end(&downhill(by, turn, 100));
        println!(
            "r={rate:<5} | {:>7.1e} | {:>8.1e} | {:>7.1e} | {:>7.1e}",
            after(By::Sgd(rate), 0.0),
            after(By::Momentum(rate), 0.0),
            after(By::Adam(rate), 0.0),
            after(By::Adam(rate), 45.0),
        );
    }
}

fn print_first_steps() {
    println!("\n# adam: how far the first two steps move, at a learning rate of 0.01");
    println!("run   | gradient | first     | second");
    for (name, gradient) in [
        ("none", 0.0),
        ("least", 1e-8),
        ("tiny", 1e-6),
        ("small", 1e-3),
        ("one", 1.0),
        ("huge", 1e6),
    ] {
        let (mut theta, mut adam) = ([0.0], Adam::new(1, 0.01));
        adam.step(&mut theta, &[gradient]);
        let first = theta[0];
        adam.step(&mut theta, &[gradient]);
        println!("{name:<5} | {gradient:>8e} | {first:>9.6} | {:>9.6}", theta[0] - first);
    }
}

fn print_correction() {
    println!(
        "\n# correction: the same gradient 1 at every step; m and v with and without their corrections"
    );
    println!("step   | m      | m_hat  | v       | v_hat  | uncorrected_step");
    let mut adam = Adam::<f64>::new(1, 0.01);
    for t in 1..=1000 {
        adam.step(&mut [0.0], &[1.0]);
        if [1, 2, 10, 100, 1000].contains(&t) {
            let (m, v) = (adam.m[0], adam.v[0]);
            let (m_hat, v_hat) = (m / (1.0 - 0.9_f64.powi(t)), v / (1.0 - 0.999_f64.powi(t)));
            println!("t={t:<4} | {m:.4} | {m_hat:.4} | {v:.5} | {v_hat:.4} | {:.4}", m / v.sqrt());
        }
    }
}

fn print_start() {
    println!("\n# start: a fresh network of 32 units before 500 sequences of four random digits");
    println!("weights | loss   | length | moved | kinds");
    let (digits, targets) =
        batch_of(&Task::Random.draw(500, 5, &mut generator(1)).expect("long enough"));
    let mut learner = Learner::<f64>::new(32, &mut generator(2));
    let drawn = learner.theta.clone();
    let uniform = |factor: f64| drawn.iter().map(|w| factor * w).collect();
    let starts: [(&str, Vec<f64>); 5] = [
        ("zero", vec![0.0; drawn.len()]),
        ("equal", vec![0.1; drawn.len()]),
        ("uniform", uniform(1.0)),
        ("times5", uniform(5.0)),
        ("times20", uniform(20.0)),
    ];
    for (name, theta) in starts {
        learner.theta = theta;
        let loss = learner.loss(&digits, &targets);
        // Numbers with a gradient, to a part in a billion of the largest.
        let most = learner.gradient.iter().fold(0.0_f64, |most, g| most.max(g.abs()));
        let moved = learner.gradient.iter().filter(|g| g.abs() > 1e-9 * most).count();
        let length = norm(&learner.gradient);
        println!("{name:<7} | {loss:.4} | {length:.4} | {moved:>5} | {:>5}", kinds(&learner));
    }
    println!("parameters = {}", drawn.len());
}

/// How many units differ in the gradient of their forget gate's bias.
fn kinds(learner: &Learner<f64>) -> usize {
    let lstm = &learner.gradient[..learner.layer.len()];
    let mut bars = learner.layer.split(lstm).bias_ih[32..64].to_vec();
    bars.sort_by(f64::total_cmp);
    bars.dedup_by(|a, b| (*a - *b).abs() <= 1e-12 * norm(lstm));
    bars.len()
}

fn print_reach() {
    println!(
        "\n# reach: fresh networks, 20 digits: the loss's message to the first digit beside that to the last"
    );
    println!("bias    | gate   | left_20  | reach");
    for (name, forget_bias) in [
        ("random", None),
        ("bias=0", Some(0.0)),
        ("bias=1", Some(1.0)),
        ("bias=3", Some(3.0)),
        ("bias=6", Some(6.0)),
    ] {
        let gate = sigmoid(forget_bias.unwrap_or(0.0));
        println!("{name:<7} | {gate:.4} | {:>8.1e} | {:>7.1e}", gate.powi(20), reach(forget_bias));
    }
}

/// ‖x̄_1‖ / ‖x̄_20‖, over a hundred sequences.
fn reach(forget_bias: Option<f64>) -> f64 {
    let trial = Trial { task: Task::First, digits: 20, forget_bias, by: By::Sgd(0.0), limit: None };
    let mut learner = trial.learner::<f64>(1);
    let sequences = trial.task.draw(100, 21, &mut generator(1)).expect("long enough");
    let (digits, targets) = batch_of(&sequences);
    let x_bar = learner.input_bar(&digits, &targets);
    let size = x_bar.len() / 20;
    norm(&x_bar[..size]) / norm(&x_bar[19 * size..])
}
