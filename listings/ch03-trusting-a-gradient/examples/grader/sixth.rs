//! Grades exercise 3.3.

use std::process::ExitCode;

use say::println;

/// Tries the answer on x, x³, x⁵ and x⁷, whose slopes at 0 are 1, 0, 0 and 0.
pub fn grade(sixth_order: fn(f64, &dyn Fn(f64) -> f64) -> f64) -> ExitCode {
    for (power, slope) in [(1, 1.0), (3, 0.0), (5, 0.0)] {
        let answer = sixth_order(0.5, &|x: f64| x.powi(power));
        if answer.is_nan() || (answer - slope).abs() > 1e-12 {
            println!("Not yet. The slope of x^{power} at 0 is {slope}, you returned {answer:.6}.");
            println!("Look at: by which factor does each error grow when the step doubles?");
            return ExitCode::FAILURE;
        }
    }
    let ratio = sixth_order(1.0, &|x: f64| x.powi(7)) / sixth_order(0.5, &|x: f64| x.powi(7));
    if ratio.is_nan() || (ratio - 64.0).abs() > 1e-9 {
        println!(
            "Not yet. On x^7 twice the step should err 2^6 = 64 times as much, not {ratio:.3}."
        );
        println!("Look at: use the steps step, 2 step and 4 step.");
        return ExitCode::FAILURE;
    }
    println!("Exercise 3.3 solved: twice the step, 64 times the error.");
    ExitCode::SUCCESS
}
