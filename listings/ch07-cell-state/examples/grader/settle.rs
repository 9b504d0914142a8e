//! Grades exercise 7.1.

use std::process::ExitCode;

use cell_state::update;
use nalgebra::DVector;
use say::println;

/// Lets cells run with the answered gate and compares where they are.
pub fn grade(settle_at: fn(f64, f64) -> (f64, f64)) -> ExitCode {
    let one = |v: f64| DVector::from_element(1, v);
    for (level, half_life) in [(3.0, 4), (-2.0, 10), (0.5, 1), (8.0, 20)] {
        let (f, n) = settle_at(level, f64::from(half_life));
        let run = |start: f64, steps: i32| {
            (0..steps).fold(one(start), |c, _| update(&one(f), &c, &one(1.0), &one(n)))[0]
        };
        let (half_way, settled) = (run(0.0, half_life), run(0.0, 60 * half_life));
        let near = |a: f64, b: f64| (a - b).abs() < 1e-6;
        if !near(half_way, level / 2.0) || !near(settled, level) {
            println!("Not yet. settle_at({level}, {half_life}) returned f = {f:.6}, n = {n:.6}.");
            println!(
                "From C = 0, after {half_life} steps C = {half_way:.4}, expected {}.",
                level / 2.0
            );
            println!("After {} steps C = {settled:.4}, expected {level}.", 60 * half_life);
            println!("Look at: C = f · C + n at the level; what happens to the distance from it?");
            return ExitCode::FAILURE;
        }
    }
    println!("Exercise 7.1 solved.");
    ExitCode::SUCCESS
}
