//! Whether a checkpoint's numbers can be believed: each by itself, and then all together.

use std::fmt;

use digits::DIGITS;

use crate::about::{MOST_DIGITS, MOST_DRAWN, MOST_EPOCHS, VERSION};
use crate::weights::{BadModel, MOST_HIDDEN, bad};
use crate::{About, Epoch, Memory, Network, Settings, ValidationAbout};

/// More sequences than the largest file of digits can hold: that has 256 MiB.
const MOST_READ: usize = 1 << 28;

/// Whether every number is one that this program could have written, before any is used: a file with a right
/// checksum can still be one that it never wrote.
pub(crate) fn bounds(about: &About) -> Result<(), BadModel> {
    let About { version, settings, data, step, total, validation, .. } = about;
    let Settings { hidden, epochs, batch, learning_rate, clip, forget_bias, .. } = settings;
    let positive = |value: f64| value as f32 > 0.0 && (value as f32).is_finite();
    let most = if data.task.is_some() { MOST_DRAWN } else { MOST_READ };
    let steps = (*epochs as u64).saturating_mul(data.training as u64);
    if let Some(validation) = validation {
        validation_bounds(validation, data.training)?;
    }
    all_hold([
        (*version == VERSION, format!("version {version}"), format!("version {VERSION}")),
        within(*hidden, 1, MOST_HIDDEN, "hidden units"),
        within(*epochs, 1, MOST_EPOCHS, "epochs"),
        within(data.digits, 2, MOST_DIGITS, "digits in a sequence"),
        within(data.training, 1, most, "training sequences"),
        within(data.unseen, 1, most, "unseen sequences"),
        within(*batch, 1, about.learnt(), "sequences in a batch"),
        within(*step, 0, steps, "steps"),
        real(*learning_rate, positive, "a learning rate", "a positive number, 1e-45 to 3e38"),
        real(
            clip.unwrap_or(1.0),
            positive,
            "a limit to the gradient",
            "a positive number, 1e-45 to 3e38",
        ),
        real(forget_bias.unwrap_or(0.0), |it| it.abs() <= 100.0, "a forget bias", "-100 to 100"),
        real(
            *total,
            |it| is_loss(it / data.training as f64),
            "a sum of losses",
            "0 or more, as an f32",
        ),
    ])
}

fn validation_bounds(about: &ValidationAbout, training: usize) -> Result<(), BadModel> {
    let ValidationAbout { wanted, held, learnt, patience, .. } = *about;
    all_hold([
        within(wanted, 1, MOST_DRAWN, "sequences to hold aside"),
        within(held, 1, wanted, "sequences held aside"),
        within(learnt, 1, training.saturating_sub(held), "sequences to learn from"),
        within(patience.unwrap_or(1), 1, MOST_EPOCHS, "epochs of patience"),
    ])
}

/// Whether each row holds: what was found, and what was expected.
fn all_hold(rows: impl IntoIterator<Item = (bool, String, String)>) -> Result<(), BadModel> {
    match rows.into_iter().find(|(holds, ..)| !holds) {
        None => Ok(()),
        Some((_, found, expected)) => Err(bad(format!("a checkpoint with {found}"), expected)),
    }
}

/// A row of [`bounds`]: a count.
fn within<N: PartialOrd + fmt::Display>(
    value: N,
    least: N,
    most: N,
    of: &str,
) -> (bool, String, String) {
    let expected = format!("{least} to {most}");
    (least <= value && value <= most, format!("{value} {of}"), expected)
}

/// A row of [`bounds`]: a real number.
fn real(
    value: f64,
    holds: impl Fn(f64) -> bool,
    of: &str,
    expected: &str,
) -> (bool, String, String) {
    (holds(value), format!("{of} of {value:?}"), expected.to_owned())
}

/// A mean of cross-entropies, each an f32.
fn is_loss(value: f64) -> bool {
    (0.0..=f64::from(f32::MAX)).contains(&value)
}

/// Whether the parts belong together: a file with a right checksum can still be one that this program never wrote.
pub(crate) fn consistent(
    about: &About,
    network: &Network<f32>,
    history: &[Epoch],
    v: &[f32],
    latest: Option<&[f32]>,
) -> Result<(), BadModel> {
    let About { settings, data, step, validation, .. } = about;
    let per_epoch = about.steps_per_epoch();
    let known = |name: &String| name.parse::<digits::Task>().is_ok();
    let possible = |memory: &Memory| {
        (1..=about.learnt()).contains(&memory.ceiling)
            && (1..=memory.ceiling).contains(&memory.commonest)
            && usize::from(memory.digit) < DIGITS
    };
    for (holds, expected) in [
        (settings.hidden == network.layer.hidden, "as many hidden units as the weights have"),
        (data.task.as_ref().is_none_or(known), "a task that exists"),
        (
            data.window.is_none_or(|window| window == data.digits),
            "windows as long as the sequences",
        ),
        (data.memory.as_ref().is_none_or(possible), "a lookup table of the training sequences"),
        (history.len() as u64 == step / per_epoch, "a loss for every finished epoch"),
        (*step <= settings.epochs as u64 * per_epoch, "no more steps than were to be"),
        (
            history.iter().all(|epoch| is_loss(epoch.training)),
            "losses that are 0 or more, as an f32",
        ),
        // Nobody has to have looked; and what was seen may be beyond all numbers.
        (
            history.iter().all(|epoch| epoch.unseen.is_nan() || epoch.unseen >= 0.0),
            "losses on unseen sequences that are not negative",
        ),
        (
            history.iter().all(|epoch| is_loss(epoch.validation) == validation.is_some()),
            "losses of validation that are 0 or more, as an f32",
        ),
        (
            !history.is_empty() || latest.is_none_or(|latest| latest == network.theta),
            "the latest weights before the first choice",
        ),
        (v.iter().all(|v| *v >= 0.0), "mean squares that are not negative, `adam.v`"),
    ] {
        if !holds {
            return Err(bad("a checkpoint whose parts do not belong together", expected));
        }
    }
    Ok(())
}
