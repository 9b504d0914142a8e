//! What is said of what is wrong.

/// An error in the form that all of the book's programs use.
pub fn problem(place: &str, found: &str, expected: &str, to_do: &str) -> anyhow::Error {
    anyhow::anyhow!("{place}\n  found     {found}\n  expected  {expected}\n  to do     {to_do}")
}
