//! What PyTorch saved is read, and says the same; what is another network is refused by name.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use nalgebra::DVector;
use own_sequences::{Model, Reader, Symbol, from_bytes};
use serde_json::Value;

fn read(name: &str) -> Result<Model, next_digit::BadModel> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pytorch");
    from_bytes(&fs::read(folder.join(name)).unwrap())
}

#[test]
fn pytorchs_scores_are_ours() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pytorch");
    let case: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("logits.json")).unwrap()).unwrap();
    let sequences: Vec<Vec<Symbol>> = serde_json::from_value(case["sequences"].clone()).unwrap();
    let logits: Vec<Vec<Vec<f64>>> = serde_json::from_value(case["logits"].clone()).unwrap();
    for (name, tolerance) in [("double.safetensors", 1e-13), ("float.safetensors", 1e-6)] {
        let model = read(name).unwrap();
        assert!(model.run.is_none() && model.alphabet.is_none());
        for (sequence, logits) in sequences.iter().zip(&logits) {
            let mut reader = Reader::new(&model.network);
            for (&symbol, expected) in sequence.iter().zip(logits) {
                let apart = reader.read(symbol) - DVector::from_column_slice(expected);
                assert!(apart.amax() < tolerance, "{name}: {:e}", apart.amax());
            }
        }
    }
}

#[test]
fn another_network_is_refused_by_name() {
    for (name, found) in [
        ("both-directions", "`lstm.bias_hh_l0_reverse`"),
        ("projection", "`lstm.weight_hr_l0`"),
        ("gru", "`lstm.weight_ih_l0` of the shape [15, 6]"),
        ("other-answers", "`fc.weight` of the shape [7, 5]"),
        ("half", "`lstm.weight_ih_l0` of F16"),
    ] {
        let error = read(&format!("{name}.safetensors")).unwrap_err();
        assert!(error.found.contains(found), "{name}: {error}");
        assert!(error.to_do.contains("save_file") || error.to_do.contains("train"), "{name}");
    }
}
