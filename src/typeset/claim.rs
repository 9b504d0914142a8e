//! What the page concludes from numbers is evaluated on them, and marked.

use super::draft::Draft;
use crate::claim::rule::conclusions;

pub(super) fn set(draft: &mut Draft<'_>) {
    let press = draft.press;
    let found = conclusions(&press.project, &press.listings, draft.page, draft.words());
    let predicates = found.claims.iter().map(|claim| claim.predicates.len());
    draft.counts.claims += predicates.sum::<usize>();
    draft.counts.excused += found.excused.len();
    draft.counts.findings += found.findings.len();
    found.problems.into_iter().for_each(|problem| draft.wrong(problem));
    found.edits.into_iter().for_each(|(range, html)| draft.replace(range, html));
}
