//! What is on disk: the book's folder and the listings, one crate a chapter, with what they print.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

use crate::problem::Problem;

mod command;
mod fingerprint;
mod listing;
mod manifest;
mod name;
mod number;
mod output;
mod section;

pub(crate) use command::{check_record_command, check_run_command, in_debug, quick};
pub(crate) use fingerprint::{Fingerprint, fingerprint, made_from};
pub use listing::Listing;
pub(crate) use name::{RECORDS, RUNS, chapter_number, chapter_of, kept_file};
pub use number::{last_place, numbers, parse_number};
pub use output::{Output, Printed};
pub(crate) use section::{Part, Section, Value};

/// A checkout of the book.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder with `book/` and `listings/`.
    pub root: PathBuf,
}

impl Project {
    /// The project that `folder` lies in: the nearest parent with a `book/book.toml`.
    ///
    /// # Errors
    /// If there is none.
    pub fn find(folder: &Path) -> Result<Project> {
        let folder = fs::canonicalize(folder)
            .with_context(|| format!("cannot open the folder {}", folder.display()))?;
        match folder.ancestors().find(|parent| parent.join("book/book.toml").is_file()) {
            Some(root) => Ok(Project { root: root.to_owned() }),
            None => bail!(
                "no book/book.toml in {} or above it\n  to do     run this inside a checkout of the book",
                folder.display()
            ),
        }
    }

    /// Reads a file, given relative to the root.
    ///
    /// # Errors
    /// If it cannot be read; the message names it.
    pub fn read(&self, file: &Path) -> Result<String> {
        fs::read_to_string(self.root.join(file))
            .with_context(|| format!("cannot read {}", file.display()))
    }

    /// The Rust files in a folder and below it, in the order of their names, relative to the root as the
    /// folder is. None where there is no such folder.
    pub(crate) fn sources(&self, folder: &Path) -> Vec<PathBuf> {
        let found = files(&self.root.join(folder)).unwrap_or_default().into_iter();
        let rust = found.filter(|file| file.extension().is_some_and(|ending| ending == "rs"));
        rust.map(|file| folder.join(file)).collect()
    }
}

/// All files in a folder and those below it, relative to it, in the order of their names.
///
/// # Errors
/// If a folder cannot be read.
pub fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        if !entry.file_type().is_dir() {
            files.extend(entry.path().strip_prefix(folder).map(Path::to_owned));
        }
    }
    Ok(files)
}

/// A [`Problem`] for a file that cannot be read.
pub(crate) fn unreadable(file: &Path, error: &dyn std::fmt::Display) -> Problem {
    Problem::new(
        file,
        0,
        format!("{error:#}"),
        "a readable file",
        "restore it, or correct what refers to it",
    )
}

/// A file as the book names it, on every system.
pub(crate) fn shown(file: &Path) -> String {
    file.display().to_string().replace('\\', "/")
}
