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
use next_digit::{examine, to_bytes};

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
            let examines = matches!(command, Some(Command::Eval));
            ensure!(
                examines || question.is_some(),
                "--model is for `eval` and `predict`; to go on training, use --resume {}",
                file.display()
            );
            ask(file, &options, question)
        }
        None => train(Plan::new(&options, question)?, &options, question),
    }
}

/// Trains, says how well, and answers.
fn train(mut plan: Plan, options: &Options, question: Option<&[u8]>) -> Result<()> {
    tell(options, report::setup(&plan.data, &plan.session))?;
    learn(&mut plan, options)?;
    let Plan { data, session, .. } = &plan;
    let network = &session.trainer.network;
    if let Some(file) = &options.curves {
        write_atomically(file, curves::draw(&session.history)?.as_bytes())?;
    }
    tell_results(options, network, data)?;
    match question {
        Some(digits) => tell_answer(options, network, Some(data), digits),
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

/// Examines or asks a model from a file.
fn ask(file: &Path, options: &Options, question: Option<&[u8]>) -> Result<()> {
    let model = load(file)?;
    let about = model.run.as_ref().map(|run| &run.about);
    let Some(digits) = question else {
        let data = plan::data_for(file, options, about)?;
        if about.is_some_and(|about| about.data.is_same(&data.about)) {
            return tell_results(options, &model.network, &data);
        }
        return tell(options, report::examined(&model.network, about, &data));
    };
    // Only what was asked for or what can be drawn again: nobody asks for the data in order to predict.
    let known = about.filter(|about| about.data.task.is_some() || options.data.is_some());
    let data = known.map(|about| plan::data_for(file, options, Some(about))).transpose()?;
    let data = data.filter(|data| about.is_some_and(|about| about.data.is_same(&data.about)));
    tell_answer(options, &model.network, data.as_ref(), digits)
}

fn tell_results(options: &Options, network: &plan::Network, data: &Data) -> Result<()> {
    let training = examine(network, &data.split.training);
    let unseen = examine(network, &data.split.unseen);
    ensure!(
        training.0.loss.is_finite() && unseen.0.loss.is_finite(),
        "the loss is not a finite number any more after the last step; try a smaller --lr"
    );
    tell(options, report::results(data, &training, &unseen))
}

fn tell_answer(
    options: &Options,
    network: &plan::Network,
    data: Option<&Data>,
    digits: &[u8],
) -> Result<()> {
    if data.is_some() && !options.json && options.model.is_none() {
        say("\n")?;
    }
    let task = options.task.or_else(|| data.and_then(Data::task));
    tell(options, report::prediction(task, data, digits, &network.logits(digits)))
}

fn tell(options: &Options, report: Report) -> Result<()> {
    if options.json { say_json(&report.json) } else { say(&report.text) }
}
