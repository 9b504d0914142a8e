//! Grades exercise 14.3: the same sum, to the last bit, in whatever order its parts arrive.

use std::process::ExitCode;

use digits::{generator, shuffle};
use say::println;

/// Lets the parts of a gradient arrive in many orders.
pub fn grade(sum: fn(&[(usize, f32)]) -> f32) -> ExitCode {
    let parts: Vec<(usize, f32)> = (0..8).map(|k| (k, 0.1 * 1.7_f32.powi(k as i32))).collect();
    let expected = parts.iter().fold(0.0, |total, (_, part)| total + part);
    let rng = &mut generator(1);
    for _ in 0..1000 {
        let mut arrived = parts.clone();
        shuffle(&mut arrived, rng);
        let found = sum(&arrived);
        if found.to_bits() != expected.to_bits() {
            let order: Vec<usize> = arrived.iter().map(|(shard, _)| *shard).collect();
            println!("Not yet. When the shards arrive in the order {order:?},");
            println!("the sum is {found:.7}; expected {expected:.7}, to the last bit.");
            println!("Look at: a + b + c rounds twice, and where depends on the order.");
            return ExitCode::FAILURE;
        }
    }
    println!("Exercise 14.3 solved.");
    ExitCode::SUCCESS
}
