//! LaTeX to MathML: what the converter gives, with the primes where they can be read.

use std::sync::LazyLock;

use math_core::{LatexToMathML, MathDisplay};

use super::error::MathError;
use super::tree::{Child, Element};

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

/// Turns LaTeX into one `<math>` element.
pub(super) fn convert(latex: &str, display: Display) -> Result<Element, MathError> {
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
    Ok(primes_beside(Element::parse(&converted.mathml)?))
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

/// The same element with every prime in it moved out of its superscript, to stand beside what it
/// belongs to.
///
/// U+2032 is drawn raised already. Inside `msup` it is raised and shrunk a second time, to a speck.
fn primes_beside(mut element: Element) -> Element {
    let inner = |child| match child {
        Child::Element(element) => Child::Element(primes_beside(element)),
        text => text,
    };
    element.children = element.children.into_iter().map(inner).collect();
    let lowered = match (element.tag.as_str(), element.children.len()) {
        ("msup", 2) => false,
        ("msubsup", 3) => true,
        _ => return element,
    };
    let Some(Child::Element(raised)) = element.children.last() else { return element };
    let Some((primes, rest)) = split_primes(raised) else { return element };
    element.children.pop();
    let mut prime = Element::new("mo", vec![Child::Text(primes)]);
    let spacing = [("form", "postfix"), ("lspace", "0"), ("rspace", "0")];
    prime.attributes =
        spacing.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect();
    let base = element.children.remove(0);
    let primed = Element::new("mrow", vec![base, Child::Element(prime)]);
    let scripts = match (lowered, rest.is_empty()) {
        (false, true) => return primed,
        (true, true) => "msub",
        (false, false) => "msup",
        (true, false) => "msubsup",
    };
    element.children.insert(0, Child::Element(primed));
    if !rest.is_empty() {
        element.children.push(Child::Element(Element::new("mrow", rest)));
    }
    Element { tag: scripts.to_owned(), ..element }
}

/// The leading primes of a superscript, and what follows them: `x'^2` has both.
fn split_primes(raised: &Element) -> Option<(String, Vec<Child>)> {
    let whole = [Child::Element(raised.clone())];
    let all = if raised.tag == "mrow" { raised.children.as_slice() } else { &whole };
    let prime = |child: &Child| match child {
        Child::Element(element) if element.tag == "mo" => {
            Some(element.text()).filter(|text| text.chars().all(|c| matches!(c, '′'..='‴' | '⁗')))
        }
        _ => None,
    };
    let primes: Vec<String> = all.iter().map_while(prime).collect();
    let rest = all[primes.len()..].to_vec();
    let primes = primes.concat();
    (!primes.is_empty()).then_some((primes, rest))
}
