//! What can be asked for.

use std::path::PathBuf;

use clap::Parser;
use clap::builder::TypedValueParser;
use own_sequences::{MOST, MOST_LAYERS};

/// The command line. Its help is as wide as a page of the book, which shows it, whatever the terminal.
#[derive(Parser, Clone, Debug)]
#[command(name = "ch15", bin_name = "ch15", before_help = TITLE, about = ABOUT, after_help = EXAMPLES, term_width = 80)]
pub(crate) struct Options {
    /// Your own sequences, one a line, in UTF-8; or, with --text, one text. A tenth chooses the epoch, and a tenth is the
    /// test set, asked once, at the end
    pub(crate) file: Option<PathBuf>,
    /// FILE is one text: it is read in chunks, and a line break is a symbol like others
    #[arg(long, help_heading = "Data", requires = "file")]
    pub(crate) text: bool,

    /// Units in each layer [default: 64]
    #[arg(long, help_heading = "Training", value_name = "N", allow_negative_numbers = true, value_parser = whole(1, 1024))]
    pub(crate) hidden: Option<usize>,
    /// Layers on top of each other [default: 1]
    #[arg(long, help_heading = "Training", value_name = "N", allow_negative_numbers = true, value_parser = whole(1, MOST_LAYERS as u64))]
    pub(crate) layers: Option<usize>,
    /// The part of what passes between two layers that is dropped in training [default: 0]
    #[arg(long, help_heading = "Training", value_name = "PART", allow_negative_numbers = true, value_parser = part)]
    pub(crate) dropout: Option<f64>,
    /// How many times the training part is gone through, at most [default: 100]
    #[arg(long, help_heading = "Training", value_name = "N", allow_negative_numbers = true, value_parser = whole(1, MOST as u64))]
    pub(crate) epochs: Option<usize>,
    /// End after N epochs in a row without a better validation loss [default: 5]
    #[arg(long, help_heading = "Training", value_name = "N", allow_negative_numbers = true, value_parser = whole(1, MOST as u64))]
    pub(crate) patience: Option<usize>,
    /// Sequences (of a text: places that are read at once) to one step of the optimiser [default: 32]
    #[arg(long, help_heading = "Training", value_name = "N", allow_negative_numbers = true, value_parser = whole(1, MOST as u64))]
    pub(crate) batch: Option<usize>,
    /// Of a text, symbols that are read between two steps of the optimiser [default: 50]
    #[arg(long, help_heading = "Training", value_name = "N", allow_negative_numbers = true, requires = "text", value_parser = whole(1, 1000))]
    pub(crate) chunk: Option<usize>,
    /// Learning rate of the optimiser, Adam [default: 0.005]
    #[arg(long, help_heading = "Training", value_name = "RATE", allow_negative_numbers = true, value_parser = positive)]
    pub(crate) lr: Option<f64>,
    /// Shorten longer gradients to this length [default: 1]
    #[arg(long, help_heading = "Training", value_name = "LENGTH", allow_negative_numbers = true, value_parser = positive)]
    pub(crate) clip: Option<f64>,
    /// Where the bias of the forget gates starts [default: random, as the other weights]
    #[arg(long, help_heading = "Training", value_name = "BIAS", allow_negative_numbers = true, value_parser = bias)]
    pub(crate) forget_bias: Option<f64>,
    /// Decides the parts, the first weights, the order, what is dropped and what is made up [default: 1]
    #[arg(long, help_heading = "Training", allow_negative_numbers = true)]
    pub(crate) seed: Option<u64>,

    /// Make up N sequences, or N symbols of a text [default: 10, or 300]
    #[arg(long, help_heading = "Samples", value_name = "N", allow_negative_numbers = true, value_parser = whole(0, MOST as u64))]
    pub(crate) sample: Option<usize>,
    /// Below 1 the samples are more likely ones, above 1 stranger ones
    #[arg(long, help_heading = "Samples", value_name = "T", allow_negative_numbers = true, default_value = "1", value_parser = temperature)]
    pub(crate) temperature: f64,

