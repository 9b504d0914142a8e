//! First names, letter by letter: what the network learns of 5163, beside what counting learns of them; all seeds, none left
//! out.
//!
//! `cargo run --release -p ch15 --bin ch15-names` takes some minutes; with `--quick` it prints the same tables, of networks that
//! have hardly been trained.
#![forbid(unsafe_code)]

use std::collections::BTreeSet;
use std::error::Error;

use digits::generator;
use own_sequences::{
    Alphabet, Lessons, Network, Ngram, Parts, Reader, Session, Settings, Symbol, bits, evaluate,
    part_sequences, sample, temper,
};
use rand::Rng;
use say::println;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;
type Names = Vec<Vec<Symbol>>;

const NAMES: &str = include_str!("../../data/names.txt");
const SEEDS: u64 = 5;
/// So many times through the training names, whatever the patience says.
const EPOCHS: usize = 40;
/// No sample is longer.
const LONGEST: usize = 30;
/// The name whose letters are foretold has so many.
const FORETOLD: usize = 7;
const GRAMS: [&str; 6] = ["uniform", "letters", "bigrams", "trigrams", "4-grams", "5-grams"];
const TEMPERATURES: [f64; 4] = [0.25, 0.5, 1.0, 1.5];

/// How much is done: everything, or so little that only the names of rows and columns are of use.
#[derive(Clone, Copy)]
struct Effort {
    quick: bool,
}

impl Effort {
    fn of_arguments() -> Result<Effort> {
        match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
            [] => Ok(Effort { quick: false }),
            [flag] if flag == "--quick" => Ok(Effort { quick: true }),
            other => Err(format!("found {other:?}, expected nothing or --quick").into()),
        }
    }

    fn settings(self, seed: u64) -> Settings {
        Settings {
            hidden: if self.quick { 4 } else { 64 },
            layers: 1,
            dropout: 0.0,
            epochs: EPOCHS,
            patience: 5,
            batch: 32,
            chunk: 1,
            learning_rate: 0.005,
            clip: 1.0,
            forget_bias: None,
            seed,
        }
    }

    fn samples(self) -> usize {
        if self.quick { 10 } else { 1000 }
    }

    /// The same for every seed, on two threads: what comes out does not depend on how many there are.
    fn over_seeds<R: Send>(self, run: impl Fn(u64) -> Result<R> + Sync) -> Result<Vec<R>> {
        let some =
            |first: u64| -> Result<Vec<R>> { (first..=SEEDS).step_by(2).map(&run).collect() };
        let (odd, even) = std::thread::scope(|scope| {
            let even = scope.spawn(|| some(2));
            (some(1), even.join().expect("a run that does not panic"))
        });
        let (mut odd, mut even) = (odd?.into_iter(), even?.into_iter());
        Ok((1..=SEEDS).filter_map(|k| if k % 2 == 1 { odd.next() } else { even.next() }).collect())
    }
}

/// What one seed came to.
struct Run {
    parts: Parts<Names>,
    grams: Vec<Ngram>,
    /// The network that patience chose.
    network: Network,
    /// The number of its epoch, and the one at which patience ended.
    epoch: usize,
    stopped: usize,
    /// The same network after all epochs.
    last: Network,
    /// Training and validation after each, in bits.
    history: Vec<[f64; 2]>,
    updates: u64,
    /// Two layers, and two with dropout.
    taller: [Network; 2],
}

fn main() -> Result<()> {
    let effort = Effort::of_arguments()?;
    let alphabet = Alphabet::of(NAMES.lines())?;
    let step = if effort.quick { 120 } else { 1 };
    let names = NAMES.lines().step_by(step).map(|name| alphabet.encode(name));
    let names: Names = names.collect::<std::result::Result<_, _>>()?;
    let runs = effort.over_seeds(|seed| run(effort, &alphabet, names.clone(), seed))?;
    settings(effort, &alphabet, &names, &runs);
    results(&runs);
    stopping(&runs);
    curve(&runs[0]);
    layers(&runs);
    samples(effort, &runs);
    temperatures(effort, &runs);
    made_up(&alphabet, &runs[0]);
    foretold(&alphabet, &runs[0])
}

fn lessons(parts: &Parts<Names>) -> Lessons {
    Lessons::Lines { training: parts.training.clone(), validation: parts.validation.clone() }
}

