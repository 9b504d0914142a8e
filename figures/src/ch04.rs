//! The figures of chapter 4.

use std::fmt::Write as _;
use std::path::Path;

use press::project::Output;
use through_time::{fading, median};

use super::cell::{Drawing, symbol};
use super::plot::{Curve, Plot, power_of_ten};
use super::{Colour, Figure, WIDTH, document};

pub(super) const FIGURES: &[Figure] = &[
    Figure { name: "ch04-backward", draw: backward },
    Figure { name: "ch04-fading", draw: lags },
    Figure { name: "ch04-lengths", draw: lengths },
];

/// The line on which the steps stand.
const STEP_Y: i32 = 150;
/// The line on which the weights' gradient is summed.
const SUM_Y: i32 = 40;
/// Where the slopes of the steps t = 1, 2, 3 stand.
const SLOPES: [i32; 3] = [145, 297, 449];
/// How far to the left of its slope a step's matrix stands.
const MATRIX: i32 = 66;

/// A symbol under a bar, which begins at `x`: a bar of the font would strike an ascender through.
fn barred(d: &mut Drawing, (x, y): (i32, i32), base: &str, subscript: &str) {
    let (width, height) = match base {
        "W" => (16, 15),
        "h" | "b" => (9, 16),
        _ => (9, 12),
    };
    d.label((x, y), "start", &symbol(base, subscript), true, Colour::Ink);
    let (left, right, top) = (x + 1, x + width, y - height);
    let ink = Colour::Ink.css();
    d.svg += &format!(
        "<path d=\"M{left} {top}L{right} {top}\" stroke=\"{ink}\" stroke-width=\"1.3\"/>\n"
    );
}

/// W_hh, transposed, in a box.
fn matrix(d: &mut Drawing, (x, y): (i32, i32)) {
    let (paper, ink) = (Colour::Paper.css(), Colour::Ink.css());
    d.svg += &format!(
        "<rect x=\"{}\" y=\"{}\" width=\"48\" height=\"44\" fill=\"{paper}\" stroke=\"{ink}\" stroke-width=\"3\"/>\n",
        x - 24,
        y - 22
    );
    let raised = "<tspan dx=\"-12\" dy=\"-13\" font-size=\"12\">⊤</tspan>";
    d.label((x - 15, y + 6), "start", &(symbol("W", "hh") + raised), true, Colour::Ink);
}

/// Three steps of an unrolled network with every arrow turned round.
fn backward() -> String {
    let mut d = Drawing::default();
    let last = SLOPES[2];
    d.arrow((last + 58, STEP_Y), (last + 32, STEP_Y), true, Colour::Hidden);
    barred(&mut d, (last + 63, STEP_Y + 5), "y", "3");
    for (n, x) in (1..).zip(SLOPES) {
        let number = n.to_string();
        d.arrow((x, STEP_Y + 22), (x, STEP_Y + 85), true, Colour::Ink);
        barred(&mut d, (x - 8, STEP_Y + 107), "x", &number);
        d.line(&format!("M{} {STEP_Y}L{} {STEP_Y}", x - 32, x - MATRIX), true, Colour::Hidden);
        d.arrow((x - MATRIX - 24, STEP_Y), (x - 120, STEP_Y), true, Colour::Hidden);
        barred(&mut d, (x + 36, STEP_Y - 14), "h", &number);
        d.gate((x, STEP_Y), "tanh′", true, Colour::Hidden);
        matrix(&mut d, (x - MATRIX, STEP_Y));
        if n < 3 {
            d.arrow((x + 137, SUM_Y), (x + 15, SUM_Y), true, Colour::Ink);
            d.arrow((x, STEP_Y - 22), (x, SUM_Y + 15), true, Colour::Ink);
            d.operation((x, SUM_Y), "+", true, Colour::Ink);
        }
    }
    let (first, before_last) = (SLOPES[0], SLOPES[1] + 137);
    barred(&mut d, (first - 142, STEP_Y + 5), "h", "0");
    let corner = format!("M{last} {}L{last} {SUM_Y}L{before_last} {SUM_Y}", STEP_Y - 22);
    d.line(&corner, true, Colour::Ink);
    d.arrow((first - 15, SUM_Y), (first - 70, SUM_Y), true, Colour::Ink);
    barred(&mut d, (first - 126, SUM_Y + 5), "W", "h");
    d.label((first - 101, SUM_Y + 5), "start", ",", true, Colour::Ink);
    barred(&mut d, (first - 93, SUM_Y + 5), "b", "h");
    document(
        "ch04-backward",
        (WIDTH, 280),
        "The unrolled network, backward",
        "Three steps with every arrow turned round. The adjoint of y 3 enters from the right. In each step the adjoint \
         of the hidden state meets first a box with the slope of tanh and then a box with W h h, transposed, and runs on \
         to the left as the adjoint of the state before, down to that of h 0. Behind the slope an arrow leads down to the \
         adjoint of the input, and another up to a row of sums, which ends in the gradients of the one W h and the one b h.",
        &d.svg,
    )
}

