//! What binds tightest: numbers, symbols, brackets and what stands in them, with their superscripts.

use press::mathml::{Raised, Symbol, Token, latex, script_text};

use super::cursor::{Parser, index, is_operator};
use crate::expr::{Condition, Expr, Function, RELATIONS, Relation};
use crate::refusal::Refusal;

impl Parser<'_> {
    /// What stands between brackets, separated by commas.
    pub(super) fn bracketed(&mut self, close: char) -> Result<Vec<Expr>, Refusal> {
        let opened = self.position;
        self.position += 1;
        let mut members = Vec::new();
        loop {
            if self.peek() == Some(&Token::Close(close)) {
                return Err(self.refuse("something is missing before this bracket"));
            }
            members.push(self.expression()?);
            if self.accept(&Token::Close(close)) {
                return Ok(members);
            }
            if !self.accept(&Token::Operator(",".to_owned())) {
                let why = match self.peek() {
                    None => {
                        self.position = opened;
                        "this bracket is never closed"
                    }
                    Some(Token::Close(_)) => "this closes a bracket of another kind",
                    Some(_) => "this cannot follow an expression",
                };
                return Err(self.refuse(why));
            }
        }
    }

    /// An atom with its superscript.
    pub(super) fn scripted(&mut self) -> Result<Expr, Refusal> {
        let start = self.position;
        let base = self.atom()?;
        let fraction = matches!(self.tokens.get(start), Some(Token::Fraction(..)));
        let scripted = match self.peek() {
            Some(Token::Raised(_)) if fraction => {
                return Err(self.refuse(
                    "does the superscript belong to the fraction? Put brackets around it: \
                     `(\\frac{a}{b})^{2}`",
                ));
            }
            Some(Token::Raised(Raised::Transpose)) => Expr::Transpose(Box::new(base)),
            Some(Token::Raised(Raised::Power(power))) => Expr::Power(Box::new(base), power.clone()),
            Some(Token::Raised(Raised::Other(inner))) => {
                return Err(self.refuse(superscript(inner)));
            }
            Some(Token::Lowered(_)) => {
                return Err(self.refuse(
                    "this subscript is neither a name nor a time index; write `x_t`, `h_{t-1}`, \
                     `W_f`, or `W_{f,t}` for both",
                ));
            }
            _ => return Ok(base),
        };
        self.position += 1;
        match self.peek() {
            Some(Token::Raised(_) | Token::Lowered(_)) => {
                Err(self.refuse("one script on another could be read in two ways; write brackets"))
            }
            _ => Ok(scripted),
        }
    }

    fn atom(&mut self) -> Result<Expr, Refusal> {
        let Some(token) = self.peek() else {
            return Err(self.refuse("something is missing here"));
        };
        let atom = match token {
            Token::Number(text) => match text.parse() {
                Ok(number) => Expr::Number(number),
                Err(_) => return Err(self.refuse("this is not a number")),
            },
            Token::Symbol(symbol) => Expr::Symbol(symbol.clone()),
            Token::Fraction(above, below) => match derivative(above, below) {
                Some(pair) => Expr::Derivative(Box::new(pair)),
                None => Expr::Fraction(Box::new((self.inner(above)?, self.inner(below)?))),
            },
            Token::Other(root, inner) if root == "msqrt" => {
                Expr::Apply(Function::Sqrt, vec![self.inner(inner)?])
            }
            Token::Open('{') => return self.cases(),
            Token::Open('(') => return self.group(),
            Token::Open(_) => return self.stack(),
            Token::Bar(bar) => return self.bars(*bar),
            _ => return Err(self.refuse(misplaced(token))),
        };
        self.position += 1;
        Ok(atom)
    }

    fn group(&mut self) -> Result<Expr, Refusal> {
        let mut members = self.bracketed(')')?;
        match members.len() {
            1 => Ok(members.swap_remove(0)),
            _ => Err(self.refuse("round brackets hold one expression; `[a, b]` puts two together")),
        }
    }

    fn stack(&mut self) -> Result<Expr, Refusal> {
        let members = self.bracketed(']')?;
        match members.len() {
            1 => Err(self.refuse(
                "square brackets put two or more things one above the other; for a group write \
                 `( )`",
            )),
            _ => Ok(Expr::Stack(members)),
        }
    }

    /// `|a|` or `‖a‖`
    fn bars(&mut self, bar: char) -> Result<Expr, Refusal> {
        self.position += 1;
        self.bars.push(bar);
        let inner = self.expression()?;
        self.bars.pop();
        if !self.accept(&Token::Bar(bar)) {
            return Err(self.refuse(format!("`{bar}` is never closed")));
        }
        let function = match bar {
            '|' => Function::Abs,
            _ => Function::Norm,
        };
        Ok(Expr::Apply(function, vec![inner]))
    }

    /// A brace that opens and a table of two columns.
    fn cases(&mut self) -> Result<Expr, Refusal> {
        self.position += 1;
        let Some(Token::Table(rows)) = self.peek() else {
            self.position -= 1;
            return Err(self.refuse("braces have no meaning here; write `( )`"));
        };
        let mut branches = Vec::new();
        for row in rows {
            let [value, when] = row.as_slice() else {
                return Err(self.refuse("each case has a value, `&` and a condition"));
            };
            let Some(when) = condition(when) else {
                return Err(Refusal::new(format!(
                    "`{}` is no condition that can be executed; write `t = 1`, `t > 1`, or \
                     `\\text{{otherwise}}`",
                    latex(when)
                )));
            };
            branches.push((self.inner(value)?, when));
        }
        self.position += 1;
        Ok(Expr::Cases(branches))
    }
}

