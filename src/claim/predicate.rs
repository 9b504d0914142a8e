//! A claim's predicate: its parts, the numbers that it refers to, and whether it holds.

use std::collections::BTreeMap;
use std::path::PathBuf;

use glob::Pattern;

use super::language::Compiled;
use super::value::{Many, Value};
use crate::project::{Listing, Output, Printed, parse_number};

/// What makes a label a pattern.
const WILD: [char; 3] = ['*', '?', '['];

/// What is wrong with a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What stands there.
    pub found: String,
    /// What should.
    pub expected: String,
    /// What to do.
    pub todo: String,
}

impl Fault {
    pub(super) fn new(
        found: impl Into<String>,
        expected: impl Into<String>,
        todo: impl Into<String>,
    ) -> Fault {
        Fault { found: found.into(), expected: expected.into(), todo: todo.into() }
    }
}

/// One number that a reference found.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Its label.
    pub label: String,
    /// As it was printed.
    pub text: String,
    /// Its value.
    pub value: f64,
    /// The line of the output, from 1.
    pub line: usize,
}

/// `{30:*.solved}` in a predicate, and what it found.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// What stands between the braces.
    pub written: String,
    /// The output that it was found in: `ch14/results`.
    pub source: String,
    /// That output's file.
    pub file: PathBuf,
    /// That output's command.
    pub command: String,
    /// The numbers, in the order in which they were printed.
    pub cells: Vec<Cell>,
    /// Whether it is a pattern: then it stands for a column, of whatever length.
    pub pattern: bool,
}

impl Reference {
    /// What it stands for when its numbers are `numbers`.
    pub(super) fn value(&self, numbers: &[f64]) -> Value {
        match (self.pattern, numbers) {
            (false, [number]) => Value::Number(Many::One(*number)),
            _ => Value::Number(Many::Column(numbers.to_vec())),
        }
    }

    /// Its numbers.
    pub fn numbers(&self) -> Vec<f64> {
        self.cells.iter().map(|cell| cell.value).collect()
    }

    /// The numbers, for messages: those of a column with what tells their labels apart.
    pub fn found(&self) -> String {
        // `10:lstm.` in `{10:lstm.s?}`, whatever output it is of.
        let shared = self.written.split(WILD).next().unwrap_or_default();
        let shared = &shared[..shared.rfind([':', '.']).map_or(0, |at| at + 1)];
        let shared = shared.strip_prefix(&format!("{}:", self.source)).unwrap_or(shared);
        let shown = self.cells.iter().map(|cell| match self.pattern {
            false => cell.text.clone(),
            true => {
                let own = cell.label.strip_prefix(shared).unwrap_or(&cell.label);
                format!("{own} = {}", cell.text)
            }
        });
        format!("{{{}}}: {}", self.written, shown.collect::<Vec<_>>().join(", "))
    }
}

/// What stands between two `and`s of a predicate: each must hold, and each must be able to fail.
#[derive(Clone, Debug)]
pub struct Part {
    /// As written.
    pub text: String,
    pub(super) compiled: Compiled,
    /// For each of its names, which reference that is.
    pub(super) uses: Vec<usize>,
}

/// A predicate whose references have been found.
#[derive(Clone, Debug)]
pub struct Predicate {
    /// As written, on one line.
    pub text: String,
    /// Its references, each once.
    pub references: Vec<Reference>,
    /// Its parts.
    pub parts: Vec<Part>,
}

impl Predicate {
    /// Reads a predicate about the numbers of `source`.
    ///
    /// # Errors
    /// The first thing that is wrong with it, be it only that it's false or that it can't be.
    pub fn read(
        source: &str,
        text: &str,
        listings: &BTreeMap<String, Listing>,
    ) -> Result<Predicate, Fault> {
        output(source, listings)?;
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut references: Vec<Reference> = Vec::new();
        for written in braced(&text)? {
            if !references.iter().any(|known| known.written == written) {
                references.push(refer(source, written, listings)?);
            }
        }
        let parts = parts(&text).into_iter().map(|part| compile(part, &references));
        let parts = parts.collect::<Result<Vec<_>, _>>()?;
        Ok(Predicate { text, references, parts })
    }

