//! The notation table: every symbol that a formula of the book may use, and what it means.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::mem;

use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd, html};
use scraper::Html;

use crate::mathml::{Display, Formula, Symbol, Token};
use crate::page::{Item, NOTATION, OPTIONS, Page};
use crate::problem::{Problem, Problems};
use crate::words::Words;

/// The symbols in the first column of the table on the notation page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notation {
    names: BTreeSet<String>,
    entries: Vec<Entry>,
    /// The entries of a symbol that has a formula of its own in the table, by its name and by whether it
    /// has an index: `g` is not `g_k`.
    alone: BTreeMap<(String, bool), Vec<usize>>,
    /// The entries of a symbol that the table shows in use only, such as `\\sigma(z)`.
    in_use: BTreeMap<String, Vec<usize>>,
}

/// One formula of the first column, and what its row says of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    latex: String,
    math: String,
    /// HTML.
    meaning: String,
    /// HTML; empty where the table gives none.
    shape: String,
    /// HTML; empty where the table gives none.
    place: String,
}

/// What a symbol means.
#[derive(Clone, Debug)]
pub struct Meaning<'a> {
    /// A class that no other symbol of the book has: `s-12`, or `b-12` for the adjoint of `s-12`.
    pub class: String,
    /// The symbol as an author types it: `f_t`.
    pub latex: String,
    entry: &'a Entry,
    adjoint: bool,
}

impl Notation {
    /// Reads the table.
    ///
    /// # Errors
    /// If there is no notation page, or a formula in it cannot be read.
    pub fn read(pages: &[Page]) -> Result<Notation, Problems> {
        let Some(page) = pages.iter().find(|page| page.file().ends_with(NOTATION)) else {
            let todo = "write the page and list it in book/src/SUMMARY.md";
            let found = "no notation page";
            return Err(Problem::new(NOTATION, 0, found, "a table of all symbols", todo).into());
        };
        let mut problems = Problems::default();
        let mut notation = Notation::default();
        for row in rows(page) {
            if let Err((formula, error)) = notation.row(&row) {
                problems.0.push(Problem::new(
                    page.file(),
                    page.line(row.at),
                    format!("`{formula}`: {error}"),
                    "a symbol",
                    "correct the formula",
                ));
            }
        }
        problems.into_result(notation)
    }

    /// Takes in a row: its symbols, their meaning, and where the table has them their shapes and where
    /// they are introduced.
    fn row(&mut self, row: &Row<'_>) -> Result<(), (String, String)> {
        let cell = |column: usize| row.cells.get(column).copied().unwrap_or_default();
        let shapes = split(cell(2));
        for (at, &latex) in row.formulas.iter().enumerate() {
            // One shape for each symbol of the row, or one for all.
            let shape = if shapes.len() == row.formulas.len() { shapes[at] } else { cell(2) };
            let formula = Formula::new(latex, Display::Inline)
                .map_err(|error| (latex.to_owned(), error.to_string()))?;
            let found = formula.symbols();
            let entry = self.entries.len();
            match formula.only_symbol() {
                Some(symbol) => {
                    let key = (symbol.name(), symbol.index().is_some());
                    self.alone.entry(key).or_default().push(entry);
                }
                None => found.iter().for_each(|symbol| {
                    self.in_use.entry(symbol.name()).or_default().push(entry);
                }),
            }
            self.names.extend(found.iter().map(Symbol::name));
            self.entries.push(Entry {
                latex: latex.to_owned(),
                math: formula.mathml(),
                meaning: inline(cell(1))?,
                shape: inline(shape)?,
                place: inline(cell(3))?,
            });
        }
        Ok(())
    }

    /// Is this symbol in the table? The adjoint bar(v) of a symbol v needs no row of its own.
    pub fn defines(&self, symbol: &Symbol) -> bool {
        self.defines_name(&symbol.name())
    }

    fn defines_name(&self, name: &str) -> bool {
        let adjoint_of = adjoint_of(name);
        self.names.contains(name) || adjoint_of.is_some_and(|name| self.defines_name(name))
    }

    /// What the table says of a symbol on `page`, such as `ch05-forget-gate.md`.
    pub fn meaning(&self, symbol: &Symbol, page: &str) -> Option<Meaning<'_>> {
        let (name, indexed) = (symbol.name(), symbol.index().is_some());
        if let Some(at) = self.find(&name, indexed, page) {
            let (class, entry) = (format!("s-{at}"), &self.entries[at]);
            return Some(Meaning { class, latex: entry.latex.clone(), entry, adjoint: false });
        }
        let at = self.find(adjoint_of(&name)?, indexed, page)?;
        let entry = &self.entries[at];
        Some(Meaning { class: format!("b-{at}"), latex: symbol.latex(), entry, adjoint: true })
    }

    /// All formulas of the table.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// A row whose meaning leads to a chapter holds in that chapter, before all others there, and elsewhere only if
    /// there is no other. A row that shows the symbol in use only comes after those that are about it.
    fn find(&self, name: &str, indexed: bool, page: &str) -> Option<usize> {
        let alone = |indexed| self.alone.get(&(name.to_owned(), indexed));
        let own = [alone(indexed), alone(!indexed)].into_iter().flatten().flatten();
        let in_use = self.in_use.get(name).into_iter().flatten();
        let rows = own.map(|row| (row, false)).chain(in_use.map(|row| (row, true)));
        let rows = rows.map(|(&row, in_use)| (row, in_use, self.entries[row].strangeness(page)));
        let best =
            rows.min_by_key(|&(_, in_use, strangeness)| (strangeness > 1, in_use, strangeness));
        best.map(|(row, ..)| row)
    }
}

