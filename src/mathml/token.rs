//! From the MathML tree to a flat run of tokens, in reading order.
//!
//! Groups that the reader cannot see vanish: `{a + b} \cdot c` looks like `a + b \cdot c` on the
//! page, so it is read like that. Nothing is refused here: any formula has symbols, and whoever parses
//! the tokens says better why it takes offence at one.

use super::symbol::{Index, Symbol};
use super::tree::{Child, Element};

/// One thing that the reader sees.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// As it is written: `0.5`.
    Number(String),
    /// With the scripts and accents that belong to its name, and its time index.
    Symbol(Symbol),
    /// A function's name and its primes: `tanh`, `sigma`.
    Function(String, usize),
    /// Upright text.
    Word(String),
    /// As it looks: `+`, `⊙`, `=`, a comma; the minus is `-`.
    Operator(String),
    /// A bracket.
    Open(char),
    /// The bracket that closes one.
    Close(char),
    /// `|` or `‖`, which open and close alike.
    Bar(char),
    /// A superscript that is not part of a name; it belongs to the token before it.
    Raised(Raised),
    /// A subscript that is neither name nor index.
    Lowered(Vec<Token>),
    /// What stands above and what stands below.
    Fraction(Vec<Token>, Vec<Token>),
    /// `\sum` with what stands under and over it.
    Sum(Vec<Token>, Vec<Token>),
    /// Rows of cells.
    Table(Vec<Vec<Vec<Token>>>),
    /// Anything else, with the name of its element and what is inside.
    Other(String, Vec<Token>),
}

/// A superscript.
#[derive(Clone, Debug, PartialEq)]
pub enum Raised {
    /// `^\top`
    Transpose,
    /// A whole number, index letters, or a sum of both.
    Power(Index),
    /// Anything else.
    Other(Vec<Token>),
}

/// Every symbol among the tokens, in reading order, each once.
pub(super) fn symbols(tokens: &[Token]) -> Vec<Symbol> {
    let mut found = Vec::new();
    collect(tokens, &mut found);
    found
}

fn collect(tokens: &[Token], found: &mut Vec<Symbol>) {
    for token in tokens {
        let symbol = match token {
            Token::Symbol(symbol) => symbol.clone(),
            Token::Function(name, _) => Symbol::plain(name),
            _ => {
                token.parts().for_each(|part| collect(part, found));
                continue;
            }
        };
        if !found.contains(&symbol) {
            found.push(symbol);
        }
    }
}

/// The symbol that tokens spell, if they spell one and nothing else: `W_f`, and also `W_f^\top`, for a
/// transpose or a power is no part of a name. A function counts under its name.
pub(super) fn spelled(tokens: &[Token]) -> Option<Symbol> {
    let (first, rest) = tokens.split_first()?;
    let is_script = |token: &Token| {
        matches!(token, Token::Raised(Raised::Transpose) | Token::Raised(Raised::Power(_)))
    };
    match first {
        _ if !rest.iter().all(is_script) => None,
        Token::Symbol(symbol) => Some(symbol.clone()),
        Token::Function(name, _) => Some(Symbol::plain(name)),
        _ => None,
    }
}

impl Token {
    /// The runs of tokens inside this one.
    fn parts(&self) -> Box<dyn Iterator<Item = &[Token]> + '_> {
        match self {
            Token::Raised(Raised::Other(inner))
            | Token::Lowered(inner)
            | Token::Other(_, inner) => Box::new([inner.as_slice()].into_iter()),
            Token::Fraction(first, second) | Token::Sum(first, second) => {
                Box::new([first.as_slice(), second.as_slice()].into_iter())
            }
            Token::Table(rows) => Box::new(rows.iter().flatten().map(Vec::as_slice)),
            _ => Box::new([].into_iter()),
        }
    }

    /// Roughly what the author typed, to quote in a message.
    pub fn latex(&self) -> String {
        match self {
            Token::Number(text) => text.clone(),
            Token::Symbol(symbol) => symbol.latex(),
            Token::Function(name, primes) => {
                let known = ["sigma", "tanh", "exp", "ln", "log", "max", "min"];
                let primes = "'".repeat(*primes);
                match known.contains(&name.as_str()) {
                    true => format!("\\{name}{primes}"),
                    false => format!("\\operatorname{{{name}}}{primes}"),
                }
            }
            Token::Word(text) => format!("\\text{{{text}}}"),
            Token::Operator(text) => match text.as_str() {
                "⋅" => r"\cdot".to_owned(),
                "⊙" => r"\odot".to_owned(),
                "×" => r"\times".to_owned(),
                "∑" => r"\sum".to_owned(),
                "∏" => r"\prod".to_owned(),
                other => other.to_owned(),
            },
            Token::Open('{') => r"\{".to_owned(),
            Token::Close('}') => r"\}".to_owned(),
            Token::Bar('‖') => r"\|".to_owned(),
            Token::Open(bracket) | Token::Close(bracket) | Token::Bar(bracket) => {
                bracket.to_string()
            }
            Token::Raised(Raised::Transpose) => r"^\top".to_owned(),
            Token::Raised(Raised::Power(index)) => format!("^{{{index}}}"),
            Token::Raised(Raised::Other(inner)) => format!("^{{{}}}", latex(inner)),
            Token::Lowered(inner) => format!("_{{{}}}", latex(inner)),
            Token::Fraction(above, below) => {
                format!(r"\frac{{{}}}{{{}}}", latex(above), latex(below))
            }
            Token::Sum(under, over) => {
                format!(r"\sum_{{{}}}^{{{}}}", latex(under), latex(over))
            }
            Token::Table(_) => "(a table)".to_owned(),
            Token::Other(element, inner) => format!("({element}: {})", latex(inner)),
        }
    }
}

