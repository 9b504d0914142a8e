//! `output.txt`: the snapshot of what a chapter's program prints. `runs/NAME.txt` is what
//! it prints with some arguments; it and a record, `records/NAME.txt`, have the same format.
//!
//! The first line is the command. A line `# name: title` opens a section. `label = value` names a
//! number; in a table (lines with ` | `) the first line names the columns, the first cell of every
//! other line names the row, and a number is `row.column`. Pages cannot refer to a number in whose name
//! there is a space: such a row or label is for readers only.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::name::RECORDS;
use super::parse_number;
use crate::problem::{Problem, Problems};

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
    /// If the command is missing, or a section or a number's name stands twice.
    pub fn parse(file: &Path, text: &str) -> Result<Output, Problems> {
        let output = Output { file: file.to_owned(), ..Output::default() };
        let mut reader = Reader { output, ..Reader::default() };
        let mut lines = (1..).zip(text.lines());
        match lines.next().and_then(|(_, line)| line.strip_prefix("$ ")) {
            Some(command) => reader.output.command = command.trim().to_owned(),
            None => reader.problems.0.push(Problem::new(
                file,
                1,
                text.lines().next().unwrap_or("an empty file"),
                "the command that makes this output, such as `$ cargo run -p ch05`",
                "let `cargo run -- bless` (for a record, `cargo run -- record`) write it again",
            )),
        }
        for (number, line) in lines {
            reader.line(number, line);
        }
        let Reader { mut output, problems, .. } = reader;
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

/// Goes over the lines of a snapshot and remembers what it is inside of.
#[derive(Default)]
struct Reader<'a> {
    output: Output,
    problems: Problems,
    section: Option<String>,
    /// The names of a table's columns.
    header: Option<Vec<&'a str>>,
}

impl<'a> Reader<'a> {
    fn line(&mut self, number: usize, line: &'a str) {
        if let Some((name, _)) = line.strip_prefix("# ").and_then(|line| line.split_once(':')) {
            if self.output.sections.insert(name.to_owned(), String::new()).is_some() {
                self.twice(number, name, "section");
            }
            self.section = Some(name.to_owned());
        }
        let section = self.section.as_ref();
        if let Some(text) = section.and_then(|name| self.output.sections.get_mut(name)) {
            text.push_str(line);
            text.push('\n');
        }
        for (name, value) in self.named(line) {
            if name.contains(char::is_whitespace) {
                continue;
            }
            let text = value.split_whitespace().next().filter(|v| parse_number(v).is_some());
            let Some(text) = text.map(str::to_owned) else {
                self.output.words.insert(name);
                continue;
            };
            let (place, section) = (self.output.numbers.len(), self.section.clone());
            let printed = Printed { text, line: number, place, section };
            if self.output.numbers.insert(name.clone(), printed).is_some() {
                self.twice(number, &name, "number");
            }
        }
    }

    /// What a line gives names to, and their values.
    fn named(&mut self, line: &'a str) -> Vec<(String, &'a str)> {
        let cells: Vec<&str> = line.split(" | ").map(str::trim).collect();
        match (&self.header, cells.as_slice()) {
            (None, [_, _, ..]) => {
                self.header = Some(cells);
                Vec::new()
            }
            (Some(header), [row, values @ ..]) if !values.is_empty() => {
                let columns = header.iter().skip(1);
                columns.zip(values).map(|(column, v)| (format!("{row}.{column}"), *v)).collect()
            }
            _ => {
                self.header = None;
                let named = line.split_once(" = ").into_iter();
                named.map(|(label, value)| (label.trim().to_owned(), value)).collect()
            }
        }
    }

    fn twice(&mut self, line: usize, name: &str, what: &str) {
        self.problems.0.push(Problem::new(
            &self.output.file,
            line,
            format!("a second {what} named `{name}`"),
            "each name once in a chapter's output",
            "rename one of the two in the program, and let it print the file again",
        ));
    }
}
