//! A file is believed only when every byte of it is what was written.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;

use digits::{Split, Task, generator};
use next_digit::{
    DataAbout, Memory, Model, Session, Settings, fingerprint, from_bytes, tensors, to_bytes,
    weights_to_bytes,
};
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};

fn session() -> (Session<f32>, DataAbout) {
    let split = Split::draw(Task::First, 4, 20, 10, &mut generator(5)).unwrap();
    let settings = Settings {
        hidden: 2,
        epochs: 3,
        batch: 8,
        learning_rate: 0.1,
        clip: Some(1.0 / 3.0),
        forget_bias: Some(1.0),
        seed: u64::MAX,
    };
    let mut session = Session::new(settings, &split.training, 1);
    (0..5).for_each(|_| _ = session.step().unwrap());
    let about = DataAbout {
        task: Some("first".into()),
        digits: 4,
        training: 20,
        unseen: 10,
        fingerprint: fingerprint(&split.training, &split.unseen),
        window: None,
        memory: Some(Memory::of(&split.training)),
    };
    (session, about)
}

fn checkpoint() -> Vec<u8> {
    let (session, about) = session();
    to_bytes(&session, &about)
}

fn weights() -> Vec<u8> {
    weights_to_bytes(&session().0.trainer.network)
}

/// Another library reads what was written here: the same names, shapes and numbers.
#[test]
fn safetensors_reads_the_same_tensors() {
    let (session, about) = session();
    let network = &session.trainer.network;
    for bytes in [weights(), checkpoint()] {
        let file = SafeTensors::deserialize(&bytes).unwrap();
        for tensor in tensors(2) {
            let view = file.tensor(tensor.name).unwrap();
            assert_eq!((view.dtype(), view.shape()), (Dtype::F32, tensor.shape.as_slice()));
            let numbers = view.data().chunks(4).map(|b| f32::from_le_bytes(b.try_into().unwrap()));
            assert!(numbers.eq(network.theta[tensor.range].iter().copied()), "{}", tensor.name);
        }
    }
    let bytes = checkpoint();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let mut names = file.names();
    names.sort_unstable();
    let expected = "adam.m adam.v checksum fc.bias fc.weight history.training history.unseen \
                    lstm.bias_hh_l0 lstm.bias_ih_l0 lstm.weight_hh_l0 lstm.weight_ih_l0";
    assert_eq!(names.join(" "), expected);

    let Model { network: read, run, notes } = from_bytes(&bytes).unwrap();
    assert_eq!((&read, notes.len()), (network, 0));
    let read = run.unwrap().about;
    assert_eq!((read.settings, read.data, read.step), (session.settings, about, 5));
    assert!(from_bytes(&weights()).unwrap().run.is_none());
}

/// The same run gives the same bytes: nothing in the file is in random order.
#[test]
fn the_bytes_are_the_same_every_time() {
    assert!((0..20).all(|_| checkpoint() == checkpoint()));
}

/// Every bit of every byte, one at a time.
#[test]
fn any_flipped_bit_of_a_checkpoint_is_noticed() {
    let bytes = checkpoint();
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut damaged = bytes.clone();
            damaged[place] ^= 1 << bit;
            assert!(from_bytes(&damaged).is_err(), "bit {bit} of byte {place} of {}", bytes.len());
        }
    }
}

/// Cut off anywhere, longer than it was, or with a whole stretch of zeros.
#[test]
fn pieces_of_a_checkpoint_are_refused() {
    let bytes = checkpoint();
    for end in 0..bytes.len() {
        assert!(from_bytes(&bytes[..end]).is_err(), "the first {end} bytes");
    }
    assert!(from_bytes(&[&bytes[..], b"\0"].concat()).is_err());
    for start in (0..bytes.len()).step_by(64) {
        let mut damaged = bytes.clone();
        damaged[start..].iter_mut().take(64).for_each(|byte| *byte = 0);
        assert!(from_bytes(&damaged).is_err(), "zeros from {start}");
    }
}

/// A file of weights has no checksum: a flipped bit of a weight is another weight. But no bit makes it panic, and
/// none makes it a checkpoint.
#[test]
fn damaged_weights_never_panic() {
    let bytes = weights();
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut damaged = bytes.clone();
            damaged[place] ^= 1 << bit;
            if let Ok(model) = from_bytes(&damaged) {
                assert!(model.run.is_none());
                assert!(model.network.theta.iter().all(|value| value.is_finite()));
            }
        }
        assert!(from_bytes(&bytes[..place]).is_err());
    }
}

