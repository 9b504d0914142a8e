//! A run: what is dealt out, what is kept, and that a run that was left goes on as if it had not been.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;

use nalgebra::DVector;
use own_sequences::{
    Alphabet, Batches, DataAbout, END, Lessons, Masks, Padded, Session, Settings, Stream, Symbol,
    draw, evaluate, evaluate_stream, from_bytes, part_sequences, part_text, sample, temper,
    to_bytes, weights_to_bytes,
};
use proptest::prelude::*;
use support::Draws;

fn settings() -> Settings {
    Settings {
        hidden: 6,
        layers: 2,
        dropout: 0.3,
        epochs: 4,
        patience: 4,
        batch: 4,
        chunk: 7,
        learning_rate: 0.02,
        clip: 1.0,
        forget_bias: Some(1.0),
        seed: u64::MAX,
    }
}

/// Thirty lines of some letters, parted.
fn lines() -> Lessons {
    let parts = part_sequences(Draws::new(1).sequences(30, 9, 6), 1);
    Lessons::Lines { training: parts.training, validation: parts.validation }
}

fn text() -> Lessons {
    let mut draws = Draws::new(2);
    let text: Vec<Symbol> = (0..400).map(|_| draws.below(6) as Symbol).collect();
    let parts = part_text(&text);
    Lessons::Text { training: parts.training, validation: parts.validation }
}

fn about(text: bool) -> DataAbout {
    DataAbout { text, alphabet: "abcde".to_owned(), fingerprint: 17 }
}

/// Everything that a run holds, as bytes.
fn bytes(session: &Session, text: bool) -> Vec<u8> {
    to_bytes(session, &about(text))
}

/// Left at any step and gone on with, a run ends with the same bytes; begun anew, too.
#[test]
fn a_run_that_was_left_ends_as_if_it_had_not_been() {
    for (is_text, lessons) in [(false, lines as fn() -> Lessons), (true, text)] {
        let mut whole = Session::new(settings(), 6, lessons());
        whole.finish().unwrap();
        let expected = bytes(&whole, is_text);
        assert!(whole.steps() > 12 && whole.history.len() == 4);

        let mut again = Session::new(settings(), 6, lessons());
        again.finish().unwrap();
        assert!(bytes(&again, is_text) == expected, "the same seed gives other bits");

        let mut broken = Session::new(settings(), 6, lessons());
        while !broken.is_done() {
            broken.step().unwrap();
            let model = from_bytes(&bytes(&broken, is_text)).unwrap();
            broken = Session::resume(model, lessons()).unwrap();
        }
        assert!(bytes(&broken, is_text) == expected, "text: {is_text}");
    }
}

#[test]
fn another_seed_is_another_run() {
    let theta = |seed| {
        let mut session = Session::new(Settings { seed, ..settings() }, 6, lines());
        session.step().unwrap();
        session.network.theta
    };
    assert_ne!(theta(1), theta(2));
}

/// The weights that are kept are those of the epoch with the lowest loss in validation, and patience ends a run.
#[test]
fn the_best_epoch_is_kept() {
    let settings = Settings {
        learning_rate: 0.1,
        epochs: 60,
        patience: 3,
        dropout: 0.0,
        layers: 1,
        ..settings()
    };
    let mut session = Session::new(settings, 6, lines());
    let mut seen = Vec::new();
    while !session.is_done() {
        if let Some(epoch) = session.step().unwrap() {
            seen.push((epoch.validation, session.network.theta.clone()));
        }
    }
    let choice = session.choice().unwrap();
    let lowest = seen.iter().map(|(loss, _)| *loss).fold(f64::INFINITY, f64::min);
    assert_eq!((choice.loss, choice.gone), (lowest, seen.len()));
    assert!(seen.len() < 60, "patience ended nothing");
    assert_eq!(choice.gone - choice.epoch, 3);
    assert_eq!(session.chosen().theta, seen[choice.epoch - 1].1);
    let Lessons::Lines { validation, .. } = lines() else { unreachable!() };
    assert_eq!(evaluate(&session.chosen(), &validation), lowest);
    // With more patience it goes on.
    session.settings.patience = 10;
    assert!(!session.is_done());
}

