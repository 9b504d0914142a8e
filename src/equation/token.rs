//! From the MathML tree to a flat run of tokens, in reading order.
//!
//! Groups that the reader cannot see vanish: `{a + b} \cdot c` looks like `a + b \cdot c` on the
//! page, so it is read like that. Nothing is refused here except what is not MathML: [`symbols`]
//! must understand any formula, and the parser says better why it takes offence at a token.

use roxmltree::{Document, Node};

use super::Refusal;
use super::symbol::{Index, Symbol};

/// Deeper trees are refused, so that no input can exhaust the stack.
const MAX_DEPTH: usize = 200;

/// One thing that the reader sees.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(String),
    Symbol(Symbol),
    /// A function's name and its primes: `tanh`, `sigma`.
    Function(String, usize),
    /// Upright text.
    Word(String),
    Operator(String),
    Open(char),
    Close(char),
    /// `|` or `‖`, which open and close alike.
    Bar(char),
    /// A superscript that is not part of a name; it belongs to the token before it.
    Raised(Raised),
    /// A subscript that is neither name nor index.
    Lowered(Vec<Token>),
    Fraction(Vec<Token>, Vec<Token>),
    /// `\sum` with what stands under and over it.
    Sum(Vec<Token>, Vec<Token>),
    /// Rows of cells.
    Table(Vec<Vec<Vec<Token>>>),
    /// Anything else, with the name of its element and what is inside.
    Other(String, Vec<Token>),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Raised {
    Transpose,
    Power(Index),
    Other(Vec<Token>),
}

/// Reads a formula of any kind.
pub(super) fn tokenize(mathml: &str) -> Result<Vec<Token>, Refusal> {
    let tree = Document::parse(mathml)
        .map_err(|error| Refusal::new(format!("this is not well-formed MathML: {error}")))?;
    let mut tokens = Vec::new();
    read(tree.root_element(), &mut tokens, 0)?;
    Ok(tokens)
}

/// Every symbol of a formula, in reading order, each once.
///
/// The formula may be of any kind, inline mathematics included; it need not be an equation.
/// Functions count as symbols under their names (`sigma`, `tanh`, `diag`), numbers and upright text
/// do not. A derivative `\frac{\partial L}{\partial v}` gives `partial`, `L` and `v`, since these
/// are what a table of notation defines. (In [`Equation::symbols`](super::Equation::symbols), which
/// asks for values, it is one symbol.)
///
/// # Errors
///
/// If the text is not well-formed, or nested deeper than any real formula.
pub fn symbols(mathml: &str) -> Result<Vec<Symbol>, Refusal> {
    let mut found = Vec::new();
    collect(&tokenize(mathml)?, &mut found);
    Ok(found)
}

