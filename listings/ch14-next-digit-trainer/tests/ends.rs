//! How a run ends before its last step: by a signal, or because nobody listens any more. Nothing is lost.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::Value;
use tempfile::tempdir;

/// More than a pipe holds lines: while nobody reads, the run can't come to its end.
const RUN: &str = "--task sum --training 40 --unseen 20 --batch 16 --hidden 3 --epochs 2000";

fn command(folder: &Path, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ch14"));
    command.args(arguments.split_whitespace()).current_dir(folder).stdin(Stdio::null());
    command
}

fn finish(folder: &Path, arguments: &str) {
    let output = command(folder, arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A run that prints events, of which some were read: it is past its first epoch.
fn begun(folder: &Path, arguments: &str) -> (Child, BufReader<ChildStdout>) {
    let mut command = command(folder, &format!("{arguments} --json"));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    for event in ["setup", "epoch", "epoch"] {
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["event"], event);
    }
    (child, lines)
}

fn send(signal: &str, child: &Child) {
    let pid = child.id().to_string();
    assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn step(model: &[u8]) -> u64 {
    let size = u64::from_le_bytes(*model.first_chunk().unwrap()) as usize;
    let header: Value = serde_json::from_slice(&model[8..8 + size]).unwrap();
    let about = header["__metadata__"]["next-digit"].as_str().unwrap();
    serde_json::from_str::<Value>(about).unwrap()["step"].as_u64().unwrap()
}

/// That the file holds the steps taken, and that going on ends as a run that nobody disturbed.
fn goes_on(folder: &Path, least: u64) {
    let taken = step(&fs::read(folder.join("m")).unwrap());
    assert!((least..6000).contains(&taken), "{taken} steps");
    // Where curves are drawn, the losses on unseen sequences are kept too.
    finish(folder, "--resume m --curves resumed.svg");
    finish(folder, &format!("{RUN} --save whole --curves whole.svg"));
    assert!(fs::read(folder.join("m")).unwrap() == fs::read(folder.join("whole")).unwrap());
}

#[test]
fn a_signal_ends_a_run_like_its_last_step() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let folder = tempdir().unwrap();
        let arguments = format!("{RUN} --save m --save-every 1000 --curves c.svg");
        let (child, mut lines) = begun(folder.path(), &arguments);
        send(signal, &child);
        let mut rest = String::new();
        lines.read_to_string(&mut rest).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
        let said = stderr(&output);
        assert!(said.starts_with("ended after step ") && said.contains(" of 6000; "), "{said}");
        assert!(said.contains("to go on: --resume m"), "{said}");
        let last: Value = serde_json::from_str(rest.lines().last().unwrap()).unwrap();
        assert_eq!(last["event"], "results");
        assert!(fs::read_to_string(folder.path().join("c.svg")).unwrap().starts_with("<svg "));
        goes_on(folder.path(), 6);
    }
}

/// The same in words, for a run that keeps nothing.
#[test]
fn a_stopped_run_says_what_it_learnt() {
    let folder = tempdir().unwrap();
    let mut child = command(folder.path(), "--epochs 100000 --hidden 3")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut text = [0; 8];
    child.stdout.as_mut().unwrap().read_exact(&mut text).unwrap();
    assert_eq!(&text, b"# setup:");
    send("-TERM", &child);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(143));
    assert!(stderr(&output).contains("nothing was saved; --save FILE keeps a run"));
    assert!(String::from_utf8(output.stdout).unwrap().contains("# results"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// The second signal does not wait for anything, here for a reader who never comes.
#[test]
fn a_second_signal_ends_at_once() {
    let folder = tempdir().unwrap();
    let pipe = Command::new("mkfifo").arg(folder.path().join("pipe")).status().unwrap();
    assert!(pipe.success());
    let arguments = format!("{RUN} --save m --curves pipe");
    let mut child = command(folder.path(), &arguments).spawn().unwrap();
    // The first checkpoint is written when signals are heard already, and before the pipe is opened.
    while !folder.path().join("m").exists() {
        assert_eq!(child.try_wait().unwrap(), None);
        std::thread::yield_now();
    }
    // Two signals of one kind could become one on their way.
    send("-INT", &child);
    send("-TERM", &child);
    let code = child.wait().unwrap().code();
    assert!(code == Some(130) || code == Some(143), "{code:?}");
    fs::remove_file(folder.path().join("pipe")).unwrap();
    goes_on(folder.path(), 0);
}

#[test]
fn a_reader_who_leaves_ends_a_run_that_is_saved() {
    let folder = tempdir().unwrap();
    let (child, lines) = begun(folder.path(), &format!("{RUN} --save m --curves c.svg"));
    drop(lines);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    for part in
        ["error: ended after step ", "to go on: --resume m", "standard output can't be written to"]
    {
        assert!(said.contains(part), "no `{part}` in {said}");
    }
    assert!(folder.path().join("c.svg").exists());
    goes_on(folder.path(), 6);
}

#[test]
fn a_full_disk_under_standard_output_is_said() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let folder = tempdir().unwrap();
    for arguments in ["--epochs 1", "--epochs 1 --json", "--epochs 1 --save m", "eval --model m"] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = command(folder.path(), arguments).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments}");
        assert!(stderr(&output).contains("standard output can't be written to"), "{arguments}");
    }
}
