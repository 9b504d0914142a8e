//! A network, or a whole training run, as the bytes of a safetensors file.
//!
//! The weights have PyTorch's names. A checkpoint holds more: Adam's m and v, the losses so far, and as metadata
//! the settings, the step and a fingerprint of the data. Where there is validation, the weights are those of the
//! best epoch, and the latest, from which training goes on, lie beside Adam's. Its last four bytes are the CRC-32 of all others. A CRC-32
//! notices every single flipped bit, and every burst of up to 32; of arbitrary changes it misses one in 2³².

use std::collections::HashMap;

use digits::Sequence;
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};
use serde::Deserialize;

use crate::about::VERSION;
use crate::bounds::{bounds, consistent};
use crate::foreign::what_it_is;
use crate::network::tensors;
use crate::weights::{self, BadModel, Tensors, Weights, bad, numbers};
use crate::{
    About, Choice, DataAbout, Epoch, Network, Session, Settings, Validation, ValidationAbout,
};

/// The only metadata key: with several, their order in the file would be random.
const ABOUT: &str = "next-digit";
const CHECKSUM: &str = "checksum";
const ADAM: [&str; 2] = ["adam.m", "adam.v"];
const HISTORY: [&str; 2] = ["history.training", "history.unseen"];
/// Only where there is validation: the latest weights, and its losses.
const LATEST: &str = "latest";
const VALIDATION: &str = "history.validation";

/// The CRC-32 of all weights, in the order of θ.
pub fn weights_fingerprint(network: &Network<f32>) -> u32 {
    crc32fast::hash(&le_bytes(&network.theta))
}

// ANCHOR: to_bytes
/// The checkpoint of a run on these data.
pub fn to_bytes(session: &Session<f32>, data: &DataAbout) -> Vec<u8> {
    let Session { settings, trainer, total, history, .. } = session;
    let (adam, theta) = (&trainer.adam, &session.network().theta);
    let (version, step) = (VERSION, session.steps());
    let (data, from) = (data.clone(), session.from);
    let validation = session.validation.as_ref().map(|validation| validation.about);
    let (settings, total) = (*settings, *total);
    let about = About { version, settings, data, step, total, from, validation };

    let mut all: Vec<(&str, Dtype, Vec<usize>, Vec<u8>)> = Vec::new();
    for tensor in tensors(settings.hidden) {
        all.push((tensor.name, Dtype::F32, tensor.shape, le_bytes(&theta[tensor.range])));
    }
    for (name, values) in ADAM.into_iter().zip([&adam.m, &adam.v]) {
        all.push((name, Dtype::F32, vec![values.len()], le_bytes(values)));
    }
    type Loss = fn(&Epoch) -> f64;
    let mut losses: Vec<(&str, Loss)> =
        vec![(HISTORY[0], |epoch| epoch.training), (HISTORY[1], |epoch| epoch.unseen)];
    if validation.is_some() {
        let latest = &trainer.network.theta;
        all.push((LATEST, Dtype::F32, vec![latest.len()], le_bytes(latest)));
        losses.push((VALIDATION, |epoch| epoch.validation));
    }
    for (name, loss) in losses {
        let bytes = history.iter().flat_map(|epoch| loss(epoch).to_le_bytes()).collect();
        all.push((name, Dtype::F64, vec![history.len()], bytes));
    }
    // The only tensor of bytes: safetensors puts the widest type first, so this one comes last.
    all.push((CHECKSUM, Dtype::U8, vec![4], vec![0; 4]));
    seal(write(&all, Some(serde_json::to_string(&about).expect("finite numbers and strings"))))
}

/// Sets the last four bytes to the CRC-32 of all others.
///
/// # Panics
/// If there are fewer than four.
pub fn seal(mut bytes: Vec<u8>) -> Vec<u8> {
    let (body, checksum) = bytes.split_last_chunk_mut::<4>().expect("a header at least");
    *checksum = crc32fast::hash(body).to_le_bytes();
    bytes
}
// ANCHOR_END: to_bytes

/// The weights alone, as PyTorch's `safetensors.torch.save_file(model.state_dict(), …)` would write them.
pub fn weights_to_bytes(network: &Network<f32>) -> Vec<u8> {
    let all: Vec<_> = tensors(network.layer.hidden)
        .into_iter()
        .map(|t| (t.name, Dtype::F32, t.shape, le_bytes(&network.theta[t.range])))
        .collect();
    write(&all, None)
}

