//! `cargo run --release -p ch14`: trains the next-digit network and says, beside what chance and memory
//! would reach, what it has learnt.
#![forbid(unsafe_code)]

mod cli;
mod curves;
mod data;
mod files;
mod meaning;
mod parse;
mod plan;
mod progress;
mod report;
mod text;

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, anyhow, ensure};
use clap::Parser;
use next_digit::{examine, to_bytes, weights_to_bytes};

use cli::{Cli, Command, Options};
use data::Data;
use files::write_atomically;
use plan::{Plan, load};
use progress::{Progress, say, say_json};
use report::Report;

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        // The reader of a pipe went away, as `head` does: nothing to say, and nobody to say it to.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Not `eprintln!`, which panics where standard error is closed.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<io::Error>();
    io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

// ANCHOR: run
fn run(Cli { options, command }: Cli) -> Result<()> {
    let question = command.as_ref().map(Command::question).transpose()?.flatten();
    let question = question.as_deref();
    match &options.model {
        Some(file) => {
            let converts = command.is_none() && options.export.is_some();
            let examines = matches!(command, Some(Command::Eval));
            ensure!(
                converts || examines || question.is_some(),
                "--model is for `eval`, `predict` and --export; to go on training, use --resume {0}, or \
                 --from {0} to begin with its weights",
                file.display()
            );
            plan::check_export(&options)?;
            ask(file, &options, question, converts)
        }
        None => train(Plan::new(&options, question)?, &options, question),
    }
}

/// Trains, says how well, and answers.
fn train(mut plan: Plan, options: &Options, question: Option<&[u8]>) -> Result<()> {
    tell(options, report::setup(&plan.data, &plan.session).noting(&plan.notes))?;
    learn(&mut plan, options)?;
    let Plan { data, session, .. } = &plan;
    let began_with_weights = session.from.is_some();
    let asked = Asked { network: &session.trainer.network, notes: &[], began_with_weights };
    if let Some(file) = &options.curves {
        write_atomically(file, curves::draw(&session.history)?.as_bytes())?;
    }
    export(options, &asked)?;
    asked.tell_results(options, data)?;
    match question {
        Some(digits) => asked.tell_answer(options, Some(data), digits),
        None => Ok(()),
    }
}
// ANCHOR_END: run

// ANCHOR: learn
/// Takes all steps that are left, with a checkpoint now and then, and one at the end.
fn learn(plan: &mut Plan, options: &Options) -> Result<()> {
    let Plan { data, session, save, .. } = plan;
    let kept = save.as_ref().map_or(String::new(), |file| {
        format!("; {} holds the last checkpoint before it", file.display())
    });
    let progress = Progress::new(session, options.json)?;
    let mut saved = Instant::now();
    while !session.is_done() {
        let ended = session.step().map_err(|error| anyhow!("{error}; try a smaller --lr{kept}"))?;
        progress.step();
        if ended.is_some() {
            if options.curves.is_some() {
                session.examine(&data.split.unseen);
            }
            progress.epoch(session)?;
        }
        let due = saved.elapsed().as_secs_f64() >= options.save_every || session.is_done();
        if let Some(file) = save.as_ref().filter(|_| due) {
            write_atomically(file, &to_bytes(session, &data.about))?;
            saved = Instant::now();
        }
    }
    progress.finish(session);
    Ok(())
}
// ANCHOR_END: learn

/// Examines or asks a model from a file, or only writes its weights.
fn ask(file: &Path, options: &Options, question: Option<&[u8]>, converts: bool) -> Result<()> {
    let model = load(file)?;
    let about = model.run.as_ref().map(|run| &run.about);
    let began_with_weights = about.is_some_and(|about| about.from.is_some());
    let asked = Asked { network: &model.network, notes: &model.notes, began_with_weights };
    export(options, &asked)?;
    if converts {
        let report = report::exported(&model.network, options.export.as_deref());
        return tell(options, report.noting(&model.notes));
    }
    let Some(digits) = question else {
        let data = plan::data_for(file, options, about)?;
        if about.is_some_and(|about| about.data.is_same(&data.about)) {
            return asked.tell_results(options, &data);
        }
        return asked.tell(options, report::examined(&model.network, about, &data));
    };
    // Only what was asked for or what can be drawn again: nobody asks for the data in order to predict.
    let known = about.filter(|about| about.data.task.is_some() || options.data.is_some());
    let data = known.map(|about| plan::data_for(file, options, Some(about))).transpose()?;
    let data = data.filter(|data| about.is_some_and(|about| about.data.is_same(&data.about)));
    asked.tell_answer(options, data.as_ref(), digits)
}

/// Writes the weights alone, where that was asked for.
fn export(options: &Options, asked: &Asked<'_>) -> Result<()> {
    match &options.export {
        Some(file) => write_atomically(file, &weights_to_bytes(asked.network)),
        None => Ok(()),
    }
}

/// A network that is asked, and what is known of it.
struct Asked<'a> {
    network: &'a plan::Network,
    /// What was done to read it.
    notes: &'a [String],
    /// Whether its weights were trained before its run began, on what nobody knows here.
    began_with_weights: bool,
}

impl Asked<'_> {
    fn tell_results(&self, options: &Options, data: &Data) -> Result<()> {
        let training = examine(self.network, &data.split.training);
        let unseen = examine(self.network, &data.split.unseen);
        ensure!(
            training.0.loss.is_finite() && unseen.0.loss.is_finite(),
            "the loss is not a finite number any more after the last step; try a smaller --lr"
        );
        self.tell(options, report::results(data, &training, &unseen))
    }

    fn tell(&self, options: &Options, report: Report) -> Result<()> {
        let report = report.noting(self.notes);
        tell(options, if self.began_with_weights { report.of_this_run() } else { report })
    }

    fn tell_answer(&self, options: &Options, data: Option<&Data>, digits: &[u8]) -> Result<()> {
        if data.is_some() && !options.json && options.model.is_none() {
            say("\n")?;
        }
        let task = options.task.or_else(|| data.and_then(Data::task));
        let data = data.filter(|_| !self.began_with_weights);
        let report = report::prediction(task, data, digits, &self.network.logits(digits));
        tell(options, report.noting(self.notes))
    }
}

fn tell(options: &Options, report: Report) -> Result<()> {
    if options.json { say_json(&report.json) } else { say(&report.text) }
}
