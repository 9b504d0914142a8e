//! What is learnt from: drawn by a rule, or read from a file.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, ensure};
use digits::{Sequence, Split, Task, generator, shuffle};
use next_digit::{DataAbout, fingerprint};

use crate::files::{problem, read};

/// The most that a file of digits may hold.
const LIMIT: u64 = 256 << 20;

/// Sequences to learn from and to be examined on, and where they came from.
pub(crate) struct Data {
    pub(crate) split: Split,
    pub(crate) about: DataAbout,
}

impl Data {
    fn new(split: Split, task: Option<Task>) -> Data {
        let about = DataAbout {
            task: task.map(|task| task.name().to_owned()),
            length: split.training[0].context.len() + 1,
            training: split.training.len(),
            unseen: split.unseen.len(),
            fingerprint: fingerprint(&split.training, &split.unseen),
        };
        Data { split, about }
    }

    /// Drawn by a rule.
    pub(crate) fn draw(
        task: Task,
        length: usize,
        training: usize,
        unseen: usize,
        seed: u64,
    ) -> Result<Data> {
        let split = Split::draw(task, length, training, unseen, &mut generator(seed))?;
        Ok(Data::new(split, Some(task)))
    }

    /// From a file: about four fifths of its sequences to learn from.
    pub(crate) fn read(path: &Path, seed: u64) -> Result<Data> {
        let place = path.display().to_string();
        let sequences = parse(&place, &read(path, LIMIT)?)?;
        let count = sequences.len();
        let split = split(sequences, seed);
        ensure!(
            !split.training.is_empty() && !split.unseen.is_empty(),
            problem(
                &place,
                &format!("{count} sequences, all with the same digits but for the last"),
                "at least two different ones, to learn from one and be examined on the other",
                "add sequences",
            )
        );
        Ok(Data::new(split, None))
    }

    /// The rule that drew them.
    pub(crate) fn task(&self) -> Option<Task> {
        self.about.task.as_ref().and_then(|name| name.parse().ok())
    }
}

/// Reads sequences, one a line.
fn parse(place: &str, bytes: &[u8]) -> Result<Vec<Sequence>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut sequences: Vec<Sequence> = Vec::new();
    let mut first = 0;
    for (at, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
        let line = String::from_utf8_lossy(line);
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let here = format!("{place}:{}", at + 1);
        let mut context = parse_line(&here, line)?;
        let length = context.len();
        let next = context.pop().unwrap_or(0);
        if let Some(other) = sequences.first() {
            let expected = other.context.len() + 1;
            ensure!(
                length == expected,
                problem(
                    &here,
                    &format!("{length} digits"),
                    &format!("{expected}, as in line {first}"),
                    "make all sequences equally long",
                )
            );
        } else {
            first = at + 1;
        }
        sequences.push(Sequence { context, next });
    }
    let none = || problem(place, "no sequence", "one on each line, such as 3 1 4 1 5", "add some");
    ensure!(!sequences.is_empty(), none());
    Ok(sequences)
}

/// The digits of a line: side by side, or each on its own between separators.
fn parse_line(here: &str, line: &str) -> Result<Vec<u8>> {
    let separator = |c: char| c.is_whitespace() || c == ',' || c == ';';
    let words: Vec<&str> = if line.contains(separator) {
        line.split(separator).filter(|word| !word.is_empty()).collect()
    } else {
        line.split("").filter(|word| !word.is_empty()).collect()
    };
    let mut digits = Vec::with_capacity(words.len());
    for word in words {
        match word.as_bytes() {
            [digit @ b'0'..=b'9'] => digits.push(digit - b'0'),
            _ => {
                let shown: String = word.escape_debug().take(20).collect();
                let to_do = "correct the line: digits side by side, or each one between separators";
                return Err(problem(here, &format!("`{shown}`"), "a digit, 0 to 9", to_do));
            }
        }
    }
    ensure!(
        (2..=1000).contains(&digits.len()),
        problem(
            here,
            &format!("{} digits", digits.len()),
            "2 to 1000: some to predict from, and the one that follows",
            "correct the line"
        )
    );
    Ok(digits)
}

/// Keeps about a fifth for the examination. Sequences with the same context stay together: what is examined was
/// never seen.
fn split(sequences: Vec<Sequence>, seed: u64) -> Split {
    let wanted = sequences.len().div_ceil(5);
    let mut groups: BTreeMap<Vec<u8>, Vec<Sequence>> = BTreeMap::new();
    for sequence in sequences {
        groups.entry(sequence.context.clone()).or_default().push(sequence);
    }
    let mut groups: Vec<Vec<Sequence>> = groups.into_values().collect();
    shuffle(&mut groups, &mut generator(seed));
    let (mut training, mut unseen) = (Vec::new(), Vec::new());
    for group in groups {
        // The first group is for training, so that there is something to learn from.
        let part =
            if training.is_empty() || unseen.len() >= wanted { &mut training } else { &mut unseen };
        part.extend(group);
    }
    Split { training, unseen }
}