fn write(all: &[(&str, Dtype, Vec<usize>, Vec<u8>)], about: Option<String>) -> Vec<u8> {
    let views = all.iter().map(|(name, dtype, shape, bytes)| {
        let view = TensorView::new(*dtype, shape.clone(), bytes);
        (*name, view.expect("as many bytes as the shape says"))
    });
    let metadata = about.map(|about| HashMap::from([(ABOUT.to_owned(), about)]));
    safetensors::serialize(views, metadata).expect("a small header")
}

fn le_bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The network: where there was validation, the best one.
    pub network: Network<f32>,
    /// The rest of a checkpoint; none in a file that holds weights alone, such as PyTorch's.
    pub run: Option<Run>,
    /// What was done to read weights that were not written as --export writes them.
    pub notes: Vec<String>,
}

/// What a checkpoint holds beside the weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Settings, data, step.
    pub about: About,
    m: Vec<f32>,
    pub(crate) v: Vec<f32>,
    pub(crate) history: Vec<Epoch>,
    /// The parameters that training goes on from, where they are not those of the network.
    pub(crate) latest: Option<Vec<f32>>,
}

impl Run {
    /// What validation chose so far; nothing without it, or before the end of the first epoch.
    pub fn choice(&self) -> Option<Choice> {
        Choice::among(&self.history, self.about.validation?.patience)
    }
}

// ANCHOR: from_bytes
/// Reads a file. Nothing in it is believed before it was looked at: the checksum, every name, type
/// and shape, every number.
///
/// # Errors
/// If the bytes are not a safetensors file, or not one of such a network, or were damaged.
pub fn from_bytes(bytes: &[u8]) -> Result<Model, BadModel> {
    let file = SafeTensors::deserialize(bytes).map_err(|error| what_it_is(bytes, &error))?;
    let mut all: Tensors<'_> = file.tensors().into_iter().collect();
    let is_checkpoint = all.contains_key(CHECKSUM);
    if is_checkpoint {
        check_seal(bytes)?;
        let more = [ADAM[0], ADAM[1], HISTORY[0], HISTORY[1], LATEST, VALIDATION, CHECKSUM];
        all.retain(|name, _| !more.contains(&name.as_str()));
    }
    check_version(bytes)?;
    let Weights { network, notes } = weights::read(&all)?;
    if !is_checkpoint {
        return Ok(Model { network, run: None, notes });
    }
    // What this program wrote needs nothing done to it.
    if let Some(note) = notes.first() {
        return Err(bad(
            format!("a checkpoint, of which one {note}"),
            "weights as --save writes them",
        ));
    }
    let run = Some(read_run(bytes, &file, &network)?);
    Ok(Model { network, run, notes })
}

/// Whether the last four bytes are the CRC-32 of all others.
///
/// # Errors
/// If they are not.
///
/// # Panics
/// If there are fewer than four bytes.
pub fn check_seal(bytes: &[u8]) -> Result<(), BadModel> {
    let (body, checksum) = bytes.split_last_chunk::<4>().expect("longer than its checksum");
    let (found, expected) = (crc32fast::hash(body), u32::from_le_bytes(*checksum));
    if found == expected {
        return Ok(());
    }
    Err(bad(
        format!("bytes with the checksum {found:08x}: the file was damaged"),
        format!("the checksum {expected:08x}, as it was written"),
    ))
}
// ANCHOR_END: from_bytes

/// The text of the metadata.
fn about_text(bytes: &[u8]) -> Option<String> {
    let (_, header) = SafeTensors::read_metadata(bytes).ok()?;
    header.metadata().as_ref()?.get(ABOUT).cloned()
}

/// A later version may say anything but its number in another way, so that is read before the rest.
fn check_version(bytes: &[u8]) -> Result<(), BadModel> {
    #[derive(Deserialize)]
    struct Version {
        version: u64,
    }
    let text = about_text(bytes);
    match text.and_then(|text| serde_json::from_str(&text).ok()) {
        Some(Version { version }) if version > u64::from(VERSION) => Err(bad(
            format!("a checkpoint of version {version}, from a newer version of this program"),
            format!("version {VERSION}, or the newer program"),
        )),
        _ => Ok(()),
    }
}