type Tensors = HashMap<String, (Dtype, Vec<usize>, Vec<u8>)>;

/// The tensors of a file, to be tampered with.
fn parts(bytes: &[u8]) -> (Tensors, Option<HashMap<String, String>>) {
    let file = SafeTensors::deserialize(bytes).unwrap();
    let all = file
        .tensors()
        .into_iter()
        .map(|(name, view)| (name, (view.dtype(), view.shape().to_vec(), view.data().to_vec())));
    let (_, header) = SafeTensors::read_metadata(bytes).unwrap();
    (all.collect(), header.metadata().clone())
}

/// Puts them together again, with a right checksum.
fn join(tensors: &Tensors, metadata: Option<HashMap<String, String>>) -> Vec<u8> {
    let views = tensors.iter().map(|(name, (dtype, shape, data))| {
        (name.clone(), TensorView::new(*dtype, shape.clone(), data).unwrap())
    });
    let mut bytes = safetensors::serialize(views, metadata).unwrap();
    if tensors.contains_key("checksum") {
        let end = bytes.len() - 4;
        let sum = crc32fast::hash(&bytes[..end]).to_le_bytes();
        bytes[end..].copy_from_slice(&sum);
    }
    bytes
}

fn refused(bytes: &[u8], found: &str, expected: &str) {
    let error = from_bytes(bytes).unwrap_err();
    assert!(error.found.contains(found), "{error}");
    assert!(error.expected.contains(expected), "{error}");
}

#[test]
fn foreign_files_are_refused_in_words() {
    refused(b"%PDF-1.7 not a model at all", "no whole safetensors file", "or by PyTorch");
    refused(&[0xff; 1000], "no whole safetensors file", "--save");
    let other = Tensors::from([("w".into(), (Dtype::F32, vec![2], vec![0; 8]))]);
    refused(&join(&other, None), "a tensor named `w`", "lstm.weight_ih_l0");
}

#[test]
fn tensors_that_do_not_fit_are_refused_by_name() {
    let change = |name: &str, to: (Dtype, Vec<usize>, usize)| {
        let (mut all, _) = parts(&weights());
        all.insert(name.into(), (to.0, to.1, vec![0; to.2]));
        join(&all, None)
    };
    let hh = "lstm.weight_hh_l0";
    refused(&change(hh, (Dtype::F32, vec![8, 3], 96)), "[8, 3]", "[4·H, H]");
    refused(&change(hh, (Dtype::F32, vec![0, 0], 0)), "[0, 0]", "from 1 to 1024");
    refused(&change(hh, (Dtype::F32, vec![16], 64)), "[16]", "[4·H, H]");
    refused(&change(hh, (Dtype::F32, vec![4, 1], 16)), "`lstm.weight_ih_l0`", "[4, 10]");
    refused(&change("fc.bias", (Dtype::I32, vec![10], 40)), "`fc.bias` of I32", "F32");
    refused(&change("fc.bias", (Dtype::F32, vec![9], 36)), "[9]", "[10]");
    refused(&change("lstm.bias_ih_l1", (Dtype::F32, vec![8], 32)), "lstm.bias_ih_l1", "one layer");
    refused(&change("fc.extra", (Dtype::F32, vec![8], 32)), "named `fc.extra`", "no others");
    for (name, expected) in [
        ("lstm.weight_ih_l0", "to be there"),
        ("lstm.weight_hh_l0", "to be there"),
        ("lstm.bias_ih_l0", "both biases of an nn.LSTM, or none"),
        ("lstm.bias_hh_l0", "both biases of an nn.LSTM, or none"),
    ] {
        let (mut all, _) = parts(&weights());
        all.remove(name);
        refused(&join(&all, None), &format!("no tensor named `{name}`"), expected);
        let (mut all, metadata) = parts(&checkpoint());
        all.remove(name);
        refused(&join(&all, metadata), &format!("no tensor named `{name}`"), expected);
    }
    // PyTorch leaves the bias out on demand; this program never does.
    let (mut all, metadata) = parts(&checkpoint());
    all.remove("fc.bias");
    refused(&join(&all, metadata), "put zeros for `fc.bias`", "as --save writes them");
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let (mut all, _) = parts(&weights());
        all.get_mut("fc.weight").unwrap().2[12..16].copy_from_slice(&value.to_le_bytes());
        refused(&join(&all, None), &format!("{value} in `fc.weight`, at place 3 of 20"), "finite");
    }
}

/// The same checkpoint with other metadata.
fn with(from: &str, to: &str) -> Vec<u8> {
    let (all, metadata) = parts(&checkpoint());
    let text = &metadata.unwrap()["next-digit"];
    assert!(text.contains(from), "no {from} in {text}");
    join(&all, Some(HashMap::from([("next-digit".to_owned(), text.replace(from, to))])))
}

