//! A text that is too long for one batch: read in chunks, with the states carried over.

use crate::padded::Padded;
use crate::symbols::Symbol;

// ANCHOR: stream
/// One long sequence, cut into B rows of equal length that lie side by side. All rows are read at once, a chunk of
/// steps at a time, and each goes on where its last chunk ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// B rows, each with one symbol more than it has steps.
    rows: Vec<Vec<Symbol>>,
    /// Steps in a chunk; the last one may be shorter.
    chunk: usize,
}

/// One chunk, and whether it goes on where another ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// What is read and asked. There is no padding.
    pub batch: Padded,
    /// Whether the states of the chunk before it are its start; else it starts from zeros.
    pub goes_on: bool,
}
// ANCHOR_END: stream

impl Stream {
    /// Cuts a sequence into as many rows of at least one chunk as it has, at most `rows`. Symbols that fill no row are left out
    /// at its end, fewer than there are rows.
    ///
    /// # Panics
    /// If there is nothing to read and to ask, or no row or chunk.
    pub fn new(sequence: &[Symbol], rows: usize, chunk: usize) -> Stream {
        assert!(sequence.len() > 1 && rows > 0 && chunk > 0, "nothing to read");
        let steps = sequence.len() - 1;
        let rows = rows.min(steps.div_ceil(chunk));
        let length = steps / rows;
        let row = |number: usize| sequence[number * length..=(number + 1) * length].to_vec();
        Stream { rows: (0..rows).map(row).collect(), chunk }
    }

    /// B.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// How many chunks there are.
    pub fn chunks(&self) -> usize {
        (self.rows[0].len() - 1).div_ceil(self.chunk)
    }

    /// How many symbols are asked for in all.
    pub fn answers(&self) -> usize {
        self.rows.len() * (self.rows[0].len() - 1)
    }

    // ANCHOR: chunk
    /// One of the chunks, from 0.
    ///
    /// # Panics
    /// If there is no such chunk.
    pub fn chunk(&self, number: usize) -> Chunk {
        let begin = number * self.chunk;
        let end = (begin + self.chunk + 1).min(self.rows[0].len());
        // The last symbol that a chunk asks for is the first that the next one reads.
        let rows: Vec<&[Symbol]> = self.rows.iter().map(|row| &row[begin..end]).collect();
        Chunk { batch: Padded::of(&rows), goes_on: number > 0 }
    }
    // ANCHOR_END: chunk
}
