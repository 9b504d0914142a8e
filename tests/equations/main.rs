//! Every executed equation of the book against the code that it claims to be.
//!
//! A label such as `forget-gate` is bound, in the chapter's module, to a function that draws random shapes and values, lets the
//! listing compute, and gives every symbol of the equation its value. The equation, as it is
//! typeset on the page, is evaluated on the same values: all its sides must agree.

use forget_gate::Gate;
use gradient_check::Affine;
use nalgebra::{DMatrix, DVector};
use press::equation::{Env, Equation};
use press::math::{Display, typeset};
use press::typeset::Equation as BookEquation;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

mod ch01;
mod ch02;
mod ch03;
mod ch04;
mod ch05;
mod ch06;
mod ch07;
mod ch08;
mod ch09;
mod ch10;
mod ch11;
mod ch12;
mod ch13;
mod ch14;
#[path = "../support/mod.rs"]
mod support;

/// Sides that are equal up to rounding differ by less than this, measured against the largest entry
/// (or 1). Sums of at most 32 products of numbers below 8 err by about 1e-13. A slope, such as σ′ in a
/// formula, is taken by differences over 1/2048 and 1/1024. With four roundings in a value of up to 64 each
/// value errs by up to 3e-14, the slope by 9e-11, and eight slopes times weights of up to 8 by 6e-9.
const TOLERANCE: f64 = 1e-8;

/// A wrong equation must be off by more than this on one of the drawn cases.
const NOTICED: f64 = 1e-6;

/// Random shapes and values, handed out one after the other.
#[derive(Clone, Debug)]
struct Draw {
    hidden: usize,
    inputs: usize,
    values: Vec<f64>,
}

/// Shapes from `smallest` up, values that leave some gates half open and push others far out.
fn draws(smallest: usize) -> impl Strategy<Value = Draw> {
    let value = prop_oneof![4 => -2.0..2.0, 1 => -8.0..8.0];
    let shapes = (smallest..=8_usize, smallest..=8_usize);
    (shapes, prop::collection::vec(value, 400)).prop_map(|((hidden, inputs), values)| Draw {
        hidden,
        inputs,
        values,
    })
}

impl Draw {
    fn matrix(&mut self, rows: usize, columns: usize) -> DMatrix<f64> {
        let rest = self.values.split_off(rows * columns);
        DMatrix::from_vec(rows, columns, std::mem::replace(&mut self.values, rest))
    }

    fn vector(&mut self, length: usize) -> DVector<f64> {
        self.matrix(length, 1).column(0).into_owned()
    }

    fn gate(&mut self) -> Gate {
        let w = self.matrix(self.hidden, self.hidden + self.inputs);
        Gate { affine: Affine { w, b: self.vector(self.hidden) } }
    }
}

/// Shorthand for what the environment takes.
fn m(vector: &DVector<f64>) -> DMatrix<f64> {
    DMatrix::from_column_slice(vector.len(), 1, vector.as_slice())
}

/// Gives every symbol of an equation its value, by the listings.
type Bind = fn(&mut Draw) -> Env;

