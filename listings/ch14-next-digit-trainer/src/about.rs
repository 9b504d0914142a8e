//! What a checkpoint says about itself, in words.

use digits::{LookupTable, Sequence, commonest};
use serde::{Deserialize, Serialize};

use crate::{Settings, ValidationAbout};

/// The format of the files that are written here.
pub(crate) const VERSION: u32 = 1;

/// The most times that the training sequences can be gone through.
pub const MOST_EPOCHS: usize = 100_000;
/// The most digits in a sequence, the predicted one included.
pub const MOST_DIGITS: usize = 1000;
/// The most sequences that a rule is asked for.
pub const MOST_DRAWN: usize = 100_000;

// ANCHOR: about
/// What a checkpoint says about itself, in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The format of the file: 1.
    pub version: u32,
    /// Everything that the run depends on.
    pub settings: Settings,
    /// Where the data came from.
    pub data: DataAbout,
    /// How many steps were taken. With the seed it says which batch is next.
    pub step: u64,
    /// The losses of the unfinished epoch, each times its batch.
    pub total: f64,
    /// The [`weights_fingerprint`](crate::weights_fingerprint) of the weights that it began with; none if they were drawn at random.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<u32>,
    /// What is held aside to choose the epoch; older checkpoints know nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<ValidationAbout>,
}

impl About {
    /// How many sequences there are to learn from, without those that are held aside.
    pub fn learnt(&self) -> usize {
        self.validation.map_or(self.data.training, |validation| validation.learnt)
    }

    /// How many steps there are to an epoch.
    pub fn steps_per_epoch(&self) -> u64 {
        self.learnt().max(1).div_ceil(self.settings.batch.max(1)) as u64
    }
}

/// Where data came from, and how to recognise them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataAbout {
    /// The rule that drew them; none if they came from a file.
    pub task: Option<String>,
    /// Digits in a sequence: those that are read, and the one to be predicted. Older files call it `length`.
    #[serde(alias = "length")]
    pub digits: usize,
    /// How many sequences are for training.
    pub training: usize,
    /// How many are for the test set.
    pub unseen: usize,
    /// See [`fingerprint`](crate::fingerprint()).
    pub fingerprint: u32,
    /// Digits in a window, if the sequences are the windows of one series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<usize>,
    /// What memory alone reaches in training; older files do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Memory>,
}

/// What can be reached on training sequences without a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    /// How many of them a lookup table has right: nothing has more.
    pub ceiling: usize,
    /// The commonest answer.
    pub digit: u8,
    /// How many answers are that digit.
    pub commonest: usize,
}
// ANCHOR_END: about

impl DataAbout {
    /// Whether these are the same data, whatever an older file leaves unsaid.
    pub fn is_same(&self, other: &DataAbout) -> bool {
        let known = |about: &DataAbout| DataAbout { memory: None, ..about.clone() };
        known(self) == known(other)
    }
}

impl Memory {
    /// Of these training sequences.
    pub fn of(training: &[Sequence]) -> Memory {
        let table = LookupTable::learn(training);
        let digit = commonest(training);
        Memory {
            ceiling: training.iter().filter(|s| table.guess(&s.context) == s.next).count(),
            digit,
            commonest: training.iter().filter(|s| s.next == digit).count(),
        }
    }
}