/// On names of a simple kind the loss falls well below what letters alone give, for five seeds.
#[test]
fn it_learns() {
    // After a comes b, after b comes c: only the beginning is a question.
    let line = |first: Symbol, length: Symbol| {
        let inner = (0..length).map(|k| 1 + (first + k) % 5);
        [END].into_iter().chain(inner).chain([END]).collect::<Vec<_>>()
    };
    let all: Vec<_> =
        (0..5).flat_map(|first| (5..9).map(move |length| line(first, length))).collect();
    for seed in 1..=5 {
        let settings = Settings {
            hidden: 12,
            layers: 1,
            dropout: 0.0,
            epochs: 60,
            patience: 60,
            seed,
            ..settings()
        };
        let lessons = Lessons::Lines { training: all.clone(), validation: all.clone() };
        let mut session = Session::new(settings, 6, lessons);
        session.finish().unwrap();
        let loss = evaluate(&session.chosen(), &all);
        // ln 5 for the first letter, ln 4 for where it ends, in about 7.5 answers.
        let best = (5.0_f64.ln() + 4.0_f64.ln()) / 7.5;
        assert!(loss < best + 0.15 && loss > best - 1e-6, "seed {seed}: {loss}, not about {best}");
    }
}

/// Chunk after chunk the states are carried over: hardly learning, a run has in training the loss of a test.
#[test]
fn a_run_on_a_text_carries_its_states() {
    let settings = Settings { learning_rate: 1e-12, dropout: 0.0, ..settings() };
    let mut session = Session::new(settings, 6, text());
    let network = session.network.clone();
    let epoch = loop {
        if let Some(epoch) = session.step().unwrap() {
            break epoch;
        }
        assert!(session.carried.iter().all(|states| states.h.amax() > 0.0));
    };
    assert!(session.carried.is_empty(), "the next epoch begins anew");
    let Lessons::Text { training, .. } = text() else { unreachable!() };
    let stream = Stream::new(&training, settings.batch, settings.chunk);
    assert!((evaluate_stream(&network, &stream) - epoch.training).abs() < 1e-9);
    let zeros = network.shape.zeros(stream.rows());
    let cut: f64 = (0..stream.chunks())
        .map(|number| stream.chunk(number).batch)
        .map(|batch| {
            let answers: usize = batch.lengths.iter().sum();
            network.loss(&batch, &zeros, None).0 * answers as f64
        })
        .sum();
    assert!((cut / stream.answers() as f64 - epoch.training).abs() > 1e-5, "carried or not");
}

/// What dropout does to a run: it learns something else.
#[test]
fn dropout_is_heard() {
    let theta = |dropout| {
        let mut session = Session::new(Settings { dropout, ..settings() }, 6, lines());
        session.step().unwrap();
        session.network.theta
    };
    assert_ne!(theta(0.0), theta(0.3));
}

/// A gradient that is cut to next to nothing moves less, even by Adam: its ε is larger then.
#[test]
fn clipping_is_heard() {
    let moved = |clip| {
        let mut session = Session::new(Settings { clip, ..settings() }, 6, lines());
        let before = session.network.theta.clone();
        session.step().unwrap();
        let pairs = before.iter().zip(&session.network.theta);
        pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    };
    assert!(moved(1e-9) < 0.2 * moved(1.0), "{} and {}", moved(1e-9), moved(1.0));
}

/// What lies side by side is of about the same length: there is a small part of the padding that chance would bring.
#[test]
fn batches_have_little_padding() {
    let sequences = Draws::new(5).sequences(600, 12, 20);
    let padding = |batch: &Padded| batch.read.len() * batch.size() - batch.places().count();
    let by_chance: usize = sequences.chunks(8).map(|some| padding(&Padded::of(some))).sum();
    let mut batches = Batches::new(sequences, 8, 1);
    let dealt: usize = (0..batches.per_epoch()).map(|step| padding(&batches.batch(step))).sum();
    assert!(dealt * 8 < by_chance, "{dealt} padded places, {by_chance} by chance");
}

/// An examination asks about all sequences, however many there are.
#[test]
fn an_examination_leaves_nothing_out() {
    let sequences = Draws::new(5).sequences(200, 12, 6);
    let network = Session::new(settings(), 6, lines()).network;
    let (mean, ..) = network.loss(&Padded::of(&sequences), &network.shape.zeros(200), None);
    assert!((evaluate(&network, &sequences) - mean).abs() < 1e-12);
    assert!((evaluate(&network, &sequences[..100]) - mean).abs() > 1e-6);
}

/// A run whose numbers explode says so.
#[test]
fn what_is_not_finite_is_an_error() {
    let settings = Settings { learning_rate: 1e308, ..settings() };
    let mut session = Session::new(settings, 6, lines());
    assert!(session.finish().is_err());
}

