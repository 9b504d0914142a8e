//! The program on files of somebody's own: what it says, what it writes, how it ends, and what it refuses.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::{TempDir, tempdir};

/// A folder with forty names in it, and a text.
fn folder() -> TempDir {
    let folder = tempdir().unwrap();
    let names: Vec<&str> = include_str!("../data/names.txt").lines().step_by(130).collect();
    assert!(names.len() >= 39);
    fs::write(folder.path().join("names.txt"), names.join("\n")).unwrap();
    fs::write(folder.path().join("text.txt"), names.join(" ") + "\nand another line\n").unwrap();
    folder
}

fn command(folder: &TempDir, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ch15"));
    command.args(arguments.split_whitespace()).current_dir(folder.path()).stdin(Stdio::null());
    command
}

fn run(folder: &TempDir, arguments: &str) -> Output {
    command(folder, arguments).output().unwrap()
}

fn said(folder: &TempDir, arguments: &str) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn refused(folder: &TempDir, arguments: &str) -> String {
    let output = run(folder, arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success(), "{arguments} was not refused");
    assert!(!said.contains("panicked"), "{arguments}: {said}");
    said
}

fn read(folder: &TempDir, name: &str) -> Vec<u8> {
    fs::read(folder.path().join(name)).unwrap()
}

const SMALL: &str = "--hidden 5 --batch 8 --epochs 6";

#[test]
fn it_trains_on_names_and_says_how_well() {
    let folder = folder();
    let text = said(&folder, &format!("names.txt {SMALL} --sample 4"));
    for part in ["# setup", "# results", "uniform ", "4-grams ", "lstm ", "# samples", "known = "] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
    assert_eq!(text, said(&folder, &format!("names.txt {SMALL} --sample 4")), "the same seed");
    assert_ne!(text, said(&folder, &format!("names.txt {SMALL} --sample 4 --seed 2")));
    let tall =
        said(&folder, &format!("names.txt {SMALL} --layers 2 --dropout 0.5 --forget-bias 1"));
    assert!(tall.contains("dropout    = 0.5"), "{tall}");
}

#[test]
fn it_trains_on_a_text() {
    let folder = folder();
    let text = said(&folder, &format!("text.txt --text --chunk 9 {SMALL} --sample 40"));
    for part in ["symbols of a text", "chunk      = 9", "# results", "# sample: "] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
}

/// A run that was saved and gone on with ends with the bytes of one that was not; and says the same.
#[test]
fn a_saved_run_goes_on() {
    for (data, more) in [("names.txt", ""), ("text.txt", "--text --chunk 9")] {
        let folder = folder();
        let whole = said(&folder, &format!("{data} {more} {SMALL} --save whole"));
        said(&folder, &format!("{data} {more} --hidden 5 --batch 8 --epochs 2 --save m"));
        let resumed = said(&folder, &format!("{data} --resume m --epochs 6"));
        assert!(read(&folder, "m") == read(&folder, "whole"), "{data}");
        assert_eq!(whole, resumed);
        // And from there to a third file.
        said(&folder, &format!("{data} --resume m --epochs 7 --save third"));
        assert!(read(&folder, "m") == read(&folder, "whole"));
        assert!(read(&folder, "third") != read(&folder, "whole"));
    }
}

/// Samples of a model, what it writes as weights, and a run that begins with those.
#[test]
fn a_model_can_be_asked() {
    let folder = folder();
    said(&folder, &format!("names.txt {SMALL} --save m --export w"));
    let made = said(&folder, "--model m --sample 6 --temperature 0.5");
    assert_eq!(made, said(&folder, "--model w --sample 6 --temperature 0.5"));
    assert!(made.contains("# samples: made up at a temperature of 0.5"), "{made}");
    assert_ne!(made, said(&folder, "--model m --sample 6 --temperature 0.5 --seed 9"));
    let examined = said(&folder, "names.txt --model m --sample 0");
    assert!(examined.starts_with("# test") && !examined.contains("# samples"), "{examined}");
    said(&folder, "--model m --export again");
    assert!(read(&folder, "again") == read(&folder, "w"));
    let begun = said(&folder, "names.txt --from w --epochs 1");
    assert!(begun.contains("hidden     = 5"), "{begun}");
    fs::write(folder.path().join("digits.txt"), "123\n").unwrap();
    let error = refused(&folder, "digits.txt --model m");
    assert!(error.contains("digits.txt, line 1") && error.contains("'1'"), "{error}");
}

/// What a file can be that is no list of names: one clear error each, with what to do.
#[test]
fn other_files_are_refused() {
    let folder = folder();
    let many: String =
        (0x4e00..0x9000).filter_map(char::from_u32).flat_map(|c| [c, '\n']).collect();
    let long = format!("mary\n{}\n", "ab".repeat(600));
    let bytes: [(&str, &[u8], &str, &str); 9] = [
        ("empty", b"", "an empty file", ""),
        ("blank", b"\n \n\t\n", "nothing but empty lines", ""),
        ("one", "aa\naaa\na\n".as_bytes(), "no character but \"a\"", ""),
        ("long", long.as_bytes(), "long, line 2\n  found     1200 characters", "--text"),
        ("many", many.as_bytes(), "16896 different characters", "at most 4095"),
        ("few", b"anna\nbob\nanna\n", "2 different lines", "--text"),
        (
            "latin",
            b"ren\xe9\nanna\n",
            "latin, line 1\n  found     bytes that are not UTF-8",
            "UTF-8",
        ),
        ("zip", b"PK\x03\x04 and more", "a zip archive", "export it as text"),
        ("binary", b"ab\0\0\0\0cd", "a zero as byte 3", ""),
    ];
    for (name, content, found, more) in bytes {
        fs::write(folder.path().join(name), content).unwrap();
        let error = refused(&folder, name);
        assert!(error.contains(found) && error.contains(more), "{name}: {error}");
        assert!(error.contains("expected") && error.contains("to do"), "{name}: {error}");
    }
    fs::write(folder.path().join("short"), "too short").unwrap();
    assert!(refused(&folder, "short --text").contains("at least 100"));
    assert!(refused(&folder, ".").contains("a folder"));
    assert!(refused(&folder, "missing.txt").contains("cannot be read"));
}

