//! What a page holds.

use std::ops::Range;

use super::fence::Fence;
use super::refusal::Refusal;
use super::tag::Tag;

/// Something on a page that the press checks, typesets or counts.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A fenced block.
    Fence(Fence),
    /// Inline math.
    Math {
        /// What stands between the dollar signs.
        latex: String,
        /// Does it stand in the first column of a table?
        defines: bool,
    },
    /// An image.
    Image {
        /// Its file, as written.
        file: String,
        /// Its alternative text.
        alt: String,
        /// Where its paragraph ends: what follows the image is the caption.
        paragraph_end: usize,
    },
    /// A link.
    Link {
        /// Where it leads, as written.
        to: String,
        /// What it says.
        text: String,
    },
    /// An HTML comment directly after a number, such as `0.993<!--ch05:open.f-->`; the item's range
    /// covers both.
    Tagged {
        /// The number, as written.
        literal: String,
        /// What vouches for it.
        tag: Tag,
    },
    /// What readers may look for when they want this place: `<!--search: gradient check, gradcheck-->`.
    Wanted(Vec<String>),
    /// A row of a table, behind what stands in it: where each of its cells is.
    Row(Vec<Range<usize>>),
    /// What no page may say.
    Refused(Refusal),
}
