//! Files of digits as people have them: what is meant without doubt is read, anything else is refused in words.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use digits::{Split, Task, generator, share_seen};
use next_digit::{DataAbout, Memory, from_bytes, weights_to_bytes};
use serde_json::Value;
use tempfile::{TempDir, tempdir};

struct Folder(TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut program = Command::new(env!("CARGO_BIN_EXE_ch14"));
        program.args(arguments).current_dir(self.path()).output().unwrap()
    }

    /// The first event of a run on these bytes: what was read.
    fn setup(&self, bytes: &[u8], more: &[&str]) -> Value {
        fs::write(self.path().join("d"), bytes).unwrap();
        let output = self
            .run(&[&["--json", "--data", "d", "--epochs", "1", "--hidden", "2"], more].concat());
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{:?}: {stderr}", String::from_utf8_lossy(bytes));
        let text = String::from_utf8(output.stdout).unwrap();
        serde_json::from_str(text.lines().next().unwrap()).unwrap()
    }

    /// The error on these bytes.
    fn error(&self, bytes: &[u8], more: &[&str]) -> String {
        fs::write(self.path().join("d"), bytes).unwrap();
        self.refused(&[&["--data", "d"], more].concat())
    }

    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {stderr}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        for part in ["error: ", "\n  found     ", "\n  expected  ", "\n  to do     "] {
            assert!(stderr.contains(part), "{arguments:?}: {stderr}");
        }
        assert!(stderr.len() < 500, "{arguments:?}: {stderr}");
        stderr
    }
}

const ROWS: [&str; 6] = ["31415", "27182", "16180", "57721", "00000", "14142"];

/// The rows, each through `row`, between `ends`.
fn file(row: impl Fn(&str) -> String, end: &str) -> String {
    ROWS.iter().map(|digits| row(digits) + end).collect()
}

fn with(separator: &str) -> impl Fn(&str) -> String {
    move |digits| digits.chars().map(String::from).collect::<Vec<_>>().join(separator)
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect()
}

#[test]
fn what_is_meant_without_doubt_is_read() {
    let folder = Folder::new();
    let plain = file(str::to_owned, "\n");
    let expected = folder.setup(plain.as_bytes(), &[])["data"].clone();
    assert_eq!((&expected["digits"], &expected["training"]), (&5.into(), &4.into()));
    let quoted = |digits: &str| format!("\"{}\"", with("\",\"")(digits));
    let bracketed = |digits: &str| format!("[{}]", with(", ")(digits));
    let list = |row: &dyn Fn(&str) -> String| ROWS.map(row).join(",\n  ");
    let pretty = format!("[\n{}\n]", ROWS.map(|d| format!("[\n{}\n]", with(",\n")(d))).join(",\n"));
    for text in [
        file(str::to_owned, "\r\n"),
        file(str::to_owned, "\r"),
        file(with(" "), "\r"),
        file(with("  "), "\n"),
        file(with(","), "\n"),
        file(with(", "), "\r\n"),
        file(with(" ; "), "\n"),
        file(with("\t"), "\n"),
        file(with("|"), "\n"),
        file(with(",\t"), "\n"),
        file(with("\u{a0}"), "\n"),
        file(with(","), ",\n"),
        file(with(";"), "; \n"),
        file(str::to_owned, ",\n"),
        file(str::to_owned, "  # a comment, 1 2 3\n"),
        file(with(","), "#no space\n"),
        file(with(" "), " \n\n# Z\u{e4}hlung\n"),
        file(quoted, "\n"),
        file(|digits| format!("'{digits}'"), "\n"),
        file(|digits| format!("\"{}\"", with(" ")(digits)), "\n"),
        file(bracketed, "\n"),
        file(bracketed, ",\n"),
        file(|digits| format!("[{},]", with(",")(digits)), "\n"),
        file(|digits| format!("({})", with(" ")(digits)), "\n"),
        file(|digits| format!("{{{}}}", with(", ")(digits)), ",\n"),
        file(|digits| format!("\u{feff}{digits}"), "\n"),
        format!("# mine\n\u{feff}{plain}"),
        format!("{plain}\u{1a}"),
        format!("[{}]", list(&bracketed)),
        format!("[{},]\n", list(&|digits| format!("({},)", with(",")(digits)))),
        format!("[{}]", list(&|digits| format!("\"{digits}\""))),
        format!("[{}]", list(&|digits| format!("[{}]", quoted(digits)))),
        pretty,
    ] {
        assert_eq!(folder.setup(text.as_bytes(), &[])["data"], expected, "{text:?}");
    }
    for unit in [u16::to_le_bytes, u16::to_be_bytes] {
        let text = file(with(","), "\r\n");
        assert_eq!(folder.setup(&utf16(&text, unit), &[])["data"], expected);
    }
    // A comment in an encoding of old.
    let latin = [b"# Z\xe4hlung\n".as_slice(), plain.as_bytes()].concat();
    assert_eq!(folder.setup(&latin, &[])["data"], expected);
}