/// What can be asked for, but not together or not so.
#[test]
fn other_orders_are_refused() {
    let folder = folder();
    said(&folder, &format!("names.txt {SMALL} --save m --export w"));
    fs::write(folder.path().join("others.txt"), "ab\nba\nabb\nbba\na\nb\nbb\naa\nbab\naba\n")
        .unwrap();
    for (arguments, expected) in [
        ("--sample 3", "no FILE to learn from"),
        ("names.txt --dropout 0.2", "--layers 2"),
        ("names.txt --save m", "would be lost"),
        ("names.txt --save names.txt", "the same file as FILE names.txt"),
        ("names.txt --save n --export n", "the same file"),
        ("names.txt --resume w", "weights alone"),
        ("names.txt --resume names.txt", "no whole safetensors file"),
        ("others.txt --resume m", "a run on other data"),
        ("names.txt --resume m --epochs 1", "ask for more"),
        ("names.txt --text --resume m", "leave --text out"),
        ("names.txt --resume m --hidden 7", "cannot be used with"),
        ("others.txt --from m", "a network for the characters"),
        ("names.txt --hidden 0", "0 is not in 1..=1024"),
        ("names.txt --lr 0", "a positive number"),
        ("names.txt --temperature -1", "0.001 to 1000"),
        ("names.txt --hidden 1024 --layers 8 --batch 100000", "GiB"),
        ("names.txt --lr 1e308", "try a smaller --lr"),
    ] {
        let error = refused(&folder, arguments);
        assert!(error.contains(expected), "{arguments}: {error}");
    }
}

#[cfg(unix)]
mod ends {
    use std::io::{BufRead, BufReader, Read};
    use std::process::Child;
    use std::thread::sleep;
    use std::time::Duration;

    use super::*;

    const LONG: &str = "--hidden 5 --batch 8 --epochs 400 --patience 400";

    /// A run that is past its second epoch.
    fn begun(folder: &TempDir, arguments: &str) -> (Child, BufReader<std::process::ChildStderr>) {
        let mut command = command(folder, arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        for _ in 0..2 {
            let mut line = String::new();
            lines.read_line(&mut line).unwrap();
            assert!(line.starts_with("epoch "), "{line}");
        }
        (child, lines)
    }

    #[test]
    fn a_signal_ends_a_run_like_its_last_step() {
        for (data, more) in [("names.txt", ""), ("text.txt", "--text --chunk 5")] {
            let folder = folder();
            said(&folder, &format!("{data} {more} {LONG} --save whole"));
            for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
                let arguments = format!("{data} {more} {LONG} --save m --save-every 1000");
                let (child, mut lines) = begun(&folder, &arguments);
                let pid = child.id().to_string();
                assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
                let mut rest = String::new();
                lines.read_to_string(&mut rest).unwrap();
                let output = child.wait_with_output().unwrap();
                assert_eq!(output.status.code(), Some(code), "{rest}");
                assert!(rest.contains("to go on: --resume m"), "{rest}");
                assert!(String::from_utf8_lossy(&output.stdout).contains("# results"), "{rest}");
                said(&folder, &format!("{data} --resume m"));
                assert!(read(&folder, "m") == read(&folder, "whole"), "{data} {signal}");
                fs::remove_file(folder.path().join("m")).unwrap();
            }
        }
    }

    /// Killed at any moment, a resumed run ends with the same bytes as one that was never stopped, and leaves nothing about.
    #[test]
    fn a_killed_run_ends_as_if_nothing_had_happened() {
        let folder = folder();
        let run = "names.txt --hidden 5 --batch 8 --epochs 40 --patience 40";
        said(&folder, &format!("{run} --save whole"));
        for kill in 0..12_u64 {
            let go_on = folder.path().join("m").exists();
            let arguments =
                if go_on { "names.txt --resume m".to_owned() } else { format!("{run} --save m") };
            let mut child = command(&folder, &format!("{arguments} --save-every 0"))
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            sleep(Duration::from_millis(3 + 7 * kill));
            let _ = child.kill();
            child.wait().unwrap();
        }
        let last = if Path::exists(&folder.path().join("m")) {
            "names.txt --resume m".to_owned()
        } else {
            format!("{run} --save m")
        };
        said(&folder, &last);
        assert!(read(&folder, "m") == read(&folder, "whole"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4, "nothing is left lying about");
    }

    /// Where nobody listens, the run is not lost.
    #[test]
    fn a_run_that_nobody_listens_to_is_saved() {
        let folder = folder();
        said(&folder, &format!("names.txt {SMALL} --save whole"));
        let mut child = command(&folder, &format!("names.txt {SMALL} --save m"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let ended = child.wait().unwrap();
        assert!(!ended.success());
        if folder.path().join("m").exists() {
            said(&folder, "names.txt --resume m");
            assert!(read(&folder, "m") == read(&folder, "whole"));
        }
    }
}
