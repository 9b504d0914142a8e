//! From what was asked for to what will be done: checked before the first step is taken.

use std::path::Path;

use anyhow::{Result, bail, ensure};
use files::{problem, read};
use own_sequences::{Alphabet, Model, Session, Settings, from_bytes};

use crate::cli::Options;
use crate::data::{Data, LONGEST, Material};
use crate::outputs::Outputs;

/// The most memory that a run may need, in GiB.
const MOST_MEMORY: f64 = 8.0;
/// The most that a file of weights may hold.
const LIMIT: u64 = 1 << 30;

/// A run that can begin, or go on.
pub(crate) struct Plan {
    pub(crate) data: Data,
    pub(crate) session: Session,
    pub(crate) outputs: Outputs,
}

impl Plan {
    /// Looks at everything that was asked for. Nothing is written yet.
    pub(crate) fn new(options: &Options) -> Result<Plan> {
        let Some(file) = &options.file else {
            bail!("no FILE to learn from; name one, or a --model to ask (--help says more)");
        };
        // First the lock: what is read after it nobody else is writing. But a file that is no checkpoint is told that,
        // before whether it may be written.
        let outputs = Outputs::new(options);
        match &options.resume {
            Some(resume) => go_on(resume, load(resume)?, file, options, outputs?),
            None => begin(file, options, outputs?),
        }
    }
}

/// A new run.
fn begin(file: &Path, options: &Options, outputs: Outputs) -> Result<Plan> {
    let from = options.from.as_ref().map(|from| load(from).map(|model| (from, model)));
    let from = from.transpose()?;
    let seed = options.seed.unwrap_or(1);
    let data = Data::read(file, options.text, seed)?;
    let shape = from.as_ref().map(|(_, model)| model.network.shape);
    let layers = shape.map(|shape| shape.layers).or(options.layers).unwrap_or(1);
    let dropout = options.dropout.unwrap_or(0.0);
    ensure!(
        dropout == 0.0 || layers > 1,
        "--dropout {dropout}: it drops what passes between layers, and there is one; add --layers 2, or leave it out"
    );
    let settings = Settings {
        hidden: shape.map(|shape| shape.hidden).or(options.hidden).unwrap_or(64),
        layers,
        dropout,
        epochs: options.epochs.unwrap_or(100),
        patience: options.patience.unwrap_or(5),
        batch: options.batch.unwrap_or(32),
        chunk: options.chunk.unwrap_or(50),
        learning_rate: options.lr.unwrap_or(0.005),
        clip: options.clip.unwrap_or(1.0),
        forget_bias: options.forget_bias,
        seed,
    };
    check_memory(&settings, &data)?;
    let mut session = Session::new(settings, data.alphabet.len(), data.lessons());
    if let Some((place, model)) = from {
        same_symbols(place, &model, &data.alphabet)?;
        session.network = model.network;
    }
    Ok(Plan { data, session, outputs })
}

fn same_symbols(place: &Path, model: &Model, alphabet: &Alphabet) -> Result<()> {
    let characters = |alphabet: &Alphabet| format!("{:?}", alphabet.characters());
    let found = match &model.alphabet {
        Some(known) if known != alphabet => {
            format!("a network for the characters {}", characters(known))
        }
        _ if model.network.shape.symbols != alphabet.len() => {
            format!("a network for {} symbols", model.network.shape.symbols)
        }
        _ => return Ok(()),
    };
    let expected = format!("one for those of FILE, {} and the end mark", characters(alphabet));
    Err(problem(
        &place.display().to_string(),
        &found,
        &expected,
        "name another file, or leave --from out",
    ))
}

