//! How every program of this workspace reads a file, and how it writes one at a name that somebody gave; and how one that is
//! asked to end writes what it has: see [`Stop`].
//!
//! The rule: an output never destroys anything. What is there is replaced only where that is the
//! command's meaning and it is a file of the kind that the command writes; a name that has another role
//! too is refused. All of this is looked at before a command begins its work: see [`Names`]. Then a file
//! is written whole or not at all: see [`Output::write`].
#![forbid(unsafe_code)]

mod kind;
mod names;
mod output;
mod place;
mod problem;
mod stop;
mod text;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::Result;

pub use kind::{ANY, EPUB, Kind, PAGE, PDF, PNG, SNAPSHOT, SVG};
pub use names::{Names, same};
pub use output::Output;
pub use problem::problem;
pub use stop::{Signal, Stop};
pub use text::decode;

/// Everything in a file, if that is not more than `limit` bytes.
///
/// # Errors
/// If it cannot be read, or is larger.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let place = path.display().to_string();
    let cannot = |error: io::Error| {
        problem(&place, &format!("that it cannot be read: {error}"), "a file", "check the name")
    };
    let file = File::open(path).map_err(cannot)?;
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > limit {
        let expected = format!("at most {} MiB", limit >> 20);
        return Err(problem(&place, "a larger file", &expected, "check the name"));
    }
    Ok(bytes)
}

/// Writes a file in one go, where nothing is or a file of this kind.
///
/// # Errors
/// As [`Names::replace`] and [`Output::write`].
pub fn replace(path: &Path, kind: Kind, bytes: &[u8]) -> Result<()> {
    Names::default().replace("", path, kind)?.write(bytes)
}