proptest! {
    /// Every epoch deals out every sequence once, in another order, with hardly more padding than needed.
    #[test]
    fn batches_deal_out_everything_once(count in 1..90_usize, size in 1..=9_usize, seed: u64) {
        let sequences = Draws::new(seed).sequences(count, 12, 20);
        let mut batches = Batches::new(sequences.clone(), size, seed);
        let mut dealt = |epoch: u64| -> Vec<Vec<Symbol>> {
            let mut all = Vec::new();
            for place in 0..batches.per_epoch() {
                let batch = batches.batch(epoch * batches.per_epoch() + place);
                assert!(batch.size() <= size);
                for b in 0..batch.size() {
                    let read = (0..batch.lengths[b]).map(|t| batch.read[t][b]);
                    all.push(read.chain([END]).collect::<Vec<_>>());
                }
            }
            all
        };
        let (mut first, mut second) = (dealt(0), dealt(1));
        prop_assert_eq!(&first, &dealt(0), "an epoch can be dealt again");
        if count > 20 {
            prop_assert!(first != second, "each epoch has its own order");
        }
        let mut sorted = sequences;
        sorted.sort();
        first.sort();
        second.sort();
        prop_assert_eq!(&first, &sorted);
        prop_assert_eq!(&second, &sorted);
    }

    /// The three parts are all there is, and share nothing.
    #[test]
    fn parts_share_nothing(count in 3..120_usize, seed: u64) {
        // Few letters: some lines come twice.
        let sequences = Draws::new(seed).sequences(count, 3, 4);
        let parts = part_sequences(sequences.clone(), seed);
        let all = [&parts.training, &parts.validation, &parts.unseen];
        let [training, validation, unseen] =
            all.map(|part| part.iter().cloned().collect::<BTreeSet<_>>());
        prop_assert!(training.is_disjoint(&validation) && training.is_disjoint(&unseen));
        prop_assert!(validation.is_disjoint(&unseen));
        prop_assert_eq!(all.map(Vec::len).iter().sum::<usize>(), count);
        let different = training.len() + validation.len() + unseen.len();
        if different >= 10 {
            prop_assert_eq!([validation.len(), unseen.len()], [different / 10; 2]);
        }
    }

    #[test]
    fn a_text_is_cut_in_the_order_of_reading(length in 10..500_usize) {
        let text: Vec<Symbol> = (0..length as Symbol).collect();
        let parts = part_text(&text);
        let all = [&parts.training[..], &parts.validation[1..], &parts.unseen[1..]].concat();
        prop_assert_eq!(all, text);
        prop_assert_eq!(parts.validation[0], *parts.training.last().unwrap());
        prop_assert_eq!(parts.unseen[0], *parts.validation.last().unwrap());
        prop_assert_eq!([parts.validation.len(), parts.unseen.len()], [length / 10 + 1; 2]);
    }

    /// Probabilities are drawn as often as they say; a temperature of 1 leaves them; near 0 the likeliest is certain.
    #[test]
    fn draws_are_fair(scores in prop::collection::vec(-2.0..2.0_f64, 2..6), seed: u64) {
        let logits = DVector::from_vec(scores);
        let p = temper(&logits, 1.0);
        prop_assert!((p.sum() - 1.0).abs() < 1e-12);
        let rng = &mut Draws::new(seed).0;
        let mut counts = vec![0.0; p.len()];
        (0..4000).for_each(|_| counts[draw(p.as_slice(), rng)] += 1.0);
        for (count, p) in counts.iter().zip(p.iter()) {
            let spread = (4000.0 * p * (1.0 - p)).sqrt();
            prop_assert!((count - 4000.0 * p).abs() < 5.5 * spread + 1.0, "{count} of {p}");
        }
        let cold = temper(&logits, 1e-3);
        let (best, second) = {
            let mut sorted: Vec<f64> = logits.iter().copied().collect();
            sorted.sort_by(f64::total_cmp);
            (sorted[sorted.len() - 1], sorted[sorted.len() - 2])
        };
        if best - second > 0.02 {
            prop_assert!(cold.max() > 0.999_999);
        }
        let hot = temper(&logits, 1e6);
        prop_assert!(hot.iter().all(|p| (p * hot.len() as f64 - 1.0).abs() < 1e-4));
    }
}

#[test]
fn what_cannot_be_is_never_drawn() {
    let rng = &mut Draws::new(1).0;
    for _ in 0..1000 {
        assert_eq!(draw(&[0.0, 1.0, 0.0], rng), 1);
        // Rounding left these a little below 1.
        assert!(draw(&[0.1, 1e-300, 0.0], rng) < 2);
    }
}

/// Samples begin and end with the mark, have none in between, and are no longer than asked for.
#[test]
fn samples_are_framed() {
    let mut session = Session::new(settings(), 6, lines());
    session.finish().unwrap();
    let rng = &mut Draws::new(1).0;
    let made: Vec<_> = (0..50).map(|_| sample(&session.network, 1.0, 5, rng)).collect();
    for sequence in &made {
        assert!(sequence.len() >= 2 && sequence.len() <= 7, "{sequence:?}");
        assert!(sequence[0] == END && *sequence.last().unwrap() == END);
        assert!(!sequence[1..sequence.len() - 1].contains(&END));
    }
    assert!(made.iter().any(|it| it.len() == 7) && made.iter().any(|it| it.len() < 7));
}

