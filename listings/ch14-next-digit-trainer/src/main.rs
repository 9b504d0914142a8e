//! `cargo run --release -p ch14`: trains the next-digit network and says, beside what chance and memory
//! would reach, what it has learnt.
#![forbid(unsafe_code)]

mod cli;
mod curves;
mod data;
mod meaning;
mod outputs;
mod parse;
mod plan;
mod progress;
mod report;

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, anyhow, ensure};
use clap::Parser;
use files::{Signal, Stop};
use next_digit::{Run, examine};
use say::{Unheard, note, say};

use cli::{Cli, Command, Options};
use data::Data;
use outputs::Outputs;
use plan::{Plan, load};
use progress::{Progress, say_json};
use report::Report;

fn main() -> ExitCode {
    run(Cli::parse()).unwrap_or_else(|error| {
        note(format!("error: {error:#}"));
        ExitCode::FAILURE
    })
}

// ANCHOR: run
fn run(Cli { options, command }: Cli) -> Result<ExitCode> {
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
            ask(file, &options, question, converts)?;
            Ok(ExitCode::SUCCESS)
        }
        None => train(Plan::new(&options, question)?, &options, question),
    }
}

/// Trains, says how well, and answers. A signal, or a standard output that takes nothing more, ends the run as
/// its last step would.
fn train(mut plan: Plan, options: &Options, question: Option<&[u8]>) -> Result<ExitCode> {
    let stop = Stop::on_signals()?;
    plan.outputs.claim(&plan.session, &plan.data)?;
    let setup = report::setup(&plan.data, &plan.session).noting(&plan.notes);
    let learnt = tell(options, setup).and_then(|()| learn(&mut plan, options, &stop));
    let Plan { data, session, outputs, .. } = &mut plan;
    let began_with_weights = session.from.is_some();
    let asked = Asked { network: session.network(), notes: &[], began_with_weights };
    if learnt.as_ref().err().is_none_or(|error| error.is::<Unheard>()) {
        outputs.draw(session)?;
        outputs.export(asked.network)?;
    }
    let told = learnt.and_then(|signal| {
        if let Some(choice) = session.choice() {
            tell(options, report::choice(&choice, data.held.len()))?;
        }
        asked.tell_results(options, data)?;
        question.map_or(Ok(()), |digits| asked.tell_answer(options, Some(data), digits))?;
        Ok(signal)
    });
    let end = plan::end(session, options);
    match told {
        Ok(None) => Ok(ExitCode::SUCCESS),
        Ok(Some(signal)) => {
            note(end);
            Ok(ExitCode::from(signal.exit_code()))
        }
        Err(error) if error.is::<Unheard>() => Err(error.context(end)),
        Err(error) => Err(error),
    }
}
// ANCHOR_END: run

// ANCHOR: learn
/// Takes all steps that are left, or those until a signal comes, which it returns. Writes a checkpoint now and
/// then, and one at the end.
fn learn(plan: &mut Plan, options: &Options, stop: &Stop) -> Result<Option<Signal>> {
    let Plan { data, session, outputs, .. } = plan;
    let progress = Progress::new(session, options.json)?;
    let mut saved = Instant::now();
    let mut heard = Ok(());
    while !session.is_done() && stop.asked().is_none() && heard.is_ok() {
        if saved.elapsed().as_secs_f64() >= options.save_every {
            outputs.save(session, data)?;
            saved = Instant::now();
        }
        let ended = session.step().map_err(|error| {
            anyhow!("{error}; try a smaller --lr{}", plan::last_checkpoint(options))
        })?;
        progress.step();
        if ended.is_some() {
            if options.curves.is_some() || options.json {
                session.examine(&data.split.unseen);
            }
            heard = progress.epoch(session);
        }
    }
    outputs.save_last(session, data)?;
    progress.finish(session);
    heard?;
    Ok(stop.asked().filter(|_| !session.is_done()))
}
// ANCHOR_END: learn

/// Examines or asks a model from a file, or only writes its weights.
fn ask(file: &Path, options: &Options, question: Option<&[u8]>, converts: bool) -> Result<()> {
    let mut outputs = Outputs::new(options)?;
    let model = load(file)?;
    let about = model.run.as_ref().map(|run| &run.about);
    let began_with_weights = about.is_some_and(|about| about.from.is_some());
    let asked = Asked { network: &model.network, notes: &model.notes, began_with_weights };
    outputs.export(asked.network)?;
    if converts {
        let report = report::exported(&model.network, options.export.as_deref());
        return tell(options, report.noting(&model.notes));
    }
    let Some(digits) = question else {
        let data = plan::data_for(file, options, about)?;
        if about.is_some_and(|about| about.data.is_same(&data.about)) {
            if let Some(choice) = model.run.as_ref().and_then(Run::choice) {
                tell(options, report::choice(&choice, data.held.len()))?;
            }
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
    if options.json { say_json(&report.json) } else { Ok(say(&report.text)?) }
}
