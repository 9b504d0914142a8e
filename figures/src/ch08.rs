//! The figures of chapter 8.

use output_gate::keep_a_secret;

use super::cell::{self, Lit};
use super::plot::{Axes, Curve, Plot, decimal, plain};
use super::{Colour, Figure};

pub(super) const FIGURES: &[Figure] = &[
    Figure { name: "ch08-whole-cell", draw: whole_cell },
    Figure { name: "ch08-secret", draw: secret },
];

/// Everything lit.
fn whole_cell() -> String {
    cell::draw(
        "ch08-whole-cell",
        "The whole LSTM cell",
        "The complete cell, nothing faint any more. Along the upper line the cell state is multiplied \
         by the forget gate f, then the product of the input gate i and the candidate is added. The \
         new cell state leaves on the right. A branch of it goes down through tanh and is multiplied \
         by the output gate o; the product leaves on the right as the new hidden state h. All three \
         gates and the candidate read the stacked old hidden state and input from below. No line \
         leads from the cell state into a gate.",
        Lit { forget: true, input: true, output: true },
    )
}

/// C and h of the cell that keeps a secret.
fn secret() -> String {
    let states = keep_a_secret();
    let curve = |label: &str, colour, values: Vec<f64>, label_at| {
        let zero = std::iter::once(0.0);
        let points = (0..=14).map(f64::from).zip(zero.chain(values)).collect();
        Curve { label: label.to_owned(), colour, points, label_at }
    };
    let curves = [
        curve("C", Colour::Cell, states.iter().map(|state| state.c[0]).collect(), 14),
        curve("h", Colour::Hidden, states.iter().map(|state| state.h[0]).collect(), 14),
    ];
    let at = |k: usize, step: f64| format!("{:.2}", curves[k].at(step)).replace('-', "−");
    let description = format!(
        "Two lines over fourteen steps. The cell state C rises from 0 to {} at step 3, stays there, and drops to {} at \
         step 12. The hidden state h stays at 0, but for two peaks of {} at step 9 and {} at step 11 and one of {} at \
         step 14.",
        at(0, 3.0),
        at(0, 12.0),
        at(1, 9.0),
        at(1, 11.0),
        at(1, 14.0)
    );
    let plot = Plot {
        name: "ch08-secret",
        title: "A value that is kept for six steps before it is shown",
        description: &description,
        x: ("step t", 14.0),
        y: ("C and h", 1.0),
        curves: &curves,
    };
    let (x, y) = (0.0..14.0, -1.0..1.0);
    plot.draw_on(&Axes { x, y, labels: (plain, decimal), marks: (8, 5) })
}
