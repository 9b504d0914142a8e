//! The program as a user meets it: what it prints, what it writes, and how it refuses.
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

fn ch14(arguments: &str) -> Output {
    ch14_in(Path::new("."), arguments)
}

fn succeeds(output: Output) -> String {
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stderr}");
    assert_eq!(stderr, "", "not a terminal, so no progress bar");
    String::from_utf8(output.stdout).unwrap()
}

fn stdout(arguments: &str) -> String {
    succeeds(ch14(arguments))
}

/// One clear error on standard error, none of it a panic, nothing on standard output, a non-zero exit.
fn fails(output: &Output, arguments: &str, parts: &[&str]) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && output.status.code() != Some(101), "`{arguments}`");
    assert!(stderr.starts_with("error: "), "`{arguments}`: {stderr}");
    for part in parts {
        assert!(stderr.contains(part), "`{arguments}`: no `{part}` in: {stderr}");
    }
    assert_eq!(stderr.matches("error: ").count(), 1, "`{arguments}`: {stderr}");
    assert!(output.stdout.is_empty(), "`{arguments}`");
}

const QUICK: &str = "--training 60 --unseen 40 --hidden 6 --epochs 2 --batch 20";

#[test]
fn every_task_trains_and_reports_beside_the_floors() {
    for task in ["random", "sum", "first", "progression"] {
        let text = stdout(&format!("--task {task} {QUICK}"));
        assert!(text.starts_with(&format!("# setup: {task}")));
        for part in
            ["|   2.303 |", "|   10.00 |", "memory", "# floors", "# meaning: in a sentence\nIt "]
        {
            assert!(text.contains(part), "{task}: no `{part}` in\n{text}");
        }
        let too_long = text.lines().find(|line| line.chars().count() > 80);
        assert_eq!(too_long, None);
    }
}

#[test]
fn ten_probabilities_that_sum_to_one() {
    for arguments in
        [format!("predict 3 1 4 1 {QUICK}"), format!("--task sum {QUICK} predict 3 1 4 1")]
    {
        let text = stdout(&arguments);
        let (_, answer) = text.split_once("# prediction: what follows 3 1 4 1\n").unwrap();
        let cells = answer.lines().filter_map(|line| line.split_once(" | "));
        let probabilities: Vec<f64> = cells.filter_map(|(_, p)| p.trim().parse().ok()).collect();
        assert_eq!(probabilities.len(), 10);
        assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-3);
        assert!(answer.contains("saw these digits in training."), "{answer}");
        assert_eq!(answer.contains("rule   = 5"), arguments.contains("sum"));
    }
}

#[test]
fn the_same_seed_prints_the_same() {
    let of = |seed: u32| stdout(&format!("--task sum --seed {seed} {QUICK}"));
    assert_eq!(of(3), of(3));
    assert_ne!(of(3).split_once("# results").unwrap().1, of(4).split_once("# results").unwrap().1);
}

