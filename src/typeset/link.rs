//! Links: one to an equation or a figure says its number.

use super::draft::Draft;
use crate::mathml::{Display, Formula};
use crate::project::numbers;

/// `[(5.1)](#eq-label)` and `[Figure 5.1](#fig-name)` must carry the right number.
pub(super) fn check(draft: &mut Draft<'_>, at: usize, to: &str, text: &str) {
    draft.counts.links += 1;
    let Some((page, fragment)) = to.split_once('#') else { return };
    if !(fragment.starts_with("eq-") || fragment.starts_with("fig-")) {
        return;
    }
    let here = page.is_empty();
    let page = if here { draft.page.name() } else { page.to_owned() };
    let index = &draft.press.index;
    let equation = index.equation(fragment.trim_start_matches("eq-"));
    if let Some(equation) = equation.filter(|_| !here)
        && let Ok(formula) = Formula::new(&equation.latex, Display::Block)
    {
        draft.elsewhere.insert(to.replace(".md#", ".html#"), formula.mathml());
    }
    let Some(number) = index.number(&page, fragment) else {
        let todo = "correct the label after the #";
        return draft.problem(at, format!("a link to `{to}`"), "a label of the book", todo);
    };
    let written = numbers(text).pop().map(|range| &text[range]);
    if written.is_some_and(|written| written != number) {
        draft.problem(
            at,
            format!("`[{text}]({to})`"),
            format!("the number {number}"),
            "correct the number in the link",
        );
    }
}
