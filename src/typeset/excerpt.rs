//! Code: excerpts of the listings, and sketches, which no compiler has seen.

use std::ops::Range;
use std::path::Path;

use super::code::{self, block};
use super::draft::Draft;
use super::listing::{command, place};
use crate::index::{Printing, Since, lines};
use crate::mathml::escaped;
use crate::page::Include;
use crate::project::{Listing, shown};
use crate::words::Words;

pub(super) fn set(draft: &mut Draft<'_>, range: Range<usize>, include: &Include) {
    let press = draft.press;
    let taken;
    let printing = match press.index.printing(draft.page, include) {
        Some(printing) => printing,
        None => match Printing::take(&press.project, &press.listings, draft.page, include) {
            Ok(printing) => {
                taken = printing;
                &taken
            }
            Err(refusal) => return draft.refuse(range.start, refusal),
        },
    };
    draft.counts.excerpts += 1;
    let listing = &press.listings[&printing.package];
    if is_solution(listing, &printing.file) && !folded(draft, range.start, &printing.file) {
        return;
    }
    let id = draft.id(&printing.id());
    let since = press.index.before(printing);
    let caption = caption(listing, printing, since.as_ref(), draft.words());
    let text = &printing.excerpt.text;
    let code = match &since {
        // Its signs stand beside its lines, all of them.
        Some(Since::Changed(_, marks)) => marked(marks, &block(text)),
        _ => code::folded(text),
    };
    let html = format!(
        "<figure class=\"listing\"{id}><figcaption>{caption}</figcaption>\n\n{code}\n\n</figure>\n\n"
    );
    draft.replace(range, html);
}

pub(super) fn sketch(draft: &mut Draft<'_>, range: Range<usize>, reason: &str, code: &str) {
    draft.counts.sketches += 1;
    let caption =
        format!("<span class=\"label\">{}</span> {}", draft.words().sketch, escaped(reason));
    let code = block(code);
    let html = format!(
        "<figure class=\"listing sketch\"><figcaption>{caption}</figcaption>\n\n{code}\n\n</figure>\n\n"
    );
    draft.replace(range, html);
}

fn is_solution(listing: &Listing, file: &Path) -> bool {
    file.starts_with(listing.folder.join("examples"))
        && file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("solution"))
}

/// A solution stays out of sight until a reader asks for it. On paper, where nothing unfolds, its file
/// is named instead.
fn folded(draft: &mut Draft<'_>, at: usize, file: &Path) -> bool {
    let before = &draft.page.source()[..at];
    let fold = before.rfind("<details").filter(|open| !before[*open..].contains("</details>"));
    let end = fold
        .filter(|open| before[*open..].starts_with("<details class=\"solution\">"))
        .and_then(|open| Some(open + before[open..].find("</summary>")?));
    let file = shown(file);
    let Some(end) = end else {
        draft.problem(
            at,
            format!("the solution {file}"),
            "a solution in a closed fold: <details class=\"solution\">, <summary>Solution</summary>",
            "put the fold around it, with an empty line after the summary",
        );
        return false;
    };
    draft.replace(end..end, format!("<span class=\"on-paper\">: <code>{file}</code></span>"));
    true
}

/// An excerpt's file, which leads to its place in the full listing, what it is, and how to run it.
fn caption(
    listing: &Listing,
    printing: &Printing,
    since: Option<&Since<'_>>,
    words: &Words,
) -> String {
    let Printing { file, excerpt, .. } = printing;
    let shown = shown(file);
    let mut caption = format!("<span class=\"label\">{}</span> ", words.listing);
    caption += &match place(listing, file, excerpt.line) {
        Some(place) => format!("<a href=\"{place}\"><code>{shown}</code></a>"),
        None => format!("<code>{shown}</code>"),
    };
    if !excerpt.item.is_empty() {
        caption += &format!(" · <code>{}</code>", excerpt.item);
    }
    if let Some(since) = since {
        caption += &since_html(since, words);
    }
    let command = escaped(&command(listing, file));
    caption + &format!(" <span class=\"run\"><code>{command}</code></span>")
}

/// What of an excerpt readers have seen before, for its caption.
fn since_html(since: &Since<'_>, words: &Words) -> String {
    let (then, said, new) = match since {
        Since::Unchanged(then) => (then, words.unchanged_since, String::new()),
        Since::Changed(then, marks) => {
            let new = format!(": {} {}", words.new_lines, lines(marks));
            (then, words.changed_since, new)
        }
    };
    let (page, id) = (then.page.replace(".md", ".html"), then.id());
    format!(
        " · <span class=\"since\">{said} <a href=\"{page}#{id}\">{} {}</a>{new}</span>",
        words.chapter,
        then.chapter.unwrap_or_default()
    )
}

/// An excerpt with a sign beside each new line.
fn marked(marks: &[bool], code: &str) -> String {
    let signs = marks.iter().map(|new| if *new { "+" } else { "&#160;" });
    let signs = signs.collect::<Vec<_>>().join("\n");
    format!(
        "<div class=\"numbered\"><pre class=\"lines\" aria-hidden=\"true\"><samp>{signs}</samp></pre>\n\n\
         {code}\n\n</div>"
    )
}
