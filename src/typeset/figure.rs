//! Figures: the SVGs that Rust drew, each with its number and its caption.

use std::ops::Range;

use super::draft::Draft;
use crate::index::figure_id;

/// Figures are drawn this wide, so that their letters can be read on a phone, which shows them at about
/// two thirds; book.css shows them somewhat larger elsewhere. What is drawn wider (two figures of chapter 12 are 720
/// wide) is shown as wide as the others, and its letters come out smaller.
pub const FIGURE_WIDTH: u32 = 540;

pub(super) fn set(
    draft: &mut Draft<'_>,
    range: Range<usize>,
    file: &str,
    alt: &str,
    paragraph_end: usize,
) {
    let page = draft.page;
    let svg = match draft.press.project.read(&page.file().with_file_name("").join(file)) {
        Ok(svg) if file.ends_with(".svg") => svg,
        Ok(_) => {
            return draft.problem(
                range.start,
                format!("the image `{file}`"),
                "an SVG that Rust drew from a run: figures/….svg",
                "draw it in figures/",
            );
        }
        Err(error) => {
            let todo = "correct the path, or draw the figure and run `cargo run -- bless`";
            return draft.problem(range.start, format!("{error:#}"), "a figure's file", todo);
        }
    };
    let title = title(&svg).unwrap_or_default();
    if title != alt {
        return draft.problem(
            range.start,
            format!("the alternative text `{alt}`"),
            format!("the figure's own title: `{title}`"),
            "make the two the same, so that the picture has one name everywhere",
        );
    }
    draft.counts.figures += 1;
    let id = figure_id(file);
    let number = draft.press.index.number(&page.name(), &id).unwrap_or_default();
    let caption_end = range.end + page.source()[range.end..paragraph_end].trim_end().len();
    let label = format!("<span class=\"label\">{} {number}</span>", draft.words().figure);
    let svg = svg.lines().collect::<Vec<_>>().join("\n");
    let open = format!("<figure class=\"figure\" id=\"{id}\">\n{svg}\n<figcaption>\n\n{label}");
    draft.replace(range, open);
    draft.replace(caption_end..caption_end, "\n\n</figcaption>\n</figure>\n".to_owned());
}

/// The title of an SVG document.
fn title(svg: &str) -> Option<String> {
    let svg = roxmltree::Document::parse(svg).ok()?;
    let title = svg.root_element().children().find(|node| node.has_tag_name("title"));
    title?.text().map(str::to_owned)
}
