//! Why a formula is not executed.

use std::error::Error;
use std::fmt;

/// Why a formula cannot be executed: what was found, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    message: String,
}

impl Refusal {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Refusal { message: message.into() }
    }

    pub(crate) fn in_row(self, row: usize) -> Self {
        Refusal::new(format!("row {row}: {}", self.message))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Refusal {}
