//! `cargo run -p ch15`: the small examples of the chapter. With a file, it trains on that: see `--help`.
#![forbid(unsafe_code)]

mod cli;
mod data;
mod examples;
mod outputs;
mod plan;
mod report;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, anyhow};
use clap::Parser;
use digits::generator;
use files::{Signal, Stop};
use own_sequences::{Model, Session, bits};
use say::{note, say};

use cli::Options;
use data::examined;
use outputs::Outputs;
use plan::{Plan, load};

fn main() -> ExitCode {
    if std::env::args_os().len() == 1 {
        examples::print();
        return ExitCode::SUCCESS;
    }
    run(&Options::parse()).unwrap_or_else(|error| {
        note(format!("error: {error:#}"));
        ExitCode::FAILURE
    })
}

fn run(options: &Options) -> Result<ExitCode> {
    match &options.model {
        Some(file) => {
            ask(options, load(file)?)?;
            Ok(ExitCode::SUCCESS)
        }
        None => train(Plan::new(options)?, options),
    }
}

// ANCHOR: train
/// Trains, says how well, and makes something up. A signal ends the run as its last step would.
fn train(mut plan: Plan, options: &Options) -> Result<ExitCode> {
    let stop = Stop::on_signals()?;
    plan.outputs.claim(&plan.session, &plan.data.about)?;
    say(report::setup(&plan.data, &plan.session))?;
    let signal = learn(&mut plan, options, &stop)?;
    let Plan { data, session, outputs } = &mut plan;
    let network = session.chosen();
    outputs.export(&network, &data.alphabet)?;
    let rng = &mut generator(session.settings.seed);
    let (results, text) = (report::results(data, session), data.about.text);
    let samples = report::samples(&network, Some(data), &data.alphabet, text, options, rng);
    say(format!("\n{}", sections(&[results, samples])))?;
    Ok(match signal {
        None => ExitCode::SUCCESS,
        Some(signal) => {
            note(plan::end(session, options));
            ExitCode::from(signal.exit_code())
        }
    })
}

/// Takes all steps that are left, or those until a signal comes, which it returns. Writes a checkpoint now and then, and
/// one at the end.
fn learn(plan: &mut Plan, options: &Options, stop: &Stop) -> Result<Option<Signal>> {
    let Plan { data, session, outputs } = plan;
    let mut saved = Instant::now();
    while !session.is_done() && stop.asked().is_none() {
        if saved.elapsed().as_secs_f64() >= options.save_every {
            outputs.save(session, &data.about)?;
            saved = Instant::now();
        }
        let epoch = session.step();
        let epoch = epoch.map_err(|error| anyhow!("{error}; {}", plan::smaller_steps(options)))?;
        if let Some(epoch) = epoch {
            progress(session, bits(epoch.training), bits(epoch.validation));
        }
    }
    outputs.save_last(session, &data.about)?;
    Ok(stop.asked().filter(|_| !session.is_done()))
}
// ANCHOR_END: train

fn progress(session: &Session, training: f64, validation: f64) {
    let (epoch, epochs) = (session.history.len(), session.settings.epochs);
    let best = session.choice().map_or(0, |choice| choice.epoch);
    note(format!(
        "epoch {epoch} of {epochs}: training {training:.3}, validation {validation:.3} bits per symbol; \
         best {best}"
    ));
}

/// Examines a model from a file, makes something up with it, or only writes its weights.
fn ask(options: &Options, model: Model) -> Result<()> {
    let mut outputs = Outputs::new(options)?;
    let alphabet = plan::alphabet(options, &model)?;
    let text = options.text || model.run.as_ref().is_some_and(|run| run.about.data.text);
    let examine = |file| -> Result<String> {
        Ok(report::test(&model.network, &examined(file, text, &alphabet)?, text))
    };
    let test = options.file.as_deref().map_or(Ok(String::new()), examine)?;
    outputs.export(&model.network, &alphabet)?;
    let rng = &mut generator(options.seed.unwrap_or(1));
    let samples = report::samples(&model.network, None, &alphabet, text, options, rng);
    say(sections(&[test, samples]))?;
    Ok(())
}

/// Those in which something is said, with a line between them.
fn sections(all: &[String]) -> String {
    let said: Vec<&str> = all.iter().filter(|it| !it.is_empty()).map(String::as_str).collect();
    said.join("\n")
}
