//! Why something on a page is refused.

/// Why something is refused: what was found, what was expected, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub(crate) found: String,
    pub(crate) expected: String,
    pub(crate) todo: String,
}

impl Refusal {
    pub(crate) fn new(
        found: impl Into<String>,
        expected: impl Into<String>,
        todo: impl Into<String>,
    ) -> Refusal {
        Refusal { found: found.into(), expected: expected.into(), todo: todo.into() }
    }
}