/// Tokens as the author typed them; scripts stand close to what they belong to.
pub fn latex(tokens: &[Token]) -> String {
    let mut text = String::new();
    for token in tokens {
        let script = matches!(token, Token::Raised(_) | Token::Lowered(_));
        let closing = matches!(token, Token::Close(_)) || *token == Token::Operator(",".into());
        if !(text.is_empty() || text.ends_with(['(', '[']) || script || closing) {
            text.push(' ');
        }
        text += &token.latex();
    }
    text
}

/// Reads what an element shows after what stands before it, and notes on each element the symbol that
/// it spells.
pub(super) fn read(element: &mut Element, out: &mut Vec<Token>) {
    let before = out.len();
    read_kind(element, out);
    // The whole formula is not a symbol even where it holds only one: its display belongs to it.
    if element.tag != "math" {
        element.symbol = out.get(before..).and_then(spelled);
    }
}

fn read_kind(element: &mut Element, out: &mut Vec<Token>) {
    let tag = element.tag.clone();
    match tag.as_str() {
        "mi" => return out.extend(identifier(element)),
        "mn" => return out.push(Token::Number(visible_text(element))),
        "mo" => return operator(&visible_text(element), out),
        "mtext" => {
            let text = visible_text(element);
            return if !text.is_empty() {
                out.push(Token::Word(text))
            };
        }
        "mspace" => return,
        _ => {}
    }
    let plain_fraction = element.attribute("linethickness").is_none();
    let mut parts: Vec<&mut Element> = parts(element).collect();
    match (tag.as_str(), parts.as_mut_slice()) {
        ("math" | "mrow" | "mstyle" | "mpadded", parts) => {
            parts.iter_mut().for_each(|part| read(part, out));
        }
        ("mfrac", [above, below]) if plain_fraction => {
            out.push(Token::Fraction(read_apart(above), read_apart(below)));
        }
        ("msub" | "munder", [base, sub]) => {
            read_scripts(read_apart(base), Some(read_apart(sub)), None, out);
        }
        ("mover", [base, mark]) => {
            let (base, over) = (read_apart(base), read_apart(mark));
            read_mover(base, &visible_text(mark), over, out);
        }
        ("msup", [base, sup]) => {
            read_scripts(read_apart(base), None, Some(read_apart(sup)), out);
        }
        ("msubsup" | "munderover", [base, sub, sup]) => {
            let (base, sub) = (read_apart(base), read_apart(sub));
            read_scripts(base, Some(sub), Some(read_apart(sup)), out);
        }
        ("mtable", rows) => out.push(read_table(rows)),
        (other, parts) => {
            let mut inner = Vec::new();
            parts.iter_mut().for_each(|part| read(part, &mut inner));
            out.push(Token::Other(other.to_owned(), inner));
        }
    }
}

/// The elements in an element.
fn parts(element: &mut Element) -> impl Iterator<Item = &mut Element> {
    element.children.iter_mut().filter_map(|child| match child {
        Child::Element(element) => Some(element),
        Child::Text(_) => None,
    })
}

fn read_apart(element: &mut Element) -> Vec<Token> {
    let mut tokens = Vec::new();
    read(element, &mut tokens);
    tokens
}

fn read_table(rows: &mut [&mut Element]) -> Token {
    let read_cell = |cell: &mut Element| {
        let mut tokens = Vec::new();
        parts(cell).for_each(|part| read(part, &mut tokens));
        tokens
    };
    Token::Table(rows.iter_mut().map(|row| parts(row).map(read_cell).collect()).collect())
}

/// An element's text without what cannot be seen: spaces at the ends, invisible operators
/// (U+2061 to U+2064), variation selectors.
fn visible_text(element: &Element) -> String {
    let is_visible = |c: &char| !matches!(c, '\u{2061}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{200b}' | '\u{feff}');
    let text: String = element.text().chars().filter(is_visible).collect();
    text.trim().to_owned()
}

