//! The weights of a network out of a safetensors file, in whichever way PyTorch came to write it.
//!
//! One LSTM and one linear layer are looked for by the shapes of their tensors, so it does not matter what a module
//! calls them or which prefixes a wrapper put before the names. What was done to read a file is noted down; where two
//! readings are possible, or none is right, the file is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use digits::DIGITS;
use half::{bf16, f16};
use safetensors::tensor::{Dtype, TensorView};

use crate::Network;
use crate::network::tensors;

/// The most hidden units that a file may ask for.
pub const MOST_HIDDEN: usize = 1024;

/// By name, so that the tensor that a message names is the same in each run.
pub(crate) type Tensors<'a> = BTreeMap<String, TensorView<'a>>;

/// Why bytes are not a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadModel {
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: String,
    /// What helps, with the line of Python where there is one.
    pub to_do: String,
}

impl fmt::Display for BadModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "found {}, expected {}", self.found, self.expected)
    }
}

impl std::error::Error for BadModel {}

/// A file that nothing can be done about.
pub(crate) fn bad(found: impl Into<String>, expected: impl Into<String>) -> BadModel {
    mend(found, expected, "name another file, or train anew")
}

pub(crate) fn mend(
    found: impl Into<String>,
    expected: impl Into<String>,
    to_do: impl Into<String>,
) -> BadModel {
    BadModel { found: found.into(), expected: expected.into(), to_do: to_do.into() }
}

/// A network, and what was done to read it.
pub(crate) struct Weights {
    pub(crate) network: Network<f32>,
    pub(crate) notes: Vec<String>,
}

// ANCHOR: read
/// Finds the LSTM, then the linear layer, then looks at what is left, and copies the numbers.
pub(crate) fn read(all: &Tensors<'_>) -> Result<Weights, BadModel> {
    let lstm = Lstm::find(all)?;
    let hidden = lstm.hidden(all)?;
    let linear = find_linear(all, hidden)?;
    let counters = look_at_the_rest(all, &lstm, linear)?;

    let mut notes = Vec::new();
    notes.extend(note_on_names(lstm.module, linear));
    if lstm.suffix.is_empty() {
        notes.push("took an nn.LSTMCell for the LSTM".to_owned());
    }
    notes.extend(counters.iter().map(|name| format!("left out {}, a counter", shown(name))));

    let bias = |module| join(module, "bias");
    let sources = [
        (lstm.name("weight_ih"), false),
        (lstm.name("weight_hh"), false),
        (lstm.name("bias_ih"), lstm.biases_are_zero(all)?),
        (lstm.name("bias_hh"), lstm.biases_are_zero(all)?),
        (join(linear, "weight"), false),
        (bias(linear), !all.contains_key(&bias(linear))),
    ];
    let mut network = Network::zeros(hidden);
    let mut types = BTreeSet::new();
    for (tensor, (name, is_zero)) in tensors(hidden).into_iter().zip(&sources) {
        if *is_zero {
            notes.push(format!("put zeros for {} (bias=False)", shown(name)));
            continue;
        }
        let view = get(all, name)?;
        check_shape(name, view, &tensor.shape)?;
        network.theta[tensor.range].copy_from_slice(&numbers(name, view)?);
        types.insert(view.dtype());
    }
    notes.extend(types.into_iter().filter_map(note_on_type));
    Ok(Weights { network, notes })
}
// ANCHOR_END: read

/// The parts of a recurrent module, as PyTorch names them; only one with projections has the last.
const PARTS: [&str; 5] = ["weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr"];
const WHOLE: &str = "the tensors of one nn.LSTM(10, hidden) and one nn.Linear(hidden, 10)";
const SAVE: &str = "`save_file(model.state_dict(), \"model.safetensors\")`";

/// The one recurrent module of a file.
struct Lstm<'a> {
    /// What its names begin with: `model.lstm`; empty if they stand alone.
    module: &'a str,
    /// What they end with: `_l0`, or nothing if it is an `nn.LSTMCell`.
    suffix: &'a str,
}

