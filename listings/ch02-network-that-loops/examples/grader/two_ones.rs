//! Grades exercise 2.4.

use std::process::ExitCode;

use nalgebra::DVector;
use rnn::Rnn;
use say::println;

/// Shows the network every sequence of six zeros and ones.
pub fn grade(two_ones: fn() -> Rnn) -> ExitCode {
    let rnn = two_ones();
    let shape = rnn.w.shape();
    if shape != (2, 3) || rnn.b.len() != 2 {
        println!("Not yet. W_h is {shape:?} and b_h has {} entries.", rnn.b.len());
        println!("Look at: H = 2 and D = 1, so W_h is (2, 3) and b_h is (2).");
        return ExitCode::FAILURE;
    }
    for bits in 0..64_u8 {
        let ones: Vec<bool> = (0..6).map(|t| bits >> t & 1 == 1).collect();
        let xs: Vec<_> = ones.iter().map(|&one| DVector::from_element(1, f64::from(one))).collect();
        for (t, h) in rnn.unroll(&DVector::zeros(2), &xs).iter().enumerate() {
            let both = ones[t] && t > 0 && ones[t - 1];
            let good = if both { h[1] > 0.9 } else { h[1] < -0.9 };
            if !good {
                let read: Vec<u8> = ones[..=t].iter().map(|&one| u8::from(one)).collect();
                println!("Not yet. After {read:?} unit 2 is at {:.4},", h[1]);
                println!("expected {}.", if both { "above 0.9" } else { "below −0.9" });
                println!(
                    "Look at: unit 2 hears this input, but of the one before only what a unit still shows."
                );
                return ExitCode::FAILURE;
            }
        }
    }
    println!("Exercise 2.4 solved.");
    ExitCode::SUCCESS
}
