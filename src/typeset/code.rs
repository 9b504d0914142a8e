//! Code in colour: coloured when the page is typeset, so that no page has to load a highlighter.

use std::fmt::Write as _;
use std::ops::Range;

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

/// The headings in doc comments that matter to whoever calls a function, and not to whoever reads it.
const FOLDED: [&str; 2] = ["/// # Panics", "/// # Errors"];

/// Keywords before the name that they define.
const DEFINERS: [&str; 7] = ["enum", "fn", "mod", "struct", "trait", "type", "const"];

/// Rust as the block of HTML that mdBook would have made of it, coloured.
pub(super) fn block(code: &str) -> String {
    format!("<pre><code class=\"language-rust\">{}\n</code></pre>", rust(code.trim_end()))
}

/// The same, with the paragraphs of doc comments that say when a function panics or fails behind their
/// headings. What is folded is there: whoever copies the code has all of it.
pub(super) fn folded(code: &str) -> String {
    let code = code.trim_end();
    let (mut html, mut at) = (String::new(), 0);
    for (heading, rest) in paragraphs(code) {
        html += &rust(&code[at..heading.start]);
        let (title, folded) = (rust(&code[heading.clone()]), rust(&code[heading.end..rest]));
        // Within <code> there can be no <details>.
        html += &format!(
            "<label class=\"fold\"><input type=\"checkbox\">{title}</label>\
             <span class=\"folded\">{folded}</span>"
        );
        at = rest;
    }
    format!("<pre><code class=\"language-rust\">{html}{}\n</code></pre>", rust(&code[at..]))
}

/// The headings of those paragraphs, and where each paragraph ends.
fn paragraphs(code: &str) -> Vec<(Range<usize>, usize)> {
    let (mut found, mut at) = (Vec::new(), 0);
    let mut open: Option<(Range<usize>, usize)> = None;
    for line in code.split_inclusive('\n') {
        let end = at + line.trim_end().len();
        let indent = line.len() - line.trim_start().len();
        let text = line.trim();
        if !text.starts_with("///") || text.starts_with("/// # ") {
            found.extend(open.take());
        } else if let Some((_, last)) = &mut open {
            *last = end;
        }
        if FOLDED.contains(&text) {
            open = Some((at + indent..end, end));
        }
        at += line.len();
    }
    found.extend(open);
    found
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
    fn what_is_folded_is_still_there() {
        let code = "/// Keeps.\n///\n/// # Panics\n///\n/// If x < 0.\n/// # Examples\n/// x\nfn keep() {\n    \
                    /// # Errors\n    /// Never.\n    let x = 1;\n}\n/// # Panics";
        let html = folded(code);
        let plain = scraper::Html::parse_fragment(&html);
        let text: String = plain.root_element().text().collect();
        assert_eq!(text, format!("{code}\n"));
        let select = |css| {
            let css = scraper::Selector::parse(css).expect("a selector");
            let text = plain.select(&css).map(|part| part.text().collect::<String>());
            text.collect::<Vec<_>>()
        };
        assert_eq!(select(".fold"), ["/// # Panics", "/// # Errors", "/// # Panics"]);
        assert_eq!(select(".fold + .folded"), ["\n///\n/// If x < 0.", "\n    /// Never.", ""]);
        assert_eq!(folded("fn a() {}"), block("fn a() {}"));
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
