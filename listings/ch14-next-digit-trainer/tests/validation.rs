//! What is held aside is new to the network, chooses the epoch, and decides when the patience ends: the same epoch
//! whether the run was stopped on the way or not.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use digits::{Sequence, Split, Task, generator, share_seen};
use next_digit::{
    Choice, DataAbout, Epoch, Session, Settings, Validation, evaluate, fingerprint, from_bytes,
    hold_aside, hold_end, to_bytes,
};
use proptest::collection::vec;
use proptest::prelude::*;

fn sequences(digits: &[(u8, u8)]) -> Vec<Sequence> {
    let sequence = |&(context, next): &(u8, u8)| Sequence { context: vec![context, 7], next };
    digits.iter().map(sequence).collect()
}

fn contexts(sequences: &[Sequence]) -> BTreeSet<&[u8]> {
    sequences.iter().map(|sequence| sequence.context.as_slice()).collect()
}

proptest! {
    /// Few contexts that occur often, many that occur once: no context on both sides, nothing lost, not more than asked
    /// for, and no context passed over that would have fitted.
    #[test]
    fn what_is_held_aside_is_new(
        digits in vec((0..10_u8, 0..10_u8), 1..60), wanted in 1..80_usize, seed: u64,
    ) {
        let all = sequences(&digits);
        let (learnt, held) = hold_aside(all.clone(), wanted, seed);
        prop_assert!(contexts(&learnt).is_disjoint(&contexts(&held)));
        prop_assert!(!learnt.is_empty() && held.len() <= wanted);
        prop_assert_eq!(hold_aside(all.clone(), wanted, seed), (learnt.clone(), held.clone()));
        let mut parted = [learnt.clone(), held.clone()].concat();
        let mut expected = all;
        parted.sort();
        expected.sort();
        prop_assert_eq!(parted, expected);
        let size = |context: &[u8]| learnt.iter().filter(|s| s.context == context).count();
        let fit = contexts(&learnt).into_iter().filter(|c| held.len() + size(c) <= wanted).count();
        prop_assert!(fit <= 1, "one context is always left to learn from, but {} would fit", fit);
    }

    /// Of a series, the end: no digit of it is in what is learnt from.
    #[test]
    fn of_a_series_the_end_is_held_aside(
        length in 6..80_usize, size in 2..6_usize, wanted in 1..90_usize,
    ) {
        // Places in time stand for the digits, so that each is its own.
        let series: Vec<u8> = (0..length as u8).collect();
        let window = |w: &[u8]| Sequence { context: w[..size - 1].to_vec(), next: w[size - 1] };
        let all: Vec<Sequence> = series.windows(size).map(window).collect();
        let count = all.len();
        let (learnt, held) = hold_end(all.clone(), wanted);
        prop_assert_eq!(held.len(), wanted.min(count));
        prop_assert_eq!(learnt.len(), count.saturating_sub(wanted + size - 1));
        prop_assert!(all.starts_with(&learnt) && all.ends_with(&held));
        if let Some(last) = learnt.last() {
            prop_assert!(last.next < held[0].context[0]);
            prop_assert_eq!(last.next + 1, held[0].context[0]);
        }
    }

    /// On every task: exactly as many as asked for where contexts are rare, and none of them in the test set's part.
    #[test]
    fn drawn_tasks_hold_aside_what_was_asked_for(task in 0..4_usize, seed: u64) {
        let task = Task::ALL[task];
        let (training, unseen) = if task == Task::Progression { (80, 20) } else { (300, 100) };
        let split = Split::draw(task, 5, training, unseen, &mut generator(seed)).unwrap();
        let (learnt, held) = hold_aside(split.training, 60, seed);
        prop_assert_eq!((learnt.len(), held.len()), (training - 60, 60));
        prop_assert_eq!(share_seen(&learnt, &held), 0.0);
        prop_assert_eq!(share_seen(&held, &split.unseen), 0.0);
    }

    /// The choice, beside a loop that walks through the losses as they come in.
    #[test]
    fn the_first_of_the_best_epochs_is_chosen(
        losses in vec(0..6_u8, 1..40), patience in 1..10_usize,
    ) {
        let (mut best, mut waited, mut end) = (usize::MAX, 0, None);
        for (place, loss) in losses.iter().enumerate() {
            if best == usize::MAX || *loss < losses[best] {
                (best, waited) = (place, 0);
            } else {
                waited += 1;
            }
            if waited == patience && end.is_none() {
                end = Some(place + 1);
            }
        }
        let history: Vec<Epoch> = losses
            .iter()
            .map(|&loss| Epoch { training: 1.0, unseen: f64::NAN, validation: f64::from(loss) })
            .collect();
        let choice = Choice::among(&history, None).unwrap();
        prop_assert_eq!((choice.epoch, choice.gone, choice.stopped), (best + 1, losses.len(), false));
        prop_assert_eq!(choice.loss, f64::from(losses[best]));
        let stopped = |gone: &usize| Choice::among(&history[..*gone], Some(patience)).unwrap().stopped;
        prop_assert_eq!((1..=losses.len()).find(stopped), end);
    }
}

