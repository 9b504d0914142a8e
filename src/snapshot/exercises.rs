//! Progress over the book: every exercise is graded by its own grader, and listed.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use wait_timeout::ChildExt;

use super::run::cargo;
use crate::page::{Page, pages};
use crate::project::Project;

/// What stands in an exercise where the answer belongs.
pub const MISSING: &str = "Your answer goes here";

/// An answer that takes longer than this has no end, as far as anybody can tell.
const PATIENCE: Duration = Duration::from_secs(60);

/// One exercise of the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exercise {
    /// Its chapter's package: `ch05`.
    pub package: String,
    /// Its chapter's title.
    pub chapter: String,
    /// Its example: `exercise_5_1`.
    pub example: String,
    /// As its page calls it: `5.1: Half-life`.
    pub title: String,
    /// How far the reader is.
    pub state: State,
}

/// How far a reader is with an exercise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The grader accepts the answer.
    Solved,
    /// Nobody has answered yet.
    Open,
    /// The answer is wrong, or does not come to an end, or does not compile: what is said of it.
    Wrong(String),
}

/// Builds all exercises at once, runs the grader of each, and returns them in the book's order.
///
/// # Errors
/// If the book cannot be read or cargo cannot be run.
pub fn exercises(project: &Project) -> Result<Vec<Exercise>> {
    let pages = pages(project)?;
    let listings = project.listings()?;
    let packages: Vec<&str> = listings
        .values()
        .filter(|listing| !listing.exercises.is_empty())
        .map(|listing| listing.package.as_str())
        .collect();
    let built = build(project, &packages)?;
    let mut found = Vec::new();
    for listing in listings.values() {
        let page = pages.iter().find(|page| page.number() == Some(listing.number));
        for example in &listing.exercises {
            let file = listing.folder.join("examples").join(format!("{example}.rs"));
            let untouched = project.read(&file)?.contains(MISSING);
            // An answer may stand below the marker: the grader knows.
            let state = match built.get(example).map(|program| grade(program)).transpose()? {
                Some(State::Wrong(_)) if untouched => State::Open,
                Some(state) => state,
                None => State::Wrong("It does not compile.".to_owned()),
            };
            found.push(Exercise {
                package: listing.package.clone(),
                chapter: page.and_then(title).unwrap_or_default(),
                example: example.clone(),
                title: heading(page, example),
                state,
            });
        }
    }
    Ok(found)
}

/// One build for all exercises; an answer that does not compile does not keep the others from it.
fn build(project: &Project, packages: &[&str]) -> Result<BTreeMap<String, PathBuf>> {
    if packages.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut command = cargo(project);
    command.args(["build", "--quiet", "--keep-going", "--message-format=json"]);
    command.args(["--example", "exercise_*"]);
    for package in packages {
        command.args(["-p", package]);
    }
    let output = command.stderr(Stdio::null()).output().context("cannot run cargo")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let messages = text.lines().filter_map(|line| serde_json::from_str(line).ok());
    let program = |message: serde_json::Value| {
        let name = message["target"]["name"].as_str()?.to_owned();
        Some((name, PathBuf::from(message["executable"].as_str()?)))
    };
    Ok(messages.filter_map(program).collect())
}

/// Runs a grader to its end, or until patience is.
fn grade(program: &Path) -> Result<State> {
    let unable = || format!("cannot run {}", program.display());
    let output = tempfile::tempfile().context("cannot create a temporary file")?;
    let mut running = Command::new(program)
        .stdin(Stdio::null())
        .stdout(output.try_clone().with_context(unable)?)
        .stderr(Stdio::null())
        .spawn()
        .with_context(unable)?;
    let Some(status) = running.wait_timeout(PATIENCE).with_context(unable)? else {
        running.kill().with_context(unable)?;
        running.wait().with_context(unable)?;
        let seconds = PATIENCE.as_secs();
        return Ok(State::Wrong(format!("It has no end: stopped after {seconds} seconds.")));
    };
    Ok(match status.code() {
        Some(0) => State::Solved,
        Some(1) => State::Wrong(first_line(output)),
        _ => State::Wrong("It panics.".to_owned()),
    })
}

fn first_line(mut output: std::fs::File) -> String {
    use std::io::{Read, Seek};
    let mut said = String::new();
    let read = output.rewind().and_then(|()| output.read_to_string(&mut said));
    let first = said.lines().next().unwrap_or("Not yet.");
    if read.is_ok() { first.to_owned() } else { "Not yet.".to_owned() }
}

/// A page's title: its first heading.
fn title(page: &Page) -> Option<String> {
    Some(page.source().lines().find_map(|line| line.strip_prefix("# "))?.trim().to_owned())
}

/// What stands behind "Exercise" in the heading of `exercise_5_1`: `5.1: Half-life`.
fn heading(page: Option<&Page>, example: &str) -> String {
    let number = example.trim_start_matches("exercise_").replace('_', ".");
    let lines = page.into_iter().flat_map(|page| page.source().lines());
    let mut headings = lines.filter_map(|line| line.strip_prefix("### "));
    let found = headings.find_map(|text| {
        let at = text.find(&format!("{number}:"))?;
        Some(text[at..].trim().to_owned())
    });
    found.unwrap_or(number)
}

/// The list for the terminal: chapter by chapter, the total, and what to do next.
pub fn report(exercises: &[Exercise]) -> String {
    let solved = |of: &[Exercise]| of.iter().filter(|e| e.state == State::Solved).count();
    let mut text = String::new();
    for chapter in exercises.chunk_by(|one, next| one.package == next.package) {
        let number = chapter[0].package.trim_start_matches("ch").trim_start_matches('0');
        let title = &chapter[0].chapter;
        let _ = writeln!(text, "{number}. {title}: {} of {}", solved(chapter), chapter.len());
        for exercise in chapter {
            let (mark, said) = match &exercise.state {
                State::Solved => ("solved ", None),
                State::Open => ("open   ", None),
                State::Wrong(said) => ("not yet", Some(said)),
            };
            let _ = writeln!(text, "  {mark}  {}", exercise.title);
            if let Some(said) = said {
                let _ = writeln!(text, "           {said}");
            }
        }
    }
    let _ = writeln!(text, "\n{} of {} solved", solved(exercises), exercises.len());
    let wrong = |e: &&Exercise| matches!(e.state, State::Wrong(_));
    let next = exercises.iter().find(wrong);
    if let Some(next) = next.or_else(|| exercises.iter().find(|e| e.state == State::Open)) {
        let Exercise { package, example, title, .. } = next;
        let _ = writeln!(text, "next: {title}\n  cargo run -p {package} --example {example}");
    }
    text
}
