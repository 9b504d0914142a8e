//! The weights of a network as tensors of a safetensors file, under PyTorch's names.

use std::collections::{BTreeMap, HashMap};

use next_digit::{BadModel, MOST_HIDDEN};
use safetensors::tensor::{Dtype, TensorView};

use crate::network::{Network, Shape, Tensor};
use crate::symbols::{Alphabet, MOST_SYMBOLS};

/// The most layers that a file may ask for.
pub const MOST_LAYERS: usize = 8;
/// Under this name the alphabet lies among the metadata: all its characters, in order.
pub(crate) const ALPHABET: &str = "alphabet";

/// By name, so that the tensor that a message names is the same in each run.
pub(crate) type Tensors<'a> = BTreeMap<String, TensorView<'a>>;

/// A tensor to be written.
pub(crate) type Written = (String, Dtype, Vec<usize>, Vec<u8>);

const SAVE: &str = "save `nn.LSTM(symbols, hidden, layers)` named `lstm` and `nn.Linear(hidden, symbols)` named `fc`: \
    `save_file(model.float().state_dict(), \"model.safetensors\")`";

pub(crate) fn bad(
    found: impl Into<String>,
    expected: impl Into<String>,
    to_do: impl Into<String>,
) -> BadModel {
    BadModel { found: found.into(), expected: expected.into(), to_do: to_do.into() }
}

pub(crate) fn le_bytes(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// The bytes of a safetensors file with one entry of metadata: with several, their order would be random.
pub(crate) fn write(all: &[Written], (key, value): (&str, String)) -> Vec<u8> {
    let views = all.iter().map(|(name, dtype, shape, bytes)| {
        let view = TensorView::new(*dtype, shape.clone(), bytes);
        (name, view.expect("as many bytes as the shape says"))
    });
    let metadata = HashMap::from([(key.to_owned(), value)]);
    safetensors::serialize(views, Some(metadata)).expect("a small header")
}

// ANCHOR: tensors_of
/// All tensors of a network, to be written.
pub(crate) fn tensors_of(network: &Network) -> Vec<Written> {
    let tensors = network.shape.tensors().into_iter();
    let written = |t: Tensor| (t.name, Dtype::F64, t.shape, le_bytes(&network.theta[t.range]));
    tensors.map(written).collect()
}

/// The weights alone, for PyTorch's `model.load_state_dict(load_file(FILE))`; the alphabet is among the metadata.
pub fn weights_to_bytes(network: &Network, alphabet: &Alphabet) -> Vec<u8> {
    write(&tensors_of(network), (ALPHABET, alphabet.characters()))
}
// ANCHOR_END: tensors_of

// ANCHOR: read_weights
/// Finds out the shape of a network by its tensors, and copies the numbers.
///
/// # Errors
/// If a tensor is missing, is one too many, or has another shape or type than it should.
pub(crate) fn read(all: &Tensors<'_>) -> Result<Network, BadModel> {
    let shape = shape(all)?;
    let tensors = shape.tensors();
    if let Some(name) = all.keys().find(|name| tensors.iter().all(|tensor| &tensor.name != *name)) {
        let layers = match shape.layers {
            1 => "one layer".to_owned(),
            layers => format!("{layers} layers"),
        };
        let expected =
            format!("only the tensors of {layers}, forward, without projections, and of `fc`");
        return Err(bad(format!("a tensor named {}", shown(name)), expected, SAVE));
    }
    let mut theta = vec![0.0; shape.parameters()];
    for tensor in tensors {
        let values = numbers(&tensor.name, get(all, &tensor.name)?, &tensor.shape)?;
        theta[tensor.range].copy_from_slice(&values);
    }
    Ok(Network { shape, theta })
}
// ANCHOR_END: read_weights

/// From the tensors that say it, within what this program takes.
fn shape(all: &Tensors<'_>) -> Result<Shape, BadModel> {
    let side = |name: &str, place: usize| {
        let shape = get(all, name)?.shape();
        let found = || format!("{} of the shape {shape:?}", shown(name));
        match shape {
            [_, _] => Ok(shape[place]),
            _ => Err(bad(found(), "a matrix", SAVE)),
        }
    };
    let hidden = side("lstm.weight_hh_l0", 1)?;
    let symbols = side("lstm.weight_ih_l0", 1)?;
    let is_there = |number: &usize| all.contains_key(&format!("lstm.weight_hh_l{number}"));
    let layers = (0..=MOST_LAYERS).take_while(is_there).count();
    for (found, least, most, what) in [
        (hidden, 1, MOST_HIDDEN, "units"),
        (symbols, 2, MOST_SYMBOLS, "symbols"),
        (layers, 1, MOST_LAYERS, "layers"),
    ] {
        if !(least..=most).contains(&found) {
            let expected = format!("{least} to {most}");
            return Err(bad(format!("a network of {found} {what}"), expected, "train another one"));
        }
    }
    Ok(Shape { symbols, hidden, layers })
}

fn get<'a, 'b>(all: &'b Tensors<'a>, name: &str) -> Result<&'b TensorView<'a>, BadModel> {
    let there = all.keys().next();
    all.get(name).ok_or_else(|| {
        let other =
            there.map_or(String::new(), |other| format!(", but one named {}", shown(other)));
        bad(format!("no tensor named `{name}`{other}"), "it to be there", SAVE)
    })
}

/// The numbers of a tensor of this shape, all of them finite.
pub(crate) fn numbers(
    name: &str,
    view: &TensorView<'_>,
    shape: &[usize],
) -> Result<Vec<f64>, BadModel> {
    if view.shape() != shape {
        let found = format!("{} of the shape {:?}", shown(name), view.shape());
        return Err(bad(found, format!("{shape:?}"), SAVE));
    }
    let data = view.data();
    let values: Vec<f64> = match view.dtype() {
        Dtype::F64 => data.as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect(),
        Dtype::F32 => {
            data.as_chunks().0.iter().map(|b| f64::from(f32::from_le_bytes(*b))).collect()
        }
        other => {
            let found = format!("{} of {other}", shown(name));
            return Err(bad(found, "F64 or F32", SAVE));
        }
    };
    match values.iter().find(|value| !value.is_finite()) {
        None => Ok(values),
        Some(value) => {
            let found = format!("{value} in {}", shown(name));
            Err(bad(found, "finite numbers", "train anew, at a smaller learning rate"))
        }
    }
}

/// A name as a message shows it: a file can call its tensors anything, at any length.
fn shown(name: &str) -> String {
    let text: String = name.escape_debug().take(80).collect();
    format!("`{text}`")
}
