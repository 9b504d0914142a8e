//! The program that `cargo run -- bless` calls.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::process::Command;

#[test]
fn it_draws_what_it_is_asked_for_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_figures"));
    assert!(program.arg(folder.path()).arg("ch05").status().unwrap().success());
    let wanted = figures::all().into_iter().filter(|figure| figure.name.starts_with("ch05"));
    let mut drawn = 0;
    for figure in wanted {
        let svg = fs::read_to_string(folder.path().join(format!("{}.svg", figure.name))).unwrap();
        assert_eq!(svg, (figure.draw)());
        drawn += 1;
    }
    assert!(drawn > 0);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), drawn);
}

#[test]
fn without_a_folder_it_says_what_it_wants() {
    let output = Command::new(env!("CARGO_BIN_EXE_figures")).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("expected a folder"));
}