#[test]
fn what_is_in_doubt_is_refused_by_its_line() {
    let folder = Folder::new();
    for (text, parts) in [
        ("3,,4,1,5\n2,,7,1,8\n", &["d:1", "an empty field, number 2 of 5"][..]),
        ("31415\n3,1,,1,5\n", &["d:2", "an empty field, number 3 of 5"]),
        ("9,1,5,0,1\n9,1,5,0,\n", &["d:2", "an empty field, the last one"]),
        ("9,1,5,0,\n9,1,5,0,1\n", &["d:1", "an empty field, the last one"]),
        (",9,1,4,1\n,3,1,4,1\n", &["d:1", "number 1 of 5"]),
        ("9;1;;1\n", &["d:1", "number 3 of 4"]),
        ("9\t1\t\t1\n9\t2\t\t1\n", &["d:1", "number 3 of 4"]),
        ("\t9\t1\n\t8\t1\n", &["d:1", "number 1 of 3"]),
        ("\"3\",\"\",\"4\"\n", &["d:1", "number 2 of 3"]),
        ("3, ,4\n", &["d:1", "number 2 of 3"]),
        ("[3,,4]\n", &["d:1", "number 2 of 3"]),
        ("[1,2]\n[]\n", &["d:2", "empty brackets"]),
        ("[1,2]\n[3,4\n", &["d:2", "`[` without its partner"]),
        ("[1,2)\n", &["d:1", "`)` without its partner"]),
        ("[1,2] 3\n[3,4]", &["d:2", "`3` outside of brackets"]),
        ("{\"a\": [1, 2]}\n", &["d:1", "`\"a\":` outside of brackets"]),
        ("3;1,4\n", &["d:1", "both `,` and `;`"]),
        ("1,2\n3.0,1\n", &["d:2", "`3.0`, a number with a point", "write 3"]),
        ("1,2\n10,1\n", &["d:2", "`10`, a number but no digit"]),
        ("1,2\n-1,1\n", &["d:2", "`-1`, a number but no digit"]),
        ("1,2\nNaN,1\n", &["d:2", "`NaN`, a missing value"]),
        ("12\n1e5\n", &["d:2", "`1e5`, a number but no digit"]),
        ("\u{ff13}1\n", &["d:1", "U+FF13, from another script", "0 to 9"]),
        ("1 \u{663}\n", &["d:1", "U+0663"]),
        ("1\u{200b}2\n", &["d:1", "`\\u{200b}`"]),
        ("x1,x2,next\n3,1,4\n2,7,1\n", &["d:1", "a header line", "remove the line"]),
        ("# mine\n\"a\",\"b\"\n3,1\n", &["d:2", "a header line"]),
        ("12\nab\n", &["d:2", "`ab`"]),
        ("12\n1a\n", &["d:2", "`a`"]),
        ("314 159\n", &["d:1", "`314`, a number but no digit"]),
        ("31415\r3141\r", &["d:2", "4 digits", "5, as in line 1"]),
        ("12\r\n34\r\n5x\r\n", &["d:3", "`x`"]),
    ] {
        let error = folder.error(text.as_bytes(), &[]);
        for part in parts {
            assert!(error.contains(part), "{text:?}: no `{part}` in {error}");
        }
    }
    // A long line is not echoed.
    let long = format!("12\n{}x\n", "7".repeat(1_000_000));
    assert!(folder.error(long.as_bytes(), &[]).contains("`x`"));
    let word = "word".repeat(250_000);
    assert!(folder.error(word.as_bytes(), &[]).contains("`wordwordwordwordword...`"));
    assert!(folder.error(b"12\n1\xff\n", &[]).contains("d:2\n  found     `\u{fffd}`: bytes that"));
}

