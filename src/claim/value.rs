//! What a predicate computes with: numbers, truths and ranges, each alone or as a column.
//!
//! Two columns of the same length meet cell by cell, and a single value meets each cell of a column. What does
//! not fit together becomes [`Value::Wrong`], which says so and swallows all that is done to it.

use std::str::FromStr;

/// Numbers nearer to each other than this part of them are equal: decimals are not exact in binary.
const HAIR: f64 = 1e-9;

/// One value, or a column of them.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Many<T> {
    /// What a label such as `{30:bias-3.solved}` stands for.
    One(T),
    /// What a pattern such as `{30:*.solved}` stands for, in the order in which it was printed.
    Column(Vec<T>),
}

/// What an expression comes to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Numbers, none of them infinite.
    Number(Many<f64>),
    /// What comparisons come to.
    Truth(Many<bool>),
    /// From one number to another, both included.
    Range(Many<f64>, Many<f64>),
    /// What has no value, and why.
    Wrong(String),
}

impl Default for Value {
    fn default() -> Value {
        Value::Wrong("nothing".to_owned())
    }
}

impl FromStr for Value {
    type Err = std::num::ParseFloatError;

    fn from_str(text: &str) -> Result<Value, Self::Err> {
        Ok(Value::Number(Many::One(text.parse()?)))
    }
}

impl<T: Clone> Many<T> {
    fn map<U>(self, f: impl Fn(T) -> U) -> Many<U> {
        match self {
            Many::One(value) => Many::One(f(value)),
            Many::Column(values) => Many::Column(values.into_iter().map(f).collect()),
        }
    }

    /// Each with each, cell by cell; a single value with every cell.
    fn with<U: Clone, V>(self, other: Many<U>, f: impl Fn(T, U) -> V) -> Result<Many<V>, String> {
        Ok(match (self, other) {
            (Many::One(a), Many::One(b)) => Many::One(f(a, b)),
            (Many::One(a), Many::Column(b)) => {
                Many::Column(b.into_iter().map(|b| f(a.clone(), b)).collect())
            }
            (Many::Column(a), Many::One(b)) => {
                Many::Column(a.into_iter().map(|a| f(a, b.clone())).collect())
            }
            (Many::Column(a), Many::Column(b)) if a.len() == b.len() => {
                Many::Column(a.into_iter().zip(b).map(|(a, b)| f(a, b)).collect())
            }
            (Many::Column(a), Many::Column(b)) => {
                return Err(format!("columns of {} and of {} cells", a.len(), b.len()));
            }
        })
    }

    /// A single value as a column of one.
    pub(super) fn cells(self) -> Vec<T> {
        match self {
            Many::One(value) => vec![value],
            Many::Column(values) => values,
        }
    }

    fn kind(&self, what: &str) -> String {
        match self {
            Many::One(_) => format!("a {what}"),
            Many::Column(values) => format!("a column of {} {what}s", values.len()),
        }
    }
}

impl Value {
    /// What it is, for messages: `a column of 5 numbers`.
    pub(super) fn kind(&self) -> String {
        match self {
            Value::Number(many) => many.kind("number"),
            Value::Truth(many) => many.kind("truth value"),
            Value::Range(..) => "a range".to_owned(),
            Value::Wrong(why) => why.clone(),
        }
    }
}

fn equal(a: f64, b: f64) -> bool {
    (a - b).abs() <= HAIR * a.abs().max(b.abs())
}

/// `a` and `b` are not what `name` takes; what is already wrong stays what it was.
fn misfit(name: &str, a: Value, b: Value) -> Value {
    match (a, b) {
        (wrong @ Value::Wrong(_), _) | (_, wrong @ Value::Wrong(_)) => wrong,
        (a, b) => Value::Wrong(format!("`{name}` between {} and {}", a.kind(), b.kind())),
    }
}

fn finite(name: &str, numbers: Many<f64>) -> Value {
    match numbers.clone().cells().iter().all(|number| number.is_finite()) {
        true => Value::Number(numbers),
        false => Value::Wrong(format!("`{name}` that gives no finite number")),
    }
}

/// A sum, a product and the like.
pub(super) fn arithmetic(name: &str, a: Value, b: Value, f: fn(f64, f64) -> f64) -> Value {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => match a.with(b, f) {
            Ok(numbers) => finite(name, numbers),
            Err(why) => Value::Wrong(format!("`{name}` between {why}")),
        },
        (a, b) => misfit(name, a, b),
    }
}

/// A comparison. `f` is told whether the first is smaller, and whether the two are equal.
pub(super) fn comparison(name: &str, a: Value, b: Value, f: fn(bool, bool) -> bool) -> Value {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => match a.with(b, |a, b| f(a < b, equal(a, b))) {
            Ok(truths) => Value::Truth(truths),
            Err(why) => Value::Wrong(format!("`{name}` between {why}")),
        },
        (a, b) => misfit(name, a, b),
    }
}

