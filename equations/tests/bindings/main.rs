//! Every executed equation of the book against the code that it claims to be.
//!
//! A label such as `forget-gate` is bound, in the chapter's module, to a function that draws random shapes and values, lets the
//! listing compute, and gives every symbol of the equation its value. The equation, as it is
//! typeset on the page, is evaluated on the same values: all its sides must agree.

use check::{TOLERANCE, cases, caught, parse, place, read};
use draw::{Bind, Binding, draws};
use press::index::DisplayedEquation as BookEquation;
use proptest::prelude::*;
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
mod ch15;
mod check;
mod draw;
#[path = "../../../tests/support/mod.rs"]
mod support;

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
    ch15::BINDINGS,
];

/// The executed equations of the book with their bindings; complains about either without the other.
fn bound() -> Vec<(BookEquation, Bind)> {
    let bindings: Vec<&Binding> = BINDINGS.iter().copied().flatten().collect();
    let (press, _) = support::book();
    let executed: Vec<_> = press.index.equations.iter().filter(|e| e.code.is_some()).collect();
    for (label, _) in &bindings {
        let known = executed.iter().any(|equation| equation.label == *label);
        assert!(
            known,
            "equations/tests/bindings binds `{label}`, which no page shows: delete the binding"
        );
    }
    let find = |equation: &&BookEquation| {
        let binding = bindings.iter().find(|(label, _)| *label == equation.label);
        let Some((_, bind)) = binding else {
            panic!("{}: the equation has no binding in equations/tests/bindings", place(equation));
        };
        ((*equation).clone(), *bind)
    };
    executed.iter().map(find).collect()
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
