//! The matrices of chapter 12: a batch, the four gates in one matrix, and where the numbers lie in memory.

use std::fmt::Write as _;

use one_matrix::LANES as LANE;

use super::cell::symbol;
use super::{Colour, Figure, WIDTH, document};

pub(super) const FIGURES: &[Figure] = &[
    Figure { name: "ch12-batch", draw: batch },
    Figure { name: "ch12-one-matrix", draw: one_matrix },
    Figure { name: "ch12-memory", draw: memory },
];

/// How many numbers a lane holds.
const LANES: i32 = LANE as i32;

/// The context digits of the three sequences that the first figure reads.
const SEQUENCES: [[u8; 4]; 3] = [[3, 1, 4, 1], [2, 7, 1, 8], [1, 6, 1, 8]];

/// What is drawn of a matrix: boxes, and letters beside them.
#[derive(Default)]
struct Sheet {
    svg: String,
}

impl Sheet {
    /// A box with its left upper corner, width and height.
    fn block(&mut self, [x, y, w, h]: [i32; 4], fill: &str, opacity: f64, line: &str) {
        let _ = writeln!(
            self.svg,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" fill=\"{fill}\" \
             fill-opacity=\"{opacity}\" stroke=\"{line}\" stroke-width=\"1.5\"/>"
        );
    }

    fn text(&mut self, (x, y): (i32, i32), anchor: &str, colour: Colour, text: &str) {
        let fill = colour.css();
        let _ = writeln!(
            self.svg,
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" fill=\"{fill}\">{text}</text>"
        );
    }

    /// A line with a head at its right end.
    fn arrow(&mut self, (from, to): (i32, i32), y: i32) {
        let ink = Colour::Ink.css();
        let (neck, up, down) = (to - 9, y - 5, y + 5);
        let _ = writeln!(
            self.svg,
            "<path d=\"M{from} {y}L{neck} {y}\" stroke=\"{ink}\" stroke-width=\"2\"/>\n\
             <path d=\"M{to} {y}L{neck} {up}L{neck} {down}Z\" fill=\"{ink}\"/>"
        );
    }

    /// The measure of a side, between two ticks: vertical, to the left of a box.
    fn height(&mut self, x: i32, (top, bottom): (i32, i32), text: &str) {
        let faint = Colour::Faint.css();
        let _ = writeln!(
            self.svg,
            "<path d=\"M{} {top}h8M{} {bottom}h8M{x} {top}V{bottom}\" fill=\"none\" stroke=\"{faint}\"/>",
            x - 4,
            x - 4
        );
        self.text((x - 9, (top + bottom) / 2 + 6), "end", Colour::Ink, text);
    }

    /// The same, above a box.
    fn width(&mut self, y: i32, (left, right): (i32, i32), text: &str) {
        let faint = Colour::Faint.css();
        let _ = writeln!(
            self.svg,
            "<path d=\"M{left} {}v8M{right} {}v8M{left} {y}H{right}\" fill=\"none\" stroke=\"{faint}\"/>",
            y - 4,
            y - 4
        );
        self.text(((left + right) / 2, y - 9), "middle", Colour::Ink, text);
    }
}