    /// Whether it holds where its references' numbers are these, in their order.
    ///
    /// # Errors
    /// What it is instead, if it is neither true nor false.
    pub fn holds(&self, numbers: &[Vec<f64>]) -> Result<bool, String> {
        let truths = self.parts.iter().map(|part| self.truth(part, numbers));
        Ok(truths.collect::<Result<Vec<_>, _>>()?.into_iter().all(|truth| truth))
    }

    /// Whether a part holds where the references' numbers are these.
    pub(super) fn truth(&self, part: &Part, numbers: &[Vec<f64>]) -> Result<bool, String> {
        let used = part.uses.iter().map(|&used| self.references[used].value(&numbers[used]));
        match part.compiled.value(&used.collect::<Vec<_>>()) {
            Value::Truth(Many::One(truth)) => Ok(truth),
            other => Err(other.kind()),
        }
    }
}

/// What stands between braces.
fn braced(text: &str) -> Result<Vec<&str>, Fault> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let end = rest[at + 1..].find(['{', '}']).map(|end| at + 1 + end);
        let end = end.filter(|&end| rest[at..].starts_with('{') && rest[end..].starts_with('}'));
        let Some(end) = end.filter(|&end| !rest[at + 1..end].trim().is_empty()) else {
            return Err(Fault::new(
                format!("`{}`", &rest[at..]),
                "each label between two braces: `{30:bias-3.solved}`",
                "close the brace, or write the label",
            ));
        };
        found.push(&rest[at + 1..end]);
        rest = &rest[end + 1..];
    }
    Ok(found)
}

/// The parts of a predicate between its outermost `and`s. With an `or` beside them it is one part.
fn parts(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0_i32, 0, Vec::new());
    for (at, c) in text.char_indices() {
        let word = |word: &str| {
            depth == 0
                && text[at..].starts_with(word)
                && !text[..at].ends_with(|c: char| c.is_alphanumeric())
                && !text[at + word.len()..].starts_with(|c: char| c.is_alphanumeric())
        };
        if word("or") {
            return vec![text];
        }
        if word("and") {
            parts.push(text[start..at].trim());
            start = at + "and".len();
        }
        match c {
            '(' | '{' => depth += 1,
            ')' | '}' => depth -= 1,
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

fn compile(text: &str, references: &[Reference]) -> Result<Part, Fault> {
    let wrong = |why: String| {
        Fault::new(
            format!("`{text}`: {why}"),
            "a predicate such as `{30:bias-3.solved} == 5 and all({random:*.s1} < {band-high})`",
            "correct it; src/claim/language.rs lists what can be said",
        )
    };
    let compiled = Compiled::new(text).map_err(wrong)?;
    let mut uses = Vec::new();
    for name in compiled.names() {
        match references.iter().position(|known| known.written == *name) {
            Some(used) => uses.push(used),
            None => return Err(wrong(format!("`{name}`, which is no word of the language"))),
        }
    }
    if uses.is_empty() {
        return Err(wrong("not one number of a run".to_owned()));
    }
    Ok(Part { text: text.to_owned(), compiled, uses })
}

/// The output that a claim or a tag names before its colon.
///
/// # Errors
/// If there is none.
pub fn output<'a>(
    source: &str,
    listings: &'a BTreeMap<String, Listing>,
) -> Result<&'a Output, Fault> {
    let package = source.split('/').next().unwrap_or_default();
    let Some(listing) = listings.get(package) else {
        let known: Vec<&str> = listings.keys().map(String::as_str).collect();
        let expected = format!("a chapter with a listing: {}", known.join(", "));
        return Err(Fault::new(
            format!("`{source}`"),
            expected,
            "correct the name before the colon",
        ));
    };
    listing.printed(source).ok_or_else(|| {
        let all = listing.runs.keys().chain(listing.records.keys());
        let all: Vec<&str> = all.map(String::as_str).collect();
        let expected = match all.as_slice() {
            [] => format!("a run or a record of {package}, which has none"),
            _ => format!("a run or a record of {package}; it has: {}", all.join(", ")),
        };
        Fault::new(format!("`{source}`"), expected, "correct the name before the colon")
    })
}

