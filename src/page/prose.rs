//! The sentences of a page: what each says, what it quotes, and the comments that stand in it.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};
use unicode_segmentation::UnicodeSegmentation;

use super::fence::Include;
use super::tag::is_note;
use crate::mathml::{Display, Formula, escaped};
use crate::project::numbers;

/// Where a piece of text ends with one of these, no sentence ends, whatever follows.
const ABBREVIATIONS: [&str; 7] = ["e.g.", "i.e.", "vs.", "cf.", "et al.", "Fig.", "Eq."];

/// Stands in the text for code and formulas: as a sentence's beginning, it must look like one.
const OBJECT: char = 'X';

/// A number with a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// As written.
    pub literal: String,
    /// `ch14/results:30:bias-3.solved`.
    pub tag: String,
}

/// A comment of the kind that this module is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it says, without `<!--` and `-->`.
    pub text: String,
    /// Where it stands in the page's source.
    pub range: Range<usize>,
}

/// What a sentence is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Text(String),
    /// Inline code.
    Code(String),
    /// A formula's LaTeX.
    Math(String),
}

/// A sentence outside of headings and code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Where it begins in the page's source.
    pub start: usize,
    /// What it says.
    pub pieces: Vec<Piece>,
    /// The numbers with tags in it.
    pub quoted: Vec<Quoted>,
    /// The comments in it or behind it.
    pub notes: Vec<Note>,
    /// The outputs that its paragraph stands beside, as their includes name them.
    pub beside: Vec<Shown>,
}

impl Sentence {
    /// Itself, for messages.
    pub fn text(&self) -> String {
        let pieces = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Code(code) => format!("`{code}`"),
            Piece::Math(latex) => format!("${latex}$"),
        });
        pieces.collect::<String>().trim().to_owned()
    }

    /// Its words, without code and formulas.
    pub fn words(&self) -> String {
        let pieces = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text,
            Piece::Code(_) | Piece::Math(_) => " ",
        });
        pieces.collect()
    }

    /// Itself, for readers.
    pub fn html(&self) -> String {
        let pieces = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => escaped(text),
            Piece::Code(code) => format!("<code>{}</code>", escaped(code)),
            Piece::Math(latex) => match Formula::new(latex, Display::Inline) {
                Ok(formula) => formula.mathml(),
                Err(_) => escaped(latex),
            },
        });
        pieces.collect::<String>().trim().to_owned()
    }
}

/// An included output: `../../listings/…/output.txt` and the section.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shown {
    /// The path, as written.
    pub path: String,
    /// The section's name.
    pub section: String,
}

/// What a page says.
#[derive(Clone, Debug, Default)]
pub struct Prose {
    /// Its sentences, in order.
    pub sentences: Vec<Sentence>,
    /// Comments that stand in no sentence.
    pub lost: Vec<Note>,
    /// The outputs that it includes.
    pub shown: Vec<Shown>,
}

/// A paragraph, an item of a list or a cell of a table, as plain text.
#[derive(Debug, Default)]
struct Block {
    text: String,
    /// Which of the page's outermost pieces it belongs to.
    group: usize,
    /// Where a byte of the text and those after it stand in the source.
    places: Vec<(usize, usize)>,
    /// Code and formulas, by where they stand in the text.
    objects: BTreeMap<usize, Piece>,
    quoted: Vec<(usize, Quoted)>,
    notes: Vec<(usize, Note)>,
}

impl Block {
    /// The byte of the source for a byte of the text.
    fn place(&self, at: usize) -> usize {
        let known = self.places.iter().rev().find(|(start, _)| *start <= at);
        known.map_or(0, |(start, place)| place + (at - start))
    }

    /// Where its sentences begin and end.
    fn bounds(&self) -> Vec<Range<usize>> {
        let mut bounds: Vec<Range<usize>> = Vec::new();
        for (at, piece) in self.text.split_sentence_bound_indices() {
            let end = at + piece.len();
            let before = bounds.last().map(|last| self.text[last.clone()].trim_end());
            let goes_on = before
                .is_some_and(|before| ABBREVIATIONS.iter().any(|short| before.ends_with(short)));
            match bounds.last_mut().filter(|_| goes_on || piece.trim().is_empty()) {
                Some(last) => last.end = end,
                None => bounds.push(at..end),
            }
        }
        bounds
    }

    fn sentences(&self, beside: &[Shown]) -> Vec<Sentence> {
        let bounds = self.bounds();
        // What stands behind a sentence's last word or after its full stop belongs to it, up to the first
        // letter of the next.
        let inside = |range: &Range<usize>, at: usize| {
            (range.start < at || range.start == 0) && at <= range.end
        };
        let sentence = |range: &Range<usize>| {
            let text = &self.text[range.clone()];
            let start = range.start + (text.len() - text.trim_start().len());
            Sentence {
                start: self.place(start),
                pieces: self.pieces(range),
                quoted: (self.quoted.iter())
                    .filter(|(at, _)| inside(range, *at))
                    .map(|(_, quoted)| quoted.clone())
                    .collect(),
                notes: (self.notes.iter())
                    .filter(|(at, _)| inside(range, *at))
                    .map(|(_, note)| note.clone())
                    .collect(),
                beside: beside.to_vec(),
            }
        };
        bounds.iter().map(sentence).collect()
    }