/// Three sequences, and the matrix that one of their steps becomes.
fn batch() -> String {
    let mut sheet = Sheet::default();
    let (ink, faint) = (Colour::Ink.css(), Colour::Faint.css());
    let (left, top, cell) = (66, 84, 40);
    let step = 2;
    for (b, digits) in (0..).zip(SEQUENCES) {
        sheet.text((left - 14, top + cell * b + 27), "end", Colour::Faint, &format!("{}", b + 1));
        for (t, digit) in (1..).zip(digits) {
            let [x, y] = [left + cell * (t - 1), top + cell * b];
            let (fill, opacity) = if t == step { (&ink, 0.12) } else { (&ink, 0.0) };
            sheet.block([x, y, cell, cell], fill, opacity, &faint);
            sheet.text((x + cell / 2, y + 26), "middle", Colour::Ink, &digit.to_string());
        }
    }
    sheet.width(top - 12, (left, left + 4 * cell), "T steps");
    let under = top + 3 * cell + 26;
    sheet.text((left + cell * step - cell / 2, under), "middle", Colour::Ink, "t = 2");
    sheet.arrow((250, 312), top + 3 * cell / 2);

    // V_t: a column for each sequence, h above x.
    let (left, top, wide) = (372, 44, 44);
    let (h, x) = (96, 130);
    let hidden = Colour::Hidden.css();
    for (b, digits) in (0..).zip(SEQUENCES) {
        let at = left + wide * b;
        sheet.block([at, top, wide, h], &hidden, 0.25, &ink);
        sheet.block([at, top + h, wide, x], &ink, 0.0, &ink);
        let one = i32::from(digits[step as usize - 1]);
        for d in 0..10 {
            let y = top + h + 12 + 13 * d;
            let (digit, colour) = if d == one { ("1", Colour::Ink) } else { ("0", Colour::Faint) };
            let _ = writeln!(
                sheet.svg,
                "<text x=\"{}\" y=\"{y}\" text-anchor=\"middle\" font-size=\"12\" fill=\"{}\">{digit}</text>",
                at + wide / 2,
                colour.css()
            );
        }
        sheet.text((at + wide / 2, top + h / 2 + 6), "middle", Colour::Ink, &symbol("h", "1"));
    }
    let (right, end) = (left + 3 * wide, top + h + x);
    sheet.width(top - 12, (left, right), "B columns");
    sheet.height(left - 12, (top, top + h), "H");
    sheet.height(left - 12, (top + h, end), "D");
    sheet.text((right + 22, (top + end) / 2), "start", Colour::Ink, &symbol("V", "2"));
    document(
        "ch12-batch",
        (WIDTH, 300),
        "One step of a batch is one matrix",
        "Three sequences of four digits, 3 1 4 1, 2 7 1 8 and 1 6 1 8, lie below each other; their second \
         digits, 1, 7 and 6, are marked. From the marked step comes a matrix with a column for each sequence. Each column is \
         that sequence's hidden state, H numbers, above its one-hot digit, D numbers, of which one is 1.",
        &sheet.svg,
    )
}

/// Four matrices become the row blocks of one; its product is the pre-activations of all gates.
fn one_matrix() -> String {
    let mut sheet = Sheet::default();
    let ink = Colour::Ink.css();
    let (left, top, wide, high) = (62, 44, 150, 62);
    let gates = [
        ("i", Colour::Input),
        ("f", Colour::Forget),
        ("C", Colour::Candidate),
        ("o", Colour::Output),
    ];
    let (v, z) = (256, 400);
    for (row, (gate, colour)) in (0..).zip(gates) {
        let (y, fill) = (top + high * row, colour.css());
        sheet.block([left, y, wide, high], &fill, 0.3, &ink);
        sheet.text((left + wide / 2, y + 37), "middle", Colour::Ink, &symbol("W", gate));
        sheet.block([z, y, 100, high], &fill, 0.3, &ink);
        // The gate's pre-activations, as the equations write them: the gate above, the step below.
        let _ = writeln!(
            sheet.svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\" fill=\"{ink}\"><tspan font-style=\"italic\">Z</tspan>\
             <tspan font-style=\"italic\" dy=\"-7\" font-size=\"12\">{gate}</tspan>\
             <tspan font-style=\"italic\" dy=\"12\" dx=\"-7\" font-size=\"12\">t</tspan></text>",
            z + 50,
            y + 37
        );
    }
    let end = top + 4 * high;
    sheet.height(left - 12, (top, end), "4H");
    sheet.width(top - 12, (left, left + wide), "H + D");
    sheet.text((v - 40, (top + end) / 2 + 6), "middle", Colour::Ink, "⋅");
    let hidden = Colour::Hidden.css();
    sheet.block([v, 92, 100, 92], &hidden, 0.25, &ink);
    sheet.block([v, 184, 100, 98], &ink, 0.0, &ink);
    sheet.text((v + 50, 144), "middle", Colour::Ink, &symbol("h", "t−1"));
    sheet.text((v + 50, 239), "middle", Colour::Ink, &symbol("x", "t"));
    sheet.width(80, (v, v + 100), "B");
    sheet.text((z - 35, (top + end) / 2 + 6), "middle", Colour::Ink, "=");
    sheet.width(top - 12, (z, z + 100), "B");
    for (row, gate) in ["input gate", "forget gate", "candidate", "output gate"].iter().enumerate()
    {
        sheet.text((z + 112, top + high * row as i32 + 37), "start", Colour::Faint, gate);
    }
    document(
        "ch12-one-matrix",
        (WIDTH, 318),
        "Four gates, one product",
        "The weight matrices of the input gate, the forget gate, the candidate and the output gate stand below each other as \
         one matrix with 4H rows and H + D columns. Times the matrix of the batch, h above x with B columns, it is one matrix of \
         4H rows and B columns, whose four blocks are the pre-activations of the same four gates.",
        &sheet.svg,
    )
}

