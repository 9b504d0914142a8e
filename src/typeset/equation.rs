//! Displayed equations: numbered, linked to the code that they were executed against and to the test that
//! did it, with what their symbols mean in a fold.

use std::ops::Range;

use super::draft::Draft;
use super::formula::formula;
use super::listing::{equations_test, place};
use super::symbols::meanings_html;
use crate::index::{DisplayedEquation, has_anchor};
use crate::mathml::{Display, escaped};
use crate::notation::Meaning;
use crate::problem::line_of;
use crate::project::chapter_of;

/// An equation of this page. `latex` is what stands in the fence at `range`.
pub(super) fn set(
    draft: &mut Draft<'_>,
    range: Range<usize>,
    label: &str,
    code: Option<&str>,
    latex: &str,
) {
    match code {
        Some(_) => draft.counts.executed += 1,
        None => draft.counts.commented += 1,
    }
    let at = range.start + draft.page.source()[range.clone()].find(latex).unwrap_or(0);
    let number = draft.press.index.number(&draft.page.name(), &format!("eq-{label}"));
    let numbered = number.map(|number| (number, format!("#eq-{label}")));
    let id = numbered.as_ref().map(|_| format!(" id=\"eq-{label}\"")).unwrap_or_default();
    show(draft, range, at, &Shown { id, numbered, label, code, latex, of: draft.page.number() });
}

/// An equation of another page, shown again where a reference to it stands by itself. Its number leads `to`
/// where it is derived, and executed, once.
pub(super) fn again(
    draft: &mut Draft<'_>,
    range: Range<usize>,
    number: &str,
    to: String,
    equation: &DisplayedEquation,
) {
    let DisplayedEquation { label, file, latex, code, .. } = equation;
    let numbered = Some((number, to));
    let (id, code, of, at) = (String::new(), code.as_deref(), chapter_of(file), range.start);
    show(draft, range, at, &Shown { id, numbered, label, code, latex, of });
}

/// An equation as a page shows it.
struct Shown<'a> {
    /// Its `id`, where it is at home.
    id: String,
    /// Its number, and where that leads.
    numbered: Option<(&'a str, String)>,
    label: &'a str,
    code: Option<&'a str>,
    latex: &'a str,
    /// The chapter that executes it.
    of: Option<u32>,
}

/// Puts an equation in place of `range`. Its LaTeX, or what stands for it, begins at `at`.
fn show(draft: &mut Draft<'_>, range: Range<usize>, at: usize, shown: &Shown<'_>) {
    let Shown { id, numbered, label, code, latex, of } = shown;
    let words = draft.words();
    let Some((html, meanings)) = formula(draft, at, latex, Display::Block) else { return };
    let fold = fold(draft, latex, &meanings);
    let (name, link) = match numbered {
        None => (words.equation.to_owned(), String::new()),
        Some((number, to)) => (
            format!("{} {number}", words.equation),
            format!("<a class=\"equation-number\" href=\"{to}\">({number})</a>"),
        ),
    };
    let (class, note) = match code {
        None => ("equation commented", String::new()),
        Some(code) => {
            let Some(html) = code_link(draft, range.start, code) else { return };
            let test = test_link(draft, *of, label).unwrap_or_default();
            let against = words.executed_against;
            ("equation", format!("<p class=\"equation-note\">{against} {html}{test}</p>"))
        }
    };
    let again = if id.is_empty() && numbered.is_some() { " again" } else { "" };
    let html = format!(
        "<div class=\"{class}{again}\"{id}><div class=\"equation-body\" role=\"group\" \
         aria-label=\"{name}\">{html}</div>{link}<div class=\"equation-more\">{fold}{note}</div></div>\n\n"
    );
    draft.replace(range, html);
}

/// What folds away under an equation: the meaning of its symbols, and its LaTeX with a button that
/// book.js makes work.
fn fold(draft: &Draft<'_>, latex: &str, meanings: &[Meaning<'_>]) -> String {
    let words = draft.words();
    let list = meanings_html(draft, meanings);
    let latex = escaped(&latex.split_whitespace().collect::<Vec<_>>().join(" "));
    format!(
        "<details class=\"symbols\"><summary>{}</summary><dl>{list}</dl><p class=\"latex\">\
         <code>{latex}</code> <button type=\"button\">{}</button></p></details>",
        words.symbols, words.copy
    )
}

/// A link to the printed code at `chNN:anchor`, shown as the function's name.
fn code_link(draft: &mut Draft<'_>, at: usize, code: &str) -> Option<String> {
    let (package, anchor) = code.split_once(':')?;
    let listing = draft.press.listings.get(package);
    let printed = listing.and_then(|listing| draft.press.index.printed(listing, anchor));
    let Some(printing) = printed else {
        let project = &draft.press.project;
        match listing.is_some_and(|listing| has_anchor(project, listing, anchor)) {
            true => draft.problem(
                at,
                format!("`{code}`, which no page prints"),
                "code that a reader can see beside its equation",
                "include the excerpt on this page",
            ),
            false => draft.problem(
                at,
                format!("`{code}`"),
                "chNN:anchor of a listing's src/",
                "correct the anchor after the equation's label",
            ),
        }
        return None;
    };
    let page = match printing.page == draft.page.name() {
        true => String::new(),
        false => printing.page.replace(".md", ".html"),
    };
    let (id, name) = (printing.id(), &printing.excerpt.function);
    Some(format!("<a href=\"{page}#{id}\"><code>{name}</code></a>"))
}

/// A link to the test, in its chapter's module of `equations/tests/bindings`, that executes an equation: to
/// the function that the label is bound to, or, where that stands in the table itself, to there.
fn test_link(draft: &Draft<'_>, chapter: Option<u32>, label: &str) -> Option<String> {
    let number = chapter?;
    let listing = draft.press.listings.get(&format!("ch{number:02}"))?;
    let file = equations_test(number);
    let text = draft.press.project.read(&file).ok()?;
    let bound = text.find(&format!("(\"{label}\", "))?;
    let (_, function) = text[bound..].split_once("\", ")?;
    let (function, _) = function.split_once(')')?;
    let line = text.lines().position(|l| l.starts_with(&format!("fn {function}(")));
    let (name, line) = match line {
        Some(line) => (function, line + 1),
        None => (label, line_of(&text, bound)),
    };
    let by = draft.words().executed_by;
    let place = place(listing, &file, line)?;
    Some(format!(" {by} <a href=\"{place}\"><code>{name}</code></a>"))
}
