//! The figures of chapter 3.

use std::fmt::Write;

use gradient_check::{central, derivative, sigmoid, three_numbers};

use super::plot::{Axes, Curve, Plot, decimal, plain, power_of_ten};
use super::{Colour, Figure, WIDTH, document};

pub(super) const FIGURES: &[Figure] = &[
    Figure { name: "ch03-three-numbers", draw: scalar },
    Figure { name: "ch03-squashing", draw: squashing },
    Figure { name: "ch03-one-layer", draw: one_layer },
    Figure { name: "ch03-u-curve", draw: u_curve },
];

/// σ and tanh from −6 to 6.
fn squashing() -> String {
    let points = |f: fn(f64) -> f64| {
        (-60..=60).map(|tenth| f64::from(tenth) / 10.0).map(|z| (z, f(z))).collect()
    };
    let curves = [
        Curve { label: "σ".into(), colour: Colour::Ink, points: points(sigmoid), label_at: 20 },
        Curve {
            label: "tanh".into(),
            colour: Colour::Faint,
            points: points(f64::tanh),
            label_at: 20,
        },
    ];
    Plot {
        name: "ch03-squashing",
        title: "The two squashing functions",
        description: "Two rising curves shaped like an S, for z from minus 6 to 6. The sigmoid \
                      climbs from 0 to 1 and passes one half at zero. The hyperbolic tangent climbs \
                      from minus 1 to 1, passes zero at zero, and is steeper there.",
        x: ("z", 6.0),
        y: ("", 1.0),
        curves: &curves,
    }
    .draw_on(&Axes { x: -6.0..6.0, y: -1.1..1.1, labels: (plain, decimal), marks: (7, 5) })
}

/// Error of the slope of 1 / (1 + x²) over the step, as the chapter's program computes it.
fn u_curve() -> String {
    let bell = |x: f64| 1.0 / (1.0 + x * x);
    let slope = |x: f64| -2.0 * x * bell(x) * bell(x);
    let at = 0.7;
    let curve = |difference: &dyn Fn(f64) -> f64| -> Vec<(f64, f64)> {
        let steps = (4..=48).rev().map(|quarter| -f64::from(quarter) / 4.0);
        let points = steps.map(|exponent| {
            let error = (difference(10_f64.powf(exponent)) - slope(at)).abs();
            // Where rounding happens to hit the slope to the last digit there is no logarithm.
            (exponent, error.max(1e-16).log10())
        });
        points.collect()
    };
    // A curve of one point is invisible: it only carries a name to where there is room for it.
    let name = |label: &str, place, colour| Curve {
        label: label.into(),
        colour,
        points: vec![place],
        label_at: 0,
    };
    let curves = [
        Curve {
            label: String::new(),
            colour: Colour::Faint,
            points: curve(&|step| central(step, |nudge| bell(at + nudge))),
            label_at: 0,
        },
        Curve {
            label: String::new(),
            colour: Colour::Ink,
            points: curve(&|step| derivative(step, |nudge| bell(at + nudge))),
            label_at: 0,
        },
        name("central", (-5.0, -5.4), Colour::Faint),
        name("extrapolated", (-2.5, -11.4), Colour::Ink),
    ];
    Plot {
        name: "ch03-u-curve",
        title: "Error of a slope by differences, over the step",
        description: &two_valleys(&curves[0], &curves[1]),
        x: ("step ε", 0.0),
        y: ("error", 0.0),
        curves: &curves,
    }
    .draw_on(&Axes {
        x: -12.0..-1.0,
        y: -14.0..-2.0,
        labels: (power_of_ten, power_of_ten),
        marks: (7, 9),
    })
}

/// What [`u_curve`] shows, in words.
fn two_valleys(central: &Curve, extrapolated: &Curve) -> String {
    let fall = |curve: &Curve| curve.at(-1.0) - curve.at(-2.0);
    format!(
        "Both axes count powers of ten: the step from 10 to the minus 12 to 10 to the minus 1, the error from 10 to \
         the minus 14 to 10 to the minus 2. From the right, the central difference falls by {:.0} powers of ten for \
         the first power of ten of the step, to its lowest near a step of 10 to the minus {:.0}, and then rises again, \
         raggedly, to 10 to the minus {:.0}. The extrapolated slope falls by {:.0} powers of ten, to its lowest near a \
         step of 10 to the minus {:.0}.",
        fall(central),
        -central.lowest().0,
        -central.at(-12.0),
        fall(extrapolated),
        -extrapolated.lowest().0
    )
}

/// A pen for the picture of one layer.
#[derive(Default)]
struct Pen {
    svg: String,
}

