//! Where a name leads: links are followed, and what stands at their end is looked at without being opened.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use file_id::{FileId, get_file_id};

/// More links than a system follows.
const MOST_LINKS: usize = 40;

/// The end of all links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A file, or nothing yet, in a folder that is there.
    File(PathBuf),
    /// What this program prints to: 1 is its output, 2 its errors.
    Printed(u8),
    /// A device or a pipe: it has no content that could be replaced.
    Stream(PathBuf),
}

/// What makes a place this one and no other, by whichever name it is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    There(FileId),
    /// Nothing yet: a name in a folder.
    New(FileId, OsString),
}

/// Follows a name.
///
/// # Errors
/// If it is empty or too long, leads in a circle, to a folder, or into one that is missing or closed.
pub(crate) fn place(path: &Path) -> io::Result<Place> {
    let ends_in_slash = path
        .as_os_str()
        .as_encoded_bytes()
        .last()
        .is_some_and(|byte| std::path::is_separator(char::from(*byte)));
    if ends_in_slash {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let path = follow(path)?;
    let (folder, name) = (folder_of(&path), path.file_name().unwrap_or_default());
    if cfg!(windows) && ["NUL", "CON"].iter().any(|device| name.eq_ignore_ascii_case(device)) {
        return Ok(Place::Stream(name.into()));
    }
    if holds_descriptors(folder) {
        return Ok(match name.to_str() {
            Some("1") => Place::Printed(1),
            Some("2") => Place::Printed(2),
            _ => Place::Stream(path),
        });
    }
    match fs::metadata(&path) {
        Ok(found) if found.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(found) if !found.is_file() => Ok(Place::Stream(path)),
        Ok(_) => Ok(Place::File(path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Place::File(path)),
        Err(error) => Err(error),
    }
}

/// The end of a chain of links, which need not be there; its folder is.
fn follow(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Some(name) = path.file_name() else { return fs::canonicalize(path) };
        let folder = fs::canonicalize(folder_of(&path))?;
        path = folder.join(name);
        // What stands there looks like links, but their text is no path.
        if holds_descriptors(&folder) {
            return Ok(path);
        }
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_symlink() => path = folder.join(fs::read_link(&path)?),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => return Ok(path),
        }
    }
    Err(io::Error::other("it is a link that leads in a circle"))
}

/// Whether a folder is the system's list of what a program has open: `/dev/fd`, `/proc/1234/fd`.
fn holds_descriptors(folder: &Path) -> bool {
    let in_proc = folder.strip_prefix("/proc").ok().and_then(|rest| rest.file_name());
    folder == Path::new("/dev/fd") || in_proc == Some(OsStr::new("fd"))
}

/// The folder that a name is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

impl Place {
    /// None for what everyone can share, and for what can't be known.
    pub(crate) fn identity(&self) -> Option<Identity> {
        match self {
            Place::File(path) => match get_file_id(path) {
                Ok(id) => Some(Identity::There(id)),
                Err(_) => {
                    let folder = get_file_id(folder_of(path)).ok()?;
                    Some(Identity::New(folder, path.file_name()?.to_owned()))
                }
            },
            Place::Printed(descriptor) => printed(*descriptor),
            Place::Stream(path) => {
                identity(path).filter(|id| Some(id) != identity("/dev/null").as_ref())
            }
        }
    }
}

/// The identity of what is there, links followed.
pub(crate) fn identity(path: impl AsRef<Path>) -> Option<Identity> {
    get_file_id(path).ok().map(Identity::There)
}

/// What a standard stream leads to; only Unix has a name for it.
pub(crate) fn printed(descriptor: u8) -> Option<Identity> {
    if cfg!(unix) { identity(format!("/dev/fd/{descriptor}")) } else { None }
}

/// The same, if it is a file.
pub(crate) fn printed_file(descriptor: u8) -> Option<Identity> {
    let file =
        cfg!(unix) && fs::metadata(format!("/dev/fd/{descriptor}")).is_ok_and(|it| it.is_file());
    if file { printed(descriptor) } else { None }
}
