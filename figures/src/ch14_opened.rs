//! The figures of chapter 14 that look into two trained networks. Both are files of the listing: what is drawn is a
//! forward pass, on every machine the same.

use std::fmt::Write;

use digits::{Sequence, Task, generator};
use nalgebra::DVector;
use next_digit::opened::{Readout, cell, mean_gate, read, read_all};
use next_digit::{Network, evaluate, from_bytes};
use output_gate::{State, Step};

use super::plot::{Axes, Curve, Plot, plain};
use super::{Colour, Figure, WIDTH, document};

pub(super) const FIGURES: &[Figure] = &[
    Figure { name: "ch14-asked", draw: asked },
    Figure { name: "ch14-gates", draw: gates },
    Figure { name: "ch14-looks", draw: looks },
];

/// One gate of a step.
type GateOf = fn(&Step) -> &DVector<f64>;

/// How many digits were read in training.
pub(super) const DIGITS: usize = 15;
/// What is read in the picture of the gates.
pub(super) const PI: [u8; DIGITS] = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9];
/// The names of the two networks.
const NAMES: [&str; 2] = ["as drawn", "bias 3"];

/// The two networks; none if a file could not be read, and then the figures' test shows the gap.
pub(super) fn networks() -> Vec<Network<f32>> {
    let files: [&[u8]; 2] = [
        include_bytes!("../../listings/ch14-next-digit-trainer/records/first-15.safetensors"),
        include_bytes!(
            "../../listings/ch14-next-digit-trainer/records/first-15-bias-3.safetensors"
        ),
    ];
    files.into_iter().filter_map(|bytes| Some(from_bytes(bytes).ok()?.network)).collect()
}

/// Questions to the two networks, of so many digits each.
fn questions(n: usize, digits: usize, stream: u64) -> Vec<Sequence> {
    let mut rng = generator(14);
    rng.set_stream(stream);
    Task::First.draw(n, digits + 1, &mut rng).unwrap_or_default()
}

/// Right answers over the number of digits that are read.
fn asked() -> String {
    let networks = networks();
    let curves: Vec<Curve> =
        (networks.iter().zip(NAMES).zip([(Colour::Ink, 16), (Colour::Forget, 24)]))
            .map(|((network, name), (colour, label_at))| {
                let points = (1..=30_u32).map(|n| {
                    let questions = questions(500, n as usize, u64::from(n));
                    (f64::from(n), 100.0 * evaluate(network, &questions).accuracy())
                });
                Curve { label: name.to_owned(), colour, points: points.collect(), label_at }
            })
            .collect();
    let at = |curve: usize, n: usize| curves.get(curve).map_or(0.0, |curve| curve.points[n - 1].1);
    let least =
        curves.get(1).map_or(0.0, |c| c.points[4..].iter().map(|p| p.1).fold(100.0, f64::min));
    let description = format!(
        "Over the number of digits that are read, from 1 to 30, the percentage of right answers of two networks that were \
         trained to read 15. The network whose forget gates began as drawn, a solid line, has {:.0} percent at 15 digits, \
         {:.0} at 14 and {:.0} at 16, {:.0} at 13 and {:.0} at 17, {:.0} at 10 and {:.0} at 20. The network that began with \
         a bias of 3, a dashed line, has {:.0} percent at one digit and never less than {least:.0} from 5 digits on. A dotted \
         line marks the 10 percent of guessing.",
        at(0, 15),
        at(0, 14),
        at(0, 16),
        at(0, 13),
        at(0, 17),
        at(0, 10),
        at(0, 20),
        at(1, 1),
    );
    let plot = Plot {
        name: "ch14-asked",
        title: "Asked earlier or later",
        description: &description,
        x: ("digits read before the answer", 30.0),
        y: ("right answers, percent", 110.0),
        curves: &curves,
    };
    let axes = Axes { x: 0.0..30.0, y: 0.0..110.0, labels: (plain, plain), marks: (7, 6) };
    plot.draw_on_above(&axes, Some(("guessing", 10.0)))
}