fn identifier(element: &Element) -> Option<Token> {
    let text = visible_text(element);
    let mut characters = text.chars();
    let (first, second) = (characters.next()?, characters.next());
    // One upright Latin letter is `\mathrm{d}`; upright Greek capitals are ordinary symbols.
    let upright = element.attribute("mathvariant") == Some("normal") && first.is_ascii();
    Some(match (first, second) {
        ('σ', None) => Token::Function("sigma".to_owned(), 0),
        (letter, None) if !upright => match Symbol::from_character(letter) {
            Some(symbol) => Token::Symbol(symbol),
            None => Token::Operator(text),
        },
        _ => Token::Word(text),
    })
}

fn operator(text: &str, out: &mut Vec<Token>) {
    let mut characters = text.chars();
    let token = match (characters.next(), characters.next()) {
        (None, _) => return,
        (Some(bracket @ ('(' | '[' | '{')), None) => Token::Open(bracket),
        (Some(bracket @ (')' | ']' | '}')), None) => Token::Close(bracket),
        (Some('|' | '∣'), None) => Token::Bar('|'),
        (Some('‖' | '∥'), None) => Token::Bar('‖'),
        (Some('−'), None) => Token::Operator("-".to_owned()),
        (Some('·'), None) => Token::Operator("⋅".to_owned()),
        (Some(prime @ '′'..='‴'), None) => return add_primes(prime, out),
        (Some(first), Some(_)) if first.is_alphabetic() => Token::Function(text.to_owned(), 0),
        _ => Token::Operator(text.to_owned()),
    };
    out.push(token);
}

/// A prime belongs to the name or function that it follows.
fn add_primes(prime: char, out: &mut Vec<Token>) {
    let count = match prime {
        '′' => 1,
        '″' => 2,
        _ => 3,
    };
    match out.last_mut() {
        Some(Token::Symbol(symbol)) => symbol.add_primes(count),
        Some(Token::Function(_, primes)) => *primes += count,
        _ => out.push(Token::Operator("'".repeat(count))),
    }
}

fn read_mover(mut base: Vec<Token>, mark: &str, over: Vec<Token>, out: &mut Vec<Token>) {
    let mut characters = mark.chars();
    if let ([Token::Symbol(symbol)], Some(accent), None) =
        (base.as_mut_slice(), characters.next(), characters.next())
        && symbol.add_accent(accent)
    {
        out.append(&mut base);
    } else if matches!(base.as_slice(), [Token::Operator(sum)] if sum == "∑") {
        out.push(Token::Sum(Vec::new(), over));
    } else {
        base.extend(over);
        out.push(Token::Other("mover".to_owned(), base));
    }
}

/// Gives scripts to the last token of their base, which is where the reader sees them.
fn read_scripts(
    mut base: Vec<Token>,
    lower: Option<Vec<Token>>,
    upper: Option<Vec<Token>>,
    out: &mut Vec<Token>,
) {
    if matches!(base.as_slice(), [Token::Operator(sum)] if sum == "∑") {
        return out.push(Token::Sum(lower.unwrap_or_default(), upper.unwrap_or_default()));
    }
    if let Some(lower) = lower {
        let text = script_text(&lower).unwrap_or_default();
        if !last_symbol(&mut base).is_some_and(|symbol| symbol.add_subscript(&text)) {
            base.push(Token::Lowered(lower));
        }
    }
    if let Some(upper) = upper {
        read_superscript(&mut base, upper);
    }
    out.append(&mut base);
}

fn read_superscript(base: &mut Vec<Token>, upper: Vec<Token>) {
    let text = script_text(&upper).unwrap_or_default();
    let of_a_set = last_symbol(base).is_some_and(|symbol| symbol.is_set());
    let raised = match (text.as_str(), Index::parse(&text)) {
        ("⊤", _) => Raised::Transpose,
        // A transpose or an exponent? The parser asks.
        ("T" | "𝖳" | "𝐓" | "⊺", _) => Raised::Other(upper),
        _ if of_a_set => Raised::Other(upper),
        (_, Some(power)) => Raised::Power(power),
        (name, None) => {
            if last_symbol(base).is_some_and(|symbol| symbol.add_superscript(name)) {
                return;
            }
            Raised::Other(upper)
        }
    };
    base.push(Token::Raised(raised));
}

fn last_symbol(tokens: &mut [Token]) -> Option<&mut Symbol> {
    match tokens.last_mut() {
        Some(Token::Symbol(symbol)) => Some(symbol),
        _ => None,
    }
}

/// A script's tokens run together, if they are the kind of which names and indices are made.
pub fn script_text(tokens: &[Token]) -> Option<String> {
    let mut text = String::new();
    for token in tokens {
        match token {
            Token::Number(part) | Token::Word(part) | Token::Operator(part) => text += part,
            Token::Symbol(symbol) => text += &symbol.to_string(),
            Token::Function(name, 0) => text += name,
            Token::Open(bracket) | Token::Close(bracket) => text.push(*bracket),
            _ => return None,
        }
    }
    Some(text)
}
