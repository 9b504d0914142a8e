//! A program whose standard output takes nothing more says so in one line and ends, with 1.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::env;
use std::fs::File;
use std::process::{Child, Command, Stdio};

/// The example that `cargo test` builds beside this test, speaking into `stdout`.
fn lines(stdout: Stdio) -> Child {
    let folder = env::current_exe().unwrap().parent().unwrap().with_file_name("examples");
    let mut program = Command::new(folder.join("lines"));
    program.stdout(stdout).stderr(Stdio::piped()).spawn().unwrap()
}

#[track_caller]
fn ends_with_a_word(program: Child) {
    let output = program.wait_with_output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.starts_with("error: standard output can't be written to: "), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
}

#[test]
fn whoever_listens_hears_all_of_it() {
    let output = lines(Stdio::piped()).wait_with_output().unwrap();
    let heard = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(
        heard.starts_with("# lines: twenty thousand\n\nn1 = 1\n")
            && heard.ends_with("n20000 = 20000\n")
    );
}

#[test]
fn a_reader_that_goes_away() {
    let mut program = lines(Stdio::piped());
    drop(program.stdout.take());
    ends_with_a_word(program);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk() {
    ends_with_a_word(lines(File::options().write(true).open("/dev/full").unwrap().into()));
}
