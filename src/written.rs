//! Pages that the press writes by itself.

use std::path::PathBuf;

/// A page that the press writes by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its title.
    pub title: String,
    /// Where it stands, as if under `book/src`: `listings/ch05-forget-gate.md`.
    pub file: PathBuf,
    /// Its Markdown.
    pub content: String,
}

/// A fenced block whose fence is longer than any run of backticks in it.
pub(crate) fn fenced(language: &str, code: &str) -> String {
    let mut fence = "```".to_owned();
    while code.contains(&fence) {
        fence.push('`');
    }
    format!("{fence}{language}\n{code}\n{fence}")
}