/// How the adjoint of the hidden state fades or grows, on a logarithmic axis.
fn lags() -> String {
    let lowest = -10.0;
    let curves: Vec<Curve> = [(0.5, 14), (0.9, 50), (1.1, 50), (1.5, 50), (2.0, 50)]
        .into_iter()
        .map(|(radius, label_at)| {
            let runs: Vec<Vec<f64>> = (1..=9).map(|seed| fading(radius, 0.5, seed)).collect();
            let middle = |lag: usize| median(runs.iter().map(|run| run[lag])).log10();
            let points = (0..=50).map(|lag| (lag as f64, middle(lag)));
            let points = points.take_while(|(_, y)| *y >= lowest).collect();
            Curve { label: format!("ρ = {radius:.1}"), colour: Colour::Hidden, points, label_at }
        })
        .collect();
    let last = |k: usize| 10_f64.powf(curves[k].end());
    let description = format!(
        "Five curves on a logarithmic axis, over fifty steps into the past, all starting at 1. For a spectral radius of \
         0.5 the curve falls in a straight line and leaves the picture, at ten to the minus ten, after {} steps; for 0.9 \
         it ends at {:.5}, for 1.1 at {:.3}, for 1.5 at {:.2}; for 2 it rises to {:.0}.",
        curves[0].points.len() - 1,
        last(1),
        last(2),
        last(3),
        last(4)
    );
    Plot {
        name: "ch04-fading",
        title: "The adjoint of the hidden state on its way into the past",
        description: &description,
        x: ("k", 50.0),
        y: ("‖∂L/∂h‖", 4.0),
        curves: &curves,
    }
    .draw_log(lowest)
}

/// The lengths of the record.
const LENGTHS: [u32; 7] = [1, 2, 3, 5, 8, 12, 20];

/// The middle of a length's column.
fn column(at: usize) -> f64 {
    95.0 + 68.0 * at as f64
}

/// What the plain network learns over the number of digits that it reads, and what is left of the message.
fn lengths() -> String {
    let file = Path::new("listings/ch04-through-time/records/lengths.txt");
    let text = include_str!("../../listings/ch04-through-time/records/lengths.txt");
    // Another test says what is wrong with a record that cannot be read; here its dots would be missing.
    let record = Output::parse(file, text).unwrap_or_default();
    let number = |row: &str, seed: u32| -> f64 {
        let number = record.numbers.get(&format!("{row}.s{seed}"));
        number.and_then(|number| number.text.parse().ok()).unwrap_or(f64::NAN)
    };
    let (right, left) =
        (|percent: f64| 190.0 - 1.55 * percent, |share: f64| 230.0 - 25.0 * share.log10());
    let mut svg = axes(
        &[0.0, 50.0, 100.0].map(right),
        &[0.0, -2.0, -4.0, -6.0, -8.0].map(|p| 230.0 - 25.0 * p),
    );
    let (mut lines, mut dots, mut squares) = (String::new(), String::new(), String::new());
    for (at, digits) in LENGTHS.into_iter().enumerate() {
        for (start, shift) in [("drawn", -29.0), ("orthogonal", -1.0)] {
            for seed in 1..=5 {
                let (x, row) =
                    (column(at) + shift + 5.0 * f64::from(seed), format!("{start}-{digits}"));
                let before = left(number(&format!("{row}-before"), seed));
                let after = left(number(&format!("{row}-after"), seed));
                let _ = write!(lines, "M{x} {before:.1}V{after:.1}");
                let marks = if start == "drawn" { &mut dots } else { &mut squares };
                *marks += &mark((x, right(number(&row, seed))), start);
                *marks += &mark((x, before), start);
            }
        }
    }
    for (start, name, y) in [("drawn", "as drawn", 52.0), ("orthogonal", "orthogonal", 74.0)] {
        *(if start == "drawn" { &mut dots } else { &mut squares }) += &mark((350.0, y), start);
        svg += &said((360.0, y + 5.0), "start", name);
    }
    let (ink, paper, blue) = (Colour::Ink.css(), Colour::Paper.css(), Colour::Hidden.css());
    let _ = write!(
        svg,
        "<path d=\"{lines}\" stroke=\"{ink}\"/>\n\
         <path d=\"{dots}\" stroke=\"{blue}\" stroke-width=\"6.4\" stroke-linecap=\"round\"/>\n\
         <path d=\"{squares}\" fill=\"{paper}\" stroke=\"{ink}\"/>\n"
    );
    document(
        "ch04-lengths",
        (WIDTH, 496),
        "What a plain network learns of the first digit, and what is left of the message",
        &description(number),
        &svg,
    )
}

