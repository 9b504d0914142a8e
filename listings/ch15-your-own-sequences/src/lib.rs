//! Chapter 15, *Your own sequences*: from digits to anything that can be written down, symbol by symbol.
//!
//! What changes from chapter 12 on, and is defined anew: sequences of different lengths lie side by side in one batch
//! ([`Padded`]); a layer carries the states of a sequence that has ended ([`layer`]); layers stand on top of each other, with
//! dropout between them ([`stack`]); the network answers at every step ([`Network`]); and a text that is too long for one batch is
//! read in chunks ([`Stream`]).
//!
//! Shapes: T steps, B sequences in the batch, D inputs, H hidden units, L layers, K symbols. A matrix of a step has a
//! column for each sequence.
#![forbid(unsafe_code)]

mod batches;
mod checkpoint;
mod draw;
mod dropout;
mod kneser_ney;
pub mod layer;
mod network;
mod ngram;
mod padded;
mod parts;
mod sample;
mod session;
pub mod stack;
mod stream;
mod symbols;
mod weights;

pub use batches::Batches;
pub use checkpoint::{About, DataAbout, MOST, Model, Run, from_bytes, to_bytes};
pub use draw::{draw, temper};
pub use dropout::Masks;
pub use kneser_ney::KneserNey;
pub use layer::{Inputs, Pass, States};
pub use network::{Network, Reading, Shape, Tensor, bits, evaluate, evaluate_stream, matrices};
pub use ngram::Ngram;
pub use padded::Padded;
pub use parts::{Parts, part_sequences, part_text};
pub use sample::{Reader, sample};
pub use session::{Lessons, Session, Settings};
pub use stream::{Chunk, Stream};
pub use symbols::{Alphabet, AlphabetError, END, MOST_SYMBOLS, Symbol, UnknownSymbol};
pub use weights::{MOST_LAYERS, weights_to_bytes};
