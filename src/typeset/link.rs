//! Links: one to an equation or a figure says its number, one to an equation that stands by itself shows it, and a
//! source that a page lists is one that it cites.

use std::ops::Range;

use super::draft::Draft;
use super::equation;
use crate::mathml::{Display, Formula};
use crate::project::numbers;

/// `[(5.1)](#eq-label)` and `[Figure 5.1](#fig-name)` must carry the right number. A paragraph that is nothing but a
/// reference to an equation of another page becomes that equation.
pub(super) fn set(draft: &mut Draft<'_>, range: Range<usize>, to: &str, text: &str) {
    let at = range.start;
    draft.counts.links += 1;
    let Some((page, fragment)) = to.split_once('#') else { return };
    if !(fragment.starts_with("eq-") || fragment.starts_with("fig-")) {
        return;
    }
    let here = page.is_empty();
    let page = if here { draft.page.name() } else { page.to_owned() };
    let index = &draft.press.index;
    let Some(number) = index.number(&page, fragment) else {
        let todo = "correct the label after the #";
        return draft.problem(at, format!("a link to `{to}`"), "a label of the book", todo);
    };
    let written = numbers(text).pop().map(|range| &text[range]);
    if written.is_some_and(|written| written != number) {
        return draft.problem(
            at,
            format!("`[{text}]({to})`"),
            format!("the number {number}"),
            "correct the number in the link",
        );
    }
    let equation = index.equation(fragment.trim_start_matches("eq-"));
    let Some(equation) = equation.filter(|_| !here) else { return };
    let to = to.replace(".md#", ".html#");
    if is_paragraph(draft.page.source(), &range) {
        equation::again(draft, range, number, to, equation);
    } else if let Ok(formula) = Formula::new(&equation.latex, Display::Block) {
        draft.elsewhere.insert(to, formula.mathml());
    }
}

/// Each source of a page's list, `- <a id="key"></a>`, is cited on that page.
pub(super) fn sources(draft: &mut Draft<'_>) {
    const BEGINS: &str = "- <a id=\"";
    let source = draft.page.source();
    for (at, _) in source.match_indices(BEGINS) {
        let key = source[at + BEGINS.len()..].split('"').next().unwrap_or_default();
        let cited = [format!("](#{key})"), format!("<!--cite:{key}-->")];
        if !cited.iter().any(|cited| source.contains(cited)) {
            draft.problem(
                at,
                format!("the source `{key}`, which nothing on the page cites"),
                format!("`[…](#{key})` or `<!--cite:{key}-->` where the page relies on it"),
                "cite it, or delete it",
            );
        }
    }
}

/// Whether nothing else stands in a link's paragraph.
fn is_paragraph(source: &str, link: &Range<usize>) -> bool {
    let ends = |rest: &str| rest.is_empty() || rest.starts_with("\n\n") || rest == "\n";
    let before = &source[..link.start];
    (before.is_empty() || before.ends_with("\n\n")) && ends(&source[link.end..])
}
