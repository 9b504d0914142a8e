//! The figures of chapter 2.

use nalgebra::DVector;
use rnn::{Rnn, example, latch, one_hot};

use super::cell::{Drawing, symbol};
use super::plot::{Curve, Plot};
use super::{Colour, Figure, WIDTH, document};

pub(super) const FIGURES: &[Figure] =
    &[Figure { name: "ch02-loop", draw: folded }, Figure { name: "ch02-echo", draw: echo }];

/// The figure's size.
const SIZE: (u32, u32) = (WIDTH, 400);
/// The line on which the steps stand.
const STEP_Y: i32 = 270;
/// The line on which the folded network stands.
const FOLDED_Y: i32 = 80;
/// Where the unrolled steps stand, from x_1 to x_5.
const STEPS: [i32; 5] = [84, 176, 268, 360, 452];

/// The network with its loop, and the same unrolled over five steps.
fn folded() -> String {
    let mut d = Drawing::default();
    let (x, loop_y) = (150, FOLDED_Y - 58);
    d.arrow((x, FOLDED_Y + 85), (x, FOLDED_Y + 22), true, Colour::Ink);
    d.label((x, FOLDED_Y + 107), "middle", &symbol("x", "t"), true, Colour::Ink);
    d.arrow((x + 32, FOLDED_Y), (x + 82, FOLDED_Y), true, Colour::Hidden);
    d.label((x + 90, FOLDED_Y + 5), "start", &symbol("y", "t"), true, Colour::Ink);
    let (left, right) = (x - 60, x + 52);
    d.line(
        &format!(
            "M{right} {FOLDED_Y}L{right} {loop_y}L{left} {loop_y}L{left} {FOLDED_Y}L{} {FOLDED_Y}",
            x - 40
        ),
        true,
        Colour::Hidden,
    );
    d.arrow((x - 42, FOLDED_Y), (x - 32, FOLDED_Y), true, Colour::Hidden);
    d.label((x + 60, FOLDED_Y - 14), "start", &symbol("h", "t"), true, Colour::Hidden);
    d.gate((x, FOLDED_Y), "tanh", true, Colour::Hidden);
    d.label((284, FOLDED_Y + 6), "middle", "=", true, Colour::Ink);
    unrolled(&mut d);
    document(
        "ch02-loop",
        SIZE,
        "A recurrent network, folded and unrolled",
        "Above, a box marked tanh reads the input x from below. Its output, the hidden state h, \
         goes on to y and also loops back into the box. Below, the same box stands five times in \
         a row, once for each step: each reads its own input x from below and the hidden state of the \
         step to its left; the first reads h 0, and h 5 goes on to y 5.",
        &d.svg,
    )
}

/// Five steps in a row, from h_0 to y_5.
fn unrolled(d: &mut Drawing) {
    let lit = true;
    let first = STEPS[0];
    d.label((first - 54, STEP_Y + 5), "end", &symbol("h", "0"), lit, Colour::Hidden);
    d.arrow((first - 50, STEP_Y), (first - 32, STEP_Y), lit, Colour::Hidden);
    for (n, x) in (1..).zip(STEPS) {
        let number = n.to_string();
        d.arrow((x, STEP_Y + 85), (x, STEP_Y + 22), lit, Colour::Ink);
        d.label((x, STEP_Y + 107), "middle", &symbol("x", &number), lit, Colour::Ink);
        d.arrow((x + 32, STEP_Y), (x + 60, STEP_Y), lit, Colour::Hidden);
        d.label((x + 45, STEP_Y - 14), "middle", &symbol("h", &number), lit, Colour::Hidden);
        d.gate((x, STEP_Y), "tanh", lit, Colour::Hidden);
    }
    d.label((STEPS[4] + 66, STEP_Y + 5), "start", &symbol("y", "5"), lit, Colour::Ink);
}

/// How far apart two runs are that differ in their first digit.
fn echo() -> String {
    let distances = |rnn: &Rnn| -> Vec<(f64, f64)> {
        let run = |first| {
            let digits = [first].into_iter().chain([0, 3, 6, 9].into_iter().cycle()).take(15);
            let xs: Vec<DVector<f64>> = digits.map(one_hot).collect();
            rnn.unroll(&DVector::zeros(rnn.b.len()), &xs)
        };
        let apart = run(7).into_iter().zip(run(2)).map(|(a, b)| (a - b).norm());
        (1..).map(f64::from).zip(apart).collect()
    };
    let mut weak = latch(7);
    weak.w[(0, 0)] = 0.5;
    let curves = [
        ("latch", Colour::Hidden, latch(7), 9),
        ("listener", Colour::Ink, example().0, 0),
        ("weak latch", Colour::Hidden, weak, 1),
    ]
    .map(|(label, colour, rnn, label_at)| Curve {
        label: label.to_owned(),
        colour,
        points: distances(&rnn),
        label_at,
    });
    let after = |curve: usize, t: usize| curves[curve].points[t - 1].1;
    let description = format!(
        "The distance between the hidden states of two runs over fifteen steps. For the latch, a single unit that reads its own \
         last state with a weight of 3, it stays at {:.2}. For the same unit with a weight of 0.5 it falls to {:.2} after five \
         steps, and for the listener, which has two units, from {:.1} to {:.2}.",
        after(0, 15),
        after(2, 5),
        after(1, 1),
        after(1, 5),
    );
    Plot {
        name: "ch02-echo",
        title: "Two runs that differ in their first digit",
        description: &description,
        x: ("step t", 15.0),
        y: ("distance of the two states", 1.4),
        curves: &curves,
    }
    .draw()
}