/// Every number, far beyond what it can be: refused by its name, before memory is asked for.
#[test]
fn every_number_is_within_bounds() {
    for (from, values, found) in [
        ("\"hidden\":2", &["0", "1025", "1000000000000000000"][..], "hidden units"),
        ("\"epochs\":3", &["0", "100001", "1000000000000000000", "18446744073709551615"], "epochs"),
        ("\"batch\":8", &["0", "21", "18446744073709551615"], "sequences in a batch"),
        ("\"digits\":4", &["0", "1", "1001", "1000000000000000000"], "digits in a sequence"),
        ("\"training\":20", &["0", "100001", "18446744073709551615"], "training sequences"),
        ("\"unseen\":10", &["0", "100001", "18446744073709551615"], "unseen sequences"),
        ("\"step\":5", &["61", "1000000000000000000", "18446744073709551615"], "steps"),
        ("\"learning_rate\":0.1", &["0.0", "-0.1", "1e308", "1e-300"], "a learning rate"),
        ("\"clip\":0.3333333333333333", &["0.0", "-1.0", "1e308"], "a limit to the gradient"),
        ("\"forget_bias\":1.0", &["1e308", "-1e308", "100.5"], "a forget bias"),
    ] {
        for value in values {
            let (name, _) = from.split_once(':').unwrap();
            refused(&with(from, &format!("{name}:{value}")), found, "");
        }
    }
    for value in ["-1.0", "-1e308", "1e308"] {
        refused(&total(value), "a sum of losses", "0 or more");
    }
    // None of these is a number that JSON, or the type, knows.
    for (from, to) in [
        ("\"epochs\":3", "\"epochs\":1e5"),
        ("\"epochs\":3", "\"epochs\":18446744073709551616"),
        ("\"seed\":18446744073709551615", "\"seed\":18446744073709551616"),
        ("\"seed\":18446744073709551615", "\"seed\":-1"),
        ("\"learning_rate\":0.1", "\"learning_rate\":NaN"),
        ("\"learning_rate\":0.1", "\"learning_rate\":1e999"),
    ] {
        refused(&with(from, to), "metadata that say", "version 1");
    }
    for value in [f64::INFINITY, f64::NAN, -1.0, 1e300] {
        let (mut all, metadata) = parts(&checkpoint());
        all.get_mut("history.training").unwrap().2[..8].copy_from_slice(&value.to_le_bytes());
        refused(&join(&all, metadata), "do not belong together", "losses that are 0 or more");
    }
    let (mut all, metadata) = parts(&checkpoint());
    all.get_mut("history.unseen").unwrap().2[..8].copy_from_slice(&(-1.0_f64).to_le_bytes());
    refused(&join(&all, metadata), "do not belong together", "not negative");
}

/// A checkpoint with another sum of losses.
fn total(value: &str) -> Vec<u8> {
    let (_, metadata) = parts(&checkpoint());
    let text = &metadata.unwrap()["next-digit"];
    let old = &text[text.find("\"total\":").unwrap()..];
    let old = &old[..old.find(['}', ',']).unwrap()];
    with(old, &format!("\"total\":{value}"))
}

/// What is new in a later version may be anything but its number.
#[test]
fn a_newer_version_is_named_as_that() {
    let newer = "a checkpoint of version 2, from a newer version of this program";
    refused(&with("\"version\":1", "\"version\":2"), newer, "version 1, or the newer program");
    refused(&with("\"version\":1", "\"version\":2,\"more\":[]"), newer, "version 1");
    refused(&with("\"version\":1,", "\"version\":2,\"step\":-1,"), newer, "version 1");
    let (mut all, _) = parts(&checkpoint());
    all.insert("adam.more".into(), (Dtype::F32, vec![1], vec![0; 4]));
    let metadata = HashMap::from([("next-digit".to_owned(), "{\"version\":2}".to_owned())]);
    refused(&join(&all, Some(metadata)), newer, "version 1");
}

