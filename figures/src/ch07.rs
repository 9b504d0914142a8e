//! The figures of chapter 7.

use cell_state::update;
use gradient_check::sigmoid;
use nalgebra::DVector;

use super::cell::{self, Lit};
use super::plot::{Axes, Curve, Plot, decimal, plain};
use super::{Colour, Figure};

pub(super) const FIGURES: &[Figure] = &[
    Figure { name: "ch07-cell-state", draw: cell },
    Figure { name: "ch07-highway", draw: highway },
    Figure { name: "ch07-leak", draw: leak },
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
         adds N. Below, a line runs back from what the loss says of C3 to what arrives of it at C0. \
         Each step multiplies it by the same forget gate; nothing is added.",
    )
}

/// The cell state over `steps` steps that all keep f and write i · candidate.
fn run(start: f64, (f, i, candidate): (f64, f64, f64), steps: u32) -> Vec<(f64, f64)> {
    let [mut c, f, i, candidate] =
        [start, f, i, candidate].map(|value| DVector::from_element(1, value));
    let mut points = vec![(0.0, c[0])];
    for step in 1..=steps {
        c = update(&f, &c, &i, &candidate);
        points.push((f64::from(step), c[0]));
    }
    points
}

/// A 1 that is held against a candidate of −1, for three settings of the gates.
fn leak() -> String {
    let curves: Vec<Curve> = [(8.0, 400), (6.0, 430), (4.0, 150)]
        .into_iter()
        .map(|(z, label_at)| Curve {
            label: format!("z = {z}"),
            colour: Colour::Cell,
            points: run(1.0, (sigmoid(z), sigmoid(-z), -1.0), 1000),
            label_at,
        })
        .collect();
    let end = |k: usize| decimal(curves[k].end());
    let positive = |k: usize| curves[k].points.iter().take_while(|&&(_, c)| c >= 0.0).count();
    let description = format!(
        "Three curves over a thousand steps, all starting at 1. With the gates at 8 and −8 the cell \
         state sinks slowly, to {}. With 6 and −6 it is below 0 after {} steps and ends at {}. With 4 \
         and −4 it is below 0 after {} steps and ends at {}.",
        end(0),
        positive(1),
        end(1),
        positive(2),
        end(2)
    );
    let plot = Plot {
        name: "ch07-leak",
        title: "A 1 that is held against a candidate of −1",
        description: &description,
        x: ("steps", 1000.0),
        y: ("cell state", 1.0),
        curves: &curves,
    };
    let (x, y) = (0.0..1000.0, -1.0..1.0);
    plot.draw_on(&Axes { x, y, labels: (plain, decimal), marks: (5, 5) })
}

/// The cell state when every step writes one half, for three forget gates.
fn growth() -> String {
    let curves: Vec<Curve> = [("f = 1", 1.0), ("f = 0.99", 0.99), ("f = 0.9", 0.9)]
        .into_iter()
        .map(|(label, f)| Curve {
            label: label.to_owned(),
            colour: Colour::Cell,
            points: run(0.0, (f, 1.0, 0.5), 100),
            label_at: 100,
        })
        .collect();
    let description = format!(
        "Three curves over a hundred steps, all starting at 0. With f = 1 the cell state climbs in a straight line to \
         {:.0}. With f = 0.99 it bends and reaches {:.0}. With f = 0.9 it has bent to {:.1} after thirty steps, and \
         levels off at {:.0}.",
        curves[0].end(),
        curves[1].end(),
        curves[2].at(30.0),
        curves[2].end()
    );
    Plot {
        name: "ch07-growth",
        title: "The cell state when every step writes one half",
        description: &description,
        x: ("steps", 100.0),
        y: ("cell state", 60.0),
        curves: &curves,
    }
    .draw()
}
