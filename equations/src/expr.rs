//! What an equation says, once read.

use std::fmt;

use press::mathml::{Index, Symbol};

/// What a derivative is called: `dC_t/dC_{t-1}`.
pub(crate) fn derivative_name(of: &Symbol, by: &Symbol) -> String {
    format!("d{of}/d{by}")
}

/// One side of an equation, or a part of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    Number(f64),
    Symbol(Symbol),
    /// `\frac{\partial C_t}{\partial C_{t-1}}`: one quantity, whose value is given.
    Derivative(Box<(Symbol, Symbol)>),
    /// At least one term; a lone negative term is a unary minus.
    Sum(Vec<(Sign, Expr)>),
    /// At least two factors.
    Product(Product, Vec<Expr>),
    Fraction(Box<(Expr, Expr)>),
    Transpose(Box<Expr>),
    Power(Box<Expr>, Index),
    Apply(Function, Vec<Expr>),
    /// `[a, b]`, one above the other.
    Stack(Vec<Expr>),
    Series(Box<Series>),
    Cases(Vec<(Expr, Condition)>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    Plus,
    Minus,
}

impl Sign {
    pub(crate) fn flipped(self) -> Self {
        match self {
            Sign::Plus => Sign::Minus,
            Sign::Minus => Sign::Plus,
        }
    }

