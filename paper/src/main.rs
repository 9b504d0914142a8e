//! The book in the hand, made from the built site: a PDF, printed by Chromium, and an EPUB.
//!
//! A crate of its own, so that nobody who reads the book on the screen waits for it to compile.
//! `cargo run -- build --pdf --epub` builds the site and calls it.

mod browser;
mod card;
mod contents;
mod epub;
mod lines;
mod pdf;
mod sheet;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use press::project::Project;

/// Makes the book's editions from the built site (`cargo run -- build --pdf --epub` builds that first).
#[derive(Parser)]
#[command(name = "paper", bin_name = "cargo run -p paper --")]
struct Cli {
    #[command(subcommand)]
    edition: Edition,
}

#[derive(Subcommand)]
enum Edition {
    /// Print target/book with Chromium into target/lstm-line-by-line.pdf
    Pdf,
    /// Pack target/book into target/lstm-line-by-line.epub
    Epub,
    /// Draw the EPUB's cover: paper/cover.png
    Cover,
    /// Draw the picture that stands for a link to the book: book/src/social-card.png
    Card,
}

fn main() -> ExitCode {
    match run(Cli::parse().edition) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say::note(format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(edition: Edition) -> Result<()> {
    let project = Project::find(&std::env::current_dir()?)?;
    let made = match edition {
        Edition::Pdf => pdf::write(&project)?,
        Edition::Epub => epub::write(&project)?,
        Edition::Cover => card::cover(&project)?,
        Edition::Card => card::card(&project)?,
    };
    Ok(say::say(made + "\n")?)
}