/// `lstm.weight_ih_l0` as (`lstm`, `weight_ih`, `_l0`); none if it is no recurrent module's.
fn recurrent(name: &str) -> Option<(&str, &'static str, &str)> {
    let (module, leaf) = name.rsplit_once('.').unwrap_or(("", name));
    let part = PARTS.into_iter().find(|part| leaf.starts_with(part))?;
    let suffix = &leaf[part.len()..];
    let is_layer = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let layer = suffix.strip_suffix("_reverse").unwrap_or(suffix).strip_prefix("_l");
    (suffix.is_empty() || layer.is_some_and(is_layer)).then_some((module, part, suffix))
}

impl<'a> Lstm<'a> {
    fn find(all: &'a Tensors<'_>) -> Result<Lstm<'a>, BadModel> {
        let found: Vec<_> = all.keys().filter_map(|name| recurrent(name)).collect();
        let modules: BTreeSet<&str> = found.iter().map(|(module, ..)| *module).collect();
        let mut modules = modules.into_iter();
        let Some(module) = modules.next() else { return Err(no_recurrent(all)) };
        if let Some(other) = modules.next() {
            return Err(mend(
                format!("two recurrent modules, {} and {}", shown(module), shown(other)),
                "one LSTM",
                format!("save a model with one nn.LSTM(10, hidden): {SAVE}"),
            ));
        }
        let suffixes: BTreeSet<&str> = found.iter().map(|(.., suffix)| *suffix).collect();
        let is_backward = suffixes.iter().any(|suffix| suffix.ends_with("_reverse"));
        let layers = suffixes.iter().filter(|suffix| !suffix.ends_with("_reverse")).count();
        let first = |wanted: &dyn Fn(&str) -> bool| {
            let mut names = all.keys().filter(|name| recurrent(name).is_some());
            names.find(|name| wanted(name)).map_or(String::new(), |name| shown(name))
        };
        let (name, what, argument) = if is_backward {
            let name = first(&|name| name.ends_with("_reverse"));
            (name, "an LSTM in both directions".to_owned(), "bidirectional=False")
        } else if layers > 1 || suffixes.iter().any(|suffix| !["", "_l0"].contains(suffix)) {
            let name = first(&|name| !name.ends_with("_l0"));
            (name, format!("an LSTM of {} layers", layers.max(2)), "num_layers=1")
        } else if found.iter().any(|(_, part, _)| *part == "weight_hr") {
            let name = first(&|name| name.contains("weight_hr"));
            (name, "an LSTM with projections".to_owned(), "proj_size=0")
        } else {
            return Ok(Lstm { module, suffix: suffixes.into_iter().next().unwrap_or("") });
        };
        Err(mend(
            format!("{name}: {what}"),
            "one layer, forward, without projections",
            format!("train nn.LSTM(10, hidden, {argument}) and save that: {SAVE}"),
        ))
    }

    /// `weight_ih` as `model.lstm.weight_ih_l0`.
    fn name(&self, part: &str) -> String {
        join(self.module, &format!("{part}{}", self.suffix))
    }

    /// How many hidden units it has, if it is one that can be read.
    fn hidden(&self, all: &Tensors<'_>) -> Result<usize, BadModel> {
        let names = PARTS[..4].iter().map(|part| self.name(part));
        for name in names.filter(|name| all.contains_key(name)) {
            check_type(&name, get(all, &name)?)?;
        }
        let (name, input) = (self.name("weight_hh"), self.name("weight_ih"));
        let (shape, read) = (get(all, &name)?.shape(), get(all, &input)?.shape());
        let hidden = match *shape {
            [rows, columns] if columns > 0 && rows == columns.saturating_mul(4) => columns,
            [rows, columns] if columns > 0 && rows == columns.saturating_mul(3) => {
                return Err(self.other_kind(&name, shape, "a GRU"));
            }
            [rows, columns] if columns > 0 && rows == columns => {
                return Err(self.other_kind(&name, shape, "a plain RNN"));
            }
            _ => {
                return Err(bad(
                    format!("{} of the shape {shape:?}", shown(&name)),
                    format!("[4·H, H] for a number of hidden units H from 1 to {MOST_HIDDEN}"),
                ));
            }
        };
        if hidden > MOST_HIDDEN {
            return Err(mend(
                format!("{} of the shape {shape:?}: {hidden} hidden units", shown(&name)),
                format!("1 to {MOST_HIDDEN} hidden units"),
                format!("train a smaller one, nn.LSTM(10, {MOST_HIDDEN})"),
            ));
        }
        match *read {
            [rows, DIGITS] if rows == 4 * hidden => Ok(hidden),
            [rows, inputs] if rows == 4 * hidden => Err(self.other_input(all, inputs)),
            _ => Err(bad(
                format!("{} of the shape {read:?}", shown(&input)),
                format!("[{}, {DIGITS}], for {hidden} hidden units", 4 * hidden),
            )),
        }
    }

    fn other_kind(&self, name: &str, shape: &[usize], kind: &str) -> BadModel {
        mend(
            format!("{} of the shape {shape:?}: {kind}", shown(name)),
            "an LSTM, [4·H, H] for H hidden units",
            format!("train nn.LSTM(10, hidden) in its place and save that: {SAVE}"),
        )
    }

    fn other_input(&self, all: &Tensors<'_>, inputs: usize) -> BadModel {
        let name = self.name("weight_ih");
        let found = format!("{}, which reads {inputs} numbers at each step", shown(&name));
        let to_do = match embedding(all, inputs) {
            Some(embedding) => fold(&name, embedding),
            None => "train nn.LSTM(10, hidden) on `F.one_hot(digits, 10).float()`".to_owned(),
        };
        mend(found, "10 at each step: a digit, one-hot", to_do)
    }

    /// Whether it was made with bias=False. PyTorch's LSTMs have both biases or none.
    fn biases_are_zero(&self, all: &Tensors<'_>) -> Result<bool, BadModel> {
        let [ih, hh] = ["bias_ih", "bias_hh"].map(|part| self.name(part));
        match [&ih, &hh].map(|name| all.contains_key(name)) {
            [false, false] => Ok(true),
            [true, true] => Ok(false),
            [has_ih, _] => {
                let (there, missing) = if has_ih { (ih, hh) } else { (hh, ih) };
                Err(mend(
                    format!("{}, but no tensor named {}", shown(&there), shown(&missing)),
                    "both biases of an nn.LSTM, or none",
                    format!("save the whole model: {SAVE}"),
                ))
            }
        }
    }
}