/// Looks a reference up: `{label}`, `{pattern*}`, or either of another output, `{ch14/fair:label}`.
fn refer(
    source: &str,
    written: &str,
    listings: &BTreeMap<String, Listing>,
) -> Result<Reference, Fault> {
    let other = written.split_once(':').filter(|(source, _)| names_output(source));
    let (source, label) = other.unwrap_or((source, written));
    let printed = output(source, listings)?;
    let file = printed.file.display().to_string().replace('\\', "/");
    let pattern = label.contains(WILD);
    let (cells, words) = match pattern {
        false => (
            printed.numbers.get_key_value(label).into_iter().collect(),
            printed.words.get(label).into_iter().collect(),
        ),
        true => fitting(label, printed).map_err(|error| {
            let found = format!("{{{written}}}: {error}");
            let expected = "a pattern: `*` for any letters, `?` for one, `[1-3]` for one of these";
            Fault::new(found, expected, "correct it")
        })?,
    };
    if let Some(word) = words.first() {
        return Err(Fault::new(
            format!("{{{written}}}, to which {word} belongs"),
            "numbers only; that is no number",
            format!("name what is meant more closely; {file} shows what there is"),
        ));
    }
    let cells: Vec<Cell> = cells
        .into_iter()
        .filter_map(|(label, number)| {
            let value = parse_number(&number.text)?;
            let (label, text) = (label.clone(), number.text.clone());
            Some(Cell { label, text, value, line: number.line })
        })
        .collect();
    if cells.is_empty() {
        let like = similar(label, printed);
        return Err(Fault::new(
            format!("{{{written}}}"),
            format!("a label that {file} prints, such as {like}"),
            "correct it, or let the program print the number",
        ));
    }
    let (written, source) = (written.to_owned(), source.to_owned());
    let (file, command) = (printed.file.clone(), printed.command.clone());
    Ok(Reference { written, source, file, command, cells, pattern })
}

/// Numbers of an output, each with its label.
type Labelled<'a> = Vec<(&'a String, &'a Printed)>;

/// What of an output fits a pattern: the numbers, in the order in which they were printed, and what is none.
fn fitting<'a>(
    label: &str,
    printed: &'a Output,
) -> Result<(Labelled<'a>, Vec<&'a String>), &'static str> {
    let pattern = Pattern::new(label).map_err(|error| error.msg)?;
    // All that fits begins as the pattern does, and stands together.
    let begins = label.split(WILD).next().unwrap_or_default();
    let near = |name: &str| name.starts_with(begins);
    let numbers = printed.numbers.range(begins.to_owned()..).take_while(|(name, _)| near(name));
    let mut numbers: Vec<_> = numbers.filter(|(name, _)| pattern.matches(name)).collect();
    numbers.sort_by_key(|(_, number)| number.place);
    let words = printed.words.range(begins.to_owned()..).take_while(|name| near(name));
    Ok((numbers, words.filter(|name| pattern.matches(name)).collect()))
}

/// Whether this is a source, `ch14` or `ch14/fair`, and not the beginning of a label.
fn names_output(text: &str) -> bool {
    let (package, name) = text.split_once('/').unwrap_or((text, "output"));
    crate::project::chapter_number(package).is_some() && package.len() == 4 && !name.is_empty()
}

/// The labels that begin most like this one.
fn similar(label: &str, printed: &Output) -> String {
    let alike = |other: &str| label.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let mut labels: Vec<&str> = printed.numbers.keys().map(String::as_str).collect();
    labels.sort_by_key(|other| std::cmp::Reverse(alike(other)));
    labels.truncate(5);
    labels.join(", ")
}
