//! From what was asked for to what will be done: checked before the first step is taken.

use std::path::Path;

use anyhow::{Result, bail, ensure};
use digits::Task;
use files::{problem, read};
use next_digit::{
    About, DataAbout, Model, SHARD, Session, Settings, Validation, fingerprint, from_bytes,
};
use one_matrix::LANES;

use crate::cli::Options;
use crate::data::{Data, MOST_MEMORY};
use crate::outputs::Outputs;

/// The program's networks count in `f32`.
pub(crate) type Network = next_digit::Network<f32>;

/// A run that can begin, or go on.
pub(crate) struct Plan {
    pub(crate) data: Data,
    pub(crate) session: Session<f32>,
    /// Where checkpoints, curves and weights go.
    pub(crate) outputs: Outputs,
    /// What was done to read the weights that it begins with.
    pub(crate) notes: Vec<String>,
}

impl Plan {
    /// Looks at everything that was asked for. Nothing is written yet.
    pub(crate) fn new(options: &Options, question: Option<&[u8]>) -> Result<Plan> {
        // First the lock: what is read after it nobody else is writing. But a file that is no checkpoint is
        // told that, before whether it may be written.
        let outputs = Outputs::new(options);
        match &options.resume {
            Some(file) => resume(file, load(file)?, options, outputs?),
            None => begin(options, question, outputs?),
        }
    }
}

/// Where a run ended, and how it goes on.
pub(crate) fn end(session: &Session<f32>, options: &Options) -> String {
    let all = session.steps_per_epoch() * session.settings.epochs as u64;
    let to_do = match options.save.as_ref().or(options.resume.as_ref()) {
        Some(file) => format!("to go on: --resume {}", file.display()),
        None => "nothing was saved; --save FILE keeps a run".to_owned(),
    };
    format!("ended after step {} of {all}; {to_do}", session.steps())
}

/// What is left of a run that blew up.
pub(crate) fn last_checkpoint(options: &Options) -> String {
    let file = options.save.as_ref().or(options.resume.as_ref());
    file.map_or(String::new(), |file| {
        format!("; {} holds the last checkpoint before it", file.display())
    })
}

/// A new run.
fn begin(options: &Options, question: Option<&[u8]>, outputs: Outputs) -> Result<Plan> {
    let seed = options.seed.unwrap_or(1);
    let mut data = new_data(options, question, seed)?;
    if let Some(wanted) = options.validation {
        data.hold_aside(wanted, seed)?;
    }
    ensure!(
        options.patience.is_none() || options.validation.is_some(),
        "--patience waits for a better validation loss; add --validation, such as --validation {}",
        data.about.training.div_ceil(5)
    );
    let training = data.split.training.len();
    let batch = options.batch.unwrap_or(training.min(32));
    ensure!(batch <= training, "--batch {batch} is larger than the {training} training sequences");
    let given = options.from.as_ref().map(|file| given(file, options)).transpose()?;
    let hidden = given.as_ref().map(|model| model.network.layer.hidden).or(options.hidden);
    let settings = Settings {
        hidden: hidden.unwrap_or(32),
        epochs: options.epochs.unwrap_or(50),
        batch,
        learning_rate: options.lr.unwrap_or(0.01),
        clip: options.clip,
        forget_bias: options.forget_bias,
        seed,
    };
    check_memory(&settings, data.about.digits, options.threads)?;
    let (learnt, threads) = (&data.split.training, options.threads);
    let (mut session, notes) = match given {
        Some(Model { network, notes, .. }) => {
            (Session::begin_with(network, settings, learnt, threads), notes)
        }
        None => (Session::new(settings, learnt, threads), Vec::new()),
    };
    session.validation = (options.validation)
        .map(|wanted| Validation::new(training, data.held.clone(), wanted, options.patience));
    Ok(Plan { data, session, outputs, notes })
}

/// The weights that a run begins with.
fn given(file: &Path, options: &Options) -> Result<Model> {
    let mut model = load(file)?;
    let (place, hidden) = (file.display(), model.network.layer.hidden);
    if let Some(asked) = options.hidden.filter(|asked| *asked != hidden) {
        bail!(
            "--hidden {asked}: the network in {place} has {hidden} hidden units; leave --hidden out"
        );
    }
    if let Some(bias) = options.forget_bias {
        bail!(
            "--forget-bias {bias:?}: with --from, all biases begin as {place} has them; leave --forget-bias out"
        );
    }
    if model.run.is_some() {
        let note = "took the weights of a checkpoint, not its settings, its step or its optimiser";
        say_notes(file, &[note.to_owned()]);
        model.notes.push(note.to_owned());
    }
    Ok(model)
}

