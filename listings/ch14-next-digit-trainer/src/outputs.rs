//! What a run writes: its checkpoints, its curves, its weights.

use anyhow::Result;
use files::{Names, Output, SVG};
use next_digit::{Network, Session, to_bytes, weights_to_bytes};

use crate::cli::Options;
use crate::curves;
use crate::data::Data;

/// The files to write, each if it was asked for.
pub(crate) struct Outputs {
    save: Option<Output>,
    curves: Option<Output>,
    export: Option<Output>,
}

impl Outputs {
    /// Holds all names that were given against each other and against what is there. Nothing is written yet.
    pub(crate) fn new(options: &Options) -> Result<Outputs> {
        let mut names = Names::default();
        let Options { data, model, from, resume, save, curves, export, .. } = options;
        for (role, file) in [("--data", data), ("--model", model), ("--from", from)] {
            file.as_ref().map_or(Ok(()), |file| names.input(role, file))?;
        }
        let save = names.checkpoint(resume.as_deref(), save.as_deref())?;
        let curves =
            curves.as_ref().map(|file| names.replace("--curves", file, SVG)).transpose()?;
        let to_do = "name another file, or remove this one";
        let export = export.as_ref().map(|file| names.new_file("--export", file, to_do));
        Ok(Outputs { save, curves, export: export.transpose()? })
    }

    /// Takes the names. The first checkpoint is written before the first step: what cannot be written is known
    /// now.
    pub(crate) fn claim(&mut self, session: &Session<f32>, data: &Data) -> Result<()> {
        if let Some(save) = &mut self.save {
            save.claim(&to_bytes(session, &data.about))?;
        }
        for file in [&mut self.curves, &mut self.export].into_iter().flatten() {
            file.claim(&[])?;
        }
        Ok(())
    }

    /// Writes a checkpoint on the way. A pipe can't take back what it was given: it gets the last one only.
    pub(crate) fn save(&mut self, session: &Session<f32>, data: &Data) -> Result<()> {
        match self.save.as_mut().filter(|file| !file.is_stream()) {
            Some(file) => file.write(&to_bytes(session, &data.about)),
            None => Ok(()),
        }
    }

    /// Writes the last checkpoint.
    pub(crate) fn save_last(&mut self, session: &Session<f32>, data: &Data) -> Result<()> {
        match &mut self.save {
            Some(file) => file.write(&to_bytes(session, &data.about)),
            None => Ok(()),
        }
    }

    /// Draws the curves.
    pub(crate) fn draw(&mut self, session: &Session<f32>) -> Result<()> {
        match &mut self.curves {
            Some(file) => file.write(curves::draw(&session.history)?.as_bytes()),
            None => Ok(()),
        }
    }

    /// Writes the weights alone.
    pub(crate) fn export(&mut self, network: &Network<f32>) -> Result<()> {
        match &mut self.export {
            Some(file) => file.write(&weights_to_bytes(network)),
            None => Ok(()),
        }
    }
}
