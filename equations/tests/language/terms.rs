//! Random formulas: those of known meaning keep it, and none is a crash.

use equations::{Env, Equation};
use nalgebra::DMatrix;
use press::mathml::{Display, Formula};
use proptest::prelude::*;

use crate::support::{Values, columns, page, read, sigma, stack};

/// An expression with a known shape and a known meaning, to be printed and read back.
#[derive(Clone, Debug)]
enum Term {
    Leaf(usize, usize, usize),
    Plus(Box<Term>, Box<Term>),
    Minus(Box<Term>, Box<Term>),
    Negative(Box<Term>),
    Times(Box<Term>, Box<Term>),
    Entrywise(Box<Term>, Box<Term>),
    Scaled(u8, Box<Term>),
    OneMinus(Box<Term>),
    Half(Box<Term>),
    Sigma(Box<Term>),
    TanhBare(Box<Term>),
    Transpose(Box<Term>),
    Stack(Box<Term>, Box<Term>),
    ThreeTimes(Box<Term>),
}

/// Sizes above 1, and 5 = 2 + 3 so that things can be stacked.
const SIZES: [usize; 3] = [2, 3, 5];

/// Chooses what stands on top first, so that only the chosen subtree is ever built.
fn term(rows: usize, columns: usize, depth: u32) -> BoxedStrategy<Term> {
    let leaf = (0..LEAVES.len()).prop_map(move |leaf| Term::Leaf(leaf, rows, columns));
    if depth == 0 {
        return leaf.boxed();
    }
    let sub = move |rows, columns| term(rows, columns, depth - 1).prop_map(Box::new);
    let one = move |wrap: fn(Box<Term>) -> Term| sub(rows, columns).prop_map(wrap).boxed();
    let two = move |join: fn(Box<Term>, Box<Term>) -> Term| {
        let pair = (sub(rows, columns), sub(rows, columns));
        pair.prop_map(move |(a, b)| join(a, b)).boxed()
    };
    let on_top = move |choice| match choice {
        0 => two(Term::Plus),
        1 => two(Term::Minus),
        2 => two(Term::Entrywise),
        3 => one(Term::Negative),
        4 => one(Term::OneMinus),
        5 => one(Term::Half),
        6 => one(Term::Sigma),
        7 => one(Term::TanhBare),
        8 => one(Term::ThreeTimes),
        9 => sub(columns, rows).prop_map(Term::Transpose).boxed(),
        10 => (0..9_u8, sub(rows, columns)).prop_map(|(n, a)| Term::Scaled(n, a)).boxed(),
        11 if rows == 5 => {
            let parts = (sub(2, columns), sub(3, columns));
            parts.prop_map(|(a, b)| Term::Stack(a, b)).boxed()
        }
        _ => prop::sample::select(&SIZES)
            .prop_flat_map(move |inner| (sub(rows, inner), sub(inner, columns)))
            .prop_map(|(a, b)| Term::Times(a, b))
            .boxed(),
    };
    prop_oneof![1 => leaf, 9 => (0..14_u8).prop_flat_map(on_top)].boxed()
}

/// LaTeX and canonical spelling of the leaves; each exists in every shape.
const LEAVES: [(&str, &str); 3] = [
    (r"\bar{A}_{#}", "bar(A_{#})"),
    (r"z^{#}_{t-1}", "z^{#}_{t-1}"),
    (r"\tilde{C}_{#}", "tilde(C_{#})"),
];

/// Where a term stands, which decides whether it needs brackets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Side,
    Summand,
    Factor(&'static str),
    Base,
}

impl Term {
    fn latex(&self, place: Place) -> String {
        let (text, brackets) = match self {
            Term::Leaf(leaf, rows, columns) => {
                let text = LEAVES[*leaf].0.replace('#', &shape_name(*rows, *columns));
                (text, place == Place::Base && *leaf == 1)
            }
            Term::Plus(a, b) => {
                let (a, b) = (a.latex(Place::Side), b.latex(Place::Summand));
                (format!("{a} + {b}"), place > Place::Side)
            }
            Term::Minus(a, b) => {
                let (a, b) = (a.latex(Place::Side), b.latex(Place::Summand));
                (format!("{a} - {b}"), place > Place::Side)
            }
            Term::Negative(a) => (format!("-{}", a.latex(Place::Summand)), place > Place::Side),
            Term::Times(a, b) => chain(&a.latex(Place::Factor(DOT)), b, DOT, place),
            Term::Entrywise(a, b) => chain(&a.latex(Place::Factor(ODOT)), b, ODOT, place),
            Term::Scaled(n, a) => chain(&n.to_string(), a, DOT, place),
            Term::OneMinus(a) => (format!("1 - {}", a.latex(Place::Summand)), place > Place::Side),
            Term::Half(a) => {
                (format!(r"\frac{{{}}}{{2}}", a.latex(Place::Side)), place == Place::Base)
            }
            Term::Sigma(a) => {
                (format!(r"\sigma\left({}\right)", a.latex(Place::Side)), place == Place::Base)
            }
            Term::TanhBare(a) => {
                (format!(r"\tanh {}", a.latex(Place::Base)), place > Place::Summand)
            }
            Term::Transpose(a) => (format!(r"{}^\top", a.latex(Place::Base)), place == Place::Base),
            Term::Stack(a, b) => {
                (format!("[{}, {}]", a.latex(Place::Side), b.latex(Place::Side)), false)
            }
            Term::ThreeTimes(a) => {
                let body = a.latex(Place::Summand);
                let unused = |letter: &char| !body.contains(&format!("{letter}=0"));
                let letter = ['k', 'j', 's', 'T'].into_iter().find(unused).unwrap_or('t');
                (format!(r"\sum_{{{letter}=0}}^{{2}} {body}"), true)
            }
        };
        match brackets {
            true => format!("({text})"),
            false => text,
        }
    }

