//! Grades exercise 12.4.

use std::process::ExitCode;

use digits::{below, generator};
use one_matrix::{Batch, Layer, Packed, Unrolled};
use say::println;

type Batches = fn(&[[u8; 5]], usize) -> Vec<(usize, Vec<u8>)>;

const LAYER: Layer = Layer { inputs: 10, hidden: 6 };

fn not_yet(found: &str, hint: &str) -> ExitCode {
    println!("Not yet. {found}");
    println!("Look at: {hint}");
    ExitCode::FAILURE
}

/// Runs the answered batches, and every sequence by itself: each must end with the same hidden state.
pub fn grade(batches: Batches) -> ExitCode {
    let mut rng = generator(124);
    let sequences: Vec<[u8; 5]> =
        (0..11).map(|_| std::array::from_fn(|_| below(10, &mut rng) as u8)).collect();
    let theta: Vec<f64> =
        (0..LAYER.len()).map(|_| f64::from(below(2001, &mut rng)) / 1e3 - 1.0).collect();
    let mut packed = Packed::new(LAYER);
    packed.load(&theta);
    let mut unrolled = Unrolled::new(LAYER);
    for size in [1, 4, 11, 32] {
        let answer = batches(&sequences, size);
        let (sizes, digits): (Vec<usize>, Vec<usize>) =
            answer.iter().map(|(size, digits)| (*size, digits.len())).unzip();
        let right: Vec<usize> = sequences.chunks(size).map(<[_]>::len).collect();
        if sizes != right {
            return not_yet(
                &format!("11 sequences in batches of {size}: sizes {sizes:?}, expected {right:?}."),
                "`chunks` of a slice: its last piece may be shorter.",
            );
        }
        if digits.iter().zip(&sizes).any(|(&digits, &size)| digits != 5 * size) {
            return not_yet(
                &format!("Batches of {size}: you return {digits:?} digits."),
                "every sequence of a batch brings its five digits, and a short batch is not filled up.",
            );
        }
        for ((size, digits), sequences) in answer.iter().zip(sequences.chunks(size)) {
            let batch: Vec<f64> =
                unrolled.forward(&packed, &Batch::of_digits(*size, digits)).to_vec();
            for (b, (h, sequence)) in batch.chunks(LAYER.hidden).zip(sequences).enumerate() {
                let alone = unrolled.forward(&packed, &Batch::of_digits(1, sequence));
                if h.iter().zip(alone).any(|(h, alone)| (h - alone).abs() > 1e-12) {
                    return not_yet(
                        &format!("Batches of {size}: column {b} is not what {sequence:?} leaves."),
                        "step t of sequence b lies at t · size + b, and `size` is that of its own batch.",
                    );
                }
            }
        }
    }
    println!("Exercise 12.4 solved: every sequence ends as it does alone, in the last batch too.");
    ExitCode::SUCCESS
}
