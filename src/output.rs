//! `output.txt`: the snapshot of what a chapter's program prints, and how it is compared. `runs/NAME.txt` is what
//! it prints with some arguments; it and a record, `records/NAME.txt`, have the same format.
//!
//! The first line is the command. A line `# name: title` opens a section. `label = value` names a
//! number; in a table (lines with ` | `) the first line names the columns, the first cell of every
//! other line names the row, and a number is `row.column`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::problem::{Problem, Problems};
use crate::project::RECORDS;

/// One number that a program printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Printed {
    /// As it was printed, such as `0.993307`.
    pub text: String,
    /// The line of the snapshot, from 1.
    pub line: usize,
    /// How many numbers were printed before it.
    pub place: usize,
    /// The section that it stands in.
    pub section: Option<String>,
}

/// A parsed `output.txt`, or a record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// The snapshot, relative to the project's root.
    pub file: PathBuf,
    /// The command on the first line, without `$ `.
    pub command: String,
    /// Every named number: `label` or `row.column`.
    pub numbers: BTreeMap<String, Printed>,
    /// What has a name like a number's and is none: `never`, `< 1e-9`.
    pub words: BTreeSet<String>,
    /// Sections by name: their text, heading included.
    pub sections: BTreeMap<String, String>,
}

impl Output {
    /// Reads the text of the snapshot `file`.
    ///
    /// # Errors
    /// If the command is missing, a section or a number's name stands twice, or a name has a space.
    pub fn parse(file: &Path, text: &str) -> Result<Output, Problems> {
        let mut problems = Problems::default();
        let mut output = Output { file: file.to_owned(), ..Output::default() };
        let mut lines = text.lines();
        match lines.next().and_then(|line| line.strip_prefix("$ ")) {
            Some(command) => output.command = command.trim().to_owned(),
            None => problems.0.push(Problem::new(
                file,
                1,
                text.lines().next().unwrap_or("an empty file"),
                "the command that makes this output, such as `$ cargo run -p ch05`",
                "let `cargo run -- bless` (for a record, `cargo run -- record`) write it again",
            )),
        }
        let mut section: Option<String> = None;
        let mut header: Option<Vec<&str>> = None;
        for (at, line) in lines.enumerate() {
            let number = at + 2;
            let mut twice = |name: &str, what: &str| {
                problems.0.push(Problem::new(
                    file,
                    number,
                    format!("a second {what} named `{name}`"),
                    "each name once in a chapter's output",
                    "rename one of the two in the program, and let it print the file again",
                ));
            };
            if let Some((name, _)) = line.strip_prefix("# ").and_then(|line| line.split_once(':')) {
                if output.sections.insert(name.to_owned(), String::new()).is_some() {
                    twice(name, "section");
                }
                section = Some(name.to_owned());
            }
            if let Some(text) = section.as_ref().and_then(|name| output.sections.get_mut(name)) {
                text.push_str(line);
                text.push('\n');
            }
            let cells: Vec<&str> = line.split(" | ").map(str::trim).collect();
            let named: Vec<(String, &str)> = match (&header, cells.as_slice()) {
                (None, [_, _, ..]) => {
                    header = Some(cells);
                    continue;
                }
                (Some(header), [row, values @ ..]) if !values.is_empty() => {
                    let columns = header.iter().skip(1);
                    columns.zip(values).map(|(column, v)| (format!("{row}.{column}"), *v)).collect()
                }
                _ => {
                    header = None;
                    (line.split_once(" = ").into_iter())
                        .map(|(label, value)| (label.trim().to_owned(), value))
                        .collect()
                }
            };
            for (name, value) in named {
                if name.contains(char::is_whitespace) {
                    continue;
                }
                let Some(text) =
                    value.split_whitespace().next().filter(|v| parse_number(v).is_some())
                else {
                    output.words.insert(name);
                    continue;
                };
                let (text, place) = (text.to_owned(), output.numbers.len());
                let printed = Printed { text, line: number, place, section: section.clone() };
                if output.numbers.insert(name.clone(), printed).is_some() {
                    twice(&name, "number");
                }
            }
        }
        for text in output.sections.values_mut() {
            text.truncate(text.trim_end().len());
        }
        problems.into_result(output)
    }

    /// Whether this was printed once and kept, as a record, and no test runs it again in full.
    pub fn is_record(&self) -> bool {
        self.file.parent().is_some_and(|folder| folder.ends_with(RECORDS))
    }

