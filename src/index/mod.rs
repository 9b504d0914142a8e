//! One pass over the book: what pages refer to in each other (numbers of equations and figures), every
//! excerpt that they print, and what readers have seen of it before.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::page::{Fence, Include, Item, Page, Refusal};
use crate::problem::Problems;
use crate::project::{Listing, Project, shown};

mod excerpt;
mod item;
mod seen;
mod sought;

pub(crate) use excerpt::Excerpt;
pub(crate) use seen::{Since, lines};
pub(crate) use sought::{Sought, sought, wanted_id};

/// What the press knows of the whole book before it typesets a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Index {
    /// All displayed equations, in reading order.
    pub equations: Vec<DisplayedEquation>,
    /// The number of everything with a fragment: `("ch05-forget-gate.md", "eq-forget-gate")`.
    numbers: BTreeMap<(String, String), String>,
    /// Every excerpt, in reading order.
    printings: Vec<Printing>,
}

/// One displayed equation of the book.
#[derive(Clone, Debug, PartialEq)]
pub struct DisplayedEquation {
    /// Unique in the book: `forget-gate`. Empty for an unlabelled comment.
    pub label: String,
    /// The page.
    pub file: PathBuf,
    /// The line of its fence, from 1.
    pub line: usize,
    /// Its source.
    pub latex: String,
    /// The anchor of the code that it is executed against, such as `ch05:forward`; none if it only
    /// comments a derivation.
    pub code: Option<String>,
}

/// An excerpt on a page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Printing {
    /// The page's name: `ch05-forget-gate.md`.
    pub page: String,
    /// The page's chapter.
    pub chapter: Option<u32>,
    /// As the page has it.
    pub include: Include,
    /// The chapter that holds the file: `ch05`.
    pub package: String,
    /// The file, relative to the root.
    pub file: PathBuf,
    /// The lines.
    pub excerpt: Excerpt,
    /// Whether the file is one that the chapter is made of, and not one of its exercises.
    is_source: bool,
}

impl Printing {
    /// Its fragment on the page: `ch05-keep`.
    pub(crate) fn id(&self) -> String {
        format!("{}-{}", self.package, self.include.part)
    }

    /// Takes an excerpt of `page`.
    ///
    /// # Errors
    /// If there is no such file in a chapter, or no such excerpt in the file.
    pub(crate) fn take(
        project: &Project,
        listings: &BTreeMap<String, Listing>,
        page: &Page,
        include: &Include,
    ) -> Result<Printing, Refusal> {
        let (listing, file) = included(listings, include)?;
        let text = project.read(&file).map_err(|error| {
            Refusal::new(format!("{error:#}"), "a file of the listing", "correct the path")
        })?;
        let excerpt = Excerpt::take(&text, &include.part).map_err(|error| {
            let place = match error.line {
                0 => shown(&file),
                line => format!("{}:{line}", shown(&file)),
            };
            let todo = format!("correct the include here, or the anchors in {place}");
            Refusal::new(format!("{} in {place}", error.found), error.expected, todo)
        })?;
        Ok(Printing {
            page: page.name(),
            chapter: page.number(),
            include: include.clone(),
            package: listing.package.clone(),
            is_source: listing.holds_source(&file),
            file,
            excerpt,
        })
    }

    /// The excerpt, if it is one of those that a later chapter may show again.
    fn source(&self) -> Option<&Excerpt> {
        (self.is_source && self.chapter.is_some()).then_some(&self.excerpt)
    }
}

/// The listing that holds an included file such as `../../listings/ch05-forget-gate/src/lib.rs`, and the
/// file, relative to the root.
pub(crate) fn included<'a>(
    listings: &'a BTreeMap<String, Listing>,
    include: &Include,
) -> Result<(&'a Listing, PathBuf), Refusal> {
    let file = include.path.strip_prefix("../../").map(PathBuf::from);
    let holds = |file: &PathBuf| listings.values().find(|listing| listing.holds(file));
    file.and_then(|file| Some((holds(&file)?, file))).ok_or_else(|| {
        let expected = "../../listings/chNN-slug/… of an existing chapter";
        Refusal::new(format!("`{}`", include.path), expected, "correct the path")
    })
}