/// Two panels side by side, one for each network.
const LEFT: [f64; 2] = [58.0, 312.0];
const COLUMN: f64 = 14.0;

/// A row of bars from left to right, each as wide as its number, from 0 to 1, to half a unit of the picture. One
/// broken line draws all of them.
fn blocks(
    svg: &mut String,
    (x, y): (f64, f64),
    (width, height): (f64, f64),
    row: &[f64],
    colour: Colour,
) {
    let mut path = format!("M{x} {}", y + 0.5 * height);
    for value in row {
        let bar = (2.0 * width * value.clamp(0.0, 1.0)).round() / 2.0;
        let _ = write!(path, "h{bar}m{} 0", width - bar);
    }
    let (thick, ink) = (0.86 * height, colour.css());
    let _ = writeln!(svg, "<path d=\"{path}\" stroke=\"{ink}\" stroke-width=\"{thick:.1}\"/>");
}

pub(super) fn text(svg: &mut String, (x, y): (f64, f64), anchor: &str, words: &str) {
    let ink = Colour::Ink.css();
    let _ = writeln!(
        svg,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" font-size=\"15\" fill=\"{ink}\">{words}</text>"
    );
}

pub(super) fn frame(svg: &mut String, (x, y): (f64, f64), (width, height): (f64, f64)) {
    let faint = Colour::Faint.css();
    let _ = writeln!(
        svg,
        "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"none\" \
         stroke=\"{faint}\" stroke-width=\"0.7\"/>"
    );
}

/// The gates of all units at every step, while the digits of π are read.
fn gates() -> String {
    const TALL: f64 = 9.0;
    let mut svg = String::new();
    let mut told = Vec::new();
    let parts: [(&str, Colour, GateOf); 2] =
        [("f", Colour::Forget, |step| &step.f), ("i", Colour::Input, |step| &step.i)];
    let height = 32.0 * TALL;
    let top = |part: usize| 52.0 + (height + 16.0) * part as f64;
    for ((network, name), left) in networks().iter().zip(NAMES).zip(LEFT) {
        text(&mut svg, (left + COLUMN * 7.5, 18.0), "middle", name);
        for (t, digit) in PI.iter().enumerate() {
            text(&mut svg, (left + COLUMN * (t as f64 + 0.5), 42.0), "middle", &digit.to_string());
        }
        let clear = cell(network);
        let steps = read(&clear, &State::zeros(clear.hidden()), &PI);
        for (part, (_, colour, gate)) in parts.iter().enumerate() {
            let means = mean_gate(std::slice::from_ref(&steps), *gate);
            let mut units: Vec<usize> = (0..means.len()).collect();
            units.sort_by(|&a, &b| means[b].total_cmp(&means[a]));
            for (row, &unit) in units.iter().enumerate() {
                let values: Vec<f64> = steps.iter().map(|step| gate(step)[unit]).collect();
                let y = top(part) + TALL * row as f64;
                blocks(&mut svg, (left, y), (COLUMN, TALL), &values, *colour);
            }
            frame(&mut svg, (left, top(part)), (COLUMN * DIGITS as f64, height));
            told.push((
                means.iter().sum::<f64>() / means.len() as f64,
                means[units[0]],
                means[units[31]],
            ));
        }
    }
    for (part, (letter, _, _)) in parts.iter().enumerate() {
        let y = top(part) + height / 2.0;
        text(&mut svg, (34.0, y), "middle", &super::cell::symbol(letter, "t"));
    }
    told.resize(4, (0.0, 0.0, 0.0));
    let said = |k: usize| format!("{:.2} ({:.2} to {:.2})", told[k].0, told[k].1, told[k].2);
    let description = format!(
        "Two networks read the first fifteen digits of pi. For each there are two fields, of the forget and the \
         input gates, with a row for each of the 32 units and a column for each digit; a bar is as wide as its gate is \
         open. The units of each field are sorted. Mean over steps 2 to 15, with the most and the least open unit. As drawn: \
         forget {}, input {}. Bias 3: forget {}, input {}.",
        said(0),
        said(1),
        said(2),
        said(3),
    );
    let size = (WIDTH, (top(1) + height) as u32 + 10);
    document("ch14-gates", size, "The gates of two networks that remember", &description, &svg)
}

