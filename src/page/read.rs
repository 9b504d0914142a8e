//! From Markdown to the items of a page.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag as Markdown, TagEnd};

use super::fence::Fence;
use super::item::Item;
use super::prose::{self, Prose};
use super::refusal::Refusal;
use super::tag::{COMMENTS, Tag, is_note};
use crate::project::numbers;

/// What Markdown means in this book: what mdBook reads, and math.
pub(crate) const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_DEFINITION_LIST)
    .union(Options::ENABLE_GFM)
    .union(Options::ENABLE_MATH);

/// Everything of interest in a page's Markdown, in reading order, and its sentences.
pub(super) fn read(source: &str) -> (Vec<(Range<usize>, Item)>, Prose) {
    let mut reader = Reader { source, ..Reader::default() };
    let mut prose = prose::Reader::default();
    for (event, range) in Parser::new_ext(source, OPTIONS).into_offset_iter() {
        prose.event(&event, range.clone());
        reader.event(event, range);
    }
    (reader.items, prose.finish())
}

/// Walks over the Markdown events and remembers what it is inside of.
#[derive(Default)]
struct Reader<'a> {
    source: &'a str,
    items: Vec<(Range<usize>, Item)>,
    fence: Option<(String, String)>,
    image: Option<(String, String)>,
    link: Option<(String, String)>,
    /// The cells of a row, so far.
    row: Option<Vec<Range<usize>>>,
    paragraph_end: usize,
    heading: bool,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) => self.text(&text, range),
            Event::Code(text) => {
                if let Some((_, link)) = &mut self.link {
                    link.push_str(&text);
                }
            }
            Event::InlineMath(latex) => {
                let defines = self.row.as_ref().is_some_and(|cells| cells.len() == 1);
                self.items.push((range, Item::Math { latex: latex.to_string(), defines }));
            }
            Event::DisplayMath(_) => self.refuse(
                range,
                Refusal::new(
                    "`$$ … $$`",
                    "a fenced block that starts with ```math",
                    "give the equation a fence, a label and the code that computes it",
                ),
            ),
            Event::InlineHtml(html) => self.comment(&html, range),
            Event::Html(html) => match self.wanted(html.trim_end(), &range) {
                true => {}
                false => self.html(range),
            },
            _ => {}
        }
    }

    fn start(&mut self, tag: Markdown<'_>, range: Range<usize>) {
        match tag {
            Markdown::Paragraph => self.paragraph_end = range.end,
            Markdown::Heading { .. } => self.heading = true,
            Markdown::TableRow => self.row = Some(Vec::new()),
            Markdown::TableCell => self.row.iter_mut().for_each(|cells| cells.push(range.clone())),
            Markdown::CodeBlock(kind) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.fence = Some((info, String::new()));
            }
            Markdown::Image { dest_url, .. } => {
                self.image = Some((dest_url.to_string(), String::new()));
            }
            Markdown::Link { dest_url, .. } => {
                self.link = Some((dest_url.to_string(), String::new()));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        let item = match tag {
            TagEnd::Heading(_) => {
                self.heading = false;
                None
            }
            TagEnd::TableRow => self.row.take().map(Item::Row),
            TagEnd::CodeBlock => self.fence.take().map(|(info, body)| {
                Fence::parse(&info, &body).map_or_else(Item::Refused, Item::Fence)
            }),
            TagEnd::Image => self.image.take().map(|(file, alt)| {
                let paragraph_end = self.paragraph_end;
                Item::Image { file, alt, paragraph_end }
            }),
            TagEnd::Link => self.link.take().map(|(to, text)| Item::Link { to, text }),
            _ => None,
        };
        self.items.extend(item.map(|item| (range, item)));
    }

    fn refuse(&mut self, range: Range<usize>, refusal: Refusal) {
        self.items.push((range, Item::Refused(refusal)));
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
            let refusal = Refusal::new(
                format!("`{}` outside a fenced block", &text[at..end]),
                "`{{#include path:anchor}}` alone in a fence",
                "put it into a ```rust or ```console fence",
            );
            self.refuse(range.start + at..range.start + end, refusal);
        }
        for (at, _) in self.source[range.clone()].match_indices('<') {
            let place = range.start + at;
            if self.source[place..].starts_with("<!--") && !self.source[..place].ends_with('\\') {
                let refusal = Refusal::new(
                    "a comment that does not end in its paragraph",
                    "its --> before the paragraph's end, and no line of it that begins like a list, a quotation or a heading",
                    "close it, or break its lines elsewhere",
                );
                self.refuse(place..place + 4, refusal);
            }
        }
        for (at, _) in self.source[range.clone()].match_indices('$') {
            let place = range.start + at;
            if !self.source[..place].ends_with('\\') {
                let refusal = Refusal::new(
                    "a lone `$`",
                    "math between two dollar signs on one line, with its braces in pairs",
                    "close the formula, or write \\$ for a dollar",
                );
                self.refuse(place..place + 1, refusal);
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
                let todo = format!(
                    "write {literal}<!--ch05:label--> for a number that `cargo run -p ch05` prints, \
                     {literal}<!--cite:key--> for one from a source on this page, \
                     or {literal}<!--constant: reason-->"
                );
                let found = format!("the number {literal} with nothing to vouch for it");
                self.refuse(place, Refusal::new(found, "a tag directly after it", todo));
            }
        }
    }

    /// A comment is about its sentence, or directly after a number that it is the tag of.
    fn comment(&mut self, html: &str, range: Range<usize>) {
        let tag = html.strip_prefix("<!--").and_then(|html| html.strip_suffix("-->"));
        let Some(tag) = tag.filter(|tag| !is_note(tag)) else { return };
        if self.wanted(html, &range) {
            return;
        }
        let line_start = self.source[..range.start].rfind('\n').map_or(0, |at| at + 1);
        let before = &self.source[line_start..range.start];
        if let Some(number) = numbers(before).pop().filter(|number| number.end == before.len()) {
            let literal = before[number.clone()].to_owned();
            let item = match Tag::parse(&literal, tag.trim()) {
                Ok(tag) => Item::Tagged { literal, tag },
                Err(refusal) => Item::Refused(refusal),
            };
            self.items.push((line_start + number.start..range.end, item));
        } else {
            let found = format!("<!--{tag}--> behind no number");
            let todo = "correct the comment, or delete it: there is no other kind";
            self.refuse(range, Refusal::new(found, COMMENTS, todo));
        }
    }

    /// Takes `<!--search: gradient check, gradcheck-->`, and says whether that is what stands here.
    fn wanted(&mut self, html: &str, range: &Range<usize>) -> bool {
        let comment = html.strip_prefix("<!--").and_then(|html| html.strip_suffix("-->"));
        let Some(words) = comment.and_then(|text| text.trim().strip_prefix("search:")) else {
            return false;
        };
        let words: Vec<String> = words.split(',').map(|word| word.trim().to_owned()).collect();
        let item = match words.iter().all(|word| !word.is_empty()) {
            true => Item::Wanted(words),
            false => Item::Refused(Refusal::new(
                html.to_owned(),
                "<!--search: words, other words-->",
                "write what a reader may type, the best first, with commas between",
            )),
        };
        self.items.push((range.clone(), item));
        true
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
