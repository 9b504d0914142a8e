//! The command line: what can be asked for.

use std::path::PathBuf;

use anyhow::Result;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use digits::Task;
use next_digit::MOST_HIDDEN;

use crate::parse::parse_question;

/// The command line. Its help is as wide as a page of the book, which shows it, whatever the terminal.
#[derive(Parser)]
#[command(name = "ch14", bin_name = "ch14", before_help = TITLE, about = ABOUT, after_help = EXAMPLES, term_width = 80)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) options: Options,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// In the form of all that the program prints: the book includes its help by this name.
const TITLE: &str = "# help: the whole command line, every option with its default";

const ABOUT: &str = "Trains an LSTM to predict the next digit of a sequence. Without arguments: the article's \
    task, 1000 sequences of five random digits, of which the first four are to predict the fifth.";

const EXAMPLES: &str = "Examples:
  cargo run --release -p ch14
  cargo run --release -p ch14 -- --task sum --save sum.safetensors
  cargo run --release -p ch14 -- --resume sum.safetensors --epochs 200
  cargo run --release -p ch14 -- --task sum --validation 200 --patience 10
  cargo run --release -p ch14 -- predict 3 1 4 1 --model sum.safetensors
  cargo run --release -p ch14 -- --model sum.safetensors --export weights.safetensors
  cargo run --release -p ch14 -- --task sum --from pytorch.safetensors --save tuned.safetensors
  cargo run --release -p ch14 -- --data my-digits.txt
  cargo run --release -p ch14 -- --data my-series.txt --window 5";

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Learn, and say how well (the default)
    Train,
    /// Examine a model: one from a file, or one trained for the purpose
    Eval,
    /// The probabilities of the ten digits that may follow these
    Predict {
        /// The digits, in any form that a line of a file may have: 3 1 4 1, or 3141, or "[3, 1, 4, 1]"
        #[arg(required = true, allow_negative_numbers = true)]
        digits: Vec<String>,
    },
}

impl Command {
    /// The digits after which the next one is asked for.
    pub(crate) fn question(&self) -> Result<Option<Vec<u8>>> {
        match self {
            Command::Predict { digits } => parse_question(&digits.join(" ")).map(Some),
            Command::Train | Command::Eval => Ok(None),
        }
    }
}