#[test]
fn what_is_no_text_is_named() {
    let folder = Folder::new();
    let model = include_bytes!("pytorch/weights.safetensors");
    let ours = weights_to_bytes(&from_bytes(model).unwrap().network);
    let tar = [vec![b'd'; 257], b"ustar\0".to_vec()].concat();
    let unmarked: Vec<u8> =
        "31415\r\n".repeat(9).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let backwards: Vec<u8> = unmarked.chunks(2).flat_map(|two| [two[1], two[0]]).collect();
    for (bytes, name) in [
        (b"".as_slice(), "an empty file"),
        (b"\x1f\x8b\x08\0\0", "a gzip archive"),
        (b"PK\x03\x04\x14\0", "a zip archive, as .npz, .xlsx and PyTorch's .pt files are"),
        (b"BZh91AY", "a bzip2 archive"),
        (b"\xfd7zXZ\0\0", "an xz archive"),
        (b"\x28\xb5\x2f\xfd\x04", "a zstd archive"),
        (&tar, "a tar archive"),
        (b"\x93NUMPY\x01\0v\0{'descr'", "a NumPy array"),
        (b"\x80\x04\x95\x10\0", "a Python pickle"),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"PAR1\x15\x04", "a Parquet file"),
        (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
        (model, "a safetensors file"),
        (&ours, "a safetensors file"),
        (&unmarked, "what looks like UTF-16 without its mark"),
        (&backwards, "what looks like UTF-16 without its mark"),
        (b"\xff\xfe\0\x003\0\0\0", "text in UTF-32"),
        (b"\xff\xfe3\x001", "half a character"),
        (b"314\n1\x005\n", "a zero as byte 6: this is not text"),
    ] {
        let error = folder.error(bytes, &[]);
        assert!(
            error.starts_with("error: d\n  found     ") && error.contains(name),
            "{name}: {error}"
        );
    }
    assert!(folder.refused(&["--data", "."]).contains(".\n  found     a folder"));
    assert!(
        folder.refused(&["--data", "none"]).contains("none\n  found     that it cannot be read")
    );
}

/// A question takes every form that a line of a file takes.
#[test]
fn questions_are_asked_as_files_are_written() {
    let folder = Folder::new();
    fs::write(folder.path().join("m"), include_bytes!("pytorch/weights.safetensors")).unwrap();
    let ask = |words: &[&str]| folder.run(&[&["predict"], words, &["--model", "m"]].concat());
    let expected = ask(&["3", "1", "4", "1"]).stdout;
    assert!(expected.starts_with(b"# prediction: what follows 3 1 4 1\n"));
    for words in [
        &["3141"][..],
        &["3,1,4,1"],
        &["3,", "1,", "4,", "1"],
        &["3 1 4 1"],
        &["[3, 1, 4, 1]"],
        &["[3,", "1,", "4,", "1]"],
        &["(3;1;4;1)"],
        &["\"3\",\"1\",\"4\",\"1\""],
        &["'3141'"],
        &["3\t1\t4\t1"],
    ] {
        assert_eq!(ask(words).stdout, expected, "{words:?}");
    }
    for (words, part) in [
        (&[""][..], "no digit"),
        (&["3,,1"], "an empty field, number 2 of 3"),
        (&["31", "41"], "`31`, a number but no digit"),
        (&["-1"], "`-1`, a number but no digit"),
        (&["3.0"], "`3.0`, a number with a point"),
        (&["3", "x"], "`x`"),
        (&["x"], "`x`"),
        (&["[3,1],[4,1]"], "several sequences"),
        (&["[3"], "`[` without its partner"),
    ] {
        let error = folder.refused(&[&["predict"], words, &["--model", "m"]].concat());
        assert!(error.contains("the digits after `predict`") && error.contains(part), "{error}");
    }
}

