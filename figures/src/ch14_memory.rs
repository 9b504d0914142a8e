//! The memory of a trained network, while it reads: the first picture of the book. The network is a file of chapter 14,
//! what is drawn is a forward pass.

use std::fmt::Write;

use next_digit::opened::{answer, cell, read};
use output_gate::{State, Step};

use super::ch14_opened::{DIGITS, PI, frame, networks, text};
use super::plot::DASHES;
use super::{Colour, Figure, WIDTH, document};

pub(super) const FIGURES: &[Figure] = &[Figure { name: "ch14-memory", draw: memory }];

/// The first digits of the two sequences; the fourteen that follow are the same.
const FIRST: [u8; 2] = [3, 7];
/// Where the two panels begin.
const LEFT: [f64; 2] = [44.0, 300.0];
const COLUMN: f64 = 15.0;
const TOP: f64 = 48.0;
const HEIGHT: f64 = 240.0;
/// The most that a panel shows, to both sides of zero.
const LIMIT: f64 = 15.0;

/// All cell states of the network with a bias of 3, for two sequences that differ in their first digit.
fn memory() -> String {
    let networks = networks();
    let Some(network) = networks.get(1) else { return String::new() };
    let (clear, mut svg) = (cell(network), String::new());
    let start = State::zeros(clear.hidden());
    let sequences = FIRST.map(|first| {
        let mut digits = PI;
        digits[0] = first;
        digits
    });
    let runs = sequences.map(|digits| read(&clear, &start, &digits));
    let marked = marked(&runs);
    let says = |step: &Step| answer(network, &step.state.h).to_string();
    let said = [0, 1].map(|run| runs[run].iter().map(says).collect::<Vec<_>>());
    for (k, left) in LEFT.into_iter().enumerate() {
        row(&mut svg, (left, TOP - 14.0), &sequences[k].map(|digit| digit.to_string()));
        row(&mut svg, (left, TOP + HEIGHT + 24.0), &said[k]);
        frame(&mut svg, (left, TOP), (COLUMN * DIGITS as f64, HEIGHT));
        curves(&mut svg, left, &runs[k], marked);
    }
    text(&mut svg, (LEFT[0] + 2.0, TOP - 14.0), "end", "reads");
    text(&mut svg, (LEFT[0] + 2.0, TOP + HEIGHT + 24.0), "end", "says");
    for mark in [-10.0, 0.0, 10.0] {
        let words = format!("{mark:.0}").replace('-', "−");
        text(&mut svg, (LEFT[0] - 6.0, height(mark) + 5.0), "end", &words);
    }
    let size = (WIDTH, (TOP + HEIGHT) as u32 + 38);
    document(
        "ch14-memory",
        size,
        "A memory, step by step",
        &description(&runs, marked, &said),
        &svg,
    )
}

/// Two units that the first digit sends different ways: below zero after the one and above it after the other, and the
/// reverse.
fn marked([three, seven]: &[Vec<Step>; 2]) -> [usize; 2] {
    let last = |steps: &[Step], unit: usize| steps[DIGITS - 1].state.c[unit];
    let clearest = |sign: f64| {
        let apart = |unit: &usize| (-sign * last(three, *unit)).min(sign * last(seven, *unit));
        let units = 0..three[0].state.c.len();
        units.max_by(|a, b| apart(a).total_cmp(&apart(b))).unwrap_or(0)
    };
    [clearest(1.0), clearest(-1.0)]
}

/// Where a cell state stands.
fn height(value: f64) -> f64 {
    TOP + HEIGHT * (0.5 - 0.5 * value / LIMIT)
}

/// A digit at every step.
fn row(svg: &mut String, (left, y): (f64, f64), digits: &[String]) {
    for (t, digit) in (1..).zip(digits) {
        text(svg, (left + COLUMN * f64::from(t), y), "middle", digit);
    }
}

/// A line for each unit, from zero on; the marked ones last, so that no other crosses over them.
fn curves(svg: &mut String, left: f64, steps: &[Step], marked: [usize; 2]) {
    let path = |unit: usize| {
        let mut path = format!("M{left:.1} {:.1}L", height(0.0));
        for (t, step) in (1..).zip(steps) {
            let (x, y) = (left + COLUMN * f64::from(t), height(step.state.c[unit]));
            let _ = write!(path, "{x:.1} {y:.1} ");
        }
        path.trim_end().to_owned()
    };
    let others = (0..steps[0].state.c.len()).filter(|unit| !marked.contains(unit));
    let faint: String = others.map(path).collect();
    let colour = Colour::Cell.css();
    let _ = writeln!(svg, "<path d=\"{faint}\" fill=\"none\" stroke=\"{colour}\"/>");
    for ((unit, name), dashes) in marked.into_iter().zip(["a", "b"]).zip(DASHES) {
        let ink = Colour::Ink.css();
        let _ = writeln!(
            svg,
            "<path d=\"{}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"2.5\" stroke-dasharray=\"{dashes}\"/>",
            path(unit)
        );
        let end = (left + COLUMN * DIGITS as f64 + 4.0, height(steps[DIGITS - 1].state.c[unit]));
        text(
            svg,
            (end.0, end.1 + 5.0),
            "start",
            &format!("<tspan font-style=\"italic\">{name}</tspan>"),
        );
    }
}

fn description(runs: &[Vec<Step>; 2], marked: [usize; 2], said: &[Vec<String>; 2]) -> String {
    let c = |run: usize, t: usize, unit: usize| runs[run][t - 1].state.c[unit];
    let away = |run: usize| {
        let units = 0..runs[run][0].state.c.len();
        units.filter(|&unit| c(run, DIGITS, unit).abs() > 2.0 * c(run, 5, unit).abs()).count()
    };
    format!(
        "Two panels. A network reads fifteen digits, on the left beginning with 3, on the right with 7, and then the same \
         fourteen. Each panel has a line for each of its 32 cell states; all start at 0 and spread like a fan, up and down, \
         nearly straight. From the fifth digit to the last {} of the 32 more than double on the left and {} on the right. \
         The line a ends at {:.1} on the left and {:.1} on the right, the line b at {:.1} and {:.1}. Below each digit stands \
         the answer that the network would give there: {} on the left, {} on the right.",
        away(0),
        away(1),
        c(0, DIGITS, marked[0]),
        c(1, DIGITS, marked[0]),
        c(0, DIGITS, marked[1]),
        c(1, DIGITS, marked[1]),
        said[0].join(" "),
        said[1].join(" "),
    )
}
