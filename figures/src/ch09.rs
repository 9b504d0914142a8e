//! The figure of chapter 9.

use five_steps::{DIGITS, Example, example, forward};
use nalgebra::DVector;
use output_gate::{State, Step};

use super::grid::{Accent, Grid, Row, Symbol};
use super::{Colour, Figure};

pub(super) const FIGURES: &[Figure] =
    &[Figure { name: "ch09-five-steps", draw: five_steps_forward }];

/// Every number of the worked example.
fn five_steps_forward() -> String {
    let Example { cell, xs, .. } = example();
    let steps = forward(&cell, &State::zeros(2), &xs);
    let row = |letter, colour, signed, of: fn(&Step) -> &DVector<f64>| Row {
        symbol: Symbol { letter, accents: Vec::new() },
        colour,
        limit: 1.0,
        signed,
        values: steps.iter().map(|step| of(step).as_slice().to_vec()).collect(),
    };
    let inputs = Row {
        symbol: Symbol { letter: "x", accents: Vec::new() },
        colour: Colour::Ink,
        limit: 2.0,
        signed: true,
        values: xs.iter().map(|x| x.as_slice().to_vec()).collect(),
    };
    let span = |of: &dyn Fn(&Step) -> f64| {
        let values = steps.iter().map(of);
        let (low, high) =
            (values.clone().fold(f64::INFINITY, f64::min), values.fold(-f64::INFINITY, f64::max));
        format!("{low:.2} to {high:.2}").replace('-', "−")
    };
    let description = format!(
        "A table with a column for each of five steps, which read the digits {}, and a row for each quantity: the \
         input, the forget gate, the input gate, the candidate, the cell state, the output gate and the hidden state. Each \
         of the two units has a number and a bar in a frame that stands for the range from 0 to 1, or from minus 1 to 1. \
         The forget gate of unit 1 goes from {}, that of unit 2 from {}; the cell state of unit 1 from {}, past its frame, \
         that of unit 2 from {}.",
        DIGITS.map(|digit| digit.to_string()).join(", "),
        span(&|step| step.f[0]),
        span(&|step| step.f[1]),
        span(&|step| step.state.c[0]),
        span(&|step| step.state.c[1])
    );
    Grid {
        name: "ch09-five-steps",
        title: "Five steps forward, every number",
        description: &description,
        rows: &[
            inputs,
            row("f", Colour::Forget, false, |step| &step.f),
            row("i", Colour::Input, false, |step| &step.i),
            Row {
                symbol: Symbol { letter: "C", accents: vec![Accent::Tilde] },
                ..row("C", Colour::Candidate, true, |step| &step.candidate)
            },
            row("C", Colour::Cell, true, |step| &step.state.c),
            row("o", Colour::Output, false, |step| &step.o),
            row("h", Colour::Hidden, true, |step| &step.state.h),
        ],
        backward: false,
        digits: DIGITS,
    }
    .draw()
}
