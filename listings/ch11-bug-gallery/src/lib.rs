//! Chapter 11, *The bug gallery*: mistakes that train, each behind one switch.
//!
//! Shapes: h, C and every gate have H entries, x has D = 10: a digit, one-hot.
#![forbid(unsafe_code)]

mod backward;
mod bug;
mod network;
mod training;

pub use backward::{gradient, step_backward};
pub use bug::{Bug, all};
pub use network::{
    NAMES, Network, Problem, cosine, forward, loss, probabilities, read, read_backward,
};
pub use training::{Settings, Trained, fresh, train};
