//! A peer: a program that was started once, and is asked again and again.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, ensure};
use bench::{Task, Work};

/// How to start a peer.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// Its name in the tables.
    pub name: &'static str,
    /// The program and its arguments.
    pub command: Vec<String>,
}

/// A running peer; stopped when dropped.
#[derive(Debug)]
pub struct Peer {
    /// Its name in the tables.
    pub name: &'static str,
    /// Who it says it is, such as `candle 0.11.1`.
    pub says: String,
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
    log: PathBuf,
}

/// What a peer answers.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// Seconds a step.
    pub seconds: f64,
}

impl Peer {
    /// Starts a peer on so many threads. What it writes to standard error goes to a file in `logs`.
    ///
    /// # Errors
    /// If it does not start or does not say who it is; the end of its log is in the message.
    pub fn start(recipe: &Recipe, threads: usize, logs: &Path) -> Result<Peer> {
        let log = logs.join(format!("{}-{threads}.log", recipe.name));
        let (program, arguments) = recipe.command.split_first().context("an empty command")?;
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        command.stderr(File::create(&log).with_context(|| format!("cannot write {log:?}"))?);
        for variable in ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"] {
            command.env(variable, threads.to_string());
        }
        let mut child = command.spawn().with_context(|| format!("cannot start {program}"))?;
        let (questions, answers) =
            child.stdin.take().zip(child.stdout.take()).context("no pipes")?;
        let answers = BufReader::new(answers);
        let mut peer =
            Peer { name: recipe.name, says: String::new(), child, questions, answers, log };
        peer.says = peer.line()?;
        Ok(peer)
    }

    /// Lets the peer take so many steps.
    ///
    /// # Errors
    /// If it stops, or answers with something else than two numbers, or does not train.
    pub fn ask(&mut self, work: &Work, steps: usize) -> Result<Answer> {
        // A peer that has ended says why in its log, which reading the answer shows.
        writeln!(self.questions, "{work} {steps}").ok();
        let line = self.line()?;
        let numbers: Vec<f64> = line.split_whitespace().filter_map(|n| n.parse().ok()).collect();
        let [seconds, read] = numbers[..] else {
            anyhow::bail!("{}: found `{line}`, expected seconds and a loss", self.name)
        };
        let untrained = work.task == Task::Train && steps >= 100 && read > 2.2;
        ensure!(
            read.is_finite() && !untrained,
            "{} reports a loss of {read} after {steps} steps of {work}: it does not train",
            self.name
        );
        Ok(Answer { seconds: seconds / steps as f64 })
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let log = || std::fs::read_to_string(&self.log).unwrap_or_default();
        ensure!(
            !line.is_empty(),
            "{} stopped: {} (all of it in {})",
            self.name,
            log().lines().last().unwrap_or("without a word"),
            self.log.display()
        );
        Ok(line.trim().to_owned())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
