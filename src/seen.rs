//! What a reader has seen before of the code that a page prints: the very same lines, or an earlier
//! version of the same item, and then which lines are new.
//!
//! Chapters import what they don't change, so most of what comes again is unchanged. A chapter that
//! rewrites an item beyond recognition shows something new, and nothing is marked.

use std::collections::BTreeMap;
use std::path::Path;

use crate::excerpt::excerpt;
use crate::listing::item_name;
use crate::page::{Item, Page};
use crate::project::{Listing, Project};

/// Two versions share at least this part of their lines; below it the item is another one.
const ALIKE: f64 = 0.5;

/// Every excerpt that the pages print, in reading order.
#[derive(Clone, Debug, Default)]
pub struct Seen(Vec<Printing>);

/// An excerpt on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printing {
    /// The page's name: `ch05-forget-gate.md`.
    pub page: String,
    /// The page's chapter.
    pub chapter: u32,
    /// Its fragment there: `ch05-keep`.
    pub id: String,
    at: usize,
    name: String,
    text: String,
}

/// What an excerpt has to do with one that came before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Since<'a> {
    /// The same lines.
    Unchanged(&'a Printing),
    /// An earlier version, and for each line of the new one whether it is new.
    Changed(&'a Printing, Vec<bool>),
}

impl Seen {
    /// Finds all excerpts of the listings' sources. What cannot be read is left out: typesetting the
    /// page will complain.
    pub fn read(project: &Project, pages: &[Page], listings: &BTreeMap<String, Listing>) -> Seen {
        let mut seen = Vec::new();
        for page in pages {
            let Some(chapter) = page.number() else { continue };
            for (range, item) in page.items() {
                let Item::Fence { body, .. } = item else { continue };
                let Some((path, anchor)) = crate::typeset::include(&body) else { continue };
                let Some(file) = path.strip_prefix("../../").map(Path::new) else { continue };
                let listing = listings.values().find(|l| l.holds_source(file));
                let (Some(listing), Ok(text)) = (listing, project.read(file)) else { continue };
                let Ok(excerpt) = excerpt(&text, anchor) else { continue };
                seen.push(Printing {
                    page: page.name(),
                    chapter,
                    id: format!("{}-{anchor}", listing.package),
                    at: range.start,
                    name: item_name(&text, excerpt.line, excerpt.text.lines().count()),
                    text: excerpt.text,
                });
            }
        }
        Seen(seen)
    }

    /// What readers have seen on earlier pages of the excerpt that stands at `at` of `page`.
    pub fn before(&self, page: &str, at: usize) -> Option<Since<'_>> {
        let here = self.0.iter().position(|it| it.page == page && it.at == at)?;
        let (this, earlier) = (&self.0[here], &self.0[..here]);
        let others = || earlier.iter().filter(|it| it.page != page);
        if let Some(same) = others().find(|it| it.id == this.id) {
            return Some(Since::Unchanged(same));
        }
        let version = others().rfind(|it| !it.name.is_empty() && it.name == this.name)?;
        let new = new_lines(&version.text, &this.text)?;
        Some(Since::Changed(version, new))
    }
}

/// For each line of `now` whether it is new: not in the longest run of lines, in order, that both
/// versions share. None if they share too little, or nothing is new.
fn new_lines(before: &str, now: &str) -> Option<Vec<bool>> {
    let old: Vec<&str> = before.lines().map(str::trim_end).collect();
    let new: Vec<&str> = now.lines().map(str::trim_end).collect();
    // shared[i][j]: how many lines old[i..] and new[j..] share.
    let mut shared = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            shared[i][j] = match old[i] == new[j] {
                true => 1 + shared[i + 1][j + 1],
                false => shared[i + 1][j].max(shared[i][j + 1]),
            };
        }
    }
    let mut marks = vec![true; new.len()];
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            marks[j] = false;
            (i, j) = (i + 1, j + 1);
        } else if shared[i + 1][j] >= shared[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    let alike = 2.0 * f64::from(shared[0][0]) >= ALIKE * (old.len() + new.len()) as f64;
    (alike && marks.contains(&true)).then_some(marks)
}

/// The marked lines as readers count them: `2, 4–6`.
pub fn lines(marks: &[bool]) -> String {
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
