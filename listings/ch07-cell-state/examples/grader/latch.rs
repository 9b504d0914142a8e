//! Grades exercise 7.2.

use std::process::ExitCode;

use cell_state::update;
use forget_gate::stack;
use input_gate::{Candidate, Gate};
use nalgebra::DVector;
use rand::RngExt;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use say::println;

/// Runs the cell over sequences of forty steps, marked at the first step and at a few others.
pub fn grade(latch: fn() -> (Gate, Gate, Candidate)) -> ExitCode {
    let (forget, input, candidate) = latch();
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    for affine in [&forget.affine, &input.affine, &candidate.affine] {
        if affine.w.shape() != (1, 3) || affine.b.len() != 1 {
            println!("Not yet. A W is {:?}, its b is {}.", affine.w.shape(), affine.b.len());
            println!("Look at: H = 1 and D = 2, so each W is (1, 3) and each b is (1).");
            return ExitCode::FAILURE;
        }
    }
    for sequence in 1..=20 {
        let mut c = DVector::from_element(1, rng.random_range(-2.0..2.0)); // whatever was there
        let mut stored = 0.0;
        for t in 1..=40 {
            let value = if rng.random() { 1.0 } else { -1.0 };
            let marked = t == 1 || rng.random_range(0..15) == 0;
            stored = if marked { value } else { stored };
            let hidden = DVector::from_element(1, rng.random_range(-1.0..1.0));
            let marker = f64::from(u8::from(marked));
            let hx = stack(&hidden, &DVector::from_vec(vec![value, marker]));
            let (f, i) = (forget.forward(&hx), input.forward(&hx));
            c = update(&f, &c, &i, &candidate.forward(&hx));
            let off = (c[0] - stored).abs();
            if off.is_nan() || off > 0.2 {
                println!("Not yet. Sequence {sequence}, step {t}: value {value}, marker {marker}.");
                println!("Gates: f = {:.4}, i = {:.4}.", f[0], i[0]);
                println!("C = {:.4}, expected about {stored}.", c[0]);
                println!("Look at: what must f and i be where the marker is 1, and where it is 0?");
                return ExitCode::FAILURE;
            }
        }
    }
    println!("Exercise 7.2 solved.");
    ExitCode::SUCCESS
}