/// A thousand digits that go on as 0 1 2 …, a little disturbed.
fn series() -> Vec<u8> {
    (0..1000_usize).map(|k| b'0' + ((k + k / 7) % 10) as u8).collect()
}

#[test]
fn a_series_is_split_in_time() {
    let folder = Folder::new();
    let line = series();
    let setup = folder.setup(&line, &["--window", "5"]);
    let data = setup["data"].clone();
    // 800 digits have 796 windows, 200 have 196: none lies across the border.
    assert_eq!((&data["training"], &data["unseen"]), (&796.into(), &196.into()));
    assert_eq!((&data["window"], &data["digits"]), (&5.into(), &5.into()));
    let column: Vec<u8> = line.iter().flat_map(|digit| [*digit, b'\n']).collect();
    let commented = [b"# a series\n\n".as_slice(), &column].concat();
    let spaced: Vec<u8> = line.iter().flat_map(|digit| [*digit, b' ']).collect();
    for text in [column, commented, spaced, [b"[".as_slice(), &line, b"]"].concat()] {
        assert_eq!(folder.setup(&text, &["--window", "5"])["data"], data);
    }
    // In time: a change after the border leaves training alone, one before it the test set.
    let memory = |at: usize| {
        let mut other = series();
        other[at] = if other[at] == b'0' { b'1' } else { b'0' };
        folder.setup(&other, &["--window", "5"])["data"]["memory"].clone()
    };
    assert_eq!(memory(800), data["memory"]);
    assert_ne!(memory(799), data["memory"]);

    for (text, window, part) in [
        (&b"314159265358979"[..], "5", "found     15 digits\n  expected  at least 21"),
        (b"31415\n92653\n", "5", "2 lines, not all of one digit"),
        (b"1\n2\n34\n", "2", "3 lines, not all of one digit"),
    ] {
        assert!(folder.error(text, &["--window", window]).contains(part));
    }
    folder.setup(b"314159265358979323846", &["--window", "5"]);
    for text in [line, b"3\n1\n4\n".to_vec()] {
        assert!(folder.error(&text, &[]).contains("--window 5"));
    }
}

