//! Running the listings: what a chapter prints, whether a record's program still prints the same
//! things, and the tests that execute the book.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::problem::Problem;
use crate::project::{Output, Project, in_debug, quick};

/// The tests that execute what the pages show: equations, outputs and figures, exercises, gradients.
const BOOK_TESTS: [&str; 4] = ["bindings", "book", "exercises", "gradients"];

/// Cargo, at the project's root: the one that runs this program, where one does.
pub fn cargo(project: &Project) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(&project.root).stdin(Stdio::null());
    command
}

/// The command that a chapter's snapshot starts with; by default `cargo run -p chNN`.
pub(super) fn command_of(project: &Project, package: &str, folder: &Path) -> String {
    let snapshot = project.read(&folder.join("output.txt")).unwrap_or_default();
    let first = snapshot.lines().next().and_then(|line| line.strip_prefix("$ "));
    first.map_or_else(|| format!("cargo run -p {package}"), |command| command.trim().to_owned())
}

/// Runs a chapter's command and returns what it printed, the command itself as first line.
///
/// # Errors
/// If it cannot be run, fails, or is not a `cargo run`.
pub(super) fn print(project: &Project, command: &str) -> Result<String> {
    let mut words = command.split_whitespace();
    ensure!(
        words.next() == Some("cargo") && words.next() == Some("run"),
        "found     `{command}`\n  expected  a command that starts with `cargo run`\n  \
         to do     correct the command"
    );
    let output = cargo(project)
        .args(["run", "--quiet"])
        .args(words)
        .stderr(Stdio::piped())
        .output()
        .with_context(|| format!("cannot run `{command}`"))?;
    if !output.status.success() {
        bail!("`{command}` failed:\n{}", String::from_utf8_lossy(&output.stderr).trim_end());
    }
    let printed = String::from_utf8(output.stdout)
        .with_context(|| format!("`{command}` printed something that is not UTF-8"))?;
    Ok(format!("$ {command}\n\n{}\n", printed.replace("\r\n", "\n").trim()))
}

/// Runs the command of a snapshot again, in the debug profile, and returns what it prints now.
///
/// # Errors
/// As [`print`].
pub fn print_again(project: &Project, snapshot: &Output) -> Result<String> {
    let printed = print(project, &in_debug(&snapshot.command))?;
    let (_, printed) = printed.split_once('\n').context("a command and what it printed")?;
    Ok(format!("$ {}\n{printed}", snapshot.command))
}

/// No program knows this argument.
const UNKNOWN: &str = "--no-such-argument";

/// Runs a record's program with `--quick`, which does the same with little effort, and compares the
/// names of what it prints: a page that quotes the record quotes what the program still prints.
///
/// # Errors
/// If the program fails, or prints other sections or other labels; or if it takes an argument that it does not
/// know, for then a misspelt one would be recorded as if it had been heeded.
pub fn check_record(project: &Project, record: &Output) -> Result<()> {
    let Some(command) = quick(&record.command) else { return Ok(()) };
    let printed = Output::parse(&record.file, &print(project, &command)?)?.names();
    let recorded = record.names();
    let gone = recorded.difference(&printed).map(|name| format!("{name} is no longer printed"));
    let new = printed.difference(&recorded).map(|name| format!("{name} is not in the record"));
    let different: Vec<String> = gone.chain(new).collect();
    if different.is_empty() {
        let unknown = format!("{command} {UNKNOWN}");
        ensure!(
            print(project, &unknown).is_err(),
            Problem::new(
                &record.file,
                1,
                format!("`{unknown}` does not fail"),
                "a program that refuses arguments that it does not know",
                "let it look at all of its arguments",
            )
        );
        return Ok(());
    }
    bail!(Problem::new(
        &record.file,
        0,
        different.join(", "),
        format!("the sections and labels that `{command}` prints"),
        "correct the program, or write the record again with `cargo run -- record`",
    ))
}

/// `cargo test` for the book's own tests.
pub fn book_tests(project: &Project) -> Command {
    let mut command = cargo(project);
    command.args(["test", "--quiet", "--workspace"]);
    for test in BOOK_TESTS {
        command.args(["--test", test]);
    }
    command
}
