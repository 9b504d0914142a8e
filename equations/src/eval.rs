//! Values of equations.

use nalgebra::DMatrix;
use press::mathml::{Index, Symbol};

use crate::env::{Env, EvalError};
use crate::equation::Equation;
use crate::expr::{Condition, Expr, Series, derivative_name};
use crate::function::apply;
use crate::value::{Value, combine, divide, multiply, stack};

/// A sum of more terms than this is taken for a mistake.
const MAX_TERMS: i64 = 100_000;

impl Equation {
    /// The value of every side of every row. A side that is a mere number is 1×1.
    ///
    /// # Errors
    ///
    /// Symbols without value and shapes that do not fit.
    pub fn evaluate(&self, env: &Env) -> Result<Vec<Vec<DMatrix<f64>>>, EvalError> {
        let rows = self.values(env)?;
        let to_matrices = |sides: Vec<Value>| sides.into_iter().map(Value::into_matrix).collect();
        Ok(rows.into_iter().map(to_matrices).collect())
    }

    /// How far the sides are from being equal: the largest difference between an entry of the first
    /// side and of another, in units of the row's largest entry (but at least 1); of all rows, the
    /// worst. A side that is a number meets every entry of the others: `\bar{C}_{T+1} = 0`.
    ///
    /// # Errors
    ///
    /// As [`evaluate`](Equation::evaluate), and if sides differ in shape or are not finite.
    pub fn residual(&self, env: &Env) -> Result<f64, EvalError> {
        let mut worst = 0.0_f64;
        for (row, sides) in self.values(env)?.into_iter().enumerate() {
            let [first, others @ ..] = sides.as_slice() else {
                continue;
            };
            let scale = sides.iter().map(Value::magnitude).fold(1.0, f64::max);
            if !sides.iter().all(Value::is_finite) {
                return Err(EvalError::new(format!(
                    "row {}: a side is infinite or not a number",
                    row + 1
                )));
            }
            for other in others {
                let difference =
                    combine(first, other, |a, b| a / scale - b / scale).map_err(|shapes| {
                        EvalError::new(format!("row {}: the sides are {shapes}", row + 1))
                    })?;
                worst = worst.max(difference.magnitude());
            }
        }
        Ok(worst)
    }

    fn values(&self, env: &Env) -> Result<Vec<Vec<Value>>, EvalError> {
        if let Some(fault) = env.faults.first() {
            return Err(EvalError::new(fault));
        }
        let mut scope = Scope { env, bound: Vec::new() };
        let mut row = |sides: &Vec<Expr>| sides.iter().map(|side| scope.value(side)).collect();
        self.rows.iter().map(&mut row).collect()
    }
}

/// The environment, and the letters of the sums around.
struct Scope<'a> {
    env: &'a Env,
    bound: Vec<(char, i64)>,
}

