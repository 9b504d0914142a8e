//! Chapter 14, *The next-digit trainer*: the layer of chapter 12, the loss and Adam of chapter 13, put together
//! into a program that learns, and that can be stopped and gone on with.
//!
//! The network reads the digits one by one, as one-hot vectors, and answers from its last hidden state:
//! y = W_y · h_T + b_y, p = softmax(y). Shapes: T steps, B sequences in a batch, H hidden units.
//!
//! Nothing here touches a file, a clock or a terminal: that is the program's part (`main.rs` and its modules).
#![forbid(unsafe_code)]

mod about;
mod batches;
mod bounds;
mod checkpoint;
mod experiment;
mod fingerprint;
mod foreign;
mod network;
pub mod opened;
mod plain;
mod scores;
mod session;
mod start;
mod trainer;
mod validation;
mod verdict;
mod weights;

pub use about::{About, DataAbout, Memory};
pub use batches::{Batches, ORDER_STREAM, WEIGHTS_STREAM};
pub use checkpoint::{
    Model, Run, check_seal, from_bytes, seal, to_bytes, weights_fingerprint, weights_to_bytes,
};
pub use experiment::{Examiner, Learns, Lesson, Source, practise};
pub use fingerprint::fingerprint;
pub use foreign::what_it_is;
pub use network::{Network, Tensor, tensors};
pub use plain::PlainTrainer;
pub use scores::{Scores, evaluate, examine};
pub use session::{Session, Settings, learning_curve};
pub use start::Start;
pub use trainer::{NotFinite, SHARD, Trainer};
pub use validation::{
    Choice, Epoch, VALIDATION_STREAM, Validation, ValidationAbout, hold_aside, hold_end,
};
pub use verdict::{Evidence, Repeats, TAIL, Verdict};
pub use weights::{BadModel, MOST_HIDDEN};
