//! What the program says, in the form that the book's checker reads (sections, `label = value`, tables), or as
//! one JSON object a line.

use std::fmt::Write;

use digits::{CHANCE, DIGITS, LookupTable, Task, accuracy, chance_band, chance_loss, memory_loss};
use loss_and_optimiser::softmax;
use nalgebra::DVector;
use next_digit::{Epoch, Scores, Session};
use serde_json::{Value, json};

use crate::data::Data;

/// The probability with which a guesser leaves the band of chance on one of its sides.
const TAIL: f64 = 0.0005;

/// Something to be said, in both ways.
pub(crate) struct Report {
    pub(crate) text: String,
    pub(crate) json: Value,
}

/// What is about to be trained, on what.
pub(crate) fn setup(data: &Data, session: &Session<f32>) -> Report {
    let (about, settings) = (&data.about, &session.settings);
    let parameters = session.trainer.network.theta.len();
    let number =
        |value: Option<f64>, without: &str| value.map_or(without.to_owned(), |v| format!("{v:?}"));
    let mut lines = vec![
        ("length", about.length.to_string(), "digits, of which the last is to be predicted"),
        ("training", about.training.to_string(), "sequences to learn from"),
        ("unseen", about.unseen.to_string(), "others; none of their contexts is in training"),
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
    if session.steps() > 0 {
        lines.push(("resumed", session.steps().to_string(), "steps were taken before"));
    }
    let mut text = format!("# setup: {}\n", title(data.task()));
    for (label, value, meaning) in lines {
        let _ = writeln!(text, "{}", format!("{label:<10} = {value}  {meaning}").trim_end());
    }
    let json = json!({
        "event": "setup", "data": about, "settings": settings, "parameters": parameters,
        "step": session.steps(),
    });
    Report { text: text + "\n", json }
}

fn title(task: Option<Task>) -> String {
    let about = match task {
        Some(Task::Random) => "the article's digits, all random",
        Some(Task::Sum) => "random digits, then the last two added modulo 10",
        Some(Task::First) => "random digits, then the first one again",
        Some(Task::Progression) => "equal steps modulo 10, such as 7 0 3 6 9",
        None => return "sequences from a file".into(),
    };
    task.map_or(String::new(), |task| format!("{task} ({about})"))
}

/// After an epoch. As text there is a progress bar instead.
pub(crate) fn epoch(session: &Session<f32>, sequences_per_second: f64) -> Value {
    let last = session.history.last().copied();
    let Epoch { training, unseen } = last.unwrap_or(Epoch { training: f64::NAN, unseen: f64::NAN });
    json!({
        "event": "epoch", "epoch": session.history.len(), "step": session.steps(),
        "loss": training, "unseen_loss": unseen, "sequences_per_second": sequences_per_second.round(),
    })
}

/// How the network did, beside chance and memory.
pub(crate) fn results(data: &Data, training: &Scores, unseen: &Scores) -> Report {
    let split = &data.split;
    let table = LookupTable::learn(&split.training);
    let ceiling = accuracy(&split.training, |context| table.guess(context));
    let floor = memory_loss(&split.training);
    let by_table = accuracy(&split.unseen, |context| table.guess(context));
    let (low, high) = chance_band(unseen.of, TAIL);
    let percent_of_unseen = |right: usize| 100.0 * right as f64 / unseen.of as f64;
    let meaning = verdict(data.task(), training, unseen);

    let mut text = format!(
        "# results: loss in nats, accuracy in percent; memory: a table, in training\n\
         measure  | training | unseen  | chance  | memory\n\
         loss     | {:>8} | {:>7} | {:>7.3} | {floor:>7.3}\n\
         accuracy | {:>8.2} | {:>7.2} | {:>7.2} | {:>7.2}\n\n",
        nats(training.loss),
        nats(unseen.loss),
        chance_loss(),
        100.0 * training.accuracy(),
        100.0 * unseen.accuracy(),
        100.0 * CHANCE,
        100.0 * ceiling,
    );
    let _ = write!(
        text,
        "# floors: accuracy on the unseen sequences without a network, in percent\n\
         table = {:.2}  a lookup table; it has to say the commonest digit\n\
         low   = {:.2}  a guesser does worse in less than one run of 2000\n\
         high  = {:.2}  a guesser does better in less than one run of 2000\n\n",
        100.0 * by_table,
        percent_of_unseen(low),
        percent_of_unseen(high),
    );
    text.push_str("# meaning: in a sentence\n");
    let json = json!({
        "event": "results", "training": scores(training), "unseen": scores(unseen),
        "chance": { "loss": chance_loss(), "accuracy": CHANCE, "fewest": low, "most": high },
        "memory": { "loss": floor, "accuracy": ceiling, "unseen_accuracy": by_table },
        "meaning": meaning,
    });
    Report { text: text + &wrap(&meaning) + "\n", json }
}

fn scores(scores: &Scores) -> Value {
    json!({ "loss": scores.loss, "accuracy": scores.accuracy(), "right": scores.right, "of": scores.of })
}

/// How a network did on sequences of which nobody here knows whether it was trained on them.
pub(crate) fn examined(given: &Scores) -> Report {
    let text = format!(
        "# results: loss in nats, accuracy in percent, on {} sequences\n\
         measure  | given   | chance\n\
         loss     | {:>7} | {:>6.3}\n\
         accuracy | {:>7.2} | {:>6.2}\n\n# meaning: in a sentence\n",
        given.of,
        nats(given.loss),
        chance_loss(),
        100.0 * given.accuracy(),
        100.0 * CHANCE,
    );
    let meaning = "What this network was trained on is not known here: some of these sequences may have \
                   been among it.";
    let json = json!({ "event": "results", "given": scores(given), "meaning": meaning });
    Report { text: text + &wrap(meaning) + "\n", json }
}

/// A loss: three decimals, or what fits where it is enormous.
fn nats(loss: f64) -> String {
    if loss < 1e4 { format!("{loss:.3}") } else { format!("{loss:.1e}") }
}

/// One sentence on what the numbers say; it depends on them, not on what we expect.
fn verdict(task: Option<Task>, training: &Scores, unseen: &Scores) -> String {
    let (_, lucky) = chance_band(training.of, TAIL);
    let (_, high) = chance_band(unseen.of, TAIL);
    let (seen, fresh) = (100.0 * training.accuracy(), 100.0 * unseen.accuracy());
    if unseen.accuracy() >= 0.99 {
        return format!(
            "It has learnt the rule: {fresh:.1} % right on sequences that it never saw."
        );
    }
    if unseen.right > high {
        return format!(
            "It predicts better than chance on sequences that it never saw, {fresh:.1} % right, but has \
             not mastered the rule."
        );
    }
    if training.right <= lucky {
        return "It has learnt nothing yet: even in training it is no better than a guess.".into();
    }
    let and_sure = if unseen.loss > chance_loss() {
        ", and its loss there is above ln 10: it is sure of answers that are wrong"
    } else {
        ""
    };
    let why = if task == Some(Task::Random) {
        " Nothing could do better: these digits are independent."
    } else {
        ""
    };
    format!(
        "It memorises, it cannot predict: {seen:.1} % right on what it was trained on, but on sequences \
         that it never saw no better than a guess{and_sure}.{why}"
    )
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
