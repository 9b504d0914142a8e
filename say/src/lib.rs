//! How the programs of this workspace speak. The standard library's `println!` panics where nobody listens any
//! more: `cargo run -p ch05 | head` would end in a backtrace. `use say::println;` takes its place.
#![forbid(unsafe_code)]

use std::fmt;
use std::io::{self, Write};

/// [`std::println`], but for a reader that goes away or a disk that is full: then the program ends, with one
/// line on standard error and the exit code 1.
#[macro_export]
macro_rules! println {
    () => { $crate::line(::std::format_args!("")) };
    ($($argument:tt)*) => { $crate::line(::std::format_args!($($argument)*)) };
}

/// What [`println!`] does with its arguments: says a line, or ends the program.
pub fn line(text: fmt::Arguments<'_>) {
    if let Err(unheard) = writeln!(io::stdout().lock(), "{text}").map_err(Unheard) {
        note(format_args!("error: {unheard}"));
        std::process::exit(1);
    }
}

/// Says something on standard output.
///
/// # Errors
/// If it takes nothing more.
pub fn say(text: impl AsRef<str>) -> Result<(), Unheard> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_ref().as_bytes()).and_then(|()| out.flush()).map_err(Unheard)
}

/// Says something beside it, a line on standard error, to whoever listens.
pub fn note(text: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Standard output takes nothing more: its reader went away, as `head` does, or the disk is full.
#[derive(Debug)]
pub struct Unheard(io::Error);

impl fmt::Display for Unheard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "standard output can't be written to: {}", self.0)
    }
}

impl std::error::Error for Unheard {}
