//! A training run as the bytes of a safetensors file, in the form of chapter 14's checkpoints.
//!
//! The weights have PyTorch's names, and are those of the best epoch. Beside them lie the latest weights, Adam's m and v, the
//! losses of all epochs and, in the middle of a text, the states that are carried on; as metadata the settings, the alphabet,
//! the step and a fingerprint of the data. The last four bytes are the CRC-32 of all others.

use next_digit::{BadModel, Choice, Epoch, check_seal, seal, what_it_is};
use safetensors::SafeTensors;
use safetensors::tensor::Dtype;
use serde::{Deserialize, Serialize};

use crate::layer::States;
use crate::network::Network;
use crate::session::{Lessons, Session, Settings};
use crate::symbols::Alphabet;
use crate::weights::{self, ALPHABET, Tensors, Written, bad, le_bytes, numbers, tensors_of, write};

/// The format of the files that are written here.
const VERSION: u32 = 1;
const ABOUT: &str = "own-sequences";
const CHECKSUM: &str = "checksum";
const MOMENTS: [&str; 2] = ["adam.m", "adam.v"];
const LATEST: &str = "latest";
const HISTORY: [&str; 2] = ["history.training", "history.validation"];
const CARRIED: [&str; 2] = ["carried.h", "carried.c"];
const ANEW: &str = "name another file, or train anew";

// ANCHOR: about
/// What a checkpoint says about itself, in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The format of the file: 1.
    pub version: u32,
    /// Everything that the run depends on.
    pub settings: Settings,
    /// What it learns from.
    pub data: DataAbout,
    /// How many steps were taken.
    pub step: u64,
    /// The losses of the unfinished epoch, each counted for its answers, and how many answers there were.
    pub total: (f64, u64),
}

/// How data are recognised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataAbout {
    /// Whether they are one text; else, many lines.
    pub text: bool,
    /// All characters, in order.
    pub alphabet: String,
    /// The CRC-32 of the text, or of the lines, each with a line break.
    pub fingerprint: u32,
}
// ANCHOR_END: about

// ANCHOR: to_bytes
/// The checkpoint of a run on these data.
pub fn to_bytes(session: &Session, data: &DataAbout) -> Vec<u8> {
    let Session { settings, network, adam, total, carried, history, .. } = session;
    let about = About {
        version: VERSION,
        settings: *settings,
        data: data.clone(),
        step: adam.t,
        total: *total,
    };
    let mut all = tensors_of(&session.chosen());
    let list = |name: &str, values: &[f64]| -> Written {
        (name.to_owned(), Dtype::F64, vec![values.len()], le_bytes(values))
    };
    all.push(list(LATEST, &network.theta));
    all.push(list(MOMENTS[0], &adam.m));
    all.push(list(MOMENTS[1], &adam.v));
    let losses = |loss: fn(&Epoch) -> f64| history.iter().map(loss).collect::<Vec<f64>>();
    all.push(list(HISTORY[0], &losses(|epoch| epoch.training)));
    all.push(list(HISTORY[1], &losses(|epoch| epoch.validation)));
    let columns = |state: fn(&States) -> &[f64]| carried.iter().flat_map(state).copied().collect();
    let [h, c]: [Vec<f64>; 2] = [columns(|it| it.h.as_slice()), columns(|it| it.c.as_slice())];
    all.push(list(CARRIED[0], &h));
    all.push(list(CARRIED[1], &c));
    // The only tensor of bytes: safetensors puts the widest type first, so this one comes last.
    all.push((CHECKSUM.to_owned(), Dtype::U8, vec![4], vec![0; 4]));
    seal(write(&all, (ABOUT, serde_json::to_string(&about).expect("finite numbers and strings"))))
}
// ANCHOR_END: to_bytes

/// What a file holds.
#[derive(Clone, Debug)]
pub struct Model {
    /// The network: of a run, that of its best epoch.
    pub network: Network,
    /// Its characters; PyTorch's files don't say them.
    pub alphabet: Option<Alphabet>,
    /// The rest of a checkpoint; none in a file that holds weights alone.
    pub run: Option<Run>,
}

/// What a checkpoint holds beside the weights.
#[derive(Clone, Debug)]
pub struct Run {
    /// Settings, data, step.
    pub about: About,
    /// The losses of its epochs.
    pub history: Vec<Epoch>,
    latest: Vec<f64>,
    m: Vec<f64>,
    v: Vec<f64>,
    carried: [Vec<f64>; 2],
}

impl Run {
    /// The epoch whose weights the file holds; nothing before the end of the first.
    pub fn choice(&self) -> Option<Choice> {
        Choice::among(&self.history, Some(self.about.settings.patience))
    }
}