#[derive(Args, Clone)]
pub(crate) struct Options {
    /// The rule behind the last digit [default: random]
    #[arg(long, global = true, help_heading = "Data",
          value_parser = PossibleValuesParser::new(Task::ALL.map(Task::name))
              .try_map(|name| name.parse::<Task>()))]
    pub(crate) task: Option<Task>,
    /// Digits that are read before the one to be predicted [default: 4]
    #[arg(long, global = true, help_heading = "Data", value_name = "N", allow_negative_numbers = true, value_parser = whole(1, 999))]
    pub(crate) length: Option<usize>,
    /// Sequences to learn from [default: 1000; 80 of the 100 progressions]
    #[arg(long, global = true, help_heading = "Data", value_name = "N", allow_negative_numbers = true, value_parser = whole(1, 100_000))]
    pub(crate) training: Option<usize>,
    /// Unseen sequences to be examined on [default: 1000; 20 of the 100 progressions]
    #[arg(long, global = true, help_heading = "Data", value_name = "N", allow_negative_numbers = true, value_parser = whole(1, 100_000))]
    pub(crate) unseen: Option<usize>,
    /// Your own sequences, one a line, all of the same length: digits side by side, or separated by spaces,
    /// commas, semicolons, bars or tabs, with or without quotes and brackets. What follows a # is skipped.
    /// About a fifth of the sequences is kept for the test set; their contexts do not occur in training
    #[arg(long, global = true, help_heading = "Data", value_name = "FILE",
          conflicts_with_all = ["task", "length", "training", "unseen"])]
    pub(crate) data: Option<PathBuf>,
    /// The file of --data is one long series, on one line or a digit a line: cut it into windows of so many
    /// digits, each of which is a sequence. The test set is on the last fifth of the series
    #[arg(long, global = true, help_heading = "Data", value_name = "DIGITS", requires = "data",
          allow_negative_numbers = true, value_parser = whole(2, 1000))]
    pub(crate) window: Option<usize>,
    /// Hold up to N training sequences aside, with contexts of their own; of a series, the end of its training part.
    /// After each epoch they measure the loss, and the weights of the best epoch are kept [default: the last epoch's]
    #[arg(long, global = true, help_heading = "Data", value_name = "N", allow_negative_numbers = true, value_parser = whole(1, 100_000))]
    pub(crate) validation: Option<usize>,

    /// Hidden units [default: 32]
    #[arg(long, global = true, help_heading = "Training", value_name = "N", allow_negative_numbers = true, value_parser = whole(1, MOST_HIDDEN as u64))]
    pub(crate) hidden: Option<usize>,
    /// How many times the training sequences are gone through [default: 50]
    #[arg(long, global = true, help_heading = "Training", value_name = "N", allow_negative_numbers = true, value_parser = whole(1, 100_000))]
    pub(crate) epochs: Option<usize>,
    /// Sequences to one step of the optimiser [default: 32, or all if there are fewer]
    #[arg(long, global = true, help_heading = "Training", value_name = "N", allow_negative_numbers = true, value_parser = whole(1, 100_000))]
    pub(crate) batch: Option<usize>,
    /// End after N epochs in a row without a better validation loss; needs --validation [default: all epochs]
    #[arg(long, global = true, help_heading = "Training", value_name = "N", allow_negative_numbers = true, value_parser = whole(1, 100_000))]
    pub(crate) patience: Option<usize>,
    /// Learning rate of the optimiser, Adam [default: 0.01]
    #[arg(long, global = true, help_heading = "Training", value_name = "RATE", allow_negative_numbers = true, value_parser = positive)]
    pub(crate) lr: Option<f64>,
    /// Shorten longer gradients to this length [default: leave them]
    #[arg(long, global = true, help_heading = "Training", value_name = "LENGTH", allow_negative_numbers = true, value_parser = positive)]
    pub(crate) clip: Option<f64>,
    /// Where the bias of the forget gates starts [default: random, as the other weights]
    #[arg(long, global = true, help_heading = "Training", value_name = "BIAS", allow_negative_numbers = true, value_parser = finite)]
    pub(crate) forget_bias: Option<f64>,
    /// Decides the data, the first weights and the order: the same seed, the same result [default: 1]
    #[arg(long, global = true, help_heading = "Training", allow_negative_numbers = true)]
    pub(crate) seed: Option<u64>,
    /// Threads to compute on. They share out a batch in pieces of 32 sequences, so they can only help
    /// where batches are larger. The result is the same, to the last bit
    #[arg(long, global = true, help_heading = "Training", value_name = "N", allow_negative_numbers = true, default_value = "1", value_parser = whole(1, 64))]
    pub(crate) threads: usize,

    /// Write checkpoints to this file, from which --resume goes on and which PyTorch can read. There must
    /// be no such file yet
    #[arg(long, global = true, help_heading = "Files", value_name = "FILE")]
    pub(crate) save: Option<PathBuf>,
    /// A checkpoint is written when the last one is so many seconds old, and at the end
    #[arg(long, global = true, help_heading = "Files", value_name = "SECONDS", allow_negative_numbers = true, default_value = "1", value_parser = seconds)]
    pub(crate) save_every: f64,
    /// Go on from this checkpoint, and write the next ones to the same file unless --save names another.
    /// Its settings hold; only --epochs may be larger, and --lr and --patience others. A run that its patience
    /// ended goes on if --patience is larger
    #[arg(long, global = true, help_heading = "Files", value_name = "FILE")]
    pub(crate) resume: Option<PathBuf>,
    /// Begin a training with the weights of this file, not with random ones: weights that PyTorch saved as
    /// safetensors, or a checkpoint, of which only the weights are taken
    #[arg(long, global = true, help_heading = "Files", value_name = "FILE", conflicts_with_all = ["resume", "model"])]
    pub(crate) from: Option<PathBuf>,
    /// Write the weights alone to this file, for PyTorch's `model.load_state_dict(load_file(FILE))`: of the network
    /// that was trained, or of --model. There must be no such file yet
    #[arg(long, global = true, help_heading = "Files", value_name = "FILE")]
    pub(crate) export: Option<PathBuf>,
    /// The model that `eval` and `predict` ask, or that --export turns into weights alone: a checkpoint, or weights
    /// that PyTorch saved as safetensors
    #[arg(long, global = true, help_heading = "Files", value_name = "FILE",
          conflicts_with_all = ["resume", "save", "curves", "hidden", "epochs", "batch", "lr", "clip", "forget_bias", "validation", "patience"])]
    pub(crate) model: Option<PathBuf>,
    /// Draw the losses over the epochs into this file
    #[arg(long, global = true, help_heading = "Files", value_name = "FILE.svg")]
    pub(crate) curves: Option<PathBuf>,
    /// One JSON object a line on standard output instead of text
    #[arg(long, global = true, help_heading = "Files")]
    pub(crate) json: bool,
}

fn whole(least: u64, most: u64) -> impl TypedValueParser<Value = usize> {
    clap::value_parser!(u64).range(least..=most).map(|value| value as usize)
}

fn number(text: &str) -> std::result::Result<f64, String> {
    text.parse().map_err(|_| "it is not a number".to_owned())
}

fn positive(text: &str) -> std::result::Result<f64, String> {
    let value = number(text)?;
    // As an f32 it could be 0 or infinite.
    let fits = value as f32 > 0.0 && (value as f32).is_finite();
    if fits { Ok(value) } else { Err("it has to be a positive number from 1e-45 to 3e38".into()) }
}

fn finite(text: &str) -> std::result::Result<f64, String> {
    let value = number(text)?;
    if value.abs() <= 100.0 {
        Ok(value)
    } else {
        Err("it has to be a number from -100 to 100".into())
    }
}

fn seconds(text: &str) -> std::result::Result<f64, String> {
    let value = number(text)?;
    if (0.0..=1e6).contains(&value) { Ok(value) } else { Err("it has to be 0 to 1000000".into()) }
}
