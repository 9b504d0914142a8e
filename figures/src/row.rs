//! Three cells in a row: the whole LSTM over three time steps, and the two lines that run through it.

use std::fmt::Write;

use super::cell::{Drawing, Size, symbol};
use super::{Colour, Figure, WIDTH, document};

pub(super) const FIGURES: &[Figure] = &[Figure { name: "cell-on-one-page", draw: three_cells }];

/// A cell's width, and the gap in which its hidden state goes down to the next.
const CELL: i32 = 142;
const GAP: i32 = 23;
/// Where the first cell begins.
const LEFT: i32 = 34;
/// Where the gates' columns stand within a cell: f, i, C̃, o; and where the input enters.
const COLUMNS: [i32; 4] = [20, 53, 89, 124];
const INPUT: i32 = 8;
/// The frame of a cell, from top to bottom.
const FRAME: (i32, i32) = (34, 258);
/// The line of the cell state, the products below it, the gates, the line of [h, x], the world outside.
const CELL_Y: i32 = 66;
const PRODUCT_Y: i32 = 116;
const GATE_Y: i32 = 190;
const BUS_Y: i32 = 234;
const OUTSIDE_Y: i32 = 296;

/// A letter with the number of its step.
fn at(letter: &str, t: i32) -> String {
    symbol(letter, &t.to_string())
}

fn three_cells() -> String {
    let mut d = Drawing { size: Size::ROW, ..Drawing::default() };
    d.label((LEFT - 11, CELL_Y - 10), "middle", &at("C", 0), true, Colour::Cell);
    d.label((LEFT - 11, BUS_Y + 26), "middle", &at("h", 0), true, Colour::Hidden);
    d.line(&format!("M{} {BUS_Y}L{LEFT} {BUS_Y}", LEFT - GAP), true, Colour::Hidden);
    for t in 1..=3 {
        let left = LEFT + (CELL + GAP) * (t - 1);
        frame(&mut d, left);
        cell_state(&mut d, left, t);
        gates(&mut d, left);
        hidden_state(&mut d, left, t);
        letters(&mut d, left);
    }
    document(
        "cell-on-one-page",
        (WIDTH, 326),
        "Three steps of an LSTM",
        "Three equal cells in a row, one for each time step. Along the top a line runs through all of them, the cell \
         state, from C0 to C3: in each cell it is multiplied by the forget gate, then the product of the input gate and \
         the candidate is added. In each cell a branch of it goes down through tanh and is multiplied by the output \
         gate. What comes out is the hidden state h: it leaves the cell on the right, goes down, and runs into the next \
         cell along the bottom, where it and the new input x are read by the three gates and the candidate; a branch \
         of it leads out. The boxes, colours and places are the same in each cell.",
        &d.svg,
    )
}

/// The outline of one cell.
fn frame(d: &mut Drawing, left: i32) {
    let (top, bottom) = FRAME;
    let _ = writeln!(
        d.svg,
        "<rect x=\"{left}\" y=\"{top}\" width=\"{CELL}\" height=\"{}\" rx=\"12\" fill=\"none\" stroke=\"{}\"/>",
        bottom - top,
        Colour::Faint.css()
    );
}

/// From the cell state of the step before to that of step `t`.
fn cell_state(d: &mut Drawing, left: i32, t: i32) {
    let (f, plus, right) = (left + COLUMNS[0], plus(left), left + CELL);
    let circle = d.size.circle;
    d.arrow((left - GAP, CELL_Y), (f - circle, CELL_Y), true, Colour::Cell);
    d.arrow((f + circle, CELL_Y), (plus - circle, CELL_Y), true, Colour::Cell);
    d.line(&format!("M{} {CELL_Y}L{right} {CELL_Y}", plus + circle), true, Colour::Cell);
    if t == 3 {
        d.arrow((right, CELL_Y), (right + GAP, CELL_Y), true, Colour::Cell);
    }
    d.label((right + GAP / 2, CELL_Y - 10), "middle", &at("C", t), true, Colour::Cell);
}