/// Arguments that make no sense, and a part of what is said to them.
const NONSENSE: &[(&str, &str)] = &[
    ("--epochs 0", "0 is not in 1..=100000"),
    ("--epochs -5", "-5"),
    ("--hidden 0", "0 is not in 1..=1024"),
    ("--hidden 1000000000", "is not in 1..=1024"),
    ("--hidden 99999999999999999999999", "number too large"),
    ("--validation 0", "0 is not in 1..=100000"),
    ("--validation 1000", "--validation 1000: there are 1000 training sequences"),
    ("--validation 900 --batch 101", "--batch 101 is larger than the 100 training sequences"),
    ("--patience 5", "add --validation, such as --validation 200"),
    ("--patience 0 --validation 9", "0 is not in 1..=100000"),
    ("eval --model a --validation 8", "cannot be used with"),
    ("--batch 0", "0 is not in 1..=100000"),
    ("--batch 2000", "--batch 2000 is larger than the 1000 training sequences"),
    ("--task progression --batch 81", "larger than the 80 training sequences"),
    ("--training 0", "0 is not in 1..=100000"),
    ("--unseen 0", "0 is not in 1..=100000"),
    ("--lr 0", "positive number"),
    ("--lr -0.1", "positive number"),
    ("--lr inf", "positive number"),
    ("--lr NaN", "positive number"),
    ("--lr fast", "it is not a number"),
    ("--seed -1", "invalid digit"),
    ("--task sums", "possible values: random, sum, first, progression"),
    ("--task progression --training 1000", "only 100 exist"),
    ("--task first --length 1", "0 of 1000 unseen ones were found"),
    ("--task sum --length 1", "needs 3"),
    ("--length 0", "0 is not in 1..=999"),
    ("--length 1000000000000", "is not in 1..=999"),
    ("--lr 1e39", "positive number"),
    ("--lr 1e-50", "positive number"),
    ("--clip 0", "positive number"),
    ("--clip NaN", "positive number"),
    ("--forget-bias NaN", "from -100 to 100"),
    ("--forget-bias 1000", "from -100 to 100"),
    ("--threads 0", "0 is not in 1..=64"),
    ("--save-every -1", "0 to 1000000"),
    ("--save-every NaN", "0 to 1000000"),
    ("--hidden 1024 --length 999 --threads 64", "more than 8; make one of them smaller"),
    ("--model m.safetensors", "--model is for `eval`, `predict` and --export"),
    ("eval --model none.safetensors", "none.safetensors\n  found     that it cannot be read"),
    ("eval --model Cargo.toml", "Cargo.toml\n  found     no whole safetensors file"),
    ("eval --model .", "that it cannot be read"),
    ("eval --model /dev/zero", "at most 128 MiB"),
    ("eval --model a --hidden 8", "cannot be used with"),
    ("--resume none.safetensors", "none.safetensors\n  found     that it cannot be read"),
    ("--data none.txt", "none.txt\n  found     that it cannot be read"),
    ("--data Cargo.toml", "Cargo.toml:1\n  found     `package`\n  expected  a digit, 0 to 9"),
    ("--data a.txt --task sum", "cannot be used with"),
    ("--save src", "--save src\n  found     that no file can be written there: is a directory"),
    ("--save none/of/this", "--save none/of/this\n  found     that no file can be written there"),
    ("--save /proc/model", "--save /proc/model\n  found     that no file can be written there"),
    ("--curves src", "--curves src\n  found     that no file can be written there: is a directory"),
    ("--curves none/curves.svg", "no file can be written there"),
    ("--curves Cargo.toml", "--curves Cargo.toml\n  found     a file of another kind"),
    ("--speed 3", "unexpected argument"),
    ("forecast", "unrecognized subcommand"),
    ("predict", "required arguments"),
    ("predict 3 1 4 10", "the digits after `predict`\n  found     `10`, a number but no digit"),
    ("predict 3 -1 4", "found     `-1`, a number but no digit"),
    ("predict three", "found     `three`"),
    ("--window 5", "--data"),
    ("--data a.txt --window 1", "1 is not in 2..=1000"),
    ("predict 3 --task sum", "needs 3"),
    ("predict 3 1 4 --length 4", "asks for 4 digits to predict from, but 3 were given"),
];

#[test]
fn what_makes_no_sense_is_refused() {
    for &(arguments, because) in NONSENSE {
        fails(&ch14(arguments), arguments, &[because]);
    }
    let many = format!("predict {}", "1 ".repeat(1000));
    let output = ch14(&many);
    assert!(String::from_utf8(output.stderr).unwrap().contains("1000 digits are too many"));
}

#[test]
fn a_run_that_blows_up_says_at_which_step() {
    let output = ch14(&format!("--task sum --lr 1e38 {QUICK}"));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    let expected = "error: the loss or the weights are not finite numbers any more at step ";
    assert!(stderr.starts_with(expected) && stderr.contains("smaller --lr"), "{stderr}");
}

/// A long question stays within the line.
#[test]
fn long_questions_are_answered() {
    let digits = "7 ".repeat(60);
    let text = stdout(&format!(
        "predict {digits} --task first --training 4 --unseen 4 --epochs 1 --hidden 2"
    ));
    assert!(text.contains("7 7 7 ...\n") && text.contains("rule   = 7"));
    assert!(text.lines().all(|line| line.chars().count() <= 80));
}