impl Pen {
    fn arrow(&mut self, (x1, y1): (i32, i32), (x2, y2): (i32, i32), colour: Colour) {
        let ink = colour.css();
        let (dx, dy) = ((x2 - x1).signum(), (y2 - y1).signum());
        let (bx, by) = (x2 - 9 * dx, y2 - 9 * dy);
        let _ = writeln!(
            self.svg,
            "<path d=\"M{x1} {y1}L{bx} {by}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"2\"/>\n\
             <path d=\"M{x2} {y2}L{} {}L{} {}Z\" fill=\"{ink}\"/>",
            bx - 5 * dy,
            by - 5 * dx,
            bx + 5 * dy,
            by + 5 * dx,
        );
    }

    fn text(&mut self, (x, y): (i32, i32), text: &str, colour: Colour) {
        let _ = writeln!(
            self.svg,
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" fill=\"{}\">{text}</text>",
            colour.css()
        );
    }

    fn operation(&mut self, x: i32, y: i32, width: i32, text: &str, colour: Colour) {
        let _ = writeln!(
            self.svg,
            "<rect x=\"{}\" y=\"{}\" width=\"{width}\" height=\"44\" rx=\"8\" fill=\"{}\" \
             stroke=\"{}\" stroke-width=\"2\"/>",
            x - width / 2,
            y - 22,
            Colour::Paper.css(),
            colour.css()
        );
        self.text((x, y + 6), text, Colour::Ink);
    }

    /// What the way back takes over from the way forward.
    fn remembered(&mut self, x: i32, (from, to): (i32, i32), text: &str) {
        let _ = writeln!(
            self.svg,
            "<path d=\"M{x} {from}L{x} {to}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\" \
             stroke-dasharray=\"4 4\"/>",
            Colour::Faint.css()
        );
        self.text((x + 22, (from + to) / 2 + 6), text, Colour::Faint);
    }
}

fn italic(text: &str) -> String {
    format!("<tspan font-style=\"italic\">{text}</tspan>")
}

/// The adjoint's bar.
fn bar(text: &str) -> String {
    format!("<tspan font-style=\"italic\" text-decoration=\"overline\">{text}</tspan>")
}

/// A letter with its number.
fn is(letter: &str, value: f64) -> String {
    format!("{letter} = {}", value.to_string().replace('-', "−"))
}

fn scalar() -> String {
    let ink = Colour::Ink;
    let (w, x, q) = (2.0, 3.0, 10.0);
    let (a, loss) = three_numbers::forward(w, x, q);
    let [w_bar, x_bar, q_bar] = three_numbers::backward(w, x, q);
    let (top, bottom, product, distance) = (100, 220, 160, 350);
    let mut pen = Pen::default();

    pen.text((36, top + 6), &is(&italic("x"), x), ink);
    pen.arrow((66, top), (product - 44, top), ink);
    pen.operation(product, top, 88, &italic("w · x"), ink);
    pen.arrow((product + 44, top), (distance - 60, top), ink);
    pen.text(((product + distance) / 2 - 8, top - 12), &is(&italic("a"), a), ink);
    pen.operation(distance, top, 120, &format!("½ ({})²", italic("a − q")), ink);
    pen.arrow((distance + 60, top), (474, top), ink);
    pen.text((506, top + 6), &is(&italic("L"), loss), ink);
    pen.text((product, 30), &is(&italic("w"), w), ink);
    pen.arrow((product, 42), (product, top - 22), ink);
    pen.text((distance, 30), &is(&italic("q"), q), ink);
    pen.arrow((distance, 42), (distance, top - 22), ink);

    pen.remembered(product, (top + 22, bottom - 22), &italic("w, x"));
    pen.remembered(distance, (top + 22, bottom - 22), &italic("a, q"));

    pen.text((506, bottom + 6), "1", ink);
    pen.arrow((490, bottom), (distance + 60, bottom), ink);
    pen.operation(distance, bottom, 120, &italic("a − q"), ink);
    pen.arrow((distance - 60, bottom), (product + 44, bottom), ink);
    pen.text(((product + distance) / 2 - 8, bottom - 12), &is(&bar("a"), a - q), ink);
    pen.operation(product, bottom, 88, &format!("· {}  · {}", italic("x,"), italic("w")), ink);
    pen.arrow((product - 44, bottom), (76, bottom), ink);
    pen.text((38, bottom + 6), &is(&bar("x"), x_bar), ink);
    pen.arrow((product, bottom + 22), (product, 278), ink);
    pen.text((product, 300), &is(&bar("w"), w_bar), ink);
    pen.arrow((distance, bottom + 22), (distance, 278), ink);
    pen.text((distance, 300), &is(&bar("q"), q_bar), ink);

    let description = format!(
        "Two rows of two boxes. Above, from left to right: x = {x} and w = {w} enter a box w times x, whose result \
         a = {a} enters, with q = {q}, a box one half times the square of a minus q, which gives the loss L = {loss}. \
         Below, from right to left: from 1 through a minus q to the adjoint of a, {}, and through a box that \
         multiplies by x and by w to the adjoints of w, {w_bar}, and of x, {x_bar}. The adjoint of q, {q_bar}, leaves \
         downward. Dashed lines carry w, x, a and q from the upper row to the lower.",
        a - q
    );
    document(
        "ch03-three-numbers",
        (WIDTH, 320),
        "Three numbers, forward and backward",
        &description.replace('-', "−"),
        &pen.svg,
    )
}