fn run(effort: Effort, alphabet: &Alphabet, names: Names, seed: u64) -> Result<Run> {
    let parts = part_sequences(names, seed);
    let symbols = alphabet.len();
    let grams =
        (0..GRAMS.len()).map(|order| Ngram::train(order, &parts.training, symbols)).collect();
    let taller = |dropout: f64| -> Result<Network> {
        let settings = Settings { layers: 2, dropout, ..effort.settings(seed) };
        let mut session = Session::new(settings, symbols, lessons(&parts));
        session.finish()?;
        Ok(session.chosen())
    };
    let taller = [taller(0.0)?, taller(0.2)?];
    let mut session = Session::new(effort.settings(seed), symbols, lessons(&parts));
    session.finish()?;
    let network = session.chosen();
    let stopped = session.history.len();
    let epoch = session.choice().map_or(0, |choice| choice.epoch);
    // And on, as if nobody had said stop.
    session.settings.patience = EPOCHS;
    session.finish()?;
    let history = session.history.iter().map(|it| [bits(it.training), bits(it.validation)]);
    Ok(Run {
        history: history.collect(),
        updates: session.steps(),
        last: session.network,
        parts,
        grams,
        network,
        epoch,
        stopped,
        taller,
    })
}

/// The names of the columns: a mean, and one for each seed.
fn header(first: &str) {
    let seeds: Vec<String> = (1..=SEEDS).map(|k| format!("s{k:<5}")).collect();
    println!("{first:<18} | mean   | {}", seeds.join(" | ").trim_end());
}

fn row(name: &str, values: &[f64], decimals: usize) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let cell = |value: &f64| format!("{value:>6.decimals$}");
    let cells: Vec<String> = values.iter().map(cell).collect();
    println!("{name:<18} | {} | {}", cell(&mean), cells.join(" | "));
}

fn of_all(runs: &[Run], value: impl Fn(&Run) -> f64) -> Vec<f64> {
    runs.iter().map(value).collect()
}

fn settings(effort: Effort, alphabet: &Alphabet, names: &Names, runs: &[Run]) {
    let settings = effort.settings(1);
    let parts = &runs[0].parts;
    let asked = |names: &Names| names.iter().map(|name| name.len() - 1).sum::<usize>();
    println!("# settings: of all runs");
    println!("seeds      = {SEEDS}  named s1 to s5: parts, first weights and order are theirs");
    println!("names      = {}", names.len());
    println!("symbols    = {}  a to z, and the end mark", alphabet.len());
    println!(
        "training   = {}  names to learn from, {} answers",
        parts.training.len(),
        asked(&parts.training)
    );
    println!("validation = {}  names to choose the epoch", parts.validation.len());
    println!("unseen     = {}  names of the test set", parts.unseen.len());
    println!("answers    = {}  about those, with seed 1", asked(&parts.unseen));
    println!("units      = {}  in a layer", settings.hidden);
    println!("parameters = {}  of a network of one layer", runs[0].network.theta.len());
    println!("rate       = {}  of Adam", settings.learning_rate);
    println!("batch      = {}  names", settings.batch);
    println!("clip       = {}", settings.clip);
    println!("patience   = {}  epochs", settings.patience);
    println!("epochs     = {EPOCHS}  at most",);
    println!("updates    = {}  in as many epochs", runs[0].updates);
    println!("samples    = {}  made up by each model", effort.samples());
}

fn results(runs: &[Run]) {
    println!("\n# bits: bits per symbol on names that were never seen");
    header("model");
    for (order, name) in GRAMS.into_iter().enumerate() {
        row(name, &of_all(runs, |run| run.grams[order].bits_per_symbol(&run.parts.unseen)), 3);
    }
    row("lstm", &of_all(runs, |run| bits(evaluate(&run.network, &run.parts.unseen))), 3);
    row("half-and-half", &of_all(runs, half_and_half), 3);
    // The network needs the validation names to stop; counting could count them as well.
    let known = |run: &Run| [run.parts.training.as_slice(), &run.parts.validation].concat();
    let counted = |run: &Run| Ngram::train(4, &known(run), run.network.shape.symbols);
    row("4-grams-more", &of_all(runs, |run| counted(run).bits_per_symbol(&run.parts.unseen)), 3);
}

/// What the network expects after each symbol of a sequence but the last.
fn expected(network: &Network, sequence: &[Symbol]) -> Vec<Vec<f64>> {
    let mut reader = Reader::new(network);
    let read = &sequence[..sequence.len() - 1];
    read.iter().map(|&symbol| temper(&reader.read(symbol), 1.0).as_slice().to_vec()).collect()
}