    /// The file's name without its ending: `output`, or the name of a run or a record.
    pub fn name(&self) -> String {
        self.file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// What pages can refer to: the names of all sections and all numbers.
    pub fn names(&self) -> BTreeSet<String> {
        let sections = self.sections.keys().map(|name| format!("section {name}"));
        sections.chain(self.numbers.keys().map(|name| format!("number {name}"))).collect()
    }
}

/// A number as programs and sentences write it: with `−` as well as `-`.
pub fn parse_number(text: &str) -> Option<f64> {
    text.starts_with(|c: char| c.is_ascii_digit() || "+-−.".contains(c))
        .then(|| text.replace('−', "-").parse().ok())?
}

/// The value of one unit in the last place that `text` writes: 0.01 for `2.50`, 1 for `17`.
pub fn last_place(text: &str) -> f64 {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    10f64.powi(exponent.parse::<i32>().unwrap_or(0) - i32::try_from(decimals).unwrap_or(0))
}

/// Where the numbers of a line stand.
pub fn numbers(line: &str) -> Vec<Range<usize>> {
    let bytes = line.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let end = digits(at);
        if end == at {
            at += 1;
            continue;
        }
        let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
        let word = line[..at].ends_with(part_of_word);
        let mut stop = end;
        if bytes.get(stop) == Some(&b'.') && digits(stop + 1) > stop + 1 {
            stop = digits(stop + 1);
        }
        if matches!(bytes.get(stop), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(stop + 1), Some(b'-' | b'+')));
            let exponent = digits(stop + 1 + sign);
            if exponent > stop + 1 + sign {
                stop = exponent;
            }
        }
        let start = ["-", "−"]
            .into_iter()
            .filter(|minus| line[..at].ends_with(minus))
            .map(|minus| at - minus.len())
            .find(|&start| !line[..start].ends_with(part_of_word))
            .unwrap_or(at);
        if !word && !line[stop..].starts_with(part_of_word) {
            found.push(start..stop);
        }
        at = stop;
    }
    found
}

/// How far two printings of the same number may be apart: one unit in the last place that the
/// snapshot prints, since `exp` and `tanh` differ in their last digit between machines and a rounded
/// value may fall either side. A whole number is a count, and exact.
pub fn tolerance(snapshot: &str) -> f64 {
    if snapshot.contains(['.', 'e']) { 1.001 * last_place(snapshot) } else { 0.0 }
}

/// Compares what was printed with its snapshot: the text exactly but for the width of gaps, each
/// number within what `tolerance` allows for the snapshot's. Reports the first difference.
///
/// # Errors
/// The line of the snapshot, from 1, what was printed there, and what the snapshot has.
pub fn compare(
    snapshot: &str,
    printed: &str,
    tolerance: fn(&str) -> f64,
) -> Result<(), (usize, String, String)> {
    fn lines(text: &str) -> impl Iterator<Item = &str> {
        text.trim_end().lines().map(str::trim_end)
    }
    let (mut expected, mut found) = (lines(snapshot), lines(printed));
    for line in 1.. {
        let say = |line: Option<&str>| line.map_or("no such line".into(), |l| format!("`{l}`"));
        match (expected.next(), found.next()) {
            (None, None) => break,
            (Some(expected), Some(found)) if alike(expected, found, tolerance) => {}
            (expected, found) => return Err((line, say(found), say(expected))),
        }
    }
    Ok(())
}

fn alike(expected: &str, found: &str, tolerance: fn(&str) -> f64) -> bool {
    if expected == found {
        return true;
    }
    let split = |line: &str| -> (Vec<String>, Vec<String>) {
        let gaps = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (mut texts, mut values, mut from) = (Vec::new(), Vec::new(), 0);
        for range in numbers(line) {
            texts.push(gaps(&line[from..range.start]));
            values.push(line[range.clone()].to_owned());
            from = range.end;
        }
        texts.push(gaps(&line[from..]));
        (texts, values)
    };
    let ((expected_text, expected), (found_text, found)) = (split(expected), split(found));
    let near = |(expected, found): (&String, &String)| {
        let values = parse_number(expected).zip(parse_number(found));
        values.is_some_and(|(a, b)| (a - b).abs() <= tolerance(expected))
    };
    expected_text == found_text && expected.iter().zip(&found).all(near)
}