/// The module of the one linear layer behind the LSTM.
fn find_linear<'a>(all: &'a Tensors<'_>, hidden: usize) -> Result<&'a str, BadModel> {
    let matrices: Vec<(&str, &[usize])> = all
        .iter()
        .filter(|(name, view)| recurrent(name).is_none() && view.shape().len() == 2)
        .filter_map(|(name, view)| {
            let (module, leaf) = name.rsplit_once('.').unwrap_or(("", name));
            (leaf == "weight").then_some((module, view.shape()))
        })
        .collect();
    let full = |module: &str| shown(&join(module, "weight"));
    let mut fitting = matrices.iter().filter(|(_, shape)| **shape == [DIGITS, hidden]);
    match (fitting.next(), fitting.next(), matrices.as_slice()) {
        (Some((module, _)), None, _) => Ok(module),
        (Some((one, shape)), Some((other, _)), _) => Err(mend(
            format!("{} and {}, both of the shape {shape:?}", full(one), full(other)),
            format!("one layer that turns {hidden} numbers into {DIGITS} scores"),
            "leave out of `model.state_dict()` what is not of this network",
        )),
        (None, _, [(module, shape)]) if shape[1] == hidden => Err(mend(
            format!("{} of the shape {shape:?}: {} classes", full(module), shape[0]),
            format!("[{DIGITS}, {hidden}]: a score for each digit"),
            format!("train a model that ends with nn.Linear({hidden}, 10)"),
        )),
        (None, _, []) => Err(mend(
            "an LSTM and no linear layer that makes scores of its last state",
            WHOLE,
            format!("save the model that holds both, not its nn.LSTM alone: {SAVE}"),
        )),
        (None, _, [(module, shape), ..]) => Err(mend(
            format!("{} of the shape {shape:?} behind the LSTM", full(module)),
            format!("one linear layer and no others, of the shape [{DIGITS}, {hidden}]"),
            format!("train a model that ends with nn.Linear({hidden}, 10)"),
        )),
    }
}

