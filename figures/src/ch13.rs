//! The figures of chapter 13.

use loss_and_optimiser::{By, cross_entropy, cross_entropy_backward, downhill};
use nalgebra::DVector;

use super::plot::{Axes, Curve, Plot, decimal, plain};
use super::{Colour, Figure};

pub(super) const FIGURES: &[Figure] =
    &[Figure { name: "ch13-loss", draw: loss }, Figure { name: "ch13-valley", draw: valley }];

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
        curve("1 − p", Colour::Candidate, 6, &|score| {
            -cross_entropy_backward(&logits(score), 3)[3]
        }),
    ];
    let at = |curve: &Curve, score: f64| {
        let point = curve.points.iter().find(|(x, _)| *x == score);
        point.map_or(f64::NAN, |(_, value)| *value)
    };
    let description = format!(
        "Over the right digit's score, from minus 6 to 8, two falling curves. The loss, a solid line, comes down \
         from about {:.0} in nearly a straight line, is {:.1} at a score of 0, bends, and is almost 0 from 6 on. The \
         size of its slope, one minus the probability, a dashed line, stays near 1 while the loss is straight, is \
         {:.1} at a score of 0, and falls to 0 along with the loss.",
        at(&curves[0], -6.0),
        at(&curves[0], 0.0),
        at(&curves[1], 0.0)
    );
    let plot = Plot {
        name: "ch13-loss",
        title: "The loss and its slope, over the score of the right digit",
        description: &description,
        x: ("score of the right digit, the other nine at 0", 8.0),
        y: ("L, and the size of its slope", 9.0),
        curves: &curves,
    };
    plot.draw_on(&Axes { x: -6.0..8.0, y: 0.0..9.0, labels: (plain, plain), marks: (8, 9) })
}

/// Three paths down the valley.
fn valley() -> String {
    let runs = [
        ("descent", Colour::Hidden, By::Sgd(0.018), (1.0, -0.15)),
        ("momentum", Colour::Output, By::Momentum(0.018), (0.97, -1.1)),
        ("Adam", Colour::Forget, By::Adam(0.3), (-0.6, -0.85)),
    ];
    let named =
        |label: &str, colour, points| Curve { label: label.into(), colour, points, label_at: 0 };
    let path = |by| downhill(by, 0.0, 40).into_iter().map(|[a, b]| (a, b)).collect();
    // The names stand where no path is.
    let paths = runs.iter().map(|&(_, colour, by, _)| named("", colour, path(by)));
    let names = runs.iter().map(|&(name, colour, _, place)| named(name, colour, vec![place]));
    let curves: Vec<Curve> = paths.chain(names).collect();
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
    plot.draw_on(&Axes { x: -0.8..1.2, y: -1.5..1.9, labels: (decimal, decimal), marks: (10, 6) })
}
