//! What `cargo run -- claims` says: which sentences want a claim, which numbers it could be about, and what is
//! claimed already.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::predicate::output;
use super::rule::{Claim, Conclusions, Excused, Unclaimed, conclusions, short};
use crate::page::{Page, Sentence, Shown};
use crate::project::{Listing, Output, Project};
use crate::words::Words;

/// The report of all pages, or of those that `wanted` names: `14`, `ch14`, or the page's file.
pub fn report(
    project: &Project,
    listings: &BTreeMap<String, Listing>,
    pages: &[Page],
    wanted: Option<&str>,
    words: &Words,
) -> Option<String> {
    let chosen: Vec<&Page> = pages.iter().filter(|page| is(page, wanted)).collect();
    if chosen.is_empty() {
        return None;
    }
    let mut text = String::new();
    for page in chosen {
        let found = conclusions(project, listings, page, words);
        match wanted {
            Some(_) => in_full(&mut text, listings, page, &found),
            None => {
                let _ = writeln!(text, "{:<44} {}", page.name(), counts(&found));
            }
        }
    }
    Some(text)
}

fn is(page: &Page, wanted: Option<&str>) -> bool {
    let Some(wanted) = wanted else { return true };
    let name = page.name();
    let chapter = wanted.trim_start_matches("ch").trim_start_matches('0');
    wanted.ends_with(&name) || name == format!("{wanted}.md") || short(page) == chapter
}

fn counts(found: &Conclusions) -> String {
    let claims: usize = found.claims.iter().map(|claim| claim.predicates.len()).sum();
    format!(
        "{claims:>4} hold {:>4} refused {:>4} with a reason {:>4} findings {:>4} want a claim",
        found.problems.len(),
        found.excused.len(),
        found.findings.len(),
        found.unclaimed.len()
    )
}

/// A page's report as it is written, and the outputs whose labels belong under it.
struct Report<'a> {
    text: &'a mut String,
    page: &'a Page,
    sources: BTreeSet<String>,
}

fn in_full(
    text: &mut String,
    listings: &BTreeMap<String, Listing>,
    page: &Page,
    found: &Conclusions,
) {
    let _ = writeln!(text, "{}: {}\n", page.name(), counts(found));
    let mut report = Report { text, page, sources: BTreeSet::new() };
    found.claims.iter().for_each(|claim| report.claim(claim));
    found.excused.iter().for_each(|excused| report.excused(excused));
    for problem in &found.problems {
        let _ = writeln!(report.text, "{problem}");
    }
    found.unclaimed.iter().for_each(|unclaimed| report.unclaimed(unclaimed));
    found.shown.iter().for_each(|shown| report.shown(shown, listings));
    for source in report.sources {
        if let Ok(output) = output(&source, listings) {
            let _ = writeln!(text, "\nlabels of {source}, {}", output.file.display());
            labels(text, output);
        }
    }
}

impl Report<'_> {
    /// A sentence under its place, behind what is so of it.
    fn sentence(&mut self, what: &str, sentence: &Sentence) {
        let file = self.page.file().display().to_string().replace('\\', "/");
        let line = self.page.line(sentence.start);
        let _ = writeln!(self.text, "{file}:{line}\n  {what:<9} {}", sentence.text());
    }

    fn claim(&mut self, claim: &Claim) {
        self.sentence("holds", &claim.sentence);
        for predicate in &claim.predicates {
            let _ = writeln!(self.text, "  claim     {}", predicate.text);
            for reference in &predicate.references {
                let _ = writeln!(self.text, "            {}", reference.found());
                self.sources.insert(reference.source.clone());
            }
        }
    }

    fn excused(&mut self, excused: &Excused) {
        self.sentence("no claim", &excused.sentence);
        let _ = writeln!(self.text, "  reason    {}", excused.reason);
    }

    fn unclaimed(&mut self, unclaimed: &Unclaimed) {
        let sentence = &unclaimed.sentence;
        self.sentence("wants", sentence);
        let _ = writeln!(self.text, "  says      {}", unclaimed.words.join(", "));
        for quoted in &sentence.quoted {
            let _ = writeln!(self.text, "  quotes    {} <!--{}-->", quoted.literal, quoted.tag);
            let source = quoted.tag.split_once(':').map(|(source, _)| source.to_owned());
            self.sources.extend(source);
        }
        for shown in &sentence.beside {
            let _ = writeln!(self.text, "  beside    {}:{}", shown.path, shown.section);
        }
    }

    fn shown(&mut self, shown: &Shown, listings: &BTreeMap<String, Listing>) {
        let printed = listings.values().flat_map(|listing| {
            let main = std::iter::once((listing.package.clone(), &listing.output));
            let kept = listing.runs.iter().chain(&listing.records);
            main.chain(kept.map(|(name, output)| (format!("{}/{name}", listing.package), output)))
        });
        let file = shown.path.trim_start_matches("../");
        let named = printed.filter(|(_, output)| output.file.ends_with(file));
        self.sources.extend(named.map(|(source, _)| source));
    }
}

/// The labels of an output in the order in which they were printed, those of a table's row on one line.
fn labels(text: &mut String, output: &Output) {
    let mut all: Vec<_> = output.numbers.iter().collect();
    all.sort_by_key(|(_, printed)| printed.place);
    let (mut section, mut at) = (None, 0);
    while let Some((label, printed)) = all.get(at) {
        if printed.section != section {
            section.clone_from(&printed.section);
            let _ = writeln!(text, "  # {}", section.as_deref().unwrap_or_default());
        }
        let of_line = all[at..].iter().take_while(|(_, other)| other.line == printed.line).count();
        let names: Vec<&str> =
            all[at..at + of_line].iter().map(|(name, _)| name.as_str()).collect();
        match common_row(&names) {
            Some(row) => {
                let columns: Vec<&str> = names.iter().map(|name| &name[row.len()..]).collect();
                let _ = writeln!(text, "  {row}{{{}}}", columns.join(" "));
            }
            None => {
                let _ = writeln!(text, "  {label} = {}", printed.text);
            }
        }
        at += of_line;
    }
}

/// The row's name, with its dot, if all of these are of one row of a table.
fn common_row<'a>(names: &[&'a str]) -> Option<&'a str> {
    let first = names.first()?;
    let mut rows = first.match_indices('.').map(|(at, _)| &first[..=at]).rev();
    rows.find(|row| names.len() > 1 && names.iter().all(|name| name.starts_with(row)))
}
