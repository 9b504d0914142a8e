//! What the program says, in the form that the book's checker reads (sections, `label = value`, tables), or as
//! one JSON object a line.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use digits::{
    CHANCE, DIGITS, LookupTable, Sequence, Task, accuracy, chance_band, chance_loss, memory_loss,
    share_seen,
};
use loss_and_optimiser::softmax;
use nalgebra::DVector;
use next_digit::{
    About, Choice, Epoch, Evidence, Repeats, Scores, Session, TAIL, examine, tensors,
};
use serde_json::{Value, json};

use crate::data::Data;
use crate::meaning;
use crate::plan::{Network, data_of};

/// Scores, and the answer to each sequence.
pub(crate) type Examined = (Scores, Vec<u8>);

/// What a lookup table does with contexts that it never saw.
const NO_ENTRY: &str = "a lookup table; it has to say the commonest digit of training";

/// Something to be said, in both ways.
pub(crate) struct Report {
    pub(crate) text: String,
    pub(crate) json: Value,
}

impl Report {
    /// With what was done to read a file, where anything was.
    pub(crate) fn noting(mut self, notes: &[String]) -> Report {
        if !notes.is_empty() {
            self.json["read"] = json!(notes);
        }
        self
    }

    /// Results of a run that began with given weights: "unseen" is then only known of that run.
    pub(crate) fn of_this_run(mut self) -> Report {
        let more = "That is said of this run: it began with given weights, and what those were trained on is \
                    not known here.";
        let meaning =
            self.json["meaning"].as_str().map_or(String::new(), |text| format!("{text} "));
        self.json["meaning"] = json!(meaning + more);
        self.text += &(wrap(more) + "\n");
        self
    }
}

/// What was written, where nothing else was asked for.
pub(crate) fn exported(network: &Network, file: Option<&Path>) -> Report {
    let (hidden, parameters) = (network.layer.hidden, network.theta.len());
    let text = format!(
        "# export: weights alone, as PyTorch names them\n\
         hidden     = {hidden}  units\n\
         parameters = {parameters}  numbers in {} tensors\n",
        tensors(hidden).len()
    );
    let file = file.map(|file| file.display().to_string());
    let json =
        json!({ "event": "export", "file": file, "hidden": hidden, "parameters": parameters });
    Report { text, json }
}

/// What is about to be trained, on what.
pub(crate) fn setup(data: &Data, session: &Session<f32>) -> Report {
    let (about, settings) = (&data.about, &session.settings);
    let parameters = session.trainer.network.theta.len();
    let number =
        |value: Option<f64>, without: &str| value.map_or(without.to_owned(), |v| format!("{v:?}"));
    let unseen = unseen(data);
    let (size, training) = match about.window {
        Some(_) => (
            "digits of a window are read, the next one is to be predicted",
            "windows to learn from",
        ),
        None => ("digits are read, the next one is to be predicted", "sequences to learn from"),
    };
    let mut lines = vec![
        ("length", (about.digits - 1).to_string(), size),
        ("training", data.split.training.len().to_string(), training),
        ("unseen", about.unseen.to_string(), &unseen),
        ("hidden", settings.hidden.to_string(), "units"),
        ("parameters", parameters.to_string(), "numbers to be learnt"),
        ("epochs", settings.epochs.to_string(), "times through the training sequences"),
        ("batch", settings.batch.to_string(), "sequences to a step"),
        ("lr", format!("{:?}", settings.learning_rate), "learning rate of Adam"),
        ("seed", settings.seed.to_string(), ""),
    ];
    if settings.clip.is_some() {
        lines.push(("clip", number(settings.clip, ""), "longer gradients are shortened to this"));
    }
    if settings.forget_bias.is_some() {
        lines.push(("forget-bias", number(settings.forget_bias, ""), "where it starts"));
    }
    if let Some(from) = session.from {
        lines.push((
            "from",
            format!("{from:08x}"),
            "the fingerprint of the weights that it began with",
        ));
    }
    if let Some(validation) = session.validation.as_ref().map(|validation| validation.about) {
        let held = (validation.held.to_string(), "held aside: they choose the epoch");
        lines.insert(2, ("validation", held.0, held.1));
        if let Some(patience) = validation.patience {
            let meaning = "epochs in a row without a better validation loss end it";
            lines.push(("patience", patience.to_string(), meaning));
        }
    }
    if session.steps() > 0 {
        lines.push(("resumed", session.steps().to_string(), "steps were taken before"));
    }
    let mut text = format!("# setup: {}\n", title(data));
    for (label, value, meaning) in lines {
        let _ = writeln!(text, "{}", format!("{label:<10} = {value}  {meaning}").trim_end());
    }
    let json = json!({
        "event": "setup", "data": about, "settings": settings, "parameters": parameters,
        "validation": session.validation.as_ref().map(|validation| validation.about),
        "step": session.steps(), "from": session.from,
    });
    Report { text: text + "\n", json }
}

