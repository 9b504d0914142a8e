//! Grades exercise 4.3.

use std::process::ExitCode;

use nalgebra::{DMatrix, DVector};
use say::println;

/// Clips a long and a short gradient, and looks at length and direction.
pub fn grade(clip: fn(&mut DMatrix<f64>, &mut DVector<f64>, f64)) -> ExitCode {
    let w = DMatrix::from_row_slice(2, 2, &[3.0, -1.0, 2.0, 0.5]);
    let b = DVector::from_vec(vec![0.2, -0.1]);
    let length = |w: &DMatrix<f64>, b: &DVector<f64>| w.norm_squared() + b.norm_squared();
    let before = length(&w, &b).sqrt();
    for limit in [1.0, 0.01, 100.0] {
        let (mut clipped_w, mut clipped_b) = (w.clone(), b.clone());
        clip(&mut clipped_w, &mut clipped_b, limit);
        let after = length(&clipped_w, &clipped_b).sqrt();
        let expected = before.min(limit);
        if (after - expected).abs() > 1e-12 || after.is_nan() {
            println!("Not yet. A gradient of length {before:.4}, clipped at {limit},");
            println!("came out with length {after:.4}, expected {expected:.4}.");
            println!("Look at: the length of W̄ and b̄ together.");
            return ExitCode::FAILURE;
        }
        let factor = expected / before;
        let off = (&clipped_w - &w * factor).amax().max((&clipped_b - &b * factor).amax());
        if off > 1e-12 {
            println!(
                "Not yet. Clipped at {limit}, the gradient points elsewhere: it has the right"
            );
            println!("length, but one of its numbers is off by {off:.4}.");
            println!("Look at: every number of it must shrink by the same factor, {factor:.4}.");
            return ExitCode::FAILURE;
        }
    }
    println!("Exercise 4.3 solved.");
    ExitCode::SUCCESS
}
