//! Code in colour: coloured when the page is typeset, so that no page has to load a highlighter.

use std::fmt::Write as _;

use pulldown_cmark_escape::escape_html_body_text;
use ra_ap_rustc_lexer::{FrontmatterAllowed, LiteralKind, TokenKind, tokenize};

/// Words that the language keeps for itself.
const KEYWORDS: [&str; 36] = [
    "as", "async", "await", "break", "const", "continue", "dyn", "else", "enum", "extern", "false",
    "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref",
    "return", "self", "Self", "static", "struct", "super", "trait", "true", "type", "use", "where",
    "while",
];

/// The built-in types; other types begin with a capital letter.
const TYPES: [&str; 17] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16",
    "u32", "u64", "u128", "usize",
];

/// Keywords before the name that they define.
const DEFINERS: [&str; 7] = ["enum", "fn", "mod", "struct", "trait", "type", "const"];

/// Rust as the block of HTML that mdBook would have made of it, coloured.
pub(super) fn block(code: &str) -> String {
    format!("<pre><code class=\"language-rust\">{}\n</code></pre>", rust(code.trim_end()))
}

/// Rust as HTML: what is more than a plain name stands in a `<span class="hl-…">`.
fn rust(code: &str) -> String {
    let mut html = String::with_capacity(2 * code.len());
    let mut at = 0;
    let mut before = "";
    let mut attribute = Attribute::default();
    for token in tokenize(code, FrontmatterAllowed::No) {
        let text = &code[at..at + token.len as usize];
        at += text.len();
        let class = match attribute.part(text, &code[at..]) {
            true => Some("attribute"),
            false => class(token.kind, text, before, &code[at..]),
        };
        // Writing to a string cannot fail.
        let _ = match class {
            Some(class) => write!(html, "<span class=\"hl-{class}\">")
                .and_then(|()| escape_html_body_text(&mut html, text))
                .and_then(|()| html.write_str("</span>")),
            None => escape_html_body_text(&mut html, text),
        };
        if token.kind != TokenKind::Whitespace {
            before = &code[at - token.len as usize..at];
        }
    }
    html
}

fn class(kind: TokenKind, text: &str, before: &str, after: &str) -> Option<&'static str> {
    Some(match kind {
        TokenKind::LineComment { .. } | TokenKind::BlockComment { .. } => "comment",
        TokenKind::Lifetime { .. } => "attribute",
        TokenKind::Literal {
            kind: LiteralKind::Int { .. } | LiteralKind::Float { .. }, ..
        } => "number",
        TokenKind::Literal { .. } => "string",
        TokenKind::Ident if KEYWORDS.contains(&text) => "keyword",
        TokenKind::Ident if DEFINERS.contains(&before) => "title",
        // A macro that is called.
        TokenKind::Ident if after.starts_with('!') && !after.starts_with("!=") => "type",
        TokenKind::Ident if TYPES.contains(&text) => "type",
        TokenKind::Ident if text.starts_with(char::is_uppercase) && !constant(text) => "type",
        _ => return None,
    })
}

/// `SEED`, but not `T`.
fn constant(name: &str) -> bool {
    name.len() > 1 && !name.contains(char::is_lowercase)
}

/// Whether the tokens that pass are inside of `#[…]`.
#[derive(Default)]
struct Attribute {
    started: bool,
    depth: usize,
}

impl Attribute {
    fn part(&mut self, text: &str, after: &str) -> bool {
        let starts = text == "#" && (after.starts_with('[') || after.starts_with("!["));
        self.started |= starts;
        let inside = self.started;
        match text {
            "[" if inside => self.depth += 1,
            "]" if inside => {
                self.depth -= 1;
                self.started = self.depth > 0;
            }
            _ => {}
        }
        inside
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(code: &str) -> String {
        rust(code).replace("<span class=\"hl-", "{").replace("\">", ":").replace("</span>", "}")
    }

    #[test]
    fn each_kind_of_token_has_its_colour() {
        for (code, expected) in [
            ("// (4H, B)", "{comment:// (4H, B)}"),
            ("pub fn keep(x: &f64)", "{keyword:pub} {keyword:fn} {title:keep}(x: &amp;{type:f64})"),
            ("Vec<'a, T>", "{type:Vec}&lt;{attribute:'a}, {type:T}&gt;"),
            (
                "#[derive(Debug)] x[0]",
                "{attribute:#}{attribute:[}{attribute:derive}{attribute:(}{attribute:Debug}{attribute:)}{attribute:]} x[{number:0}]",
            ),
            ("let a = 1.5e-3 + \"b\"", "{keyword:let} a = {number:1.5e-3} + {string:\"b\"}"),
            ("assert!(a != SEED)", "{type:assert}!(a != SEED)"),
        ] {
            assert_eq!(marked(code), expected);
        }
    }

    #[test]
    fn the_text_itself_is_not_changed() {
        let code = "fn f() {\n\n    // é > & <\n    g(r#\"\"#) // 'unfinished\n}";
        let html = rust(code);
        let text = scraper::Html::parse_fragment(&html).root_element().text().collect::<String>();
        assert_eq!(text, code);
    }
}
