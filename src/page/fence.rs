//! Fenced blocks: code, outputs and equations.

use super::refusal::Refusal;

/// What a fenced block holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fence {
    /// A displayed equation: ```` ```math label chNN:anchor ````.
    Equation {
        /// Unique in the book: `forget-gate`. Empty for an unlabelled comment.
        label: String,
        /// The anchor of the code that it is executed against, such as `ch05:forward`; none if it only
        /// comments a derivation.
        code: Option<String>,
        /// Its source.
        latex: String,
    },
    /// Code of a listing.
    Excerpt(Include),
    /// Code that does not compile, and is marked as that.
    Sketch {
        /// Why it does not.
        reason: String,
        /// Its lines.
        code: String,
    },
    /// What a program printed.
    Output(Include),
    /// Commands, a file, another language: left as it is.
    Other,
}

/// `{{#include path:part}}`, alone in a fence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// The file, as written, seen from the page.
    pub path: String,
    /// The anchor or the section.
    pub part: String,
}

impl Include {
    pub(crate) fn parse(body: &str) -> Option<Include> {
        let inner = body.trim().strip_prefix("{{#include ")?.strip_suffix("}}")?;
        let (path, part) = inner.trim().rsplit_once(':')?;
        Some(Include { path: path.to_owned(), part: part.to_owned() })
    }
}

impl Fence {
    /// Reads a block: its info string, after the backticks, and its lines.
    ///
    /// # Errors
    /// If no page may hold such a block.
    pub(super) fn parse(info: &str, body: &str) -> Result<Fence, Refusal> {
        let language = info.split([' ', ',']).next().unwrap_or_default();
        match (language, Include::parse(body)) {
            _ if info.split_whitespace().next() == Some("math") => equation(info, body),
            ("rust", Some(include)) if info == "rust" => Ok(Fence::Excerpt(include)),
            ("rust", None) if info.starts_with("rust sketch:") => sketch(info, body),
            ("rust", _) => Err(Refusal::new(
                format!("a hand-typed ```{info} block"),
                "an excerpt of a listing that compiled: `{{#include ../../listings/…/lib.rs:anchor}}`",
                "move the code into a listing, or mark it: ```rust sketch: the reason",
            )),
            ("console", Some(include)) => Ok(Fence::Output(include)),
            ("console", None) if !body.lines().all(|line| line.starts_with("$ ")) => {
                Err(Refusal::new(
                    "a hand-typed ```console block with output in it",
                    "commands only, or `{{#include ../../listings/…/output.txt:section}}`",
                    "let the chapter's program print it and include the section",
                ))
            }
            ("", _) => Err(Refusal::new(
                "a code block without a language",
                "```rust, ```console, ```math, ```text, ```toml, ```python …",
                "name the language; an indented block becomes a fenced one",
            )),
            (_, Some(_)) => Err(Refusal::new(
                format!("`{{{{#include}}}}` in a ```{language} block"),
                "includes in ```rust and ```console blocks only",
                "change the language, or write the text out",
            )),
            _ => Ok(Fence::Other),
        }
    }
}

fn equation(info: &str, body: &str) -> Result<Fence, Refusal> {
    let words: Vec<&str> = info.split_whitespace().skip(1).collect();
    let (label, code) = match words.as_slice() {
        ["comment"] => ("", None),
        [label, "comment"] => (*label, None),
        [label, code] if code.contains(':') => (*label, Some((*code).to_owned())),
        _ => {
            return Err(Refusal::new(
                format!("```{info}"),
                "```math LABEL chNN:ANCHOR, ```math LABEL comment, or ```math comment",
                "name the equation and the code that computes it",
            ));
        }
    };
    Ok(Fence::Equation { label: label.to_owned(), code, latex: body.trim().to_owned() })
}

fn sketch(info: &str, body: &str) -> Result<Fence, Refusal> {
    let reason = info.trim_start_matches("rust sketch:").trim().to_owned();
    if reason.is_empty() {
        return Err(Refusal::new(
            "a sketch without a reason",
            "```rust sketch: why this is not compiled",
            "write the reason",
        ));
    }
    Ok(Fence::Sketch { reason, code: body.trim_end().to_owned() })
}
