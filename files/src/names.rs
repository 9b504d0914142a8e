//! All files that a command names: none of them may be written that has another role too.

use std::path::Path;

use anyhow::{Result, bail};

use crate::kind::Kind;
use crate::output::{Old, Output};
use crate::place::{Identity, Place, identity, place, printed_file};
use crate::problem::problem;

/// The files of one command, by their roles: `--data d.txt`, `--save m`.
#[derive(Debug)]
pub struct Names {
    inputs: Vec<(String, Identity)>,
    outputs: Vec<(String, Identity)>,
    /// What this program prints into, where that is a file.
    printed: Vec<(String, Identity)>,
}

impl Default for Names {
    fn default() -> Names {
        let streams = [("standard output", 1), ("standard error", 2)];
        let file =
            |(name, descriptor): (&str, u8)| Some((name.to_owned(), printed_file(descriptor)?));
        let printed = streams.into_iter().filter_map(file).collect();
        Names { inputs: Vec::new(), outputs: Vec::new(), printed }
    }
}

impl Names {
    /// A file that is going to be read. Whether it can be is for the reading to say.
    ///
    /// # Errors
    /// If it is written too.
    pub fn input(&mut self, role: &str, path: &Path) -> Result<()> {
        let Some(identity) = identity(path) else { return Ok(()) };
        let role = format!("{role} {}", path.display());
        refuse_second_role(&role, &identity, self.outputs.iter().chain(&self.printed))?;
        self.inputs.push((role, identity));
        Ok(())
    }

    /// A file to be written where nothing is yet; `to_do` says what to do if something is.
    ///
    /// # Errors
    /// If something is there, or the name has another role, or no file can be written there.
    pub fn new_file(&mut self, role: &str, path: &Path, to_do: &str) -> Result<Output> {
        self.output(role, path, Old::None { to_do })
    }

    /// A file to be written where nothing is, or one of this kind.
    ///
    /// # Errors
    /// If something else is there, or the name has another role, or no file can be written there.
    pub fn replace(&mut self, role: &str, path: &Path, kind: Kind) -> Result<Output> {
        self.output(role, path, Old::Kind(kind))
    }

    /// A file that is read and then written again. Call this before it is read: from then on no other
    /// run can write it.
    ///
    /// # Errors
    /// If the name has another role, or no file can be written there.
    pub fn update(&mut self, role: &str, path: &Path) -> Result<Output> {
        self.output(role, path, Old::Updated)
    }

    /// The checkpoint of a run, if there is to be one: `--save` makes a file where nothing is, `--resume` goes on with the one
    /// that is there; with both, what is read from the one goes on in the other, or in itself if they are the same.
    ///
    /// # Errors
    /// As [`Names::new_file`] and [`Names::update`].
    pub fn checkpoint(
        &mut self,
        resume: Option<&Path>,
        save: Option<&Path>,
    ) -> Result<Option<Output>> {
        let save = match (resume, save) {
            (Some(resume), Some(save)) if !same(resume, save) => {
                self.input("--resume", resume)?;
                save
            }
            (Some(resume), _) => return self.update("--resume", resume).map(Some),
            (None, Some(save)) => save,
            (None, None) => return Ok(None),
        };
        let to_do =
            format!("go on with --resume {0}, name another file, or remove {0}", save.display());
        self.new_file("--save", save, &to_do).map(Some)
    }

    fn output(&mut self, role: &str, path: &Path, old: Old<'_>) -> Result<Output> {
        let role = format!("{role} {}", path.display()).trim_start().to_owned();
        let place = match place(path) {
            Ok(place) => place,
            Err(error) => bail!(problem(
                &role,
                &format!("that no file can be written there: {error}"),
                "a file's name, in a folder that is there",
                "name another file",
            )),
        };
        if let Some(identity) = place.identity() {
            let printed: &[_] = if matches!(place, Place::File(_)) { &self.printed } else { &[] };
            let others = self.inputs.iter().chain(&self.outputs).chain(printed);
            refuse_second_role(&role, &identity, others)?;
            self.outputs.push((role.clone(), identity));
        }
        Output::open(role, place, old)
    }
}

/// Whether two names lead to the same place, by whichever links.
pub fn same(one: &Path, other: &Path) -> bool {
    let identity = |path| place(path).ok().and_then(|place| place.identity());
    one == other || identity(one).is_some_and(|one| Some(one) == identity(other))
}

fn refuse_second_role<'a>(
    role: &str,
    identity: &Identity,
    mut others: impl Iterator<Item = &'a (String, Identity)>,
) -> Result<()> {
    match others.find(|(_, other)| other == identity) {
        None => Ok(()),
        Some((other, _)) => Err(problem(
            role,
            &format!("the same file as {other}"),
            "a file for each",
            "name another file",
        )),
    }
}
