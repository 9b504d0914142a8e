//! Chapter 12, *One matrix, a whole batch*: the same LSTM, many times as fast.
//!
//! Four versions of it, each one idea away from the one before:
//!
//! 1. [`batched`]: a whole batch of sequences at once, vectors become matrices;
//! 2. [`fused`]: the four gates in one matrix, four products become one;
//! 3. [`buffered`]: every matrix made once, nothing allocated while it runs;
//! 4. [`Packed`] and [`Unrolled`]: a layout of our own, in which everything is written once in the order in which it is read,
//!    sixteen numbers at a time (a [`Lane`]), and a product for it. In `f64` with the exact tanh at first, then in `f32`,
//!    then with a tanh that is nothing but arithmetic. This is the one that chapters 13 and 14 train with.
//!
//! Shapes: T steps, B sequences in the batch, D inputs, H hidden units.
#![forbid(unsafe_code)]
// The same place of several arrays at a time: an index says that, a chain of zips hides it.
#![allow(clippy::needless_range_loop)]

mod activation;
pub mod batched;
pub mod buffered;
mod cell;
mod digit;
mod first;
pub mod fused;
mod lane;
mod layer;
mod packed;
mod product;
mod real;
mod unrolled;

pub use activation::rational_tanh;
pub use lane::{LANES, Lane, lanes, pack, unpack};
pub use layer::{Layer, Weights};
pub use packed::Packed;
pub use product::{multiply, outer};
pub use real::{Real, Tanh};
pub use unrolled::{Batch, Input, Unrolled};
