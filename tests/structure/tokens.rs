//! A file of Rust as its words and signs, without spaces and comments.

use ra_ap_rustc_lexer::{FrontmatterAllowed, TokenKind, tokenize};

/// A word, a sign or a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) text: &'a str,
    /// From 1.
    pub(crate) line: usize,
    pub(crate) is_word: bool,
}

/// The tokens of a text.
pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    let (mut at, mut line) = (0, 1);
    let mut found = Vec::new();
    for token in tokenize(text, FrontmatterAllowed::No) {
        let part = &text[at..at + token.len as usize];
        let kind = token.kind;
        let skipped = matches!(
            kind,
            TokenKind::Whitespace | TokenKind::LineComment { .. } | TokenKind::BlockComment { .. }
        );
        if !skipped {
            let is_word = matches!(kind, TokenKind::Ident | TokenKind::RawIdent);
            found.push(Token { text: part, line, is_word });
        }
        line += part.matches('\n').count();
        at += part.len();
    }
    found
}

/// A function with a body.
#[derive(Debug)]
pub(crate) struct Function<'a> {
    pub(crate) name: &'a str,
    /// The line of its `fn`, from 1.
    pub(crate) first: usize,
    /// The line of its closing brace.
    pub(crate) last: usize,
}

/// Every function, methods and those in macros too.
pub(crate) fn functions<'a>(tokens: &[Token<'a>]) -> Vec<Function<'a>> {
    let mut found = Vec::new();
    for (at, pair) in tokens.windows(2).enumerate() {
        let [keyword, name] = pair else { continue };
        if keyword.text != "fn" || !name.is_word {
            continue;
        }
        if let Some(last) = body_end(&tokens[at..]) {
            found.push(Function { name: name.text, first: keyword.line, last });
        }
    }
    found
}

/// The line of the brace that closes the function that begins here; none if it has no body.
fn body_end(tokens: &[Token<'_>]) -> Option<usize> {
    let mut depth = 0;
    for token in tokens {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" => depth -= 1,
            "}" => {
                depth -= 1;
                if depth == 0 {
                    return Some(token.line);
                }
            }
            ";" if depth == 0 => return None,
            _ => {}
        }
    }
    None
}
