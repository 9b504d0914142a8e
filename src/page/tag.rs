//! Tags: the comment behind a number, which says what vouches for it.

use super::refusal::Refusal;

/// How comments are written, for messages.
pub(super) const COMMENTS: &str = "`<!--claim ch14/results: {30:bias-3.solved} == 5-->`, `<!--no claim: reason-->` or \
     `<!--finding: name-->`; directly after a number `<!--ch05:label-->`, `<!--cite:key-->` or `<!--constant: reason-->`";

/// Whether a comment is about its sentence, and not about the number before it. What only looks like one is too, so
/// that somebody says what is wrong with it.
pub(crate) fn is_note(comment: &str) -> bool {
    let text = comment.trim_start();
    let begins = |start: &&str| {
        text.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
    };
    ["claim", "no", "finding"].iter().any(begins)
}

/// What vouches for a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tag {
    /// A run or a record printed it.
    Printed {
        /// Which: `ch12` is the chapter's snapshot, `ch12/steps` a run or a record.
        source: String,
        /// As what: `open.f`.
        label: String,
    },
    /// A source in the page's list has it.
    Cited {
        /// The source's `id` there.
        key: String,
    },
    /// It needs no run, and the tag says why.
    Constant,
}

impl Tag {
    /// Reads the text of a comment that stands behind the number `literal`.
    ///
    /// # Errors
    /// If it is none of the tags.
    pub(super) fn parse(literal: &str, text: &str) -> Result<Tag, Refusal> {
        if let Some(reason) = text.strip_prefix("constant:") {
            let todo = "write why no run has to vouch for it";
            let reasoned = !reason.trim().is_empty();
            return reasoned
                .then_some(Tag::Constant)
                .ok_or_else(|| Refusal::new(format!("<!--{text}-->"), "a reason", todo));
        }
        if let Some(key) = text.strip_prefix("cite:") {
            return Ok(Tag::Cited { key: key.trim().to_owned() });
        }
        match text.split_once(':') {
            Some((source, label)) => {
                Ok(Tag::Printed { source: source.to_owned(), label: label.to_owned() })
            }
            None => Err(Refusal::new(
                format!("{literal}<!--{text}-->"),
                "<!--chNN:label-->, <!--chNN/record:label-->, <!--cite:key--> or \
                 <!--constant: reason-->",
                "correct the comment, or keep a space between it and the number",
            )),
        }
    }
}
