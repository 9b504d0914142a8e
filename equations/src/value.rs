//! Values, on nalgebra matrices, and what is computed with them.

use nalgebra::DMatrix;

use crate::expr::Product;

/// A number, written out or bound with [`Env::scalar`], fits any shape; a matrix has one.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Number(f64),
    Matrix(DMatrix<f64>),
}

impl Value {
    pub(crate) fn into_matrix(self) -> DMatrix<f64> {
        match self {
            Value::Number(number) => DMatrix::from_element(1, 1, number),
            Value::Matrix(matrix) => matrix,
        }
    }

    /// The one entry, if there is just one.
    pub(crate) fn scalar(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            Value::Matrix(matrix) if matrix.len() == 1 => Some(matrix[0]),
            Value::Matrix(_) => None,
        }
    }

    pub(crate) fn map(self, f: impl Fn(f64) -> f64) -> Value {
        match self {
            Value::Number(number) => Value::Number(f(number)),
            Value::Matrix(matrix) => Value::Matrix(matrix.map(f)),
        }
    }

    pub(crate) fn entries(&self) -> &[f64] {
        match self {
            Value::Number(number) => std::slice::from_ref(number),
            Value::Matrix(matrix) => matrix.as_slice(),
        }
    }

    pub(crate) fn magnitude(&self) -> f64 {
        self.entries().iter().fold(0.0, |max, x| x.abs().max(max))
    }

    pub(crate) fn is_finite(&self) -> bool {
        self.entries().iter().all(|x| x.is_finite())
    }

    pub(crate) fn shape(&self) -> String {
        match self {
            Value::Number(number) => format!("the number {number}"),
            Value::Matrix(matrix) => format!("{}×{}", matrix.nrows(), matrix.ncols()),
        }
    }
}

/// Entry by entry; a number meets every entry. The error names both shapes.
pub(crate) fn combine(
    left: &Value,
    right: &Value,
    f: impl Fn(f64, f64) -> f64,
) -> Result<Value, String> {
    Ok(match (left, right) {
        (Value::Number(a), Value::Number(b)) => Value::Number(f(*a, *b)),
        (Value::Number(a), Value::Matrix(b)) => Value::Matrix(b.map(|b| f(*a, b))),
        (Value::Matrix(a), Value::Number(b)) => Value::Matrix(a.map(|a| f(a, *b))),
        (Value::Matrix(a), Value::Matrix(b)) if a.shape() == b.shape() => {
            Value::Matrix(a.zip_map(b, f))
        }
        _ => return Err(format!("{} and {}", left.shape(), right.shape())),
    })
}

/// The error names both shapes.
pub(crate) fn multiply(kind: Product, left: Value, right: Value) -> Result<Value, String> {
    let shapes = format!("{} and {}", left.shape(), right.shape());
    match (kind, left, right) {
        (Product::Entrywise, Value::Matrix(a), Value::Matrix(b)) if a.shape() == b.shape() => {
            Ok(Value::Matrix(a.component_mul(&b)))
        }
        (Product::Entrywise, ..) => {
            Err(format!("{shapes}, but `\\odot` takes two matrices of the same shape"))
        }
        (Product::Matrix, Value::Number(number), other)
        | (Product::Matrix, other, Value::Number(number)) => Ok(other.map(|x| number * x)),
        (Product::Matrix, Value::Matrix(a), Value::Matrix(b)) => {
            if a.len() == 1 {
                Ok(Value::Matrix(b * a[0]))
            } else if b.len() == 1 {
                Ok(Value::Matrix(a * b[0]))
            } else if a.ncols() == b.nrows() {
                Ok(Value::Matrix(a * b))
            } else {
                Err(shapes)
            }
        }
    }
}

/// By a scalar, or entry by entry.
pub(crate) fn divide(above: Value, below: Value) -> Result<Value, String> {
    match (&above, &below) {
        (Value::Number(_), _) => combine(&above, &below, |a, b| a / b),
        (_, _) => match below.scalar() {
            Some(b) => Ok(above.map(|a| a / b)),
            None => combine(&above, &below, |a, b| a / b),
        },
    }
}

/// One above the other.
pub(crate) fn stack(members: &[DMatrix<f64>]) -> Result<Value, String> {
    let columns = members.first().map_or(0, DMatrix::ncols);
    if members.iter().any(|member| member.ncols() != columns) {
        let shapes: Vec<String> =
            members.iter().map(|m| format!("{}×{}", m.nrows(), m.ncols())).collect();
        return Err(format!(
            "{}, but one above the other they need equally many columns",
            shapes.join(" and ")
        ));
    }
    let rows = members.iter().map(DMatrix::nrows).sum();
    let mut stacked = DMatrix::zeros(rows, columns);
    let mut next = 0;
    for member in members {
        stacked.rows_mut(next, member.nrows()).copy_from(member);
        next += member.nrows();
    }
    Ok(Value::Matrix(stacked))
}
