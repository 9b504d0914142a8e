//! Files: read within a limit, written whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// An error in the form that all of the book's programs use.
pub(crate) fn problem(place: &str, found: &str, expected: &str, to_do: &str) -> anyhow::Error {
    anyhow::anyhow!("{place}\n  found     {found}\n  expected  {expected}\n  to do     {to_do}")
}

/// Everything in a file, if that is not more than `limit` bytes.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>> {
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

// ANCHOR: write
/// Puts `bytes` into a file so that, whenever the power fails, the file holds either what it held
/// before or all of `bytes`.
///
/// They go to a second file in the same folder, then to the disk itself, and only then does the
/// second file take the place of the first: renaming is one step, done or not done. Last, the
/// folder, which holds the new name, goes to the disk too.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    let partial = partial(path);
    let written = write_and_rename(path, &partial, bytes);
    if written.is_err() {
        let _ = fs::remove_file(&partial);
    }
    written.with_context(|| {
        format!(
            "cannot write {}: what it held before is still there; make room, or name another file",
            path.display()
        )
    })
}

fn write_and_rename(path: &Path, partial: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(partial)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(partial, path)?;
    // Only Unix can open a folder like a file.
    if cfg!(unix) { File::open(folder(path))?.sync_all() } else { Ok(()) }
}
// ANCHOR_END: write

/// Where a file is written before it takes its name: `run.safetensors.partial`.
fn partial(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".partial");
    name.into()
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

/// Whether a file can be written there: better known before an hour of training than after.
pub(crate) fn check_writable(flag: &str, path: &Path) -> Result<()> {
    if path.exists() && !path.is_file() {
        bail!("{flag} {}: that is there, but not a file; name a file", path.display());
    }
    let partial = partial(path);
    File::create(&partial).and_then(|_| fs::remove_file(&partial)).with_context(|| {
        format!("{flag} {}: no file can be written there; name another", path.display())
    })
}

/// For a file that must not be there yet.
pub(crate) fn check_new(flag: &str, path: &Path) -> Result<()> {
    if path.symlink_metadata().is_ok() {
        bail!(
            "{flag} {path}: that is there already and would be lost; go on with --resume {path}, \
             name another file, or remove it",
            path = path.display()
        );
    }
    check_writable(flag, path)
}