    fn pieces(&self, range: &Range<usize>) -> Vec<Piece> {
        let (mut pieces, mut at) = (Vec::new(), range.start);
        for (place, object) in self.objects.range(range.clone()) {
            pieces.push(Piece::Text(self.text[at..*place].to_owned()));
            pieces.push(object.clone());
            at = place + OBJECT.len_utf8();
        }
        pieces.push(Piece::Text(self.text[at..range.end].to_owned()));
        pieces.retain(|piece| *piece != Piece::Text(String::new()));
        pieces
    }
}

/// Walks over the Markdown events.
#[derive(Default)]
pub(super) struct Reader {
    blocks: Vec<Block>,
    block: Block,
    depth: usize,
    group: usize,
    heading: bool,
    image: bool,
    fence: Option<String>,
    outputs: Vec<(usize, Shown)>,
    lost: Vec<Note>,
}

impl Reader {
    /// What was read.
    pub(super) fn finish(mut self) -> Prose {
        self.flush();
        let outputs = &self.outputs;
        let beside = |block: &Block| -> Vec<Shown> {
            let near = outputs.iter().filter(|(group, _)| group.abs_diff(block.group) == 1);
            near.map(|(_, shown)| shown.clone()).collect()
        };
        let sentences = self.blocks.iter().flat_map(|block| block.sentences(&beside(block)));
        Prose {
            sentences: sentences.collect(),
            shown: self.outputs.iter().map(|(_, shown)| shown.clone()).collect(),
            lost: self.lost,
        }
    }

    pub(super) fn event(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(*tag),
            Event::Rule => self.group += 1,
            Event::Text(text) => self.text(text, range.start),
            Event::SoftBreak | Event::HardBreak => self.text(" ", range.start),
            Event::Code(code) => self.object(Piece::Code(code.to_string()), range.start),
            Event::InlineMath(latex) => self.object(Piece::Math(latex.to_string()), range.start),
            Event::InlineHtml(html) => self.comment(html, range),
            Event::Html(html) => {
                for (at, open) in html.match_indices("<!--") {
                    let text = &html[at + open.len()..];
                    let text = text.split("-->").next().unwrap_or(text).trim().to_owned();
                    // What a reader may look for here belongs to the place, and to no sentence.
                    if !text.starts_with("search:") {
                        self.lost.push(Note { text, range: range.start + at..range.end });
                    }
                }
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } => return,
            Tag::Superscript | Tag::Subscript => return,
            Tag::Image { .. } => return self.image = true,
            Tag::Heading { .. } => self.heading = true,
            Tag::CodeBlock(_) => self.fence = Some(String::new()),
            _ => {}
        }
        self.flush();
        self.group += usize::from(self.depth == 0);
        self.depth += 1;
        self.block.group = self.group;
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link => return,
            TagEnd::Superscript | TagEnd::Subscript => return,
            TagEnd::Image => return self.image = false,
            TagEnd::Heading(_) => self.heading = false,
            TagEnd::CodeBlock => {
                let body = self.fence.take().unwrap_or_default();
                if let Some(Include { path, part }) =
                    Include::parse(&body).filter(|include| include.path.ends_with(".txt"))
                {
                    self.outputs.push((self.group, Shown { path, section: part }));
                }
            }
            _ => {}
        }
        self.flush();
        self.depth = self.depth.saturating_sub(1);
        self.block.group = self.group;
    }

    /// A block ends here.
    fn flush(&mut self) {
        let block = std::mem::take(&mut self.block);
        match block.text.trim().is_empty() {
            true => self.lost.extend(block.notes.into_iter().map(|(_, note)| note)),
            false => self.blocks.push(block),
        }
        self.block.group = self.group;
    }

    fn text(&mut self, text: &str, start: usize) {
        if let Some(body) = &mut self.fence {
            body.push_str(text);
        } else if !self.heading && !self.image {
            self.block.places.push((self.block.text.len(), start));
            // A line's end is none of a sentence's.
            self.block.text.push_str(&text.replace('\n', " "));
        }
    }

    fn object(&mut self, object: Piece, start: usize) {
        if !self.heading && !self.image {
            self.block.objects.insert(self.block.text.len(), object);
            self.text(OBJECT.encode_utf8(&mut [0; 4]), start);
        }
    }

    fn comment(&mut self, html: &str, range: Range<usize>) {
        let comment = html.strip_prefix("<!--").and_then(|html| html.strip_suffix("-->"));
        let Some(text) = comment.map(str::trim) else { return };
        if is_note(text) {
            let note = Note { text: text.to_owned(), range };
            match self.heading {
                true => self.lost.push(note),
                false => self.block.notes.push((self.block.text.len(), note)),
            }
            return;
        }
        let before = &self.block.text;
        if let Some(number) = numbers(before).pop().filter(|number| number.end == before.len()) {
            let quoted = Quoted { literal: before[number].to_owned(), tag: text.to_owned() };
            self.block.quoted.push((before.len(), quoted));
        }
    }
}
