//! The appendix that lists what the book claims, and where it was checked.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::predicate::{Predicate, Reference};
use super::rule::{Conclusions, short};
use crate::mathml::escaped;
use crate::page::{Page, Shown};
use crate::problem::Problems;
use crate::project::{Listing, Project, unreadable};
use crate::words::Words;
use crate::written::{Written, fenced};

/// Where the page stands, as if under `book/src`.
pub const FILE: &str = "claims.md";

/// What the appendix is made from.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// Where the scripts of findings are.
    pub project: &'a Project,
    /// The chapters' crates.
    pub listings: &'a BTreeMap<String, Listing>,
    /// The words of the book's language.
    pub words: &'a Words,
}

/// Writes the page, unless no page of the book claims anything.
///
/// # Errors
/// If a finding's script cannot be read.
pub fn appendix(
    sources: &Sources<'_>,
    pages: &[(&Page, Conclusions)],
) -> Result<Option<Written>, Problems> {
    let mut total = (0, 0, BTreeSet::new());
    for (_, found) in pages {
        total.0 += found.claims.iter().map(|claim| claim.predicates.len()).sum::<usize>();
        total.1 += found.excused.len();
        total.2.extend(found.findings.iter().map(|finding| finding.name.as_str()));
    }
    let (claims, excused, scripts) = total;
    if claims + excused + scripts.len() == 0 {
        return Ok(None);
    }
    let words = sources.words;
    let mut content = format!("# {}\n\n{}\n\n", words.claims, words.about_claims);
    let counts = words.claims_counted;
    let counted = [claims, excused, scripts.len()];
    for (count, said) in counted.iter().zip(counts).filter(|(count, _)| **count > 0) {
        let _ = writeln!(content, "- {count} {said}");
    }
    content.push('\n');
    let shown = shown(sources.listings, pages);
    for (page, found) in pages {
        chapter(&mut content, sources, &shown, page, found);
    }
    findings(&mut content, sources, pages, &scripts)?;
    content += &words.for_scripts();
    Ok(Some(Written { title: words.claims.to_owned(), file: FILE.into(), content }))
}

/// Where readers see a section of an output: the page and the fragment.
type Places = BTreeMap<(PathBuf, String), String>;

fn shown(listings: &BTreeMap<String, Listing>, pages: &[(&Page, Conclusions)]) -> Places {
    let mut places = Places::new();
    for (page, found) in pages {
        for Shown { path, section } in &found.shown {
            let Some(file) = path.strip_prefix("../../").map(PathBuf::from) else { continue };
            let outputs = listings.values().flat_map(|listing| {
                listing.outputs().map(move |output| (&listing.package, output))
            });
            for (package, output) in outputs.filter(|(_, output)| output.file == file) {
                let to = format!("{}#{package}-{}-{section}", html_file(page), output.name());
                places.entry((file.clone(), section.clone())).or_insert(to);
            }
        }
    }
    places
}

fn html_file(page: &Page) -> String {
    page.name().replace(".md", ".html")
}

/// A page's title, without what only mdBook reads.
fn title(page: &Page) -> String {
    let line = page.source().lines().find_map(|line| line.strip_prefix("# "));
    let line = line.unwrap_or_default();
    line.split(" {#").next().unwrap_or_default().trim().to_owned()
}

fn chapter(
    content: &mut String,
    sources: &Sources<'_>,
    shown: &Places,
    page: &Page,
    found: &Conclusions,
) {
    if found.claims.is_empty() && found.excused.is_empty() {
        return;
    }
    let (words, file) = (sources.words, html_file(page));
    let number = page.number().map(|number| format!("{number}. ")).unwrap_or_default();
    let short = short(page);
    let _ = writeln!(content, "## {number}{} {{#claims-{short}}}\n", title(page));
    if !found.claims.is_empty() {
        content.push_str("<ol class=\"claims\">\n");
        for (at, claim) in found.claims.iter().enumerate() {
            let at = at + 1;
            let checked: String =
                claim.predicates.iter().map(|it| checked(it, sources, shown)).collect();
            let _ = writeln!(
                content,
                "<li id=\"claim-{short}-{at}\"><p>{} <a href=\"{file}#said-{short}-{at}\">{short}.{at}</a></p>{checked}</li>",
                claim.sentence.html()
            );
        }
        content.push_str("</ol>\n\n");
    }
    if !found.excused.is_empty() {
        let _ = writeln!(
            content,
            "<details class=\"claims\"><summary>{} {}</summary><ul>",
            found.excused.len(),
            words.claims_counted[1]
        );
        for excused in &found.excused {
            let _ = writeln!(
                content,
                "<li><p>{}</p><p>{}</p></li>",
                excused.sentence.html(),
                escaped(&excused.reason)
            );
        }
        content.push_str("</ul></details>\n\n");
    }
}

/// A predicate, and the commands that printed what it is about. Each leads to where readers see some of that.
fn checked(predicate: &Predicate, sources: &Sources<'_>, shown: &Places) -> String {
    let mut places: Vec<(&str, Option<&String>)> = Vec::new();
    for reference in &predicate.references {
        let place = place(reference, sources, shown);
        match places.iter_mut().find(|(command, _)| *command == reference.command) {
            Some((_, known)) => *known = known.or(place),
            None => places.push((&reference.command, place)),
        }
    }
    let from = places.into_iter().map(|(command, place)| {
        let command = format!("<code>{}</code>", escaped(command));
        place.map(|place| format!("<a href=\"{place}\">{command}</a>")).unwrap_or(command)
    });
    let from = from.collect::<Vec<_>>().join(", ");
    format!("<p><code>{}</code> {from}</p>", escaped(&predicate.text))
}

/// Where readers see the section that a reference's first number stands in.
fn place<'a>(
    reference: &Reference,
    sources: &Sources<'_>,
    shown: &'a Places,
) -> Option<&'a String> {
    let output = super::predicate::output(&reference.source, sources.listings).ok()?;
    let section = output.numbers.get(&reference.cells.first()?.label)?.section.clone()?;
    shown.get(&(reference.file.clone(), section))
}

/// The scripts about other people's software, each with what is said on its strength.
fn findings(
    content: &mut String,
    sources: &Sources<'_>,
    pages: &[(&Page, Conclusions)],
    scripts: &BTreeSet<&str>,
) -> Result<(), Problems> {
    if scripts.is_empty() {
        return Ok(());
    }
    let words = sources.words;
    let _ = writeln!(content, "## {}\n\n{}\n", words.findings, words.about_findings);
    for name in scripts {
        let file = Path::new("findings").join(format!("{name}.sh"));
        let script = sources.project.read(&file).map_err(|error| unreadable(&file, &error))?;
        let _ = writeln!(content, "### `findings/{name}.sh` {{#finding-{name}}}\n");
        for (page, found) in pages {
            for finding in found.findings.iter().filter(|finding| finding.name == **name) {
                let said = finding.sentence.html();
                let _ = writeln!(
                    content,
                    "<p>{said} <a href=\"{}\">{}</a></p>\n",
                    html_file(page),
                    title(page)
                );
            }
        }
        let _ = writeln!(content, "{}\n", fenced("bash", script.trim_end()));
    }
    Ok(())
}
