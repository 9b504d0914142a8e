//! The pages of the book, each parsed once: what stands in its Markdown, and where, typed.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use pulldown_cmark::{Event, Parser, Tag as Markdown};

use crate::problem::{Problem, Problems, line_of};
use crate::project::{Project, chapter_of, unreadable};

mod fence;
mod item;
mod prose;
mod read;
mod refusal;
mod tag;

pub use fence::{Fence, Include};
pub use item::Item;
pub use prose::{Note, Prose, Quoted, Sentence, Shown};
pub(crate) use read::OPTIONS;
pub use refusal::Refusal;
pub use tag::Tag;

/// Where the pages lie, relative to the project's root.
pub const SOURCES: &str = "book/src";

/// The page whose table defines every symbol.
pub(crate) const NOTATION: &str = "book/src/notation.md";

/// What mdBook shows where there is no page; not a page of the book.
const NOT_FOUND: &str = "404.md";

/// One Markdown file of the book.
#[derive(Clone, Debug)]
pub struct Page {
    file: PathBuf,
    source: String,
    items: Vec<(Range<usize>, Item)>,
    prose: Prose,
}

impl Page {
    /// Parses the Markdown of a file, which is named relative to the project's root:
    /// `book/src/ch05-forget-gate.md`.
    pub fn new(file: impl Into<PathBuf>, source: String) -> Page {
        let (items, prose) = read::read(&source);
        Page { file: file.into(), source, items, prose }
    }

    /// Its file, relative to the project's root.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Its Markdown.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Everything of interest on the page, in reading order, with its place in the source.
    pub fn items(&self) -> impl Iterator<Item = (Range<usize>, &Item)> {
        self.items.iter().map(|(range, item)| (range.clone(), item))
    }

    /// Its sentences.
    pub fn prose(&self) -> &Prose {
        &self.prose
    }

    /// The file's name, which links use: `ch05-forget-gate.md`.
    pub fn name(&self) -> String {
        self.file.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// The chapter's number, from the file's name; none where the page is no chapter.
    pub(crate) fn number(&self) -> Option<u32> {
        chapter_of(&self.file)
    }

    /// The line, from 1, of a byte of the source.
    pub fn line(&self, offset: usize) -> usize {
        line_of(&self.source, offset)
    }

    /// A [`Problem`] at a byte of the source.
    pub(crate) fn problem(&self, at: usize, refusal: Refusal) -> Problem {
        let Refusal { found, expected, todo } = refusal;
        Problem::new(&self.file, self.line(at), found, expected, todo)
    }
}

/// The pages that `SUMMARY.md` lists, read from disk, in order.
///
/// # Errors
/// If a listed page is missing, or a page in the folder is not listed.
pub fn pages(project: &Project) -> Result<Vec<Page>, Problems> {
    let sources = Path::new(SOURCES);
    let summary = sources.join("SUMMARY.md");
    let text = project.read(&summary).map_err(|error| unreadable(&summary, &error))?;
    let mut problems = Problems::default();
    let mut pages = Vec::new();
    for (event, range) in Parser::new(&text).into_offset_iter() {
        let Event::Start(Markdown::Link { dest_url, .. }) = event else { continue };
        if dest_url.is_empty() {
            continue; // A chapter that is planned.
        }
        let file = sources.join(dest_url.as_ref());
        match project.read(&file) {
            Ok(source) => pages.push(Page::new(file, source)),
            Err(error) => problems.0.push(Problem::new(
                &summary,
                line_of(&text, range.start),
                format!("{error:#}"),
                "a page that exists",
                "write the page, or make it a planned chapter: `[Title]()`",
            )),
        }
    }
    let folder = fs::read_dir(project.root.join(sources)).into_iter().flatten();
    for name in folder.filter_map(|entry| Some(entry.ok()?.file_name())) {
        let file = sources.join(&name);
        let listed =
            file == summary || name == NOT_FOUND || pages.iter().any(|page| page.file == file);
        if file.extension().is_some_and(|extension| extension == "md") && !listed {
            problems.0.push(Problem::new(
                &file,
                0,
                "a page that SUMMARY.md does not list",
                "every page in the table of contents",
                "add it to book/src/SUMMARY.md, or delete it",
            ));
        }
    }
    problems.into_result(pages)
}