/// The bits of a model that gives every symbol the mean of what the network and the 4-grams give it.
fn half_and_half(run: &Run) -> f64 {
    let (mut bits, mut asked) = (0.0, 0.0);
    for name in &run.parts.unseen {
        for (at, p) in (1..).zip(expected(&run.network, name)) {
            let counted = run.grams[4].probability(&name[..at], name[at]);
            bits -= (0.5 * (p[usize::from(name[at])] + counted)).log2();
            asked += 1.0;
        }
    }
    bits / asked
}

fn stopping(runs: &[Run]) {
    println!("\n# stopping: the epoch that validation chose, and the last one; bits per symbol");
    header("of");
    row("best-epoch", &of_all(runs, |run| run.epoch as f64), 0);
    row("stopped", &of_all(runs, |run| run.stopped as f64), 0);
    let measured = |name: &str, network: fn(&Run) -> &Network, part: fn(&Run) -> &Names| {
        row(name, &of_all(runs, |run| bits(evaluate(network(run), part(run)))), 3);
    };
    measured("training-best", |run| &run.network, |run| &run.parts.training);
    measured("validation-best", |run| &run.network, |run| &run.parts.validation);
    measured("unseen-best", |run| &run.network, |run| &run.parts.unseen);
    measured("training-last", |run| &run.last, |run| &run.parts.training);
    measured("validation-last", |run| &run.last, |run| &run.parts.validation);
    measured("unseen-last", |run| &run.last, |run| &run.parts.unseen);
}

fn curve(run: &Run) {
    println!(
        "\n# curve: of seed 1, bits per symbol; training as it was before each step, validation after the epoch"
    );
    println!("epoch     | training | validation");
    for (k, [training, validation]) in run.history.iter().enumerate() {
        println!("epoch={:<3} | {training:>8.3} | {validation:>10.3}", k + 1);
    }
}

fn layers(runs: &[Run]) {
    println!(
        "\n# layers: bits per symbol on names that were never seen, each stopped by its own validation"
    );
    header("network");
    let unseen = |network: &Network, run: &Run| bits(evaluate(network, &run.parts.unseen));
    row("1-layer", &of_all(runs, |run| unseen(&run.network, run)), 3);
    row("2-layers", &of_all(runs, |run| unseen(&run.taller[0], run)), 3);
    row("2-layers-dropout", &of_all(runs, |run| unseen(&run.taller[1], run)), 3);
    println!("taller = {}  parameters of two layers", runs[0].taller[0].theta.len());
}

/// What can make names up.
type Maker<'a> = (&'a str, Box<dyn Fn(&Run, &mut dyn Rng) -> Vec<Symbol> + 'a>);

fn samples(effort: Effort, runs: &[Run]) {
    let of_grams = |order: usize| -> Maker<'_> {
        (GRAMS[order], Box::new(move |run, rng| run.grams[order].sample(LONGEST, &mut { rng })))
    };
    let mut makers: Vec<Maker<'_>> = (1..GRAMS.len()).map(of_grams).collect();
    makers.push(("lstm", Box::new(|run, rng| sample(&run.network, 1.0, LONGEST, &mut { rng }))));
    let made: Vec<_> =
        makers.into_iter().map(|(name, make)| (name, of_all_made(effort, runs, make))).collect();
    for (what, title, share) in SHARES {
        println!("\n# {what}: {title}, in percent");
        header("model");
        for (name, made) in &made {
            let values: Vec<f64> = runs.iter().zip(made).map(|(run, it)| share(run, it)).collect();
            row(&format!("{name}:{what}"), &values, 1);
        }
    }
}

fn of_all_made(
    effort: Effort,
    runs: &[Run],
    make: impl Fn(&Run, &mut dyn Rng) -> Vec<Symbol>,
) -> Vec<Names> {
    let of = |(seed, run): (u64, &Run)| {
        let mut rng = generator(seed);
        (0..effort.samples()).map(|_| make(run, &mut rng)).collect()
    };
    (1..).zip(runs).map(of).collect()
}

