//! One file that is going to be written: looked at and locked before, then written whole or not at all.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use file_id::{FileId, get_file_id};
use tempfile::NamedTempFile;

use crate::kind::{HEAD, Kind};
use crate::place::{Place, folder_of};
use crate::problem::problem;

/// How names of temporary files end.
const PARTIAL: &str = ".partial";

/// How many random letters they have.
const RANDOM: usize = 8;

/// What may be there already.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Old<'a> {
    None { to_do: &'a str },
    Kind(Kind),
    Updated,
}

/// A file to be written, or a device or pipe.
///
/// As long as this value lives, no other one can be had for the same file, in any program that asks this
/// crate (on Unix; a lock of Windows would keep others from reading the file).
#[derive(Debug)]
pub struct Output {
    /// How messages call it: `--save m`.
    role: String,
    to: To,
}

#[derive(Debug)]
enum To {
    File(Target),
    /// What this program prints to.
    Printed(u8),
    Stream(PathBuf, Option<File>),
}

#[derive(Debug)]
struct Target {
    /// No link.
    path: PathBuf,
    /// What the path names as far as we know; none where nothing is.
    known: Option<FileId>,
    /// The file that is there, locked; the next one is locked before it takes its place.
    held: Option<File>,
    /// An empty file that only keeps the name, and goes with this value.
    reserved: bool,
}

impl Output {
    /// Looks whether something can be written there, and locks it.
    pub(crate) fn open(role: String, place: Place, old: Old<'_>) -> Result<Output> {
        let to = match place {
            Place::Printed(descriptor) => To::Printed(descriptor),
            Place::Stream(path) => To::Stream(path, None),
            Place::File(path) => {
                let known = get_file_id(&path).ok();
                let mut target = Target { path, known, held: None, reserved: false };
                target.look(&role, old)?;
                To::File(target)
            }
        };
        if matches!((&to, old), (To::Printed(_) | To::Stream(..), Old::Updated)) {
            bail!(problem(&role, "a device or a pipe", "a file", "name a file to write to"));
        }
        Ok(Output { role, to })
    }