#[test]
fn a_run_on_a_series_is_gone_on_with_and_examined() {
    let folder = Folder::new();
    fs::write(folder.path().join("d"), series()).unwrap();
    let run = |arguments: &str| {
        let output = folder.run(&arguments.split(' ').collect::<Vec<_>>());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let text = run("--data d --window 5 --epochs 2 --hidden 4 --save m");
    assert!(text.starts_with("# setup: one series from a file, in windows\n"), "{text}");
    assert!(text.contains("unseen     = 196  in the last fifth, after a gap of 4; "), "{text}");
    assert!(!text.contains("none of their contexts is in training"), "{text}");
    // The window is known from the file.
    let results = |text: &str| text.split_once("# results").unwrap().1.to_owned();
    assert_eq!(results(&run("eval --model m --data d")), results(&text));
    run("--resume m --data d --epochs 3");
    let error =
        String::from_utf8(folder.run(&["--resume", "m", "--data", "d", "--window", "4"]).stderr);
    assert!(error.unwrap().contains("--window 4: the run in m began with 5"));
    // Sequences of five digits are read as sequences by the same model.
    fs::write(folder.path().join("s"), file(str::to_owned, "\n")).unwrap();
    let other = run("eval --model m --data s");
    assert!(other.contains("on 6 sequences") && other.contains("796 other sequences"), "{other}");
    assert!(
        other.contains("a lookup table has 85.8 % right, and\nthe digit 0 alone 11.4 %."),
        "{other}"
    );
}

/// What counts and what it is measured by, as a program reads it.
#[test]
fn verdicts_are_words_that_do_not_change() {
    let folder = Folder::new();
    let results = |arguments: &str| -> Value {
        let output = folder.run(&arguments.split(' ').collect::<Vec<_>>());
        let text = String::from_utf8(output.stdout).unwrap();
        let mut events = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        events.rfind(|event| event["event"] == "results").unwrap()
    };
    for (arguments, word, begin) in [
        (
            "--task first --epochs 10",
            "learnt-the-rule",
            "It has learnt the rule, for sequences of this length: ",
        ),
        ("--task sum --training 600 --epochs 40", "predicts", "It predicts better than luck"),
        ("--task random --training 100 --epochs 40", "memorises", "It memorises, it cannot"),
        ("--task random --epochs 1", "learnt-nothing", "It has learnt nothing yet"),
        ("--task random --unseen 1 --epochs 20", "cannot-tell", "In training it is right"),
    ] {
        let found = results(&format!("--json {arguments}"));
        assert_eq!(found["verdict"], word, "{found}");
        assert!(found["meaning"].as_str().unwrap().starts_with(begin), "{found}");
        let counted = &found["counted"];
        let number = |name: &str| counted[name].as_u64().unwrap();
        assert_eq!(number("yardstick"), number("commonest").max(number("table")));
        assert!(number("fewest") <= number("yardstick") && number("yardstick") <= number("most"));
    }
    // Coin flips, and nine zeros in ten.
    let flips = |k: u32| (k.wrapping_mul(2_654_435_761) >> 13) % 4096;
    let coins: String = (1..400).map(|k| format!("{:012b}\n", flips(k))).collect();
    let zeros: String =
        (1..400).map(|k| format!("{:04}{}\n", flips(k), u32::from(k % 10 == 0))).collect();
    for text in [coins, zeros] {
        fs::write(folder.path().join("d"), text).unwrap();
        let found = results("--json --data d --epochs 15");
        let verdict = found["verdict"].as_str().unwrap();
        assert!(["learnt-nothing", "memorises"].contains(&verdict), "{found}");
    }
    // A model whose data can be drawn again: which of others it has seen is known.
    let data = "--json --task random --length 3 --training 200 --unseen 200";
    results(&format!("{data} --epochs 3 --save m"));
    let found = results(&format!("{data} --seed 9 eval --model m"));
    let draw = |seed| Split::draw(Task::Random, 4, 200, 200, &mut generator(seed)).unwrap();
    let (own, others) = (draw(1), draw(9));
    let given = [others.training, others.unseen].concat();
    let seen = (share_seen(&own.training, &given) * 400.0).round() as usize;
    assert!(seen > 40);
    assert_eq!(found["seen_in_training"], seen, "{found}");
    let memory = Memory::of(&own.training);
    assert_eq!(found["trained_on_memory"]["ceiling"], memory.ceiling, "{found}");
    assert!(found["meaning"].as_str().unwrap().contains("on 200 sequences of `random`"), "{found}");
}

/// A checkpoint of before there were windows says nothing of them, and of memory.
#[test]
fn older_checkpoints_are_read() {
    let old = r#"{"task":null,"length":5,"training":80,"unseen":20,"fingerprint":7}"#;
    let about: DataAbout = serde_json::from_str(old).unwrap();
    assert_eq!((about.window, &about.memory), (None, &None));
    // They call `length` what is `digits` now: the whole sequence.
    assert_eq!(about.digits, 5);
    assert_eq!(serde_json::to_string(&about).unwrap(), old.replace("length", "digits"));
    let memory = Some(Memory { ceiling: 80, digit: 3, commonest: 12 });
    assert!(about.is_same(&DataAbout { memory, ..about.clone() }));
    assert!(!about.is_same(&DataAbout { window: Some(5), ..about.clone() }));
}