impl Scope<'_> {
    fn value(&mut self, expr: &Expr) -> Result<Value, EvalError> {
        let misfit = |shapes| EvalError::new(format!("`{expr}`: the shapes are {shapes}"));
        match expr {
            Expr::Number(number) => Ok(Value::Number(*number)),
            Expr::Symbol(symbol) => self.symbol(symbol),
            Expr::Derivative(pair) => self.derivative(&pair.0, &pair.1),
            Expr::Sum(terms) => {
                let mut total = Value::Number(0.0);
                for (position, (sign, term)) in terms.iter().enumerate() {
                    let term = self.value(term)?.map(|x| sign.factor() * x);
                    total = match position {
                        0 => term,
                        _ => combine(&total, &term, |a, b| a + b).map_err(misfit)?,
                    };
                }
                Ok(total)
            }
            Expr::Product(kind, factors) => {
                let mut values = factors.iter().map(|factor| self.value(factor));
                let Some(first) = values.next() else {
                    return Ok(Value::Number(1.0));
                };
                values.try_fold(first?, |so_far, factor| {
                    multiply(*kind, so_far, factor?).map_err(misfit)
                })
            }
            Expr::Fraction(parts) => {
                let (above, below) = (self.value(&parts.0)?, self.value(&parts.1)?);
                divide(above, below).map_err(misfit)
            }
            Expr::Transpose(inner) => Ok(match self.value(inner)? {
                Value::Matrix(matrix) => Value::Matrix(matrix.transpose()),
                number => number,
            }),
            Expr::Power(base, power) => self.power(base, power),
            Expr::Apply(function, arguments) => {
                let arguments: Result<Vec<Value>, _> =
                    arguments.iter().map(|a| self.value(a)).collect();
                let bound = self.env.functions.iter().find(|(bound, _)| bound == function);
                apply(*function, bound.map(|(_, code)| *code), arguments?)
                    .map_err(|why| EvalError::new(format!("`{expr}`: {why}")))
            }
            Expr::Stack(members) => {
                let members: Result<Vec<_>, _> = members
                    .iter()
                    .map(|member| self.value(member).map(Value::into_matrix))
                    .collect();
                stack(&members?).map_err(misfit)
            }
            Expr::Series(series) => self.series(series),
            Expr::Cases(branches) => self.cases(branches),
        }
    }

    fn letter(&self, letter: char) -> Option<i64> {
        let bound = self.bound.iter().rev().find(|(name, _)| *name == letter);
        match bound {
            Some((_, value)) => Some(*value),
            None => self.env.indices.get(&letter).copied(),
        }
    }

    fn whole(&self, index: &Index) -> Option<i64> {
        index.value(|letter| self.letter(letter))
    }

    fn whole_or_error(&self, index: &Index) -> Result<i64, EvalError> {
        self.whole(index).ok_or_else(|| {
            EvalError::new(format!("the index `{index}` has no value; set it with `index`"))
        })
    }

    /// The symbol at a whole time, if its index has a value.
    fn at_whole_time(&self, symbol: &Symbol) -> Option<Symbol> {
        let time = self.whole(symbol.index()?)?;
        Some(symbol.with_index(Index::default().shifted(time)))
    }

    /// Inside a sum over `t`, a value bound as `h_t` would be the same for every term.
    fn is_fixed(&self, symbol: &Symbol) -> bool {
        let moves = |index: &Index| self.bound.iter().any(|(letter, _)| index.uses(*letter));
        !symbol.index().is_some_and(moves)
    }

    fn symbol(&self, symbol: &Symbol) -> Result<Value, EvalError> {
        let timed = self.at_whole_time(symbol);
        let by_time = timed.as_ref().and_then(|timed| self.env.values.get(&timed.to_string()));
        let by_spelling = || match self.is_fixed(symbol) {
            true => self.env.values.get(&symbol.to_string()),
            false => None,
        };
        if let Some(value) = by_time.or_else(by_spelling) {
            return Ok(value.clone());
        }
        // `\frac{1}{T}`: an index letter on its own is the number that it stands for.
        if let Some(number) = symbol.as_index_letter().and_then(|l| self.letter(l)) {
            return Ok(Value::Number(number as f64));
        }
        Err(EvalError::new(self.explain_missing(symbol, timed.as_ref())))
    }

    fn explain_missing(&self, symbol: &Symbol, timed: Option<&Symbol>) -> String {
        let name = symbol.name();
        let bound_plainly = self.env.values.contains_key(&name);
        let bound_at_times = self.env.values.keys().any(|key| {
            key.parse::<Symbol>().is_ok_and(|other| other.index().is_some() && other.name() == name)
        });
        let why = match (symbol.index(), timed) {
            (None, _) if bound_at_times => format!("`{name}` has values only with a time index"),
            (Some(_), _) if bound_plainly => {
                format!("`{name}` is bound without a time index, but the equation gives it one")
            }
            (Some(_), Some(timed)) => format!("no value at that time, that is, no `{timed}`"),
            (Some(index), None) => format!("no value, and none for the index `{index}` either"),
            (None, _) => "no value".to_owned(),
        };
        let known: Vec<&str> = self.env.values.keys().map(String::as_str).collect();
        format!("`{symbol}`: {why}; bound are: {}", known.join(", "))
    }

    fn derivative(&self, of: &Symbol, by: &Symbol) -> Result<Value, EvalError> {
        let at_time = |symbol: &Symbol| match symbol.index() {
            Some(_) => self.at_whole_time(symbol),
            None => Some(symbol.clone()),
        };
        let by_time = at_time(of)
            .zip(at_time(by))
            .and_then(|(of, by)| self.env.values.get(&derivative_name(&of, &by)));
        let spelled = derivative_name(of, by);
        let by_spelling = || match self.is_fixed(of) && self.is_fixed(by) {
            true => self.env.values.get(&spelled),
            false => None,
        };
        match by_time.or_else(by_spelling) {
            Some(value) => Ok(value.clone()),
            None => Err(EvalError::new(format!("`{spelled}`: no value"))),
        }
    }

    fn power(&mut self, base: &Expr, power: &Index) -> Result<Value, EvalError> {
        let value = self.value(base)?;
        let exponent = self.whole_or_error(power)?;
        let Ok(exponent) = i32::try_from(exponent) else {
            return Err(EvalError::new(format!("the power {exponent} is too large")));
        };
        match value.scalar() {
            Some(_) => Ok(value.map(|x| x.powi(exponent))),
            None => Err(EvalError::new(format!(
                "`({base})^{{{power}}}`: only scalars have powers, and this is {}; write the \
                 product with `\\odot` or `\\cdot`",
                value.shape()
            ))),
        }
    }

    fn series(&mut self, series: &Series) -> Result<Value, EvalError> {
        let from = self.whole_or_error(&series.from)?;
        let to = self.whole_or_error(&series.to)?;
        if to.saturating_sub(from) >= MAX_TERMS {
            return Err(EvalError::new(format!(
                "a sum from {from} to {to} has more than {MAX_TERMS} terms"
            )));
        }
        let mut total = Value::Number(0.0);
        for value in from..=to {
            self.bound.push((series.letter, value));
            let term = self.value(&series.body);
            self.bound.pop();
            let term = term?;
            total = match value == from {
                true => term,
                false => combine(&total, &term, |a, b| a + b).map_err(|shapes| {
                    EvalError::new(format!("`{}`: the terms of the sum are {shapes}", series.body))
                })?,
            };
        }
        Ok(total)
    }

    fn cases(&mut self, branches: &[(Expr, Condition)]) -> Result<Value, EvalError> {
        for (value, condition) in branches {
            let holds = match condition {
                Condition::Otherwise => true,
                Condition::Compare(left, relation, right) => {
                    relation.holds(self.whole_or_error(left)?, self.whole_or_error(right)?)
                }
            };
            if holds {
                return self.value(value);
            }
        }
        Err(EvalError::new("no case holds"))
    }
}