    /// Takes the name: a device or a pipe is opened, and where nothing is yet, `first` is written. If that is
    /// empty, it only keeps the name for what [`write`](Self::write) will bring, and goes if that never comes.
    ///
    /// # Errors
    /// If it cannot be done.
    pub fn claim(&mut self, first: &[u8]) -> Result<()> {
        match &mut self.to {
            To::Stream(path, open @ None) => {
                let file = File::options().append(true).open(path);
                *open = Some(file.with_context(|| cannot(&self.role, ""))?);
                Ok(())
            }
            To::File(Target { known: None, .. }) => {
                self.write(first)?;
                if let To::File(target) = &mut self.to {
                    target.reserved = first.is_empty();
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Whether it is a device or a pipe: what was written to it can't be written anew.
    pub fn is_stream(&self) -> bool {
        !matches!(self.to, To::File(_))
    }

    /// Writes a file whole or not at all; to a device or a pipe, what it takes.
    ///
    /// # Errors
    /// If it cannot be done. Then a file holds what it held before.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        if let To::Stream(_, None) = self.to {
            self.claim(&[])?;
        }
        let (written, kept) = match &mut self.to {
            To::File(target) => {
                let kept = if target.known.is_some() && !target.reserved {
                    ": what it held before is still there; make room, or name another file"
                } else {
                    ": nothing was left there; make room, or name another file"
                };
                (target.replace(bytes), kept)
            }
            To::Printed(1) => (print(io::stdout().lock(), bytes), ""),
            To::Printed(_) => (print(io::stderr().lock(), bytes), ""),
            To::Stream(_, file) => (file.as_mut().map_or(Ok(()), |file| print(file, bytes)), ""),
        };
        written.with_context(|| cannot(&self.role, kept))
    }
}

fn cannot(role: &str, kept: &str) -> String {
    format!("cannot write {role}{kept}")
}

fn print(mut to: impl Write, bytes: &[u8]) -> io::Result<()> {
    to.write_all(bytes)?;
    to.flush()
}

impl Target {
    fn look(&mut self, role: &str, old: Old<'_>) -> Result<()> {
        if self.known.is_some() {
            self.look_at_old(role, old)?;
        }
        self.remove_stale();
        self.temporary(None).map(drop).map_err(|error| {
            problem(
                role,
                &format!("that no file can be written there: {error}"),
                "a folder to write in",
                "name another file",
            )
        })
    }

    /// Whether what is there may be replaced.
    fn look_at_old(&mut self, role: &str, old: Old<'_>) -> Result<()> {
        if let Old::None { to_do } = old {
            bail!(problem(
                role,
                "that it is there already, and would be lost",
                "a new file",
                to_do
            ));
        }
        let closed = |error: &dyn std::fmt::Display| {
            let found = format!("a file that may not be written: {error}");
            problem(role, &found, "one that may", "name another file, or permit it")
        };
        let file =
            File::options().read(true).write(true).open(&self.path).map_err(|e| closed(&e))?;
        // The system would let its administrator write what somebody protected.
        if file.metadata().map_err(|error| closed(&error))?.permissions().readonly() {
            bail!(closed(&"it is read-only"));
        }
        if !self.lock(&file).map_err(|error| closed(&error))? {
            bail!(problem(
                role,
                "a file that another run is writing",
                "one run at a time",
                "wait for its end, or name another file",
            ));
        }
        let file = self.held.insert(file);
        let Old::Kind(kind) = old else { return Ok(()) };
        let mut head = Vec::new();
        file.take(HEAD).read_to_end(&mut head).map_err(|error| closed(&error))?;
        if !head.is_empty() && !(kind.is)(&head) {
            bail!(problem(
                role,
                "a file of another kind, which would be lost",
                &format!("a new file, or {}", kind.name),
                "name another file",
            ));
        }
        Ok(())
    }

    /// Locks what the path names; false if somebody else has it, or put another file there since.
    fn lock(&mut self, file: &File) -> io::Result<bool> {
        let locked = lock(file)?;
        self.known = get_file_id(&self.path).ok();
        Ok(locked && (cfg!(windows) || self.known == id_of(file)))
    }

    // ANCHOR: write
    /// Puts `bytes` into the file so that, whenever the power fails, it holds either what it held before
    /// or all of `bytes`.
    ///
    /// They go to a second file in the same folder, then to the disk itself, and only then does the
    /// second file take the place of the first: renaming is one step, done or not done. Last, the
    /// folder, which holds the new name, goes to the disk too.
    fn replace(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut new = self.temporary(self.held.as_ref())?;
        new.write_all(bytes)?;
        new.as_file().sync_all()?;
        // What somebody else put there meanwhile is not ours to replace.
        if get_file_id(&self.path).ok() != self.known {
            return Err(io::Error::other("another program wrote or removed it meanwhile"));
        }
        if cfg!(windows) {
            self.held = None; // Windows does not replace a file that is open.
        }
        let there = self.known.is_some();
        let put = if there { new.persist(&self.path) } else { new.persist_noclobber(&self.path) };
        // The new file has been locked since it was made: the old one's lock can go.
        self.held = Some(put.map_err(|error| error.error)?);
        self.known = Some(get_file_id(&self.path)?);
        self.reserved = false;
        // Only Unix can open a folder like a file.
        if cfg!(unix) { File::open(folder_of(&self.path))?.sync_all() } else { Ok(()) }
    }
    // ANCHOR_END: write

    /// An empty file beside the target, locked, with the owner and the mode of the old one. Its name is one
    /// that nothing else has, and it is removed unless it takes the target's name.
    fn temporary(&self, old: Option<&File>) -> io::Result<NamedTempFile> {
        let prefix = self.prefix();
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).suffix(PARTIAL).rand_bytes(RANDOM);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        loop {
            let new = builder.tempfile_in(folder_of(&self.path))?;
            lock(new.as_file())?;
            // Between its making and its locking, another run may have taken it for a dead one's.
            if cfg!(windows) || get_file_id(new.path()).ok() == id_of(new.as_file()) {
                old.map_or(Ok(()), |old| like(new.as_file(), old))?;
                return Ok(new);
            }
        }
    }

    /// What the names of this target's temporary files begin with. The longest name that a system takes
    /// leaves no room for more, so a long one is not repeated.
    fn prefix(&self) -> OsString {
        let name = self.path.file_name().unwrap_or_default();
        let name = if name.len() > 200 { OsStr::new("long-name") } else { name };
        [OsStr::new("."), name, OsStr::new(".")].into_iter().collect()
    }

    /// Removes what a killed run left: a temporary file of this target that nobody has locked.
    fn remove_stale(&self) {
        if !cfg!(unix) {
            return;
        }
        for entry in fs::read_dir(folder_of(&self.path)).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let middle = (name.as_encoded_bytes())
                .strip_prefix(self.prefix().as_encoded_bytes())
                .and_then(|rest| rest.strip_suffix(PARTIAL.as_bytes()));
            let ours = middle
                .is_some_and(|it| it.len() == RANDOM && it.iter().all(u8::is_ascii_alphanumeric));
            if ours && entry.file_type().is_ok_and(|kind| kind.is_file()) {
                let free =
                    File::options().write(true).open(entry.path()).and_then(|file| lock(&file));
                if free.is_ok_and(|free| free) {
                    let _ = fs::remove_file(entry.path());
                }
            }
        }
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        let empty = || fs::metadata(&self.path).is_ok_and(|found| found.len() == 0);
        if self.reserved && get_file_id(&self.path).ok() == self.known && empty() {
            let _ = fs::remove_file(&self.path);
        }
        // Closing it would not do: a program that is being started may hold what we have open for a moment.
        let _ = self.held.as_ref().map(File::unlock);
    }
}

/// Takes the lock that says who writes a file; false if somebody has it. Where there are no locks, as on
/// some network drives, everybody gets it.
fn lock(file: &File) -> io::Result<bool> {
    if cfg!(windows) {
        return Ok(true);
    }
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Ok(false),
        Ok(()) | Err(TryLockError::Error(_)) => Ok(true),
    }
}

#[cfg(unix)]
fn id_of(file: &File) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt;
    let found = file.metadata().ok()?;
    Some(FileId::new_inode(found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn id_of(_: &File) -> Option<FileId> {
    None
}

/// Gives a new file the owner of the old one, where that is permitted, and its mode.
#[cfg(unix)]
fn like(new: &File, old: &File) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let (found, made) = (old.metadata()?, new.metadata()?);
    if made.uid() != found.uid() {
        let _ = fchown(new, Some(found.uid()), None);
    }
    if made.gid() != found.gid() {
        let _ = fchown(new, None, Some(found.gid()));
    }
    new.set_permissions(found.permissions())
}

#[cfg(not(unix))]
fn like(_: &File, _: &File) -> io::Result<()> {
    Ok(())
}
