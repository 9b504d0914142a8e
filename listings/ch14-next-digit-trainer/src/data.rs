//! What is learnt from: drawn by a rule, or read from a file.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::Path;

use anyhow::{Result, bail, ensure};
use digits::{Sequence, Split, Task, generator, shuffle};
use files::{decode, problem, read};
use next_digit::{DataAbout, Memory, Repeats, fingerprint, hold_aside, hold_end};

use crate::parse::{Record, parse};

/// The most memory that a run may need, in GiB.
pub(crate) const MOST_MEMORY: f64 = 8.0;

/// The most that a file of digits may hold.
const LIMIT: u64 = 256 << 20;

const TEXT: &str = "text with a sequence on each line, such as 3 1 4 1 5";
const EXPORT: &str = "export the digits as text, a sequence on each line";

/// How many digits a sequence may have, the last one included.
const LENGTHS: RangeInclusive<usize> = 2..=1000;

/// Sequences to learn from and to be examined on, and where they came from.
pub(crate) struct Data {
    pub(crate) split: Split,
    /// What was held aside from `split.training`.
    pub(crate) held: Vec<Sequence>,
    pub(crate) about: DataAbout,
}

impl Data {
    fn new(split: Split, task: Option<Task>, window: Option<usize>) -> Data {
        let about = DataAbout {
            task: task.map(|task| task.name().to_owned()),
            digits: split.training[0].context.len() + 1,
            training: split.training.len(),
            unseen: split.unseen.len(),
            fingerprint: fingerprint(&split.training, &split.unseen),
            window,
            memory: Some(Memory::of(&split.training)),
        };
        Data { split, held: Vec::new(), about }
    }

    /// Holds `wanted` of the training sequences aside; from then on they are not among them. Of a series it is its end,
    /// and the windows across the border are left out.
    pub(crate) fn hold_aside(&mut self, wanted: usize, seed: u64) -> Result<()> {
        let training = std::mem::take(&mut self.split.training);
        let count = training.len();
        let is_series = self.about.window.is_some();
        (self.split.training, self.held) =
            if is_series { hold_end(training, wanted) } else { hold_aside(training, wanted, seed) };
        ensure!(
            wanted < count && !self.split.training.is_empty(),
            "--validation {wanted}: there are {count} training sequences, and some have to be left to learn \
             from; ask for fewer"
        );
        ensure!(
            !self.held.is_empty(),
            "--validation {wanted}: sequences with the same context stay together, and no context has so few \
             among the {count} training sequences; ask for more, or leave --validation out"
        );
        self.about.memory = Some(Memory::of(&self.split.training));
        Ok(())
    }

    /// Drawn by a rule.
    pub(crate) fn draw(
        task: Task,
        digits: usize,
        training: usize,
        unseen: usize,
        seed: u64,
    ) -> Result<Data> {
        let split = Split::draw(task, digits, training, unseen, &mut generator(seed))?;
        Ok(Data::new(split, Some(task), None))
    }

    /// From a file: about four fifths of its sequences to learn from. With a `window`, the file is one series,
    /// and windows of so many digits are the sequences; `recorded` is the window of a model, which holds if none was
    /// asked for and the file is one series.
    pub(crate) fn read(
        path: &Path,
        seed: u64,
        window: Option<usize>,
        recorded: Option<usize>,
    ) -> Result<Data> {
        let place = path.display().to_string();
        if path.is_dir() {
            bail!(problem(&place, "a folder", "a file of digits", "name a file in it"));
        }
        let records = parse(&place, &decode(&place, &read(path, LIMIT)?, TEXT, EXPORT)?)?;
        if records.is_empty() {
            let expected = "one on each line, such as 3 1 4 1 5";
            bail!(problem(&place, "no sequence", expected, "add some"));
        }
        match window.or(recorded.filter(|_| is_series(&records))) {
            Some(window) => windows(&place, records, window),
            None => lines(&place, records, seed),
        }
    }

    /// Whether it is known that the answers do not depend on the contexts.
    pub(crate) fn is_independent(&self) -> bool {
        self.task() == Some(Task::Random)
    }

