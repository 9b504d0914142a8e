//! Reading one page of the book: what stands in its Markdown, and where.

use std::ops::Range;
use std::path::PathBuf;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::claim::prose::is_note;
use crate::output::numbers;
use crate::problem::line_of;
use crate::project::chapter_number;

/// What Markdown means in this book: what mdBook reads, and math.
pub(crate) const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_DEFINITION_LIST)
    .union(Options::ENABLE_GFM)
    .union(Options::ENABLE_MATH);

/// One Markdown file of the book.
#[derive(Clone, Debug)]
pub struct Page {
    /// Relative to the project's root: `book/src/ch05-forget-gate.md`.
    pub file: PathBuf,
    /// Its Markdown.
    pub source: String,
}

/// Something on a page that the press checks, typesets or counts.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A fenced block.
    Fence {
        /// Its info string, after the backticks.
        info: String,
        /// Its lines.
        body: String,
    },
    /// Inline math.
    Math {
        /// What stands between the dollar signs.
        latex: String,
        /// Does it stand in the first column of a table?
        defines: bool,
    },
    /// `$$ … $$`, which the book does not use.
    DisplayMath,
    /// An image.
    Image {
        /// Its file, as written.
        file: String,
        /// Its alternative text.
        alt: String,
        /// Where its paragraph ends: what follows the image is the caption.
        paragraph_end: usize,
    },
    /// A link.
    Link {
        /// Where it leads, as written.
        to: String,
        /// What it says.
        text: String,
    },
    /// An HTML comment directly after a number, such as `0.993<!--ch05:open.f-->`; the item's range
    /// covers both.
    Tagged {
        /// The number, as written.
        literal: String,
        /// The comment's text.
        tag: String,
    },
    /// A decimal without a tag.
    Decimal {
        /// The number, as written.
        literal: String,
    },
    /// A `$` that opens or closes nothing: math that Markdown does not see as math.
    Dollar,
    /// `{{#…}}` outside a fenced block.
    Directive {
        /// All of it.
        text: String,
    },
}

impl Page {
    /// The chapter's number, from the file's name; none for the introduction and the appendices.
    pub fn number(&self) -> Option<u32> {
        chapter_number(self.file.file_stem()?.to_str()?)
    }

    /// The line, from 1, of a byte of the source.
    pub fn line(&self, offset: usize) -> usize {
        line_of(&self.source, offset)
    }

    /// Everything of interest on the page, in reading order, with its place in the source.
    pub fn items(&self) -> Vec<(Range<usize>, Item)> {
        let mut reader = Reader { source: &self.source, ..Reader::default() };
        for (event, range) in Parser::new_ext(&self.source, OPTIONS).into_offset_iter() {
            reader.read(event, range);
        }
        reader.items
    }
}

/// Walks over the Markdown events and remembers what it is inside of.
#[derive(Default)]
struct Reader<'a> {
    source: &'a str,
    items: Vec<(Range<usize>, Item)>,
    fence: Option<(String, String)>,
    image: Option<(String, String)>,
    link: Option<(String, String)>,
    paragraph_end: usize,
    heading: bool,
    first_cell: bool,
}

impl Reader<'_> {
    fn read(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::Paragraph) => self.paragraph_end = range.end,
            Event::Start(Tag::Heading { .. }) => self.heading = true,
            Event::End(TagEnd::Heading(_)) => self.heading = false,
            Event::Start(Tag::TableRow) => self.first_cell = true,
            Event::End(TagEnd::TableCell) => self.first_cell = false,
            Event::Start(Tag::CodeBlock(kind)) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.to_string(),
                    CodeBlockKind::Indented => "indented".to_owned(),
                };
                self.fence = Some((info, String::new()));
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some((info, body)) = self.fence.take() {
                    self.items.push((range, Item::Fence { info, body }));
                }
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                self.image = Some((dest_url.to_string(), String::new()));
            }
            Event::End(TagEnd::Image) => {
                if let Some((file, alt)) = self.image.take() {
                    let paragraph_end = self.paragraph_end;
                    self.items.push((range, Item::Image { file, alt, paragraph_end }));
                }
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                self.link = Some((dest_url.to_string(), String::new()));
            }
            Event::End(TagEnd::Link) => {
                if let Some((to, text)) = self.link.take() {
                    self.items.push((range, Item::Link { to, text }));
                }
            }
            Event::Text(text) => self.text(&text, range),
            Event::Code(text) => {
                if let Some((_, link)) = &mut self.link {
                    link.push_str(&text);
                }
            }
            Event::InlineMath(latex) => {
                let item = Item::Math { latex: latex.to_string(), defines: self.first_cell };
                self.items.push((range, item));
            }
            Event::DisplayMath(_) => self.items.push((range, Item::DisplayMath)),
            Event::InlineHtml(html) => self.comment(&html, range),
            Event::Html(_) => self.html(range),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, range: Range<usize>) {
        if let Some((_, body)) = &mut self.fence {
            body.push_str(text);
            return;
        }
        if let Some((_, alt)) = &mut self.image {
            alt.push_str(text);
            return;
        }
        if let Some((_, link)) = &mut self.link {
            link.push_str(text);
        }
        for (at, _) in text.match_indices("{{#") {
            let end = text[at..].find("}}").map_or(text.len(), |end| at + end + 2);
            let item = Item::Directive { text: text[at..end].to_owned() };
            self.items.push((range.start + at..range.start + end, item));
        }
        for (at, _) in self.source[range.clone()].match_indices('$') {
            let place = range.start + at;
            if !self.source[..place].ends_with('\\') {
                self.items.push((place..place + 1, Item::Dollar));
            }
        }
        // "Exercise 5.1" in a heading and "(5.1)" in a link are names; links are checked elsewhere.
        if !self.heading && self.link.is_none() {
            self.decimals(range);
        }
    }

    /// Decimals in a stretch of prose that no comment follows.
    fn decimals(&mut self, range: Range<usize>) {
        let text = &self.source[range.clone()];
        for number in numbers(text) {
            let literal = &text[number.clone()];
            let place = range.start + number.start..range.start + number.end;
            let comment = self.source[place.end..].strip_prefix("<!--");
            let tagged = comment.is_some_and(|comment| !is_note(comment));
            if literal.contains(['.', 'e', 'E']) && !tagged {
                self.items.push((place, Item::Decimal { literal: literal.to_owned() }));
            }
        }
    }

    /// A comment directly after a number is a tag, unless it is about the sentence.
    fn comment(&mut self, html: &str, range: Range<usize>) {
        let tag = html.strip_prefix("<!--").and_then(|html| html.strip_suffix("-->"));
        let Some(tag) = tag.filter(|tag| !is_note(tag)) else { return };
        let line_start = self.source[..range.start].rfind('\n').map_or(0, |at| at + 1);
        let before = &self.source[line_start..range.start];
        if let Some(number) = numbers(before).pop().filter(|number| number.end == before.len()) {
            let literal = before[number.clone()].to_owned();
            let item = Item::Tagged { literal, tag: tag.trim().to_owned() };
            self.items.push((line_start + number.start..range.end, item));
        }
    }

    /// A line of an HTML block: its text, but not its tags, is prose too.
    fn html(&mut self, range: Range<usize>) {
        let html = &self.source[range.clone()];
        let mut at = 0;
        while at < html.len() {
            let end = html[at..].find('<').map_or(html.len(), |open| at + open);
            self.decimals(range.start + at..range.start + end);
            at = html[end..].find('>').map_or(html.len(), |close| end + close + 1);
        }
    }
}
