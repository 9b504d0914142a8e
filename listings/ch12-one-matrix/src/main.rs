//! What `cargo run -p ch12` prints: the numbers of chapter 12 that are the same on every
//! machine.
#![forbid(unsafe_code)]

use one_matrix::{Layer, rational_tanh};
use say::println;

fn main() {
    println!("# size: one layer, 10 inputs and 32 units");
    let layer = Layer { inputs: 10, hidden: 32 };
    println!("parameters = {}", layer.len());
    traffic(layer);
    rounding();
    squashing();
}

// ANCHOR: traffic
/// The pre-activations of one step, for batches of several sizes, in `f64`.
fn traffic(Layer { inputs, hidden }: Layer) {
    println!("\n# traffic: the four gates' products of one step, numbers of 8 bytes");
    println!("batch | operations |  bytes | per_byte");
    for batch in [1, 2, 8, 32, 128] {
        let weights = 4 * hidden * (hidden + inputs);
        let operations = 2 * weights * batch; // one multiplication and one addition each
        let bytes = 8 * (weights + (hidden + inputs) * batch + 4 * hidden * batch);
        let per_byte = operations as f64 / bytes as f64;
        println!("B={batch:<3} | {operations:>10} | {bytes:>6} | {per_byte:.3}");
    }
}
// ANCHOR_END: traffic

// ANCHOR: rounding
/// A sum in another order, a product and a sum with two roundings, and the same with one.
fn rounding() {
    println!("\n# rounding: three differences that are 0 on paper");
    println!("other-order   = {:.4e}", ((0.1 + 0.2) + 0.3) - (0.1 + (0.2 + 0.3)));
    let tenth = 0.1_f64;
    println!("two-roundings = {:.4e}", tenth * 10.0 - 1.0);
    println!("one-rounding  = {:.4e}", tenth.mul_add(10.0, -1.0));
}
// ANCHOR_END: rounding

fn squashing() {
    println!("\n# tanh: the rational function beside the exact one, in f32");
    println!("x   | exact     | rational");
    for x in [0.1_f32, 0.5, 1.0, 2.0, 4.0, 8.0] {
        println!("x={x:<3} | {:.7} | {:.7}", x.tanh(), rational_tanh(x));
    }
    let worst = (0..200_000)
        .map(|k| f64::from(k) / 1e4)
        .map(|x| (rational_tanh(x) - x.tanh()).abs())
        .fold(0.0, f64::max);
    println!("worst = {worst:.2e}  between 0 and 20, computed in f64");
}
