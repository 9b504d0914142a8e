//! Whether a claim could have been false: a search for numbers that make it so.
//!
//! A number that a part of a claim refers to is idle if no change of it, whatever the others are, changes
//! whether the part holds. What is said about an idle number was not checked.

use super::predicate::{Part, Predicate};
use crate::project::numbers;

/// What is done to a number. The large ones are for bounds that lie far off.
const CHANGES: [fn(f64) -> f64; 12] = [
    |x| -x,
    |x| 2.0 * x,
    |x| 0.5 * x,
    |_| 0.0,
    |x| x + 1.0,
    |x| x - 1.0,
    |x| x + 1e3,
    |x| x - 1e3,
    |x| 1e3 * x,
    |x| 1e-3 * x,
    |x| x + 1e18,
    |x| x - 1e18,
];

/// The first reference of a part that could be anything, in braces; none if each could make it false.
pub(super) fn idle(predicate: &Predicate, part: &Part, real: &[Vec<f64>]) -> Option<String> {
    let search = Search { predicate, part, real, literals: literals(&part.text) };
    let idle = part.uses.iter().find(|&&used| !search.matters(used))?;
    Some(format!("{{{}}}", predicate.references[*idle].written))
}

/// The numbers that a part writes out.
fn literals(text: &str) -> Vec<f64> {
    let outside = text.split('{').map(|piece| piece.rsplit('}').next().unwrap_or_default());
    let written = outside.flat_map(|piece| numbers(piece).into_iter().map(|at| piece[at].parse()));
    written.filter_map(Result::ok).collect()
}

struct Search<'a> {
    predicate: &'a Predicate,
    part: &'a Part,
    real: &'a [Vec<f64>],
    literals: Vec<f64>,
}

impl Search<'_> {
    /// Whether the part can be made to hold and not to hold by this reference alone: first beside the real
    /// numbers of the others, then beside others.
    fn matters(&self, used: usize) -> bool {
        let flips = |others: &[Vec<f64>]| {
            let mut numbers = others.to_vec();
            let Ok(before) = self.predicate.truth(self.part, &numbers) else { return false };
            self.variants(used).any(|variant| {
                numbers[used] = variant;
                // An error is no answer: `1 / 0` refutes nothing.
                self.predicate.truth(self.part, &numbers).is_ok_and(|after| after != before)
            })
        };
        flips(self.real) || self.others(used).any(|others| flips(&others))
    }

    /// The references of the part but for one.
    fn but(&self, used: usize) -> impl Iterator<Item = usize> + Clone {
        self.part.uses.iter().copied().filter(move |&other| other != used)
    }

    /// The real numbers with those of another reference changed, or of all others at once.
    fn others(&self, used: usize) -> impl Iterator<Item = Vec<Vec<f64>>> {
        let one = self.but(used).flat_map(move |other| {
            self.variants(other).map(move |variant| {
                let mut numbers = self.real.to_vec();
                numbers[other] = variant;
                numbers
            })
        });
        let all = CHANGES.into_iter().map(move |change| {
            let mut numbers = self.real.to_vec();
            for other in self.but(used) {
                numbers[other].iter_mut().for_each(|number| *number = change(*number));
            }
            numbers
        });
        all.chain(one)
    }

    /// Other numbers for a reference: all of its cells changed, turned round, and made equal to what the part
    /// compares them with; then each cell changed alone.
    fn variants(&self, used: usize) -> impl Iterator<Item = Vec<f64>> {
        let real = &self.real[used];
        let like = move |number: f64| vec![number; real.len()];
        let changed = CHANGES.iter().map(|change| real.iter().map(|&x| change(x)).collect());
        let reversed = std::iter::once_with(|| real.iter().rev().copied().collect());
        let columns = self.but(used).map(|other| self.real[other].clone());
        let columns = columns.filter(|other| other.len() == real.len());
        let numbers = self.but(used).filter_map(|other| self.real[other].first().copied());
        let literals =
            self.literals.iter().flat_map(|literal| [-1.0, 0.0, 1.0].map(|by| literal + by));
        let cells = (0..real.len()).filter(|_| real.len() > 1);
        let alone = cells.flat_map(move |cell| {
            let next = real[(cell + 1) % real.len()];
            let changed = CHANGES.iter().map(move |change| change(real[cell]));
            changed.chain([next]).map(move |number| {
                let mut changed = real.clone();
                changed[cell] = number;
                changed
            })
        });
        let whole = changed.chain(reversed).chain(columns);
        whole.chain(numbers.chain(literals).map(like)).chain(alone)
    }
}
