//! The listings in full: one page of the site for each chapter's crate, every line with a place of its
//! own, and the names and places that the captions of excerpts lead to.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::problem::Problems;
use crate::project::{Listing, Project, unreadable};
use crate::words::Words;

/// The page that lists the others, in mdBook's terms.
pub const INDEX: &str = "listings.md";

/// A page that the press writes by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its title.
    pub title: String,
    /// Where it stands, as if under `book/src`: `listings/ch05-forget-gate.md`.
    pub file: PathBuf,
    /// Its Markdown.
    pub content: String,
}

/// The test of all equations of a chapter, from the root: `equations/tests/bindings/ch05.rs`.
pub fn equations_test(number: u32) -> PathBuf {
    PathBuf::from(format!("equations/tests/bindings/ch{number:02}.rs"))
}

/// Where a line of a listing's file stands on the site, seen from the pages of `book/src`:
/// `listings/ch05-forget-gate.html#ch05-lib-26`. None for an exercise or a solution: no page gives
/// those away.
pub fn place(listing: &Listing, file: &Path, line: usize) -> Option<String> {
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
    let mut found = Vec::new();
    for folder in ["src", "tests"] {
        collect(project, &listing.folder.join(folder), &mut found);
    }
    for tool in &listing.tools {
        collect(project, &tool.join("src"), &mut found);
    }
    let equations = equations_test(listing.number);
    if project.root.join(&equations).is_file() {
        found.push(equations);
    }
    let rank = |file: &PathBuf| {
        let inside = file.strip_prefix(&listing.folder).ok();
        match inside.map(|path| path.to_string_lossy().replace('\\', "/")).as_deref() {
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

fn collect(project: &Project, folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(project.root.join(folder)).into_iter().flatten();
    for entry in entries.filter_map(Result::ok) {
        let file = folder.join(entry.file_name());
        if entry.path().is_dir() {
            collect(project, &file, found);
        } else if file.extension().is_some_and(|extension| extension == "rs") {
            found.push(file);
        }
    }
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
    let shown = file.display().to_string().replace('\\', "/");
    let heading = shown
        .strip_prefix(&format!("{}/", listing.folder.display().to_string().replace('\\', "/")))
        .unwrap_or(&shown);
    let stem = stem(listing, file).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let _ = writeln!(content, "## `{heading}` {{#{stem}}}\n");
    content.push_str("<div class=\"numbered\"><pre class=\"lines\" aria-hidden=\"true\"><samp>");
    for line in 1..=lines.len() {
        let _ = writeln!(content, "<span id=\"{stem}-{line}\">{line}</span>");
    }
    let code = fenced("rust", text.trim_end());
    let _ = write!(content, "</samp></pre>\n\n{code}\n\n</div>\n\n");
}

/// A fenced block whose fence is longer than any run of backticks in it.
pub(crate) fn fenced(language: &str, code: &str) -> String {
    let mut fence = "```".to_owned();
    while code.contains(&fence) {
        fence.push('`');
    }
    format!("{fence}{language}\n{code}\n{fence}")
}

/// The command that runs what a file holds: the chapter's program, an example, or the tests.
pub fn command(listing: &Listing, file: &Path) -> String {
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

/// What the excerpt from `line` (from 1) on, `lines` long, is about: the first item in it, as readers
/// call it (`Gate`, `Gate::forward`, `keep`); or, if it holds none, the function that it lies in.
pub fn item_name(listing: &str, line: usize, lines: usize) -> String {
    let all: Vec<&str> = listing.lines().collect();
    let start = (line - 1).min(all.len());
    let inside = (start..all.len()).take(lines).find(|&at| item(all[at]).is_some());
    let around = || (0..start).rev().find(|&at| function(all[at]).is_some());
    inside.or_else(around).map_or_else(String::new, |at| qualified(&all, at))
}

/// The first function of the excerpt that starts on `line`: `Gate::forward`, or `keep`.
pub fn function_name(listing: &str, line: usize) -> String {
    let all: Vec<&str> = listing.lines().collect();
    let found = (line - 1..all.len()).find(|&at| function(all[at]).is_some());
    found.map_or_else(String::new, |at| qualified(&all, at))
}

/// The item that is declared at a line, a method with its type before it.
fn qualified(all: &[&str], at: usize) -> String {
    let name = item(all[at]).unwrap_or_default();
    let is_method = all[at].starts_with(' ') && function(all[at]).is_some();
    match all[..at].iter().rev().find_map(|text| implementation(text)) {
        Some(owner) if is_method => format!("{owner}::{name}"),
        _ => name,
    }
}

/// The name that a line declares after one of `keywords`.
fn declared(text: &str, keywords: &[&str]) -> Option<String> {
    let text = text.trim_start();
    let text = text.strip_prefix("pub(crate) ").or(text.strip_prefix("pub ")).unwrap_or(text);
    let rest = keywords.iter().find_map(|keyword| text.strip_prefix(keyword))?;
    let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

fn function(text: &str) -> Option<String> {
    declared(text, &["fn ", "const fn "])
}

fn item(text: &str) -> Option<String> {
    let keywords = ["struct ", "enum ", "trait ", "type ", "const ", "static "];
    function(text).or_else(|| implementation(text)).or_else(|| declared(text, &keywords))
}

/// `Gate` in `impl Gate {`, `impl<T> Gate<T> {` and `impl Parameters for Gate {`.
fn implementation(text: &str) -> Option<String> {
    let rest = text.strip_prefix("impl")?;
    let rest = match rest.strip_prefix('<') {
        Some(generic) => generic.split_once("> ")?.1,
        None => rest.strip_prefix(' ')?,
    };
    let owner = rest.split_once(" for ").map_or(rest, |(_, owner)| owner);
    Some(owner.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_called_what_a_reader_calls_it() {
        let listing = "/// A gate.\npub struct Gate<T> {\n    a: T,\n}\nimpl<T> Gate<T> {\n    pub fn forward(&self) {\n        \
                       let x = 1;\n    }\n}\nimpl fmt::Display for Gate {\n    fn fmt(&self) {}\n}\n\
                       pub const fn keep() {}\npub const FIVE: usize = 5;\n";
        let name = |line, lines| item_name(listing, line, lines);
        assert_eq!(name(1, 4), "Gate");
        assert_eq!(name(5, 3), "Gate");
        assert_eq!(name(6, 3), "Gate::forward");
        assert_eq!(name(7, 1), "Gate::forward");
        assert_eq!(name(11, 1), "Gate::fmt");
        assert_eq!(name(13, 1), "keep");
        assert_eq!(name(14, 1), "FIVE");
        assert_eq!(item_name("use a;\n", 1, 1), "");
        assert_eq!(function_name(listing, 1), "Gate::forward");
    }
}
