//! Chapter 13, *Loss and optimiser*: from a score for each digit to one number that says how wrong they
//! are, and from its gradient to better weights.
//!
//! The loss is written twice: for one answer, in matrices, to be read ([`cross_entropy`]), and for a whole batch,
//! in slices, to be trained with ([`cross_entropy_batch`]). What follows it works on slices alone: all parameters
//! of a network are one slice θ, and its gradient is another.
//!
//! Shapes: K answers, H hidden units, B sequences in the batch. Matrices lie column by column, a column for each
//! sequence; weights lie row by row, as in chapter 12.
#![forbid(unsafe_code)]
// The same place of several arrays at a time: an index says that, a chain of zips hides it.
#![allow(clippy::needless_range_loop)]

mod clip;
mod experiment;
mod init;
mod learner;
mod linear;
mod loss;
mod optimiser;

pub use clip::{all_finite, clip, norm};
pub use experiment::{By, Trial, downhill};
pub use init::{forget_biases, set_forget_bias, uniform};
pub use learner::{Learner, batch_of};
pub use linear::Linear;
pub use loss::{cross_entropy, cross_entropy_backward, cross_entropy_batch, log_softmax, softmax};
pub use optimiser::{Adam, BETA_1, BETA_2, EPSILON, Momentum, Optimiser, Sgd};
