//! A formula that was read once, for everybody who asks.

use super::convert::{Display, convert};
use super::error::MathError;
use super::symbol::Symbol;
use super::token::{Token, read, spelled, symbols};
use super::tree::Element;

/// A formula of the book: what the page shows, and what stands in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    tree: Element,
    tokens: Vec<Token>,
}

impl Formula {
    /// Reads LaTeX.
    ///
    /// # Errors
    /// An unknown command, an unclosed group and the like, with the place in `latex`.
    pub fn new(latex: &str, display: Display) -> Result<Formula, MathError> {
        Ok(Formula::of(convert(latex, display)?))
    }

    /// Reads what a page shows: one `<math>` element.
    ///
    /// # Errors
    /// If the text is not well-formed, or nested deeper than any real formula.
    pub fn from_mathml(mathml: &str) -> Result<Formula, MathError> {
        Ok(Formula::of(Element::parse(mathml)?))
    }

    fn of(mut tree: Element) -> Formula {
        let mut tokens = Vec::new();
        read(&mut tree, &mut tokens);
        Formula { tree, tokens }
    }

    /// One `<math>` element: MathML Core, well-formed as XML.
    pub fn mathml(&self) -> String {
        self.tree.write(&|_| None)
    }

    /// The same with a class on each of its symbols, as far as `class` knows one: what stands in the
    /// page for "this is the forget gate".
    pub fn marked(&self, class: &dyn Fn(&Symbol) -> Option<String>) -> String {
        self.tree.write(class)
    }

    /// What the reader sees, in reading order.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Every symbol of the formula, in reading order, each once.
    ///
    /// The formula may be of any kind; it need not be an equation. Functions count as symbols under
    /// their names (`sigma`, `tanh`, `diag`), numbers and upright text do not. A derivative
    /// `\frac{\partial L}{\partial v}` gives `partial`, `L` and `v`, since these are what a table of
    /// notation defines.
    pub fn symbols(&self) -> Vec<Symbol> {
        symbols(&self.tokens)
    }

    /// The symbol, if the formula spells one and nothing else; neither `W_f^\top` nor `\sigma(z)` does.
    pub(crate) fn only_symbol(&self) -> Option<Symbol> {
        match self.tokens.as_slice() {
            [_] => spelled(&self.tokens),
            _ => None,
        }
    }
}