    /// Write checkpoints to this file, from which --resume goes on and which PyTorch can read. There must be no
    /// such file yet
    #[arg(long, help_heading = "Files", value_name = "FILE", requires = "file")]
    pub(crate) save: Option<PathBuf>,
    /// A checkpoint is written when the last one is so many seconds old, and at the end
    #[arg(long, help_heading = "Files", value_name = "SECONDS", allow_negative_numbers = true, default_value = "1", value_parser = seconds)]
    pub(crate) save_every: f64,
    /// Go on from this checkpoint on the same FILE, and write the next ones to the same file unless --save names
    /// another. Its settings hold, --text too; only --epochs, --patience and --lr may be others
    #[arg(long, help_heading = "Files", value_name = "FILE", requires = "file",
          conflicts_with_all = ["hidden", "layers", "dropout", "batch", "chunk", "clip", "forget_bias", "seed"])]
    pub(crate) resume: Option<PathBuf>,
    /// Begin a training with the weights of this file: a checkpoint, or weights that PyTorch saved as safetensors for
    /// the symbols of FILE, the end mark first and then all characters in the order of Unicode
    #[arg(long, help_heading = "Files", value_name = "FILE", requires = "file",
          conflicts_with_all = ["resume", "model", "hidden", "layers", "forget_bias"])]
    pub(crate) from: Option<PathBuf>,
    /// Write the weights alone to this file, for PyTorch's `model.load_state_dict(load_file(FILE))`. There must be no such
    /// file yet
    #[arg(long, help_heading = "Files", value_name = "FILE")]
    pub(crate) export: Option<PathBuf>,
    /// Train nothing: examine this model on all of FILE, make up --sample sequences with it, or --export it
    #[arg(long, help_heading = "Files", value_name = "FILE",
          conflicts_with_all = ["resume", "save", "hidden", "layers", "dropout", "epochs", "patience", "batch", "lr", "clip", "forget_bias"])]
    pub(crate) model: Option<PathBuf>,
}

/// In the form of all that the program prints: the book includes its help by this name.
const TITLE: &str = "# help: the whole command line, every option with its default";

const ABOUT: &str = "Trains an LSTM to say, symbol by symbol, how your own sequences go on. Without arguments: the small \
    examples of the chapter.";

const EXAMPLES: &str = "Examples:
  cargo run --release -p ch15 -- names.txt
  cargo run --release -p ch15 -- names.txt --save n.safetensors
  cargo run --release -p ch15 -- names.txt --resume n.safetensors --epochs 200
  cargo run --release -p ch15 -- --model n.safetensors --sample 20 --temperature 0.5
  cargo run --release -p ch15 -- names.txt --layers 2 --dropout 0.2
  cargo run --release -p ch15 -- book.txt --text --hidden 128";

fn whole(least: u64, most: u64) -> impl TypedValueParser<Value = usize> {
    clap::value_parser!(u64).range(least..=most).map(|value| value as usize)
}

/// A number for which something holds.
fn number(text: &str, holds: fn(f64) -> bool, expected: &str) -> Result<f64, String> {
    let value = text.parse().ok().filter(|value| holds(*value));
    value.ok_or_else(|| format!("it has to be {expected}"))
}

fn positive(text: &str) -> Result<f64, String> {
    number(text, |it| (1e-300..=1e308).contains(&it), "a positive number, 1e-300 to 1e308")
}

fn part(text: &str) -> Result<f64, String> {
    number(text, |it| (0.0..=0.99).contains(&it), "a number from 0 to 0.99")
}

fn bias(text: &str) -> Result<f64, String> {
    number(text, |it| it.abs() <= 100.0, "a number from -100 to 100")
}

fn temperature(text: &str) -> Result<f64, String> {
    number(text, |it| (0.001..=1000.0).contains(&it), "a number from 0.001 to 1000")
}

fn seconds(text: &str) -> Result<f64, String> {
    number(text, |it| (0.0..=1e6).contains(&it), "a number from 0 to 1000000")
}
