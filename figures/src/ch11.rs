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
    let description = format!(
        "The loss on unseen sequences over six epochs, five curves from {:.1}. Three of them fall at once: the correct \
         program, a, to {:.2}, the one without the hidden path, b, to {:.2}, and the one without the carry, c, to {:.2}; \
         after three epochs they stand at {:.1}, {:.1} and {:.1}. Two fall slowly: averaged twice, d, to {:.1}, and last \
         loss only, e, to {:.1}. A dotted line marks the loss of guessing, ln 10.",
        curves[0].at(0.0),
        curves[0].end(),
        curves[1].end(),
        curves[2].end(),
        curves[0].at(3.0),
        curves[1].at(3.0),
        curves[2].at(3.0),
        curves[3].end(),
        curves[4].end()
    );
    Plot {
        name: "ch11-easy",
        title: "Five programs learn to repeat the first digit",
        description: &description,
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
    let description = format!(
        "The loss on unseen sequences over twelve epochs, four curves that stay near 2.3 for six epochs and then fall. \
         The correct program, a, ends at {:.2}, the one without the hidden path, b, at {:.2}, without the carry, c, at \
         {:.2}, and with the sigmoid in place of its slope, d, at {:.2}. A dotted line marks the loss of guessing, ln 10.",
        curves[0].end(),
        curves[1].end(),
        curves[2].end(),
        curves[3].end()
    );
    Plot {
        name: "ch11-harder",
        title: "Four programs learn to add",
        description: &description,
        x: ("epochs", 12.0),
        y: ("loss on unseen sequences", 2.5),
        curves: &curves,
    }
    .draw_above(("guessing: ln 10", 10.0_f64.ln()))
}