/// A file to learn from, in any of the ways in which people write digits.
#[test]
fn own_digits_are_learned_from() {
    let folder = tempdir().unwrap();
    let write = |text: &str| fs::write(folder.path().join("d.txt"), text).unwrap();
    let run =
        |more: &str| ch14_in(folder.path(), &format!("--data d.txt --epochs 2 --hidden 4 {more}"));
    write("\u{feff}# mine\n31415\n\n2 7 1 8 2\r\n1,6,1,8,0\n 5;7; 7 ;2;1\n0\t0\t0\t0\t0");
    let text = succeeds(run(""));
    assert!(text.starts_with("# setup: sequences from a file\nlength     = 4 "), "{text}");
    assert!(text.contains("training   = 4 ") && text.contains("unseen     = 1 "), "{text}");
    let answer = succeeds(run("predict 3 1 4 1"));
    assert!(answer.contains("answer = ") && !answer.contains("rule"), "{answer}");

    for (text, parts) in [
        ("", ["d.txt\n  found     an empty file", "3 1 4 1 5"]),
        ("# nothing\n\n", ["d.txt\n  found     no sequence", "to do     add some"]),
        ("31415\n3141\n", ["d.txt:2\n  found     4 digits", "5, as in line 1"]),
        ("\n31415\n\n3141x\n", ["d.txt:4\n  found     `x`", "a digit, 0 to 9"]),
        ("3 1 4 10 5\n", ["d.txt:1\n  found     `10`, a number but no digit", "a digit, 0 to 9"]),
        ("3 -1 4\n", ["d.txt:1\n  found     `-1`", "a digit, 0 to 9"]),
        ("3.5\n", ["d.txt:1\n  found     `3.5`, a number but no digit", "a digit, 0 to 9"]),
        ("7\n", ["d.txt\n  found     1 digits, on one line", "--window"]),
        ("\u{661}\u{662}\n", ["d.txt:1\n  found     `\u{661}`, U+0661", "write it as 0 to 9"]),
        (
            "12\n12\n13\n",
            ["3 sequences, all with the same digits but for the last", "add sequences"],
        ),
    ] {
        write(text);
        fails(&run(""), text, &parts);
    }
    fs::write(folder.path().join("d.txt"), b"12\n1\xff\n").unwrap();
    fails(&run(""), "not UTF-8", &["d.txt:2"]);
}

/// No context of the test set occurs in training, whatever the file holds.
#[test]
fn own_digits_do_not_leak() {
    let folder = tempdir().unwrap();
    // Ten contexts, each thirty times and with three answers: a table knows the commonest answer of a seen one.
    let lines = (0..300).map(|k| format!("{}5{}\n", k % 10, (k / 10) % 3)).collect::<String>();
    fs::write(folder.path().join("d.txt"), lines).unwrap();
    let text = succeeds(ch14_in(folder.path(), "--data d.txt --epochs 1"));
    assert!(text.contains("training   = 240 ") && text.contains("unseen     = 60 "), "{text}");
}

#[test]
fn json_is_a_line_an_event() {
    let text = stdout(&format!("--json --task sum {QUICK} predict 3 1 4 1"));
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events: Vec<&str> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["setup", "epoch", "epoch", "results", "prediction"]);
    assert_eq!(lines[0]["settings"]["hidden"], 6);
    assert_eq!((&lines[1]["step"], &lines[2]["step"]), (&3.into(), &6.into()));
    assert!(lines[1]["sequences_per_second"].as_f64().unwrap() > 0.0);
    assert_eq!(lines[3]["unseen"]["of"], 40);
    let numbers = lines[4]["probabilities"].as_array().unwrap().iter();
    let sum: f64 = numbers.map(|p| p.as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-9);
    assert_eq!(lines[4]["rule"], 5);
}

