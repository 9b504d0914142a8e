//! LaTeX to MathML.
//!
//! Every formula of the book, displayed or inline, goes through [`typeset`], and
//! [`equation`](crate::equation) reads what comes out of it: the page and the check share one text.

use std::error::Error;
use std::fmt::{self, Write as _};
use std::sync::LazyLock;

use math_core::{LatexToMathML, MathDisplay};
use roxmltree::{Document, Node};

use crate::equation::{Symbol, only_symbol};

/// Deeper groups than this are refused: the converter recurses once a level and has no limit of
/// its own that holds on a small stack. The book's deepest formula needs about six.
const MAX_NESTING: usize = 64;

/// How a formula stands on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Display {
    /// Within a line of text, `$…$`.
    Inline,
    /// On lines of its own.
    Block,
}

/// LaTeX that cannot be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MathError {
    /// Where in the LaTeX, in bytes; 0 where it is not known.
    pub offset: usize,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for MathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for MathError {}

/// Turns LaTeX into one `<math>` element: MathML Core, well-formed as XML.
///
/// # Errors
///
/// An unknown command, an unclosed group and the like, with the place in `latex`.
pub fn typeset(latex: &str, display: Display) -> Result<String, MathError> {
    static CONVERTER: LazyLock<LatexToMathML> = LazyLock::new(LatexToMathML::default);
    refuse_deep_nesting(latex)?;
    let display = match display {
        Display::Inline => MathDisplay::Inline,
        Display::Block => MathDisplay::Block,
    };
    let converted =
        CONVERTER.convert_with_local_state(latex, display).map_err(|error| MathError {
            offset: latex.floor_char_boundary(error.0.start.min(latex.len())),
            message: error.error_message(),
        })?;
    let tree = Document::parse(&converted.mathml).map_err(|error| MathError {
        offset: 0,
        message: format!("the formula does not become well-formed MathML: {error}"),
    })?;
    let mut mathml = String::with_capacity(converted.mathml.len());
    write_element(tree.root_element(), &mut mathml);
    Ok(mathml)
}

/// The same formula with a class on each of its symbols, as far as `class` knows one: what stands in the
/// page for "this is the forget gate".
pub fn mark(mathml: &str, class: &dyn Fn(&Symbol) -> Option<String>) -> String {
    let Ok(tree) = Document::parse(mathml) else { return mathml.to_owned() };
    let mut marked = String::with_capacity(mathml.len() * 5 / 4);
    write_marked(tree.root_element(), class, &mut marked);
    marked
}

fn write_marked(node: Node<'_, '_>, class: &dyn Fn(&Symbol) -> Option<String>, out: &mut String) {
    if node.is_text() {
        return escape(node.text().unwrap_or_default(), out);
    }
    // The whole formula is not a symbol even where it holds only one: its display belongs to it.
    let symbol = (!node.has_tag_name("math")).then(|| only_symbol(node)).flatten();
    open_tag(node, out);
    if let Some(class) = symbol.as_ref().and_then(|(symbol, _)| class(symbol))
        && node.attribute("class").is_none()
    {
        out.pop();
        let _ = write!(out, " class=\"{class}\">");
    }
    for child in node.children().filter(|child| child.is_element() || child.is_text()) {
        match symbol {
            Some(_) => write_element(child, out),
            None => write_marked(child, class, out),
        }
    }
    close_tag(node.tag_name().name(), out);
}

