//! Numbers in sentences: each is what its tag says that it is.

use std::ops::Range;

use super::draft::Draft;
use super::printed::number as shown_number;
use crate::mathml::escaped;
use crate::page::{Refusal, Tag};
use crate::project::{Listing, Output, last_place, parse_number, shown};

pub(super) fn set(draft: &mut Draft<'_>, range: Range<usize>, literal: &str, tag: &Tag) {
    let html = match tag {
        Tag::Constant => {
            draft.counts.cited += 1;
            Ok(literal.to_owned())
        }
        Tag::Cited { key } => cited(draft, literal, key),
        Tag::Printed { source, label } => printed(draft, literal, source, label),
    };
    match html {
        Ok(html) => draft.replace(range, html),
        Err(refusal) => draft.refuse(range.start, refusal),
    }
}

/// A number from a source that the page lists.
fn cited(draft: &mut Draft<'_>, literal: &str, key: &str) -> Result<String, Refusal> {
    if !draft.page.source().contains(&format!("id=\"{key}\"")) {
        return Err(Refusal::new(
            format!("{literal}<!--cite:{key}-->"),
            format!("a source on this page with id=\"{key}\""),
            "add the source to the page's list, or correct the key",
        ));
    }
    draft.counts.cited += 1;
    Ok(format!("<a class=\"cited\" href=\"#{key}\">{literal}</a>"))
}

/// A number that a program printed.
fn printed(
    draft: &mut Draft<'_>,
    literal: &str,
    source: &str,
    label: &str,
) -> Result<String, Refusal> {
    let tag = format!("<!--{source}:{label}-->");
    let (listing, output) = output(draft, source, &tag)?;
    let snapshot = shown(&output.file);
    let found = format!("{literal}{tag}");
    let Some(printed) = output.numbers.get(label) else {
        return Err(Refusal::new(
            found,
            format!("a label that {snapshot} prints"),
            "correct the tag, or let the program print the number and bless it",
        ));
    };
    let (Some(value), Some(claim)) = (parse_number(&printed.text), parse_number(literal)) else {
        return Err(Refusal::new(literal, "a number", "write a number before the tag"));
    };
    let place = last_place(literal);
    let vague = place < 0.999 * last_place(&printed.text);
    // Half a unit in the last place that the sentence writes, and a hair for the decimal's binary.
    if vague || (value - claim).abs() > 0.5 * place * (1.0 + 1e-9) {
        let expected =
            format!("{} as {snapshot}:{} prints it, rounded at will", printed.text, printed.line);
        let todo = match output.is_record() {
            true => "correct the sentence".to_owned(),
            false => format!(
                "correct the sentence; if the program changed, `cargo run -- bless {}`",
                listing.package
            ),
        };
        return Err(Refusal::new(found, expected, todo));
    }
    draft.counts.numbers += 1;
    let words = draft.words();
    let by = if output.is_record() { words.recorded_from } else { words.printed_by };
    let (command, label) = (escaped(&output.command), escaped(label));
    Ok(format!(
        "<data class=\"from-run\" value=\"{}\" title=\"{by} {command}: {label}\">{}</data>",
        printed.text,
        shown_number(literal)
    ))
}

/// The chapter and the snapshot, the run or the record that a tag names.
fn output<'a>(
    draft: &Draft<'a>,
    source: &str,
    tag: &str,
) -> Result<(&'a Listing, &'a Output), Refusal> {
    let listings = &draft.press.listings;
    let package = source.split('/').next().unwrap_or_default();
    let Some(listing) = listings.get(package) else {
        let known: Vec<&str> = listings.keys().map(String::as_str).collect();
        let expected = format!("a chapter with a listing: {}", known.join(", "));
        return Err(Refusal::new(tag, expected, "correct the tag"));
    };
    let output = listing.printed(source).ok_or_else(|| {
        let all = listing.runs.keys().chain(listing.records.keys());
        let all: Vec<&str> = all.map(String::as_str).collect();
        let expected = match all.as_slice() {
            [] => format!("a run or a record of {package}, which has none"),
            _ => format!("a run or a record of {package}; it has: {}", all.join(", ")),
        };
        let todo = "correct the tag, or write the record: `cargo run -- record --help`";
        Refusal::new(tag, expected, todo)
    })?;
    Ok((listing, output))
}