/// What the test set has to do with training.
fn unseen(data: &Data) -> String {
    let Some(window) = data.about.window else {
        return "others; none of their contexts is in training".into();
    };
    let seen = share_seen(&data.split.training, &data.split.unseen);
    let both = (seen * data.about.unseen as f64).round();
    let gap = window - 1;
    format!("in the last fifth, after a gap of {gap}; {both} contexts are in both")
}

fn title(data: &Data) -> String {
    let task = data.task();
    let about = match task {
        Some(Task::Random) => "the article's digits, all random",
        Some(Task::Sum) => "random digits, then the last two added modulo 10",
        Some(Task::First) => "random digits, then the first one again",
        Some(Task::Progression) => "equal steps modulo 10, such as 7 0 3 6 9",
        None if data.about.window.is_some() => return "one series from a file, in windows".into(),
        None => return "sequences from a file".into(),
    };
    task.map_or(String::new(), |task| format!("{task} ({about})"))
}

/// After an epoch. As text there is a progress bar instead.
pub(crate) fn epoch(session: &Session<f32>, seconds: f64, sequences_per_second: f64) -> Value {
    let last = session.history.last();
    let loss = |of: fn(&Epoch) -> f64| last.map(of);
    let mut line = json!({
        "event": "epoch", "epoch": session.history.len(), "step": session.steps(),
        "loss": loss(|epoch| epoch.training), "unseen_loss": loss(|epoch| epoch.unseen),
        "lr": session.settings.learning_rate, "seconds": (1e3 * seconds).round() / 1e3,
        "sequences_per_second": sequences_per_second.round(),
    });
    if let Some(choice) = session.choice() {
        line["validation_loss"] = json!(loss(|epoch| epoch.validation));
        line["best_epoch"] = json!(choice.epoch);
    }
    line
}

/// Which epoch validation chose, on so many sequences.
pub(crate) fn choice(choice: &Choice, held: usize) -> Report {
    let Choice { epoch, loss, gone, stopped } = *choice;
    let end = if stopped { ", until its patience ended" } else { "" };
    let text = format!(
        "# validation: which epoch's weights are kept\n\
         best       = {epoch}  the epoch with the lowest loss on the {held} sequences held aside\n\
         best-loss  = {}  that loss, in nats\n\
         gone       = {gone}  epochs that it went through{end}\n\n",
        nats(loss),
    );
    let json = json!({
        "event": "validation", "best_epoch": epoch, "validation_loss": loss, "of": held, "epochs": gone,
        "stopped_by_patience": stopped,
    });
    Report { text, json }
}