/// Refuses what belongs to another network. A single whole number, such as the `n_averaged` of an averaged
/// model, only counts: the names of those are returned.
fn look_at_the_rest<'a>(
    all: &'a Tensors<'_>,
    lstm: &Lstm<'_>,
    linear: &str,
) -> Result<Vec<&'a str>, BadModel> {
    let own = [join(linear, "weight"), join(linear, "bias")];
    let rest = all.iter().filter(|(name, _)| recurrent(name).is_none() && !own.contains(name));
    let (counters, others): (Vec<_>, Vec<_>) =
        rest.partition(|(_, view)| view.shape().is_empty() && is_whole(view.dtype()));
    let Some((name, view)) = others.first() else {
        return Ok(counters.into_iter().map(|(name, _)| name.as_str()).collect());
    };
    let more = match others.len() {
        1 => String::new(),
        count => format!(", and {} more", count - 1),
    };
    let to_do = if is_reparametrised(name) {
        reparametrised()
    } else if embedding(all, DIGITS) == Some(name.as_str()) {
        fold(&lstm.name("weight_ih"), name)
    } else {
        "if the scores do not depend on it, save the rest: `state = model.state_dict(); \
         state.pop(…); save_file(state, \"model.safetensors\")`"
            .replace('…', &format!("{name:?}").chars().take(80).collect::<String>())
    };
    Err(mend(
        format!("a tensor named {} of the shape {:?}{more}", shown(name), view.shape()),
        format!("{WHOLE}, and no others"),
        to_do,
    ))
}

fn no_recurrent(all: &Tensors<'_>) -> BadModel {
    let is_in_parts = all.keys().any(|name| is_reparametrised(name));
    let to_do = if is_in_parts { reparametrised() } else { format!("save such a model: {SAVE}") };
    let found = match all.keys().next() {
        Some(name) => format!("no LSTM, but a tensor named {}", shown(name)),
        None => "a file without tensors".to_owned(),
    };
    mend(found, format!("{WHOLE}: lstm.weight_ih_l0, lstm.weight_hh_l0, fc.weight …"), to_do)
}

/// Weight norm and its kin keep a weight as the parts that it is computed from.
fn is_reparametrised(name: &str) -> bool {
    let ends = ["_g", "_v", "_raw", "_orig", "_u"];
    name.contains("parametrizations.")
        || name.contains("weight_") && ends.iter().any(|end| name.ends_with(end))
}

fn reparametrised() -> String {
    "turn the parts back into weights, then save: \
     `torch.nn.utils.parametrize.remove_parametrizations(model.lstm, \"weight_hh_l0\")`"
        .to_owned()
}

/// A table with a row of `inputs` numbers for each digit, as an `nn.Embedding(10, inputs)` has one.
fn embedding<'a>(all: &'a Tensors<'_>, inputs: usize) -> Option<&'a str> {
    let is_table = |name: &str| name.rsplit('.').take(2).any(|part| part.contains("emb"));
    let mut tables = all.iter().filter(|(name, view)| {
        name.ends_with("weight") && view.shape() == [DIGITS, inputs] && is_table(name)
    });
    tables.next().map(|(name, _)| name.as_str())
}

/// A one-hot digit picks a row of the embedding, so that both matrices are one.
fn fold(weight_ih: &str, embedding: &str) -> String {
    let quoted = |name: &str| format!("{name:?}").chars().take(80).collect::<String>();
    let (weight, table) = (quoted(weight_ih), quoted(embedding));
    format!(
        "put the embedding into the LSTM's weights, then save: \
         `state[{weight}] = state[{weight}] @ state.pop({table}).T`"
    )
}

