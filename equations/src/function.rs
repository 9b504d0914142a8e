//! What the functions of the language are.

use nalgebra::DMatrix;

use crate::expr::Function;
use crate::value::{Value, combine};

/// Code that an equation is about may differ from this crate's own function by so much, in units of the
/// value (or 1). Slopes here err by less than 1e-11.
const AGREES: f64 = 1e-9;

/// Code for a function of numbers.
pub(crate) type Code = fn(f64) -> f64;

/// σ as it is defined, and not as the listings have it.
fn sigma(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}

/// What a prime says, the slope: an equation that writes it in another way is held against the function
/// itself. Differences over h and 2h, in which the errors in h² cancel.
fn slope(function: Code, z: f64) -> f64 {
    const STEP: f64 = 1.0 / 2048.0;
    let over = |h: f64| (function(z + h) - function(z - h)) / (2.0 * h);
    (4.0 * over(STEP) - over(2.0 * STEP)) / 3.0
}

/// A function that is applied to each entry on its own; none if it needs the whole matrix, or two.
pub(crate) fn of_numbers(function: Function) -> Option<Code> {
    Some(match function {
        Function::Sigma => sigma,
        Function::SigmaPrime => |z| slope(sigma, z),
        Function::Tanh => f64::tanh,
        Function::TanhPrime => |z| slope(f64::tanh, z),
        Function::Exp => f64::exp,
        Function::Ln => f64::ln,
        Function::Sqrt => f64::sqrt,
        Function::Abs => f64::abs,
        Function::Norm | Function::Max | Function::Diag => return None,
    })
}

/// A function's value. `code` is what an equation about the function is held against: it must agree
/// with what the function is.
pub(crate) fn apply(
    function: Function,
    code: Option<Code>,
    arguments: Vec<Value>,
) -> Result<Value, String> {
    let mut arguments = arguments.into_iter();
    let (Some(first), second) = (arguments.next(), arguments.next()) else {
        return Err("an argument is missing".to_owned());
    };
    if let Some(own) = of_numbers(function) {
        let Some(code) = code else { return Ok(first.map(own)) };
        return match first.entries().iter().find(|z| !agree(code(**z), own(**z))) {
            None => Ok(first.map(code)),
            Some(z) => Err(format!(
                "at {z} the code that is bound to it gives {:e}, and it is {:e}",
                code(*z),
                own(*z)
            )),
        };
    }
    match (function, first, second) {
        (Function::Norm, first, _) => {
            let squares: f64 = first.entries().iter().map(|x| x * x).sum();
            Ok(Value::Matrix(DMatrix::from_element(1, 1, squares.sqrt())))
        }
        (Function::Max, first, Some(second)) => {
            combine(&first, &second, larger).map_err(|shapes| format!("the shapes are {shapes}"))
        }
        (Function::Diag, Value::Matrix(column), _) if column.ncols() == 1 => {
            Ok(Value::Matrix(DMatrix::from_diagonal(&column.column(0).into_owned())))
        }
        (Function::Diag, other, _) => {
            Err(format!("diag takes a column, and this is {}", other.shape()))
        }
        _ => Err("an argument is missing".to_owned()),
    }
}

fn agree(code: f64, own: f64) -> bool {
    (code - own).abs() <= AGREES * own.abs().max(1.0)
}

/// Unlike `f64::max`, this doesn't hide a NaN.
fn larger(a: f64, b: f64) -> f64 {
    if a.is_nan() || a > b { a } else { b }
}