/// How the network did, beside chance and memory.
pub(crate) fn results(data: &Data, training: &Examined, unseen: &Examined) -> Report {
    let split = &data.split;
    let table = LookupTable::learn(&split.training);
    let ceiling = accuracy(&split.training, |context| table.guess(context));
    let floor = memory_loss(&split.training);
    let by_table = accuracy(&split.unseen, |context| table.guess(context));
    let repeats = data.repeats();
    let learnt = Evidence::weigh(&split.training, &training.1, None, repeats);
    let counted = Evidence::weigh(&split.unseen, &unseen.1, Some(&table), repeats);
    let (verdict, meaning) =
        meaning::of_training(data, [&learnt, &counted], [&training.0, &unseen.0]);
    let (fewest, most) = chance_band(unseen.0.of, TAIL);
    let is_series = data.about.window.is_some();
    let by_table_means = if is_series { "a lookup table of training" } else { NO_ENTRY };

    let text = format!(
        "# results: loss in nats, accuracy in percent; memory: a table, in training\n\
         measure  | training | unseen  | chance  | memory\n\
         loss     | {:>8} | {:>7} | {:>7.3} | {floor:>7.3}\n\
         accuracy | {:>8.2} | {:>7.2} | {:>7.2} | {:>7.2}\n\n",
        nats(training.0.loss),
        nats(unseen.0.loss),
        chance_loss(),
        100.0 * training.0.accuracy(),
        100.0 * unseen.0.accuracy(),
        100.0 * CHANCE,
        100.0 * ceiling,
    );
    let json = json!({
        "event": "results", "training": scores(&training.0), "unseen": scores(&unseen.0),
        "chance": { "loss": chance_loss(), "accuracy": CHANCE, "fewest": fewest, "most": most },
        "memory": { "loss": floor, "accuracy": ceiling, "unseen_accuracy": by_table },
        "counted": evidence(&counted), "verdict": verdict.word(), "meaning": meaning,
    });
    Report {
        text: text
            + &floors(&counted, unseen.0.of, data, Some(by_table_means))
            + &in_words(&meaning),
        json,
    }
}

/// What there is to beat, and how far luck carries it; `table` says what a lookup table does there, if there is one.
fn floors(counted: &Evidence, given: usize, data: &Data, table: Option<&str>) -> String {
    let percent = |right: usize| 100.0 * right as f64 / counted.of.max(1) as f64;
    let (low, high) = counted.band();
    let counts = match data.repeats() {
        Repeats::Once => "sequences: each context counts once",
        Repeats::All => "windows: each has a digit of its own to predict",
    };
    let mut text = format!(
        "# floors: what needs no network, on unseen sequences, in percent\n\
         counted   = {}  of {given} {counts}\n\
         network   = {:.2}  right of these, to compare\n\
         commonest = {:.2}  to say {} always, which one knows only afterwards\n",
        counted.of,
        percent(counted.right),
        percent(counted.commonest),
        counted.digit,
    );
    if let Some(table) = table {
        let _ = writeln!(text, "table     = {:.2}  {table}", percent(counted.table));
    }
    let best = if table.is_some() { "the better of them" } else { "that" };
    let _ = write!(
        text,
        "low       = {:.2}  luck gives {best} less in one run of 2000\n\
         high      = {:.2}  luck gives {best} more in one run of 2000\n\n",
        percent(low),
        percent(high),
    );
    text
}

fn evidence(counted: &Evidence) -> Value {
    let (fewest, most) = counted.band();
    json!({
        "right": counted.right, "of": counted.of, "commonest": counted.commonest, "digit": counted.digit,
        "table": counted.table, "yardstick": counted.yardstick(), "fewest": fewest, "most": most,
        "surely": counted.surely(),
    })
}

fn in_words(meaning: &str) -> String {
    format!("# meaning: in a sentence\n{}\n", wrap(meaning))
}

fn scores(scores: &Scores) -> Value {
    json!({ "loss": scores.loss, "accuracy": scores.accuracy(), "right": scores.right, "of": scores.of })
}

