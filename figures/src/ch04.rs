//! The figures of chapter 4.

use through_time::{fading, median};

use super::cell::{Drawing, symbol};
use super::plot::{Curve, Plot};
use super::{Colour, Figure, WIDTH, document};

pub(super) const FIGURES: &[Figure] =
    &[Figure { name: "ch04-backward", draw: backward }, Figure { name: "ch04-fading", draw: lags }];

/// The line on which the steps stand.
const STEP_Y: i32 = 150;
/// The line on which the weights' gradient is summed.
const SUM_Y: i32 = 40;
/// Where the steps stand, from t = 1 to 5, as far apart as in chapter 2's figure.
const STEPS: [i32; 5] = [98, 186, 274, 362, 450];

/// A symbol under a bar, which begins at `x`: a bar of the font would strike an ascender through.
fn barred(d: &mut Drawing, (x, y): (i32, i32), base: &str, subscript: &str) {
    let (width, height) = match base {
        "W" => (16, 15),
        "h" | "b" => (9, 16),
        _ => (9, 12),
    };
    d.label((x, y), "start", &symbol(base, subscript), true, Colour::Ink);
    let (left, right, top) = (x + 1, x + width, y - height);
    let ink = Colour::Ink.css();
    d.svg += &format!(
        "<path d=\"M{left} {top}L{right} {top}\" stroke=\"{ink}\" stroke-width=\"1.3\"/>\n"
    );
}

/// The unrolled network of chapter 2 with every arrow turned round.
fn backward() -> String {
    let mut d = Drawing::default();
    let [first, .., last] = STEPS;
    d.arrow((last + 60, STEP_Y), (last + 32, STEP_Y), true, Colour::Hidden);
    barred(&mut d, (last + 66, STEP_Y + 5), "y", "5");
    for (n, x) in (1..).zip(STEPS) {
        let number = n.to_string();
        d.arrow((x, STEP_Y + 22), (x, STEP_Y + 85), true, Colour::Ink);
        barred(&mut d, (x - 8, STEP_Y + 107), "x", &number);
        d.arrow((x - 32, STEP_Y), (x - 56, STEP_Y), true, Colour::Hidden);
        barred(&mut d, (x + 36, STEP_Y - 14), "h", &number);
        d.gate((x, STEP_Y), "tanh′", true, Colour::Hidden);
        if n < 5 {
            d.arrow((x + 73, SUM_Y), (x + 15, SUM_Y), true, Colour::Ink);
            d.arrow((x, STEP_Y - 22), (x, SUM_Y + 15), true, Colour::Ink);
            d.operation((x, SUM_Y), "+", true, Colour::Ink);
        }
    }
    barred(&mut d, (first - 80, STEP_Y + 5), "h", "0");
    let (before_last, sum_end) = (STEPS[3] + 73, first - 40);
    d.line(
        &format!("M{last} {}L{last} {SUM_Y}L{before_last} {SUM_Y}", STEP_Y - 22),
        true,
        Colour::Ink,
    );
    d.arrow((first - 15, SUM_Y), (sum_end, SUM_Y), true, Colour::Ink);
    barred(&mut d, (sum_end - 56, SUM_Y + 5), "W", "h");
    d.label((sum_end - 31, SUM_Y + 5), "start", ",", true, Colour::Ink);
    barred(&mut d, (sum_end - 23, SUM_Y + 5), "b", "h");
    document(
        "ch04-backward",
        (WIDTH, 280),
        "The unrolled network, backward",
        "The five boxes of chapter 2 with every arrow turned round. The adjoint of y 5 enters from the \
         right; adjoints of the hidden state run from box to box to the left, down to that of h 0; \
         adjoints of the inputs leave at the bottom. From the top of every box a line runs up to a row \
         of sums, which ends in the gradients of the one W and the one b.",
        &d.svg,
    )
}

/// How the adjoint of the hidden state fades or grows, on a logarithmic axis.
fn lags() -> String {
    let lowest = -10.0;
    let curves: Vec<Curve> = [(0.5, 14), (0.9, 50), (1.1, 50), (1.5, 50), (2.0, 50)]
        .into_iter()
        .map(|(radius, label_at)| {
            let runs: Vec<Vec<f64>> = (1..=9).map(|seed| fading(radius, 0.5, seed)).collect();
            let middle = |lag: usize| median(|seed| runs[seed as usize - 1][lag]).log10();
            let points = (0..=50).map(|lag| (lag as f64, middle(lag)));
            let points = points.take_while(|(_, y)| *y >= lowest).collect();
            Curve { label: format!("ρ = {radius:.1}"), colour: Colour::Hidden, points, label_at }
        })
        .collect();
    Plot {
        name: "ch04-fading",
        title: "The adjoint of the hidden state on its way into the past",
        description: "Five curves on a logarithmic axis, over fifty steps into the past, all starting \
                      at 1. For a spectral radius of 0.5 the curve falls in a straight line and \
                      leaves the picture, at ten to the minus ten, after 30 steps; for 0.9 it ends near ten to the \
                      minus five, for 1.1 near ten to the minus two; for 1.5 it stays near 1; for 2 it \
                      rises above 100.",
        x: ("k", 50.0),
        y: ("‖∂L/∂h‖", 4.0),
        curves: &curves,
    }
    .draw_log(lowest)
}
