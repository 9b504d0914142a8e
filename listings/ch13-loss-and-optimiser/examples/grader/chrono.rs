//! Grades exercise 13.4.

use std::process::ExitCode;

use digits::generator;
use loss_and_optimiser::forget_biases;
use one_matrix::Layer;
use rand::Rng;
use say::println;

type Chrono = fn(layer: Layer, theta: &mut [f64], longest: f64, draw: &mut dyn FnMut() -> f64);

/// Looks at the sums of both biases of 2000 units, for memories of up to a hundred steps.
pub fn grade(chrono: Chrono) -> ExitCode {
    let (layer, longest) = (Layer { inputs: 1, hidden: 2000 }, 100.0);
    let mut rng = generator(1);
    let mut draw = || f64::from(rng.next_u32()) / 2_f64.powi(32);
    let mut theta = vec![0.5; layer.len()];
    chrono(layer, &mut theta, longest, &mut draw);

    let forget = forget_biases(layer, &theta);
    let weights = layer.split(&theta);
    let input: Vec<f64> = (0..2000).map(|j| weights.bias_ih[j] + weights.bias_hh[j]).collect();
    let mean = forget.iter().map(|b| b.exp()).sum::<f64>() / 2000.0;
    let wrong = if forget.iter().any(|b| !(0.0..=99_f64.ln()).contains(b)) {
        Some(format!(
            "forget biases reach from {:.3} to {:.3}, expected 0 to ln 99 = 4.595",
            forget.iter().fold(f64::INFINITY, |a, b| a.min(*b)),
            forget.iter().fold(f64::NEG_INFINITY, |a, b| a.max(*b))
        ))
    } else if (mean - 50.0).abs() > 4.0 {
        Some(format!("exp of the forget biases is {mean:.2} on average, expected about 50"))
    } else if let Some(j) = (0..2000).find(|&j| (input[j] + forget[j]).abs() > 1e-12) {
        Some(format!(
            "unit {j}: the input gate's biases add up to {:.4}, expected {:.4}",
            input[j], -forget[j]
        ))
    } else if weights.bias_ih[4000..].iter().chain(weights.weight_ih).any(|w| *w != 0.5) {
        Some("other weights than the biases of the two gates were changed".into())
    } else {
        None
    };
    if let Some(wrong) = wrong {
        println!("Not yet. Found: {wrong}.");
        println!("Look at: both biases are added, and the blocks stand in the order i, f, g, o.");
        return ExitCode::FAILURE;
    }
    println!("Exercise 13.4 solved.");
    ExitCode::SUCCESS
}