/// The lines and the numbers of both axes.
fn axes(right: &[f64], left: &[f64]) -> String {
    let (ink, faint) = (Colour::Ink.css(), Colour::Faint.css());
    let mut svg = String::new();
    let names = ["0 %", "50 %", "100 %"].map(str::to_owned).into_iter();
    let powers = [0.0, -2.0, -4.0, -6.0, -8.0].map(power_of_ten);
    for (y, name) in right.iter().chain(left).zip(names.chain(powers)) {
        let _ =
            writeln!(svg, "<path d=\"M60 {y}L536 {y}\" stroke=\"{faint}\" stroke-width=\"0.5\"/>");
        svg += &said((54.0, y + 5.0), "end", &name);
    }
    let floor = right[0] - 15.5;
    let dots = "stroke-width=\"2\" stroke-dasharray=\"2 5\"";
    let _ = writeln!(svg, "<path d=\"M60 {floor}L536 {floor}\" stroke=\"{ink}\" {dots}/>");
    for (at, digits) in LENGTHS.into_iter().enumerate() {
        svg += &said((column(at), 454.0), "middle", &digits.to_string());
    }
    svg + &said((299.0, 482.0), "middle", "digits read")
}

/// A word or a number.
fn said((x, y): (f64, f64), anchor: &str, words: &str) -> String {
    let ink = Colour::Ink.css();
    format!(
        "<text x=\"{x}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" font-size=\"15\" fill=\"{ink}\">{words}</text>\n"
    )
}

/// A network that started as drawn is a dot (a line of no length with round ends), one that started orthogonal a square.
fn mark((x, y): (f64, f64), start: &str) -> String {
    if start == "drawn" {
        format!("M{x} {y:.1}h.01")
    } else {
        format!("M{} {:.1}h5v5h-5z", x - 2.5, y - 2.5)
    }
}

/// What [`lengths`] shows, in words; `number` is that of a row for a seed.
fn description(number: impl Fn(&str, u32) -> f64) -> String {
    let of = |row: &str| (1..=5).map(|seed| number(row, seed)).collect::<Vec<_>>();
    let least = |row: &str| of(row).into_iter().fold(f64::INFINITY, f64::min);
    let most = |row: &str| of(row).into_iter().fold(0.0, f64::max);
    format!(
        "Two panels over the number of digits that are read: 1, 2, 3, 5, 8, 12 and 20. Everywhere five dots stand for the five seeds \
         of networks as drawn, and five squares for those that began orthogonal. Above, right answers in percent. Up to five digits \
         none is below {:.0}. At eight the squares are up there too, and four of the dots, and one dot is at {:.0}. At twelve the squares are at \
         {:.0} and the dots on a dotted line, that of guessing; at twenty the dots are on it too, and the squares between {:.0} and \
         {:.0}. Below, on a logarithmic axis, the share of the message that is left at the first digit. The dots fall steeply, the \
         squares little: at twenty digits they lie between {:.2} and {:.2}. From each a line \
         leads to the share after training: up for all of them at two, three and five digits, and down at twenty.",
        least("drawn-5").min(least("orthogonal-5")),
        least("drawn-8"),
        least("orthogonal-12"),
        least("orthogonal-20"),
        most("orthogonal-20"),
        least("orthogonal-20-before"),
        most("orthogonal-20-before"),
    )
}