/// How a network does on other data than those of its training, of which more or less is known.
pub(crate) fn examined(network: &Network, about: Option<&About>, data: &Data) -> Report {
    let all = [data.split.training.as_slice(), &data.split.unseen].concat();
    let (given, answers) = examine(network, &all);
    let trained_on = about.and_then(data_of);
    let table = trained_on.as_ref().map(|known| LookupTable::learn(&known.split.training));
    let learnt = trained_on.as_ref().map(|known| {
        let training = &known.split.training;
        Evidence::weigh(training, &examine(network, training).1, None, known.repeats())
    });
    let seen: BTreeSet<&[u8]> = (trained_on.iter())
        .flat_map(|known| known.split.training.iter().map(|s| s.context.as_slice()))
        .collect();
    let is_fresh = |s: &Sequence| !seen.contains(s.context.as_slice());
    let (fresh, answers): (Vec<Sequence>, Vec<u8>) =
        all.iter().cloned().zip(answers).filter(|(s, _)| is_fresh(s)).unzip();
    let counted = Evidence::weigh(&fresh, &answers, table.as_ref(), data.repeats());
    let independent = data.is_independent();
    let (verdict, meaning) =
        meaning::of_others(about, learnt.as_ref(), &counted, given.of, independent);
    let memory = about.and_then(|about| about.data.memory.as_ref());
    let mut text = format!(
        "# results: loss in nats, accuracy in percent, on {} sequences\n\
         measure  | given   | chance\n\
         loss     | {:>7} | {:>6.3}\n\
         accuracy | {:>7.2} | {:>6.2}\n\n",
        given.of,
        nats(given.loss),
        chance_loss(),
        100.0 * given.accuracy(),
        100.0 * CHANCE,
    );
    if counted.of > 0 {
        text += &floors(&counted, given.of, data, table.as_ref().map(|_| NO_ENTRY));
    }
    let json = json!({
        "event": "results", "given": scores(&given), "counted": evidence(&counted), "trained_on_memory": memory,
        "seen_in_training": table.is_some().then(|| all.len() - fresh.len()),
        "verdict": verdict.word(), "meaning": meaning,
    });
    Report { text: text + &in_words(&meaning), json }
}

/// A loss: three decimals, or what fits where it is enormous.
fn nats(loss: f64) -> String {
    if loss < 1e4 { format!("{loss:.3}") } else { format!("{loss:.1e}") }
}

/// The network's answer to a question; `data` are those that it was trained on, where they are known.
pub(crate) fn prediction(
    task: Option<Task>,
    data: Option<&Data>,
    context: &[u8],
    logits: &[f32],
) -> Report {
    let logits = DVector::from_iterator(DIGITS, logits.iter().map(|&y| f64::from(y)));
    let p = softmax(&logits);
    // A question can have a thousand digits; its line in the output cannot.
    let shown: Vec<String> = context.iter().take(20).map(u8::to_string).collect();
    let dots = if context.len() > shown.len() { " ..." } else { "" };
    let mut text =
        format!("# prediction: what follows {}{dots}\ndigit | probability\n", shown.join(" "));
    for digit in 0..DIGITS {
        let _ = writeln!(text, "{digit:<5} | {:.4}", p[digit]);
    }
    let (answer, rule) = (p.argmax().0, task.and_then(|task| task.rule(context)));
    let _ = writeln!(text, "answer = {answer}  the likeliest");
    if let (Some(task), Some(digit)) = (task, rule) {
        let _ = writeln!(text, "rule   = {digit}  what `{task}` says");
    } else if task == Some(Task::Random) {
        text.push_str("There is no rule: every digit is as likely as the others.\n");
    }
    let seen = data.map(|data| data.split.training.iter().any(|s| s.context == context));
    if let Some(seen) = seen {
        let it_saw = if seen { "It saw" } else { "It never saw" };
        let _ = writeln!(text, "{it_saw} these digits in training.");
    }
    let json = json!({
        "event": "prediction", "context": context, "logits": logits.as_slice(), "probabilities": p.as_slice(), "answer": answer,
        "rule": rule, "seen_in_training": seen,
    });
    Report { text, json }
}

/// Breaks a text into lines of at most 80 characters.
fn wrap(text: &str) -> String {
    let (mut lines, mut length) = (String::new(), 0);
    for word in text.split(' ') {
        if length > 0 && length + 1 + word.chars().count() > 80 {
            lines.push('\n');
            length = 0;
        } else if length > 0 {
            lines.push(' ');
            length += 1;
        }
        lines.push_str(word);
        length += word.chars().count();
    }
    lines
}
