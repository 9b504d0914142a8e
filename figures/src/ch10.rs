//! The figures of chapter 10.

use std::fmt::Write;

use bptt::{StepAdjoints, crossings, forward, squared_error, trace};
use five_steps::{DIGITS, Example, example};
use nalgebra::DVector;
use output_gate::State;

use super::cell::symbol;
use super::grid::{Accent, Grid, Row, Symbol};
use super::{Colour, Figure, WIDTH, document};

pub(super) const FIGURES: &[Figure] = &[
    Figure { name: "ch10-two-ways", draw: two_ways },
    Figure { name: "ch10-five-steps", draw: five_steps_backward },
];

/// Where the cell states and the hidden states stand, and how large they are.
const CELL: f64 = 66.0;
const HIDDEN: f64 = 156.0;
const RADIUS: f64 = 19.0;

/// The states of five steps, and each way on which a message can go from one to another.
fn two_ways() -> String {
    let place = |step: usize| 48.0 + 108.0 * step as f64;
    let mut svg = String::new();
    for (step, digit) in DIGITS.into_iter().enumerate() {
        let x = place(step);
        arrow(&mut svg, (x, HIDDEN), (x, CELL), Colour::Output);
        if step > 0 {
            let before = place(step - 1);
            arrow(&mut svg, (x, CELL), (before, CELL), Colour::Cell);
            arrow(&mut svg, (x, CELL), (before, HIDDEN), Colour::Hidden);
            arrow(&mut svg, (x, HIDDEN), (before, HIDDEN), Colour::Hidden);
            let factor = symbol("f", &(step + 1).to_string());
            text(
                &mut svg,
                ((x + before) / 2.0, CELL - 12.0),
                Colour::Forget,
                &format!("× {factor}"),
            );
        }
        for (letter, y, colour) in [("C", CELL, Colour::Cell), ("h", HIDDEN, Colour::Hidden)] {
            let (paper, edge) = (Colour::Paper.css(), colour.css());
            let _ = writeln!(
                svg,
                "<circle cx=\"{x:.0}\" cy=\"{y:.0}\" r=\"{RADIUS:.0}\" fill=\"{paper}\" \
                 stroke=\"{edge}\" stroke-width=\"2.5\"/>"
            );
            text(&mut svg, (x, y + 5.0), Colour::Ink, &symbol(letter, &(step + 1).to_string()));
        }
        text(
            &mut svg,
            (x, 24.0),
            Colour::Ink,
            &format!("<tspan font-weight=\"bold\">{digit}</tspan>"),
        );
    }
    let loss = (place(4), HIDDEN + 62.0);
    arrow(&mut svg, loss, (place(4), HIDDEN), Colour::Ink);
    text(&mut svg, (loss.0, loss.1 + 6.0), Colour::Ink, &symbol("L", ""));
    document(
        "ch10-two-ways",
        (WIDTH, 234),
        "Two ways across each border",
        "The cell states C 1 to C 5 in a row, under the digits 9, 3, 6, 2 and 7, and the hidden states \
         h 1 to h 5 in a row below. All arrows lead backward. From the loss one goes to h 5. From each \
         hidden state one leads up to the cell state of its step, and one to the hidden state of the step \
         before. From each cell state one leads to the cell state of the step before, with a forget gate \
         beside it, and one down to the hidden state of the step before.",
        &svg,
    )
}

/// From the edge of one state to that of another.
fn arrow(svg: &mut String, from: (f64, f64), to: (f64, f64), colour: Colour) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy);
    let (ux, uy) = (dx / length, dy / length);
    let along = |start: (f64, f64), by: f64| (start.0 + by * ux, start.1 + by * uy);
    let (start, tip) = (along(from, RADIUS + 2.0), along(to, -RADIUS - 3.0));
    let back = along(tip, -8.0);
    let (left, right) =
        ((back.0 - 4.5 * uy, back.1 + 4.5 * ux), (back.0 + 4.5 * uy, back.1 - 4.5 * ux));
    let ink = colour.css();
    let _ = writeln!(
        svg,
        "<path d=\"M{:.1} {:.1}L{:.1} {:.1}\" stroke=\"{ink}\" stroke-width=\"2\"/>\n\
         <path d=\"M{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}Z\" fill=\"{ink}\"/>",
        start.0, start.1, back.0, back.1, tip.0, tip.1, left.0, left.1, right.0, right.1
    );
}

fn text(svg: &mut String, (x, y): (f64, f64), colour: Colour, content: &str) {
    let ink = colour.css();
    let _ = writeln!(
        svg,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\" fill=\"{ink}\">{content}</text>"
    );
}

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
        description: &in_words(&adjoints, &cell_only.values),
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
        digits: DIGITS,
    }
    .draw()
}

/// What [`five_steps_backward`] shows, in words; `line` holds the parts that came along the line alone.
fn in_words(adjoints: &[StepAdjoints], line: &[Vec<f64>]) -> String {
    let hidden = |t: usize| adjoints[t].h[0];
    let (cells, alone) = (|t: usize| adjoints[t].c[0], |t: usize| line[t][0]);
    format!(
        "A table with a column for each of five steps, computed from right to left, and a row for each adjoint: of the \
         hidden state, the output gate, the cell state, the part of that which came along the line alone, and of the \
         candidate, the input gate and the forget gate. Each of the two units has a number and a bar. In unit 1 the \
         adjoint of the hidden state falls from {:.2} at step 5 to {:.2} at step 3; that of the cell state goes from {:.2} \
         at step 5 to {:.2} at step 4 and {:.2} at step 1, of which {:.2} and {:.2} came along the line alone. The \
         adjoint of the forget gate at step 1 is {:.0} and {:.0}.",
        hidden(4),
        hidden(2),
        cells(4),
        cells(3),
        cells(0),
        alone(3),
        alone(0),
        adjoints[0].f[0].abs(),
        adjoints[0].f[1].abs()
    )
    .replace('-', "−")
}