/// A file is believed only when every byte of it is what was written.
#[test]
fn every_flipped_bit_of_a_checkpoint_is_noticed() {
    let settings = Settings { hidden: 1, layers: 1, epochs: 1, ..settings() };
    let mut session = Session::new(settings, 6, lines());
    session.finish().unwrap();
    let bytes = bytes(&session, false);
    assert!(from_bytes(&bytes).is_ok());
    for place in 0..bytes.len() * 8 {
        let mut damaged = bytes.clone();
        damaged[place / 8] ^= 1 << (place % 8);
        assert!(from_bytes(&damaged).is_err(), "bit {place}");
    }
}

/// A file with a right checksum can still be one that no run wrote.
#[test]
fn a_checkpoint_that_contradicts_itself_is_refused() {
    type Edit = fn(&mut Session);
    let edits: [(&str, Edit); 12] = [
        ("units", |it| it.settings.hidden = 7),
        ("layers", |it| it.settings.layers = 1),
        ("dropout", |it| it.settings.dropout = 1.0),
        ("learning rate", |it| it.settings.learning_rate = 0.0),
        ("forget bias", |it| it.settings.forget_bias = Some(101.0)),
        ("at least 1", |it| it.settings.batch = 0),
        ("100000", |it| it.settings.chunk = 100_001),
        ("moments", |it| _ = it.adam.v.pop()),
        ("not negative", |it| it.adam.v[3] = -1.0),
        ("losses", |it| it.history[0].validation = -1.0),
        ("no more epochs", |it| it.settings.epochs = 1),
        ("whole layers", |it| it.carried[0].h = nalgebra::DMatrix::zeros(6, 3)),
    ];
    let mut session = Session::new(settings(), 6, text());
    (0..30).for_each(|_| _ = session.step().unwrap());
    assert!(session.history.len() > 1 && !session.carried.is_empty());
    assert!(from_bytes(&bytes(&session, true)).is_ok());
    for (expected, edit) in edits {
        let mut other = session.clone();
        edit(&mut other);
        let error = from_bytes(&bytes(&other, true)).unwrap_err();
        assert!(
            error.expected.contains(expected) || error.expected.contains("carried"),
            "{expected}: {error}"
        );
    }
    let other = DataAbout { alphabet: "abc".to_owned(), ..about(true) };
    let error = from_bytes(&to_bytes(&session, &other)).unwrap_err();
    assert!(error.found.contains("an alphabet of 4 symbols"), "{error}");
    // And one that is right, but of another text.
    let model = from_bytes(&bytes(&session, true)).unwrap();
    let Lessons::Text { training, validation } = text() else { unreachable!() };
    let other = Lessons::Text { training: training[..60].to_vec(), validation };
    assert!(Session::resume(model, other).is_none());
}

/// The weights alone come back, to the bit, and bring their alphabet along.
#[test]
fn weights_come_back() {
    let mut session = Session::new(settings(), 6, lines());
    session.finish().unwrap();
    let alphabet = Alphabet::of(["abcde"]).unwrap();
    let model = from_bytes(&weights_to_bytes(&session.network, &alphabet)).unwrap();
    assert!(model.run.is_none());
    assert_eq!((&model.network, model.alphabet), (&session.network, Some(alphabet)));
    // And nothing else is taken for them.
    let other = Alphabet::of(["abc"]).unwrap();
    let error = from_bytes(&weights_to_bytes(&session.network, &other)).unwrap_err();
    assert!(error.found.contains("4 symbols"), "{error}");
}

/// Masks are drawn anew at each step, and an examination has none.
#[test]
fn noise_is_only_in_training() {
    let settings = Settings { epochs: 1, ..settings() };
    let session = Session::new(settings, 6, lines());
    let network = &session.network;
    let batch = Padded::of(&Draws::new(3).sequences(4, 6, 6));
    let zeros = network.shape.zeros(4);
    let masks = Masks::draw(0.5, (2, 6), (batch.read.len(), 4), &mut Draws::new(1).0);
    let [with, without] = [Some(&masks), None].map(|masks| network.loss(&batch, &zeros, masks).0);
    assert_ne!(with, without);
    let none = Masks::draw(0.0, (2, 6), (batch.read.len(), 4), &mut Draws::new(1).0);
    assert_eq!(network.loss(&batch, &zeros, Some(&none)).0, without);
}
