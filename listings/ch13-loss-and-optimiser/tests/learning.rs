//! What chapter 13 says about learning, in small: five seeds, each beside what a guesser reaches.

use std::collections::BTreeSet;

use digits::{Task, chance_band};
use loss_and_optimiser::{By, Trial};

const SEEDS: std::ops::RangeInclusive<u64> = 1..=5;

/// The article's kind of question: four digits, and the sum of the last two.
const SUM: Trial =
    Trial { task: Task::Sum, digits: 4, forget_bias: None, by: By::Adam(0.01), limit: None };

/// A memory: ten digits, and the first of them.
const FIRST: Trial = Trial { task: Task::First, digits: 10, ..SUM };

fn right(trial: Trial, steps: usize) -> Vec<usize> {
    SEEDS.map(|seed| trial.right_after(seed, steps)).collect()
}

/// As a guesser does: but for one run in a million.
fn by_chance(right: &[usize]) -> bool {
    let (low, high) = chance_band(1000, 1e-6);
    right.iter().all(|right| (low..=high).contains(right))
}

fn learnt(right: &[usize]) -> bool {
    right.iter().all(|right| *right >= 980)
}

/// A tenth of all contexts is asked for, and fifty thousand sequences are learnt from: what is asked is new all the same.
#[test]
fn nothing_that_is_asked_is_learnt_from() {
    let (unseen, others) = SUM.sequences(1);
    let asked: BTreeSet<Vec<u8>> = unseen.iter().map(|s| s.context.clone()).collect();
    let learnt: BTreeSet<Vec<u8>> = others.take(50_000).map(|s| s.context).collect();
    assert!(unseen.len() == 1000 && asked.is_disjoint(&learnt));
    assert!(asked.len() + learnt.len() > 9_800, "nearly all contexts are used");
}

/// Of the hundred contexts of two digits, a thousand questions leave none to learn from.
#[test]
#[should_panic(expected = "a context that is not asked for")]
fn a_test_set_that_asks_everything_leaves_nothing_to_learn_from() {
    Trial { digits: 2, ..SUM }.sequences(1).1.next();
}

#[test]
fn adam_learns_where_descent_has_hardly_begun() {
    let adam = right(SUM, 450);
    assert!(learnt(&adam), "{adam:?}");
    let descent = right(Trial { by: By::Sgd(0.3), ..SUM }, 450);
    assert!(descent.iter().all(|right| *right < 500), "{descent:?}");
    let start = right(SUM, 0);
    assert!(by_chance(&start), "{start:?}");
}

/// Adam divides a gradient by its usual length, so that shortening all of them changes little.
#[test]
fn adam_does_not_mind_clipping() {
    let clipped = right(Trial { limit: Some(0.01), ..SUM }, 450);
    assert!(learnt(&clipped), "{clipped:?}");
}

/// At a learning rate that is too large for momentum, clipping is what makes it learn.
#[test]
fn momentum_needs_clipping_at_a_large_rate() {
    let by = By::Momentum(3.0);
    let clipped = right(Trial { by, limit: Some(0.1), ..SUM }, 1000);
    let whole = right(Trial { by, ..SUM }, 1000);
    assert!(whole.iter().all(|right| *right < 250), "{whole:?}");
    assert!(clipped.iter().all(|right| *right > 250), "{clipped:?}");
}

#[test]
fn a_memory_of_ten_steps_needs_a_forget_bias() {
    let open = right(Trial { forget_bias: Some(3.0), ..FIRST }, 200);
    assert!(learnt(&open), "{open:?}");
    let middle = right(Trial { forget_bias: Some(0.0), ..FIRST }, 200);
    assert!(middle.iter().all(|right| *right < 300), "{middle:?}");
}

/// Where only the last two of eight digits count, the same bias is a hindrance.
#[test]
fn a_forget_bias_hinders_where_forgetting_is_the_task() {
    let sum = Trial { digits: 8, ..SUM };
    let middle = right(Trial { forget_bias: Some(0.0), ..sum }, 350);
    assert!(learnt(&middle), "{middle:?}");
    let open = right(Trial { forget_bias: Some(6.0), ..sum }, 350);
    assert!(open.iter().all(|right| *right < 800), "{open:?}");
}
