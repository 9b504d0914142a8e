//! Executed equations: the MathML that the page shows, evaluated.
//!
//! There is no second LaTeX parser here. The press reads LaTeX into a [`Formula`](press::mathml::Formula),
//! which is what goes onto the page, and [`Equation::parse`] reads that very formula, so what the
//! reader sees is what ran. Only tests use this crate: the press knows nothing of it.
//!
//! ```
//! use nalgebra::DMatrix;
//! use equations::{Env, Equation};
//! use press::mathml::{Display, Formula};
//!
//! let page = Formula::new(r"f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f)", Display::Block)?;
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
//! a number. How symbols are spelled in a test is told at
//! [`Symbol`](press::mathml::Symbol).
//!
//! # What σ is
//!
//! `\sigma` and `\tanh` are this crate's own, and a prime is what it says, the slope of the function. A
//! listing whose sigmoid is wrong therefore disagrees with every equation that has a σ in it. An equation
//! that says what σ or its slope is binds the listing's, with [`Env::function`].
//!
//! # What is refused
//!
//! Whatever two readers could read in two ways, with a message that says what to write instead:
//! `a \cdot b \odot c`, `W x`, `f (x)`, `a / b \cdot c`, `\tanh C_t \odot o_t`, `\tanh(x)^2`,
//! `a - -b`, `\sum_t a_t + b`, `W^T`.

mod algebra;
mod env;
mod equation;
mod eval;
mod expr;
mod function;
mod mutate;
mod parse;
mod refusal;
mod value;

pub use env::{Env, EvalError};
pub use equation::Equation;
pub use mutate::{Change, Mutant};
pub use refusal::Refusal;
