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
        let variants = self.variants(used);
        let flips = |others: &[Vec<f64>]| {
            let mut numbers = others.to_vec();
            let Ok(before) = self.predicate.truth(self.part, &numbers) else { return false };
            variants.iter().any(|variant| {
                numbers[used].clone_from(variant);
                // An error is no answer: `1 / 0` refutes nothing.
                self.predicate.truth(self.part, &numbers).is_ok_and(|after| after != before)
            })
        };
        flips(self.real) || self.others(used).any(|others| flips(&others))
    }

    /// The real numbers with those of another reference changed, or of all others at once.
    fn others(&self, used: usize) -> impl Iterator<Item = Vec<Vec<f64>>> {
        let with = move |changed: &[(usize, Vec<f64>)]| {
            let mut numbers = self.real.to_vec();
            for (other, variant) in changed {
                numbers[*other].clone_from(variant);
            }
            numbers
        };
        let others = self.part.uses.iter().copied().filter(move |&other| other != used);
        let one = others.clone().flat_map(move |other| {
            self.variants(other).into_iter().map(move |variant| with(&[(other, variant)]))
        });
        let all = CHANGES.into_iter().map(move |change| {
            let changed = others.clone().map(|other| {
                (other, self.real[other].iter().map(|&number| change(number)).collect())
            });
            with(&changed.collect::<Vec<_>>())
        });
        one.chain(all)
    }

    /// Other numbers for a reference: all of its cells changed, each alone, turned round, and made equal to what
    /// the part compares them with.
    fn variants(&self, used: usize) -> Vec<Vec<f64>> {
        let real = &self.real[used];
        let mut variants: Vec<Vec<f64>> =
            CHANGES.iter().map(|change| real.iter().map(|&x| change(x)).collect()).collect();
        variants.push(real.iter().rev().copied().collect());
        for &other in self.part.uses.iter().filter(|&&other| other != used) {
            let other = &self.real[other];
            if other.len() == real.len() {
                variants.push(other.clone());
            }
            variants.extend(other.first().map(|&number| vec![number; real.len()]));
        }
        for &literal in &self.literals {
            variants.extend([-1.0, 0.0, 1.0].map(|by| vec![literal + by; real.len()]));
        }
        for cell in (0..real.len()).filter(|_| real.len() > 1) {
            let alone = CHANGES.iter().map(|change| change(real[cell]));
            for number in alone.chain([real[(cell + 1) % real.len()]]) {
                let mut changed = real.clone();
                changed[cell] = number;
                variants.push(changed);
            }
        }
        variants
    }
}
