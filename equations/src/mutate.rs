//! Equations with one thing wrong.
//!
//! A check that has never failed proves little. Every equation of the book is therefore also
//! evaluated with each of these changes, and each must be noticed.

use std::collections::HashSet;
use std::fmt;

use press::mathml::Symbol;

use crate::algebra::{Aliases, Form, form};
use crate::equation::Equation;
use crate::expr::{Expr, Function, Series};

/// An equation changed in a single place.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// What was changed: ``row 1: `1 - f_t` became `1 + f_t` (sign)``.
    pub description: String,
    /// The kind of change.
    pub change: Change,
    /// The wrong equation.
    pub equation: Equation,
}

/// What kind of thing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// `+` for `-`, or a minus too many or too few.
    Sign,
    /// `\odot` for `\cdot`, or the reverse. Between scalars these are the same product.
    Product,
    /// Another symbol of the equation.
    Symbol,
    /// The same symbol one time step earlier, or a bound of a sum one step off.
    Time,
    /// `\sigma` for `\tanh` and the reverse, or a derivative's prime lost.
    Function,
    /// A transpose lost.
    Transpose,
    /// A summand or a factor lost.
    Drop,
    /// A number, or a power, one too large.
    Number,
    /// Two members of `[a, b]` exchanged, or a fraction upside down.
    Order,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Change::Sign => "sign",
            Change::Product => "product",
            Change::Symbol => "symbol",
            Change::Time => "time",
            Change::Function => "function",
            Change::Transpose => "transpose",
            Change::Drop => "drop",
            Change::Number => "number",
            Change::Order => "order",
        })
    }
}

impl Equation {
    /// Every equation that differs from this one in a single place and means something else.
    ///
    /// Changes that algebra undoes (`b + a` for `a + b`, both sides negated, a sign inside an even
    /// function) are left out, and so are those that the other sides or rows imply: swapping a
    /// symbol for one that a row says is equal. What remains is a wrong equation *in general*. It
    /// goes unnoticed where the values are special, so let them be random, with every size above 1
    /// (on 1×1 matrices `\odot` and `\cdot` agree), initial states other than zero, and, for
    /// `cases`, an index for each branch; a mutant counts as caught once any such environment
    /// gives an error or a residual.
    pub fn mutants(&self) -> Vec<Mutant> {
        let aliases = Aliases::of(&self.rows);
        let leaves = self.leaves();
        let mut mutants = Vec::new();
        for (number, row) in self.rows.iter().enumerate() {
            let forms: Vec<Form> = row.iter().map(|side| form(side, &aliases)).collect();
            let mut seen = HashSet::from([row_text(&forms)]);
            for (position, side) in row.iter().enumerate() {
                for variant in variants(side, &leaves) {
                    let mut changed = forms.clone();
                    changed[position] = form(&variant.expr, &aliases);
                    let implied = forms.contains(&changed[position]);
                    if !implied && seen.insert(row_text(&changed)) {
                        mutants.push(self.mutant(number, position, variant));
                    }
                }
            }
        }
        mutants
    }

    /// The symbols and derivatives that occur, each once.
    fn leaves(&self) -> Vec<Expr> {
        let mut leaves: Vec<Expr> = Vec::new();
        for side in self.rows.iter().flatten() {
            side.walk(&mut |expr| {
                let leaf = matches!(expr, Expr::Symbol(_) | Expr::Derivative(_));
                if leaf && !leaves.contains(expr) {
                    leaves.push(expr.clone());
                }
            });
        }
        leaves
    }

    fn mutant(&self, row: usize, side: usize, variant: Variant) -> Mutant {
        let mut equation = self.clone();
        equation.rows[row][side] = variant.expr;
        Mutant {
            description: format!(
                "row {}: `{}` became `{}` ({})",
                row + 1,
                variant.before,
                variant.after,
                variant.change
            ),
            change: variant.change,
            equation,
        }
    }
}

/// The forms of a row's sides as one text, the same if every side is negated.
fn row_text(sides: &[Form]) -> String {
    let negative = sides.first().is_some_and(|side| side.factor < 0.0);
    let texts = sides.iter().map(|side| match negative {
        true => side.negated().text(),
        false => side.text(),
    });
    texts.collect::<Vec<_>>().join(" = ")
}

/// An expression with one change in it, and what that change looks like close by.
struct Variant {
    expr: Expr,
    change: Change,
    before: String,
    after: String,
}

