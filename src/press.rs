//! The press itself: the whole book in, the whole book checked and typeset.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use mdbook_driver::book::{Book, Chapter};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext, parse_input};
use pulldown_cmark::{Event, Parser, Tag};

use crate::claim::appendix::{Sources, appendix};
use crate::claim::rule::{Conclusions, conclusions};
use crate::highlight;
use crate::listing::{Written, written};
use crate::notation::Notation;
use crate::page::Page;
use crate::problem::{Problem, Problems};
use crate::project::{Listing, Project};
use crate::seen::Seen;
use crate::typeset::{Context, Counts, Labels, label, typeset};
use crate::words::ENGLISH;

/// What mdBook shows where there is no page; not a page of the book.
const NOT_FOUND: &str = "404.md";

/// Where the pages lie, relative to the project's root.
pub const SOURCES: &str = "book/src";

/// Every figure is drawn this wide, so that its letters can be read on a phone, which shows it at about
/// two thirds; book.css shows it somewhat larger elsewhere.
pub const FIGURE_WIDTH: u32 = 540;

/// The page whose table defines every symbol.
pub const NOTATION: &str = "book/src/notation.md";

/// A book whose listings, labels and notation have been read.
#[derive(Clone, Debug)]
pub struct Press {
    /// Where the files are.
    pub project: Project,
    /// The chapters' crates.
    pub listings: BTreeMap<String, Listing>,
    /// The notation table.
    pub notation: Notation,
    /// What pages refer to in each other, and all equations.
    pub labels: Labels,
}

impl Press {
    /// Reads everything that the pages rest on.
    ///
    /// # Errors
    /// A malformed listing, notation table or label.
    pub fn new(project: &Project, pages: &[Page]) -> Result<Press, Problems> {
        let listings = project.listings()?;
        let notation = Notation::read(pages)?;
        let mut labels = label(pages, &listings)?;
        labels.seen = Seen::read(project, pages, &listings);
        Ok(Press { project: project.clone(), listings, notation, labels })
    }

    /// Checks and typesets one page.
    ///
    /// # Errors
    /// Every rule that the page breaks.
    pub fn typeset(&self, page: &Page) -> Result<(String, Counts), Problems> {
        let context = Context {
            project: &self.project,
            listings: &self.listings,
            notation: &self.notation,
            labels: &self.labels,
            words: &ENGLISH,
        };
        typeset(&context, page)
    }

    /// The pages that the press writes by itself, which show the listings in full: first the page that
    /// lists them, then one for each.
    ///
    /// # Errors
    /// If a file of a listing cannot be read.
    pub fn listing_pages(&self) -> Result<Vec<Written>, Problems> {
        written(&self.project, &self.listings, &ENGLISH)
    }

    /// The page that the press writes of what the book claims, if it claims anything.
    ///
    /// # Errors
    /// If the script of a finding cannot be read.
    pub fn claims_page(&self, pages: &[Page]) -> Result<Option<Written>, Problems> {
        let Press { project, listings, .. } = self;
        let found = pages.iter().map(|page| conclusions(project, listings, page, &ENGLISH));
        let found: Vec<Conclusions> = found.collect();
        let pages: Vec<_> = pages.iter().zip(&found).collect();
        appendix(&Sources { project, listings, words: &ENGLISH }, &pages)
    }

    /// Checks and typesets all pages, in order.
    ///
    /// # Errors
    /// Every rule that any page breaks.
    pub fn typeset_all(&self, pages: &[Page]) -> Result<(Vec<String>, Counts), Problems> {
        let mut problems = Problems::default();
        let mut contents = Vec::new();
        let mut total = Counts::default();
        for page in pages {
            match self.typeset(page) {
                Ok((content, counts)) => {
                    contents.push(content);
                    total += counts;
                }
                Err(found) => problems.0.extend(found.0),
            }
        }
        problems.into_result((contents, total))
    }
}