/// Whether a listing's sources have an excerpt, printed or not.
pub(crate) fn has_anchor(project: &Project, listing: &Listing, anchor: &str) -> bool {
    let sources = project.sources(&listing.folder.join("src"));
    let texts = sources.iter().filter_map(|file| project.read(file).ok());
    texts.into_iter().any(|text| Excerpt::take(&text, anchor).is_ok())
}

/// The fragment of a figure's file: `fig-ch05-cell`.
pub(crate) fn figure_id(file: &str) -> String {
    let stem = Path::new(file).file_stem().unwrap_or_default();
    format!("fig-{}", stem.to_string_lossy())
}

impl Index {
    /// Numbers every equation and figure, and takes every excerpt. An excerpt that cannot be taken is left
    /// out: typesetting its page says why.
    ///
    /// # Errors
    /// If a label stands twice.
    pub(crate) fn new(
        project: &Project,
        pages: &[Page],
        listings: &BTreeMap<String, Listing>,
    ) -> Result<Index, Problems> {
        let mut index = Index::default();
        let mut problems = Problems::default();
        for page in pages {
            let (mut equations, mut figures) = (0, 0);
            for (range, item) in page.items() {
                match item {
                    Item::Image { file, .. } => {
                        figures += 1;
                        index.number_it(page, figure_id(file), figures);
                    }
                    Item::Fence(Fence::Equation { label, code, latex }) => {
                        if !label.is_empty() {
                            equations += 1;
                            index.number_it(page, format!("eq-{label}"), equations);
                        }
                        let refused = index.equation(label).map(twice);
                        problems.0.extend(refused.map(|it| page.problem(range.start, it)));
                        index.equations.push(DisplayedEquation {
                            label: label.clone(),
                            file: page.file().to_owned(),
                            line: page.line(range.start),
                            latex: latex.clone(),
                            code: code.clone(),
                        });
                    }
                    Item::Fence(Fence::Excerpt(include)) => {
                        let taken = Printing::take(project, listings, page, include);
                        index.printings.extend(taken);
                    }
                    _ => {}
                }
            }
        }
        problems.into_result(index)
    }

    /// The same without the lines that equations stand on: what other pages see of a page does not depend on them.
    pub(crate) fn without_lines(&self) -> Index {
        let mut index = self.clone();
        index.equations.iter_mut().for_each(|equation| equation.line = 0);
        index
    }

    fn number_it(&mut self, page: &Page, fragment: String, count: usize) {
        let number = match page.number() {
            Some(chapter) => format!("{chapter}.{count}"),
            None => count.to_string(),
        };
        self.numbers.insert((page.name(), fragment), number);
    }

    /// The number, as readers know it, of an equation or a figure: `5.1`.
    pub(crate) fn number(&self, page: &str, fragment: &str) -> Option<&str> {
        self.numbers.get(&(page.to_owned(), fragment.to_owned())).map(String::as_str)
    }

    /// The equation with a label.
    pub(crate) fn equation(&self, label: &str) -> Option<&DisplayedEquation> {
        self.equations.iter().find(|equation| !label.is_empty() && equation.label == label)
    }

    /// An excerpt of a page.
    pub(crate) fn printing(&self, page: &Page, include: &Include) -> Option<&Printing> {
        let name = page.name();
        self.printings.iter().find(|it| it.page == name && it.include == *include)
    }

    /// Where a chapter's code is printed first.
    pub(crate) fn printed(&self, listing: &Listing, anchor: &str) -> Option<&Printing> {
        let sources = listing.folder.join("src");
        let mut of_anchor = self.printings.iter().filter(|it| it.include.part == anchor);
        of_anchor.find(|it| it.file.starts_with(&sources))
    }
}

fn twice(first: &DisplayedEquation) -> Refusal {
    Refusal::new(
        format!("a second equation labelled `{}`", first.label),
        format!("each label once; the first is at {}:{}", shown(&first.file), first.line),
        "rename one of the two",
    )
}
