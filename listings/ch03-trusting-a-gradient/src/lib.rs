//! Chapter 3, *Trusting a gradient*: the two squashing functions, one affine layer with its
//! gradient by hand, the [`Parameters`] that a gradient belongs to, and the gradient checker that
//! every later chapter is held against.
//!
//! A *gradient* of a loss L has the same shapes as the parameters θ: one partial derivative
//! ∂L/∂θ for each number in θ. In this book both are stored in the same Rust type, so the
//! gradient of a `Gate` is a `Gate`. The adjoint of a value v is written v̄ = ∂L/∂v, in code
//! `v_bar`.
#![forbid(unsafe_code)]

mod affine;
mod check;
mod difference;
mod doubt;
mod entry;
pub mod one_layer;
mod parameters;
mod report;
mod squash;
pub mod three_numbers;

pub use affine::Affine;
pub use check::{check, check_along, slope_along};
pub use difference::{STEP, by_differences, central, derivative};
pub use doubt::Doubt;
pub use entry::Entry;
pub use parameters::{Named, Parameters, Tensor, TensorMut, len};
pub use report::Report;
pub use squash::{sigmoid, sigmoid_slope, tanh_slope};
