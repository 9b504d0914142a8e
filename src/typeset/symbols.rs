//! What symbols mean: the lists in the folds, and the one at the end of a page.

use super::draft::Draft;
use crate::notation::Meaning;

/// The entries of a `<dl>`.
pub(super) fn meanings_html(draft: &Draft<'_>, meanings: &[Meaning<'_>]) -> String {
    let page = draft.page.name();
    meanings.iter().map(|meaning| meaning.html(&page, draft.words())).collect()
}

/// At the end of the page: what its symbols mean, for readers without a mouse and for the tips of
/// those with one, the equations of other pages that it refers to, and what its scripts say.
pub(super) fn append(draft: &mut Draft<'_>) {
    let words = draft.words();
    let mut html = String::new();
    if !draft.symbols.is_empty() && !draft.defines_notation() {
        let list = meanings_html(draft, &draft.symbols);
        html = format!(
            "\n\n<div class=\"page-symbols\">\n\n## {}\n\n<details class=\"symbols\"><summary>{}\
             </summary><dl>{list}</dl></details>\n\n</div>\n",
            words.symbols_of_page, words.show_symbols
        );
    }
    for (to, math) in &draft.elsewhere {
        html += &format!("\n\n<template data-href=\"{to}\">{math}</template>\n");
    }
    html += "\n\n";
    html += &words.for_scripts();
    let end = draft.page.source().len();
    draft.replace(end..end, html);
}
