//! The table of contents of an edition: the pages of the site in their order, with their parts and numbers.

use std::path::{Path, PathBuf};

use anyhow::Result;
use mdbook_driver::MDBook;
use mdbook_driver::book::{BookItem, Chapter};
use press::claim::appendix::FILE as CLAIMS;
use press::project::Project;
use press::site::{SITE, config, number};
use press::typeset::{Written, written};
use press::words::ENGLISH;

/// What a page is, to a reader of EPUBs: its `epub:type` and its ARIA role.
const INTRODUCTION: (&str, &str) = ("introduction", "doc-introduction");
const CHAPTER: (&str, &str) = ("chapter", "doc-chapter");
const APPENDIX: (&str, &str) = ("appendix", "doc-appendix");

/// A line of the table of contents.
#[derive(Debug, Default)]
pub struct Entry {
    pub title: String,
    /// `5`, where it has a number.
    pub number: Option<String>,
    /// The page's path on the site; a part of the book has none.
    pub page: Option<PathBuf>,
    /// Its `epub:type` and its ARIA role.
    pub kind: (&'static str, &'static str),
    pub children: Vec<Entry>,
}

impl Entry {
    /// It and all under it, in order.
    pub fn with_children(&self) -> Vec<&Entry> {
        let children = self.children.iter().flat_map(Entry::with_children);
        std::iter::once(self).chain(children).collect()
    }

    /// A page that shows a listing in full.
    pub fn is_listing(&self) -> bool {
        self.page.as_ref().is_some_and(|page| page.starts_with("listings"))
    }
}

/// The pages in their order, each with the title of the part that begins with it.
pub fn pages(contents: &[Entry]) -> Vec<(Option<&str>, &Entry)> {
    let (mut pages, mut part) = (Vec::new(), None);
    for entry in contents.iter().flat_map(Entry::with_children) {
        match entry.page {
            Some(_) => pages.push((part.take(), entry)),
            None => part = Some(entry.title.as_str()),
        }
    }
    pages
}

/// The table of contents: the parts and pages of SUMMARY.md without those that are planned, then what the press
/// wrote: the claims, where the built site has any, and the listings.
///
/// # Errors
/// If the book or a listing cannot be read.
pub fn contents(project: &Project) -> Result<Vec<Entry>> {
    let mut book = MDBook::load_with_config(project.root.join("book"), config(project)?)?.book;
    number(&mut book);
    let mut contents: Vec<Entry> = Vec::new();
    let (mut unnumbered, mut in_part) = (INTRODUCTION, false);
    for item in &book.items {
        match item {
            BookItem::PartTitle(title) => {
                contents.push(Entry { title: title.clone(), ..Entry::default() });
                // A page of a part that is no chapter leads in to those that are.
                (unnumbered, in_part) = (INTRODUCTION, true);
            }
            BookItem::Separator => (unnumbered, in_part) = (APPENDIX, false),
            BookItem::Chapter(chapter) => {
                let level = match contents.last_mut() {
                    Some(part) if in_part => &mut part.children,
                    _ => &mut contents,
                };
                level.extend(entries(chapter, unnumbered));
                if !in_part {
                    unnumbered = APPENDIX;
                }
            }
        }
    }
    let claims = Path::new(CLAIMS).with_extension("html");
    if project.root.join(SITE).join(&claims).is_file() {
        let title = ENGLISH.claims.to_owned();
        contents.push(Entry { title, page: Some(claims), kind: APPENDIX, ..Entry::default() });
    }
    contents.extend(listings(written(project, &project.listings()?, &ENGLISH)?));
    contents.retain(|entry| entry.page.is_some() || !entry.children.is_empty());
    Ok(contents)
}

/// The entry of a chapter and of those under it; of a planned one, only of those.
fn entries(chapter: &Chapter, unnumbered: (&'static str, &'static str)) -> Vec<Entry> {
    let under = chapter.sub_items.iter().flat_map(|item| match item {
        BookItem::Chapter(chapter) => entries(chapter, unnumbered),
        _ => Vec::new(),
    });
    let Some(page) = &chapter.path else { return under.collect() };
    let number = chapter.number.as_ref().map(|number| number.to_string());
    vec![Entry {
        title: chapter.name.clone(),
        kind: if number.is_some() { CHAPTER } else { unnumbered },
        number: number.map(|number| number.trim_end_matches('.').to_owned()),
        page: Some(page.with_extension("html")),
        children: under.collect(),
    }]
}

/// The pages that show the listings in full, which the press appends to the book.
fn listings(written: Vec<Written>) -> Option<Entry> {
    let mut pages = written.into_iter().map(|page| Entry {
        title: page.title,
        page: Some(Path::new(&page.file).with_extension("html")),
        kind: APPENDIX,
        ..Entry::default()
    });
    let index = pages.next()?;
    Some(Entry { children: pages.collect(), ..index })
}