fn read_run(bytes: &[u8], file: &SafeTensors<'_>, network: &Network<f32>) -> Result<Run, BadModel> {
    let text = about_text(bytes);
    let text = text.ok_or_else(|| bad("no metadata", format!("metadata named `{ABOUT}`")))?;
    let about: About = serde_json::from_str(&text)
        .map_err(|error| bad(format!("metadata that say {error}"), "those of version 1"))?;
    bounds(&about)?;
    let size = network.theta.len();
    let m = floats(file, ADAM[0], &[size])?;
    let v = floats(file, ADAM[1], &[size])?;
    let validates = about.validation.is_some();
    let stray = [LATEST, VALIDATION].into_iter().find(|name| file.names().contains(name));
    if let Some(name) = stray.filter(|_| !validates) {
        return Err(bad(format!("`{name}` in a run without validation"), "it not to be there"));
    }
    let latest = validates.then(|| floats(file, LATEST, &[size])).transpose()?;
    let history = read_history(file, validates)?;
    let run = Run { about, m, v, history, latest };
    let Run { about, v, history, latest, .. } = &run;
    consistent(about, network, history, v, latest.as_deref())?;
    Ok(run)
}

/// The losses of all epochs.
fn read_history(file: &SafeTensors<'_>, validates: bool) -> Result<Vec<Epoch>, BadModel> {
    let [training, unseen] = [doubles(file, HISTORY[0])?, doubles(file, HISTORY[1])?];
    let validation =
        if validates { doubles(file, VALIDATION)? } else { vec![f64::NAN; training.len()] };
    if [unseen.len(), validation.len()] != [training.len(); 2] {
        return Err(bad("losses of different numbers of epochs", "each loss for every epoch"));
    }
    let losses = training.into_iter().zip(unseen).zip(validation);
    Ok(losses
        .map(|((training, unseen), validation)| Epoch { training, unseen, validation })
        .collect())
}

fn view<'a>(file: &SafeTensors<'a>, name: &str) -> Result<TensorView<'a>, BadModel> {
    file.tensor(name).map_err(|_| bad(format!("no tensor named `{name}`"), "it to be there"))
}

/// A tensor of finite numbers.
fn floats(file: &SafeTensors<'_>, name: &str, shape: &[usize]) -> Result<Vec<f32>, BadModel> {
    let view = view(file, name)?;
    if view.dtype() != Dtype::F32 || view.shape() != shape {
        let found = format!("`{name}` of {} and the shape {:?}", view.dtype(), view.shape());
        return Err(bad(found, format!("F32 and the shape {shape:?}")));
    }
    numbers(name, &view)
}

fn doubles(file: &SafeTensors<'_>, name: &str) -> Result<Vec<f64>, BadModel> {
    let view = view(file, name)?;
    if view.dtype() != Dtype::F64 || view.shape().len() != 1 {
        let found = format!("`{name}` of {} and the shape {:?}", view.dtype(), view.shape());
        return Err(bad(found, "F64 and one dimension"));
    }
    Ok(view.data().as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect())
}

impl Session<f32> {
    /// A run that has not begun, on these weights in the place of random ones.
    ///
    /// # Panics
    /// As [`Session::new`], or if the settings ask for another number of hidden units.
    pub fn begin_with(
        network: Network<f32>,
        settings: Settings,
        training: &[Sequence],
        threads: usize,
    ) -> Session<f32> {
        assert_eq!(settings.hidden, network.layer.hidden, "hidden units");
        let mut session = Session::new(settings, training, threads);
        session.from = Some(weights_fingerprint(&network));
        session.trainer.network = network;
        session
    }

    // ANCHOR: resume
    /// The run goes on where the checkpoint was written.
    ///
    /// # Panics
    /// If the sequences to learn from or those held aside are not those of the checkpoint: compare the
    /// [`fingerprint`] first.
    pub fn resume(
        model: Model,
        training: &[Sequence],
        held: &[Sequence],
        threads: usize,
    ) -> Option<Session<f32>> {
        let Model { network, run, .. } = model;
        let Run { about, m, v, mut history, latest } = run?;
        let mut session = Session::new(about.settings, training, threads);
        session.trainer.network = network;
        if let Some((ValidationAbout { wanted, patience, .. }, latest)) =
            about.validation.zip(latest)
        {
            let mut validation = Validation::new(training.len(), held.to_vec(), wanted, patience);
            assert_eq!(Some(validation.about), about.validation, "other sequences");
            let network = &mut session.trainer.network;
            validation.best = (!history.is_empty()).then(|| network.clone());
            network.theta = latest;
            session.validation = Some(validation);
        }
        let adam = &mut session.trainer.adam;
        (adam.m, adam.v, adam.t) = (m, v, about.step);
        (session.total, session.from) = (about.total, about.from);
        session.history.append(&mut history);
        Some(session)
    }
    // ANCHOR_END: resume
}
