//! Snapshots of what programs print: how they are written and compared, and the programs that grade
//! exercises.

mod bless;
mod compare;
mod exercises;
mod run;

pub use bless::{bless, record};
pub use compare::{compare, tolerance};
pub use exercises::{Exercise, MISSING, State, exercises, report};
pub use run::{book_tests, cargo, check_record, print_again};
