//! Typesetting the pages: their Markdown in, mdBook's Markdown out, and every check on the way. Each kind of
//! thing that a page can show has a file of its own.

use std::ops::Range;

use crate::claim::appendix::{Sources, appendix};
use crate::claim::rule::{Conclusions, conclusions};
use crate::index::{Sought, sought, wanted_id};
use crate::page::{Fence, Item, Page};
use crate::problem::Problems;
use crate::project::Fingerprint;

mod claim;
mod code;
mod counts;
mod draft;
mod equation;
mod excerpt;
mod exercise;
mod figure;
mod formula;
mod link;
mod listing;
mod memory;
mod number;
mod output;
mod press;
mod printed;
mod symbols;

pub use crate::written::Written;
pub use counts::Counts;
use draft::Draft;
pub use figure::FIGURE_WIDTH;
pub use listing::written;
pub(crate) use memory::Memory;
pub use press::Press;

impl Press {
    /// Checks and typesets one page.
    ///
    /// # Errors
    /// Every rule that the page breaks, with its line.
    pub fn typeset(&self, page: &Page) -> Result<(String, Counts), Problems> {
        self.typeset_with(page, &self.conclusions(page))
    }

    /// What a page concludes from numbers.
    pub fn conclusions(&self, page: &Page) -> Conclusions {
        conclusions(&self.project, &self.listings, page, self.words)
    }

    fn typeset_with(
        &self,
        page: &Page,
        conclusions: &Conclusions,
    ) -> Result<(String, Counts), Problems> {
        let mut draft = Draft::new(self, page);
        for (range, item) in page.items() {
            set(&mut draft, range, item);
        }
        claim::set(&mut draft, conclusions);
        exercise::check(&mut draft);
        link::sources(&mut draft);
        symbols::append(&mut draft);
        draft.finish()
    }

    /// Checks and typesets all pages, in order.
    ///
    /// # Errors
    /// Every rule that any page breaks.
    pub fn typeset_all(&self, pages: &[Page]) -> Result<(Vec<String>, Counts), Problems> {
        let set = Memory::default().typeset(self, &Fingerprint::new(), pages)?;
        let total = set.iter().map(|page| page.counts).sum();
        Ok((set.into_iter().map(|page| page.content).collect(), total))
    }

    /// The page that the press writes of what the book claims, if it claims anything.
    ///
    /// # Errors
    /// If the script of a finding cannot be read.
    pub(crate) fn claims_page(
        &self,
        pages: &[(&Page, Conclusions)],
    ) -> Result<Option<Written>, Problems> {
        let Press { project, listings, words, .. } = self;
        appendix(&Sources { project, listings, words }, pages)
    }

    /// What the search of the site finds by its name.
    pub(crate) fn sought(&self, pages: &[Page]) -> Vec<Sought> {
        sought(&self.index, &self.notation, pages)
    }

    /// The pages that the press writes by itself, which show the listings in full: first the page that
    /// lists them, then one for each.
    ///
    /// # Errors
    /// If a file of a listing cannot be read.
    pub fn listing_pages(&self) -> Result<Vec<Written>, Problems> {
        written(&self.project, &self.listings, self.words)
    }
}

fn set(draft: &mut Draft<'_>, range: Range<usize>, item: &Item) {
    match item {
        Item::Fence(Fence::Equation { label, code, latex }) => {
            equation::set(draft, range, label, code.as_deref(), latex);
        }
        Item::Fence(Fence::Excerpt(include)) => excerpt::set(draft, range, include),
        Item::Fence(Fence::Sketch { reason, code }) => excerpt::sketch(draft, range, reason, code),
        Item::Fence(Fence::Output(include)) => output::set(draft, range, include),
        Item::Math { latex, defines } => formula::inline(draft, range, latex, *defines),
        Item::Image { file, alt, paragraph_end } => {
            figure::set(draft, range, file, alt, *paragraph_end);
        }
        Item::Link { to, text } => link::set(draft, range, to, text),
        Item::Tagged { literal, tag } => number::set(draft, range, literal, tag),
        Item::Refused(refusal) => draft.refuse(range.start, refusal.clone()),
        Item::Wanted(words) => {
            let id = draft.id(&wanted_id(words));
            draft.replace(range, format!("<a{id}></a>\n"));
        }
        Item::Fence(Fence::Other) | Item::Row(_) => {}
    }
}
