//! What readers look for by its name: symbols of the notation, functions and types that a page prints, and
//! words that a page says people use for what stands there (`<!--search: gradient check, gradcheck-->`).

use std::path::Path;

use pulldown_cmark::{Event, Parser, Tag as Markdown, TagEnd};
use scraper::Html;
use serde::Serialize;

use super::Index;
use crate::mathml::{Display, Formula};
use crate::notation::Notation;
use crate::page::{Item, NOTATION, OPTIONS, Page};

/// Something with a name of its own, and where the book has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Sought {
    /// What readers may type: `σ(z)`, `σ`, `\sigma(z)`, `sigma`. The first is shown.
    pub words: Vec<String>,
    /// Where it is, seen from the site's root: `ch03-trusting-a-gradient.html#eq-sigmoid`.
    pub url: String,
    /// The page's title.
    pub page: String,
    /// What it is, where the notation table says it.
    pub about: String,
}

/// All names of the book: what pages say themselves, then symbols, then code, each in reading order.
pub(crate) fn sought(index: &Index, notation: &Notation, pages: &[Page]) -> Vec<Sought> {
    let mut names: Vec<Sought> = pages.iter().flat_map(wanted).collect();
    names.extend(symbols(index, notation, pages));
    for printing in &index.printings {
        let page = pages.iter().find(|page| page.name() == printing.page);
        let item = &printing.excerpt.item;
        let known = names.iter().any(|name| name.words.first() == Some(item));
        if let (Some(page), false, false, Some(_)) =
            (page, item.is_empty(), known, page.and_then(Page::number))
        {
            let words = vec![item.clone(), item.rsplit("::").next().unwrap_or(item).to_owned()];
            names.push(name(words, page, &printing.id(), String::new()));
        }
    }
    names
}

/// The fragment of a place that a page wants to be found at.
pub(crate) fn wanted_id(words: &[String]) -> String {
    let word = words.first().map(String::as_str).unwrap_or_default();
    format!("search-{}", word.replace(|c: char| !c.is_alphanumeric(), "-"))
}

fn wanted(page: &Page) -> impl Iterator<Item = Sought> {
    page.items().filter_map(|(_, item)| match item {
        Item::Wanted(words) => Some(name(words.clone(), page, &wanted_id(words), String::new())),
        _ => None,
    })
}

/// The symbols, each where an equation defines it, or else where the table says that it is introduced.
fn symbols(index: &Index, notation: &Notation, pages: &[Page]) -> Vec<Sought> {
    let table = pages.iter().find(|page| page.file().ends_with(NOTATION));
    let entries = notation.entries().filter_map(|entry| {
        let introduced = pages.iter().find(|page| entry.is_introduced_on(&page.name()));
        // Pages are in reading order: a symbol that is introduced in words has its equation later.
        let since = introduced.map_or(Path::new(""), Page::file);
        let defined = index.equations.iter().find(|equation| {
            !equation.label.is_empty()
                && *equation.file >= *since
                && entry.is_defined_by(&equation.latex)
        });
        let at = defined.and_then(|it| pages.iter().find(|page| page.file() == it.file));
        let page = at.or(introduced).or(table)?;
        let fragment = defined.map(|it| format!("eq-{}", it.label)).unwrap_or_default();
        Some(name(spellings(entry.latex()), page, &fragment, entry.about()))
    });
    entries.collect()
}

fn name(mut words: Vec<String>, page: &Page, fragment: &str, about: String) -> Sought {
    let mut seen = Vec::new();
    words.retain(|word| {
        !word.is_empty() && !seen.contains(word) && {
            seen.push(word.clone());
            true
        }
    });
    let mut url = page.name().replace(".md", ".html");
    if !fragment.is_empty() {
        url = format!("{url}#{fragment}");
    }
    Sought { words, url, page: title(page), about }
}

/// How one may type a formula: with its signs, as LaTeX, without backslashes, and each sign alone.
fn spellings(latex: &str) -> Vec<String> {
    let mut shown = latex.to_owned();
    let mut signs = Vec::new();
    for command in commands(latex) {
        let Ok(formula) = Formula::new(&command, Display::Inline) else { continue };
        let math = Html::parse_fragment(&formula.mathml());
        let sign: String = math.root_element().text().collect();
        let name = command.replace('\\', "");
        if sign == name || (sign.chars().count() == 1 && !sign.is_ascii()) {
            shown = shown.replacen(&command, &sign, 1);
            signs.extend([sign, name]);
        }
    }
    let braces = |text: &str| text.replace(['{', '}'], "");
    let plain = braces(latex).replace('\\', "");
    [vec![shown.clone(), braces(&shown), latex.to_owned(), plain], signs].concat()
}

/// `\sigma` and `\odot` in `\sigma(z) \odot v`.
fn commands(latex: &str) -> Vec<String> {
    latex
        .split('\\')
        .skip(1)
        .map(|rest| rest.chars().take_while(char::is_ascii_alphabetic).collect::<String>())
        .filter(|name| !name.is_empty())
        .map(|name| format!("\\{name}"))
        .collect()
}

/// What stands in the page's first heading.
fn title(page: &Page) -> String {
    let mut title = String::new();
    for event in Parser::new_ext(page.source(), OPTIONS)
        .skip_while(|event| !matches!(event, Event::Start(Markdown::Heading { .. })))
        .take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))))
    {
        if let Event::Text(text) | Event::Code(text) = event {
            title.push_str(&text);
        }
    }
    title
}
