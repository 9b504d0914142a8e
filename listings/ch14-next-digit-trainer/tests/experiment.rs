//! The experiments of chapter 14 ask for nothing that was shown, and their programs do what they are told.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::process::Command;

use digits::{DataError, Sequence, Task};
use next_digit::{Examiner, Learns, Lesson, NotFinite, Scores, Source};
use proptest::collection::vec;
use proptest::prelude::*;

/// Learns nothing, and notes down every context that it is shown.
#[derive(Default)]
struct Witness(BTreeSet<Vec<u8>>);

impl Learns for Witness {
    fn learn(&mut self, digits: &[u8], targets: &[u8]) -> Result<f64, NotFinite> {
        let context = |b: usize| digits.iter().skip(b).step_by(targets.len()).copied().collect();
        self.0.extend((0..targets.len()).map(context));
        Ok(0.0)
    }
    fn examine(&self, sequences: &[Sequence]) -> Scores {
        Scores { loss: 0.0, right: 0, of: sequences.len() }
    }
}

fn shown(lessons: &[Lesson], seed: u64) -> BTreeSet<Vec<u8>> {
    let mut witness = Witness::default();
    for lesson in lessons {
        lesson.teach(&mut witness, seed, |_, _, _| ()).unwrap();
    }
    witness.0
}

fn contexts(sequences: &[Sequence]) -> BTreeSet<Vec<u8>> {
    sequences.iter().map(|sequence| sequence.context.clone()).collect()
}

fn any_lesson() -> impl Strategy<Value = Lesson> {
    let task = prop_oneof![Just(Task::First), Just(Task::Sum), Just(Task::Random)];
    let source = prop_oneof![(1..400_usize).prop_map(Source::Repeated), Just(Source::Fresh)];
    (task, 3..6_usize, source, 1..12_u64).prop_map(|(task, digits, source, steps)| Lesson {
        task,
        digits,
        source,
        steps,
    })
}

proptest! {
    /// Whatever the lessons were, and in whatever order: a witness has seen no context that is asked for. Of three digits
    /// there are so few that chance alone would meet many.
    #[test]
    fn nothing_is_asked_that_was_shown(lessons in vec(any_lesson(), 1..4), seed: u64) {
        let mut examiner = Examiner::after(&lessons, seed).unwrap();
        let shown = shown(&lessons, seed);
        for digits in 3..6 {
            let asked = examiner.ask(50, Task::First, digits).unwrap();
            prop_assert_eq!(asked.len(), 50);
            prop_assert!(contexts(&asked).is_disjoint(&shown));
        }
    }
}

/// A fresh lesson after one that repeats a thousand: this is where the same random numbers once asked for these very
/// thousand.
#[test]
fn a_test_set_after_two_lessons_does_not_ask_for_what_the_first_repeated() {
    let repeated =
        Lesson { task: Task::First, digits: 15, source: Source::Repeated(1000), steps: 64 };
    let fresh = Lesson { source: Source::Fresh, ..repeated };
    for seed in 1..=10 {
        let ask = |lessons: &[Lesson]| {
            Examiner::after(lessons, seed).unwrap().ask(1000, Task::First, 15).unwrap()
        };
        let asked = ask(&[repeated, fresh]);
        assert!(contexts(&asked).is_disjoint(&shown(&[repeated, fresh], seed)));
        // The random numbers are the test set's own: of so many contexts it asks for the same ones after any lesson.
        assert_eq!(asked, ask(&[fresh]));
        assert_eq!(asked, ask(&[repeated]));
    }
}

#[test]
fn an_examiner_goes_on_to_others_and_says_when_there_are_none() {
    let all = Lesson { task: Task::Sum, digits: 2, source: Source::Repeated(2000), steps: 1 };
    let mut examiner = Examiner::after(&[all], 1).unwrap();
    assert_ne!(examiner.ask(5, Task::Sum, 4).unwrap(), examiner.ask(5, Task::Sum, 4).unwrap());
    let none = examiner.ask(5, Task::Sum, 2).unwrap_err();
    assert_eq!(none, DataError::NothingUnseen { found: 0, wanted: 5 });
}

#[test]
fn the_programs_of_the_records_refuse_what_they_do_not_know() {
    for program in [
        env!("CARGO_BIN_EXE_ch14-choosing"),
        env!("CARGO_BIN_EXE_ch14-fair"),
        env!("CARGO_BIN_EXE_ch14-opened"),
        env!("CARGO_BIN_EXE_ch14-repetition"),
        env!("CARGO_BIN_EXE_ch14-results"),
    ] {
        for words in [&["--quickly"][..], &["--quick", "5"]] {
            let output = Command::new(program).args(words).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(!output.status.success() && output.stdout.is_empty(), "{program} {words:?}");
            assert!(said.contains(words[words.len() - 1]), "{program} {words:?}: {said}");
        }
    }
}
