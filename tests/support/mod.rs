//! What several test targets share.
#![allow(dead_code, reason = "each test target uses a part")]

use std::path::Path;

use press::page::{Page, pages};
use press::project::Project;
use press::typeset::Press;

/// This checkout.
pub fn project() -> Project {
    Project::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("a checkout of the book")
}

/// The book as it is on disk.
pub fn book() -> (Press, Vec<Page>) {
    let project = project();
    let pages = pages(&project).unwrap_or_else(|problems| panic!("{problems}"));
    let press = Press::new(&project, &pages).unwrap_or_else(|problems| panic!("{problems}"));
    (press, pages)
}
