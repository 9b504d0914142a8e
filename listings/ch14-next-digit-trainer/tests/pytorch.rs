//! A network that PyTorch saved gives PyTorch's scores here, in whichever way it was saved, and what is another
//! network is refused in words. No Python is needed for that: tests/pytorch/write.py wrote the files. The other
//! direction is tests/pytorch/compare.py.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use next_digit::{BadModel, from_bytes, weights_to_bytes};
use proptest::prelude::*;
use safetensors::tensor::{Dtype, TensorView};
use serde_json::Value;

const WEIGHTS: &[u8] = include_bytes!("pytorch/weights.safetensors");
const LOGITS: &str = include_str!("pytorch/logits.json");

type Case = (Vec<u8>, Vec<f64>);

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

fn digits(value: &Value) -> Vec<u8> {
    numbers(value).into_iter().map(|digit| digit as u8).collect()
}

/// The contexts and PyTorch's scores for them.
fn cases() -> Vec<Case> {
    let fixture: Value = serde_json::from_str(LOGITS).unwrap();
    let cases = fixture["cases"].as_array().unwrap().iter();
    cases.map(|case| (digits(&case["context"]), numbers(&case["logits"]))).collect()
}

/// The largest difference between a score here and in PyTorch, where scores are of size 1 to 10.
fn worst(bytes: &[u8], cases: &[Case]) -> f64 {
    let network = from_bytes(bytes).unwrap().network;
    let mut worst = 0.0_f64;
    for (context, expected) in cases {
        let scale = expected.iter().fold(1.0_f64, |max, value| max.max(value.abs()));
        let logits = network.logits(context);
        assert_eq!(logits.len(), expected.len());
        for (&ours, theirs) in logits.iter().zip(expected) {
            worst = worst.max((f64::from(ours) - theirs).abs() / scale);
        }
    }
    worst
}

fn folder(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pytorch")).join(name)
}

