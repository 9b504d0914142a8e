//! What is claimed for predictors that learn nothing, or only by heart.
#![allow(clippy::unwrap_used)]

use digits::{
    CHANCE, LookupTable, Sequence, Split, Task, accuracy, chance_band, chance_loss, commonest,
    generator, luck_band, memory_loss,
};
use proptest::prelude::*;

fn sequence(context: &[u8], next: u8) -> Sequence {
    Sequence { context: context.to_vec(), next }
}

#[test]
fn by_hand() {
    let data = [
        sequence(&[1], 5),
        sequence(&[1], 5),
        sequence(&[1], 6),
        sequence(&[2], 9),
        sequence(&[2], 6),
        sequence(&[3], 0),
    ];
    let table = LookupTable::learn(&data);
    // After 1 comes 5; after 2 the tie goes to the smaller; 5 and 6 are equally common, so 5 is.
    assert_eq!([1, 2, 3, 4].map(|d| table.guess(&[d])), [5, 6, 0, 5]);
    assert_eq!((table.contexts(), commonest(&data)), (3, 5));
    assert_eq!(accuracy(&data, |c| table.guess(c)), 4.0 / 6.0);
    let by_hand = (2.0 * 1.5_f64.ln() + 3.0_f64.ln() + 2.0 * 2.0_f64.ln()) / 6.0;
    assert!((memory_loss(&data) - by_hand).abs() < 1e-15);
    assert_eq!(commonest(&[]), 0);
    assert_eq!(LookupTable::learn(&[]).guess(&[1, 2]), 0);
}

/// Over ten seeds: 1000 random rows repeat a context 10⁴ (1 − 0.9999¹⁰⁰⁰) − 9000 → 1000 − 951.7 = 48 times,
/// and nine in ten repeats bring another digit: memory reaches 1 − 0.9 · 0.048 = 95.7 %, not 100.
#[test]
fn memory_of_the_articles_digits_stops_near_96_percent_and_predicts_nothing() {
    for seed in 0..10 {
        let split = Split::draw(Task::Random, 5, 1000, 1000, &mut generator(seed)).unwrap();
        let table = LookupTable::learn(&split.training);
        let ceiling = accuracy(&split.training, |c| table.guess(c));
        assert!((ceiling - 0.957).abs() < 0.02, "seed {seed}: {ceiling}");
        assert!((memory_loss(&split.training) - 0.06).abs() < 0.03);
        let right = (accuracy(&split.unseen, |c| table.guess(c)) * 1000.0).round() as usize;
        let (low, high) = chance_band(1000, 1e-6);
        assert!((low..=high).contains(&right), "seed {seed}: {right}");
    }
}

#[test]
fn memory_does_not_find_a_rule() {
    for task in [Task::Sum, Task::First] {
        for seed in 0..5 {
            let split = Split::draw(task, 5, 1000, 1000, &mut generator(seed)).unwrap();
            let table = LookupTable::learn(&split.training);
            assert_eq!(accuracy(&split.training, |c| table.guess(c)), 1.0);
            assert_eq!(memory_loss(&split.training), 0.0);
            assert!(accuracy(&split.unseen, |c| table.guess(c)) < 0.16);
            assert_eq!(accuracy(&split.unseen, |c| task.rule(c).unwrap()), 1.0);
        }
    }
}

#[test]
fn chance_by_enumeration() {
    assert!((chance_loss() - std::f64::consts::LN_10).abs() < 1e-15);
    // Two guesses: none right 0.81, one 0.18, both 0.01.
    assert_eq!(chance_band(2, 0.009), (0, 2));
    assert_eq!(chance_band(2, 0.011), (0, 1));
    assert_eq!(chance_band(0, 0.01), (0, 0));
    // Against exact rational arithmetic (Python's integers).
    assert_eq!(chance_band(20, 0.0005), (0, 7));
    assert_eq!(chance_band(1000, 0.0005), (70, 132));
    assert_eq!(chance_band(1000, 1e-6), (58, 148));
    for (n, p, band) in [
        (20, 0.2, (0, 11)),
        (100, 0.5, (34, 66)),
        (1000, 0.117, (85, 152)),
        (1000, 0.9, (868, 930)),
        (12, 0.5, (1, 11)),
        (7, 0.0, (0, 0)),
        (7, 1.0, (7, 7)),
        (0, 0.5, (0, 0)),
    ] {
        assert_eq!(luck_band(n, p, 0.0005), band, "{n} tries at {p}");
    }
    // 0.9ⁿ is 0 as a float for this n.
    let (low, high) = chance_band(100_000, 1e-6);
    assert!(low > 9_500 && low < 10_000 && high > 10_000 && high < 10_500);
}

proptest! {
    /// No function of the context beats the table where it was learnt; the floor of the loss agrees.
    #[test]
    fn the_table_is_the_ceiling(seed: u64, n in 1..300_usize, length in 2..5_usize, salt: u8) {
        let data = Task::Random.draw(n, length, &mut generator(seed)).unwrap();
        let table = LookupTable::learn(&data);
        let ceiling = accuracy(&data, |c| table.guess(c));
        let other = |c: &[u8]| c.iter().fold(salt, |h, d| h.wrapping_mul(37).wrapping_add(*d)) % 10;
        prop_assert!(accuracy(&data, other) <= ceiling);
        prop_assert!(accuracy(&data, |_| commonest(&data)) <= ceiling);
        prop_assert!(accuracy(&data, |_| commonest(&data)) >= CHANCE);
        let floor = memory_loss(&data);
        prop_assert!((0.0..=chance_loss() + 1e-12).contains(&floor));
        prop_assert_eq!(floor == 0.0, ceiling == 1.0);
    }

    #[test]
    fn bands_widen_as_the_tail_shrinks(n in 1..3000_usize, tail in 1e-9..0.1_f64) {
        let (low, high) = chance_band(n, tail);
        let (lower, higher) = chance_band(n, tail / 10.0);
        prop_assert!(lower <= low && low <= high && high <= higher && higher <= n);
    }
}
