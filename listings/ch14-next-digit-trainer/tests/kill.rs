//! Killed at any moment, a resumed run ends with the same bits as one that was never stopped.
//!
//! `KILLS=200 cargo test -p ch14 --test kill -- --nocapture` does it more often.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use digits::{below, generator};
use tempfile::tempdir;

const SUM: &str = "--task sum --training 400 --unseen 50 --epochs 15 --hidden 24 --save m";
/// On random digits the loss soon gets worse: the fifth epoch is the best, and the patience ends the eleventh.
const PATIENT: &str = "--training 400 --unseen 50 --epochs 40 --lr 0.003 --seed 5 --validation 80 \
                       --patience 6 --save m";

/// Begins a run, or goes on with it if there is something to go on with.
fn start(folder: &Path, run: &str, save_every: &str) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ch14"));
    command.current_dir(folder).stdout(Stdio::null()).stderr(Stdio::piped());
    if folder.join("m").exists() {
        command.args(["--resume", "m"]);
    } else {
        command.args(run.split_whitespace());
    }
    command.args(["--save-every", save_every]).spawn().unwrap()
}

fn finish(child: Child) {
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Kills runs until so many were killed; finished ones begin anew. Returns how many finished.
fn kill_many(
    run: &str,
    kills: usize,
    save_every: &str,
    seed: u64,
    expected: &[u8],
    longest: Duration,
) -> usize {
    let folder = tempdir().unwrap();
    let model = folder.path().join("m");
    let mut rng = generator(seed);
    let (mut killed, mut finished) = (0, 0);
    while killed < kills {
        let mut child = start(folder.path(), run, save_every);
        let longest = longest.as_micros() as u32;
        sleep(Duration::from_micros(u64::from(below(longest, &mut rng))));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            // It may have ended between the look and the kill: that counts as finished.
            killed += usize::from(!child.wait().unwrap().success());
        } else {
            finish(child);
        }
        if fs::read(&model).is_ok_and(|bytes| bytes == expected) {
            finished += 1;
            fs::remove_file(&model).unwrap();
        }
    }
    finish(start(folder.path(), run, save_every));
    assert!(fs::read(&model).unwrap() == expected, "after {killed} kills");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left lying about");
    finished
}

/// Kills a run again and again, and compares its end with that of one that was left alone.
fn ends_as_if_nothing_had_happened(run: &str, kills: usize) {
    let folder = tempdir().unwrap();
    let begin = Instant::now();
    finish(start(folder.path(), run, "1000"));
    let whole = begin.elapsed();
    let expected = fs::read(folder.path().join("m")).unwrap();
    // After every step, so that most kills fall into a save; and seldom, so that most fall between two.
    for (seed, save_every) in [(1, "0"), (2, "0.01")] {
        let finished = kill_many(run, kills / 2, save_every, seed, &expected, whole);
        println!("saved every {save_every} s: {} kills, {finished} finished", kills / 2);
    }
}

fn kills() -> usize {
    std::env::var("KILLS").map_or(20, |kills| kills.parse().unwrap())
}

#[test]
fn a_killed_run_ends_as_if_nothing_had_happened() {
    ends_as_if_nothing_had_happened(SUM, kills());
}

/// The best weights and the wait for better ones survive too.
#[test]
fn a_killed_run_chooses_the_same_epoch() {
    ends_as_if_nothing_had_happened(PATIENT, kills());
}
