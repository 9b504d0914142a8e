//! While it learns: a bar on a terminal, a line of JSON an epoch, or nothing.

use std::time::{Duration, Instant};

use anyhow::Result;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use next_digit::Session;
use say::{note, say};
use serde_json::Value;

use crate::report;

/// Says how far a session is.
pub(crate) struct Progress {
    bar: ProgressBar,
    json: bool,
    start: Instant,
    /// Sequences that were gone through before this program began.
    before: u64,
}

impl Progress {
    /// A bar of all sequences of all epochs, on standard error; nothing where that is not a terminal.
    pub(crate) fn new(session: &Session<f32>, json: bool) -> Result<Progress> {
        let all = session.steps_per_epoch() * session.settings.epochs as u64;
        let bar = if json { ProgressBar::hidden() } else { ProgressBar::new(all) };
        let speed = session.settings.batch as f64;
        bar.set_style(
            ProgressStyle::with_template("[{bar:30}] {msg}, {speed} sequences/s, {eta} left")?
                .with_key("speed", move |state: &ProgressState, w: &mut dyn std::fmt::Write| {
                    _ = write!(w, "{:.0}", state.per_sec() * speed);
                })
                .progress_chars("=> "),
        );
        bar.set_position(session.steps());
        bar.reset_eta();
        bar.set_message("...");
        let before = sequences(session);
        Ok(Progress { bar, json, start: Instant::now(), before })
    }

    /// After a step.
    pub(crate) fn step(&self) {
        self.bar.inc(1);
    }

    /// After an epoch.
    pub(crate) fn epoch(&self, session: &Session<f32>) -> Result<()> {
        let epoch = session.history.len();
        let loss = session.history.last().map_or(f64::NAN, |epoch| epoch.training);
        let best =
            session.choice().map_or(String::new(), |choice| format!(", best {}", choice.epoch));
        let epochs = session.settings.epochs;
        self.bar.set_message(format!("epoch {epoch}/{epochs}, loss {loss:.2e}{best}"));
        if self.json {
            let seconds = self.start.elapsed().as_secs_f64();
            say_json(&report::epoch(session, seconds, self.speed(session)))?;
        }
        Ok(())
    }

    /// At the end: the bar gives way to a line.
    pub(crate) fn finish(&self, session: &Session<f32>) {
        self.bar.finish_and_clear();
        if !self.bar.is_hidden() && sequences(session) > self.before {
            let (time, speed) = (self.start.elapsed(), self.speed(session));
            note(format!("{} at {speed:.0} sequences/s", seconds(time)));
        }
    }

    fn speed(&self, session: &Session<f32>) -> f64 {
        let done = sequences(session) - self.before;
        done as f64 / self.start.elapsed().as_secs_f64().max(1e-9)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn seconds(time: Duration) -> String {
    format!("trained in {:.2} s", time.as_secs_f64())
}

/// About how many sequences were gone through.
fn sequences(session: &Session<f32>) -> u64 {
    session.steps() * session.settings.batch as u64
}

/// One object on a line of standard output.
pub(crate) fn say_json(value: &Value) -> Result<()> {
    Ok(say(format!("{value}\n"))?)
}
