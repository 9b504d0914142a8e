//! What is wrong with a formula.

use std::error::Error;
use std::fmt;

/// A formula that cannot be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MathError {
    /// Where in the LaTeX, in bytes; 0 where it is not known.
    pub offset: usize,
    /// What is wrong there.
    pub message: String,
}

impl MathError {
    /// Something that is wrong with the formula as a whole.
    pub(super) fn whole(message: impl Into<String>) -> MathError {
        MathError { offset: 0, message: message.into() }
    }
}

impl fmt::Display for MathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for MathError {}
