//! What every check of an equation needs: its text read, draws to try it on, and what counts as equal.

use equations::{Env, Equation};
use press::index::DisplayedEquation as BookEquation;
use press::mathml::{Display, Formula};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::draw::{Bind, Draw, draws};

/// Sides that are equal up to rounding differ by less than this, measured against the largest entry
/// (or 1). Sums of at most 32 products of numbers below 8 err by about 1e-13. A slope, such as σ′ in a
/// formula, is taken by differences over 1/2048 and 1/1024. With four roundings in a value of up to 64 each
/// value errs by up to 3e-14, the slope by 9e-11, and eight slopes times weights of up to 8 by 6e-9.
pub(crate) const TOLERANCE: f64 = 1e-8;

/// A wrong equation must be off by more than this on one of the drawn cases.
pub(crate) const NOTICED: f64 = 1e-6;

/// Where the book has it.
pub(crate) fn place(equation: &BookEquation) -> String {
    format!("{}:{} `{}`", equation.file.display(), equation.line, equation.label)
}

pub(crate) fn parse(equation: &BookEquation) -> Equation {
    read(&equation.latex).unwrap_or_else(|error| panic!("{}: {error}", place(equation)))
}

/// LaTeX to the very text that the page shows, and from there to what can be evaluated.
pub(crate) fn read(latex: &str) -> Result<Equation, Box<dyn std::error::Error>> {
    let shown = Formula::new(latex, Display::Block)?.mathml();
    Ok(Equation::parse(&Formula::from_mathml(&shown)?)?)
}

/// A few fixed draws, in shapes above 1, on which wrong equations are tried.
pub(crate) fn cases(bind: Bind) -> Vec<Env> {
    let mut runner = TestRunner::deterministic();
    let draw = || Some(draws(2).new_tree(&mut runner).ok()?.current());
    let draws: Vec<Draw> = std::iter::repeat_with(draw).take(8).flatten().collect();
    assert_eq!(draws.len(), 8);
    draws.into_iter().map(|mut draw| bind(&mut draw)).collect()
}

/// Would the check of [`every_equation_is_its_code`] refuse this equation?
pub(crate) fn caught(equation: &Equation, cases: &[Env]) -> bool {
    cases.iter().any(|env| equation.residual(env).is_ok_and(|residual| residual > NOTICED))
        || cases.iter().all(|env| equation.residual(env).is_err())
}
