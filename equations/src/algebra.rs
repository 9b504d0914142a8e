//! When two expressions are the same by algebra alone.
//!
//! A mutant that is equal to its original can be caught by no test. The normal form here knows what
//! single-place changes can run into: order in `+` and `\odot`, signs that wander through products
//! and odd functions or vanish in even ones, like terms, and a row that another row implies.

use std::collections::BTreeMap;

use press::mathml::Index;

use crate::expr::{Expr, Function, Product};

/// A number times something, told by a text that is the same for equal things.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Form {
    pub(crate) factor: f64,
    key: String,
}

impl Form {
    fn one(key: impl Into<String>) -> Self {
        Form { factor: 1.0, key: key.into() }
    }

    /// The text of `factor` times `key`.
    pub(crate) fn text(&self) -> String {
        format!("{:?}*{}", self.factor, self.key)
    }

    pub(crate) fn negated(&self) -> Form {
        Form { factor: -self.factor, ..self.clone() }
    }
}

/// The key of plain numbers.
const UNIT: &str = "1";

/// Symbols that an equation says are equal, each with the one that stands for all of them.
///
/// If a row says `\bar{b}_f = \bar{z}^f_t`, then writing one for the other in the next row changes
/// nothing.
#[derive(Debug, Default)]
pub(crate) struct Aliases(BTreeMap<String, String>);

impl Aliases {
    pub(crate) fn of(rows: &[Vec<Expr>]) -> Self {
        let mut aliases = Aliases::default();
        for row in rows {
            let mut names = row.iter().filter(|side| is_leaf(side)).map(leaf_key);
            let Some(first) = names.next() else { continue };
            for name in names {
                let (old, new) = (aliases.resolve(&name), aliases.resolve(&first));
                for value in aliases.0.values_mut().filter(|value| **value == old) {
                    new.clone_into(value);
                }
                aliases.0.insert(name, new.clone());
                aliases.0.insert(old, new);
            }
        }
        aliases
    }

    fn resolve(&self, name: &str) -> String {
        self.0.get(name).map_or(name, String::as_str).to_owned()
    }
}

fn is_leaf(expr: &Expr) -> bool {
    matches!(expr, Expr::Symbol(_) | Expr::Derivative(_))
}

fn leaf_key(expr: &Expr) -> String {
    expr.to_string()
}

/// The normal form of an expression.
pub(crate) fn form(expr: &Expr, aliases: &Aliases) -> Form {
    let inner = |expr: &Expr| form(expr, aliases);
    match expr {
        Expr::Number(number) => Form { factor: *number, key: UNIT.to_owned() },
        Expr::Symbol(_) | Expr::Derivative(_) => Form::one(aliases.resolve(&leaf_key(expr))),
        Expr::Sum(terms) => sum(terms.iter().map(|(sign, term)| {
            let term = inner(term);
            match sign.factor() < 0.0 {
                true => term.negated(),
                false => term,
            }
        })),
        Expr::Product(kind, factors) => product(*kind, factors.iter().map(inner)),
        Expr::Fraction(parts) => {
            let (above, below) = (inner(&parts.0), inner(&parts.1));
            Form {
                factor: above.factor / below.factor,
                key: format!("({} / {})", above.key, below.key),
            }
        }
        Expr::Transpose(base) => transpose(base, inner(base)),
        Expr::Power(base, power) => raise(inner(base), power),
        Expr::Apply(function, arguments) => apply(*function, arguments.iter().map(inner).collect()),
        Expr::Stack(members) => {
            let members: Vec<String> = members.iter().map(|m| inner(m).text()).collect();
            Form::one(format!("[{}]", members.join(", ")))
        }
        Expr::Series(series) => {
            let body = inner(&series.body);
            let (letter, from, to) = (series.letter, &series.from, &series.to);
            Form { factor: body.factor, key: format!("sum({letter} {from} {to} {})", body.key) }
        }
        Expr::Cases(branches) => {
            let branches: Vec<String> = branches
                .iter()
                .map(|(value, condition)| format!("{} if {condition:?}", inner(value).text()))
                .collect();
            Form::one(format!("cases({})", branches.join("; ")))
        }
    }
}

/// Adds up like terms; the sign of the first one that is left comes out in front.
fn sum(terms: impl Iterator<Item = Form>) -> Form {
    let mut added: BTreeMap<String, f64> = BTreeMap::new();
    for term in terms {
        *added.entry(term.key).or_default() += term.factor;
    }
    added.retain(|_, factor| *factor != 0.0);
    let Some((key, first)) = added.first_key_value() else {
        return Form { factor: 0.0, key: UNIT.to_owned() };
    };
    if added.len() == 1 {
        return Form { factor: *first, key: key.clone() };
    }
    let sign = first.signum();
    let terms: Vec<String> =
        added.iter().map(|(key, factor)| format!("{:?}*{key}", sign * factor)).collect();
    Form { factor: sign, key: format!("({})", terms.join(" + ")) }
}

fn product(kind: Product, factors: impl Iterator<Item = Form>) -> Form {
    let mut number = 1.0;
    let mut keys = Vec::new();
    for factor in factors {
        number *= factor.factor;
        if factor.key != UNIT {
            keys.push(factor.key);
        }
    }
    if kind == Product::Entrywise {
        keys.sort();
    }
    let key = match keys.as_slice() {
        [] => UNIT.to_owned(),
        [only] => only.clone(),
        _ => format!("({})", keys.join(&format!(" {} ", kind.latex()))),
    };
    Form { factor: number, key }
}

fn transpose(base: &Expr, form: Form) -> Form {
    // A diagonal matrix and a number are their own transposes.
    let symmetric = matches!(base, Expr::Apply(Function::Diag, _) | Expr::Number(_));
    match symmetric {
        true => form,
        false => Form { factor: form.factor, key: format!("T({})", form.key) },
    }
}

fn raise(base: Form, power: &Index) -> Form {
    let constant = power.constant().and_then(|power| i32::try_from(power).ok());
    match constant {
        Some(power) => {
            Form { factor: base.factor.powi(power), key: format!("({})^{power}", base.key) }
        }
        None => Form::one(format!("({})^({power})", base.text())),
    }
}

fn apply(function: Function, arguments: Vec<Form>) -> Form {
    let mut arguments = arguments;
    let mut outside = 1.0;
    for argument in &mut arguments {
        let sign = argument.factor.signum();
        match function {
            Function::Tanh => {
                outside *= sign;
                argument.factor *= sign;
            }
            Function::SigmaPrime | Function::TanhPrime | Function::Abs | Function::Norm => {
                argument.factor *= sign;
            }
            Function::Diag => {
                outside *= argument.factor;
                argument.factor = 1.0;
            }
            Function::Sigma | Function::Exp | Function::Ln | Function::Max | Function::Sqrt => {}
        }
    }
    let mut texts: Vec<String> = arguments.iter().map(Form::text).collect();
    texts.sort();
    Form { factor: outside, key: format!("{function:?}({})", texts.join(", ")) }
}