/// A label and what it is bound to.
type Binding = (&'static str, Bind);

/// Which code each label stands for, chapter by chapter.
const BINDINGS: &[&[Binding]] = &[
    ch01::BINDINGS,
    ch02::BINDINGS,
    ch03::BINDINGS,
    ch04::BINDINGS,
    ch05::BINDINGS,
    ch06::BINDINGS,
    ch07::BINDINGS,
    ch08::BINDINGS,
    ch09::BINDINGS,
    ch10::BINDINGS,
    ch11::BINDINGS,
    ch12::BINDINGS,
    ch13::BINDINGS,
    ch14::BINDINGS,
];

/// The executed equations of the book with their bindings; complains about either without the other.
fn bound() -> Vec<(BookEquation, Bind)> {
    let bindings: Vec<&Binding> = BINDINGS.iter().copied().flatten().collect();
    let (press, _) = support::book();
    let executed: Vec<_> = press.labels.equations.iter().filter(|e| e.code.is_some()).collect();
    for (label, _) in &bindings {
        let known = executed.iter().any(|equation| equation.label == *label);
        assert!(known, "tests/equations binds `{label}`, which no page shows: delete the binding");
    }
    let find = |equation: &&BookEquation| {
        let binding = bindings.iter().find(|(label, _)| *label == equation.label);
        let Some((_, bind)) = binding else {
            panic!("{}: the equation has no binding in tests/equations", place(equation));
        };
        ((*equation).clone(), *bind)
    };
    executed.iter().map(find).collect()
}

fn place(equation: &BookEquation) -> String {
    format!("{}:{} `{}`", equation.file.display(), equation.line, equation.label)
}

fn parse(equation: &BookEquation) -> Equation {
    read(&equation.latex).unwrap_or_else(|error| panic!("{}: {error}", place(equation)))
}

/// LaTeX to what the page shows, and from there to what can be evaluated.
fn read(latex: &str) -> Result<Equation, Box<dyn std::error::Error>> {
    Ok(Equation::parse(&typeset(latex, Display::Block)?)?)
}

#[test]
fn every_equation_is_its_code() {
    for (equation, bind) in bound() {
        let parsed = parse(&equation);
        let mut runner =
            TestRunner::new(Config { cases: 128, failure_persistence: None, ..Config::default() });
        let result = runner.run(&draws(1), |mut draw| {
            let residual = parsed.residual(&bind(&mut draw));
            let residual = residual.map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert!(residual < TOLERANCE, "the two sides differ by {residual:e}");
            Ok(())
        });
        result.unwrap_or_else(|error| panic!("{}: {error}", place(&equation)));
    }
}

/// A few fixed draws, in shapes above 1, on which wrong equations are tried.
fn cases(bind: Bind) -> Vec<Env> {
    let mut runner = TestRunner::deterministic();
    let draw = || Some(draws(2).new_tree(&mut runner).ok()?.current());
    let draws: Vec<Draw> = std::iter::repeat_with(draw).take(8).flatten().collect();
    assert_eq!(draws.len(), 8);
    draws.into_iter().map(|mut draw| bind(&mut draw)).collect()
}

/// Would the check of [`every_equation_is_its_code`] refuse this equation?
fn caught(equation: &Equation, cases: &[Env]) -> bool {
    cases.iter().any(|env| equation.residual(env).is_ok_and(|residual| residual > NOTICED))
        || cases.iter().all(|env| equation.residual(env).is_err())
}

#[test]
fn no_wrong_equation_survives() {
    let (mut tried, mut survivors) = (0, Vec::new());
    for (equation, bind) in bound() {
        let cases = cases(bind);
        let mutants = parse(&equation).mutants();
        assert!(!mutants.is_empty(), "{}: nothing in it can be wrong", place(&equation));
        for mutant in mutants {
            tried += 1;
            if !caught(&mutant.equation, &cases) {
                survivors.push(format!("{}: {}", place(&equation), mutant.description));
            }
        }
    }
    println!("{tried} wrong equations tried, {} survived", survivors.len());
    assert!(survivors.is_empty(), "wrong equations that nobody noticed:\n{}", survivors.join("\n"));
}

/// Flips each `+` and `-` of an equation's source in turn.
fn flipped_signs(latex: &str) -> impl Iterator<Item = String> {
    latex.char_indices().filter(|(_, c)| "+-".contains(*c)).map(|(at, sign)| {
        let other = if sign == '+' { "-" } else { "+" };
        format!("{}{other}{}", &latex[..at], &latex[at + 1..])
    })
}

#[test]
fn no_flipped_sign_in_the_source_survives() {
    let (mut tried, mut survivors) = (0, Vec::new());
    for (equation, bind) in bound() {
        let cases = cases(bind);
        for wrong in flipped_signs(&equation.latex) {
            tried += 1;
            if read(&wrong).is_ok_and(|wrong| !caught(&wrong, &cases)) {
                survivors.push(format!("{}: {wrong}", place(&equation)));
            }
        }
    }
    println!("{tried} flipped signs tried, {} survived", survivors.len());
    assert!(tried > 0 && survivors.is_empty(), "nobody noticed:\n{}", survivors.join("\n"));
}
