//! The figures of chapter 7.

use cell_state::update;
use nalgebra::DVector;

use super::cell::{self, Lit};
use super::plot::{Curve, Plot};
use super::{Colour, Figure};

pub(super) const FIGURES: &[Figure] = &[
    Figure { name: "ch07-cell-state", draw: cell },
    Figure { name: "ch07-highway", draw: highway },
    Figure { name: "ch07-growth", draw: growth },
];

/// The cell with all that makes C_t lit.
fn cell() -> String {
    cell::draw(
        "ch07-cell-state",
        "The cell state's update in the LSTM cell",
        "A line carries the cell state from left to right. On its way it is multiplied by the forget \
         gate f, which leaves the kept memory K; then N, the product of the input gate i and the \
         candidate, is added to it from below, and the sum leaves on the right as the new cell \
         state. Only the output gate is still faint and dashed.",
        Lit { forget: true, input: true, ..Lit::default() },
    )
}

/// The way of the cell state through three steps, and of its adjoint back.
fn highway() -> String {
    cell::draw_highway(
        "ch07-highway",
        "Three steps of the cell state, forward and back",
        "Above, a line from C0 over C1 and C2 to C3. Each step multiplies it by the forget gate f and \
         adds N. Below, a line runs back from the adjoint of C3 to the adjoint of C0. Each step \
         multiplies it by the same forget gate; nothing is added.",
    )
}

/// The cell state when every step writes one half, for three forget gates.
fn growth() -> String {
    let curves: Vec<Curve> = [("f = 1", 1.0), ("f = 0.99", 0.99), ("f = 0.9", 0.9)]
        .into_iter()
        .map(|(label, f)| {
            let (f, i) = (DVector::from_element(1, f), DVector::from_element(1, 1.0));
            let candidate = DVector::from_element(1, 0.5);
            let mut c = DVector::zeros(1);
            let mut points = vec![(0.0, 0.0)];
            for step in 1..=100 {
                c = update(&f, &c, &i, &candidate);
                points.push((f64::from(step), c[0]));
            }
            Curve { label: label.to_owned(), colour: Colour::Cell, points, label_at: 100 }
        })
        .collect();
    Plot {
        name: "ch07-growth",
        title: "The cell state when every step writes one half",
        description: "Three curves over a hundred steps, all starting at 0. With f = 1 the cell \
                      state climbs in a straight line to 50. With f = 0.99 it bends and reaches 32. \
                      With f = 0.9 it levels off at 5 within thirty steps.",
        x: ("steps", 100.0),
        y: ("cell state", 60.0),
        curves: &curves,
    }
    .draw()
}