type Share = fn(&Run, &Names) -> f64;
const SHARES: [(&str, &str, Share); 3] = [
    ("known", "made-up names that stand in the training list", |run, made| {
        among(made, &run.parts.training)
    }),
    ("found", "made-up names that stand among the unseen", |run, made| {
        among(made, &run.parts.unseen)
    }),
    ("different", "made-up names that are different from each other", |_, made| {
        let different: BTreeSet<&Vec<Symbol>> = made.iter().collect();
        100.0 * different.len() as f64 / made.len() as f64
    }),
];

fn among(made: &Names, known: &Names) -> f64 {
    let known: BTreeSet<&Vec<Symbol>> = known.iter().collect();
    let count = made.iter().filter(|name| known.contains(name)).count();
    100.0 * count as f64 / made.len() as f64
}

fn temperatures(effort: Effort, runs: &[Run]) {
    println!("\n# temperature: what the networks make up, means over the seeds");
    println!("known: percent that stand in the training list; different: percent; letters: length");
    println!("temperature | known  | different | letters");
    for temperature in TEMPERATURES {
        let make =
            |run: &Run, rng: &mut dyn Rng| sample(&run.network, temperature, LONGEST, &mut { rng });
        let made = of_all_made(effort, runs, make);
        let mean = |share: Share| {
            let values = runs.iter().zip(&made).map(|(run, made)| share(run, made));
            values.sum::<f64>() / runs.len() as f64
        };
        let letters: Share = |_, made| {
            made.iter().map(|name| name.len() - 2).sum::<usize>() as f64 / made.len() as f64
        };
        println!(
            "tau={temperature:<7} | {:>6.1} | {:>9.1} | {:>7.2}",
            mean(SHARES[0].2),
            mean(SHARES[2].2),
            mean(letters)
        );
    }
}

/// The first ten by each model, as they come.
fn made_up(alphabet: &Alphabet, run: &Run) {
    let ten = |make: &dyn Fn(&mut dyn Rng) -> Vec<Symbol>| {
        let mut rng = generator(1);
        (0..10).map(|_| alphabet.decode(&make(&mut rng))).collect::<Vec<String>>().join(", ")
    };
    let grams = |order: usize| ten(&|rng| run.grams[order].sample(LONGEST, &mut { rng }));
    println!("\n# made-up: ten by each, of seed 1");
    for (order, name) in GRAMS.iter().enumerate().skip(1) {
        println!("{name}: {}", grams(order));
    }
    println!("\n# by-4-grams: the first ten names");
    println!("{}", grams(4));
    for (name, temperature) in
        ["by-coldest", "by-cold", "by-lstm", "by-hot"].iter().zip(TEMPERATURES)
    {
        println!("\n# {name}: the first ten names, at a temperature of {temperature}");
        println!("{}", ten(&|rng| sample(&run.network, temperature, LONGEST, &mut { rng })));
    }
}

/// What is expected after each beginning of a name that was never seen: by the network, and by 4-grams.
fn foretold(alphabet: &Alphabet, run: &Run) -> Result<()> {
    let name = run.parts.unseen.iter().find(|name| name.len() == FORETOLD + 2);
    let name = match name {
        Some(name) => name.clone(),
        None => alphabet.encode("example")?,
    };
    println!("\n# foretold: a name that was never seen");
    println!("It is {}.", alphabet.decode(&name));
    let network = expected(&run.network, &name);
    let grams: Vec<Vec<f64>> =
        (0..=FORETOLD).map(|read| run.grams[4].distribution(&name[..=read])).collect();
    println!("\n# right: the probability of what comes next in it, after so many letters");
    println!("read   | lstm   | 4-grams");
    for read in 0..=FORETOLD {
        let next = usize::from(name[read + 1]);
        println!("read={read} | {:.4} | {:.4}", network[read][next], grams[read][next]);
    }
    for (title, key, table) in [("lstm", "lstm", network), ("4-grams", "grams", grams)] {
        println!("\n# expects-{title}: what may come next, after so many of its letters");
        let reads: Vec<String> = (0..=FORETOLD).map(|read| format!("p{read:<5}")).collect();
        println!("letter    | {}", reads.join(" | ").trim_end());
        for symbol in (1..alphabet.len()).chain([0]) {
            let letter = alphabet.character(symbol as Symbol);
            let letter = letter.map_or("end".to_owned(), String::from);
            let cells: Vec<String> = table.iter().map(|p| format!("{:.4}", p[symbol])).collect();
            println!("{:<9} | {}", format!("{key}:{letter}"), cells.join(" | "));
        }
    }
    Ok(())
}
