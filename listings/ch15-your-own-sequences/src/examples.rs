//! The small examples of the chapter: what `cargo run -p ch15` prints.

use std::error::Error;

use digits::generator;
use nalgebra::{DMatrix, DVector};
use own_sequences::{
    Alphabet, KneserNey, Masks, Network, Padded, Shape, Stream, Symbol, draw, part_sequences,
    temper,
};
use say::{note, println};

const NAMES: &str = include_str!("../data/names.txt");

pub(crate) fn print() {
    if let Err(error) = alphabet().and_then(|alphabet| {
        counting(&alphabet)?;
        padding(&alphabet)?;
        chunks(&alphabet)
    }) {
        note(format!("error: {error}"));
    }
    dropout();
    temperature();
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn alphabet() -> Result<Alphabet> {
    let lengths = || NAMES.lines().map(str::len);
    let alphabet = Alphabet::of(NAMES.lines())?;
    let sequences: Vec<_> =
        NAMES.lines().map(|name| alphabet.encode(name)).collect::<std::result::Result<_, _>>()?;
    let parts = part_sequences(sequences, 1);
    println!("# alphabet: the names, and their symbols");
    println!("names      = {}  lines of data/names.txt", lengths().count());
    println!("letters    = {}  in all", lengths().sum::<usize>());
    println!("shortest   = {}  letters", lengths().min().unwrap_or(0));
    println!("longest    = {}", lengths().max().unwrap_or(0));
    println!("symbols    = {}  a to z, and the end mark", alphabet.len());
    println!("training   = {}  names to learn from", parts.training.len());
    println!("validation = {}  to choose the epoch", parts.validation.len());
    println!("unseen     = {}  the test set", parts.unseen.len());
    Ok(alphabet)
}

/// The test sets of the record once more, by another rule of counting.
fn counting(alphabet: &Alphabet) -> Result<()> {
    let names: Vec<_> =
        NAMES.lines().map(|name| alphabet.encode(name)).collect::<std::result::Result<_, _>>()?;
    println!(
        "\n# counting: bits per symbol on names that were never seen, by Kneser and Ney's rule"
    );
    println!("model      | mean  | s1    | s2    | s3    | s4    | s5");
    for order in [4, 5] {
        let bits = [1, 2, 3, 4, 5].map(|seed| {
            let parts = part_sequences(names.clone(), seed);
            let model = KneserNey::train(order, &parts.training, alphabet.len());
            model.bits_per_symbol(&parts.unseen)
        });
        let mean = bits.iter().sum::<f64>() / 5.0;
        let cells = bits.map(|bits| format!("{bits:.3}")).join(" | ");
        println!("kn-{order}-grams | {mean:.3} | {cells}");
    }
    Ok(())
}

/// A network of 16 units that has learnt nothing.
fn network(alphabet: &Alphabet, forget_bias: Option<f64>) -> Network {
    let shape = Shape { symbols: alphabet.len(), hidden: 16, layers: 1 };
    Network::new(shape, forget_bias, &mut generator(1))
}

// ANCHOR: padding
/// Three names in one batch, and what changes when something else stands in its padding.
fn padding(alphabet: &Alphabet) -> Result<()> {
    let names = ["mary", "elizabeth", "jo"];
    let sequences = names
        .map(|name| alphabet.encode(name))
        .into_iter()
        .collect::<std::result::Result<Vec<_>, _>>()?;
    let batch = Padded::of(&sequences);
    println!("\n# batch: what is read and asked at each step; . is the end mark, - is padding");
    for (b, name) in names.into_iter().enumerate() {
        for (what, symbols) in [("reads", &batch.read), ("is asked", &batch.asked)] {
            let shown = |t: usize| match alphabet.character(symbols[t][b]) {
                _ if t >= batch.lengths[b] => '-',
                letter => letter.unwrap_or('.'),
            };
            let line: Vec<String> = (0..symbols.len()).map(|t| shown(t).to_string()).collect();
            println!("{name:<9} {what:<8}  {}", line.join(" "));
        }
    }
    let mut other = batch.clone();
    for t in 0..other.read.len() {
        (0..3).filter(|&b| t >= batch.lengths[b]).for_each(|b| other.read[t][b] = 26);
    }
    let mut forgotten = batch.clone();
    forgotten.lengths.fill(batch.read.len());
    let network = network(alphabet, None);
    let loss = |batch: &Padded| network.loss(batch, &network.shape.zeros(3), None);
    let (mean, gradient, end) = loss(&batch);
    let (_, moved, moved_end) = loss(&other);
    let (wrong_mean, wrong, _) = loss(&forgotten);
    println!(
        "\n# padding: a fresh network of 16 units, before and after every padded place reads a z"
    );
    println!("places         = {}  steps times names", 3 * batch.read.len());
    println!("answers        = {}", batch.places().count());
    println!("padded         = {}", 3 * batch.read.len() - batch.places().count());
    let states = exact(apart(&end[0].h, &moved_end[0].h));
    println!("moved-states   = {states}  largest difference of any h");
    println!("moved-gradient = {}  of its length", exact(missing(&gradient, &moved)));
    println!("loss           = {mean:.4}  nats per answer");
    println!("wrong-loss     = {wrong_mean:.4}  if padding counts like letters");
    println!(
        "wrong-gradient = {:.4}  so much of its length is wrong then",
        missing(&gradient, &wrong)
    );
    Ok(())
}
// ANCHOR_END: padding

/// A difference, and 0 where there is none at all.
fn exact(difference: f64) -> String {
    if difference == 0.0 { "0".to_owned() } else { format!("{difference:.1e}") }
}

fn apart(one: &DMatrix<f64>, other: &DMatrix<f64>) -> f64 {
    (one - other).amax()
}

/// ‖g − other‖ / ‖g‖.
fn missing(gradient: &[f64], other: &[f64]) -> f64 {
    let gradient = DVector::from_column_slice(gradient);
    (DVector::from_column_slice(other) - &gradient).norm() / gradient.norm()
}

/// A text of so many symbols: names, a space between them.
fn text(alphabet: &Alphabet, length: usize) -> Result<Vec<Symbol>> {
    let longer = NAMES.lines().step_by(37).collect::<String>();
    let text: String = longer.chars().take(length).collect();
    Ok(alphabet.encode(&text)?[1..=length].to_vec())
}

// ANCHOR: chunks
/// A text read whole, and the same in chunks: how far apart the scores are, and how much of the gradient is missing.
fn chunks(alphabet: &Alphabet) -> Result<()> {
    let text = text(alphabet, 121)?;
    println!(
        "\n# chunks: a text of 121 letters, read whole and in chunks, by fresh networks of 16 units"
    );
    println!(
        "scores: largest difference of any score; the others: how much of the gradient's length is missing"
    );
    println!("chunk    | scores | gradient | gradient-bias-3");
    let whole = Stream::new(&text, 1, text.len());
    let networks = [network(alphabet, None), network(alphabet, Some(3.0))];
    for chunk in [1, 2, 5, 10, 20, 40, 60] {
        let stream = Stream::new(&text, 1, chunk);
        let [(scores, missing_0), (_, missing_3)] =
            networks.each_ref().map(|network| compare(network, &whole, &stream));
        let scores = exact(scores);
        println!("steps={chunk:<2} | {scores:>6} | {missing_0:>8.4} | {missing_3:>15.4}");
    }
    Ok(())
}

/// The largest difference of any score, and the missing part of the gradient.
fn compare(network: &Network, whole: &Stream, stream: &Stream) -> (f64, f64) {
    let zeros = network.shape.zeros(1);
    let at_once = network.read(&whole.chunk(0).batch, &zeros, None).logits;
    let (_, gradient, _) = network.loss(&whole.chunk(0).batch, &zeros, None);
    let mut sum = DVector::zeros(gradient.len());
    let (mut carried, mut scores, mut at) = (zeros, 0.0_f64, 0);
    for number in 0..stream.chunks() {
        let batch = stream.chunk(number).batch;
        let steps = batch.read.len();
        let logits = network.read(&batch, &carried, None).logits;
        scores = scores.max((logits - at_once.columns(at, steps)).amax());
        let (_, part, end) = network.loss(&batch, &carried, None);
        sum += DVector::from_vec(part) * (steps as f64 / whole.answers() as f64);
        (carried, at) = (end, at + steps);
    }
    (scores, missing(&gradient, sum.as_slice()))
}
// ANCHOR_END: chunks

fn dropout() {
    println!("\n# dropout: 10000 entries of masks");
    println!("part  | zeros  | others | mean");
    for p in [0.0, 0.2, 0.5, 0.8] {
        let masks = Masks::draw(p, (2, 100), (10, 10), &mut generator(1));
        let entries: Vec<f64> = masks.0[0].iter().flat_map(|mask| mask.iter().copied()).collect();
        let zeros = entries.iter().filter(|entry| **entry == 0.0).count();
        let mean = entries.iter().sum::<f64>() / entries.len() as f64;
        println!("p={p:<3} | {:.4} | {:.4} | {mean:.4}", zeros as f64 / 1e4, 1.0 / (1.0 - p));
    }
}

// ANCHOR: temperature
/// Four scores at five temperatures.
fn temperature() {
    println!(
        "\n# temperature: four scores, their probabilities, and 1000 draws of the first symbol"
    );
    println!("drawn: how often the first symbol came; bits: the mean surprise at a draw");
    println!("scores | y=2    | y=1    | y=0    | y=-1   | bits   | drawn");
    let logits = DVector::from_vec(vec![2.0, 1.0, 0.0, -1.0]);
    for temperature in [0.1, 0.5, 1.0, 2.0, 10.0] {
        let p = temper(&logits, temperature);
        let surprise = |p: f64| if p > 0.0 { -p * p.log2() } else { 0.0 };
        let bits: f64 = p.iter().map(|&p| surprise(p)).sum();
        let cells: Vec<String> = p.iter().map(|p| format!("{p:.4}")).collect();
        let mut rng = generator(1);
        let drawn = (0..1000).filter(|_| draw(p.as_slice(), &mut rng) == 0).count();
        println!("T={temperature:<4} | {} | {bits:.4} | {drawn:>5}", cells.join(" | "));
    }
}
// ANCHOR_END: temperature
