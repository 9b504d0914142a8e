//! What a file is, by its first bytes: whether it is of the kind that a command may write anew.

/// So many bytes of a file are looked at.
pub(crate) const HEAD: u64 = 1024;

/// A kind of file.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// What it is called: `an SVG drawing`.
    pub name: &'static str,
    /// Whether a file that begins with these bytes is one.
    pub is: fn(&[u8]) -> bool,
}

/// An SVG drawing, with or without what may stand before its first tag.
pub const SVG: Kind = Kind { name: "an SVG drawing", is: is_svg };
/// A PDF.
pub const PDF: Kind = Kind { name: "a PDF", is: |head| head.starts_with(b"%PDF-") };
/// An EPUB: a ZIP archive that says so in its first entry.
pub const EPUB: Kind = Kind {
    name: "an EPUB",
    is: |head| {
        let first = head.get(30..).unwrap_or_default();
        head.starts_with(b"PK\x03\x04") && first.starts_with(b"mimetypeapplication/epub+zip")
    },
};
/// A PNG picture.
pub const PNG: Kind =
    Kind { name: "a PNG picture", is: |head| head.starts_with(b"\x89PNG\r\n\x1a\n") };
/// What a program printed, under its command.
pub const SNAPSHOT: Kind = Kind {
    name: "a program's output under its command, `$ …`",
    is: |head| head.starts_with(b"$ "),
};
/// A page of Markdown that begins with its heading.
pub const PAGE: Kind =
    Kind { name: "a page that begins with `# `", is: |head| head.starts_with(b"# ") };
/// Any: for a file that was read, and understood, before it is written.
pub const ANY: Kind = Kind { name: "a file", is: |_| true };

fn is_svg(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let before_it = ["<?xml", "<!--", "<!DOCTYPE svg"].iter().any(|start| text.starts_with(start));
    text.starts_with("<svg") || before_it && text.contains("<svg")
}
