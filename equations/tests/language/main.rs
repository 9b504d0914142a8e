//! The language of executed equations: LaTeX in, through the typesetter that makes the page, values
//! out.

mod models;
mod mutants;
mod refusals;
mod support;
mod terms;
mod values;
