//! What a run writes: its checkpoints and its weights.

use anyhow::Result;
use files::{Names, Output};
use own_sequences::{Alphabet, DataAbout, Network, Session, to_bytes, weights_to_bytes};

use crate::cli::Options;

/// The files to write, each if it was asked for.
pub(crate) struct Outputs {
    save: Option<Output>,
    export: Option<Output>,
}

impl Outputs {
    /// Holds all names that were given against each other and against what is there. Nothing is written yet.
    pub(crate) fn new(options: &Options) -> Result<Outputs> {
        let mut names = Names::default();
        let Options { file, model, from, resume, save, export, .. } = options;
        for (role, file) in [("FILE", file), ("--model", model), ("--from", from)] {
            file.as_ref().map_or(Ok(()), |file| names.input(role, file))?;
        }
        let save = names.checkpoint(resume.as_deref(), save.as_deref())?;
        let to_do = "name another file, or remove this one";
        let export = export.as_ref().map(|file| names.new_file("--export", file, to_do));
        Ok(Outputs { save, export: export.transpose()? })
    }

    /// Takes the names. The first checkpoint is written before the first step: what cannot be written is known now.
    pub(crate) fn claim(&mut self, session: &Session, data: &DataAbout) -> Result<()> {
        if let Some(save) = &mut self.save {
            save.claim(&to_bytes(session, data))?;
        }
        self.export.as_mut().map_or(Ok(()), |file| file.claim(&[]))
    }

    /// Writes a checkpoint on the way. A pipe can't take back what it was given: it gets the last one only.
    pub(crate) fn save(&mut self, session: &Session, data: &DataAbout) -> Result<()> {
        match self.save.as_mut().filter(|file| !file.is_stream()) {
            Some(file) => file.write(&to_bytes(session, data)),
            None => Ok(()),
        }
    }

    /// Writes the last checkpoint.
    pub(crate) fn save_last(&mut self, session: &Session, data: &DataAbout) -> Result<()> {
        self.save.as_mut().map_or(Ok(()), |file| file.write(&to_bytes(session, data)))
    }

    /// Writes the weights alone.
    pub(crate) fn export(&mut self, network: &Network, alphabet: &Alphabet) -> Result<()> {
        let bytes = || weights_to_bytes(network, alphabet);
        self.export.as_mut().map_or(Ok(()), |file| file.write(&bytes()))
    }
}
