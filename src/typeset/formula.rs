//! Formulas, in a line or on their own: typeset, their symbols looked up and marked.

use std::ops::Range;

use super::draft::Draft;
use crate::mathml::{Display, Formula};
use crate::notation::Meaning;
use crate::project::numbers;

/// A formula within a line.
pub(super) fn inline(draft: &mut Draft<'_>, range: Range<usize>, latex: &str, defines: bool) {
    draft.counts.formulas += 1;
    let at = range.start + 1;
    let Some((mut html, _)) = formula(draft, at, latex, Display::Inline) else { return };
    if numbers(latex).iter().any(|number| latex[number.clone()].contains('.')) {
        draft.problem(
            at,
            format!("a decimal inside inline math: `{latex}`"),
            "numbers from runs as text with a tag",
            "write the number outside the dollar signs and tag it",
        );
    }
    // The search finds a symbol by what a reader can type.
    if defines && draft.defines_notation() {
        html += &format!("<span hidden> {}</span>", inert(latex));
    }
    // A bar would end a table's cell: Markdown splits cells before it sees HTML.
    let html = html.replace('|', "&#124;");
    // A line must not begin with the comma after a formula.
    let next = draft.page.source()[range.end..].chars().next();
    match next.filter(|&c| ".,;:?!)".contains(c)) {
        Some(mark) => {
            let html = format!("<span class=\"nowrap\">{html}{mark}</span>");
            draft.replace(range.start..range.end + 1, html);
        }
        None => draft.replace(range, html),
    }
}

/// Text that Markdown sees nothing in.
fn inert(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            c if c.is_ascii_punctuation() => format!("&#{};", u32::from(c)),
            c => c.to_string(),
        })
        .collect()
}

/// Typesets a formula, checks its symbols and marks them. `at` is where the LaTeX starts in the
/// source. With the formula comes what its symbols mean.
pub(super) fn formula<'a>(
    draft: &mut Draft<'a>,
    at: usize,
    latex: &str,
    display: Display,
) -> Option<(String, Vec<Meaning<'a>>)> {
    let formula = match Formula::new(latex, display) {
        Ok(formula) => formula,
        Err(error) => {
            draft.problem(
                at + error.offset,
                format!("`{latex}`: {}", error.message),
                "LaTeX math that can be typeset",
                "correct the formula",
            );
            return None;
        }
    };
    let meanings = meanings(draft, at, latex, &formula);
    let (notation, page) = (&draft.press.notation, draft.page.name());
    let html = match draft.defines_notation() {
        true => formula.mathml(),
        false => formula.marked(&|symbol| Some(notation.meaning(symbol, &page)?.class)),
    };
    // Markdown must not see emphasis in what is already typeset.
    Some((html.replace('*', "&#42;").replace('_', "&#95;"), meanings))
}

/// What the symbols of a formula mean, each once; complains about those that nobody has defined.
fn meanings<'a>(
    draft: &mut Draft<'a>,
    at: usize,
    latex: &str,
    formula: &Formula,
) -> Vec<Meaning<'a>> {
    let mut meanings: Vec<Meaning<'_>> = Vec::new();
    let (notation, page) = (&draft.press.notation, draft.page.name());
    for symbol in formula.symbols() {
        if !notation.defines(&symbol) {
            draft.problem(
                at,
                format!("the symbol `{symbol}` in `{latex}`"),
                "symbols of the notation table only",
                "add a row to book/src/notation.md, or use the symbol that is there",
            );
        }
        let Some(meaning) = notation.meaning(&symbol, &page) else { continue };
        for known in [&mut draft.symbols, &mut meanings] {
            if known.iter().all(|it| it.class != meaning.class) {
                known.push(meaning.clone());
            }
        }
    }
    meanings
}