#[test]
fn curves_are_drawn_with_axes_and_the_floor() {
    let folder = tempdir().unwrap();
    succeeds(ch14_in(folder.path(), &format!("--curves c.svg {QUICK}")));
    let svg = fs::read_to_string(folder.path().join("c.svg")).unwrap();
    assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"));
    for part in ["epochs", "loss in nats", "guessing: ln 10", "training", "unseen", "<polyline"] {
        assert!(svg.contains(part), "no {part}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// Saved, asked, gone on with: and nothing that was there is lost.
#[test]
fn a_model_is_saved_asked_and_trained_on() {
    let folder = tempdir().unwrap();
    let run = |arguments: &str| ch14_in(folder.path(), arguments);
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    let direct = succeeds(run(&format!("--task sum --save m {QUICK}")));
    // The same scores from the file.
    let results = |text: &str| text.split_once("# results").unwrap().1.to_owned();
    assert_eq!(results(&direct), results(&succeeds(run("eval --model m"))));
    // The data and the rule are known from the file; on others it is examined without a word on training.
    let answer = succeeds(run("predict 3 1 4 1 --model m"));
    assert!(answer.contains("rule   = 5") && answer.contains("saw these digits"), "{answer}");
    let other = succeeds(run("eval --model m --task first --unseen 50"));
    assert!(other.contains("on 1050 sequences"), "{other}");
    assert!(other.contains("It was trained on 60 sequences of `sum`."), "{other}");

    // Training on: the same as without a stop, and one epoch more of the same run.
    let four = succeeds(run(&format!(
        "--task sum --save four --epochs 4 {}",
        &QUICK.replace("--epochs 2", "")
    )));
    succeeds(run("--resume m --epochs 4 --save m4"));
    assert!(read("four") == read("m4"));
    let resumed = succeeds(run("--resume m --epochs 4"));
    assert!(read("four") == read("m") && resumed.contains("resumed    = 6 "), "{resumed}");
    assert_eq!(results(&resumed), results(&four));
    // A finished run has nothing left to do, and says how it ended.
    assert_eq!(results(&succeeds(run("--resume m"))), results(&four));
    assert!(read("four") == read("m"));

    let before = read("m");
    for (arguments, parts) in [
        ("--save m", "--save m\n  found     that it is there already, and would be lost"),
        (
            "--resume m --save four",
            "--save four\n  found     that it is there already, and would be lost",
        ),
        ("--resume m --validation 9", "--validation 9: the run in m began with nothing"),
        ("--resume m --patience 9", "--patience 9: the run in m began without --validation"),
        ("--resume m --hidden 7", "--hidden 7: the run in m began with 6"),
        ("--resume m --clip 1", "--clip 1.0: the run in m began with nothing"),
        ("--resume m --task first", "--task first: the run in m began with sum"),
        ("--resume m --seed 2", "--seed 2: the run in m began with 1"),
        ("--resume m --epochs 1", "--epochs 1: the run in m is in its epoch 4 already"),
    ] {
        fails(&run(arguments), arguments, &[parts]);
        assert!(read("m") == before, "{arguments}");
    }
    // Data from a file that is not the one of the run.
    fs::write(folder.path().join("d.txt"), "123\n456\n").unwrap();
    let output = run("--resume m --data d.txt");
    fails(&output, "other data", &["found     a run on other data", "expected  one on these"]);
    // A damaged file, one byte of it.
    let mut damaged = before.clone();
    damaged[3000] ^= 1;
    fs::write(folder.path().join("m"), damaged).unwrap();
    for arguments in ["--resume m", "eval --model m", "predict 1 --model m"] {
        fails(&run(arguments), arguments, &["m\n  found     bytes with the checksum", "expected"]);
    }
}

#[test]
fn a_run_on_own_digits_needs_them_again() {
    let folder = tempdir().unwrap();
    let run = |arguments: &str| ch14_in(folder.path(), arguments);
    let digits =
        |first: u32| (0..40).map(|k| format!("{:04}\n", first + 37 * k)).collect::<String>();
    fs::write(folder.path().join("d.txt"), digits(1000)).unwrap();
    succeeds(run("--data d.txt --epochs 2 --hidden 4 --save m"));
    succeeds(run("--resume m --data d.txt --epochs 3"));
    fails(&run("--resume m"), "", &["m was trained on a file of sequences", "--data"]);
    fails(&run("eval --model m"), "", &["m was trained on a file of sequences", "--data"]);
    succeeds(run("eval --model m --data d.txt"));
    succeeds(run("predict 1 2 3 --model m"));
    fs::write(folder.path().join("d.txt"), digits(1001)).unwrap();
    fails(&run("--resume m --data d.txt"), "", &["a run on other data", "fingerprint"]);
}

#[test]
fn a_model_from_pytorch_is_asked_but_not_trained_on() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pytorch/weights.safetensors");
    let answer = stdout(&format!("predict 3 1 4 1 --model {file}"));
    assert!(answer.starts_with("# prediction: what follows 3 1 4 1\n"), "{answer}");
    assert!(stdout(&format!("eval --task sum --model {file}")).contains("is not known here"));
    let arguments = format!("--resume {file}");
    fails(&ch14(&arguments), &arguments, &["weights without an optimiser", "`eval` or `predict`"]);
}

/// What was done to read a file is said on standard error and in JSON; the answer is that of the plain file.
#[test]
fn what_was_done_to_read_a_file_is_said() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pytorch/read/averaged.safetensors");
    let output = ch14(&format!("--json predict 3 1 4 1 --model {file}"));
    let stderr = String::from_utf8(output.stderr).unwrap();
    let notes = ["took the prefix `module.` off the names", "left out `n_averaged`, a counter"];
    assert_eq!(stderr, notes.map(|note| format!("{file}: {note}\n")).concat());
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["read"], serde_json::json!(notes));
    let plain = file.replace("averaged", "reversed");
    let plain: Value =
        serde_json::from_str(&stdout(&format!("--json predict 3 1 4 1 --model {plain}"))).unwrap();
    assert_eq!((&answer["logits"], plain.get("read")), (&plain["logits"], None));
}

