//! Conclusions that are checked: a sentence that compares numbers of a run carries its predicate, and the press
//! evaluates it on what the run printed.
//!
//! ```text
//! At thirty digits all five remember with it<!--claim ch14/results: {30:bias-3.solved} == 5-->.
//! ```
//!
//! A page knows its sentences ([`crate::page::Prose`]). [`comparison`] finds the words in them that compare,
//! [`predicate`] evaluates what [`language`] lets a predicate say, [`doubt`] looks for numbers that would make it
//! false, [`check`] asks both, and [`rule`] puts these together into what a page concludes. [`appendix`] lists all claims for readers,
//! [`report`] for whoever writes them.

pub mod appendix;
mod check;
pub mod comparison;
mod doubt;
mod language;
pub mod predicate;
pub mod report;
pub mod rule;
mod value;
