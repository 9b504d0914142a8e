//! PyTorch as the second witness of training: every case in `tests/pytorch/training/` is thirty steps of an LSTM
//! with a linear layer, softmax cross-entropy and an optimiser, in float64. The book takes the same steps, with
//! chapter 12's layer and chapter 13's loss and optimisers, from the same weights and with the same digits.
//!
//! Compared are the loss and the length of the gradient at every step, and all weights at the end.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::Write as _;
use std::path::Path;

use loss_and_optimiser::{Adam, Learner, Momentum, Optimiser, Sgd, clip, norm};
use serde_json::Value;

/// How far a number may be off, measured against the largest of its tensor. Rounding errors of 1e−16 are carried
/// through thirty steps, each of which stretches them a little.
const TOLERANCE: f64 = 1e-9;

/// The parameters in the order of θ.
const TENSORS: [&str; 6] = [
    "lstm.weight_ih_l0",
    "lstm.weight_hh_l0",
    "lstm.bias_ih_l0",
    "lstm.bias_hh_l0",
    "fc.weight",
    "fc.bias",
];

fn case(name: &str) -> Value {
    let file = format!("tests/pytorch/training/{name}.json");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&file);
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{file}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// All numbers of a value, first index slowest.
fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(entries) => entries.iter().flat_map(numbers).collect(),
        other => vec![other.as_f64().unwrap_or_else(|| panic!("found {other}, expected a number"))],
    }
}

fn digits(value: &Value) -> Vec<u8> {
    numbers(value).into_iter().map(|digit| digit as u8).collect()
}

/// θ, or what else has the six tensors.
fn theta(tensors: &Value) -> Vec<f64> {
    TENSORS.iter().flat_map(|name| numbers(&tensors[name])).collect()
}

/// What a training run can be seen by.
struct Path30 {
    losses: Vec<f64>,
    norms: Vec<f64>,
    end: Vec<f64>,
}

fn expected(case: &Value) -> Path30 {
    Path30 {
        losses: numbers(&case["losses"]),
        norms: numbers(&case["norms"]),
        end: theta(&case["end"]),
    }
}

/// The same steps by the book; `clip` is chapter 13's, or one with a slip.
fn walk(case: &Value, mut by: impl Optimiser<f64>, clip: fn(&mut [f64], f64) -> f64) -> Path30 {
    let hidden = case["H"].as_u64().unwrap() as usize;
    let mut learner = Learner::<f64>::new(hidden, &mut ::digits::generator(0));
    learner.theta.copy_from_slice(&theta(&case["start"]));
    let (mut losses, mut norms) = (Vec::new(), Vec::new());
    let steps = case["digits"].as_array().unwrap().iter().zip(case["targets"].as_array().unwrap());
    for (x, target) in steps {
        losses.push(learner.loss(&digits(x), &digits(target)));
        norms.push(match case["limit"].as_f64() {
            Some(limit) => clip(&mut learner.gradient, limit),
            None => norm(&learner.gradient),
        });
        by.step(&mut learner.theta, &learner.gradient);
    }
    Path30 { losses, norms, end: learner.theta }
}

/// The largest difference, over the largest number expected.
fn apart(expected: &Path30, found: &Path30) -> f64 {
    let pairs = [
        (&expected.losses, &found.losses),
        (&expected.norms, &found.norms),
        (&expected.end, &found.end),
    ];
    let errors = pairs.into_iter().map(|(expected, found)| {
        assert_eq!(expected.len(), found.len());
        let largest = expected.iter().fold(0.0_f64, |most, e| most.max(e.abs()));
        let differences = expected.iter().zip(found).map(|(e, f)| (e - f).abs() / largest);
        // A NaN must not pass for a small number.
        differences.fold(0.0, |most, d| if d.is_nan() { f64::INFINITY } else { d.max(most) })
    });
    errors.fold(0.0, f64::max)
}

fn agrees(name: &str, by: impl Optimiser<f64>) {
    let case = case(name);
    let expected = expected(&case);
    assert_eq!((expected.losses.len(), expected.norms.len()), (30, 30), "{name}");
    let error = apart(&expected, &walk(&case, by, clip));
    // Past the test harness, which keeps `println!` to itself unless a test fails.
    let _ = writeln!(
        std::io::stdout(),
        "PyTorch's {name}: 30 steps, {} weights; worst error {error:.1e}",
        expected.end.len()
    );
    assert!(error < TOLERANCE, "{name}: {error:e} away from PyTorch's path");
}

