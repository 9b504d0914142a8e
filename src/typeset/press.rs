//! All that typesetting a page needs to know.

use std::collections::BTreeMap;

use crate::index::Index;
use crate::names::Names;
use crate::notation::Notation;
use crate::page::Page;
use crate::problem::Problems;
use crate::project::{Listing, Project};
use crate::words::{ENGLISH, Words};

/// A book whose listings, index and notation have been read: all that typesetting a page needs to know.
#[derive(Clone, Debug)]
pub struct Press {
    /// Where the files are.
    pub project: Project,
    /// The chapters' crates.
    pub listings: BTreeMap<String, Listing>,
    /// The notation table.
    pub notation: Notation,
    /// What pages refer to in each other, and what they print.
    pub index: Index,
    /// What readers are told in place of the names that programs print.
    pub(super) names: Names,
    /// The words of the book's language.
    pub(super) words: &'static Words,
}

impl Press {
    /// Reads everything that the pages rest on.
    ///
    /// # Errors
    /// A malformed listing, notation table or label.
    pub fn new(project: &Project, pages: &[Page]) -> Result<Press, Problems> {
        let listings = project.listings()?;
        let notation = Notation::read(pages)?;
        let names = Names::read(project, pages)?;
        let index = Index::new(project, pages, &listings)?;
        Ok(Press { project: project.clone(), listings, notation, names, index, words: &ENGLISH })
    }
}