/// A right checksum alone does not make a checkpoint.
#[test]
fn checkpoints_that_were_tampered_with_are_refused() {
    let (all, metadata) = parts(&checkpoint());
    assert!(from_bytes(&join(&all, metadata.clone())).is_ok());
    for (from, to, found, expected) in [
        ("\"version\":1", "\"version\":0", "version 0", "version 1"),
        ("\"hidden\":2", "\"hidden\":3", "do not belong together", "as many hidden units"),
        ("\"task\":\"first\"", "\"task\":\"last\"", "do not belong", "a task that exists"),
        ("\"step\":5", "\"step\":6", "do not belong", "a loss for every finished epoch"),
        ("\"epochs\":3", "\"epochs\":1", "do not belong", "no more steps than were to be"),
        ("\"step\":5", "\"step\":-5", "invalid value", "version 1"),
        ("\"step\"", "\"steps\"", "unknown field", "version 1"),
        ("{", "", "metadata that say", "version 1"),
    ] {
        refused(&with(from, to), found, expected);
    }
    refused(&join(&all, None), "no metadata", "next-digit");
    let mut negative = all.clone();
    negative.get_mut("adam.v").unwrap().2[..4].copy_from_slice(&(-1.0_f32).to_le_bytes());
    refused(&join(&negative, metadata.clone()), "do not belong together", "adam.v");
    let mut short = all.clone();
    short.insert("adam.m".into(), (Dtype::F32, vec![3], vec![0; 12]));
    refused(&join(&short, metadata.clone()), "`adam.m` of F32 and the shape [3]", "[142]");
    let mut unsealed = all;
    unsealed.remove("checksum");
    refused(&join(&unsealed, metadata), "a tensor named `adam.m`", "and no others");
}

/// Splits that no run has made: held aside, learnt from, asked for, patience; what is found in each, and expected.
const SPLITS: [([usize; 4], &str, &str); 6] = [
    ([0, 17, 3, 1], "0 sequences held aside", "1 to 3"),
    ([20, 0, 20, 1], "0 sequences to learn from", "1 to 0"),
    ([4, 17, 4, 1], "17 sequences to learn from", "1 to 16"),
    ([usize::MAX, 17, usize::MAX, 1], "sequences to hold aside", "1 to 100000"),
    ([3, 17, 2, 1], "3 sequences held aside", "1 to 2"),
    ([3, 17, 3, 0], "0 epochs of patience", "1 to 100000"),
];

/// What a checkpoint says of validation belongs together too; without validation there is none of it.
#[test]
fn tampered_validation_is_refused() {
    let (all, metadata) = parts(&checkpoint());
    let text = metadata.clone().unwrap()["next-digit"].clone();
    // A table cannot have more right than are learnt from.
    assert!(text.contains("\"ceiling\":20"), "{text}");
    let text = text.replace("\"ceiling\":20", "\"ceiling\":8");
    let with = |[held, learnt, wanted, patience]: [usize; 4]| {
        let about = format!(
            "{{\"wanted\":{wanted},\"held\":{held},\"learnt\":{learnt},\"fingerprint\":1,\"patience\":{patience}}}"
        );
        let text = format!("{},\"validation\":{about}}}", text.strip_suffix('}').unwrap());
        let metadata = Some(HashMap::from([("next-digit".to_owned(), text)]));
        let mut all = all.clone();
        let [theta, losses] = ["adam.m", "history.training"].map(|name| all[name].clone());
        all.insert("history.validation".into(), losses);
        all.insert("latest".into(), theta);
        (all, metadata)
    };
    let (with_validation, metadata_of_it) = with([3, 17, 3, 1]);
    assert!(from_bytes(&join(&with_validation, metadata_of_it.clone())).is_ok());
    for (parts, found, expected) in SPLITS {
        let (all, metadata) = with(parts);
        refused(&join(&all, metadata), found, expected);
    }
    // Eight to learn from, in batches of eight: a step is an epoch.
    let (many, metadata_of_many) = with([3, 8, 3, 1]);
    refused(
        &join(&many, metadata_of_many),
        "do not belong together",
        "a loss for every finished epoch",
    );
    for name in ["latest", "history.validation"] {
        let mut less = with_validation.clone();
        let taken = less.remove(name).unwrap();
        refused(
            &join(&less, metadata_of_it.clone()),
            &format!("no tensor named `{name}`"),
            "to be there",
        );
        let mut more = all.clone();
        more.insert(name.into(), taken);
        refused(
            &join(&more, metadata.clone()),
            &format!("`{name}` in a run without validation"),
            "not to be",
        );
    }
    let mut none = with_validation.clone();
    none.insert(
        "history.validation".into(),
        (Dtype::F64, vec![1], f64::NAN.to_le_bytes().to_vec()),
    );
    refused(&join(&none, metadata_of_it.clone()), "do not belong together", "losses of validation");
    none.insert("history.validation".into(), (Dtype::F64, vec![0], vec![]));
    refused(&join(&none, metadata_of_it), "different numbers of epochs", "for every epoch");
}