/// Where what is new joins the line.
fn plus(left: i32) -> i32 {
    left + i32::midpoint(COLUMNS[1], COLUMNS[2])
}

/// The four readers of [h, x], and where their outputs go.
fn gates(d: &mut Drawing, left: i32) {
    let [f, i, candidate, o] = COLUMNS.map(|column| left + column);
    let (plus, circle) = (plus(left), d.size.circle);
    d.line(&format!("M{left} {BUS_Y}L{} {BUS_Y}", o + 1), true, Colour::Ink);
    d.arrow((left + INPUT, OUTSIDE_Y), (left + INPUT, BUS_Y + 1), true, Colour::Ink);
    let readers = [
        (f, CELL_Y + circle, "σ", Colour::Forget),
        (i, PRODUCT_Y, "σ", Colour::Input),
        (candidate, PRODUCT_Y, "tanh", Colour::Candidate),
        (o, PRODUCT_Y + circle, "σ", Colour::Output),
    ];
    for (x, to, function, colour) in readers {
        d.arrow((x, BUS_Y), (x, GATE_Y + 13), true, Colour::Ink);
        if to == PRODUCT_Y {
            let inward = (plus - x).signum();
            let path = format!("M{x} {}L{x} {to}L{} {to}", GATE_Y - 13, plus - inward * circle);
            d.line(&path, true, colour);
        } else {
            d.arrow((x, GATE_Y - 13), (x, to), true, colour);
        }
        d.gate((x, GATE_Y), function, true, colour);
    }
    d.operation((f, CELL_Y), "⊙", true, Colour::Forget);
    d.arrow((plus, PRODUCT_Y - circle), (plus, CELL_Y + circle), true, Colour::Input);
    d.operation((plus, PRODUCT_Y), "⊙", true, Colour::Input);
    d.operation((plus, CELL_Y), "+", true, Colour::Cell);
}

/// What is shown of the cell state: out of the cell, down, and into the next; a branch leads outside.
fn hidden_state(d: &mut Drawing, left: i32, t: i32) {
    let (o, circle, down) = (left + COLUMNS[3], d.size.circle, left + CELL + GAP / 2);
    d.arrow((o, CELL_Y), (o, PRODUCT_Y - circle), true, Colour::Cell);
    d.label((o - 4, i32::midpoint(CELL_Y, PRODUCT_Y) - 4), "end", "tanh", true, Colour::Cell);
    let corner = format!("M{} {PRODUCT_Y}L{down} {PRODUCT_Y}", o + circle);
    if t < 3 {
        let next = left + CELL + GAP;
        d.line(&format!("{corner}L{down} {BUS_Y}L{next} {BUS_Y}"), true, Colour::Hidden);
    } else {
        d.line(&format!("{corner}L{down} {BUS_Y}"), true, Colour::Hidden);
    }
    d.arrow((down, BUS_Y), (down, OUTSIDE_Y), true, Colour::Hidden);
    d.operation((o, PRODUCT_Y), "⊙", true, Colour::Output);
    d.label((down, OUTSIDE_Y + 18), "middle", &at("h", t), true, Colour::Hidden);
    d.label((left + INPUT, OUTSIDE_Y + 18), "middle", &at("x", t), true, Colour::Ink);
}

/// The gates' letters, beside the ways out of them. There is no room for the steps' numbers.
fn letters(d: &mut Drawing, left: i32) {
    let letter = |letter: &str| format!("<tspan font-style=\"italic\">{letter}</tspan>");
    let [f, i, candidate, o] = COLUMNS.map(|column| left + column);
    let y = GATE_Y - 22;
    d.label((f + 5, y), "start", &letter("f"), true, Colour::Forget);
    d.label((i + 5, y), "start", &letter("i"), true, Colour::Input);
    d.label((candidate + 5, y), "start", &letter("C"), true, Colour::Candidate);
    d.tilde((candidate + 5, y + 2), Colour::Candidate);
    d.label((o - 5, y), "end", &letter("o"), true, Colour::Output);
}
