//! A tree of MathML: read from a text, written to a page.

use std::fmt::Write as _;

use pulldown_cmark_escape::escape_html;
use roxmltree::{Document, Node};

use super::error::MathError;
use super::symbol::Symbol;

/// Deeper trees are refused, so that no input can exhaust the stack: whatever walks a tree recurses.
const MAX_DEPTH: usize = 200;

/// An element and what is in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Element {
    pub(super) tag: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Child>,
    /// The symbol that the element spells, if it spells one and at most a script that is no part of a
    /// name.
    pub(super) symbol: Option<Symbol>,
}

/// Says which class a symbol has, where it has one.
type Class<'a> = &'a dyn Fn(&Symbol) -> Option<String>;

/// What stands in an element.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Child {
    Element(Element),
    Text(String),
}

impl Element {
    pub(super) fn new(tag: &str, children: Vec<Child>) -> Element {
        Element { tag: tag.to_owned(), attributes: Vec::new(), children, symbol: None }
    }

    /// Reads a text that is one element.
    pub(super) fn parse(text: &str) -> Result<Element, MathError> {
        let tree = Document::parse(text).map_err(|error| {
            MathError::whole(format!("this is not well-formed MathML: {error}"))
        })?;
        Element::copy(tree.root_element(), 0)
    }

    fn copy(node: Node<'_, '_>, depth: usize) -> Result<Element, MathError> {
        if depth > MAX_DEPTH {
            return Err(MathError::whole(format!(
                "the formula is nested more than {MAX_DEPTH} levels deep"
            )));
        }
        let attributes = node
            .attributes()
            .map(|attribute| (attribute.name().to_owned(), attribute.value().to_owned()));
        let mut element = Element::new(node.tag_name().name(), Vec::new());
        element.attributes = attributes.collect();
        for child in node.children() {
            if child.is_element() {
                element.children.push(Child::Element(Element::copy(child, depth + 1)?));
            } else if child.is_text() {
                element.children.push(Child::Text(child.text().unwrap_or_default().to_owned()));
            }
        }
        Ok(element)
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The text that stands directly in the element.
    pub(super) fn text(&self) -> String {
        let texts = self.children.iter().filter_map(|child| match child {
            Child::Text(text) => Some(text.as_str()),
            Child::Element(_) => None,
        });
        texts.collect()
    }

    /// The element as text, with a class on each symbol, as far as `class` knows one.
    pub(super) fn write(&self, class: Class<'_>) -> String {
        let mut out = String::new();
        self.write_to(Some(class), &mut out);
        out
    }

    /// Without `class`, inside a symbol, nothing is marked: `f` in `W_f` is no symbol of its own.
    fn write_to(&self, class: Option<Class<'_>>, out: &mut String) {
        let _ = write!(out, "<{}", self.tag);
        for (name, value) in &self.attributes {
            let _ = write!(out, " {name}=\"");
            escape(out, value);
            out.push('"');
        }
        let symbol = self.symbol.as_ref();
        let known = class.zip(symbol).and_then(|(class, symbol)| class(symbol));
        if let Some(class) = known.filter(|_| self.attribute("class").is_none()) {
            let _ = write!(out, " class=\"{class}\"");
        }
        out.push('>');
        for child in &self.children {
            match child {
                Child::Element(element) => {
                    element.write_to(class.filter(|_| symbol.is_none()), out)
                }
                Child::Text(text) => escape(out, text),
            }
        }
        let _ = write!(out, "</{}>", self.tag);
    }
}

/// `text` so that HTML and XML read it as it is, in an attribute too.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::new();
    escape(&mut out, text);
    out
}

fn escape(out: &mut String, text: &str) {
    // Writing into a `String` does not fail.
    let _ = escape_html(out, text);
}
