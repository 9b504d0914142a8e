//! The figures of chapter 1.

use std::fmt::Write;

use digits::{
    LookupTable, Sequence, Split, Task, confident, generator, mean_loss, one_hot, surprise,
};

use super::plot::{Axes, Curve, Plot, decimal, plain};
use super::{Colour, Figure, WIDTH, document};

pub(super) const FIGURES: &[Figure] = &[
    Figure { name: "ch01-sequence", draw: sequence },
    Figure { name: "ch01-surprise", draw: surprise_curve },
    Figure { name: "ch01-confidence", draw: confidence },
];

/// The seed of the chapter's program.
const SEED: u64 = 1;

/// The first of the article's sequences: four digits as ten numbers each, and one that is covered.
fn sequence() -> String {
    let drawn = Task::Random.draw(1, 5, &mut generator(SEED)).unwrap_or_default();
    let Sequence { context, .. } =
        drawn.into_iter().next().unwrap_or(Sequence { context: Vec::new(), next: 0 });
    let (left, mut svg) = (84, String::new());
    for (t, &digit) in (1..).zip(&context) {
        let x = left + 96 * (t - 1);
        card(&mut svg, x, t, &digit.to_string(), "");
        column(&mut svg, x, digit);
    }
    card(&mut svg, left + 96 * 4, 5, "?", " stroke-dasharray=\"5 4\"");
    let faint = Colour::Faint.css();
    for place in 0..10 {
        let (x, y) = (left - 40, 155 + 20 * place);
        let _ = writeln!(
            svg,
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" font-size=\"14\" fill=\"{faint}\">{place}</text>"
        );
    }
    document(
        "ch01-sequence",
        (WIDTH, 360),
        "A sequence of digits, and how a network reads it",
        "Five cards in a row. The first four show 9, 3, 2 and 8 and are named x with the numbers 1 to \
         4; the fifth is covered by a question mark and named x 5. Below each of the first four stands \
         a column of ten cells, numbered 0 to 9: the cell of the digit on the card is dark and holds a \
         1, all others hold a 0.",
        &svg,
    )
}

/// A card that shows a digit or hides it, named x_t.
fn card(svg: &mut String, x: i32, t: i32, shows: &str, stroke: &str) {
    let (ink, paper) = (Colour::Ink.css(), Colour::Paper.css());
    let _ = writeln!(
        svg,
        "<rect x=\"{}\" y=\"24\" width=\"56\" height=\"64\" rx=\"8\" fill=\"{paper}\" \
         stroke=\"{ink}\" stroke-width=\"2\"{stroke}/>\n\
         <text x=\"{x}\" y=\"67\" text-anchor=\"middle\" font-size=\"32\" fill=\"{ink}\">{shows}</text>\n\
         <text x=\"{x}\" y=\"122\" text-anchor=\"middle\" fill=\"{ink}\"><tspan font-style=\"italic\">x</tspan>\
         <tspan dy=\"5\" font-size=\"12\">{t}</tspan></text>",
        x - 28
    );
}

/// The ten numbers below a card.
fn column(svg: &mut String, x: i32, digit: u8) {
    let (faint, paper, ink) = (Colour::Faint.css(), Colour::Paper.css(), Colour::Ink.css());
    for (place, &value) in (0..).zip(&one_hot(digit)) {
        let y = 140 + 20 * place;
        let (fill, colour) = if value == 1.0 { (&ink, &paper) } else { (&paper, &faint) };
        let _ = writeln!(
            svg,
            "<rect x=\"{}\" y=\"{y}\" width=\"40\" height=\"20\" fill=\"{fill}\" stroke=\"{faint}\"/>\n\
             <text x=\"{x}\" y=\"{}\" text-anchor=\"middle\" font-size=\"14\" fill=\"{colour}\">{value}</text>",
            x - 20,
            y + 15
        );
    }
}

/// −ln p.
fn surprise_curve() -> String {
    let points = (1..=200).map(|k| f64::from(k) / 200.0);
    let curve = Curve {
        label: String::new(),
        colour: Colour::Ink,
        points: points.map(|p| (p, surprise(&confident(0, p), 0))).collect(),
        label_at: 0,
    };
    let chance = Curve {
        label: "p = 1/10".into(),
        colour: Colour::Ink,
        points: vec![(0.1, surprise(&confident(0, 0.1), 0))],
        label_at: 0,
    };
    let description = format!(
        "A falling curve. Where the probability is 1 the surprise is {:.0}. At one half it is about {:.1} nats, at one \
         tenth {:.1}, and to the left of that it climbs steeply, at a hundredth to {:.1}.",
        curve.end().abs(),
        curve.at(0.5),
        curve.at(0.1),
        curve.at(0.01)
    );
    Plot {
        name: "ch01-surprise",
        title: "The surprise at a digit, over the probability that it was given",
        description: &description,
        x: ("p", 1.0),
        y: ("nats", 5.3),
        curves: &[curve, chance],
    }
    .draw_on(&Axes { x: 0.0..1.0, y: 0.0..5.3, labels: (decimal, plain), marks: (6, 6) })
}

/// What the table's loss does where it learned, and elsewhere, as it grows more sure of itself.
fn confidence() -> String {
    let split = Split::draw(Task::Random, 5, 1000, 1000, &mut generator(SEED));
    let (training, unseen) = split.map_or((Vec::new(), Vec::new()), |s| (s.training, s.unseen));
    let table = LookupTable::learn(&training);
    let curve = |label: &str, data: &[Sequence], colour, label_at| Curve {
        label: label.into(),
        colour,
        points: (20..=198)
            .map(|k| f64::from(k) / 200.0)
            .map(|gamma| (gamma, mean_loss(data, |c| confident(table.guess(c), gamma))))
            .collect(),
        label_at,
    };
    let known = curve("training", &training, Colour::Faint, 60);
    let new = curve("", &unseen, Colour::Ink, 60);
    let (surest, least) = known.lowest();
    let description = format!(
        "Two curves that begin at the same height, {:.1} nats, where the confidence is one tenth. On the training \
         sequences the loss falls, to {least:.2} at a confidence of {surest:.2}. On unseen sequences it rises, slowly \
         at first, to {:.1} at a confidence of one half, and then steeply, to {:.1}. A dotted line marks the loss of \
         guessing, ln 10.",
        known.at(0.1),
        new.at(0.5),
        new.end()
    );
    Plot {
        name: "ch01-confidence",
        title: "The loss of a lookup table, over its confidence",
        description: &description,
        x: ("confidence γ", 1.0),
        y: ("nats", 6.5),
        curves: &[
            known,
            new,
            // Beside the curve, where it would be crossed by it otherwise.
            Curve {
                label: "unseen".into(),
                colour: Colour::Ink,
                points: vec![(0.5, 3.2)],
                label_at: 0,
            },
        ],
    }
    .draw_on_above(
        &Axes { x: 0.0..1.0, y: 0.0..6.5, labels: (decimal, plain), marks: (6, 7) },
        Some(("ln 10", 10.0_f64.ln())),
    )
}
