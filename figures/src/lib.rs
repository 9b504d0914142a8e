//! The book's figures: each is drawn from the listings, as SVG that follows the page's colours.
//!
//! `cargo run -- bless` has them drawn into `book/src/figures/`; a test compares them with what is drawn. It is a
//! crate of its own, so that nobody who reads the book waits for the listings to compile.

mod cell;
mod ch01;
mod ch02;
mod ch03;
mod ch04;
mod ch05;
mod ch06;
mod ch07;
mod ch08;
mod ch09;
mod ch10;
mod ch11;
mod ch12;
mod ch12_matrices;
mod ch13;
mod ch14;
mod ch14_memory;
mod ch14_opened;
mod ch15;
mod figure;
mod grid;
mod language;
mod plot;
mod row;

pub use figure::Figure;
pub(crate) use figure::{Colour, WIDTH, document};

/// All figures of the book, chapter by chapter.
pub fn all() -> Vec<Figure> {
    [
        ch01::FIGURES,
        ch02::FIGURES,
        ch03::FIGURES,
        ch04::FIGURES,
        ch05::FIGURES,
        ch06::FIGURES,
        ch07::FIGURES,
        ch08::FIGURES,
        ch09::FIGURES,
        ch10::FIGURES,
        ch11::FIGURES,
        ch12::FIGURES,
        ch12_matrices::FIGURES,
        ch13::FIGURES,
        ch14::FIGURES,
        ch14_memory::FIGURES,
        ch14_opened::FIGURES,
        ch15::FIGURES,
        language::FIGURES,
        row::FIGURES,
    ]
    .concat()
}
