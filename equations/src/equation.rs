//! What a formula says: rows of sides that are equal.

use std::fmt;

use press::mathml::{Formula, Symbol};

use crate::expr::{Expr, derivative_name};
use crate::parse;
use crate::refusal::Refusal;

/// One or more rows of equal sides.
#[derive(Clone, Debug, PartialEq)]
pub struct Equation {
    /// Each row has at least two sides.
    pub(crate) rows: Vec<Vec<Expr>>,
}

impl Equation {
    /// Reads a formula.
    ///
    /// # Errors
    ///
    /// If the formula is no equation, uses what the language has no meaning for, or could be
    /// understood in more than one way.
    pub fn parse(formula: &Formula) -> Result<Self, Refusal> {
        Ok(Equation { rows: parse::rows(formula.tokens())? })
    }

    /// The quantities that an [`Env`] must give values to, in reading order, each once.
    ///
    /// A derivative is one of them, spelled `dC_t/dC_{t-1}`; functions are not among them.
    pub fn symbols(&self) -> Vec<Symbol> {
        let mut found: Vec<Symbol> = Vec::new();
        let mut add = |symbol: Symbol| {
            if !found.contains(&symbol) {
                found.push(symbol);
            }
        };
        for side in self.rows.iter().flatten() {
            side.walk(&mut |expr| match expr {
                Expr::Symbol(symbol) => add(symbol.clone()),
                Expr::Derivative(pair) => add(Symbol::plain(derivative_name(&pair.0, &pair.1))),
                _ => {}
            });
        }
        found
    }
}

impl fmt::Display for Equation {
    /// As LaTeX that reads back as the same equation.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.rows.iter().map(|sides| {
            let sides: Vec<String> = sides.iter().map(ToString::to_string).collect();
            sides.join(" = ")
        });
        let rows: Vec<String> = rows.collect();
        match rows.as_slice() {
            [row] => f.write_str(row),
            _ => write!(f, r"\begin{{aligned}} {} \end{{aligned}}", rows.join(r" \\ ")),
        }
    }
}
