//! What the program says, in the form that the book's checker reads.

use std::collections::BTreeSet;
use std::fmt::Write;

use own_sequences::{
    Alphabet, Network, Ngram, Parts, Session, Stream, Symbol, bits, evaluate, evaluate_stream,
    sample,
};
use rand::Rng;

use crate::cli::Options;
use crate::data::{Data, LONGEST, Material};

/// The yardsticks, by their order.
pub(crate) const YARDSTICKS: [(usize, &str); 5] =
    [(0, "uniform"), (1, "letters"), (2, "bigrams"), (3, "trigrams"), (4, "4-grams")];

/// So many symbols of a text are examined at a time.
const AT_ONCE: usize = 1000;

/// What is about to happen.
pub(crate) fn setup(data: &Data, session: &Session) -> String {
    let settings = &session.settings;
    let (unit, sizes) = match &data.material {
        Material::Lines(Parts { training, validation, unseen }) => {
            ("sequences", [training.len(), validation.len(), unseen.len()])
        }
        Material::Text(Parts { training, validation, unseen }) => {
            ("symbols of a text", [training, validation, unseen].map(|part| part.len() - 1))
        }
    };
    let mut text = String::from("# setup: what is learnt from, and how\n");
    let mut line = |name: &str, value: &dyn std::fmt::Display, note: &str| {
        _ = writeln!(text, "{}", format!("{name:<10} = {value}  {note}").trim_end());
    };
    line("training", &sizes[0], &format!("{unit} to learn from"));
    line("validation", &sizes[1], "to choose the epoch");
    line("unseen", &sizes[2], "the test set, asked once");
    line("symbols", &data.alphabet.len(), "characters, and the end mark");
    line("layers", &settings.layers, "of LSTM cells");
    line("hidden", &settings.hidden, "units in each");
    if settings.layers > 1 {
        line("dropout", &settings.dropout, "of what passes between them");
    }
    line("parameters", &session.network.theta.len(), "numbers to be learnt");
    line("epochs", &settings.epochs, "at most");
    line("patience", &settings.patience, "epochs without a better validation loss");
    if data.about.text {
        line("chunk", &settings.chunk, "symbols are read between two steps");
    }
    line("batch", &settings.batch, "are read at once, at most");
    line("lr", &settings.learning_rate, "learning rate of Adam");
    line("clip", &settings.clip, "length to which longer gradients are shortened");
    line("seed", &settings.seed, "");
    text
}

// ANCHOR: results
/// How well the chosen network does, beside what counting does.
pub(crate) fn results(data: &Data, session: &Session) -> String {
    let network = session.chosen();
    let symbols = data.alphabet.len();
    let mut text = String::from("# results: bits per symbol on what was never seen\n");
    let mut row = |name: &str, value: f64| _ = writeln!(text, "{name:<8} = {value:.3}");
    match &data.material {
        Material::Lines(Parts { training, unseen, .. }) => {
            for (order, name) in YARDSTICKS {
                row(name, Ngram::train(order, training, symbols).bits_per_symbol(unseen));
            }
            row("lstm", bits(evaluate(&network, unseen)));
        }
        Material::Text(Parts { training, unseen, .. }) => {
            let (training, unseen) = (vec![training.clone()], vec![unseen.clone()]);
            for (order, name) in YARDSTICKS {
                row(name, Ngram::train(order, &training, symbols).bits_per_symbol(&unseen));
            }
            row("lstm", bits(evaluate_stream(&network, &in_one_go(&unseen[0]))));
        }
    }
    if let Some(choice) = session.choice() {
        _ = writeln!(
            text,
            "epoch    = {}  of {}, by its loss in validation",
            choice.epoch, choice.gone
        );
    }
    text
}
// ANCHOR_END: results

/// A text as one row: as the yardsticks do, the network asks for every symbol but the first, with all that stands before it.
fn in_one_go(text: &[Symbol]) -> Stream {
    Stream::new(text, 1, AT_ONCE)
}

/// How well a model does on a file.
pub(crate) fn test(network: &Network, sequences: &[Vec<Symbol>], of_text: bool) -> String {
    let loss = match sequences {
        [text] if of_text => evaluate_stream(network, &in_one_go(text)),
        sequences => evaluate(network, sequences),
    };
    format!("# test: bits per symbol on all of the file\nlstm = {:.3}\n", bits(loss))
}

/// What the network makes up. Where it is known what it learnt from, how much of that stands there.
pub(crate) fn samples(
    network: &Network,
    data: Option<&Data>,
    alphabet: &Alphabet,
    of_text: bool,
    options: &Options,
    rng: &mut impl Rng,
) -> String {
    let temperature = options.temperature;
    let count = match options.sample {
        Some(count) => count,
        None if options.file.is_none() && options.export.is_some() => 0,
        None => {
            if of_text {
                300
            } else {
                10
            }
        }
    };
    if count == 0 {
        return String::new();
    }
    if of_text {
        let made = alphabet.decode(&sample(network, temperature, count, rng));
        return format!("# sample: made up at a temperature of {temperature}\n{made}\n");
    }
    let mut text = format!("# samples: made up at a temperature of {temperature}\n");
    let made: Vec<Vec<Symbol>> =
        (0..count).map(|_| sample(network, temperature, LONGEST, rng)).collect();
    for sequence in &made {
        let line = alphabet.decode(sequence);
        _ = writeln!(text, "{}", if line.is_empty() { "(nothing)" } else { &line });
    }
    if let Some(Data { material: Material::Lines(Parts { training, .. }), .. }) = data {
        let known: BTreeSet<&Vec<Symbol>> = training.iter().collect();
        let known = made.iter().filter(|sequence| known.contains(sequence)).count();
        _ = writeln!(text, "\n# known: of these, how many stand in the training part");
        _ = writeln!(text, "known = {known}  of {count}");
    }
    text
}