impl Entry {
    /// How little its row is about a page: 0 if it says that it holds there, 1 if it holds anywhere, 2 if it holds
    /// in other chapters.
    fn strangeness(&self, page: &str) -> u8 {
        let here = format!("\"{}\"", page.replace(".md", ".html"));
        match self.meaning.contains("href=\"ch") {
            true if self.meaning.contains(&here) => 0,
            true => 2,
            false => 1,
        }
    }

    /// The formula, as an author types it.
    pub(crate) fn latex(&self) -> &str {
        &self.latex
    }

    /// What it means, as text.
    pub(crate) fn about(&self) -> String {
        let meaning = Html::parse_fragment(&self.meaning);
        meaning.root_element().text().collect()
    }

    /// Whether its row leads to this page, such as `ch05-forget-gate.md`.
    pub(crate) fn is_introduced_on(&self, page: &str) -> bool {
        let link = format!("\"{}\"", page.replace(".md", ".html"));
        self.place.contains(&link) || self.meaning.contains(&link)
    }

    /// Whether an equation says what it is: on the left stands this symbol alone, or this function of something.
    pub(crate) fn is_defined_by(&self, equation: &str) -> bool {
        let defined = |latex: &str| {
            let formula = Formula::new(latex, Display::Inline).ok()?;
            match (formula.only_symbol(), formula.tokens().first()?) {
                (Some(symbol), _) => Some((symbol.name(), usize::from(symbol.index().is_some()))),
                (None, Token::Function(name, primes)) => Some((format!("{name}()"), *primes)),
                _ => None,
            }
        };
        let wanted = defined(&self.latex);
        let rows = equation.split("\\\\").filter_map(|row| row.split_once('='));
        let left =
            rows.map(|(left, _)| left.trim_start_matches("\\begin{aligned}").replace('&', ""));
        wanted.is_some() && left.into_iter().any(|left| defined(left.trim()) == wanted)
    }
}

impl Meaning<'_> {
    /// An entry of a `<dl>` on `page`, such as `ch05-forget-gate.md`: the symbol, what it is, its shape and where it
    /// was introduced. If that is here, its LaTeX is hidden in it for the search, into which nobody can type a formula.
    pub fn html(&self, page: &str, words: &Words) -> String {
        let Entry { math, meaning, shape, place, .. } = self.entry;
        let adjoint = self.adjoint.then(|| Formula::new(&self.latex, Display::Inline).ok());
        let symbol = adjoint.flatten().map_or_else(|| math.clone(), |adjoint| adjoint.mathml());
        let mut html = format!("<div class=\"{}\"><dt>{symbol}", self.class);
        let here = format!("\"{}\"", page.replace(".md", ".html"));
        if place.is_empty() || place.contains(&here) {
            let _ = write!(html, "<span hidden> {}</span>", self.latex);
        }
        html += "</dt><dd>";
        if self.adjoint {
            let _ = write!(html, "{} {math}: ", words.adjoint_of);
        }
        html += meaning;
        if !shape.is_empty() {
            let _ = write!(html, " · {} {shape}", words.shape);
        }
        if !place.is_empty() {
            let _ = write!(html, " · {place}");
        }
        html + "</dd></div>"
    }
}

/// `v` for `bar(v)`.
fn adjoint_of(name: &str) -> Option<&str> {
    name.strip_prefix("bar(").and_then(|name| name.strip_suffix(')'))
}

/// A row of a table.
struct Row<'a> {
    /// Where it starts.
    at: usize,
    /// The formulas of its first cell.
    formulas: Vec<&'a str>,
    /// Its cells, as they are written.
    cells: Vec<&'a str>,
}

/// The rows of all tables of a page.
fn rows(page: &Page) -> Vec<Row<'_>> {
    let (mut rows, mut formulas) = (Vec::new(), Vec::new());
    for (range, item) in page.items() {
        match item {
            Item::Math { latex, defines: true } => formulas.push(latex.as_str()),
            Item::Row(cells) => {
                let cells = cells.iter().map(|cell| page.source()[cell.clone()].trim());
                let cells = cells.map(|cell| cell.trim_matches('|').trim()).collect();
                rows.push(Row { at: range.start, formulas: mem::take(&mut formulas), cells });
            }
            _ => {}
        }
    }
    rows
}

/// A cell's parts between commas, as far as those stand outside formulas.
fn split(cell: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut in_math) = (0, false);
    for (at, character) in cell.char_indices() {
        match character {
            '$' => in_math = !in_math,
            ',' if !in_math => {
                parts.push(cell[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(cell[start..].trim());
    parts
}

/// A cell as HTML.
fn inline(markdown: &str) -> Result<String, (String, String)> {
    let mut events = Vec::new();
    for event in Parser::new_ext(markdown, OPTIONS) {
        events.push(match event {
            Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => continue,
            Event::InlineMath(latex) => {
                let formula = Formula::new(&latex, Display::Inline)
                    .map_err(|error| (latex.to_string(), error.to_string()))?;
                Event::InlineHtml(formula.mathml().into())
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let dest_url = CowStr::from(dest_url.replace(".md", ".html"));
                Event::Start(Tag::Link { link_type, dest_url, title, id })
            }
            other => other,
        });
    }
    let mut out = String::new();
    html::push_html(&mut out, events.into_iter());
    Ok(out)
}