/// The pages that `SUMMARY.md` lists, read from disk, in order.
///
/// # Errors
/// If a listed page is missing, or a page in the folder is not listed.
pub fn pages(project: &Project) -> Result<Vec<Page>, Problems> {
    let sources = Path::new(SOURCES);
    let summary = sources.join("SUMMARY.md");
    let text =
        project.read(&summary).map_err(|error| crate::project::unreadable(&summary, &error))?;
    let mut problems = Problems::default();
    let mut pages = Vec::new();
    for (event, range) in Parser::new(&text).into_offset_iter() {
        let Event::Start(Tag::Link { dest_url, .. }) = event else { continue };
        if dest_url.is_empty() {
            continue; // A chapter that is planned.
        }
        let file = sources.join(dest_url.as_ref());
        match project.read(&file) {
            Ok(source) => pages.push(Page { file, source }),
            Err(error) => problems.0.push(Problem::new(
                &summary,
                crate::problem::line_of(&text, range.start),
                format!("{error:#}"),
                "a page that exists",
                "write the page, or make it a planned chapter: `[Title]()`",
            )),
        }
    }
    let folder = std::fs::read_dir(project.root.join(sources)).into_iter().flatten();
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

/// Puts the listings' pages after the last page, those of the chapters under the one that lists them.
fn append(book: &mut Book, mut pages: Vec<Written>) {
    if pages.is_empty() {
        return;
    }
    let index = pages.remove(0);
    let mut chapter = Chapter::new(&index.title, index.content, index.file, Vec::new());
    let parents = vec![index.title];
    chapter.sub_items = pages
        .into_iter()
        .map(|page| {
            let code = highlight::blocks(&page.content);
            Chapter::new(&page.title, code, page.file, parents.clone()).into()
        })
        .collect();
    book.items.push(chapter.into());
}

/// The whole book, checked and typeset.
#[derive(Clone, Debug)]
pub struct Typeset {
    /// Each page's content, by its file.
    contents: BTreeMap<PathBuf, String>,
    claims: Option<Written>,
    listings: Vec<Written>,
}

impl Typeset {
    /// Typesets all pages, and says what was checked.
    ///
    /// # Errors
    /// Every problem of the book.
    pub fn new(project: &Project, pages: &[Page]) -> Result<(Typeset, Counts), Problems> {
        let press = Press::new(project, pages)?;
        let (contents, counts) = press.typeset_all(pages)?;
        let contents = pages.iter().map(|page| page.file.clone()).zip(contents).collect();
        let (claims, listings) = (press.claims_page(pages)?, press.listing_pages()?);
        Ok((Typeset { contents, claims, listings }, counts))
    }
}

/// The press as mdBook sees it.
#[derive(Debug, Default)]
pub struct PressPreprocessor {
    /// The book, where it was typeset before mdBook was asked to render it.
    pub typeset: Option<Typeset>,
}

impl Preprocessor for PressPreprocessor {
    fn name(&self) -> &'static str {
        "press"
    }

    fn run(&self, context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let Typeset { mut contents, claims, listings } = match &self.typeset {
            Some(typeset) => typeset.clone(),
            None => {
                let project = Project::find(&context.root)?;
                Typeset::new(&project, &pages(&project)?)?.0
            }
        };
        book.for_each_chapter_mut(|chapter: &mut Chapter| {
            let file = chapter.source_path.as_ref().map(|path| Path::new(SOURCES).join(path));
            if let Some(content) = file.and_then(|file| contents.remove(&file)) {
                chapter.content = highlight::blocks(&content);
            }
        });
        ensure!(contents.is_empty(), "mdBook did not load {:?}", contents.keys());
        if let Some(page) = claims {
            let content = highlight::blocks(&page.content);
            book.items.push(Chapter::new(&page.title, content, page.file, Vec::new()).into());
        }
        append(&mut book, listings);
        Ok(book)
    }

    fn supports_renderer(&self, renderer: &str) -> Result<bool> {
        Ok(renderer == "html")
    }
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
