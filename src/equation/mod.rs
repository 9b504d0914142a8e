//! Executed equations: the MathML that the page shows, evaluated.
//!
//! There is no second LaTeX parser here. [`math::typeset`](crate::math::typeset) makes the MathML
//! that goes onto the page, and [`Equation::parse`] reads that very text, so what the reader sees
//! is what ran.
//!
//! ```
//! use nalgebra::DMatrix;
//! use press::equation::{Env, Equation};
//! use press::math::{Display, typeset};
//!
//! let page = typeset(r"f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f)", Display::Block)?;
//! let equation = Equation::parse(&page)?;
//! let scalar = |value| DMatrix::from_element(1, 1, value);
//! let mut env = Env::new();
//! env.set("W_f", DMatrix::from_row_slice(1, 2, &[1.0, -1.0])).set("b_f", scalar(0.0));
//! env.index("t", 1).at("h", 0, scalar(2.0)).at("x", 1, scalar(2.0)).at("f", 1, scalar(0.5));
//! assert!(equation.residual(&env)? < 1e-12);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What can be said
//!
//! Rows of `aligned` are equations of their own; a row that begins with `=`, or that has no `=` and
//! begins with an operator, goes on with the row above. Each is a chain `a = b = c` of expressions
//! with, from loose to tight:
//!
//! - `+`, `-`, and a minus at the beginning of an expression;
//! - `\cdot` (matrix product, or scalar times anything), `\odot` (entry by entry), `/`, of which
//!   only one kind may occur in a product; `\sum_{t=1}^{T}`, which takes in the product after it;
//! - `^\top`, whole powers of scalars, fractions, brackets, `[a, b]` (one above the other), `cases`
//!   over an index, `\lvert a \rvert` and `\lVert a \rVert`, derivatives
//!   `\frac{\partial C_t}{\partial C_{t-1}}` as quantities, and the functions `\sigma`, `\sigma'`,
//!   `\tanh`, `\tanh'`, `\exp`, `\ln`, `\sqrt`, `\max` and `\operatorname{diag}`. A function without
//!   brackets applies to the one symbol, number, fraction or bracket after it.
//!
//! Numbers, written out or bound with [`Env::scalar`], fit any shape in `+` and `-`: `1 - f_t`. A 1×1 matrix is a scalar in `\cdot` and in
//! fractions. A fraction is entry by entry if both parts have the same shape or if the upper one is
//! a number. How symbols are spelled in a test is told at [`Symbol`].
//!
//! # What is refused
//!
//! Whatever two readers could read in two ways, with a message that says what to write instead:
//! `a \cdot b \odot c`, `W x`, `f (x)`, `a / b \cdot c`, `\tanh C_t \odot o_t`, `\tanh(x)^2`,
//! `a - -b`, `\sum_t a_t + b`, `W^T`.

mod algebra;
mod eval;
mod expr;
mod mutate;
mod parse;
mod symbol;
mod token;

use std::error::Error;
use std::fmt;

use expr::Expr;

pub use eval::{Env, EvalError};
pub use mutate::{Change, Mutant};
pub use symbol::{Index, Symbol, SymbolError};
pub use token::{only_symbol, symbols};

/// One or more rows of equal sides.
#[derive(Clone, Debug, PartialEq)]
pub struct Equation {
    /// Each row has at least two sides.
    rows: Vec<Vec<Expr>>,
}

impl Equation {
    /// Reads a `<math>` element.
    ///
    /// # Errors
    ///
    /// If the formula is no equation, uses what the language has no meaning for, or could be
    /// understood in more than one way.
    pub fn parse(mathml: &str) -> Result<Self, Refusal> {
        let rows = parse::rows(&token::tokenize(mathml)?)?;
        Ok(Equation { rows })
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

/// `dC_t/dC_{t-1}`
fn derivative_name(of: &Symbol, by: &Symbol) -> String {
    format!("d{of}/d{by}")
}

/// Why a formula cannot be executed: what was found, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    message: String,
}

impl Refusal {
    fn new(message: impl Into<String>) -> Self {
        Refusal { message: message.into() }
    }

    fn in_row(self, row: usize) -> Self {
        Refusal::new(format!("row {row}: {}", self.message))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Refusal {}
