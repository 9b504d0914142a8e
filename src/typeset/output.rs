//! What programs print: a section of a snapshot, of a run or of a record.

use std::ops::Range;

use super::draft::Draft;
use super::printed::{Shown, shown as readable};
use crate::index::included;
use crate::mathml::escaped;
use crate::page::Include;
use crate::project::shown;
use crate::written::fenced;

pub(super) fn set(draft: &mut Draft<'_>, range: Range<usize>, include: &Include) {
    let Include { path, part: section } = include;
    let (listing, file) = match included(&draft.press.listings, include) {
        Ok(found) => found,
        Err(refusal) => return draft.refuse(range.start, refusal),
    };
    let Some(output) = listing.outputs().find(|output| output.file == file) else {
        let known: Vec<String> = listing.outputs().map(|output| shown(&output.file)).collect();
        return draft.problem(
            range.start,
            format!("`{path}`"),
            format!("one of: {}", known.join(", ")),
            "correct the path, or write the record: `cargo run -- record --help`",
        );
    };
    let Some(text) = output.sections.get(section) else {
        let known: Vec<&str> = output.sections.keys().map(String::as_str).collect();
        return draft.problem(
            range.start,
            format!("`{path}:{section}`"),
            format!("a section of that file; it has: {}", known.join(", ")),
            "correct the section's name, or let the program print it and bless it",
        );
    };
    let words = draft.words();
    let (count, class, label) = match output.is_record() {
        true => (&mut draft.counts.recorded, "output recorded", words.recorded),
        false => (&mut draft.counts.outputs, "output", words.output_of),
    };
    *count += 1;
    let id = draft.id(&format!("{}-{}-{section}", listing.package, output.name()));
    // Not "console": its highlighter would colour a program's words as a shell's.
    let code = fenced("text", text);
    let source = listing.source(output);
    let (title, body) = match readable(draft, range.start, &source, (output, section)) {
        None => (String::new(), format!("\n{code}")),
        Some(Shown { title, body }) => (
            format!("<span class=\"title\">{title}</span> "),
            format!(
                "{body}<details class=\"printed\"><summary>{}</summary>\n\n{code}\n\n</details>",
                words.as_printed
            ),
        ),
    };
    let command = escaped(&output.command);
    let html = format!(
        "<figure class=\"listing {class}\"{id}><figcaption>{title}<span class=\"label\">{label}</span> \
         <code>{command}</code></figcaption>\n{body}\n\n</figure>\n\n"
    );
    draft.replace(range, html);
}