/// The number of parameters of every case.
fn parameters(name: &str) -> usize {
    theta(&case(name)["start"]).len()
}

#[test]
fn gradient_descent_takes_pytorchs_path() {
    agrees("sgd", Sgd { learning_rate: 0.5 });
}

#[test]
fn momentum_takes_pytorchs_path() {
    agrees("momentum", Momentum::new(parameters("momentum"), 0.1, 0.9));
}

#[test]
fn adam_takes_pytorchs_path() {
    agrees("adam", Adam::new(parameters("adam"), 0.02));
}

#[test]
fn adam_with_clipping_takes_pytorchs_path() {
    let norms = numbers(&case("adam-clipped")["norms"]);
    let long = norms.iter().filter(|norm| **norm > 0.5).count();
    assert!((3..=27).contains(&long), "{long} of 30 gradients are clipped: not a case of both");
    agrees("adam-clipped", Adam::new(parameters("adam-clipped"), 0.02));
}

/// Adam with a slip.
struct Slip {
    t: i32,
    m: Vec<f64>,
    v: Vec<f64>,
    step: fn(m: f64, v: f64, corrections: [f64; 2]) -> f64,
}

impl Optimiser<f64> for Slip {
    fn step(&mut self, theta: &mut [f64], gradient: &[f64]) {
        self.t += 1;
        let corrections = [1.0 - 0.9_f64.powi(self.t), 1.0 - 0.999_f64.powi(self.t)];
        for (k, &g) in gradient.iter().enumerate() {
            self.m[k] += 0.1 * (g - self.m[k]);
            self.v[k] += 0.001 * (g * g - self.v[k]);
            theta[k] -= 0.02 * (self.step)(self.m[k], self.v[k], corrections);
        }
    }
}

/// What the fixture must tell from Adam, beside Adam itself.
#[test]
fn slips_leave_pytorchs_path() {
    type Step = fn(f64, f64, [f64; 2]) -> f64;
    let case = case("adam");
    let error = |step: Step| {
        let zeros = vec![0.0; parameters("adam")];
        let slip = Slip { t: 0, m: zeros.clone(), v: zeros, step };
        apart(&expected(&case), &walk(&case, slip, clip))
    };
    assert!(error(|m, v, [c, d]| m / c / ((v / d).sqrt() + 1e-8)) < TOLERANCE);
    let slips: [(&str, Step); 4] = [
        ("no correction", |m, v, _| m / (v.sqrt() + 1e-8)),
        ("ε inside the root", |m, v, [c, d]| m / c / (v / d + 1e-8).sqrt()),
        ("ε before the correction, as in Keras", |m, v, [c, d]| {
            m * d.sqrt() / c / (v.sqrt() + 1e-8)
        }),
        ("Keras's ε of 1e-7", |m, v, [c, d]| m / c / ((v / d).sqrt() + 1e-7)),
    ];
    for (what, step) in slips {
        let error = error(step);
        println!("{what}: {error:.1e}");
        assert!(error > 100.0 * TOLERANCE, "{what} goes unnoticed: {error:e}");
    }
}

/// Nor does clipping without PyTorch's millionth pass, or each tensor clipped by itself.
#[test]
fn another_clipping_leaves_pytorchs_path() {
    let case = case("adam-clipped");
    let error = |clip: fn(&mut [f64], f64) -> f64| {
        let adam = Adam::new(parameters("adam-clipped"), 0.02);
        apart(&expected(&case), &walk(&case, adam, clip))
    };
    let exact = error(|gradient, limit| {
        let length = norm(gradient);
        gradient.iter_mut().for_each(|g| *g *= (limit / length).min(1.0));
        length
    });
    let by_value = error(|gradient, limit| {
        let length = norm(gradient);
        gradient.iter_mut().for_each(|g| *g = g.clamp(-limit, limit));
        length
    });
    println!("without the millionth: {exact:.1e}; by value: {by_value:.1e}");
    assert!(exact > TOLERANCE && by_value > 1e-3, "{exact:e} and {by_value:e}");
}
