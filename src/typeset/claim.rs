//! What the page concludes from numbers is evaluated on them, and marked.

use super::draft::Draft;
use crate::claim::rule::Conclusions;

pub(super) fn set(draft: &mut Draft<'_>, found: &Conclusions) {
    let predicates = found.claims.iter().map(|claim| claim.predicates.len());
    draft.counts.claims += predicates.sum::<usize>();
    draft.counts.excused += found.excused.len();
    draft.counts.findings += found.findings.len();
    found.problems.iter().for_each(|problem| draft.wrong(problem.clone()));
    found.edits.iter().for_each(|(range, html)| draft.replace(range.clone(), html.clone()));
}