    /// Whether a context counts again each time it is asked.
    pub(crate) fn repeats(&self) -> Repeats {
        if self.about.window.is_some() { Repeats::All } else { Repeats::Once }
    }

    /// The rule that drew them.
    pub(crate) fn task(&self) -> Option<Task> {
        self.about.task.as_ref().and_then(|name| name.parse().ok())
    }
}

/// Whether this is one long series: all digits on one line, or one on each.
fn is_series(records: &[Record]) -> bool {
    records.len() == 1 || records.iter().all(|record| record.digits.len() == 1)
}

/// Each record is a sequence.
fn lines(place: &str, records: Vec<Record>, seed: u64) -> Result<Data> {
    if is_series(&records) {
        let digits: usize = records.iter().map(|record| record.digits.len()).sum();
        let lines = if records.len() == 1 { "on one line" } else { "one on each line" };
        bail!(problem(
            place,
            &format!("{digits} digits, {lines}"),
            "several sequences, one on each line, such as 3 1 4 1 5",
            "add sequences; or, if this is one long series, cut it into windows of 5 with --window 5",
        ));
    }
    let (first, length) = (records[0].line, records[0].digits.len());
    let mut sequences = Vec::with_capacity(records.len());
    for Record { line, digits: mut context, .. } in records {
        let found = format!("{} digits", context.len());
        let refuse = |expected: &str, to_do: &str| {
            Err(problem(&format!("{place}:{line}"), &found, expected, to_do))
        };
        if !LENGTHS.contains(&context.len()) {
            let expected = "2 to 1000: some to predict from, and the one that follows";
            return refuse(expected, "correct the line");
        }
        if context.len() != length {
            let expected = format!("{length}, as in line {first}");
            return refuse(&expected, "make all sequences equally long");
        }
        let next = context.pop().unwrap_or(0);
        sequences.push(Sequence { context, next });
    }
    let count = sequences.len();
    let split = split(sequences, seed);
    ensure!(
        !split.training.is_empty() && !split.unseen.is_empty(),
        problem(
            place,
            &format!("{count} sequences, all with the same digits but for the last"),
            "at least two different ones, to learn from one and be examined on the other",
            "add sequences",
        )
    );
    Ok(Data::new(split, None, None))
}

/// One series, split in time: windows of its first four fifths to learn from, windows of the rest to be examined on.
/// None lies across the border, so no digit of the test set is in training.
fn windows(place: &str, records: Vec<Record>, size: usize) -> Result<Data> {
    if !is_series(&records) {
        let found = format!("{} lines, not all of one digit", records.len());
        let expected = "for --window one series: all of it on one line, or a digit on each line";
        bail!(problem(place, &found, expected, "join the lines, or leave --window out"));
    }
    let series: Vec<u8> = records.into_iter().flat_map(|record| record.digits).collect();
    let (past, future) = series.split_at(series.len() - series.len().div_ceil(5));
    if future.len() < size || past.len() < size {
        let expected =
            format!("at least {}, for a window of {size} in their last fifth", 5 * size - 4);
        let found = format!("{} digits", series.len());
        bail!(problem(place, &found, &expected, "add digits, or make --window smaller"));
    }
    // Each window is held several times while it is prepared.
    let bytes = series.len() as f64 * (3 * size + 100) as f64;
    if bytes > MOST_MEMORY * f64::from(1 << 30) {
        let found = format!("windows that need about {:.0} GiB", bytes / f64::from(1 << 30));
        let expected = format!("at most {MOST_MEMORY:.0}");
        bail!(problem(place, &found, &expected, "use a part of the series, or a smaller --window"));
    }
    let cut = |part: &[u8]| -> Vec<Sequence> {
        let sequence = |digits: &[u8]| {
            let (next, context) = digits.split_last().expect("windows of two digits or more");
            Sequence { context: context.to_vec(), next: *next }
        };
        part.windows(size).map(sequence).collect()
    };
    Ok(Data::new(Split { training: cut(past), unseen: cut(future) }, None, Some(size)))
}

/// Keeps about a fifth for the test set. Sequences with the same context stay together: what is examined was
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
