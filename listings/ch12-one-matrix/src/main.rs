//! What `cargo run -p ch12` prints: the numbers of chapter 12 that are the same on every machine.
#![forbid(unsafe_code)]

use one_matrix::{Layer, rational_tanh};

fn main() {
    println!("# size: one layer of chapter 14's network");
    let layer = Layer { inputs: 10, hidden: 32 };
    println!("parameters = {}", layer.len());

    println!("\n# tanh: the rational function beside the exact one, in f32");
    println!("x   | exact     | rational");
    for x in [0.1_f32, 0.5, 1.0, 2.0, 4.0, 8.0] {
        println!("{x:<3} | {:.7} | {:.7}", x.tanh(), rational_tanh(x));
    }
}
