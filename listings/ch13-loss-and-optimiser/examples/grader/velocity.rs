//! Grades exercise 13.3.

use std::process::ExitCode;

use say::println;

type Step = fn(theta: &mut [f64], u: &mut [f64], g: &[f64], rate: f64, beta: f64);

/// Six steps, at a rate that is cut to a tenth after the third.
pub fn grade(step: Step) -> ExitCode {
    let (beta, rates) = (0.9, [0.1, 0.1, 0.1, 0.01, 0.01, 0.01]);
    let gradient = |k: usize| [1.0 / (k + 1) as f64, (k as f64) - 2.5];
    let (mut theta, mut u) = ([0.0; 2], [0.0; 2]);
    for n in 0..6 {
        step(&mut theta, &mut u, &gradient(n), rates[n], beta);
        for (j, found) in theta.iter().enumerate() {
            // Step k adds α g_k to the velocity, and of that β^(m − k) is left at step m.
            let moved = |m: usize| -> f64 {
                (0..=m).map(|k| -rates[k] * gradient(k)[j] * beta.powi((m - k) as i32)).sum()
            };
            let expected: f64 = (0..=n).map(moved).sum();
            if found.is_nan() || (found - expected).abs() > 1e-12 {
                println!("Not yet. After step {} parameter {j} stands at {found:.6},", n + 1);
                println!("expected {expected:.6}. (The learning rate is {}.)", rates[n]);
                println!("Look at: with which step's learning rate each gradient goes into u.");
                return ExitCode::FAILURE;
            }
        }
    }
    println!("Exercise 13.3 solved.");
    ExitCode::SUCCESS
}