    fn value(&self, env: &dyn Fn(usize, usize, usize) -> DMatrix<f64>) -> DMatrix<f64> {
        match self {
            Term::Leaf(leaf, rows, columns) => env(*leaf, *rows, *columns),
            Term::Plus(a, b) => a.value(env) + b.value(env),
            Term::Minus(a, b) => a.value(env) - b.value(env),
            Term::Negative(a) => -a.value(env),
            Term::Times(a, b) => a.value(env) * b.value(env),
            Term::Entrywise(a, b) => a.value(env).component_mul(&b.value(env)),
            Term::Scaled(n, a) => a.value(env) * f64::from(*n),
            Term::OneMinus(a) => a.value(env).map(|x| 1.0 - x),
            Term::Half(a) => a.value(env) / 2.0,
            Term::Sigma(a) => a.value(env).map(sigma),
            Term::TanhBare(a) => a.value(env).map(f64::tanh),
            Term::Transpose(a) => a.value(env).transpose(),
            Term::Stack(a, b) => stack(&a.value(env), &b.value(env)),
            Term::ThreeTimes(a) => a.value(env) * 3.0,
        }
    }
}

const DOT: &str = r"\cdot";
const ODOT: &str = r"\odot";

/// A product; within another of its kind it needs no brackets, since both kinds are associative.
fn chain(left: &str, right: &Term, joint: &'static str, place: Place) -> (String, bool) {
    let right = right.latex(Place::Factor(joint));
    let alien = matches!(place, Place::Factor(outer) if outer != joint);
    (format!("{left} {joint} {right}"), alien || place == Place::Base)
}

fn shape_name(rows: usize, columns: usize) -> String {
    let letter =
        |size: usize| SIZES.iter().position(|s| *s == size).map_or("x", |i| ["p", "q", "r"][i]);
    letter(rows).to_owned() + letter(columns)
}

fn leaf_value(leaf: usize, rows: usize, columns: usize) -> DMatrix<f64> {
    Values((leaf * 100 + rows * 10 + columns) as u64).matrix(rows, columns)
}

fn any_term() -> impl Strategy<Value = Term> {
    (prop::sample::select(&SIZES), prop::sample::select(&SIZES))
        .prop_flat_map(|(rows, columns)| term(rows, columns, 5))
}

proptest! {
    /// Printing a known meaning and reading it back through the typesetter changes no value.
    #[test]
    fn reading_never_disagrees_with_meaning(term in any_term()) {
        let mut env = Env::new();
        for (leaf, (_, spelling)) in LEAVES.iter().enumerate() {
            for rows in SIZES {
                for columns in SIZES {
                    let name = spelling.replace('#', &shape_name(rows, columns));
                    env.set(&name, leaf_value(leaf, rows, columns));
                }
            }
        }
        let value = term.value(&leaf_value);
        env.set("Y", value.clone());
        let latex = format!("Y = {}", term.latex(Place::Side));
        let equation = Equation::parse(&page(&latex))
            .map_err(|refusal| TestCaseError::fail(format!("{latex}: {refusal}")))?;
        let residual = equation.residual(&env).map_err(|e| TestCaseError::fail(format!("{latex}: {e}")))?;
        // A product's entries are sums of up to 5 terms, so rounding grows by a digit in five levels.
        prop_assert!(residual < 1e-11, "{}: {}", latex, residual);
    }

    /// No formula brings the reader down, and what it reads it can print and read again.
    #[test]
    fn no_formula_is_a_crash(parts in prop::collection::vec((prop::sample::select(OPERANDS), prop::sample::select(OPERATORS)), 1..9)) {
        let latex: String = parts.iter().flat_map(|(operand, operator)| [*operand, " ", *operator, " "]).collect();
        let latex = format!("y = {latex} z");
        let Ok(formula) = Formula::new(&latex, Display::Block) else { return Ok(()) };
        // What the page shows reads back as what was read.
        prop_assert_eq!(&Formula::from_mathml(&formula.mathml()), &Ok(formula.clone()));
        if let Ok(equation) = Equation::parse(&formula) {
            prop_assert_eq!(read(&equation.to_string()).to_string(), equation.to_string());
            let _ = equation.residual(&columns());
            let _ = equation.mutants();
        }
    }
}

const OPERANDS: &[&str] = &[
    "a",
    "u",
    "W_f",
    "h_{t-1}",
    r"\bar{z}^f_t",
    "1",
    "0.5",
    "-",
    "(",
    "(a",
    "b)",
    "[u",
    "u, v]",
    "|",
    "|a|",
    r"\|",
    r"\tanh",
    r"\tanh a",
    r"\sigma'(u)",
    r"\sum_{t=1}^{T}",
    r"\frac{a}{b}",
    r"M^\top",
    r"{a + b}",
    "",
    r"\begin{cases} a & t=1 \\ b & \text{otherwise} \end{cases}",
    r"\begin{matrix} a \end{matrix}",
];

const OPERATORS: &[&str] = &[
    "+", "-", r"\cdot", r"\odot", r"\cdot", r"\odot", "=", "/", ",", ")", "]", "|", "^2", "_t",
    "'", "", r"\le",
];
