//! Chapter 1, *A sequence of digits*: the data that the book learns from, and what can be known about
//! it before there is a network.
//!
//! The original article draws 1000 sequences of five random digits and asks for the fifth, given
//! the first four. Those digits are independent: the first four say nothing about the fifth, and no
//! predictor of any kind is right more often than one time in ten on sequences that it has not seen. So
//! there are other rules beside this one, see [`Task`], and baselines that learn nothing, to stand
//! beside every result.
#![forbid(unsafe_code)]

mod baselines;
mod generator;
mod search;
mod split;
mod surprise;
mod task;

pub use baselines::{
    CHANCE, LookupTable, accuracy, chance_band, chance_loss, commonest, luck_band, memory_loss,
};
pub use generator::{below, generator, shuffle};
pub use search::LinearRule;
pub use split::{Split, share_seen};
pub use surprise::{Probabilities, UNIFORM, confident, mean_loss, one_hot, surprise};
pub use task::{DIGITS, DataError, Sequence, Task, UnknownTask, progressions};
