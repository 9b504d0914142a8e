//! LaTeX to equations and values, and what they are tried on.

use equations::{Env, Equation};
use nalgebra::DMatrix;
use press::mathml::{Display, Formula};

/// Rounding in a few dozen operations on values of size 1.
pub(crate) const TOLERANCE: f64 = 1e-12;

/// `dmatrix![1.0, 2.0; 3.0, 4.0]` has two rows.
macro_rules! dmatrix {
    ($($($entry:expr),+);+) => {{
        let rows = [$(vec![$($entry),+]),+];
        nalgebra::DMatrix::from_row_slice(rows.len(), rows[0].len(), &rows.concat())
    }};
}
pub(crate) use dmatrix;

pub(crate) fn page(latex: &str) -> Formula {
    Formula::new(latex, Display::Block).unwrap_or_else(|error| panic!("{latex}: {error}"))
}

pub(crate) fn read(latex: &str) -> Equation {
    Equation::parse(&page(latex)).unwrap_or_else(|refusal| panic!("{latex}: {refusal}"))
}

pub(crate) fn refusal(latex: &str) -> String {
    match Equation::parse(&page(latex)) {
        Ok(equation) => panic!("{latex} was read as {equation}"),
        Err(refusal) => refusal.to_string(),
    }
}

/// The right side's value where `a`, `b`, `c` are 2, 3, 5, and `u`, `v`, `w` are columns, `M` square.
pub(crate) fn value(latex: &str) -> DMatrix<f64> {
    let equation = read(&format!("y = {latex}"));
    let mut env = columns();
    env.set("y", dmatrix![0.0]);
    let mut rows = equation.evaluate(&env).unwrap_or_else(|error| panic!("{latex}: {error}"));
    rows.swap_remove(0).swap_remove(1)
}

pub(crate) fn failure(latex: &str) -> String {
    let mut env = columns();
    match read(latex).residual(env.set("y", dmatrix![0.0])) {
        Ok(residual) => panic!("{latex} has residual {residual}"),
        Err(error) => error.to_string(),
    }
}

pub(crate) fn columns() -> Env {
    let mut env = Env::new();
    env.set("a", dmatrix![2.0]).set("b", dmatrix![3.0]).set("c", dmatrix![5.0]);
    env.set("u", dmatrix![1.0; 2.0]);
    env.set("v", dmatrix![3.0; -4.0]);
    env.set("w", dmatrix![0.5; 0.25]);
    env.set("M", dmatrix![1.0, 2.0; 3.0, 4.0]);
    env
}

/// Numbers between -1 and 1 with no relation among them, from a linear congruential generator.
pub(crate) struct Values(pub(crate) u64);

impl Values {
    pub(crate) fn number(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }

    pub(crate) fn matrix(&mut self, rows: usize, columns: usize) -> DMatrix<f64> {
        DMatrix::from_fn(rows, columns, |_, _| self.number())
    }
}

pub(crate) fn sigma(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

pub(crate) fn stack(above: &DMatrix<f64>, below: &DMatrix<f64>) -> DMatrix<f64> {
    let mut stacked = above.clone().resize_vertically(above.nrows() + below.nrows(), 0.0);
    stacked.rows_mut(above.nrows(), below.nrows()).copy_from(below);
    stacked
}
