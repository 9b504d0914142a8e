//! Terms, products and functions: what stands between `+` and `-`, and how tightly.

use press::mathml::Token;

use super::cursor::{MAX_DEPTH, Parser, index, is_operator};
use crate::expr::{Expr, Function, NAMED_FUNCTIONS, Product, Series, Sign};
use crate::refusal::Refusal;

/// What joins the factors of a product so far.
#[derive(Clone, Copy, PartialEq)]
enum Joint {
    Times(Product),
    Slash,
}

/// What a product ended with, if nothing may follow that without brackets.
#[derive(Clone, Copy, PartialEq)]
enum Ending {
    Closed,
    /// `\tanh x`
    BareFunction,
    /// `\sum_t …`
    Sum,
}

impl Parser<'_> {
    /// One expression, and nothing after it.
    pub(super) fn whole(mut self) -> Result<Expr, Refusal> {
        let expr = self.expression()?;
        match self.peek() {
            None => Ok(expr),
            Some(Token::Close(_)) => Err(self.refuse("this bracket was never opened")),
            Some(Token::Operator(comma)) if comma == "," => Err(self.refuse(
                "a comma stands only between the members of `[a, b]`; punctuation goes outside \
                 the equation",
            )),
            Some(_) => Err(self.refuse("this cannot follow an expression")),
        }
    }

    /// Parses the tokens of a fraction's part or a branch, which stand on their own.
    pub(super) fn inner(&self, tokens: &[Token]) -> Result<Expr, Refusal> {
        if tokens.is_empty() {
            return Err(self.refuse("a part of this is empty"));
        }
        Parser::new(tokens, self.depth, &self.letters).whole()
    }

    /// Terms joined by `+` and `-`.
    pub(super) fn expression(&mut self) -> Result<Expr, Refusal> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Refusal::new(format!(
                "the formula is nested more than {MAX_DEPTH} levels deep"
            )));
        }
        let mut sign = match self.at_operator("-") {
            true => Sign::Minus,
            false => Sign::Plus,
        };
        self.position += usize::from(sign == Sign::Minus);
        let mut terms = Vec::new();
        loop {
            let (term, ending) = self.product(None)?;
            terms.push((sign, term));
            sign = match self.peek() {
                Some(token) if is_operator(token, "+") => Sign::Plus,
                Some(token) if is_operator(token, "-") => Sign::Minus,
                _ => break,
            };
            if ending == Ending::Sum {
                return Err(self.refuse(
                    "does the sum end before this, or does it take it in? Put brackets around \
                     the sum, `(\\sum … )`, or around all that is summed",
                ));
            }
            self.position += 1;
        }
        self.depth -= 1;
        Ok(match terms.pop() {
            Some((Sign::Plus, only)) if terms.is_empty() => only,
            last => {
                terms.extend(last);
                Expr::Sum(terms)
            }
        })
    }

    /// Factors joined by one kind of product; `outer` is what joins the factors before a `\sum`.
    fn product(&mut self, outer: Option<Joint>) -> Result<(Expr, Ending), Refusal> {
        let mut joint = outer;
        let (first, mut ending) = self.factor(joint)?;
        let mut factors = vec![first];
        while let Some(next) = self.joint() {
            self.check_joint(joint, next, ending)?;
            self.position += 1;
            joint = Some(next);
            let (factor, new_ending) = self.factor(joint)?;
            factors.push(factor);
            ending = new_ending;
        }
        self.refuse_juxtaposition()?;
        let product = match (joint, factors.len()) {
            (Some(Joint::Times(kind)), 2..) => Expr::Product(kind, factors),
            (Some(Joint::Slash), 2) => {
                let (below, above) = (factors.pop(), factors.pop());
                match (above, below) {
                    (Some(above), Some(below)) => Expr::Fraction(Box::new((above, below))),
                    _ => return Err(self.refuse("a fraction has two parts")),
                }
            }
            _ => factors.swap_remove(0),
        };
        Ok((product, ending))
    }

    fn joint(&self) -> Option<Joint> {
        match self.peek() {
            Some(Token::Operator(operator)) => match operator.as_str() {
                "⋅" => Some(Joint::Times(Product::Matrix)),
                "⊙" => Some(Joint::Times(Product::Entrywise)),
                "/" => Some(Joint::Slash),
                _ => None,
            },
            _ => None,
        }
    }

    fn check_joint(
        &self,
        before: Option<Joint>,
        next: Joint,
        ending: Ending,
    ) -> Result<(), Refusal> {
        if ending == Ending::BareFunction {
            return Err(self.refuse(
                "does the function apply to what stands before this, or to the whole product? \
                 Write the brackets: `\\tanh(a) \\odot b` or `\\tanh(a \\odot b)`",
            ));
        }
        match (before, next) {
            (None, _) => Ok(()),
            (Some(Joint::Slash), _) | (Some(_), Joint::Slash) => Err(self.refuse(
                "`/` beside another product could be read in two ways; write `\\frac{a}{b}` or \
                 brackets: `(a / b) \\cdot c`",
            )),
            (Some(same), next) if same == next => Ok(()),
            _ => Err(self.refuse(
                "`\\cdot` and `\\odot` have no order between them; write the brackets: \
                 `(a \\cdot b) \\odot c` or `a \\cdot (b \\odot c)`",
            )),
        }
    }

    /// After a product, whatever could begin another factor stands there without an operator.
    fn refuse_juxtaposition(&self) -> Result<(), Refusal> {
        let called = matches!(
            (self.position.checked_sub(1).map(|before| &self.tokens[before]), self.peek()),
            (Some(Token::Symbol(_)), Some(Token::Open('(')))
        );
        match self.peek() {
            Some(Token::Open(_)) if called => Err(self.refuse(
                "side by side is no product, and a quantity is no function; write `a \\cdot (b)` \
                 or `a \\odot (b)`",
            )),
            Some(
                Token::Number(_)
                | Token::Symbol(_)
                | Token::Function(..)
                | Token::Open(_)
                | Token::Bar(_)
                | Token::Fraction(..)
                | Token::Sum(..),
            ) if !self.at_closing_bar() => Err(self.refuse(
                "side by side is no product; write `a \\cdot b` (matrix product, or with a \
                 scalar) or `a \\odot b` (entry by entry)",
            )),
            Some(Token::Word(_)) => {
                Err(self.refuse("words cannot be executed; they go outside the equation"))
            }
            Some(Token::Operator(operator)) if operator == "×" || operator == "∗" => {
                Err(self.refuse("write `\\cdot` or `\\odot`, which say which product is meant"))
            }
            _ => Ok(()),
        }
    }

    fn factor(&mut self, joint: Option<Joint>) -> Result<(Expr, Ending), Refusal> {
        match self.peek() {
            Some(Token::Sum(under, over)) => {
                let series = self.series(under, over, joint)?;
                Ok((series, Ending::Sum))
            }
            Some(Token::Function(name, primes)) => self.application(name, *primes),
            _ => Ok((self.scripted()?, Ending::Closed)),
        }
    }

    /// `\sum_{t=1}^{T}` and the product after it.
    fn series(
        &mut self,
        under: &[Token],
        over: &[Token],
        joint: Option<Joint>,
    ) -> Result<Expr, Refusal> {
        let bounds = "a sum that can be executed says where it begins and ends, with an index \
                      letter (t, T, k, j, s): `\\sum_{t=1}^{T}`";
        let mut parts = under.split(|token| is_operator(token, "="));
        let (Some([Token::Symbol(symbol)]), Some(from), None) =
            (parts.next(), parts.next(), parts.next())
        else {
            return Err(self.refuse(bounds));
        };
        let (Some(letter), Some(from), Some(to)) =
            (symbol.as_index_letter(), index(from), index(over))
        else {
            return Err(self.refuse(bounds));
        };
        if self.letters.contains(&letter) {
            return Err(self.refuse(format!(
                "`{letter}` already counts the sum around this one; take another letter"
            )));
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.refuse("too many sums within sums"));
        }
        self.position += 1;
        if matches!(self.peek(), Some(Token::Operator(_)) | None) {
            return Err(self.refuse("the sum has no body here; put brackets around what is summed"));
        }
        self.letters.push(letter);
        let (body, _) = self.product(joint)?;
        self.letters.pop();
        self.depth -= 1;
        Ok(Expr::Series(Box::new(Series { letter, from, to, body })))
    }

    /// A function and its argument, which is what the brackets hold or else one atom.
    fn application(&mut self, name: &str, primes: usize) -> Result<(Expr, Ending), Refusal> {
        let known =
            NAMED_FUNCTIONS.iter().find(|(known, count, _)| *known == name && *count == primes);
        let Some((_, _, function)) = known else {
            return Err(self.refuse(
                "this function is not known; known are `\\sigma`, `\\sigma'`, `\\tanh`, \
                 `\\tanh'`, `\\exp`, `\\ln`, `\\max`, `\\operatorname{diag}`",
            ));
        };
        self.position += 1;
        let (arguments, ending) = match self.peek() {
            Some(Token::Open('(')) => (self.bracketed(')')?, Ending::Closed),
            Some(Token::Raised(_) | Token::Lowered(_)) => {
                return Err(self.refuse(
                    "a script on a function's name could mean several things; put it on the \
                     result: `(\\tanh(x))^{2}`",
                ));
            }
            Some(Token::Function(..) | Token::Sum(..) | Token::Operator(_)) | None => {
                return Err(self.refuse(
                    "a function without brackets takes the one symbol after it; write the \
                     brackets: `\\tanh(…)`",
                ));
            }
            Some(_) => (vec![self.scripted()?], Ending::BareFunction),
        };
        if ending == Ending::Closed && matches!(self.peek(), Some(Token::Raised(_))) {
            return Err(self.refuse(
                "is the argument meant, or the function's value? Write `(\\tanh(x))^{2}` or \
                 `\\tanh((x)^{2})`",
            ));
        }
        let wanted = match function {
            Function::Max => 2,
            _ => 1,
        };
        if arguments.len() != wanted {
            return Err(self.refuse(format!(
                "`\\{name}` takes {wanted} argument(s), and this gives it {}",
                arguments.len()
            )));
        }
        Ok((Expr::Apply(*function, arguments), ending))
    }
}
