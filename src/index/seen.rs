//! What a reader has seen before of the code that a page prints: the very same lines, or an earlier
//! version of the same item, and then which lines are new.
//!
//! Chapters import what they don't change, so most of what comes again is unchanged. A chapter that
//! rewrites an item beyond recognition shows something new, and nothing is marked.

use similar::{Algorithm, DiffOp, capture_diff_slices, get_diff_ratio};

use super::{Excerpt, Index, Printing};

/// Two versions share at least this part of their lines; below it the item is another one.
const ALIKE: f32 = 0.5;

/// What an excerpt has to do with one that came before it.
#[derive(Clone, Debug)]
pub(crate) enum Since<'a> {
    /// The same lines.
    Unchanged(&'a Printing),
    /// An earlier version, and for each line of the new one whether it is new.
    Changed(&'a Printing, Vec<bool>),
}

impl Index {
    /// What readers have seen on earlier pages of a listing's source that is printed now.
    pub(crate) fn before(&self, now: &Printing) -> Option<Since<'_>> {
        let now_printed = now.source()?;
        let earlier = || {
            let before = self.printings.iter().take_while(|it| it.page != now.page);
            before.filter_map(|it| Some((it, it.source()?)))
        };
        if let Some((same, _)) = earlier().find(|(it, _)| it.id() == now.id()) {
            return Some(Since::Unchanged(same));
        }
        let same_item = |then: &Excerpt| !then.item.is_empty() && then.item == now_printed.item;
        let (then, version) = earlier().filter(|(_, then)| same_item(then)).last()?;
        Some(Since::Changed(then, new_lines(&version.text, &now_printed.text)?))
    }
}

/// For each line of `now` whether it is new. None if the two share too little, or nothing is new.
fn new_lines(before: &str, now: &str) -> Option<Vec<bool>> {
    let lines = |text| -> Vec<&str> { str::lines(text).map(str::trim_end).collect() };
    let (old, new) = (lines(before), lines(now));
    let changes = capture_diff_slices(Algorithm::Myers, &old, &new);
    let mut marks = vec![true; new.len()];
    for change in &changes {
        if let DiffOp::Equal { new_index, len, .. } = *change {
            marks[new_index..new_index + len].fill(false);
        }
    }
    let alike = get_diff_ratio(&changes, old.len(), new.len()) >= ALIKE;
    (alike && marks.contains(&true)).then_some(marks)
}

/// The marked lines as readers count them: `2, 4–6`.
pub(crate) fn lines(marks: &[bool]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (line, _) in (1..).zip(marks).filter(|(_, new)| **new) {
        match runs.last_mut() {
            Some((_, end)) if *end + 1 == line => *end = line,
            _ => runs.push((line, line)),
        }
    }
    let written = runs.iter().map(|(start, end)| match start == end {
        true => start.to_string(),
        false => format!("{start}–{end}"),
    });
    written.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_lines_are_those_that_both_versions_do_not_share() {
        let before = "fn step() {\n    a\n    b\n    c\n}";
        let marks = |now| new_lines(before, now).map(|marks| lines(&marks));
        assert_eq!(
            marks("fn step() {\n    a\n    x\n    y\n    c\n    z\n}"),
            Some("3–4, 6".into())
        );
        assert_eq!(marks("fn step() {\n    a\n    c\n}"), None, "nothing is new");
        assert_eq!(marks("fn step() {\n    u\n    v\n    w\n    x\n}"), None, "another function");
        assert_eq!(marks(before), None);
    }
}
