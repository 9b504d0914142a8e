//! The press as a preprocessor of mdBook, ours or a stock one.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use mdbook_driver::book::{Book, Chapter};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext, parse_input};

use super::numbers::number;
use crate::index::Sought;
use crate::page::{Page, SOURCES, pages};
use crate::problem::Problems;
use crate::project::{Fingerprint, Project};
use crate::typeset::{Counts, Memory, Press, Written};

/// The whole book, checked and typeset.
#[derive(Clone, Debug)]
pub(super) struct Typeset {
    /// Each page's content, by its file.
    pub contents: BTreeMap<PathBuf, String>,
    /// What was checked.
    pub counts: Counts,
    /// What the search finds by its name.
    pub names: Vec<Sought>,
    claims: Option<Written>,
    listings: Vec<Written>,
}

impl Typeset {
    /// Typesets all pages, as far as they are not in `memory`; `files` is the state of what is no page.
    ///
    /// # Errors
    /// Every problem of the book.
    pub(super) fn new(
        project: &Project,
        pages: &[Page],
        memory: &mut Memory,
        files: &Fingerprint,
    ) -> Result<Typeset, Problems> {
        let press = Press::new(project, pages)?;
        let set = memory.typeset(&press, files, pages)?;
        let counts = set.iter().map(|page| page.counts).sum();
        let contents =
            set.iter().map(|it| (it.page.file().to_owned(), it.content.clone())).collect();
        let concluded: Vec<_> = set.into_iter().map(|it| (it.page, it.conclusions)).collect();
        let (claims, listings) = (press.claims_page(&concluded)?, memory.listings(&press)?);
        Ok(Typeset { contents, counts, names: press.sought(pages), claims, listings })
    }

    /// The same with nothing on any page but these: what stands beside a page, such as the links to the one before
    /// and the one after, is as in the whole book.
    pub(super) fn only(&self, changed: &[&PathBuf]) -> Typeset {
        let mut only = self.clone();
        let others = only.contents.iter_mut().filter(|(file, _)| !changed.contains(file));
        others.for_each(|(_, content)| content.clear());
        only.claims.iter_mut().chain(&mut only.listings).for_each(|page| page.content.clear());
        only
    }
}

/// The press as mdBook sees it.
#[derive(Debug, Default)]
pub(super) struct PressPreprocessor {
    /// The book, where it was typeset before mdBook was asked to render it.
    pub typeset: Option<Typeset>,
}

impl Preprocessor for PressPreprocessor {
    fn name(&self) -> &'static str {
        "press"
    }

    fn run(&self, context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let Typeset { mut contents, claims, listings, .. } = match &self.typeset {
            Some(typeset) => typeset.clone(),
            None => {
                let project = Project::find(&context.root)?;
                Typeset::new(
                    &project,
                    &pages(&project)?,
                    &mut Memory::default(),
                    &Fingerprint::new(),
                )?
            }
        };
        book.for_each_chapter_mut(|chapter: &mut Chapter| {
            let file = chapter.source_path.as_ref().map(|path| Path::new(SOURCES).join(path));
            if let Some(content) = file.and_then(|file| contents.remove(&file)) {
                chapter.content = content;
            }
        });
        ensure!(contents.is_empty(), "mdBook did not load {:?}", contents.keys());
        number(&mut book);
        if let Some(page) = claims {
            let chapter = Chapter::new(&page.title, page.content, page.file, Vec::new());
            book.items.push(chapter.into());
        }
        append(&mut book, listings);
        Ok(book)
    }

    fn supports_renderer(&self, renderer: &str) -> Result<bool> {
        Ok(renderer == "html")
    }
}

/// Puts the listings' pages after the last page, those of the chapters under the one that lists them.
fn append(book: &mut Book, listings: Vec<Written>) {
    let mut listings = listings.into_iter();
    let Some(index) = listings.next() else { return };
    let mut chapter = Chapter::new(&index.title, index.content, index.file, Vec::new());
    let parents = vec![index.title];
    chapter.sub_items = listings
        .map(|page| Chapter::new(&page.title, page.content, page.file, parents.clone()).into())
        .collect();
    book.items.push(chapter.into());
}

/// Speaks mdBook's preprocessor protocol: a book in JSON in, the same book typeset out.
///
/// # Errors
/// If the input is not a book, or the book has problems.
pub fn preprocess(input: impl Read, mut output: impl Write) -> Result<()> {
    let (context, book) = parse_input(input).context(
        "standard input is not what mdBook sends a preprocessor\n  \
         to do     build with `mdbook build book`, or use `cargo run -- build`",
    )?;
    let book = PressPreprocessor::default().run(&context, book)?;
    serde_json::to_writer(&mut output, &book)?;
    Ok(output.flush()?)
}
