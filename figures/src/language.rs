//! The picture language of all figures, on one sheet.

use std::fmt::Write;

use super::cell::{Drawing, symbol};
use super::plot::DASHES;
use super::{Colour, Figure, WIDTH, document};

pub(super) const FIGURES: &[Figure] = &[
    Figure { name: "picture-language-parts", draw: parts },
    Figure { name: "picture-language-curves", draw: curves },
];

/// The parts of the cell, each with its place, its colour and its shape.
fn parts() -> String {
    const ROW: i32 = 62;
    let mut d = Drawing::default();
    let gates = [
        ("f", "σ", Colour::Forget),
        ("i", "σ", Colour::Input),
        ("C", "tanh", Colour::Candidate),
        ("o", "σ", Colour::Output),
    ];
    for (column, (letter, function, colour)) in (0..).zip(gates) {
        let x = 75 + 130 * column;
        d.arrow((x, 124), (x, 100), true, Colour::Ink);
        d.gate((x, 78), function, true, colour);
        d.arrow((x, 56), (x, 24), true, colour);
        d.label((x + 9, 46), "start", &symbol(letter, "t"), true, colour);
        if function == "tanh" {
            d.tilde((x + 9, 46), colour);
        }
    }
    for (row, (name, colour)) in (0..).zip([("C", Colour::Cell), ("h", Colour::Hidden)]) {
        let y = 170 + ROW * row;
        d.arrow((60, y), (200, y), true, colour);
        d.label((52, y + 5), "end", &symbol(name, "t−1"), true, colour);
        d.label((208, y + 5), "start", &symbol(name, "t"), true, colour);
    }
    d.operation((320, 170), "⊙", true, Colour::Forget);
    d.operation((400, 170), "+", true, Colour::Cell);
    d.gate((360, 232), "tanh", true, Colour::Hidden);
    d.arrow((60, 294), (200, 294), false, Colour::Ink);
    d.gate((360, 294), "σ", false, Colour::Ink);
    document(
        "picture-language-parts",
        (WIDTH, 330),
        "The parts of the cell in every figure",
        "First row: the four boxes that read the stacked vector from below, in the order in which they \
         stand in every figure: the forget gate, the input gate, the candidate and the output gate. \
         The three gates are round boxes marked sigma, the candidate has cut corners and is marked \
         tanh. Second row: the line of the cell state, and a product and a sum in circles. Third row: \
         the line of the hidden state, and the plain network's step, a box with cut corners. Fourth \
         row: a line and a gate that a chapter has not reached, faint and dashed.",
        &d.svg,
    )
}

/// The ways in which the curves of a plot are broken, in the order of the curves; and the floor.
fn curves() -> String {
    let mut svg = String::new();
    let ink = Colour::Ink.css();
    let floor = "2 5";
    for (row, dash) in DASHES.iter().chain([&floor]).enumerate() {
        let y = 24 + 30 * row;
        let (width, name) = match row == DASHES.len() {
            true => (2, "ln 10".to_owned()),
            false => (3, (row + 1).to_string()),
        };
        let dash = match *dash {
            "" => String::new(),
            dash => format!(" stroke-dasharray=\"{dash}\""),
        };
        let _ = writeln!(
            svg,
            "<path d=\"M70 {y}L440 {y}\" stroke=\"{ink}\" stroke-width=\"{width}\"{dash}/>\n\
             <text x=\"456\" y=\"{}\" fill=\"{ink}\">{name}</text>",
            y + 5
        );
    }
    document(
        "picture-language-curves",
        (WIDTH, 230),
        "The curves of a plot, told apart without colour",
        "Six lines, numbered as the curves of a plot are drawn: solid, dashed, finely dashed, dashes \
         and dots, long dashes, a dash and two dots. Below them a thin dotted line, the floor that \
         guessing reaches, here named ln 10.",
        &svg,
    )
}
