//! The command on the first line of a snapshot: which ones may stand there, and how tests run them.

use std::path::Path;

use crate::problem::Problem;

/// How a record's command says that it comes from `bench/`, a workspace of its own: other libraries
/// would have to be built to run it, so its record is read, and never run by a test.
const BENCH: [&str; 2] = ["--manifest-path", "bench/Cargo.toml"];

/// A run is one of its chapter's programs, with or without arguments.
///
/// # Errors
/// If the command is something else.
pub(crate) fn check_run_command(file: &Path, command: &str, package: &str) -> Result<(), Problem> {
    if runs(command, &[["-p", package]]) {
        return Ok(());
    }
    Err(Problem::new(
        file,
        1,
        format!("the command `{command}`"),
        format!("`cargo run --release -p {package} -- …`"),
        "correct the command",
    ))
}

/// A record comes from a program of its chapter, or from the comparison with other libraries in
/// `bench/`, which is a workspace of its own.
///
/// # Errors
/// If the command is neither.
pub(crate) fn check_record_command(
    file: &Path,
    command: &str,
    package: &str,
) -> Result<(), Problem> {
    if runs(command, &[["-p", package], BENCH]) {
        return Ok(());
    }
    Err(Problem::new(
        file,
        1,
        format!("the command `{command}`"),
        format!(
            "`cargo run --release -p {package} --bin NAME`, or `cargo run --release {}`",
            BENCH.join(" ")
        ),
        "record what one of these two prints",
    ))
}

/// Whether a command is `cargo run` with one of these flags and values.
fn runs(command: &str, allowed: &[[&str; 2]]) -> bool {
    let words: Vec<&str> = command.split_whitespace().take_while(|word| *word != "--").collect();
    let names = |flag: &[&str; 2]| words.windows(2).any(|pair| pair == flag);
    words.starts_with(&["cargo", "run"]) && allowed.iter().any(names)
}

/// The command of a snapshot as the tests run it: in the debug profile, which they have compiled already.
pub(crate) fn in_debug(command: &str) -> String {
    let words: Vec<&str> = command.split_whitespace().filter(|word| *word != "--release").collect();
    words.join(" ")
}

/// The command of a record with `--quick`, in the debug profile; none for a record of `bench/`.
pub(crate) fn quick(command: &str) -> Option<String> {
    if runs(command, &[BENCH]) {
        return None;
    }
    let command = in_debug(command);
    let separator = if command.split(' ').any(|word| word == "--") { "" } else { " --" };
    Some(format!("{command}{separator} --quick"))
}
