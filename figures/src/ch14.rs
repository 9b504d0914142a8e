//! The figures of chapter 14.

use digits::{Split, Task, chance_loss, generator};
use next_digit::{Epoch, Settings, learning_curve};

use super::plot::{Curve, Plot};
use super::{Colour, Figure};

pub(super) const FIGURES: &[Figure] = &[Figure { name: "ch14-curves", draw: curves }];

/// The run of the program without arguments: the article's digits, seed 1.
fn curves() -> String {
    let settings = Settings {
        hidden: 32,
        epochs: 50,
        batch: 32,
        learning_rate: 0.01,
        clip: None,
        forget_bias: None,
        seed: 1,
    };
    // Neither can fail: random digits can be drawn, and this run stays finite. Were it to, the test would show the gap.
    let split = Split::draw(Task::Random, 5, 1000, 1000, &mut generator(1)).ok();
    let history = split.and_then(|split| learning_curve(settings, &split).ok()).unwrap_or_default();
    let points = |loss: fn(&Epoch) -> f64| -> Vec<(f64, f64)> {
        (1_u32..).map(f64::from).zip(history.iter().map(loss)).collect()
    };
    let floor = vec![(0.0, chance_loss()), (50.0, chance_loss())];
    let curve = |label: &str, colour, points, label_at| Curve {
        label: label.to_owned(),
        colour,
        points,
        label_at,
    };
    let curves = [
        curve("a", Colour::Ink, points(|epoch| epoch.training), 20),
        curve("b", Colour::Forget, points(|epoch| epoch.unseen), 49),
        curve("ln 10", Colour::Faint, floor, 0),
    ];
    let last = |loss: fn(&Epoch) -> f64| history.last().map_or(f64::NAN, loss);
    let description = format!(
        "Two losses over {} epochs and a level line at {:.1}, the loss of guessing. Both start on the line. The \
         loss in training, a, falls to {:.1}. The loss on unseen sequences, b, rises from the first epochs on and \
         ends at {:.1}.",
        history.len(),
        chance_loss(),
        last(|epoch| epoch.training),
        last(|epoch| epoch.unseen)
    );
    Plot {
        name: "ch14-curves",
        title: "By heart, and for nothing",
        description: &description,
        x: ("epochs", 50.0),
        y: ("loss in nats", 7.0),
        curves: &curves,
    }
    .draw()
}
