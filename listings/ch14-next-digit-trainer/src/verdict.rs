//! What a test set shows: luck is asked before praise.
//!
//! Suppose that the answers do not depend on the contexts. Then whoever looks at a context and answers is right
//! with the probability of that digit, so at most with that of the commonest one, q, whatever was learnt before:
//! the number of right answers of n exceeds the band of luck of n tries at q no more often than its tail says.
//! q itself is not known. In its place stands the share of the commonest answer in the very test set, known
//! only afterwards, so that no guesser could have had more of it; `tests/verdict.rs` measures that this is enough.
//!
//! All of it counts answers that are independent of each other, so a context that is asked several times counts once.

use std::collections::BTreeSet;

use digits::{DIGITS, LookupTable, Sequence, luck_band};

/// The probability with which luck leaves its band on one of the two sides: once in 2000 test sets.
pub const TAIL: f64 = 0.0005;

/// Whether a context that is asked again counts again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeats {
    /// Only the first sequence of each context counts: a line that stands twice in a file is one observation.
    Once,
    /// All count. So it is for the windows of a series: each has a digit of its own to predict, and what came
    /// before is all that can be known of it.
    All,
}

// ANCHOR: evidence
/// What counts of a test set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// How many answers were right.
    pub right: usize,
    /// Of how many that count.
    pub of: usize,
    /// The commonest of the right answers; of several, the smallest.
    pub digit: u8,
    /// How many that digit alone would have had right: no other constant answer has more.
    pub commonest: usize,
    /// How many a lookup table has right; 0 without one.
    pub table: usize,
}

impl Evidence {
    /// Counts the right ones among the `answers` to `sequences`, and what they are measured by.
    ///
    /// The `table` is one of what training held. In training itself there is none: nothing can beat it there.
    ///
    /// # Panics
    /// If there are not as many answers as sequences.
    pub fn weigh(
        sequences: &[Sequence],
        answers: &[u8],
        table: Option<&LookupTable>,
        repeats: Repeats,
    ) -> Evidence {
        assert_eq!(sequences.len(), answers.len(), "an answer to each sequence");
        let (mut right, mut of, mut by_table, mut counts) = (0, 0, 0, [0; DIGITS]);
        let mut asked = BTreeSet::new();
        for (Sequence { context, next }, answer) in sequences.iter().zip(answers) {
            if repeats == Repeats::Once && !asked.insert(context) {
                continue;
            }
            of += 1;
            counts[usize::from(*next)] += 1;
            right += usize::from(answer == next);
            by_table += usize::from(table.is_some_and(|table| table.guess(context) == *next));
        }
        let commonest = counts.into_iter().max().unwrap_or(0);
        let digit = counts.iter().position(|count| *count == commonest).unwrap_or(0) as u8;
        Evidence { right, of, digit, commonest, table: by_table }
    }

    /// What there is to beat: the better of the commonest answer and the table.
    pub fn yardstick(&self) -> usize {
        self.commonest.max(self.table)
    }

    /// The fewest and the most right answers that luck gives to what is as good as the yardstick.
    pub fn band(&self) -> (usize, usize) {
        self.band_of(self.yardstick())
    }

    fn band_of(&self, right: usize) -> (usize, usize) {
        luck_band(self.of, right as f64 / self.of.max(1) as f64, TAIL)
    }

    /// Whether there are more right answers than luck explains.
    pub fn is_beyond_luck(&self) -> bool {
        self.right > self.band().1
    }

    /// Whether any number of right answers would be beyond luck: with too few, or nearly always the same, none is.
    pub fn can_tell(&self) -> bool {
        self.band().1 < self.of
    }

    /// The share of right answers, 0 to 1, that can be relied on: with a smaller one, so many right answers come
    /// with a probability of at most [`TAIL`] (the lower bound of Clopper and Pearson).
    pub fn surely(&self) -> f64 {
        let (mut below, mut above) = (0.0, self.right as f64 / self.of.max(1) as f64);
        for _ in 0..50 {
            let middle = f64::midpoint(below, above);
            if at_least(self.right, self.of, middle) <= TAIL {
                below = middle;
            } else {
                above = middle;
            }
        }
        below
    }

    /// Whether a rule was found and not only a part of it: 99 of 100 right, and of the yardstick's errors surely
    /// no more than a tenth left.
    fn is_mastery(&self) -> bool {
        let errors = (self.of - self.yardstick()) as f64 / self.of.max(1) as f64;
        self.is_beyond_luck()
            && 100 * self.right >= 99 * self.of
            && 1.0 - self.surely() <= errors / 10.0
    }
}
// ANCHOR_END: evidence

/// The probability of at least `right` successes in `n` tries at `p`, 0 to 1.
fn at_least(right: usize, n: usize, p: f64) -> f64 {
    if p <= 0.0 || right == 0 {
        return if right == 0 { 1.0 } else { 0.0 };
    }
    let mut ln_p = n as f64 * p.ln();
    let mut sum = 0.0;
    for k in (right..=n).rev() {
        sum += ln_p.exp();
        ln_p += (k as f64 / (n - k + 1) as f64 * (1.0 - p) / p).ln();
    }
    sum
}

// ANCHOR: verdict
/// What the numbers say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nearly all right on what it never saw, and surely so.
    LearntTheRule,
    /// Better on what it never saw than luck, the commonest answer and a table explain.
    Predicts,
    /// Better than the commonest answer, but a table of the training sequences does as well.
    LikeTheTable,
    /// Better than luck in training only.
    Memorises,
    /// No better than luck, not even in training.
    LearntNothing,
    /// So few answers, or so many equal ones, that luck could have all of them right.
    CannotTell,
    /// Better than luck and the commonest answer; what was seen in training is not known.
    Better,
    /// No better than luck with the commonest answer; what was seen in training is not known.
    NoBetter,
}

impl Verdict {
    /// The verdict on a network. `independent`: whether it is known that the answers do not depend on the contexts.
    pub fn new(training: &Evidence, unseen: &Evidence, independent: bool) -> Verdict {
        if !independent && unseen.is_mastery() {
            Verdict::LearntTheRule
        } else if !independent && unseen.is_beyond_luck() {
            Verdict::Predicts
        } else if !independent && unseen.right > unseen.band_of(unseen.commonest).1 {
            Verdict::LikeTheTable
        } else if !training.can_tell() && !unseen.can_tell() {
            Verdict::CannotTell
        } else if !training.is_beyond_luck() {
            Verdict::LearntNothing
        } else if !unseen.can_tell() {
            Verdict::CannotTell
        } else {
            Verdict::Memorises
        }
    }

    /// The verdict where it is not known what the network was trained on.
    pub fn without_training(given: &Evidence, independent: bool) -> Verdict {
        if !given.can_tell() {
            Verdict::CannotTell
        } else if given.is_beyond_luck() && !independent {
            Verdict::Better
        } else {
            Verdict::NoBetter
        }
    }

    /// Whether it says that something was learnt which holds beyond training.
    pub fn is_praise(self) -> bool {
        use Verdict::{Better, LearntTheRule, LikeTheTable, Predicts};
        matches!(self, LearntTheRule | Predicts | LikeTheTable | Better)
    }

    /// One word for programs; it will not change.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::LearntTheRule => "learnt-the-rule",
            Verdict::Predicts => "predicts",
            Verdict::LikeTheTable => "like-the-table",
            Verdict::Memorises => "memorises",
            Verdict::LearntNothing => "learnt-nothing",
            Verdict::CannotTell => "cannot-tell",
            Verdict::Better => "better",
            Verdict::NoBetter => "no-better",
        }
    }
}
// ANCHOR_END: verdict
