//! What a program says: `println!` panics where nobody reads any more, these don't.

use std::fmt;
use std::io::{self, Write};

/// Says something on standard output.
///
/// # Errors
/// If it takes nothing more.
pub fn say(text: impl AsRef<str>) -> Result<(), Unheard> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_ref().as_bytes()).and_then(|()| out.flush()).map_err(Unheard)
}

/// Says something beside it, a line on standard error, to whoever listens.
pub fn note(text: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Standard output takes nothing more: its reader went away, as `head` does, or the disk is full.
#[derive(Debug)]
pub struct Unheard(io::Error);

impl fmt::Display for Unheard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "standard output can't be written to: {}", self.0)
    }
}

impl std::error::Error for Unheard {}