    pub(crate) fn factor(self) -> f64 {
        match self {
            Sign::Plus => 1.0,
            Sign::Minus => -1.0,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Product {
    /// `\cdot`: of matrices, or with a scalar.
    Matrix,
    /// `\odot`: entry by entry.
    Entrywise,
}

impl Product {
    pub(crate) fn latex(self) -> &'static str {
        match self {
            Product::Matrix => r"\cdot",
            Product::Entrywise => r"\odot",
        }
    }

    pub(crate) fn other(self) -> Self {
        match self {
            Product::Matrix => Product::Entrywise,
            Product::Entrywise => Product::Matrix,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Sigma,
    SigmaPrime,
    Tanh,
    TanhPrime,
    Exp,
    Ln,
    Diag,
    Max,
    Sqrt,
    Abs,
    Norm,
}

/// The functions that have a name, as it is typed.
pub(crate) const NAMED_FUNCTIONS: [(&str, usize, Function); 8] = [
    ("sigma", 0, Function::Sigma),
    ("sigma", 1, Function::SigmaPrime),
    ("tanh", 0, Function::Tanh),
    ("tanh", 1, Function::TanhPrime),
    ("exp", 0, Function::Exp),
    ("ln", 0, Function::Ln),
    ("diag", 0, Function::Diag),
    ("max", 0, Function::Max),
];

impl Function {
    fn latex(self) -> String {
        let named = NAMED_FUNCTIONS.iter().find(|(_, _, f)| *f == self);
        match named {
            Some(("diag", _, _)) => r"\operatorname{diag}".to_owned(),
            Some((name, primes, _)) => format!("\\{name}{}", "'".repeat(*primes)),
            None => String::new(),
        }
    }
}

/// `\sum_{letter=from}^{to} body`
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Series {
    pub(crate) letter: char,
    pub(crate) from: Index,
    pub(crate) to: Index,
    pub(crate) body: Expr,
}

/// When a branch of `cases` holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    Compare(Index, Relation, Index),
    Otherwise,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The relations that a condition may use, as they look on the page.
pub(crate) const RELATIONS: [(&str, Relation); 6] = [
    ("=", Relation::Equal),
    ("≠", Relation::NotEqual),
    ("<", Relation::Less),
    ("≤", Relation::LessOrEqual),
    (">", Relation::Greater),
    ("≥", Relation::GreaterOrEqual),
];

impl Relation {
    pub(crate) fn holds(self, left: i64, right: i64) -> bool {
        match self {
            Relation::Equal => left == right,
            Relation::NotEqual => left != right,
            Relation::Less => left < right,
            Relation::LessOrEqual => left <= right,
            Relation::Greater => left > right,
            Relation::GreaterOrEqual => left >= right,
        }
    }

    fn latex(self) -> &'static str {
        match self {
            Relation::Equal => "=",
            Relation::NotEqual => r"\ne",
            Relation::Less => "<",
            Relation::LessOrEqual => r"\le",
            Relation::Greater => ">",
            Relation::GreaterOrEqual => r"\ge",
        }
    }
}

impl Expr {
    /// The same with the opposite sign; a minus that is there goes away.
    pub(crate) fn negated(&self) -> Expr {
        match self {
            Expr::Sum(terms) => match terms.as_slice() {
                [(Sign::Minus, inner)] => inner.clone(),
                _ => Expr::Sum(vec![(Sign::Minus, self.clone())]),
            },
            _ => Expr::Sum(vec![(Sign::Minus, self.clone())]),
        }
    }

    /// The expressions directly inside, in the order that [`Expr::with_child`] counts them.
    pub(crate) fn children(&self) -> Vec<&Expr> {
        match self {
            Expr::Number(_) | Expr::Symbol(_) | Expr::Derivative(_) => Vec::new(),
            Expr::Sum(terms) => terms.iter().map(|(_, term)| term).collect(),
            Expr::Product(_, parts) | Expr::Apply(_, parts) | Expr::Stack(parts) => {
                parts.iter().collect()
            }
            Expr::Fraction(parts) => vec![&parts.0, &parts.1],
            Expr::Transpose(inner) | Expr::Power(inner, _) => vec![inner],
            Expr::Series(series) => vec![&series.body],
            Expr::Cases(branches) => branches.iter().map(|(value, _)| value).collect(),
        }
    }

    fn children_mut(&mut self) -> Vec<&mut Expr> {
        match self {
            Expr::Number(_) | Expr::Symbol(_) | Expr::Derivative(_) => Vec::new(),
            Expr::Sum(terms) => terms.iter_mut().map(|(_, term)| term).collect(),
            Expr::Product(_, parts) | Expr::Apply(_, parts) | Expr::Stack(parts) => {
                parts.iter_mut().collect()
            }
            Expr::Fraction(parts) => {
                let (above, below) = parts.as_mut();
                vec![above, below]
            }
            Expr::Transpose(inner) | Expr::Power(inner, _) => vec![inner],
            Expr::Series(series) => vec![&mut series.body],
            Expr::Cases(branches) => branches.iter_mut().map(|(value, _)| value).collect(),
        }
    }

    /// A copy in which one child is another.
    pub(crate) fn with_child(&self, position: usize, child: Expr) -> Expr {
        let mut copy = self.clone();
        if let Some(place) = copy.children_mut().into_iter().nth(position) {
            *place = child;
        }
        copy
    }

    /// Calls `visit` for this expression and everything in it, in reading order.
    pub(crate) fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Expr)) {
        visit(self);
        for child in self.children() {
            child.walk(visit);
        }
    }

    /// LaTeX that reads back as this expression, with the brackets that `place` calls for.
    fn write(&self, place: Place, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.binds() < place {
            f.write_str("(")?;
            self.write(Place::Side, f)?;
            return f.write_str(")");
        }
        match self {
            Expr::Number(number) => write!(f, "{number}"),
            Expr::Symbol(symbol) => f.write_str(&symbol.latex()),
            Expr::Derivative(pair) => {
                let (of, by) = (pair.0.latex(), pair.1.latex());
                write!(f, r"\frac{{\partial {of}}}{{\partial {by}}}")
            }
            Expr::Sum(terms) => write_terms(terms, f),
            Expr::Product(kind, factors) => {
                let separator = format!(" {} ", kind.latex());
                write_list(factors, &separator, Place::Factor, f)
            }
            Expr::Fraction(parts) => write!(f, r"\frac{{{}}}{{{}}}", parts.0, parts.1),
            Expr::Transpose(inner) => {
                inner.write(Place::Base, f)?;
                f.write_str(r"^\top")
            }
            Expr::Power(inner, power) => {
                inner.write(Place::Base, f)?;
                write!(f, "^{{{power}}}")
            }
            Expr::Apply(function, arguments) => {
                let (open, close) = match function {
                    Function::Sqrt => (r"\sqrt{".to_owned(), "}"),
                    Function::Abs => (r"\lvert ".to_owned(), r" \rvert"),
                    Function::Norm => (r"\lVert ".to_owned(), r" \rVert"),
                    named => (named.latex() + "(", ")"),
                };
                f.write_str(&open)?;
                write_list(arguments, ", ", Place::Side, f)?;
                f.write_str(close)
            }
            Expr::Stack(members) => {
                f.write_str("[")?;
                write_list(members, ", ", Place::Side, f)?;
                f.write_str("]")
            }
            Expr::Series(series) => {
                let Series { letter, from, to, .. } = series.as_ref();
                write!(f, r"\sum_{{{letter}={from}}}^{{{to}}} ")?;
                series.body.write(Place::Summand, f)
            }
            Expr::Cases(branches) => write_cases(branches, f),
        }
    }

    /// The tightest place where this needs no brackets.
    fn binds(&self) -> Place {
        match self {
            Expr::Sum(_) | Expr::Cases(_) => Place::Side,
            Expr::Number(number) if *number < 0.0 => Place::Side,
            Expr::Series(_) => Place::Side,
            Expr::Product(..) => Place::Summand,
            Expr::Fraction(_) | Expr::Derivative(_) | Expr::Transpose(_) | Expr::Power(..) => {
                Place::Factor
            }
            Expr::Apply(..) => Place::Factor,
            Expr::Symbol(symbol) if symbol.has_superscript() => Place::Factor,
            Expr::Number(_) | Expr::Symbol(_) | Expr::Stack(_) => Place::Base,
        }
    }
}

/// Where an expression stands; later places bind tighter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Side,
    Summand,
    Factor,
    /// Under a superscript.
    Base,
}

fn write_terms(terms: &[(Sign, Expr)], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (position, (sign, term)) in terms.iter().enumerate() {
        f.write_str(match (position, sign) {
            (0, Sign::Plus) => "",
            (0, Sign::Minus) => "-",
            (_, Sign::Plus) => " + ",
            (_, Sign::Minus) => " - ",
        })?;
        term.write(Place::Summand, f)?;
    }
    Ok(())
}

fn write_list(
    parts: &[Expr],
    separator: &str,
    place: Place,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    for (position, part) in parts.iter().enumerate() {
        if position > 0 {
            f.write_str(separator)?;
        }
        part.write(place, f)?;
    }
    Ok(())
}

fn write_cases(branches: &[(Expr, Condition)], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(r"\begin{cases} ")?;
    for (position, (value, condition)) in branches.iter().enumerate() {
        if position > 0 {
            f.write_str(r" \\ ")?;
        }
        match condition {
            Condition::Otherwise => write!(f, r"{value} & \text{{otherwise}}")?,
            Condition::Compare(left, relation, right) => {
                write!(f, "{value} & {left} {} {right}", relation.latex())?;
            }
        }
    }
    f.write_str(r" \end{cases}")
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(Place::Side, f)
    }
}
