//! Exercise 15.3: where does the state belong that is carried on?

use std::process::ExitCode;

#[path = "grader/streams.rs"]
mod grader;

/// A long text, and how it is read: in chunks, each of `steps` symbols in each of `columns` columns.
struct Reading {
    /// How many symbols the text has; a multiple of `columns` times `steps`.
    symbols: usize,
    /// B, how many places of the text are read side by side.
    columns: usize,
    /// T, how many symbols a chunk has in each column.
    steps: usize,
}

/// Which symbol of the text a chunk reads at a step, in a column. Everything counts from 0.
///
/// Every symbol is read once. The state that a column has at the end of a chunk is where it begins the next.
fn place(reading: &Reading, chunk: usize, step: usize, column: usize) -> usize {
    // Your answer goes here: this cuts the text into pieces and hands them out in turn.
    let _ = reading.symbols;
    (chunk * reading.columns + column) * reading.steps + step
}

fn main() -> ExitCode {
    grader::grade(|(symbols, columns, steps), at| {
        place(&Reading { symbols, columns, steps }, at.0, at.1, at.2)
    })
}