/// The symbol that an element and what is in it spell, if they spell one and nothing else: `W_f`, and
/// also `W_f^\top`, for a transpose or a power is no part of a name: then `false` comes with it. A
/// function counts under its name.
pub fn only_symbol(element: Node<'_, '_>) -> Option<(Symbol, bool)> {
    let mut tokens = Vec::new();
    read(element, &mut tokens, 0).ok()?;
    let is_script = |token: &Token| {
        matches!(token, Token::Raised(Raised::Transpose) | Token::Raised(Raised::Power(_)))
    };
    match tokens.as_slice() {
        [Token::Symbol(symbol), rest @ ..] if rest.iter().all(is_script) => {
            Some((symbol.clone(), rest.is_empty()))
        }
        [Token::Function(name, _), rest @ ..] if rest.iter().all(is_script) => {
            Some((Symbol::plain(name), rest.is_empty()))
        }
        _ => None,
    }
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
    pub(super) fn latex(&self) -> String {
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
pub(super) fn latex(tokens: &[Token]) -> String {
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

fn read(node: Node<'_, '_>, out: &mut Vec<Token>, depth: usize) -> Result<(), Refusal> {
    if depth > MAX_DEPTH {
        return Err(Refusal::new(format!(
            "the formula is nested more than {MAX_DEPTH} levels deep"
        )));
    }
    let parts: Vec<Node<'_, '_>> = node.children().filter(Node::is_element).collect();
    let inside = |part: Node<'_, '_>| read_apart(part, depth + 1);
    match (node.tag_name().name(), parts.as_slice()) {
        ("math" | "mrow" | "mstyle" | "mpadded", _) => {
            for part in parts {
                read(part, out, depth + 1)?;
            }
        }
        ("mi", _) => out.extend(identifier(node)),
        ("mn", _) => out.push(Token::Number(visible_text(node))),
        ("mo", _) => operator(&visible_text(node), out),
        ("mtext", _) => {
            let text = visible_text(node);
            if !text.is_empty() {
                out.push(Token::Word(text));
            }
        }
        ("mspace", _) => {}
        ("mfrac", [above, below]) if node.attribute("linethickness").is_none() => {
            out.push(Token::Fraction(inside(*above)?, inside(*below)?));
        }
        ("msub" | "munder", [base, sub]) => {
            read_scripts(inside(*base)?, Some(inside(*sub)?), None, out);
        }
        ("mover", [base, mark]) => read_mover(inside(*base)?, *mark, inside(*mark)?, out),
        ("msup", [base, sup]) => read_scripts(inside(*base)?, None, Some(inside(*sup)?), out),
        ("msubsup" | "munderover", [base, sub, sup]) => {
            read_scripts(inside(*base)?, Some(inside(*sub)?), Some(inside(*sup)?), out);
        }
        ("mtable", rows) => out.push(read_table(rows, depth)?),
        (other, _) => {
            let mut inner = Vec::new();
            for part in parts {
                read(part, &mut inner, depth + 1)?;
            }
            out.push(Token::Other(other.to_owned(), inner));
        }
    }
    Ok(())
}

fn read_apart(node: Node<'_, '_>, depth: usize) -> Result<Vec<Token>, Refusal> {
    let mut tokens = Vec::new();
    read(node, &mut tokens, depth)?;
    Ok(tokens)
}

fn read_table(rows: &[Node<'_, '_>], depth: usize) -> Result<Token, Refusal> {
    let read_row = |row: &Node<'_, '_>| {
        let cells = row.children().filter(Node::is_element);
        cells
            .map(|cell| {
                let mut tokens = Vec::new();
                for part in cell.children().filter(Node::is_element) {
                    read(part, &mut tokens, depth + 3)?;
                }
                Ok(tokens)
            })
            .collect()
    };
    let rows: Result<_, Refusal> = rows.iter().map(read_row).collect();
    Ok(Token::Table(rows?))
}

/// An element's text without what cannot be seen: spaces at the ends, invisible operators
/// (U+2061 to U+2064), variation selectors.
fn visible_text(node: Node<'_, '_>) -> String {
    let is_visible = |c: &char| !matches!(c, '\u{2061}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{200b}' | '\u{feff}');
    let text: String = node
        .children()
        .filter_map(|child| child.text())
        .flat_map(str::chars)
        .filter(is_visible)
        .collect();
    text.trim().to_owned()
}

fn identifier(node: Node<'_, '_>) -> Option<Token> {
    let text = visible_text(node);
    let mut characters = text.chars();
    let (first, second) = (characters.next()?, characters.next());
    // One upright Latin letter is `\mathrm{d}`; upright Greek capitals are ordinary symbols.
    let upright = node.attribute("mathvariant") == Some("normal") && first.is_ascii();
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

fn read_mover(mut base: Vec<Token>, mark: Node<'_, '_>, over: Vec<Token>, out: &mut Vec<Token>) {
    let text = visible_text(mark);
    let mut characters = text.chars();
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
pub(super) fn script_text(tokens: &[Token]) -> Option<String> {
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
