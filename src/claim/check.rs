//! Whether a claim holds on what was printed, and whether it could have failed.

use super::doubt::idle;
use super::predicate::{Fault, Part, Predicate};

/// Holds a predicate against the numbers that were printed.
///
/// # Errors
/// The part that is false, without a truth value, or true whatever was printed.
pub(super) fn check(predicate: &Predicate) -> Result<(), Fault> {
    let numbers: Vec<Vec<f64>> =
        predicate.references.iter().map(|reference| reference.numbers()).collect();
    predicate.parts.iter().try_for_each(|part| check_part(predicate, part, &numbers))
}

fn check_part(predicate: &Predicate, part: &Part, numbers: &[Vec<f64>]) -> Result<(), Fault> {
    let found = || {
        let mut used = part.uses.clone();
        used.sort_unstable();
        let used: Vec<String> = used.iter().map(|&at| predicate.references[at].found()).collect();
        used.join("; ")
    };
    match predicate.truth(part, numbers) {
        Ok(true) => {}
        Ok(false) => {
            return Err(Fault::new(
                format!("`{}` is false; {}", part.text, found()),
                "a conclusion that follows from what was printed",
                "mend the sentence, or what it claims, if that is not what the sentence says",
            ));
        }
        Err(why) => {
            return Err(Fault::new(
                format!("{why}, in `{}`; {}", part.text, found()),
                "a predicate that is true or false",
                "compare numbers with numbers; of a column, say `all(…)`, `any(…)` or `count(…) == …`",
            ));
        }
    }
    match idle(predicate, part, numbers) {
        None => Ok(()),
        Some(idle) => Err(Fault::new(
            format!("`{}`, which stays true whatever {idle} is", part.text),
            "a claim that each of its numbers could make false",
            "compare the number with what the sentence compares it with, or leave it out",
        )),
    }
}
