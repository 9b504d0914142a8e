//! The figure of chapter 10.

use bptt::{StepAdjoints, crossings, forward, squared_error, trace};
use five_steps::{Example, example};
use nalgebra::DVector;
use output_gate::State;

use super::grid::{Accent, Grid, Row, Symbol};
use super::{Colour, Figure};

pub(super) const FIGURES: &[Figure] =
    &[Figure { name: "ch10-five-steps", draw: five_steps_backward }];

/// Every adjoint of the worked example, in the places that the values have in chapter 9.
fn five_steps_backward() -> String {
    let Example { cell, output, xs, target } = example();
    let steps = forward(&cell, &State::zeros(2), &xs);
    let h_5 = &steps[4].state.h;
    let (_, y_bar) = squared_error(&output.forward(h_5), &target);
    let (_, h_5_bar) = output.backward(h_5, &y_bar);
    let none = DVector::zeros(2);
    let h_bars = [none.clone(), none.clone(), none.clone(), none.clone(), h_5_bar.clone()];
    let adjoints = trace(&cell, &steps, &h_bars, &none);
    let row = |letter, colour, limit, of: fn(&StepAdjoints) -> &DVector<f64>| Row {
        symbol: Symbol { letter, accents: vec![Accent::Bar] },
        colour,
        limit,
        signed: true,
        values: adjoints.iter().map(|at| of(at).as_slice().to_vec()).collect(),
    };
    let cell_only = Row {
        symbol: Symbol { letter: "C", accents: vec![Accent::Hat] },
        colour: Colour::Cell,
        limit: 0.5,
        signed: true,
        values: (0..5)
            .map(|t| crossings(&cell, &steps[t..], &h_5_bar)[0].as_slice().to_vec())
            .collect(),
    };
    Grid {
        name: "ch10-five-steps",
        title: "Five steps backward, every adjoint",
        description: "A table with a column for each of five steps, computed from right to left, and \
                      a row for each adjoint: of the hidden state, the output gate, the cell state, \
                      the part of that which came through the cell alone, and of the candidate, the \
                      input gate and the forget gate. Each of the two units has a number and a bar. \
                      The adjoint of the hidden state falls fast from step 5 to step 3. That of the \
                      cell state of unit 1 stays about the same through all steps, and from step 4 \
                      to step 1 about half of it came through the cell alone. The adjoint of \
                      the forget gate at step 1 is zero in both units.",
        rows: &[
            row("h", Colour::Hidden, 1.25, |at| &at.h),
            row("o", Colour::Output, 1.25, |at| &at.o),
            row("C", Colour::Cell, 0.5, |at| &at.c),
            cell_only,
            Row {
                symbol: Symbol { letter: "C", accents: vec![Accent::Tilde, Accent::Bar] },
                ..row("C", Colour::Candidate, 0.5, |at| &at.candidate)
            },
            row("i", Colour::Input, 0.5, |at| &at.i),
            row("f", Colour::Forget, 0.5, |at| &at.f),
        ],
        backward: true,
    }
    .draw()
}
