//! The listings in full: one page of the site for each chapter's crate, every line with a place of its
//! own, and the names and places that the captions of excerpts lead to.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::code::block;
use crate::problem::Problems;
use crate::project::{Listing, Project, shown, unreadable};
use crate::words::Words;
use crate::written::Written;

/// The page that lists the others, in mdBook's terms.
const INDEX: &str = "listings.md";

/// The test of all equations of a chapter, from the root: `equations/tests/bindings/ch05.rs`.
pub(super) fn equations_test(number: u32) -> PathBuf {
    PathBuf::from(format!("equations/tests/bindings/ch{number:02}.rs"))
}

/// Where a line of a listing's file stands on the site, seen from the pages of `book/src`:
/// `listings/ch05-forget-gate.html#ch05-lib-26`. None for an exercise or a solution: no page gives
/// those away.
pub(super) fn place(listing: &Listing, file: &Path, line: usize) -> Option<String> {
    let name = listing.folder.file_name()?.to_string_lossy();
    Some(format!("listings/{name}.html#{}-{line}", stem(listing, file)?))
}

/// What the ids of a file's lines start with: `ch05-lib`, `ch05-tests-gradients`, `ch05-equations`.
fn stem(listing: &Listing, file: &Path) -> Option<String> {
    let package = &listing.package;
    if file == equations_test(listing.number) {
        return Some(format!("{package}-equations"));
    }
    if let Some(tool) = listing.tools.iter().find(|tool| file.starts_with(tool.join("src"))) {
        let inside = file.strip_prefix(tool.join("src")).ok()?.with_extension("");
        let parts: Vec<_> = tool.iter().chain(&inside).map(|part| part.to_string_lossy()).collect();
        return Some(format!("{package}-{}", parts.join("-")));
    }
    let inside = file.strip_prefix(&listing.folder).ok()?.with_extension("");
    let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
    match parts.as_slice() {
        [folder, rest @ ..] if folder == "src" => Some(format!("{package}-{}", rest.join("-"))),
        [folder, ..] if folder == "tests" => Some(format!("{package}-{}", parts.join("-"))),
        _ => None,
    }
}

/// The files that a listing's page shows, relative to the root: the library first, then the program,
/// then what tests them, then the tools that they are built with.
fn files(project: &Project, listing: &Listing) -> Vec<PathBuf> {
    let own = ["src", "tests"].map(|folder| listing.folder.join(folder));
    let tools = listing.tools.iter().map(|tool| tool.join("src"));
    let folders = own.into_iter().chain(tools);
    let mut found: Vec<PathBuf> = folders.flat_map(|folder| project.sources(&folder)).collect();
    let equations = equations_test(listing.number);
    if project.root.join(&equations).is_file() {
        found.push(equations);
    }
    let rank = |file: &PathBuf| {
        let inside = file.strip_prefix(&listing.folder).ok();
        match inside.map(shown).as_deref() {
            Some("src/lib.rs") => 0,
            Some("src/main.rs") => 2,
            Some(other) if other.starts_with("src/") => 1,
            Some(_) => 3,
            None => 4,
        }
    };
    found.sort_by_key(|file| (rank(file), file.clone()));
    found
}

/// The page that lists all listings, and one page for each.
///
/// # Errors
/// If a file cannot be read.
pub fn written(
    project: &Project,
    listings: &BTreeMap<String, Listing>,
    words: &Words,
) -> Result<Vec<Written>, Problems> {
    let mut problems = Problems::default();
    let mut index = format!("# {}\n\n{}\n\n", words.listings, words.about_listings);
    let mut pages = Vec::new();
    for listing in listings.values() {
        let name = listing.folder.file_name().unwrap_or_default().to_string_lossy();
        let title = format!("{} {}", words.listing_of_chapter, listing.number);
        let _ = writeln!(index, "- [{title}](listings/{name}.md): `listings/{name}`");
        let mut content = format!("# {title}\n\n");
        let _ = writeln!(content, "```console\n$ {}\n```\n", listing.output.command);
        for file in files(project, listing) {
            match project.read(&file) {
                Ok(text) => show(&mut content, listing, &file, &text),
                Err(error) => problems.0.push(unreadable(&file, &error)),
            }
        }
        content += &words.for_scripts();
        let file = Path::new("listings").join(format!("{name}.md"));
        pages.push(Written { title, file, content });
    }
    let index = Written { title: words.listings.to_owned(), file: INDEX.into(), content: index };
    pages.insert(0, index);
    problems.into_result(pages)
}

/// A file under its name, its lines numbered. The numbers stand beside the code, not in it, so that
/// what is copied is code.
fn show(content: &mut String, listing: &Listing, file: &Path, text: &str) {
    let shown = self::shown(file);
    let heading =
        shown.strip_prefix(&format!("{}/", self::shown(&listing.folder))).unwrap_or(&shown);
    let stem = stem(listing, file).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let _ = writeln!(content, "## `{heading}` {{#{stem}}}\n");
    content.push_str("<div class=\"numbered\"><pre class=\"lines\" aria-hidden=\"true\"><samp>");
    for line in 1..=lines.len() {
        let _ = writeln!(content, "<span id=\"{stem}-{line}\">{line}</span>");
    }
    let code = block(text);
    let _ = write!(content, "</samp></pre>\n\n{code}\n\n</div>\n\n");
}

/// The command that runs what a file holds: the chapter's program, an example, or the tests.
pub(super) fn command(listing: &Listing, file: &Path) -> String {
    let package = &listing.package;
    let inside = file.strip_prefix(&listing.folder).unwrap_or(file);
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    if inside.starts_with("examples") {
        format!("cargo run -p {package} --example {name}")
    } else if inside.starts_with("tests") {
        format!("cargo test -p {package}")
    } else {
        listing.output.command.clone()
    }
}
