//! The press: it turns `book/` and `listings/` into a verified site.
//!
//! Data flows one way. A listing prints its `output.txt` and is drawn in figures ([`bless`]); the pages
//! quote both; [`press`] reads the pages, [`page`] finds what stands in them, [`typeset`] checks and
//! typesets it, and [`claim`] evaluates what it concludes; [`site`] renders with mdBook and checks the
//! [`links`]; [`serve`] shows the result.

pub mod bless;
pub mod claim;
pub mod excerpt;
pub mod exercises;
pub mod highlight;
pub mod links;
pub mod listing;
pub mod mathml;
pub mod new;
pub mod notation;
pub mod output;
pub mod page;
pub mod press;
pub mod problem;
pub mod project;
pub mod publish;
pub mod run;
pub mod seen;
pub mod serve;
pub mod site;
pub mod typeset;
pub mod words;
