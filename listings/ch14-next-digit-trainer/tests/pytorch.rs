//! A network that PyTorch saved gives PyTorch's scores here. No Python is needed for that; the other direction is
//! tests/pytorch/compare.py.
#![allow(clippy::unwrap_used)]

use next_digit::from_bytes;
use serde_json::Value;

const WEIGHTS: &[u8] = include_bytes!("pytorch/weights.safetensors");
const LOGITS: &str = include_str!("pytorch/logits.json");

/// The largest difference between a score here and in PyTorch, where scores are of size 1 to 10.
fn worst(bytes: &[u8]) -> f64 {
    let network = from_bytes(bytes).unwrap().network;
    let fixture: Value = serde_json::from_str(LOGITS).unwrap();
    let mut worst = 0.0_f64;
    for case in fixture["cases"].as_array().unwrap() {
        let numbers = |key: &str| -> Vec<f64> {
            case[key].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
        };
        let context: Vec<u8> = numbers("context").iter().map(|&digit| digit as u8).collect();
        let expected = numbers("logits");
        let scale = expected.iter().fold(1.0_f64, |max, value| max.max(value.abs()));
        let logits = network.logits(&context);
        assert_eq!(logits.len(), expected.len());
        for (&ours, theirs) in logits.iter().zip(expected) {
            worst = worst.max((f64::from(ours) - theirs).abs() / scale);
        }
    }
    worst
}

#[test]
fn a_network_from_pytorch_says_what_it_says_there() {
    let error = worst(WEIGHTS);
    println!("PyTorch's scores: worst difference {error:.1e}");
    assert!(error < 1e-6, "{error:e}");
}

/// Every tensor counts, and every one in its place: a changed number of any is seen.
///
/// But for two kinds. The digit 6 occurs in no context, and nobody asks the 24 weights that read it. The digits 3 and 5
/// occur only as first digits, and what the six forget gates make of those meets C_0 = 0: chapter 10.
#[test]
fn a_changed_weight_would_be_seen() {
    let header = 8 + u64::from_le_bytes(WEIGHTS[..8].try_into().unwrap()) as usize;
    let mut seen = 0;
    for place in (header..WEIGHTS.len()).step_by(4) {
        let mut changed = WEIGHTS.to_vec();
        let value = f32::from_le_bytes(changed[place..place + 4].try_into().unwrap());
        changed[place..place + 4].copy_from_slice(&(value + 0.1).to_le_bytes());
        seen += usize::from(worst(&changed) > 1e-5);
    }
    assert_eq!(seen, (WEIGHTS.len() - header) / 4 - 24 - 2 * 6);
}
