//! The figures of chapter 6.

use gradient_check::sigmoid;
use input_gate::write;
use nalgebra::DVector;

use super::cell::{self, Lit};
use super::plot::{Curve, Plot};
use super::{Colour, Figure};

pub(super) const FIGURES: &[Figure] = &[
    Figure { name: "ch06-input-gate", draw: cell },
    Figure { name: "ch06-up-and-down", draw: up_and_down },
];

/// The cell with its forget gate, its input gate and its candidate lit.
fn cell() -> String {
    cell::draw_unsummed(
        "ch06-input-gate",
        "The input gate and the candidate in the LSTM cell",
        "To the forget gate of the last chapter come two boxes that read the same stacked vector: \
         the input gate, marked sigma, and the candidate, marked tanh, with cut corners. Their \
         outputs meet in a product, and the result N rises towards the line of the cell state. The \
         sum that joins it with the kept memory K, and the output gate, are faint and dashed.",
        Lit { forget: true, input: true, ..Lit::default() },
    )
}

/// What is written, added up over ten steps up and ten steps down.
fn up_and_down() -> String {
    let open = DVector::from_element(1, sigmoid(6.0));
    let added_up = |squash: fn(f64) -> f64| {
        let mut points = vec![(0.0, 0.0)];
        let mut sum = 0.0;
        for step in 1..=20 {
            let z = if step <= 10 { 2.0 } else { -2.0 };
            sum += write(&open, &DVector::from_element(1, squash(z)))[0];
            points.push((f64::from(step), sum));
        }
        points
    };
    let curve = |label: &str, squash, label_at| Curve {
        label: label.to_owned(),
        colour: Colour::Candidate,
        points: added_up(squash),
        label_at,
    };
    let curves = [curve("tanh", f64::tanh, 13), curve("σ", sigmoid, 15)];
    let description = format!(
        "Two curves over twenty steps. Both rise for ten steps, the one with tanh to {:.1}, the one with a sigmoid to \
         {:.1}. Then the first falls back, to {:.1}, and the second goes on rising, slowly, to {:.1}.",
        curves[0].at(10.0),
        curves[1].at(10.0),
        curves[0].end().abs(),
        curves[1].end()
    );
    Plot {
        name: "ch06-up-and-down",
        title: "Ten steps up, ten steps down, with tanh and with a sigmoid in the candidate",
        description: &description,
        x: ("steps", 20.0),
        y: ("written so far", 12.0),
        curves: &curves,
    }
    .draw()
}
