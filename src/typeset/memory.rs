//! What was typeset before: a page that is the same, in a book that is the same, is not typeset again.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{Counts, Press, Written};
use crate::claim::rule::Conclusions;
use crate::index::Index;
use crate::names::Names;
use crate::notation::Notation;
use crate::page::Page;
use crate::problem::Problems;
use crate::project::Fingerprint;

/// The pages as they were typeset last, and what they rested on.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    rests_on: Option<RestsOn>,
    /// A word that a sentence uses names rows of tables, also on other pages.
    names: Names,
    pages: BTreeMap<PathBuf, Kept>,
    /// The pages that show the listings in full.
    listings: Option<Vec<Written>>,
}

/// All that a page rests on beside its own text.
#[derive(Debug, PartialEq)]
struct RestsOn {
    /// Listings, outputs, figures, scripts: every file that is no page.
    files: Fingerprint,
    index: Index,
    notation: Notation,
}

#[derive(Clone, Debug)]
struct Kept {
    source: String,
    conclusions: Conclusions,
    content: String,
    counts: Counts,
}

/// A page that was typeset.
pub(crate) struct Set<'a> {
    pub page: &'a Page,
    pub conclusions: Conclusions,
    pub content: String,
    pub counts: Counts,
}

impl Memory {
    /// Checks and typesets all pages, in order; `files` is the state of every file that is no page.
    ///
    /// # Errors
    /// Every rule that any page breaks.
    pub(crate) fn typeset<'a>(
        &mut self,
        press: &Press,
        files: &Fingerprint,
        pages: &'a [Page],
    ) -> Result<Vec<Set<'a>>, Problems> {
        let (index, notation) = (press.index.without_lines(), press.notation.clone());
        let rests_on = Some(RestsOn { files: files.clone(), index, notation });
        if rests_on != self.rests_on || !self.names.hold_in(&press.names) {
            self.pages.clear();
            self.listings = None;
            self.rests_on = rests_on;
        }
        self.names = press.names.clone();
        let mut problems = Problems::default();
        let mut all = Vec::new();
        for page in pages {
            let kept = self.pages.get(page.file()).filter(|kept| kept.source == page.source());
            let kept = match kept {
                Some(kept) => kept.clone(),
                None => {
                    let conclusions = press.conclusions(page);
                    match press.typeset_with(page, &conclusions) {
                        Ok((content, counts)) => {
                            let source = page.source().to_owned();
                            let kept = Kept { source, conclusions, content, counts };
                            self.pages.insert(page.file().to_owned(), kept.clone());
                            kept
                        }
                        Err(found) => {
                            problems.0.extend(found.0);
                            continue;
                        }
                    }
                }
            };
            let Kept { conclusions, content, counts, .. } = kept;
            all.push(Set { page, conclusions, content, counts });
        }
        problems.into_result(all)
    }

    /// The pages that show the listings in full; asked for after [`typeset`](Memory::typeset).
    ///
    /// # Errors
    /// If a file of a listing cannot be read.
    pub(crate) fn listings(&mut self, press: &Press) -> Result<Vec<Written>, Problems> {
        if self.listings.is_none() {
            self.listings = Some(press.listing_pages()?);
        }
        Ok(self.listings.clone().unwrap_or_default())
    }
}
