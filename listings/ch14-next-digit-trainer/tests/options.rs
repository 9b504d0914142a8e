//! What the options of training do to a run, seen from outside: what is printed, and what is in the files.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::tempdir;

/// Runs the program in a folder.
fn ch14_in(folder: &Path, arguments: &str) -> Output {
    let words = arguments.split_whitespace();
    Command::new(env!("CARGO_BIN_EXE_ch14")).args(words).current_dir(folder).output().unwrap()
}

fn succeeds(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn stdout(arguments: &str) -> String {
    succeeds(ch14_in(Path::new("."), arguments))
}

const QUICK: &str = "--training 60 --unseen 40 --hidden 6 --epochs 2 --batch 20";

/// The book shows the whole command line: what it shows is what is printed, in lines that fit on a page.
#[test]
fn help_is_as_the_book_shows_it() {
    let recorded = include_str!("../runs/help.txt");
    let (command, text) = recorded.split_once("\n\n").unwrap();
    assert_eq!(command, "$ cargo run --release -p ch14 -- --help");
    let printed = stdout("--help");
    assert_eq!(printed.trim_end(), text.trim_end(), "write it again: cargo run -- bless ch14");
    assert!(text.lines().all(|line| line.chars().count() <= 80));
    assert_eq!(stdout("-h"), printed);
}

fn json(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Every line can be read by itself; whatever may be plotted is a number in each.
#[test]
fn every_epoch_is_a_line_of_json() {
    for (more, validates) in [("", false), ("--validation 20", true)] {
        let lines = json(&stdout(&format!("--task sum --json {QUICK} {more}")));
        let epochs: Vec<&Value> = lines.iter().filter(|line| line["event"] == "epoch").collect();
        assert_eq!(epochs.len(), 2);
        for line in &epochs {
            for name in ["epoch", "step", "loss", "unseen_loss", "lr", "seconds"] {
                assert!(line[name].is_number(), "{name} in {line}");
            }
            assert_eq!(line["validation_loss"].is_number(), validates, "{line}");
        }
        let last = lines.iter().find(|line| line["event"] == "results").unwrap();
        let kept = lines.iter().find(|line| line["event"] == "validation");
        let Some(kept) = kept.filter(|_| validates) else {
            assert!(!validates && kept.is_none());
            assert_eq!(epochs[1]["unseen_loss"], last["unseen"]["loss"]);
            continue;
        };
        // What is examined in the end is the network of the best epoch.
        let best = epochs[kept["best_epoch"].as_u64().unwrap() as usize - 1];
        assert_eq!(best["validation_loss"], kept["validation_loss"]);
        assert_eq!(best["unseen_loss"], last["unseen"]["loss"]);
    }
}

/// A section of what the program prints.
fn part(text: &str, name: &str) -> String {
    let lines = text.lines().skip_while(|line| !line.starts_with(&format!("# {name}:")));
    lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

const PATIENT: &str = "--training 60 --unseen 40 --hidden 6 --batch 10 --lr 0.05 --validation 20";

/// The epoch that validation chose is what is examined, asked and saved.
#[test]
fn the_chosen_epoch_is_what_is_left() {
    let folder = tempdir().unwrap();
    let run = |arguments: &str| succeeds(ch14_in(folder.path(), arguments));
    let read = |file: &str| fs::read(folder.path().join(file)).unwrap();
    let text = run(&format!("{PATIENT} --epochs 60 --patience 4 --save m"));
    let setup = part(&text, "setup");
    for line in ["training   = 40 ", "validation = 20 ", "patience   = 4 "] {
        assert!(setup.contains(line), "{setup}");
    }
    assert!(part(&text, "validation").contains(", until its patience ended"), "{text}");
    let examined = run("eval --model m");
    for name in ["validation", "results"] {
        assert_eq!(part(&examined, name), part(&text, name));
    }
    let asked = run("predict 3 1 4 1 --model m");
    let digits = |text: &str| part(text, "prediction");
    assert_eq!(digits(&asked), digits(&run("predict 3 1 4 1 --resume m")));

    // More epochs alone add nothing; more patience goes on, to where it would have come at once.
    let still = run("--resume m --epochs 70");
    for name in ["validation", "results"] {
        assert_eq!(part(&still, name), part(&text, name));
    }
    let more = run("--resume m --epochs 70 --patience 9");
    let whole = run(&format!("{PATIENT} --epochs 70 --patience 9 --save w"));
    assert!(read("m") == read("w") && part(&more, "validation") == part(&whole, "validation"));
}

/// Of a series, the last windows; those across the border (here three) are left out.
#[test]
fn the_end_of_a_series_is_held_aside() {
    let folder = tempdir().unwrap();
    let run = |arguments: &str| succeeds(ch14_in(folder.path(), arguments));
    let series: String = (0..100_u32).map(|k| char::from(b'0' + (k * k % 7) as u8)).collect();
    fs::write(folder.path().join("s.txt"), series).unwrap();
    let text = run("--data s.txt --window 4 --validation 20 --epochs 2 --hidden 4 --save s");
    let setup = part(&text, "setup");
    assert!(setup.contains("training   = 54 ") && setup.contains("validation = 20 "), "{setup}");
    assert_eq!(part(&run("eval --model s --data s.txt"), "results"), part(&text, "results"));
}

/// Another rate on the way: the run goes on with it, says so, and writes it down.
#[test]
fn a_run_goes_on_at_another_rate() {
    let folder = tempdir().unwrap();
    let run = |arguments: &str| succeeds(ch14_in(folder.path(), arguments));
    let read = |file: &str| fs::read(folder.path().join(file)).unwrap();
    run(&format!("{QUICK} --save m"));
    for copy in ["same", "slow", "pieces"] {
        fs::copy(folder.path().join("m"), folder.path().join(copy)).unwrap();
    }
    run("--resume same --epochs 6");
    let text = run("--resume slow --epochs 6 --lr 0.001");
    assert!(text.contains("lr         = 0.001  "), "{text}");
    assert!(read("slow") != read("same"));
    // From here on the checkpoint knows: no --lr, the same end.
    run("--resume pieces --epochs 4 --lr 0.001");
    run("--resume pieces --epochs 6");
    assert!(read("pieces") == read("slow"));
    let lines = json(&run("--resume same --epochs 7 --lr 1e-4 --json"));
    assert_eq!(lines.iter().find(|line| line["event"] == "epoch").unwrap()["lr"], 1e-4);
}

/// A checkpoint of the time before there was validation.
#[test]
fn an_old_checkpoint_goes_on() {
    let folder = tempdir().unwrap();
    let old =
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/checkpoints/before-validation.safetensors");
    fs::copy(old, folder.path().join("m")).unwrap();
    let run = |arguments: &str| succeeds(ch14_in(folder.path(), arguments));
    assert!(run("eval --model m").starts_with("# results"));
    assert!(run("--resume m --epochs 3").contains("resumed    = 6 "));
    assert!(!fs::read(folder.path().join("m")).unwrap().windows(6).any(|name| name == b"latest"));
}
