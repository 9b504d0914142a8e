//! The figures of chapter 13.

use loss_and_optimiser::{By, cross_entropy, cross_entropy_backward, downhill};
use nalgebra::DVector;

use super::plot::{Axes, Curve, Plot, decimal, plain};
use super::{Colour, Figure};

pub(super) const FIGURES: &[Figure] =
    &[Figure { name: "ch13-loss", draw: loss }, Figure { name: "ch13-valley", draw: valley }];

/// A dash for each curve in turn, in the plot's own units, so that they differ by more than their colour.
const DASHES: [&str; 3] = ["", " stroke-dasharray=\"40 20\"", " stroke-dasharray=\"8 18\""];

/// Dashes the curves of a plot, which are its widest lines, one after the other.
fn dashed(svg: &str) -> String {
    const CURVE: &str = "stroke-width=\"12\"";
    let mut parts = svg.split(CURVE);
    let mut result = parts.next().unwrap_or_default().to_owned();
    for (part, dash) in parts.zip(DASHES.iter().cycle()) {
        result += &format!("{CURVE}{dash}{part}");
    }
    result
}

/// The loss and the size of its push, over the right digit's score among nine of 0.
fn loss() -> String {
    let logits = |score: f64| {
        let mut logits = DVector::zeros(10);
        logits[3] = score;
        logits
    };
    let curve = |label: &str, colour, label_at, value: &dyn Fn(f64) -> f64| {
        let scores = (-24..=32).map(|quarter| f64::from(quarter) / 4.0);
        let points = scores.map(|score| (score, value(score))).collect();
        Curve { label: label.to_owned(), colour, points, label_at }
    };
    let curves = [
        curve("loss L", Colour::Forget, 8, &|score| cross_entropy(&logits(score), 3)),
        curve("1 − p", Colour::Candidate, 22, &|score| {
            -cross_entropy_backward(&logits(score), 3)[3]
        }),
    ];
    let plot = Plot {
        name: "ch13-loss",
        title: "The loss and its slope, over the score of the right digit",
        description: "Over the right digit's score, from minus 6 to 8, two falling curves. The loss, a solid line, comes down \
                      from about 8 in nearly a straight line, is 2.3 at a score of 0, bends, and is almost 0 from 6 on. The \
                      size of its slope, one minus the probability, a dashed line, stays near 1 while the loss is straight, is \
                      0.9 at a score of 0, and falls to 0 along with the loss.",
        x: ("score of the right digit, the other nine at 0", 8.0),
        y: ("L, and the size of its slope", 9.0),
        curves: &curves,
    };
    dashed(&plot.draw_on(&Axes {
        x: -6.0..8.0,
        y: 0.0..9.0,
        labels: (plain, plain),
        marks: (8, 9),
    }))
}

/// Three paths down the valley, and which is whose.
fn valley() -> String {
    let runs = [
        ("descent", Colour::Hidden, By::Sgd(0.018)),
        ("momentum", Colour::Output, By::Momentum(0.018)),
        ("Adam", Colour::Forget, By::Adam(0.3)),
    ];
    let path = |(_, colour, by): (&str, Colour, By)| {
        let points = downhill(by, 0.0, 40).into_iter().map(|[a, b]| (a, b)).collect();
        Curve { label: String::new(), colour, points, label_at: 0 }
    };
    let legend = |(row, (name, colour, _)): (usize, (&str, Colour, By))| {
        let height = 1.62 - 0.2 * row as f64;
        let points = vec![(-0.75, height), (-0.6, height)];
        Curve { label: name.to_owned(), colour, points, label_at: 1 }
    };
    let curves: Vec<Curve> =
        runs.into_iter().map(path).chain(runs.into_iter().enumerate().map(legend)).collect();
    let plot = Plot {
        name: "ch13-valley",
        title: "Three ways down a long valley",
        description: "Three paths from the point (1, 1) in a plane whose loss falls towards (0, 0), a hundred times as steeply \
                      up and down as to the left. Descent, a solid line, jumps up and down across the valley in a zigzag that \
                      shrinks quickly, and then creeps to the left; it gets half the way. Momentum, a dashed line, swings up \
                      and down more widely, and gets past the lowest point and back. Adam, a dotted line, goes straight along \
                      the diagonal, runs past the lowest point, and comes back on the same line.",
        x: ("a, the flat direction", 1.2),
        y: ("b, the steep direction", 1.9),
        curves: &curves,
    };
    dashed(&plot.draw_on(&Axes {
        x: -0.8..1.2,
        y: -1.5..1.9,
        labels: (decimal, decimal),
        marks: (10, 6),
    }))
}
