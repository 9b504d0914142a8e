//! The site: mdBook renders the typeset pages, their links are checked, they are published or served.

mod build;
mod checks;
pub mod links;
mod mdbook;
mod numbers;
mod publish;
mod search;
mod serve;
mod watch;

pub use build::{Builder, SITE, build, build_for, config};
pub use mdbook::preprocess;
pub use numbers::number;
pub use publish::{Address, CARD};
pub use serve::{News, reserve, serve};
