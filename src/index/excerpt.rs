//! Excerpts: the part of a listing between `ANCHOR: name` and `ANCHOR_END: name`.

use super::item::{function_name, item_name};

/// The lines of a listing that the book prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Excerpt {
    /// The lines, without the indentation that all of them share.
    pub text: String,
    /// The line of the listing, from 1, that the excerpt starts on.
    pub line: usize,
    /// What it is about, as readers call it: `Gate::forward`. Empty where it is no item.
    pub item: String,
    /// The function that computes what it is about.
    pub function: String,
}

/// Why an excerpt cannot be taken: the line of the listing (0: the whole file), what was found
/// there, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AnchorError {
    /// The line of the listing, from 1; 0 for the whole file.
    pub line: usize,
    /// What stands there.
    pub found: String,
    /// What should stand there.
    pub expected: String,
}

/// The name on an anchor line such as `// ANCHOR: forward`, after the given keyword.
fn anchor<'a>(line: &'a str, keyword: &str) -> Option<&'a str> {
    let comment = line.trim_start();
    let comment = comment.strip_prefix("//").or_else(|| comment.strip_prefix('#'))?;
    Some(comment.trim_start().strip_prefix(keyword)?.strip_prefix(':')?.trim())
}

fn opens(line: &str) -> Option<&str> {
    anchor(line, "ANCHOR")
}

fn closes(line: &str) -> Option<&str> {
    anchor(line, "ANCHOR_END")
}

impl Excerpt {
    /// Takes the excerpt `name` out of a listing.
    ///
    /// # Errors
    /// If the anchor is missing, opened or closed twice, left open, closed before it opens, or empty.
    pub(super) fn take(listing: &str, name: &str) -> Result<Excerpt, AnchorError> {
        let lines: Vec<&str> = listing.lines().collect();
        let (start, end) = anchors(&lines, name)?;
        let body: Vec<&str> = (lines[start + 1..end].iter().copied())
            .filter(|line| opens(line).is_none() && closes(line).is_none())
            .collect();
        if body.iter().all(|line| line.trim().is_empty()) {
            let found = format!("nothing between `ANCHOR: {name}` and its end");
            return fail(Some(start), &found, "at least one line of code");
        }
        let line = start + 2;
        Ok(Excerpt {
            text: dedent(&body),
            line,
            item: item_name(listing, line, end - start - 1),
            function: function_name(listing, line, end - start - 1),
        })
    }
}

/// The lines, from 0, of an excerpt's two anchors.
fn anchors(lines: &[&str], name: &str) -> Result<(usize, usize), AnchorError> {
    let places = |is: fn(&str) -> Option<&str>| -> Vec<usize> {
        (0..lines.len()).filter(|&at| is(lines[at]) == Some(name)).collect()
    };
    match (places(opens).as_slice(), places(closes).as_slice()) {
        ([], _) => {
            let known: Vec<&str> = lines.iter().filter_map(|line| opens(line)).collect();
            let found = format!("no `ANCHOR: {name}`; the anchors are: {}", known.join(", "));
            fail(None, &found, &format!("a line `// ANCHOR: {name}`"))
        }
        ([_, again, ..], _) => {
            let found = format!("a second `ANCHOR: {name}`");
            fail(Some(*again), &found, "each anchor once in a file")
        }
        ([start], []) => {
            let found = format!("`ANCHOR: {name}` is never closed");
            fail(Some(*start), &found, &format!("a line `// ANCHOR_END: {name}`"))
        }
        (_, [_, again, ..]) => {
            let found = format!("a second `ANCHOR_END: {name}`");
            fail(Some(*again), &found, "each anchor once in a file")
        }
        ([start], [end]) if end < start => {
            let found = format!("`ANCHOR_END: {name}` before `ANCHOR: {name}`");
            fail(Some(*end), &found, "the anchor opened before it is closed")
        }
        ([start], [end]) => Ok((*start, *end)),
    }
}

fn fail<T>(at: Option<usize>, found: &str, expected: &str) -> Result<T, AnchorError> {
    Err(AnchorError {
        line: at.map_or(0, |at| at + 1),
        found: found.to_owned(),
        expected: expected.to_owned(),
    })
}

/// Joins lines, less the indentation that all of them share.
fn dedent(lines: &[&str]) -> String {
    let indent = (lines.iter().filter(|line| !line.trim().is_empty()))
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    lines.iter().map(|line| line.get(indent..).unwrap_or("")).collect::<Vec<_>>().join("\n")
}