/// The rows of the picture of one layer, and the middles of its three boxes.
const ROWS: (i32, i32) = (100, 230);
const BOXES: (i32, i32, i32) = (116, 274, 428);

fn one_layer() -> String {
    let mut pen = Pen::default();
    layer_forward(&mut pen);
    let ((top, bottom), (first, second, third)) = (ROWS, BOXES);
    pen.remembered(first, (top + 22, bottom - 22), &italic("W, v"));
    pen.remembered(second, (top + 22, bottom - 22), &italic("a"));
    pen.remembered(third, (top + 22, bottom - 22), &italic("a, q"));
    layer_backward(&mut pen);

    document(
        "ch03-one-layer",
        (WIDTH, 330),
        "One layer, forward and backward",
        "Two rows of boxes. The upper row runs from left to right: v enters a box W times v plus b, \
         whose result z enters a box sigma, whose result a enters a box one half times the squared \
         length of a minus q, which gives the loss L. The lower row runs from right to left, one box \
         below each of the upper ones: from 1 through a minus q to the adjoint of a, through the \
         slope of sigma to the adjoint of z, and through the transpose of W to the adjoint of v; the \
         adjoints of W and b leave downward. Dashed lines carry W, v, a and q from the upper row to \
         the lower.",
        &pen.svg,
    )
}

/// From v to the loss.
fn layer_forward(pen: &mut Pen) {
    let (ink, (top, _), (first, second, third)) = (Colour::Ink, ROWS, BOXES);
    pen.text((14, top + 6), &italic("v"), ink);
    pen.arrow((26, top), (first - 52, top), ink);
    pen.operation(first, top, 104, &italic("W · v + b"), ink);
    pen.arrow((first + 52, top), (second - 28, top), ink);
    pen.text((205, top - 12), &italic("z"), ink);
    pen.operation(second, top, 56, "σ", ink);
    pen.arrow((second + 28, top), (third - 54, top), ink);
    pen.text((338, top - 12), &italic("a"), ink);
    pen.operation(third, top, 108, &format!("½ ‖{}‖²", italic("a − q")), ink);
    pen.arrow((third + 54, top), (514, top), ink);
    pen.text((524, top + 6), &italic("L"), ink);
    pen.text((first, 30), &italic("W, b"), ink);
    pen.arrow((first, 42), (first, top - 22), ink);
    pen.text((third, 30), &italic("q"), ink);
    pen.arrow((third, 42), (third, top - 22), ink);
}

/// From the loss to the adjoints of v, W and b.
fn layer_backward(pen: &mut Pen) {
    let (ink, (_, bottom), (first, second, third)) = (Colour::Ink, ROWS, BOXES);
    pen.text((524, bottom + 6), "1", ink);
    pen.arrow((514, bottom), (third + 54, bottom), ink);
    pen.operation(third, bottom, 108, &italic("a − q"), ink);
    pen.arrow((third - 54, bottom), (second + 60, bottom), ink);
    pen.text((354, bottom - 12), &bar("a"), ink);
    pen.operation(second, bottom, 120, &format!("⊙ {}", italic("a ⊙ (1 − a)")), ink);
    pen.arrow((second - 60, bottom), (first + 52, bottom), ink);
    pen.text((191, bottom - 12), &bar("z"), ink);
    pen.operation(
        first,
        bottom,
        104,
        &format!(
            "{}<tspan dy=\"-6\" font-size=\"12\">⊤</tspan><tspan dy=\"6\"> ·</tspan>",
            italic("W")
        ),
        ink,
    );
    pen.arrow((first - 52, bottom), (26, bottom), ink);
    pen.text((14, bottom + 6), &bar("v"), ink);
    pen.arrow((first, bottom + 22), (first, 288), ink);
    let weights = format!("{}, {}", bar("W"), bar("b"));
    pen.text((first, 310), &weights, ink);
}