const SETTINGS: Settings = Settings {
    hidden: 6,
    epochs: 30,
    batch: 16,
    learning_rate: 0.03,
    clip: None,
    forget_bias: None,
    seed: 3,
};

/// Random digits, on which the loss of validation soon gets worse.
struct Setting {
    learnt: Vec<Sequence>,
    held: Vec<Sequence>,
    about: DataAbout,
}

fn setting() -> Setting {
    let split = Split::draw(Task::Random, 5, 70, 20, &mut generator(3)).unwrap();
    let about = DataAbout {
        task: Some("random".into()),
        digits: 5,
        training: 70,
        unseen: 20,
        fingerprint: fingerprint(&split.training, &split.unseen),
        window: None,
        memory: None,
    };
    let (learnt, held) = hold_aside(split.training, 20, 3);
    Setting { learnt, held, about }
}

impl Setting {
    fn begin(&self, epochs: usize, patience: Option<usize>) -> Session<f32> {
        let mut session = Session::new(Settings { epochs, ..SETTINGS }, &self.learnt, 1);
        session.validation =
            Some(Validation::new(self.learnt.len(), self.held.clone(), 20, patience));
        session
    }

    fn bytes(&self, session: &Session<f32>) -> Vec<u8> {
        to_bytes(session, &self.about)
    }

    /// Through a checkpoint, with the patience that is to hold from then on.
    fn resume(&self, session: &Session<f32>, patience: Option<usize>) -> Session<f32> {
        let mut model = from_bytes(&self.bytes(session)).unwrap();
        let about = &mut model.run.as_mut().unwrap().about;
        about.validation.as_mut().unwrap().patience = patience;
        Session::resume(model, &self.learnt, &self.held, 2).unwrap()
    }
}

/// Validation looks, it does not touch: the same steps as without it. What is kept are the weights of the epoch with
/// the lowest loss, and they are what a file holds under PyTorch's names.
#[test]
fn the_best_weights_are_kept() {
    let setting = setting();
    let mut plain = Session::<f32>::new(SETTINGS, &setting.learnt, 1);
    let mut session = setting.begin(SETTINGS.epochs, None);
    let mut after = Vec::new();
    while !session.is_done() {
        plain.step().unwrap();
        if session.step().unwrap().is_some() {
            after.push(plain.trainer.network.clone());
        }
    }
    assert_eq!(session.trainer.network, plain.trainer.network);
    let losses: Vec<f64> = after.iter().map(|n| evaluate(n, &setting.held).loss).collect();
    let lowest = losses.iter().copied().fold(f64::INFINITY, f64::min);
    let choice = session.choice().unwrap();
    assert_eq!((losses[choice.epoch - 1], choice.loss), (lowest, lowest));
    assert!((1..SETTINGS.epochs).contains(&choice.epoch), "a task on which the last is not best");
    assert_eq!(session.network(), &after[choice.epoch - 1]);
    let model = from_bytes(&setting.bytes(&session)).unwrap();
    assert_eq!(&model.network, session.network());
    assert_eq!(model.run.unwrap().choice(), Some(choice));
}

/// Stopped after every possible step, within the wait too.
#[test]
fn a_resumed_run_chooses_and_stops_as_an_undisturbed_one() {
    let setting = setting();
    let mut whole = setting.begin(SETTINGS.epochs, Some(3));
    whole.finish().unwrap();
    let choice = whole.choice().unwrap();
    assert!(choice.stopped && choice.gone == choice.epoch + 3 && choice.gone < SETTINGS.epochs);
    let expected = setting.bytes(&whole);
    let mut running = setting.begin(SETTINGS.epochs, Some(3));
    loop {
        let mut resumed = setting.resume(&running, Some(3));
        resumed.finish().unwrap();
        assert!(setting.bytes(&resumed) == expected, "stopped after step {}", running.steps());
        if running.is_done() {
            break;
        }
        running.step().unwrap();
    }
}

/// More patience goes on to where a run with that patience from its start would have come; more epochs alone don't.
#[test]
fn only_more_patience_goes_on() {
    let setting = setting();
    let mut short = setting.begin(SETTINGS.epochs, Some(2));
    short.finish().unwrap();
    for patience in [Some(2), Some(6), None] {
        let mut expected = setting.begin(SETTINGS.epochs, patience);
        expected.finish().unwrap();
        let mut resumed = setting.resume(&short, patience);
        resumed.finish().unwrap();
        assert!(setting.bytes(&resumed) == setting.bytes(&expected), "{patience:?}");
    }
    let mut more = setting.resume(&short, Some(2));
    more.settings.epochs += 100;
    assert!(more.is_done());
}