/// `and`, `or`.
pub(super) fn logic(name: &str, a: Value, b: Value, f: fn(bool, bool) -> bool) -> Value {
    match (a, b) {
        (Value::Truth(a), Value::Truth(b)) => match a.with(b, f) {
            Ok(truths) => Value::Truth(truths),
            Err(why) => Value::Wrong(format!("`{name}` between {why}")),
        },
        (a, b) => misfit(name, a, b),
    }
}

/// `low .. high`, or `middle ± width`, as `ends` makes the one or the other of two numbers.
pub(super) fn range(name: &str, a: Value, b: Value, ends: fn(f64, f64) -> (f64, f64)) -> Value {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => match a.with(b, ends) {
            Ok(pairs) if pairs.clone().cells().iter().any(|(low, high)| low > high) => {
                Value::Wrong(format!("`{name}` from a number to a smaller one"))
            }
            Ok(pairs) => Value::Range(pairs.clone().map(|pair| pair.0), pairs.map(|pair| pair.1)),
            Err(why) => Value::Wrong(format!("`{name}` between {why}")),
        },
        (a, b) => misfit(name, a, b),
    }
}

/// `number in range`.
pub(super) fn within(a: Value, b: Value) -> Value {
    match (a, b) {
        (Value::Number(a), Value::Range(low, high)) => {
            let above = a.clone().with(low, |a, low| a >= low || equal(a, low));
            let below = a.with(high, |a, high| a <= high || equal(a, high));
            match above.and_then(|above| above.with(below?, |above, below| above && below)) {
                Ok(truths) => Value::Truth(truths),
                Err(why) => Value::Wrong(format!("`in` between {why}")),
            }
        }
        (a, b) => misfit("in", a, b),
    }
}

/// `a & b`: numbers and columns as one column.
pub(super) fn joined(a: Value, b: Value) -> Value {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            Value::Number(Many::Column([a.cells(), b.cells()].concat()))
        }
        (a, b) => misfit("&", a, b),
    }
}

fn no(name: &str, value: Value) -> Value {
    match value {
        Value::Wrong(why) => Value::Wrong(why),
        value => Value::Wrong(format!("`{name}` of {}", value.kind())),
    }
}

/// A function of each number.
pub(super) fn each(name: &str, value: Value, f: fn(f64) -> f64) -> Value {
    match value {
        Value::Number(numbers) => finite(name, numbers.map(f)),
        other => no(name, other),
    }
}

/// A number that stands for a column of numbers.
pub(super) fn summary(name: &str, value: Value, f: fn(&[f64]) -> f64) -> Value {
    match value {
        Value::Number(Many::Column(numbers)) if !numbers.is_empty() => {
            finite(name, Many::One(f(&numbers)))
        }
        other => no(name, other),
    }
}

/// What lies between each cell of a column and the one before it.
pub(super) fn neighbours(name: &str, value: Value, f: fn(f64, f64) -> f64) -> Value {
    match value {
        Value::Number(Many::Column(numbers)) if numbers.len() > 1 => {
            let pairs = numbers.windows(2).map(|pair| f(pair[0], pair[1]));
            finite(name, Many::Column(pairs.collect()))
        }
        other => no(name, other),
    }
}

/// Whether each cell of a column stands to the one before it as `f` says.
pub(super) fn order(name: &str, value: Value, f: fn(f64, f64) -> bool) -> Value {
    match value {
        Value::Number(Many::Column(numbers)) if numbers.len() > 1 => {
            let ordered = |pair: &[f64]| !equal(pair[0], pair[1]) && f(pair[0], pair[1]);
            Value::Truth(Many::One(numbers.windows(2).all(ordered)))
        }
        other => no(name, other),
    }
}

/// `all`, `any`.
pub(super) fn verdict(name: &str, value: Value, f: fn(&[bool]) -> bool) -> Value {
    match value {
        Value::Truth(Many::Column(truths)) => Value::Truth(Many::One(f(&truths))),
        other => no(name, other),
    }
}

/// `not`.
pub(super) fn negated(value: Value) -> Value {
    match value {
        Value::Truth(truths) => Value::Truth(truths.map(|truth| !truth)),
        other => no("not", other),
    }
}

/// How many cells of a column hold.
pub(super) fn count(value: Value) -> Value {
    match value {
        Value::Truth(Many::Column(truths)) => {
            let count = truths.into_iter().filter(|truth| *truth).count();
            Value::Number(Many::One(count as f64))
        }
        other => no("count", other),
    }
}

/// How many cells a column has.
pub(super) fn size(value: Value) -> Value {
    match value {
        Value::Number(Many::Column(numbers)) => Value::Number(Many::One(numbers.len() as f64)),
        Value::Truth(Many::Column(truths)) => Value::Number(Many::One(truths.len() as f64)),
        other => no("size", other),
    }
}

/// The number in the middle, or between the two in the middle.
pub(super) fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() % 2 {
        0 => (sorted[middle - 1] + sorted[middle]) / 2.0,
        _ => sorted[middle],
    }
}
