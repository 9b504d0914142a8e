//! Where the parser stands among the tokens.

use press::mathml::{Index, Token, latex, script_text};

use crate::refusal::Refusal;

/// Expressions nested deeper than this are refused, so that no input can exhaust the stack.
pub(super) const MAX_DEPTH: usize = 64;

/// Is this token that operator?
pub(super) fn is_operator(token: &Token, wanted: &str) -> bool {
    matches!(token, Token::Operator(found) if found == wanted)
}

/// The index that tokens spell.
pub(super) fn index(tokens: &[Token]) -> Option<Index> {
    Index::parse(&script_text(tokens)?)
}

/// Reads one side of an equation, or a part that stands on its own.
pub(super) struct Parser<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) position: usize,
    pub(super) depth: usize,
    /// The index letters of the sums around.
    pub(super) letters: Vec<char>,
    /// The bars that are open.
    pub(super) bars: Vec<char>,
}

impl<'a> Parser<'a> {
    pub(super) fn new(tokens: &'a [Token], depth: usize, letters: &[char]) -> Self {
        Parser { tokens, position: 0, depth, letters: letters.to_vec(), bars: Vec::new() }
    }

    pub(super) fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.position)
    }

    pub(super) fn at_operator(&self, wanted: &str) -> bool {
        self.peek().is_some_and(|token| is_operator(token, wanted))
    }

    /// After an expression a bar closes the innermost open one, if it is of the same kind.
    pub(super) fn at_closing_bar(&self) -> bool {
        matches!((self.peek(), self.bars.last()), (Some(Token::Bar(bar)), Some(open)) if bar == open)
    }

    pub(super) fn accept(&mut self, wanted: &Token) -> bool {
        let found = self.peek() == Some(wanted);
        self.position += usize::from(found);
        found
    }

    /// A refusal that quotes what stands around the next token.
    pub(super) fn refuse(&self, why: impl AsRef<str>) -> Refusal {
        let start = self.position.saturating_sub(3);
        let end = (self.position + 3).min(self.tokens.len());
        let quoted = latex(&self.tokens[start.min(end)..end]);
        let before = if start > 0 { "… " } else { "" };
        let after = if end < self.tokens.len() { " …" } else { "" };
        let found = match self.peek() {
            Some(token) => format!("at `{}` in", token.latex()),
            None => "at the end of".to_owned(),
        };
        Refusal::new(format!("{found} `{before}{quoted}{after}`: {}", why.as_ref()))
    }
}