/// `\partial C_t` over `\partial C_{t-1}`
fn derivative(above: &[Token], below: &[Token]) -> Option<(Symbol, Symbol)> {
    let after_partial = |tokens: &[Token]| match tokens {
        [Token::Symbol(partial), Token::Symbol(symbol)] if partial.name() == "partial" => {
            Some(symbol.clone())
        }
        _ => None,
    };
    Some((after_partial(above)?, after_partial(below)?))
}

/// `t = 1`, `\text{if } t > 1`, `\text{otherwise}`
fn condition(tokens: &[Token]) -> Option<Condition> {
    let tokens = match tokens {
        [Token::Word(word)] if word == "otherwise" => return Some(Condition::Otherwise),
        [Token::Word(word), rest @ ..] if word == "if" || word == "for" => rest,
        all => all,
    };
    let find = |token: &Token| -> Option<Relation> {
        let (_, relation) = RELATIONS.iter().find(|(text, _)| is_operator(token, text))?;
        Some(*relation)
    };
    let (place, relation) =
        tokens.iter().enumerate().find_map(|(place, token)| Some((place, find(token)?)))?;
    let (left, right) = (index(&tokens[..place])?, index(&tokens[place + 1..])?);
    Some(Condition::Compare(left, relation, right))
}

fn superscript(inner: &[Token]) -> &'static str {
    match script_text(inner).as_deref() {
        Some("T" | "𝖳" | "𝐓" | "⊺") => {
            "a transpose, or the power T? Write `^\\top` for the transpose"
        }
        _ => {
            "this superscript is neither a whole power, nor `\\top`, nor a name; `e^{x}` is \
             written `\\exp(x)`"
        }
    }
}

/// Why this token cannot begin a factor.
fn misplaced(token: &Token) -> String {
    match token {
        Token::Operator(sign) if sign == "+" || sign == "-" => {
            "a sign stands between two terms or at the very beginning; after another operator it \
             needs brackets: `a - (-b)`"
                .to_owned()
        }
        Token::Operator(sign) if sign == "∏" => {
            "products over an index cannot be executed; write the factors or a recurrence"
                .to_owned()
        }
        Token::Operator(_) => "this is no operator that can be executed here".to_owned(),
        Token::Word(_) => "words cannot be executed; they go outside the equation".to_owned(),
        Token::Table(_) => {
            "a table cannot be executed here; rows of equations stand alone in `aligned`, and \
             `[a, b]` puts one thing above another"
                .to_owned()
        }
        Token::Other(element, _) => format!("what MathML calls `{element}` cannot be executed"),
        _ => "something is missing before this".to_owned(),
    }
}