fn new_data(options: &Options, question: Option<&[u8]>, seed: u64) -> Result<Data> {
    if let Some(file) = &options.data {
        return Data::read(file, seed, options.window, None);
    }
    let length = match (question, options.length) {
        (None, length) => length.unwrap_or(4),
        (Some(digits), None) => digits.len(),
        (Some(digits), Some(length)) if length == digits.len() => length,
        (Some(digits), Some(length)) => bail!(
            "--length {length} asks for {length} digits to predict from, but {} were given; leave --length out",
            digits.len()
        ),
    };
    ensure!(length <= 999, "{length} digits are too many: at most 999 can be predicted from");
    let task = options.task.unwrap_or(Task::Random);
    let (training, unseen) = if task == Task::Progression { (80, 20) } else { (1000, 1000) };
    let training = options.training.unwrap_or(training);
    let unseen = options.unseen.unwrap_or(unseen);
    Data::draw(task, length + 1, training, unseen, seed)
}

/// The states of all steps of a shard, for each thread, and the parameters with their gradients and moments.
fn check_memory(settings: &Settings, digits: usize, threads: usize) -> Result<()> {
    let hidden = settings.hidden.next_multiple_of(LANES);
    let states = 8 * hidden * digits * settings.batch.min(SHARD);
    let parameters = 4 * hidden * (hidden + 24);
    let numbers = threads * (states + parameters) + 6 * parameters;
    let gibibytes = numbers as f64 * 4.0 / f64::from(1 << 30);
    ensure!(
        gibibytes <= MOST_MEMORY,
        "--hidden {} with sequences of {digits} digits on --threads {threads} needs about {gibibytes:.0} GiB, \
         more than {MOST_MEMORY:.0}; make one of them smaller",
        settings.hidden
    );
    Ok(())
}

/// Says on standard error what was done to read a file.
fn say_notes(file: &Path, notes: &[String]) {
    for note in notes {
        say::note(format!("{}: {note}", file.display()));
    }
}

/// Reads a model.
pub(crate) fn load(file: &Path) -> Result<Model> {
    // A checkpoint of the largest network has three times its parameters, and 16 bytes for each epoch.
    let bytes = read(file, 128 << 20)?;
    let model = from_bytes(&bytes).map_err(|error| {
        problem(&file.display().to_string(), &error.found, &error.expected, &error.to_do)
    })?;
    say_notes(file, &model.notes);
    Ok(model)
}

// ANCHOR: resume
/// A run that goes on.
fn resume(file: &Path, mut model: Model, options: &Options, outputs: Outputs) -> Result<Plan> {
    let Some(run) = &mut model.run else {
        bail!(problem(
            &file.display().to_string(),
            "weights without an optimiser",
            "a checkpoint that --save wrote",
            "ask it with `eval` or `predict` and --model",
        ));
    };
    agree(file, options, &run.about)?;
    let settings = &mut run.about.settings;
    settings.epochs = options.epochs.unwrap_or(settings.epochs);
    settings.learning_rate = options.lr.unwrap_or(settings.learning_rate);
    if let Some(validation) = &mut run.about.validation {
        validation.patience = options.patience.or(validation.patience);
    }
    let settings = &run.about.settings;
    check_memory(settings, run.about.data.digits, options.threads)?;
    let data = data_for(file, options, Some(&run.about))?;
    ensure!(
        data.about.is_same(&run.about.data),
        problem(
            &file.display().to_string(),
            &format!("a run on other data (fingerprint {:08x})", run.about.data.fingerprint),
            &format!("one on these (fingerprint {:08x})", data.about.fingerprint),
            "go on with the data that the run began with",
        )
    );
    let session = Session::resume(model, &data.split.training, &data.held, options.threads);
    let session = session.expect("a checkpoint");
    Ok(Plan { data, session, outputs, notes: Vec::new() })
}
// ANCHOR_END: resume