/// All single changes in an expression, at any depth.
fn variants(expr: &Expr, leaves: &[Expr]) -> Vec<Variant> {
    let here = changes(expr, leaves).into_iter().map(|(change, changed)| Variant {
        change,
        before: expr.to_string(),
        after: changed.to_string(),
        expr: changed,
    });
    let mut all: Vec<Variant> = here.collect();
    for (position, child) in expr.children().into_iter().enumerate() {
        let deeper = variants(child, leaves)
            .into_iter()
            .map(|variant| Variant { expr: expr.with_child(position, variant.expr), ..variant });
        all.extend(deeper);
    }
    all
}

/// The changes to the top of an expression.
fn changes(expr: &Expr, leaves: &[Expr]) -> Vec<(Change, Expr)> {
    let mut all = match expr {
        Expr::Number(number) => vec![(Change::Number, Expr::Number(number + 1.0))],
        Expr::Symbol(symbol) => {
            let mut swaps = other_leaves(expr, leaves);
            swaps.extend(earlier(symbol));
            swaps
        }
        Expr::Derivative(_) => other_leaves(expr, leaves),
        Expr::Sum(_) => sum_changes(expr),
        Expr::Product(..) => product_changes(expr),
        Expr::Fraction(parts) => {
            let turned = Expr::Fraction(Box::new((parts.1.clone(), parts.0.clone())));
            vec![(Change::Order, turned)]
        }
        Expr::Transpose(inner) => vec![(Change::Transpose, inner.as_ref().clone())],
        Expr::Power(base, power) => {
            vec![(Change::Number, Expr::Power(base.clone(), power.shifted(1)))]
        }
        Expr::Apply(function, arguments) => function_changes(*function)
            .into_iter()
            .map(|other| (Change::Function, Expr::Apply(other, arguments.clone())))
            .collect(),
        Expr::Stack(members) => (1..members.len())
            .map(|second| {
                let mut exchanged = members.clone();
                exchanged.swap(second - 1, second);
                (Change::Order, Expr::Stack(exchanged))
            })
            .collect(),
        Expr::Series(series) => bound_changes(series),
        Expr::Cases(_) => Vec::new(),
    };
    all.push((Change::Sign, expr.negated()));
    all
}

fn other_leaves(expr: &Expr, leaves: &[Expr]) -> Vec<(Change, Expr)> {
    let others = leaves.iter().filter(|leaf| *leaf != expr);
    others.map(|leaf| (Change::Symbol, leaf.clone())).collect()
}

fn earlier(symbol: &Symbol) -> Option<(Change, Expr)> {
    let index = symbol.index()?.shifted(-1);
    Some((Change::Time, Expr::Symbol(symbol.with_index(index))))
}

fn sum_changes(expr: &Expr) -> Vec<(Change, Expr)> {
    let Expr::Sum(terms) = expr else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for position in 0..terms.len() {
        let mut flipped = terms.clone();
        flipped[position].0 = flipped[position].0.flipped();
        all.push((Change::Sign, Expr::Sum(flipped)));
        if terms.len() > 1 {
            let mut fewer = terms.clone();
            fewer.remove(position);
            all.push((Change::Drop, Expr::Sum(fewer)));
        }
    }
    all
}

fn product_changes(expr: &Expr) -> Vec<(Change, Expr)> {
    let Expr::Product(kind, factors) = expr else {
        return Vec::new();
    };
    let rebuilt = |mut factors: Vec<Expr>| match factors.len() {
        1 => factors.swap_remove(0),
        _ => Expr::Product(*kind, factors),
    };
    let mut all = Vec::new();
    for position in 0..factors.len() {
        let mut fewer = factors.clone();
        fewer.remove(position);
        all.push((Change::Drop, rebuilt(fewer)));
        // The other product between this factor and the next: they become a factor of their own.
        if position + 1 < factors.len() {
            let mut joined = factors.clone();
            let pair = joined.drain(position..position + 2).collect();
            joined.insert(position, Expr::Product(kind.other(), pair));
            all.push((Change::Product, rebuilt(joined)));
        }
    }
    all
}

fn function_changes(function: Function) -> Vec<Function> {
    match function {
        Function::Sigma => vec![Function::Tanh],
        Function::Tanh => vec![Function::Sigma],
        Function::SigmaPrime => vec![Function::TanhPrime, Function::Sigma],
        Function::TanhPrime => vec![Function::SigmaPrime, Function::Tanh],
        _ => Vec::new(),
    }
}

fn bound_changes(series: &Series) -> Vec<(Change, Expr)> {
    let (from, to) = (series.from.shifted(1), series.to.shifted(-1));
    let later = Series { from, ..series.clone() };
    let shorter = Series { to, ..series.clone() };
    [later, shorter].map(|changed| (Change::Time, Expr::Series(Box::new(changed)))).into()
}