/// Begun with PyTorch's weights, killed after a step's save, gone on with: the same bytes; and no step at all gives
/// back the weights that came.
#[test]
fn a_training_begins_with_given_weights() {
    let folder = tempdir().unwrap();
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    let run = |arguments: &str| ch14_in(folder.path(), arguments);
    let given = include_bytes!("pytorch/weights.safetensors");
    fs::write(folder.path().join("w"), given).unwrap();
    let tune = "--task sum --training 60 --unseen 40 --batch 20 --lr 1e-3 --from w";
    let text = succeeds(run(&format!("{tune} --epochs 4 --save four --export weights")));
    assert!(text.contains("hidden     = 6 ") && text.contains("\nfrom       = "), "{text}");
    assert!(text.contains("That is said of this run: it began with given weights"), "{text}");
    succeeds(run(&format!("{tune} --epochs 2 --save m")));
    let resumed = succeeds(run("--resume m --epochs 4"));
    assert!(read("m") == read("four") && resumed.contains("\nfrom       = "), "{resumed}");
    assert!(resumed.contains("That is said of this run"), "{resumed}");
    assert!(!succeeds(run("predict 3 1 4 1 --model m")).contains("saw these digits"));
    // Hardly moved: it did begin there.
    let far = |name: &str| {
        let network = |bytes: &[u8]| next_digit::from_bytes(bytes).unwrap().network.theta;
        let (now, then) = (network(&read(name)), network(given));
        now.iter().zip(then).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
    };
    assert!(far("four") > 0.0 && far("four") < 12.0 * 1.1e-3, "{}", far("four"));
    // The weights alone, of the run and of its checkpoint, with or without a question.
    succeeds(run("--model four --export again"));
    succeeds(run("eval --model four --export third"));
    assert!(read("weights") == read("again") && read("weights") == read("third"));
    assert_eq!(far("weights"), far("four"));
    succeeds(run("--model w --export same"));
    assert!(read("same") == given);
    // From a checkpoint, of which only the weights are taken.
    let output = run(&format!("{} --epochs 1", tune.replace("--from w", "--from four")));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        stderr,
        "four: took the weights of a checkpoint, not its settings, its step or its optimiser\n"
    );
    assert!(output.status.success());

    for (arguments, because) in [
        ("--from w --hidden 8", "--hidden 8: the network in w has 6 hidden units"),
        ("--from w --forget-bias 1", "--forget-bias 1.0: with --from"),
        ("--from w --resume m", "cannot be used with"),
        ("--from w --model m eval", "cannot be used with"),
        ("--from none", "none\n  found     that it cannot be read"),
        ("--model four --export w", "--export w\n  found     that it is there already"),
        ("--epochs 1 --export four", "--export four\n  found     that it is there already"),
        ("--epochs 1 --save x --export x", "--export x\n  found     the same file as --save x"),
        (
            "--model four --export ./four",
            "--export ./four\n  found     the same file as --model four",
        ),
        ("train --model four --export y", "--model is for"),
    ] {
        fails(&run(arguments), arguments, &[because]);
        assert!(read("w") == given && read("four") == read("m"), "{arguments}");
    }
}

/// No room: a limit to the size of files stands for a full disk. Nothing that was there before is lost, and no piece
/// is left behind.
#[cfg(unix)]
#[test]
fn a_full_disk_loses_nothing() {
    let folder = tempdir().unwrap();
    let limited = |arguments: &str| {
        let program = env!("CARGO_BIN_EXE_ch14");
        // Blocks of 512 or 1024 bytes, as the shell likes.
        let script = format!("trap '' XFSZ; ulimit -f 2; exec {program} {arguments}");
        Command::new("sh").args(["-c", &script]).current_dir(folder.path()).output().unwrap()
    };
    let arguments = format!("--save m {QUICK}");
    fails(
        &limited(&arguments),
        &arguments,
        &["cannot write --save m: nothing was left there; make room"],
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);

    succeeds(ch14_in(folder.path(), &format!("--save m {QUICK}")));
    let before = fs::read(folder.path().join("m")).unwrap();
    let output = limited("--resume m --epochs 9 --save-every 0");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(
        stderr.contains("cannot write --resume m: what it held before is still there"),
        "{stderr}"
    );
    assert!(fs::read(folder.path().join("m")).unwrap() == before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    succeeds(ch14_in(folder.path(), "--resume m --epochs 9"));
}

/// With a file to save to, a run that blows up leaves the last good checkpoint.
#[test]
fn a_run_that_blows_up_keeps_its_last_checkpoint() {
    let folder = tempdir().unwrap();
    let output = ch14_in(folder.path(), &format!("--lr 1e38 --save m --save-every 0 {QUICK}"));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.contains("at step ") && stderr.contains("m holds the last checkpoint"),
        "{stderr}"
    );
    assert_eq!(output.status.code(), Some(1));
    succeeds(ch14_in(folder.path(), "eval --model m"));
}
