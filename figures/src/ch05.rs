//! The figures of chapter 5.

use forget_gate::keep;
use gradient_check::sigmoid;
use nalgebra::DVector;

use super::cell::{self, Lit};
use super::plot::{Curve, Plot};
use super::{Colour, Figure};

pub(super) const FIGURES: &[Figure] = &[
    Figure { name: "ch05-forget-gate", draw: cell },
    Figure { name: "ch05-fading", draw: fading },
];

/// The cell with its forget gate lit.
fn cell() -> String {
    cell::draw(
        "ch05-forget-gate",
        "The forget gate in the LSTM cell",
        "A line carries the cell state from left to right. The old hidden state and the new input, \
         stacked, enter a box marked sigma from below; its output f multiplies the old cell state \
         entry by entry, and the product K runs on. The rest of the cell, which later chapters add, \
         is drawn faint and dashed.",
        Lit { forget: true, ..Lit::default() },
    )
}

/// What is left of a memory, step after step, for gates held at several pre-activations.
fn fading() -> String {
    let curves: Vec<Curve> = [(0.0, 2), (2.0, 7), (4.0, 30), (6.0, 30)]
        .into_iter()
        .map(|(z, label_at)| {
            let f = DVector::from_element(1, sigmoid(z));
            let mut memory = DVector::from_element(1, 1.0);
            let mut points = vec![(0.0, 1.0)];
            for step in 1..=30 {
                memory = keep(&f, &memory);
                points.push((f64::from(step), memory[0]));
            }
            Curve { label: format!("z = {z:.0}"), colour: Colour::Forget, points, label_at }
        })
        .collect();
    let description = format!(
        "Four falling curves over thirty steps, all starting at 1. The larger the pre-activation z, the slower the fall: \
         for z = 6 it ends at {:.2}, for z = 4 at {:.2}, for z = 2 at {:.2}; for z = 0 {:.2} are left after five steps.",
        curves[3].end(),
        curves[2].end(),
        curves[1].end(),
        curves[0].at(5.0)
    );
    Plot {
        name: "ch05-fading",
        title: "What a gate leaves of a memory over thirty steps",
        description: &description,
        x: ("steps", 30.0),
        y: ("fraction of the memory left", 1.0),
        curves: &curves,
    }
    .draw()
}
