//! The tests that execute the book, run beside the server, and stopped when an edit makes them old.

use std::fs::File;
use std::io::{Read, Seek};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

/// A program that checks the book. Dropped, it is stopped, with all that it has started.
pub(super) struct Checks {
    program: Child,
    said: File,
}

impl Checks {
    /// Starts the program.
    ///
    /// # Errors
    /// If it cannot be run.
    pub(super) fn start(mut command: Command) -> Result<Checks> {
        let unable = || format!("cannot run {}", command.get_program().display());
        let said = tempfile::tempfile().context("cannot create a temporary file")?;
        let (out, err) =
            (said.try_clone().with_context(unable)?, said.try_clone().with_context(unable)?);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let program = command.stdin(Stdio::null()).stdout(out).stderr(err).spawn();
        Ok(Checks { program: program.context("cannot run the book's tests")?, said })
    }

    /// What came out, once it has come to an end: an error with all that was said, or nothing.
    pub(super) fn result(&mut self) -> Option<Result<()>> {
        let status = match self.program.try_wait() {
            Ok(status) => status?,
            Err(error) => return Some(Err(error.into())),
        };
        if status.success() {
            return Some(Ok(()));
        }
        let mut said = Vec::new();
        let read = self.said.rewind().and_then(|()| self.said.read_to_end(&mut said));
        let said = String::from_utf8_lossy(&said);
        Some(
            read.map_err(Into::into).and_then(|_| bail!("the book's tests fail:\n{}", said.trim())),
        )
    }

    /// Ends the program and what it has started: tests, and programs that tests run.
    fn stop(&mut self) {
        #[cfg(unix)]
        let stopped = {
            use rustix::process::{Pid, Signal, kill_process_group};
            kill_process_group(Pid::from_child(&self.program), Signal::KILL).is_ok()
        };
        #[cfg(windows)]
        let stopped = {
            let id = self.program.id().to_string();
            let mut kill = Command::new("taskkill");
            kill.args(["/T", "/F", "/PID", &id]).stdout(Stdio::null()).stderr(Stdio::null());
            kill.status().is_ok_and(|status| status.success())
        };
        if !stopped {
            let _ = self.program.kill();
        }
        let _ = self.program.wait();
    }
}

impl Drop for Checks {
    fn drop(&mut self) {
        if matches!(self.program.try_wait(), Ok(None)) {
            self.stop();
        }
    }
}
