//! The language of predicates, for the kept expression library `exmex`.
//!
//! Of the libraries that were looked at it is the one that lets a predicate read like its sentence: operators are words
//! (`and`, `in`), names in braces may be anything that a program prints as a label, and a type of one's own with
//! its own operators is all that it asks for. (`rhai` is a whole programming language, whose braces are blocks and whose
//! size every reader would compile; `evalexpr` has no operators on columns, and its licence is not the book's.)
//!
//! | written | means |
//! |---|---|
//! | `+ - * /`, `== != < <= > >=` | as usual, cell by cell; decimals are equal to nine digits |
//! | `a in low .. high`, `a in middle ± width` | ends included |
//! | `and`, `or`, `not (…)` | of truths, cell by cell |
//! | `all(…)`, `any(…)`, `count(…)` | of a column of truths |
//! | `min max sum mean median first last size` | of a column of numbers |
//! | `steps(…)`, `ratios(…)` | each cell minus, or divided by, the one before it |
//! | `increasing(…)`, `decreasing(…)` | of a column, strictly |
//! | `abs(…)` | of each number |
//! | `a & b` | two numbers or columns as one column |

use exmex::{BinOp, Express, FlatEx, MakeOperators, MatchLiteral, Operator};

use super::value::{
    Value, arithmetic, comparison, count, each, joined, logic, median, negated, neighbours, order,
    range, size, summary, verdict, within,
};

/// A predicate, compiled once and evaluated with many values.
#[derive(Clone, Debug)]
pub(super) struct Compiled(FlatEx<Value, Operators, Decimal>);

impl Compiled {
    /// Compiles a predicate whose references stand in braces.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn new(text: &str) -> Result<Compiled, String> {
        // Functions of two arguments are spelt as operators here; the library would take a comma.
        if text.contains(',') {
            return Err("a comma".to_owned());
        }
        let compiled = FlatEx::parse(text).map_err(|error| error.msg().to_owned())?;
        Ok(Compiled(compiled))
    }

    /// What it refers to, in the order in which [`Compiled::value`] wants the values. A name without braces is
    /// among them.
    pub(super) fn names(&self) -> &[String] {
        self.0.var_names()
    }

    /// Its value for these values of its names.
    pub(super) fn value(&self, values: &[Value]) -> Value {
        self.0.eval(values).unwrap_or_else(|error| Value::Wrong(error.msg().to_owned()))
    }
}

/// Numbers as programs print them, without a sign: `0.5`, `1e-3`.
#[derive(Clone, Debug)]
struct Decimal;

impl MatchLiteral for Decimal {
    fn is_literal(text: &str) -> Option<&str> {
        if !text.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let digits = |from: usize| {
            let rest = text[from..].bytes();
            from + rest.take_while(u8::is_ascii_digit).count()
        };
        let mut end = digits(0);
        if text[end..].starts_with('.') && digits(end + 1) > end + 1 {
            end = digits(end + 1);
        }
        if text[end..].starts_with('e') {
            let sign = usize::from(text[end + 1..].starts_with(['-', '+']));
            let exponent = digits(end + 1 + sign);
            if exponent > end + 1 + sign {
                end = exponent;
            }
        }
        Some(&text[..end])
    }
}

#[derive(Clone, Debug)]
struct Operators;

/// What binds tighter has the higher number.
const OR: i64 = 1;
const AND: i64 = 2;
const COMPARE: i64 = 3;
const JOIN: i64 = 4;
const RANGE: i64 = 5;
const ADD: i64 = 6;
const MULTIPLY: i64 = 7;

impl MakeOperators<Value> for Operators {
    fn make<'a>() -> Vec<Operator<'a, Value>> {
        [binary(), columns()].concat()
    }
}

fn binary<'a>() -> Vec<Operator<'a, Value>> {
    let operator =
        |name, prio, apply| Operator::make_bin(name, BinOp { apply, prio, is_commutative: false });
    let minus = BinOp {
        apply: |a, b| arithmetic("-", a, b, |a, b| a - b),
        prio: ADD,
        is_commutative: false,
    };
    vec![
        operator("or", OR, |a, b| logic("or", a, b, |a, b| a || b)),
        operator("and", AND, |a, b| logic("and", a, b, |a, b| a && b)),
        operator("==", COMPARE, |a, b| comparison("==", a, b, |_, equal| equal)),
        operator("!=", COMPARE, |a, b| comparison("!=", a, b, |_, equal| !equal)),
        operator("<", COMPARE, |a, b| comparison("<", a, b, |less, equal| less && !equal)),
        operator("<=", COMPARE, |a, b| comparison("<=", a, b, |less, equal| less || equal)),
        operator(">", COMPARE, |a, b| comparison(">", a, b, |less, equal| !less && !equal)),
        operator(">=", COMPARE, |a, b| comparison(">=", a, b, |less, equal| !less || equal)),
        operator("in", COMPARE, within),
        operator("&", JOIN, joined),
        operator("..", RANGE, |a, b| range("..", a, b, |low, high| (low, high))),
        operator("±", RANGE, |a, b| {
            range("±", a, b, |middle, width| (middle - width, middle + width))
        }),
        operator("+", ADD, |a, b| arithmetic("+", a, b, |a, b| a + b)),
        Operator::make_bin_unary("-", minus, |a| each("-", a, |a| -a)),
        operator("*", MULTIPLY, |a, b| arithmetic("*", a, b, |a, b| a * b)),
        operator("/", MULTIPLY, |a, b| arithmetic("/", a, b, |a, b| a / b)),
    ]
}

fn columns<'a>() -> Vec<Operator<'a, Value>> {
    let function = Operator::make_unary;
    vec![
        function("not", negated),
        function("all", |a| verdict("all", a, |truths| truths.iter().all(|truth| *truth))),
        function("any", |a| verdict("any", a, |truths| truths.iter().any(|truth| *truth))),
        function("count", count),
        function("size", size),
        function("min", |a| {
            summary("min", a, |all| all.iter().copied().fold(f64::INFINITY, f64::min))
        }),
        function("max", |a| {
            summary("max", a, |all| all.iter().copied().fold(-f64::INFINITY, f64::max))
        }),
        function("sum", |a| summary("sum", a, |all| all.iter().sum())),
        function("mean", |a| summary("mean", a, |all| all.iter().sum::<f64>() / all.len() as f64)),
        function("median", |a| summary("median", a, median)),
        function("first", |a| summary("first", a, |all| all[0])),
        function("last", |a| summary("last", a, |all| all[all.len() - 1])),
        function("steps", |a| neighbours("steps", a, |before, after| after - before)),
        function("ratios", |a| neighbours("ratios", a, |before, after| after / before)),
        function("increasing", |a| order("increasing", a, |before, after| before < after)),
        function("decreasing", |a| order("decreasing", a, |before, after| before > after)),
        function("abs", |a| each("abs", a, f64::abs)),
    ]
}