fn names_in(name: &str) -> BTreeSet<String> {
    let files = fs::read_dir(folder(name)).unwrap();
    files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn a_network_from_pytorch_says_what_it_says_there() {
    let error = worst(WEIGHTS, &cases());
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
    let (cases, mut seen) = (cases(), 0);
    for place in (header..WEIGHTS.len()).step_by(4) {
        let mut changed = WEIGHTS.to_vec();
        let value = f32::from_le_bytes(changed[place..place + 4].try_into().unwrap());
        changed[place..place + 4].copy_from_slice(&(value + 0.1).to_le_bytes());
        seen += usize::from(worst(&changed, &cases) > 1e-5);
    }
    assert_eq!(seen, (WEIGHTS.len() - header) / 4 - 24 - 2 * 6);
}

/// The files of `read/`, and what is said of each.
const READ: [(&str, &[&str]); 22] = [
    ("compiled", &["took the prefix `_orig_mod.` off the names"]),
    ("parallel", &["took the prefix `module.` off the names"]),
    ("compiled_parallel", &["took the prefix `_orig_mod.module.` off the names"]),
    ("parallel_compiled", &["took the prefix `module._orig_mod.` off the names"]),
    ("in_model", &["took the prefix `model.` off the names"]),
    ("in_model_net", &["took the prefix `model.net._orig_mod.` off the names"]),
    ("averaged", &["took the prefix `module.` off the names", "left out `n_averaged`, a counter"]),
    (
        "one_part_compiled",
        &["took `net.lstm._orig_mod` for the LSTM, `net.fc` for the linear layer"],
    ),
    ("rnn_linear", &["took `rnn` for the LSTM, `linear` for the linear layer"]),
    ("encoder_head", &["took `model.encoder` for the LSTM, `model.head` for the linear layer"]),
    ("decoder_0", &["took `rnn` for the LSTM, `decoder.0` for the linear layer"]),
    ("bare_lstm", &["took what has no module for the LSTM, `fc` for the linear layer"]),
    ("reversed", &[]),
    (
        "cell",
        &[
            "took `cell` for the LSTM, `out` for the linear layer",
            "took an nn.LSTMCell for the LSTM",
        ],
    ),
    (
        "no_bias",
        &[
            "put zeros for `lstm.bias_ih_l0` (bias=False)",
            "put zeros for `lstm.bias_hh_l0` (bias=False)",
            "put zeros for `fc.bias` (bias=False)",
        ],
    ),
    (
        "no_bias_lstm",
        &[
            "put zeros for `lstm.bias_ih_l0` (bias=False)",
            "put zeros for `lstm.bias_hh_l0` (bias=False)",
        ],
    ),
    ("no_bias_linear", &["put zeros for `fc.bias` (bias=False)"]),
    ("f64", &["f64 numbers rounded to f32"]),
    ("f16", &["f16 numbers counted with in f32"]),
    ("bf16", &["bf16 numbers counted with in f32"]),
    ("mixed", &["bf16 numbers counted with in f32"]),
    ("embedding_folded", &[]),
];

#[test]
fn a_network_is_read_in_whichever_way_it_was_saved() {
    let contexts = cases().into_iter().map(|(context, _)| context);
    let text = fs::read_to_string(folder("read/logits.json")).unwrap();
    let logits: Value = serde_json::from_str(&text).unwrap();
    let mut all = names_in("read");
    assert!(all.remove("logits.json"));
    for (name, notes) in READ {
        let file = format!("{name}.safetensors");
        let bytes = fs::read(folder("read").join(&file)).unwrap();
        let found = from_bytes(&bytes).unwrap_or_else(|error| panic!("{name}: {error}")).notes;
        assert_eq!(found.len(), notes.len(), "{name}: {found:?}");
        let said = found.iter().zip(notes).all(|(found, note)| found.starts_with(note));
        assert!(said, "{name}: {found:?}");
        let expected = logits[name].as_array().unwrap().iter().map(numbers);
        let error = worst(&bytes, &contexts.clone().zip(expected).collect::<Vec<_>>());
        println!("{name}: worst difference {error:.1e}");
        assert!(error < 1e-6, "{name}: {error:e}");
        assert!(all.remove(&file));
    }
    assert!(all.is_empty(), "without a line here: {all:?}");
}

/// The files of `refused/`: what is found in them, and what helps.
const REFUSED: [(&str, &str, &str); 31] = [
    ("layers_2.safetensors", "`lstm.bias_hh_l1`: an LSTM of 2 layers", "num_layers=1"),
    (
        "layers_3_both.safetensors",
        "`lstm.bias_hh_l0_reverse`: an LSTM in both directions",
        "bidirectional=False",
    ),
    (
        "both_directions.safetensors",
        "`lstm.bias_hh_l0_reverse`: an LSTM in both",
        "bidirectional=False",
    ),
    ("projection.safetensors", "`lstm.weight_hr_l0`: an LSTM with projections", "proj_size=0"),
    ("gru.safetensors", "`lstm.weight_hh_l0` of the shape [12, 4]: a GRU", "nn.LSTM(10, hidden)"),
    ("gru_cell.safetensors", "`lstm.weight_hh` of the shape [12, 4]: a GRU", "nn.LSTM(10, hidden)"),
    (
        "plain_rnn.safetensors",
        "`lstm.weight_hh_l0` of the shape [4, 4]: a plain RNN",
        "nn.LSTM(10, hidden)",
    ),
    (
        "input_1.safetensors",
        "`lstm.weight_ih_l0`, which reads 1 numbers",
        "F.one_hot(digits, 10).float()",
    ),
    (
        "embedding_3.safetensors",
        "`lstm.weight_ih_l0`, which reads 3 numbers",
        r#"state["lstm.weight_ih_l0"] = state["lstm.weight_ih_l0"] @ state.pop("embedding.weight").T"#,
    ),
    (
        "embedding_10.safetensors",
        "named `embedding.weight` of the shape [10, 10]",
        r#"@ state.pop("embedding.weight").T"#,
    ),
    ("classes_11.safetensors", "`fc.weight` of the shape [11, 4]: 11 classes", "nn.Linear(4, 10)"),
    (
        "two_heads.safetensors",
        "`aux.weight` and `fc.weight`, both of the shape [10, 4]",
        "leave out",
    ),
    (
        "two_lstms.safetensors",
        "two recurrent modules, `lstm` and `second`",
        "one nn.LSTM(10, hidden)",
    ),
    (
        "layer_norm.safetensors",
        "named `norm.bias` of the shape [4], and 1 more",
        r#"state.pop("norm.bias")"#,
    ),
    (
        "hidden_layer.safetensors",
        "`fc.0.weight` of the shape [6, 4] behind the LSTM",
        "nn.Linear(4, 10)",
    ),
    ("weight_norm.safetensors", "no tensor named `lstm.weight_hh_l0`", "remove_parametrizations"),
    ("lstm_alone.safetensors", "an LSTM and no linear layer", "save_file(model.state_dict()"),
    ("int8.safetensors", "`lstm.weight_ih_l0` of I8", "model.float()"),
    ("fp8.safetensors", "`lstm.weight_ih_l0` of F8_E4M3", "model.float()"),
    ("too_large.safetensors", "1e300 in `fc.weight`, at place 1 of 40", "another file"),
    ("nan.safetensors", "NaN in `fc.bias`, at place 3 of 10", "another file"),
    (
        "one_bias.safetensors",
        "`lstm.bias_ih_l0`, but no tensor named `lstm.bias_hh_l0`",
        "the whole model",
    ),
    ("cut_in_header.safetensors", "a safetensors file of 100 bytes", "copy it again"),
    ("cut_in_numbers.safetensors", "a safetensors file of 1564 bytes", "copy it again"),
    ("one_byte_more.safetensors", "a safetensors file of 1665 bytes", "copy it again"),
    ("state.pt", "a file of torch.save", r#"torch.load("model.pt", weights_only=True)"#),
    ("lightning.ckpt", "a file of torch.save", r#"["state_dict"]"#),
    ("legacy.pt", "a file of torch.save", r#"torch.load("model.pt", weights_only=True)"#),
    ("state.npz", "arrays of NumPy", "safetensors.numpy.save_file"),
    (
        "model.safetensors.index.json",
        "the index of a model that lies in several files",
        "save_file(",
    ),
    ("script.pt", "a file of torch.jit.save", "torch.jit.load"),
];

#[test]
fn other_networks_and_other_files_are_refused_with_what_helps() {
    let mut all = names_in("refused");
    for (name, found, helps) in REFUSED {
        let bytes = fs::read(folder("refused").join(name)).unwrap();
        let BadModel { found: f, to_do, .. } = from_bytes(&bytes).unwrap_err();
        assert!(f.contains(found), "{name}: {f}");
        assert!(to_do.contains(helps), "{name}: {to_do}");
        // The same tensor is named each time, whatever order a hash map has.
        for _ in 0..20 {
            assert_eq!(from_bytes(&bytes).unwrap_err().found, f, "{name}");
        }
        assert!(all.remove(name), "{name} stands twice");
    }
    assert!(all.is_empty(), "without a line here: {all:?}");
}

/// Kinds of files that are told by their first bytes; what follows stands for the rest of them.
#[test]
fn other_kinds_of_files_are_named() {
    for (bytes, found) in [
        (&b""[..], "an empty file"),
        (b"\x89HDF\r\n\x1a\n....", "an HDF5 file"),
        (b"GGUF\x03\0\0\0", "a GGUF file"),
        (b"\x08\x08\x12\x07pytorch\x1a\x06", "an ONNX model"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "what Git LFS puts"),
        (b"\n<!DOCTYPE html><html>", "a web page"),
        (b"\x1f\x8b\x08\0", "a gzip archive"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"{\"a\": 1}", "a JSON file"),
        (b"\x93NUMPY\x01\0", "arrays of NumPy"),
        (b"hello", "no whole safetensors file"),
    ] {
        let error = from_bytes(bytes).unwrap_err();
        assert!(error.found.contains(found), "{bytes:?}: {error}");
    }
}

#[test]
fn more_hidden_units_than_the_program_trains_are_refused() {
    let hidden = 1025;
    let sizes = [
        ("lstm.weight_ih_l0", vec![4 * hidden, 10]),
        ("lstm.weight_hh_l0", vec![4 * hidden, hidden]),
        ("fc.weight", vec![10, hidden]),
    ];
    let data = vec![0; 8 * hidden * hidden];
    let view = |shape: Vec<usize>| {
        let bytes = &data[..2 * shape.iter().product::<usize>()];
        TensorView::new(Dtype::BF16, shape, bytes).unwrap()
    };
    let views = sizes.map(|(name, shape)| (name, view(shape)));
    let error = from_bytes(&safetensors::serialize(views, None).unwrap()).unwrap_err();
    assert!(error.found.contains("1025 hidden units") && error.expected.contains("1 to 1024"));
}

/// What is written is, to the byte, what PyTorch writes with the same weights.
#[test]
fn an_exported_file_is_the_one_that_pytorch_writes() {
    assert!(weights_to_bytes(&from_bytes(WEIGHTS).unwrap().network) == WEIGHTS);
}

/// Any file of the fixtures, with a piece cut off, bits turned over, and its header edited.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let files: Vec<Vec<u8>> = ["read", "refused"]
        .into_iter()
        .flat_map(|name| names_in(name).into_iter().map(move |file| folder(name).join(file)))
        .map(|path| fs::read(path).unwrap())
        .collect();
    let edits = prop::sample::select(vec![
        ("16", "0"),
        ("16", "18446744073709551615"),
        ("4", "3"),
        ("10", "11"),
        ("F32", "F64"),
        ("F32", "BF16"),
        ("F32", "U8"),
        ("lstm", "fc"),
        ("weight_ih", "weight_hh"),
        ("weight", "bias"),
        ("_l0", "_l99999999999999999999"),
        ("[", "[1,"),
        ("lstm.", ""),
    ]);
    let flips = prop::collection::vec((any::<prop::sample::Index>(), 0..8_u8), 0..4);
    (
        prop::sample::select(files),
        prop::option::of(edits),
        flips,
        any::<prop::sample::Index>(),
        any::<bool>(),
    )
        .prop_map(|(mut bytes, edit, flips, end, cut)| {
            if let Some((from, to)) = edit {
                bytes = edit_header(bytes, from, to);
            }
            for (place, bit) in flips {
                let place = place.index(bytes.len());
                bytes[place] ^= 1 << bit;
            }
            if cut {
                bytes.truncate(end.index(bytes.len()));
            }
            bytes
        })
}

/// The header with a text in the place of another, and its new length before it.
fn edit_header(bytes: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    let Some((length, rest)) = bytes.split_first_chunk::<8>() else { return bytes };
    let length = u64::from_le_bytes(*length) as usize;
    let Some((header, data)) = rest.split_at_checked(length) else { return bytes };
    let header = String::from_utf8_lossy(header).replace(from, to);
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), data].concat()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// An error or a network of finite numbers: never a panic, and no more memory than a few times the file.
    #[test]
    fn damaged_files_are_refused_or_read_but_never_believed(bytes in damaged()) {
        let mut result = None;
        let memory = allocation_counter::measure(|| result = Some(from_bytes(&bytes)));
        prop_assert!(memory.bytes_max < 200_000 + 50 * bytes.len() as u64, "{memory:?}");
        if let Some(Ok(model)) = result {
            prop_assert!(model.run.is_none());
            prop_assert!(model.network.theta.iter().all(|value| value.is_finite()));
        }
    }
}
