//! What the symbols of an equation stand for.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use nalgebra::DMatrix;
use press::mathml::{Index, Symbol};

use crate::expr::{Function, NAMED_FUNCTIONS, derivative_name};
use crate::function::{Code, of_numbers};
use crate::value::Value;

/// What the symbols of an equation stand for.
///
/// A symbol without time index is bound with [`set`](Env::set). A symbol with one is bound for
/// each whole time with [`at`](Env::at), and [`index`](Env::index) says which time `t` is; or, for
/// an equation about one step, it is bound as it is spelled: `env.set("h_{t-1}", …)`. Where both
/// apply, [`at`](Env::at) counts. A derivative is bound as `dC_t/dC_{t-1}` or, at whole times,
/// `dC_3/dC_2`.
#[derive(Clone, Debug, Default)]
pub struct Env {
    /// By canonical spelling, index included.
    pub(crate) values: BTreeMap<String, Value>,
    pub(crate) indices: BTreeMap<char, i64>,
    pub(crate) functions: Vec<(Function, Code)>,
    /// Names that cannot be bound, to be told at evaluation.
    pub(crate) faults: Vec<String>,
}

impl Env {
    /// Nothing is bound.
    pub fn new() -> Self {
        Env::default()
    }

    /// Binds a symbol as it is spelled: `W_f`, `bar(z^f)`, `h_{t-1}`, `dC_t/dC_{t-1}`.
    ///
    /// A text that spells no symbol makes every evaluation fail with a message about it.
    pub fn set(&mut self, name: &str, value: DMatrix<f64>) -> &mut Self {
        self.bind(name, Value::Matrix(value))
    }

    /// Binds a symbol to a number that, like one written out, fits any shape in `+` and `-`: a step
    /// size or the `\epsilon` of an optimiser. (A 1×1 matrix does not.)
    pub fn scalar(&mut self, name: &str, value: f64) -> &mut Self {
        self.bind(name, Value::Number(value))
    }

    fn bind(&mut self, name: &str, value: Value) -> &mut Self {
        match spelling(name) {
            Ok(name) => drop(self.values.insert(name, value)),
            Err(fault) => self.faults.push(fault),
        }
        self
    }

    /// Binds a symbol at one time: `env.at("h", 0, h0)` is `h_0`.
    pub fn at(&mut self, name: &str, time: i64, value: DMatrix<f64>) -> &mut Self {
        match name.parse::<Symbol>() {
            Ok(symbol) if symbol.index().is_none() => {
                let at_time = symbol.with_index(Index::default().shifted(time));
                self.values.insert(at_time.to_string(), Value::Matrix(value));
            }
            Ok(_) => self.faults.push(format!(
                "`{name}` has a time index already and cannot be bound at time {time} as well"
            )),
            Err(error) => self.faults.push(error.to_string()),
        }
        self
    }

    /// Says what an index letter (`t`, `T`, `k`, `j`, `s`) stands for.
    pub fn index(&mut self, letter: &str, value: i64) -> &mut Self {
        match letter.parse::<Symbol>().ok().and_then(|symbol| symbol.as_index_letter()) {
            Some(letter) => drop(self.indices.insert(letter, value)),
            None => self
                .faults
                .push(format!("`{letter}` is no index letter; those are t, T, k, j and s")),
        }
        self
    }

    /// Says which code stands for a function (`sigma`, `sigma'`, `tanh`, `tanh'`, `exp`, `ln`), for an
    /// equation that is about it: `env.function("sigma", sigmoid)`.
    ///
    /// Where the code's value is not this crate's own, evaluation fails with a message about it.
    pub fn function(&mut self, name: &str, code: fn(f64) -> f64) -> &mut Self {
        let primes = name.len() - name.trim_end_matches('\'').len();
        let known = NAMED_FUNCTIONS.iter().find(|(known, count, function)| {
            *known == name.trim_end_matches('\'')
                && *count == primes
                && of_numbers(*function).is_some()
        });
        match known {
            Some((_, _, function)) => self.functions.push((*function, code)),
            None => self.faults.push(format!("`{name}` is no function of numbers")),
        }
        self
    }
}

/// The canonical spelling of what a test wrote.
fn spelling(name: &str) -> Result<String, String> {
    let symbol = |text: &str| text.parse::<Symbol>().map_err(|error| error.to_string());
    let pair = name
        .split_once('/')
        .and_then(|(of, by)| Some((of.strip_prefix('d')?, by.strip_prefix('d')?)));
    match pair {
        Some((of, by)) => Ok(derivative_name(&symbol(of)?, &symbol(by)?)),
        None => Ok(symbol(name)?.to_string()),
    }
}

/// Why an equation has no value in an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvalError {
    message: String,
}

impl EvalError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        EvalError { message: message.into() }
    }
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for EvalError {}
