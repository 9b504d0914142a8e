//! Exercises: a chapter's page sets each one of its listing, and no other.

use super::draft::Draft;

pub(super) fn check(draft: &mut Draft<'_>) {
    let package = draft.page.number().map(|number| format!("ch{number:02}"));
    let listing = package.and_then(|package| draft.press.listings.get(&package));
    let exercises = listing.map_or(&[][..], |listing| &listing.exercises);
    let source = draft.page.source();
    for (listing, name) in listing.iter().flat_map(|it| it.exercises.iter().map(move |n| (it, n))) {
        let command = format!("cargo run -p {} --example {name}", listing.package);
        if source.contains(&command) {
            draft.counts.exercises += 1;
        } else {
            draft.problem(
                0,
                format!("no exercise with `{command}`"),
                "each exercise of the listing set on the chapter's page",
                "write the exercise, or delete its example",
            );
        }
    }
    const EXAMPLE: &str = "--example ";
    for (at, _) in source.match_indices(EXAMPLE) {
        let name = &source[at + EXAMPLE.len()..];
        let end = name.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(name.len());
        let name = &name[..end];
        if name.starts_with("exercise_") && !exercises.iter().any(|exercise| exercise == name) {
            draft.problem(
                at,
                format!("the example `{name}`"),
                format!("one of: {}", exercises.join(", ")),
                "correct the command",
            );
        }
    }
}