/// Counts what makes the converter recurse: groups, environments and chains of one-argument
/// commands such as `\bar\bar\bar x`.
fn refuse_deep_nesting(latex: &str) -> Result<(), MathError> {
    let mut depth = 0_usize;
    let mut commands_in_a_row = 0_usize;
    let mut rest = latex.char_indices().peekable();
    while let Some((offset, character)) = rest.next() {
        match character {
            '\\' => {
                commands_in_a_row += 1;
                let mut command = String::new();
                while let Some((_, letter)) = rest.next_if(|(_, c)| c.is_ascii_alphabetic()) {
                    command.push(letter);
                }
                match command.as_str() {
                    "" => drop(rest.next()),
                    "left" | "begin" => depth += 1,
                    "right" | "end" => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if character.is_whitespace() => {}
            _ => commands_in_a_row = 0,
        }
        if depth.max(commands_in_a_row) > MAX_NESTING {
            return Err(MathError {
                offset,
                message: format!("more than {MAX_NESTING} nested groups or commands"),
            });
        }
    }
    Ok(())
}

/// Writes an element and what is in it, with every prime moved out of its superscript.
///
/// U+2032 is drawn raised already. Inside `msup` it is raised and shrunk a second time, to a speck.
fn write_element(node: Node<'_, '_>, out: &mut String) {
    if node.is_text() {
        return escape(node.text().unwrap_or_default(), out);
    }
    let parts: Vec<Node<'_, '_>> = node.children().filter(Node::is_element).collect();
    match (node.tag_name().name(), parts.as_slice()) {
        ("msup", [base, raised]) => {
            if let Some((primes, rest)) = split_primes(*raised) {
                return write_primed(*base, &primes, None, &rest, out);
            }
        }
        ("msubsup", [base, lowered, raised]) => {
            if let Some((primes, rest)) = split_primes(*raised) {
                return write_primed(*base, &primes, Some(*lowered), &rest, out);
            }
        }
        _ => {}
    }
    open_tag(node, out);
    for child in node.children().filter(|child| child.is_element() || child.is_text()) {
        write_element(child, out);
    }
    close_tag(node.tag_name().name(), out);
}

/// The leading primes of a superscript, and what follows them: `x'^2` has both.
fn split_primes<'a, 'input>(raised: Node<'a, 'input>) -> Option<(String, Vec<Node<'a, 'input>>)> {
    let all: Vec<Node<'_, '_>> = match raised.tag_name().name() {
        "mrow" => raised.children().filter(Node::is_element).collect(),
        _ => vec![raised],
    };
    let is_prime = |node: &&Node<'_, '_>| {
        node.has_tag_name("mo")
            && node.text().is_some_and(|text| text.chars().all(|c| matches!(c, '′'..='‴' | '⁗')))
    };
    let count = all.iter().take_while(is_prime).count();
    let (primes, rest) = all.split_at(count);
    let primes: String = primes.iter().filter_map(Node::text).collect();
    (!primes.is_empty()).then(|| (primes, rest.to_vec()))
}

/// `base` with its primes beside it, and the other scripts around both.
fn write_primed(
    base: Node<'_, '_>,
    primes: &str,
    lowered: Option<Node<'_, '_>>,
    raised: &[Node<'_, '_>],
    out: &mut String,
) {
    let scripts = match (lowered, raised) {
        (None, []) => None,
        (Some(_), []) => Some("msub"),
        (None, _) => Some("msup"),
        (Some(_), _) => Some("msubsup"),
    };
    if let Some(tag) = scripts {
        let _ = write!(out, "<{tag}>");
    }
    out.push_str("<mrow>");
    write_element(base, out);
    let _ = write!(out, r#"<mo form="postfix" lspace="0" rspace="0">{primes}</mo></mrow>"#);
    if let Some(lowered) = lowered {
        write_element(lowered, out);
    }
    if !raised.is_empty() {
        out.push_str("<mrow>");
        raised.iter().for_each(|node| write_element(*node, out));
        out.push_str("</mrow>");
    }
    if let Some(tag) = scripts {
        close_tag(tag, out);
    }
}

fn open_tag(node: Node<'_, '_>, out: &mut String) {
    let _ = write!(out, "<{}", node.tag_name().name());
    for attribute in node.attributes() {
        let _ = write!(out, " {}=\"", attribute.name());
        escape(attribute.value(), out);
        out.push('"');
    }
    out.push('>');
}

fn close_tag(name: &str, out: &mut String) {
    let _ = write!(out, "</{name}>");
}

/// `text` so that HTML and XML read it as it is, in an attribute too.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::new();
    escape(text, &mut out);
    out
}

/// Writes `text` as [`escaped`] has it.
pub fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(character),
        }
    }
}
