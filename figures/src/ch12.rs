//! The figures of chapter 12.

use std::fmt::Write as _;
use std::path::Path;

use one_matrix::rational_tanh;

use super::plot::{Axes, Curve, Plot, plain};
use super::{Colour, Figure, document};
use press::project::Output;

pub(super) const FIGURES: &[Figure] = &[
    Figure { name: "ch12-steps", draw: steps },
    Figure { name: "ch12-tiles", draw: tiles },
    Figure { name: "ch12-tanh", draw: tanh_error },
];

/// Where the bars of [`steps`] begin.
const LEFT: f64 = 150.0;
/// How long a bar is for each time that a version is as fast as the first.
const UNIT: f64 = 8.5;

/// How many times as fast as the first version each one is, from the chapter's record.
fn steps() -> String {
    let file = Path::new("listings/ch12-one-matrix/records/steps.txt");
    let text = include_str!("../../listings/ch12-one-matrix/records/steps.txt");
    // Another test says what is wrong with a record that cannot be read; here its bars would be missing.
    let record = Output::parse(file, text).unwrap_or_default();
    let total = |work: &str, version: &str| -> f64 {
        let name = format!("{work}-{version}.total");
        record.numbers.get(&name).and_then(|number| number.text.parse().ok()).unwrap_or(0.0)
    };
    let versions =
        ["per-sample", "batched", "fused", "buffered", "packed-f64", "packed-f32", "tanh"];
    let ink = Colour::Ink.css();
    let mut body = String::new();
    for (y, version) in (0..).map(|row| 18.0 + 52.0 * f64::from(row)).zip(versions) {
        let _ = write!(
            body,
            "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\" fill=\"{ink}\">{version}</text>",
            LEFT - 12.0,
            y + 25.0
        );
        for (y, work, colour) in [(y, "W1", Colour::Candidate), (y + 20.0, "W2", Colour::Cell)] {
            let (times, fill) = (total(work, version), colour.css());
            let _ = writeln!(
                body,
                "<rect x=\"{LEFT:.0}\" y=\"{y:.0}\" width=\"{:.1}\" height=\"18\" fill=\"{fill}\"/>\
                 <text x=\"{:.1}\" y=\"{:.0}\" fill=\"{ink}\">{times:.1}</text>",
                UNIT * times,
                LEFT + UNIT * times + 8.0,
                y + 15.0
            );
        }
    }
    for (y, work, colour) in [(30, "W1", Colour::Candidate), (56, "W2", Colour::Cell)] {
        let (fill, baseline) = (colour.css(), y + 15);
        let _ = write!(
            body,
            "<rect x=\"560\" y=\"{y}\" width=\"18\" height=\"18\" fill=\"{fill}\"/>\
             <text x=\"588\" y=\"{baseline}\" fill=\"{ink}\">{work}</text>"
        );
    }
    document(
        "ch12-steps",
        (720, 380),
        "How many times as fast as one sequence at a time",
        "Two bars for each of seven versions, one for the small task W1 and one for the larger W2. They grow \
         from 1 at the top to the longest at the bottom, except that the third, fused, is shorter than \
         the second, batched, and for W2 the fifth, packed-f64, is shorter than the fourth, buffered.",
        &body,
    )
}

/// A rectangle with its left upper corner, width and height.
fn rectangle([x, y, w, h]: [i32; 4], fill: &str, line: &str) -> String {
    format!(
        "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" fill=\"{fill}\" stroke=\"{line}\"/>\n"
    )
}

/// Which numbers of A and of B meet in one tile of C.
fn tiles() -> String {
    let (faint, ink) = (Colour::Faint.css(), Colour::Ink.css());
    let (a, b, c) = (Colour::Candidate.css(), Colour::Output.css(), Colour::Cell.css());
    let mut body = String::new();
    // A in five panels, B in six groups of columns, C in tiles; the lit ones are filled.
    for p in 0..5 {
        let fill = if p == 2 { &a } else { "none" };
        body += &rectangle([60, 230 + 36 * p, 200, 36], fill, &faint);
        for j in 0..6 {
            let fill = if (p, j) == (2, 3) { &c } else { "none" };
            body += &rectangle([300 + 36 * j, 230 + 36 * p, 36, 36], fill, &faint);
        }
    }
    for j in 0..6 {
        let fill = if j == 3 { &b } else { "none" };
        body += &rectangle([300 + 36 * j, 20, 36, 180], fill, &faint);
    }
    // One step of the loop: column k of the panel, row k of the group.
    body += &rectangle([150, 302, 9, 36], &Colour::Paper.css(), &ink);
    body += &rectangle([408, 101, 36, 9], &Colour::Paper.css(), &ink);
    for (x, y, anchor, text) in [
        (48, 325, "end", "16"),
        (426, 14, "middle", "N"),
        (154, 358, "middle", "k"),
        (396, 111, "end", "k"),
        (160, 222, "middle", "A"),
        (282, 116, "middle", "B"),
        (408, 432, "middle", "C"),
        (536, 40, "start", "N columns"),
        (536, 268, "start", "one tile:"),
        (536, 290, "start", "16 × N sums"),
        (60, 432, "start", "one panel of 16 rows"),
    ] {
        let _ = writeln!(
            body,
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" fill=\"{ink}\">{text}</text>"
        );
    }
    document(
        "ch12-tiles",
        (720, 446),
        "A product, tile by tile",
        "Matrix A, cut into horizontal panels of 16 rows, stands to the left of C; B, cut into vertical \
         groups of N columns, stands above it. One panel and one group are lit, and so is the tile of C where \
         they meet. Within the panel a single column k is marked, and within the group the row k: the sixteen numbers \
         of the one times the N of the other are added to the tile.",
        &body,
    )
}

/// The error of the rational tanh, in units of 1e−7.
fn tanh_error() -> String {
    // Where the argument is clipped.
    const CLIPPED: f64 = 7.85;
    let points: Vec<(f64, f64)> = (-900..=900)
        .map(|k| f64::from(k) / 100.0)
        .map(|x| (x, 1e7 * (rational_tanh(x) - x.tanh())))
        .collect();
    let worst = |of: fn(f64) -> bool| {
        let errors = points.iter().filter(|(x, _)| of(*x)).map(|(_, error)| error.abs());
        errors.fold(0.0, f64::max)
    };
    let description = format!(
        "A curve that waves around zero between minus 9 and 9, odd like tanh itself. It stays within {:.1} \
         ten-millionths up to {CLIPPED}, where the argument is clipped, and comes to {:.1} beyond.",
        worst(|x| x.abs() < CLIPPED),
        worst(|x| x.abs() > CLIPPED)
    );
    let curves =
        [Curve { label: String::new(), colour: Colour::Candidate, points, label_at: 1000 }];
    Plot {
        name: "ch12-tanh",
        title: "The error of the rational tanh",
        description: &description,
        x: ("z", 9.0),
        y: ("error in units of 10⁻⁷", 5.0),
        curves: &curves,
    }
    .draw_on(&Axes { x: -9.0..9.0, y: -5.0..5.0, labels: (plain, plain), marks: (7, 7) })
}
