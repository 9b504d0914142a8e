//! A page while it is typeset.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::counts::Counts;
use super::press::Press;
use crate::notation::Meaning;
use crate::page::{NOTATION, Page, Refusal};
use crate::problem::{Problem, Problems};
use crate::words::Words;

/// A page on its way from Markdown to what mdBook renders: what is to be replaced in it, what is wrong with
/// it, and what it has shown so far.
pub(super) struct Draft<'a> {
    pub press: &'a Press,
    pub page: &'a Page,
    pub counts: Counts,
    /// What the page's symbols mean, in the order in which they come.
    pub symbols: Vec<Meaning<'a>>,
    /// Equations of other pages that this one refers to, by the link.
    pub elsewhere: BTreeMap<String, String>,
    problems: Problems,
    edits: Vec<(Range<usize>, String)>,
    /// Fragments that the press has given out on this page.
    ids: BTreeSet<String>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(press: &'a Press, page: &'a Page) -> Draft<'a> {
        Draft {
            press,
            page,
            counts: Counts { chapters: usize::from(page.number().is_some()), ..Counts::default() },
            symbols: Vec::new(),
            elsewhere: BTreeMap::new(),
            problems: Problems::default(),
            edits: Vec::new(),
            ids: BTreeSet::new(),
        }
    }

    pub(super) fn words(&self) -> &'a Words {
        self.press.words
    }

    /// Says that something on the page is wrong.
    pub(super) fn refuse(&mut self, at: usize, refusal: Refusal) {
        self.wrong(self.page.problem(at, refusal));
    }

    /// Says that something is wrong, wherever that is.
    pub(super) fn wrong(&mut self, problem: Problem) {
        self.problems.0.push(problem);
    }

    /// The same in the three parts of a refusal: what was found, what was expected, what to do.
    pub(super) fn problem(
        &mut self,
        at: usize,
        found: impl Into<String>,
        expected: impl Into<String>,
        todo: impl Into<String>,
    ) {
        self.refuse(at, Refusal::new(found, expected, todo));
    }

    /// Puts `text` in place of what stands in a range of the source.
    pub(super) fn replace(&mut self, range: Range<usize>, text: String) {
        self.edits.push((range, text));
    }

    /// ` id="name"` the first time that a page uses it, else nothing.
    pub(super) fn id(&mut self, name: &str) -> String {
        if self.ids.insert(name.to_owned()) { format!(" id=\"{name}\"") } else { String::new() }
    }

    /// Is this the page that says what the symbols mean? There they need no pointing to it.
    pub(super) fn defines_notation(&self) -> bool {
        self.page.file().ends_with(NOTATION)
    }

    /// The page as it was typeset.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub(super) fn finish(mut self) -> Result<(String, Counts), Problems> {
        self.edits.sort_by_key(|(range, _)| (range.start, range.end));
        let source = self.page.source();
        let mut content = String::with_capacity(source.len() * 2);
        let mut at = 0;
        for (range, text) in self.edits {
            content.push_str(source.get(at..range.start).unwrap_or_default());
            content.push_str(&text);
            at = range.end.max(at);
        }
        content.push_str(&source[at..]);
        self.problems.into_result((content, self.counts))
    }
}
