//! The press: it turns `book/` and `listings/` into a verified site.
//!
//! Data flows one way, and so do the imports: each module below uses only those above it.
//!
//! | module | what it holds |
//! |---|---|
//! | `problem`, `words` | what a check says, and what the press says on pages |
//! | [`mathml`] | LaTeX to MathML, and its symbols |
//! | [`project`] | what is on disk: the listings, and what their programs print |
//! | [`page`] | the pages, each parsed once into typed items |
//! | [`notation`] | the table that says what symbols mean |
//! | `names` | what readers are told in place of the names that programs print |
//! | [`index`] | one pass over the book: labels, excerpts, what readers have seen before |
//! | [`claim`] | what pages conclude, evaluated on the numbers that were printed |
//! | [`typeset`] | from a page's items to what mdBook renders, with every check on the way |
//! | [`site`] | mdBook renders it, the links are checked; publishing, serving |
//! | [`snapshot`] | the way back: what programs print now is compared and written |
//! | [`new`] | starting a chapter |

#![warn(unreachable_pub)]

pub mod claim;
pub mod index;
pub mod mathml;
mod names;
mod new;
pub mod notation;
pub mod page;
mod problem;
pub mod project;
pub mod site;
pub mod snapshot;
pub mod typeset;
pub mod words;
mod written;

pub use new::new;
pub use problem::{Problem, Problems};
