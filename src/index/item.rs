//! What an excerpt is about: the names of Rust's items, as readers call them.

/// What the excerpt from `line` (from 1) on, `lines` long, is about: the first item in it, as readers
/// call it (`Gate`, `Gate::forward`, `keep`); or, if it holds none, the function that it lies in.
pub(super) fn item_name(listing: &str, line: usize, lines: usize) -> String {
    let all: Vec<&str> = listing.lines().collect();
    let start = (line - 1).min(all.len());
    let inside = (start..all.len()).take(lines).find(|&at| item(all[at]).is_some());
    let around = || (0..start).rev().find(|&at| function(all[at]).is_some());
    inside.or_else(around).map_or_else(String::new, |at| qualified(&all, at))
}

/// The function that computes what the excerpt from `line` on, `lines` long, is about: the first in it (`Gate::forward`);
/// that which it lies in; or the first below it, as with a struct.
pub(super) fn function_name(listing: &str, line: usize, lines: usize) -> String {
    let all: Vec<&str> = listing.lines().collect();
    let is_function = |at: &usize| function(all[*at]).is_some();
    let start = (line - 1).min(all.len());
    let inside = (start..all.len()).take(lines).find(is_function);
    let lies_in_one = all.get(start).is_some_and(|text| text.starts_with("    "));
    let around = || (0..start).rev().filter(|_| lies_in_one).find(is_function);
    let below = || (start..all.len()).find(is_function);
    let found = inside.or_else(around).or_else(below);
    found.map_or_else(String::new, |at| qualified(&all, at))
}

/// The item that is declared at a line, a method with its type before it.
fn qualified(all: &[&str], at: usize) -> String {
    let name = item(all[at]).unwrap_or_default();
    let is_method = all[at].starts_with(' ') && function(all[at]).is_some();
    match all[..at].iter().rev().find_map(|text| implementation(text)) {
        Some(owner) if is_method => format!("{owner}::{name}"),
        _ => name,
    }
}

/// The name that a line declares after one of `keywords`.
fn declared(text: &str, keywords: &[&str]) -> Option<String> {
    let text = text.trim_start();
    let text = text.strip_prefix("pub(crate) ").or(text.strip_prefix("pub ")).unwrap_or(text);
    let rest = keywords.iter().find_map(|keyword| text.strip_prefix(keyword))?;
    let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

fn function(text: &str) -> Option<String> {
    declared(text, &["fn ", "const fn "])
}

fn item(text: &str) -> Option<String> {
    let keywords = ["struct ", "enum ", "trait ", "type ", "const ", "static "];
    function(text).or_else(|| implementation(text)).or_else(|| declared(text, &keywords))
}

/// `Gate` in `impl Gate {`, `impl<T> Gate<T> {` and `impl Parameters for Gate {`.
fn implementation(text: &str) -> Option<String> {
    let rest = text.strip_prefix("impl")?;
    let rest = match rest.strip_prefix('<') {
        Some(generic) => generic.split_once("> ")?.1,
        None => rest.strip_prefix(' ')?,
    };
    let owner = rest.split_once(" for ").map_or(rest, |(_, owner)| owner);
    Some(owner.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_called_what_a_reader_calls_it() {
        let listing = "/// A gate.\npub struct Gate<T> {\n    a: T,\n}\nimpl<T> Gate<T> {\n    pub fn forward(&self) {\n        \
                       let x = 1;\n    }\n}\nimpl fmt::Display for Gate {\n    fn fmt(&self) {}\n}\n\
                       pub const fn keep() {}\npub const FIVE: usize = 5;\n";
        let name = |line, lines| item_name(listing, line, lines);
        assert_eq!(name(1, 4), "Gate");
        assert_eq!(name(5, 3), "Gate");
        assert_eq!(name(6, 3), "Gate::forward");
        assert_eq!(name(7, 1), "Gate::forward");
        assert_eq!(name(11, 1), "Gate::fmt");
        assert_eq!(name(13, 1), "keep");
        assert_eq!(name(14, 1), "FIVE");
        assert_eq!(item_name("use a;\n", 1, 1), "");
        assert_eq!(function_name(listing, 1, 4), "Gate::forward", "the first below");
        assert_eq!(function_name(listing, 7, 1), "Gate::forward", "that which it lies in");
        assert_eq!(function_name(listing, 11, 1), "Gate::fmt", "the first in it");
    }
}