/// Whatever was asked for beside --resume has to be what the run began with; only the number of epochs, the learning
/// rate and the patience can be others.
fn agree(file: &Path, options: &Options, about: &About) -> Result<()> {
    let (settings, data) = (&about.settings, &about.data);
    let number =
        |value: Option<f64>| value.map_or("nothing".to_owned(), |value| format!("{value:?}"));
    let text = |value: Option<usize>| value.map(|value| value.to_string());
    let task = data.task.clone().unwrap_or("a file (--data)".into());
    let wanted = text(about.validation.map(|validation| validation.wanted));
    let wanted = wanted.unwrap_or("nothing".into());
    if let (Some(patience), None) = (options.patience, about.validation) {
        bail!(
            "--patience {patience}: the run in {} began without --validation; leave --patience out, or start \
             anew",
            file.display()
        );
    }
    for (flag, asked, began) in [
        ("--task", options.task.map(|task| task.to_string()), task),
        ("--length", text(options.length), (data.digits - 1).to_string()),
        ("--training", text(options.training), data.training.to_string()),
        ("--unseen", text(options.unseen), data.unseen.to_string()),
        ("--window", text(options.window), data.window.map_or("none".into(), |n| n.to_string())),
        ("--validation", text(options.validation), wanted),
        ("--hidden", text(options.hidden), settings.hidden.to_string()),
        ("--batch", text(options.batch), settings.batch.to_string()),
        ("--seed", options.seed.map(|seed| seed.to_string()), settings.seed.to_string()),
        ("--clip", options.clip.map(|clip| number(Some(clip))), number(settings.clip)),
        (
            "--forget-bias",
            options.forget_bias.map(|bias| number(Some(bias))),
            number(settings.forget_bias),
        ),
    ] {
        if let Some(asked) = asked.filter(|asked| *asked != began) {
            bail!(
                "{flag} {asked}: the run in {} began with {began}; leave {flag} out, or start anew",
                file.display()
            );
        }
    }
    let done = about.step.div_ceil(about.steps_per_epoch());
    match options.epochs {
        Some(epochs) if (epochs as u64) < done => bail!(
            "--epochs {epochs}: the run in {} is in its epoch {done} already; ask for more",
            file.display()
        ),
        _ => Ok(()),
    }
}

/// The data to go on with, or to examine a model on: those that were asked for, or those of the model. Where they are
/// those of the model, what was held aside then is held aside again.
pub(crate) fn data_for(file: &Path, options: &Options, about: Option<&About>) -> Result<Data> {
    let mut data = all_data_for(file, options, about)?;
    let Some(About { validation: Some(validation), settings, data: known, .. }) = about else {
        return Ok(data);
    };
    if data.about.is_same(known) {
        data.hold_aside(validation.wanted, settings.seed)?;
        ensure!(
            fingerprint(&data.held, &[]) == validation.fingerprint,
            problem(
                &file.display().to_string(),
                &format!("other sequences held aside (fingerprint {:08x})", validation.fingerprint),
                "those that this program holds aside",
                "go on with the version of the program that began the run",
            )
        );
    }
    Ok(data)
}

fn all_data_for(file: &Path, options: &Options, about: Option<&About>) -> Result<Data> {
    let seed = options.seed.or(about.map(|about| about.settings.seed)).unwrap_or(1);
    if let Some(file) = &options.data {
        let recorded = about.and_then(|about| about.data.window);
        return Data::read(file, seed, options.window, recorded);
    }
    let Some(About { data, .. }) = about else { return new_data(options, None, seed) };
    let task = match (options.task, &data.task) {
        (Some(task), _) => task,
        (None, Some(name)) => name.parse()?,
        (None, None) => bail!(
            "{} was trained on a file of sequences; name that file with --data",
            file.display()
        ),
    };
    let mut options = options.clone();
    if options.task.is_none() {
        options.length = options.length.or(Some(data.digits - 1));
        options.training = options.training.or(Some(data.training));
        options.unseen = options.unseen.or(Some(data.unseen));
    }
    options.task = Some(task);
    new_data(&options, None, seed)
}

/// The data that a model was trained on, where they can be drawn again.
pub(crate) fn data_of(about: &About) -> Option<Data> {
    let DataAbout { task, digits, training, unseen, .. } = &about.data;
    let task = task.as_ref()?.parse().ok()?;
    let data = Data::draw(task, *digits, *training, *unseen, about.settings.seed).ok()?;
    data.about.is_same(&about.data).then_some(data)
}
