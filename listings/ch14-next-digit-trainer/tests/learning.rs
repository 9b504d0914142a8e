//! What the book claims about learning, over five seeds each, beside what needs no network.
//!
//! The sizes are smaller than in records/results.txt, so that this stays quick.
#![allow(clippy::unwrap_used)]

use digits::{
    LookupTable, Split, Task, accuracy, chance_band, chance_loss, generator, memory_loss,
};
use next_digit::{PlainTrainer, Scores, Session, Settings, evaluate};

const SEEDS: std::ops::RangeInclusive<u64> = 1..=5;

fn settings(seed: u64, epochs: usize) -> Settings {
    Settings {
        hidden: 16,
        epochs,
        batch: 16,
        learning_rate: 0.01,
        clip: None,
        forget_bias: None,
        seed,
    }
}

fn draw(task: Task, length: usize, training: usize, unseen: usize, seed: u64) -> Split {
    Split::draw(task, length, training, unseen, &mut generator(seed)).unwrap()
}

/// How a trained LSTM does on what it learned from, and on the rest.
fn lstm(split: &Split, settings: Settings) -> [Scores; 2] {
    let mut session = Session::<f32>::new(settings, &split.training, 1);
    session.finish().unwrap();
    [&split.training, &split.unseen].map(|part| evaluate(&session.trainer.network, part))
}

fn plain(split: &Split, settings: Settings) -> [Scores; 2] {
    let trainer = PlainTrainer::train(&settings, &split.training).unwrap();
    [&split.training, &split.unseen].map(|part| trainer.evaluate(part))
}

/// The article's task: by heart, and for nothing. The plain network does the same.
#[test]
fn random_digits_are_memorised_and_not_predicted() {
    // Guessing has more than 43 of 200 right less than once in a million. On 1000 sequences a guesser is right 58 to
    // 148 times, but for two runs in a million.
    assert_eq!((chance_band(200, 1e-6).1, chance_band(1000, 1e-6)), (43, (58, 148)));
    for seed in SEEDS {
        let split = draw(Task::Random, 5, 200, 1000, seed);
        let table = LookupTable::learn(&split.training);
        let ceiling = accuracy(&split.training, |context| table.guess(context));
        for [training, unseen] in
            [lstm(&split, settings(seed, 60)), plain(&split, settings(seed, 100))]
        {
            assert!(training.accuracy() > ceiling - 0.03, "seed {seed}: {training:?}");
            assert!(training.accuracy() <= ceiling, "nothing is above the ceiling of memory");
            assert!(training.loss >= memory_loss(&split.training));
            assert!((58..=148).contains(&unseen.right), "seed {seed}: {unseen:?}");
            // By its loss it is worse than a guesser: it is sure of what it cannot know.
            assert!(unseen.loss > chance_loss() + 1.0, "seed {seed}: {unseen:?}");
        }
    }
}

/// A rule that can be learned is learned, far beyond what the table and the commonest digit reach.
#[test]
fn sums_are_learned() {
    for seed in SEEDS {
        let split = draw(Task::Sum, 5, 2000, 500, seed);
        let table = LookupTable::learn(&split.training);
        let by_table = accuracy(&split.unseen, |context| table.guess(context));
        assert!(by_table < 0.2, "seed {seed}: the table, like the commonest digit, has {by_table}");
        let [_, unseen] = lstm(&split, settings(seed, 20));
        assert!(unseen.accuracy() >= 0.99, "seed {seed}: {unseen:?}");
    }
}

/// Five digits are short enough for both networks.
#[test]
fn the_first_of_five_digits_is_remembered() {
    for seed in SEEDS {
        let split = draw(Task::First, 5, 500, 500, seed);
        for [_, unseen] in [lstm(&split, settings(seed, 10)), plain(&split, settings(seed, 20))] {
            assert!(unseen.accuracy() >= 0.99, "seed {seed}: {unseen:?}");
        }
    }
}

/// Twenty digits, with gradients clipped: the LSTM whose forget gates begin open remembers for every seed, the plain
/// network on the same data and budget only for some. (With the forget gates as they are drawn, the LSTM fails for some
/// seeds too: records/results.txt.)
#[test]
fn the_first_of_twenty_digits_is_safe_with_open_gates() {
    let (mut by_lstm, mut by_plain) = (Vec::new(), Vec::new());
    for seed in SEEDS {
        let split = draw(Task::First, 20, 1000, 500, seed);
        let clipped = Settings { hidden: 32, batch: 32, clip: Some(1.0), ..settings(seed, 25) };
        let [_, unseen] = lstm(&split, Settings { forget_bias: Some(3.0), ..clipped });
        by_lstm.push(unseen.right);
        by_plain.push(plain(&split, clipped)[1].right);
    }
    println!("of 500: {by_lstm:?} and {by_plain:?}");
    assert!(by_lstm.iter().all(|right| *right >= 495), "{by_lstm:?}");
    assert!(by_plain.iter().filter(|right| **right >= 495).count() <= 2, "{by_plain:?}");
}

/// Drawn as they come, all progressions leak into training and it looks as if the rule were learned. Dealt out
/// without repetition, 80 to learn from and 20 to be examined on, it is not: by neither network.
#[test]
fn progressions_only_seem_to_be_learned() {
    for seed in SEEDS {
        let mut rng = generator(seed);
        let training = Task::Progression.draw(1000, 5, &mut rng).unwrap();
        let unseen = Task::Progression.draw(500, 5, &mut rng).unwrap();
        let drawn = Split { training, unseen };
        for [_, leaked] in [lstm(&drawn, settings(seed, 15)), plain(&drawn, settings(seed, 30))] {
            assert!(leaked.accuracy() > 0.9, "seed {seed}: {leaked:?}");
        }
        let dealt = draw(Task::Progression, 5, 80, 20, seed);
        for [training, unseen] in
            [lstm(&dealt, settings(seed, 100)), plain(&dealt, settings(seed, 100))]
        {
            assert!(training.accuracy() > 0.95, "seed {seed}: {training:?}");
            // A guesser has at most 7 of 20, but for one run in 2000.
            assert!(unseen.right <= chance_band(20, 0.0005).1, "seed {seed}: {unseen:?}");
            assert!(unseen.loss > chance_loss(), "seed {seed}: {unseen:?}");
        }
    }
}

/// The plain network sees the same batches and is the same at every run.
#[test]
fn the_plain_network_is_the_same_at_every_run() {
    let split = draw(Task::Sum, 5, 60, 20, 1);
    let run = |seed: u64| PlainTrainer::train(&settings(seed, 2), &split.training).unwrap();
    assert_eq!(run(1).rnn, run(1).rnn);
    assert_ne!(run(1).rnn, run(2).rnn);
    let wild = Settings { learning_rate: 1e308, ..settings(1, 3) };
    assert!(PlainTrainer::train(&wild, &split.training).is_err());
}
