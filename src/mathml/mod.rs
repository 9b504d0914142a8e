//! LaTeX to MathML, and what stands in a formula.
//!
//! Every formula of the book, displayed or inline, becomes a [`Formula`], once: LaTeX is converted
//! ([`convert`]) to a [`tree`] of MathML, and the tree is read into [`token`]s, among them the
//! [`symbol`]s. The page shows the tree; the notation table is held against the symbols; the crate
//! `equations` evaluates the tokens. So what a reader sees, what is looked up and what is executed are
//! one and the same.

mod convert;
mod error;
mod formula;
mod symbol;
mod token;
mod tree;

pub use convert::Display;
pub use error::MathError;
pub use formula::Formula;
pub use symbol::{Index, Symbol, SymbolError};
pub use token::{Raised, Token, latex, script_text};
pub use tree::escaped;
