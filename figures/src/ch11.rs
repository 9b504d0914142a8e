//! The figures of chapter 11.

use bug_gallery::{Bug, Settings, train};

use super::plot::{Curve, Plot};
use super::{Colour, Figure};

pub(super) const FIGURES: &[Figure] =
    &[Figure { name: "ch11-easy", draw: easy }, Figure { name: "ch11-harder", draw: harder }];

/// The loss on unseen sequences over the epochs, one curve a program, named by a letter at a point of it:
/// a, b, c …, which the caption explains.
fn curves<const N: usize>(
    settings: &Settings,
    seed: u64,
    bugs: [(Option<Bug>, Colour, usize); N],
) -> Vec<Curve> {
    ('a'..)
        .zip(bugs)
        .map(|(letter, (bug, colour, label_at))| {
            let curve = train(settings, seed, bug).map_or_else(|_| Vec::new(), |run| run.curve);
            let points = (0_u32..).map(f64::from).zip(curve).collect();
            Curve { label: letter.to_string(), colour, points, label_at }
        })
        .collect()
}

fn easy() -> String {
    let mut curves = curves(
        &Settings::FIRST,
        1,
        [
            (None, Colour::Ink, usize::MAX),
            (Some(Bug::HiddenDropped), Colour::Hidden, 3),
            (Some(Bug::CarryDropped), Colour::Cell, 3),
            (Some(Bug::AveragedTwice), Colour::Faint, 6),
            (Some(Bug::LastLossOnly), Colour::Output, 6),
        ],
    );
    // To the left of its curve: on the right the next one is too near.
    let (label, points) = ("a".to_owned(), vec![(2.1, 1.3)]);
    curves.push(Curve { label, colour: Colour::Ink, points, label_at: 0 });
    Plot {
        name: "ch11-easy",
        title: "Five programs learn to repeat the first digit",
        description: "The loss on unseen sequences over six epochs, five curves from 2.3. Three of them, \
                      the correct program, a, the one without the hidden path, b, and the one \
                      without the carry, c, fall to below 0.1, in this order. Two fall slowly: averaged \
                      twice, d, to 2.0, and last loss only, e, to 2.2. A dotted line marks the \
                      loss of guessing, ln 10.",
        x: ("epochs", 6.0),
        y: ("loss on unseen sequences", 2.5),
        curves: &curves,
    }
    .draw_above(("guessing: ln 10", 10.0_f64.ln()))
}

fn harder() -> String {
    let curves = curves(
        &Settings::SUM,
        4,
        [
            (None, Colour::Ink, 12),
            (Some(Bug::HiddenDropped), Colour::Hidden, 12),
            (Some(Bug::CarryDropped), Colour::Cell, 12),
            (Some(Bug::SigmoidForSlope), Colour::Forget, 12),
        ],
    );
    Plot {
        name: "ch11-harder",
        title: "Four programs learn to add",
        description: "The loss on unseen sequences over twelve epochs, four curves that stay near 2.3 for \
                      six epochs and then fall. The correct program, a, ends near 0.75. Without the \
                      hidden path, b, the loss ends higher, near 1.4; without the carry, c, and with the \
                      sigmoid in place of its slope, d, it ends lower, near 0.6 and 0.4. A dotted line marks \
                      the loss of guessing, ln 10.",
        x: ("epochs", 12.0),
        y: ("loss on unseen sequences", 2.5),
        curves: &curves,
    }
    .draw_above(("guessing: ln 10", 10.0_f64.ln()))
}