/// The order of a matrix's pieces of 16 rows in memory: column by column, and in lanes.
fn memory() -> String {
    let mut sheet = Sheet::default();
    let (columns, pieces) = (3, 2);
    let wide = 88;
    let (left, matrix, by_column, in_lanes) = (36, 40, 176, 296);
    let fill = |column: i32| (Colour::Hidden.css(), 0.15 + 0.22 * f64::from(column));
    let ink = Colour::Ink.css();
    let middle = |place: i32| left + wide * place + wide / 2;
    let label = |column: i32, piece: i32| {
        format!("{}: {} to {}", column + 1, LANES * piece, LANES * (piece + 1) - 1)
    };
    let mut paths = String::new();
    for column in 0..columns {
        let (colour, opacity) = fill(column);
        for piece in 0..pieces {
            let (before, after) = (column * pieces + piece, piece * columns + column);
            let at = 200 + wide * column;
            sheet.block([at, matrix + 34 * piece, wide, 34], &colour, opacity, &ink);
            let text = label(column, piece);
            sheet.text((at + wide / 2, matrix + 34 * piece + 23), "middle", Colour::Ink, &text);
            for (y, place) in [(by_column, before), (in_lanes, after)] {
                sheet.block([left + wide * place, y, wide, 34], &colour, opacity, &ink);
                sheet.text((middle(place), y + 23), "middle", Colour::Ink, &text);
            }
            let (from, to) = (by_column + 34, in_lanes);
            let _ = writeln!(
                paths,
                "<path d=\"M{} {from}L{} {to}\" stroke=\"{}\" stroke-width=\"1.5\" \
                 stroke-dasharray=\"{}\"/>",
                middle(before),
                middle(after),
                Colour::Faint.css(),
                if piece == 0 { "none" } else { "5 4" }
            );
        }
    }
    sheet.svg += &paths;
    sheet.height(188, (matrix, matrix + 34 * pieces), "32 rows");
    sheet.width(matrix - 8, (200, 200 + wide * columns), "a column for each sequence");
    sheet.text((left, by_column - 12), "start", Colour::Ink, "column by column");
    sheet.text((left, in_lanes + 58), "start", Colour::Ink, "in lanes of 16");
    sheet.text((left + wide * 6, in_lanes + 58), "end", Colour::Faint, "memory runs to the right");
    document(
        "ch12-memory",
        (WIDTH, 368),
        "Where the numbers lie",
        "A matrix of 32 rows and three columns is cut into six pieces of 16 numbers. Column by column, memory holds both pieces of \
         column 1, then both of column 2, then both of column 3. In lanes it holds the first pieces of columns 1, 2 and 3, and \
         then their second pieces. Lines join each piece of the upper strip with the same piece of the lower one.",
        &sheet.svg,
    )
}