// ANCHOR: go_on
/// A run that goes on, with the data that it began with.
fn go_on(
    resume: &Path,
    mut model: Model,
    file: &Path,
    options: &Options,
    outputs: Outputs,
) -> Result<Plan> {
    let place = resume.display().to_string();
    let Some(run) = &mut model.run else {
        let to_do = "begin with these weights by --from, or ask them with --model";
        bail!(problem(&place, "weights alone", "a checkpoint that --save wrote", to_do));
    };
    let settings = &mut run.about.settings;
    settings.epochs = options.epochs.unwrap_or(settings.epochs);
    settings.patience = options.patience.unwrap_or(settings.patience);
    settings.learning_rate = options.lr.unwrap_or(settings.learning_rate);
    let (done, asked) = (run.history.len(), settings.epochs);
    ensure!(
        asked >= done,
        "--epochs {asked}: the run in {place} has gone through {done} already; ask for more"
    );
    let text = run.about.data.text;
    ensure!(text || !options.text, "--text: the run in {place} began without it; leave --text out");
    let data = Data::read(file, text, settings.seed)?;
    let other = |found: &str| {
        let expected = format!("one on {}", file.display());
        problem(&place, found, &expected, "go on with the data that the run began with")
    };
    ensure!(data.about == run.about.data, other("a run on other data"));
    check_memory(settings, &data)?;
    let session = Session::resume(model, data.lessons());
    let session = session.ok_or_else(|| other("a step that no run on these data has"))?;
    Ok(Plan { data, session, outputs })
}
// ANCHOR_END: go_on

/// The states of all steps of a batch, the scores, and the parameters with their gradients and moments.
fn check_memory(settings: &Settings, data: &Data) -> Result<()> {
    let Settings { hidden, layers, batch, chunk, .. } = *settings;
    let symbols = data.alphabet.len();
    let steps = match &data.material {
        Material::Lines(parts) => {
            parts.training.iter().map(Vec::len).max().unwrap_or(0).min(LONGEST + 1)
        }
        Material::Text(_) => chunk,
    };
    let states = steps * batch * (16 * hidden * layers + 3 * symbols);
    let parameters = layers * 4 * hidden * (hidden + symbols) + symbols * hidden;
    let gibibytes = (states + 12 * parameters) as f64 * 8.0 / f64::from(1 << 30);
    ensure!(
        gibibytes <= MOST_MEMORY,
        "--hidden {hidden} with --layers {layers} and --batch {batch} of {steps} steps and {symbols} symbols needs about \
         {gibibytes:.0} GiB, more than {MOST_MEMORY:.0}; make one of them smaller"
    );
    Ok(())
}

/// Reads a model.
pub(crate) fn load(file: &Path) -> Result<Model> {
    from_bytes(&read(file, LIMIT)?).map_err(|error| {
        problem(&file.display().to_string(), &error.found, &error.expected, &error.to_do)
    })
}

/// The characters of a model. PyTorch's files don't say them.
pub(crate) fn alphabet(options: &Options, model: &Model) -> Result<Alphabet> {
    let file = options.model.as_deref().unwrap_or(Path::new("--model"));
    model.alphabet.clone().ok_or_else(|| {
        problem(
            &file.display().to_string(),
            "weights without an alphabet",
            "a checkpoint, or weights that --export wrote",
            "train with FILE and --from this; what it exports knows its alphabet",
        )
    })
}

/// Where a run ended, and how it goes on.
pub(crate) fn end(session: &Session, options: &Options) -> String {
    let all = session.steps_per_epoch() * session.settings.epochs as u64;
    let to_do = match options.save.as_ref().or(options.resume.as_ref()) {
        Some(file) => format!("to go on: --resume {}", file.display()),
        None => "nothing was saved; --save FILE keeps a run".to_owned(),
    };
    format!("ended after step {} of {all}; {to_do}", session.steps())
}

/// What to do about a run that blew up.
pub(crate) fn smaller_steps(options: &Options) -> String {
    let file = options.save.as_ref().or(options.resume.as_ref());
    let kept = file.map_or(String::new(), |file| {
        format!("; {} holds the last checkpoint before it", file.display())
    });
    format!("try a smaller --lr{kept}")
}