fn is_whole(dtype: Dtype) -> bool {
    use Dtype::{BOOL, I8, I16, I32, I64, U8, U16, U32, U64};
    [BOOL, I8, I16, I32, I64, U8, U16, U32, U64].contains(&dtype)
}

fn note_on_names(lstm: &str, linear: &str) -> Option<String> {
    let prefix = lstm.strip_suffix("lstm").zip(linear.strip_suffix("fc"));
    match prefix {
        Some(("", "")) => None,
        Some((one, other)) if one == other && one.ends_with('.') => {
            Some(format!("took the prefix {} off the names", shown(one)))
        }
        _ => {
            let named = |module: &str| {
                if module.is_empty() { "what has no module".into() } else { shown(module) }
            };
            Some(format!(
                "took {} for the LSTM, {} for the linear layer",
                named(lstm),
                named(linear)
            ))
        }
    }
}

/// The differences are those of PyTorch 2.15 on twenty networks of 4 and of 32 units, in the middle.
fn note_on_type(dtype: Dtype) -> Option<String> {
    let (done, differ) = match dtype {
        Dtype::F64 => ("f64 numbers rounded to f32", "f64 differ by about 1 in 10 million"),
        Dtype::F16 => ("f16 numbers counted with in f32", "f16 differ by about 1 in 3000"),
        Dtype::BF16 => ("bf16 numbers counted with in f32", "bf16 differ by about 1 in 300"),
        _ => return None,
    };
    Some(format!("{done}: scores that PyTorch counts in {differ}"))
}

fn get<'a, 'b>(all: &'b Tensors<'a>, name: &str) -> Result<&'b TensorView<'a>, BadModel> {
    all.get(name).ok_or_else(|| {
        let found = format!("no tensor named {}", shown(name));
        let is_in_parts = all.keys().any(|name| is_reparametrised(name));
        let to_do =
            if is_in_parts { reparametrised() } else { format!("save the whole model: {SAVE}") };
        mend(found, "it to be there", to_do)
    })
}

fn check_shape(name: &str, view: &TensorView<'_>, shape: &[usize]) -> Result<(), BadModel> {
    if view.shape() == shape {
        return Ok(());
    }
    Err(bad(format!("{} of the shape {:?}", shown(name), view.shape()), format!("{shape:?}")))
}

fn check_type(name: &str, view: &TensorView<'_>) -> Result<(), BadModel> {
    match view.dtype() {
        Dtype::F32 | Dtype::F64 | Dtype::F16 | Dtype::BF16 => Ok(()),
        other => Err(mend(
            format!("{} of {other}", shown(name)),
            "F32, F64, F16 or BF16",
            format!(
                "save the model before it is quantised, or turn it back by `model.float()`: {SAVE}"
            ),
        )),
    }
}

/// The numbers of a tensor as f32, all of them finite.
pub(crate) fn numbers(name: &str, view: &TensorView<'_>) -> Result<Vec<f32>, BadModel> {
    check_type(name, view)?;
    let data = view.data();
    let values: Vec<f64> = match view.dtype() {
        Dtype::F64 => data.as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect(),
        Dtype::F16 => data.as_chunks().0.iter().map(|b| f16::from_le_bytes(*b).to_f64()).collect(),
        Dtype::BF16 => {
            data.as_chunks().0.iter().map(|b| bf16::from_le_bytes(*b).to_f64()).collect()
        }
        _ => data.as_chunks().0.iter().map(|b| f64::from(f32::from_le_bytes(*b))).collect(),
    };
    match values.iter().position(|value| !(*value as f32).is_finite()) {
        None => Ok(values.into_iter().map(|value| value as f32).collect()),
        Some(place) => Err(bad(
            format!("{:?} in {}, at place {place} of {}", values[place], shown(name), values.len()),
            "finite numbers, of at most 3.4e38",
        )),
    }
}

fn join(module: &str, leaf: &str) -> String {
    if module.is_empty() { leaf.to_owned() } else { format!("{module}.{leaf}") }
}

/// A name as a message shows it: a file can call its tensors anything, at any length.
fn shown(name: &str) -> String {
    let text: String = name.escape_debug().take(80).collect();
    format!("`{text}`")
}