/// The steps below and beside a field, and what they are.
fn field_axes(svg: &mut String, left: f64) {
    for t in [1, 5, 10, 15] {
        let along = COLUMN * (f64::from(t) - 0.5);
        text(svg, (left + along, 30.0 + COLUMN * 15.0 + 18.0), "middle", &t.to_string());
        if left == LEFT[0] {
            text(svg, (left - 8.0, 30.0 + along + 5.0), "end", &t.to_string());
        }
    }
    text(svg, (left + COLUMN * 7.5, 30.0 + COLUMN * 15.0 + 38.0), "middle", "used at step");
}

/// What a linear look finds that was fitted at one step and is used at another.
fn looks() -> String {
    const N: usize = 400;
    let mut svg = String::new();
    let mut told = Vec::new();
    let (fitted, used) = (questions(N, DIGITS, 1000), questions(N, DIGITS, 1001));
    let firsts =
        |questions: &[Sequence]| questions.iter().map(|q| q.context[0]).collect::<Vec<_>>();
    let digits = [firsts(&fitted), firsts(&used)];
    for ((network, name), left) in networks().iter().zip(NAMES).zip(LEFT) {
        let clear = cell(network);
        let readings = [&fitted, &used].map(|questions| read_all(&clear, questions));
        let states = |which: usize, t: usize| -> Vec<&DVector<f64>> {
            readings[which].iter().map(|steps| &steps[t].state.c).collect()
        };
        text(&mut svg, (left + COLUMN * 7.5, 18.0), "middle", name);
        let mut rows = Vec::new();
        for fit in 0..DIGITS {
            let look = Readout::fit(&states(0, fit), &digits[0]);
            let share = |t| look.right(&states(1, t), &digits[1]) as f64 / N as f64;
            let row: Vec<f64> = (0..DIGITS).map(share).collect();
            let y = 30.0 + COLUMN * fit as f64;
            blocks(&mut svg, (left, y), (COLUMN, COLUMN), &row, Colour::Cell);
            rows.push(row);
        }
        frame(&mut svg, (left, 30.0), (COLUMN * 15.0, COLUMN * 15.0));
        field_axes(&mut svg, left);
        let own = (0..DIGITS).map(|t| rows[t][t]).fold(1.0, f64::min);
        told.push(
            [own, rows[7][6], rows[7][8], rows[7][5], rows[7][9], rows[7][14], rows[7][0]]
                .map(|x| 100.0 * x),
        );
    }
    let _ = writeln!(
        svg,
        "<text transform=\"translate(16 {:.1}) rotate(-90)\" text-anchor=\"middle\" font-size=\"15\" fill=\"{}\">fitted at step</text>",
        30.0 + COLUMN * 7.5,
        Colour::Ink.css()
    );
    told.resize(2, [0.0; 7]);
    let said = |k: usize| {
        let [own, before, after, two_before, two_after, last, first] = told[k];
        format!(
            "at its own step a look is right in at least {own:.0} percent; the one fitted at step 8 is right in {before:.0} and \
             {after:.0} percent one step before and after, {two_before:.0} and {two_after:.0} two steps, {first:.0} at step 1 and \
             {last:.0} at step 15"
        )
    };
    let description = format!(
        "Two square fields of blocks, fifteen by fifteen. A row is the step at which a linear look at the cell state was fitted \
         to find the first digit, a column the step at which it is used; a bar is as wide as the share it gets right. As \
         drawn, the blocks stand on the diagonal: {}. Bias 3, the field is nearly full: {}.",
        said(0),
        said(1)
    );
    let size = (WIDTH, (30.0 + COLUMN * 15.0) as u32 + 50);
    document("ch14-looks", size, "Where a stranger finds the digit", &description, &svg)
}