// ANCHOR: from_bytes
/// Reads a file: a checkpoint, or weights under PyTorch's names. Nothing in it is believed before it was looked at.
///
/// # Errors
/// If the bytes are not a safetensors file, or not one of such a network, or were damaged.
pub fn from_bytes(bytes: &[u8]) -> Result<Model, BadModel> {
    let file = SafeTensors::deserialize(bytes).map_err(|error| what_it_is(bytes, &error))?;
    let mut all: Tensors<'_> = file.tensors().into_iter().collect();
    if !all.contains_key(CHECKSUM) {
        let alphabet = metadata(bytes, ALPHABET).map(|text| alphabet_of(&text)).transpose()?;
        let network = weights::read(&all)?;
        fits(&network, alphabet.as_ref())?;
        return Ok(Model { network, alphabet, run: None });
    }
    check_seal(bytes)?;
    let text = metadata(bytes, ABOUT);
    let text = text.ok_or_else(|| bad("no metadata", format!("metadata named `{ABOUT}`"), ANEW))?;
    let about: About = serde_json::from_str(&text).map_err(|error| {
        bad(format!("metadata that say {error}"), format!("those of version {VERSION}"), ANEW)
    })?;
    let mut list = |name: &str| {
        let view = all
            .remove(name)
            .ok_or_else(|| bad(format!("no tensor named `{name}`"), "it to be there", ANEW))?;
        numbers(name, &view, &[view.shape().iter().product()])
    };
    let [training, validation] = [list(HISTORY[0])?, list(HISTORY[1])?];
    let losses = training.iter().zip(&validation);
    let epoch = |(&training, &validation)| Epoch { training, unseen: f64::NAN, validation };
    let history: Vec<Epoch> = losses.map(epoch).collect();
    let run = Run {
        about,
        latest: list(LATEST)?,
        m: list(MOMENTS[0])?,
        v: list(MOMENTS[1])?,
        carried: [list(CARRIED[0])?, list(CARRIED[1])?],
        history,
    };
    all.remove(CHECKSUM);
    let network = weights::read(&all)?;
    consistent(&run, &network, training.len() == validation.len())?;
    let alphabet = Some(alphabet_of(&run.about.data.alphabet)?);
    fits(&network, alphabet.as_ref())?;
    Ok(Model { network, alphabet, run: Some(run) })
}
// ANCHOR_END: from_bytes

fn metadata(bytes: &[u8], key: &str) -> Option<String> {
    let (_, header) = SafeTensors::read_metadata(bytes).ok()?;
    header.metadata().as_ref()?.get(key).cloned()
}

fn alphabet_of(text: &str) -> Result<Alphabet, BadModel> {
    Alphabet::from_characters(text)
        .map_err(|error| bad(format!("an alphabet of which one {error}"), "one", ANEW))
}

fn fits(network: &Network, alphabet: Option<&Alphabet>) -> Result<(), BadModel> {
    match alphabet.map(Alphabet::len).filter(|symbols| *symbols != network.shape.symbols) {
        None => Ok(()),
        Some(symbols) => Err(bad(
            format!("an alphabet of {symbols} symbols, with the mark"),
            format!("{}, as many as the network reads", network.shape.symbols),
            ANEW,
        )),
    }
}

/// Whether every number is one that this program could have written, and whether all belong together: a file with a right
/// checksum can still be one that it never wrote.
fn consistent(run: &Run, network: &Network, paired: bool) -> Result<(), BadModel> {
    let Run { about, history, latest, m, v, carried } = run;
    let Settings { hidden, layers, dropout, learning_rate, clip, forget_bias, .. } = about.settings;
    let Settings { epochs, patience, batch, chunk, .. } = about.settings;
    let size = network.theta.len();
    let positive = |value: f64| value > 0.0 && value.is_finite();
    let loss = |value: f64| value >= 0.0;
    for (holds, expected) in [
        (about.version == VERSION, "a version that this program knows"),
        (hidden == network.shape.hidden, "as many units as the weights have"),
        (layers == network.shape.layers, "as many layers as the weights have"),
        ((0.0..1.0).contains(&dropout), "a dropout of at least 0 and below 1"),
        (positive(learning_rate) && positive(clip), "a positive learning rate and clipping length"),
        (forget_bias.is_none_or(|bias| bias.abs() <= 100.0), "a forget bias from -100 to 100"),
        (epochs > 0 && patience > 0 && batch > 0 && chunk > 0, "settings of at least 1"),
        (epochs.max(batch).max(chunk).max(patience) <= MOST, "settings of at most 100000"),
        ([latest.len(), m.len(), v.len()] == [size; 3], "as many moments as weights"),
        (v.iter().all(|v| *v >= 0.0), "mean squares that are not negative"),
        (carried[0].len() == carried[1].len(), "carried h and C of one size"),
        (carried[0].len().is_multiple_of(layers * hidden), "carried states of whole layers"),
        (loss(about.total.0), "a sum of losses that is 0 or more"),
        (paired && history.len() <= epochs, "losses of no more epochs than there were to be"),
        (history.iter().all(|it| loss(it.training) && loss(it.validation)), "losses of 0 or more"),
    ] {
        if !holds {
            return Err(bad("a checkpoint with other numbers in it", expected, ANEW));
        }
    }
    Ok(())
}

/// No count among the settings is larger.
pub const MOST: usize = 100_000;

impl Session {
    // ANCHOR: resume
    /// The run goes on where the checkpoint was written. None if it cannot have been on these data, or the file holds
    /// weights alone.
    ///
    /// # Panics
    /// As [`Session::new`].
    pub fn resume(model: Model, lessons: Lessons) -> Option<Session> {
        let Model { network, run, .. } = model;
        let Run { about, history, latest, m, v, carried } = run?;
        let shape = network.shape;
        let mut session = Session::new(about.settings, shape.symbols, lessons);
        let (epochs, inside) =
            (about.step / session.steps_per_epoch(), about.step % session.steps_per_epoch());
        let states = |all: &[f64]| -> Vec<_> {
            let size = all.len() / shape.layers;
            let batch = size / shape.hidden;
            let one = |part| nalgebra::DMatrix::from_column_slice(shape.hidden, batch, part);
            all.chunks(size.max(1)).map(one).collect()
        };
        let carried = states(&carried[0]).into_iter().zip(states(&carried[1]));
        session.carried = carried.map(|(h, c)| States { h, c }).collect();
        if history.len() as u64 != epochs || !session.goes_on_from(inside) {
            return None;
        }
        session.best = (!history.is_empty()).then_some(network.theta);
        session.network.theta = latest;
        (session.adam.m, session.adam.v, session.adam.t) = (m, v, about.step);
        (session.total, session.history) = (about.total, history);
        Some(session)
    }
    // ANCHOR_END: resume
}
