//! What a check found, and how sure it is.

use std::fmt;

use crate::difference::STEP;
use crate::doubt::Doubt;
use crate::entry::Entry;

/// What a check found: the worst entry over all parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Report {
    /// The entry with the largest relative error.
    pub worst: Entry,
    /// How many numbers were compared.
    pub compared: usize,
    /// How many of them lie below the floor: see [`Entry::is_faint`].
    pub faint: usize,
    /// Why the differences may be wrong, and not the gradient; or say nothing of it.
    pub doubt: Option<Doubt>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { worst, compared, faint, doubt } = self;
        let steps = 1.0 / STEP;
        write!(f, "{compared} numbers compared in steps of 1/{steps}, worst {worst}")?;
        if 0 < *faint && faint < compared {
            write!(f, " (below the floor of {:.1e}: {faint} of the numbers)", worst.floor)?;
        }
        doubt.iter().try_for_each(|doubt| write!(f, "\nBut {doubt}."))
    }
}
