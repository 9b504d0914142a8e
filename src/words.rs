//! The words that the press adds to a page, in one table for each language of the book.

/// The words of one language.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// Before the file that an excerpt is taken from.
    pub listing: &'static str,
    /// Before the command that printed an output.
    pub output_of: &'static str,
    /// Before the command of a recorded output.
    pub recorded: &'static str,
    /// On the fold under a table that holds what the program printed.
    pub as_printed: &'static str,
    /// Before the reason of code that was not compiled.
    pub sketch: &'static str,
    /// Before a figure's number.
    pub figure: &'static str,
    /// Before an equation's number, for screen readers.
    pub equation: &'static str,
    /// Before the function that an equation was executed against.
    pub executed_against: &'static str,
    /// Before the test that executed it.
    pub executed_by: &'static str,
    /// The title of the page that lists the full listings.
    pub listings: &'static str,
    /// What stands on that page.
    pub about_listings: &'static str,
    /// Before a chapter's number: the title of its full listing.
    pub listing_of_chapter: &'static str,
    /// Before the symbol whose adjoint is meant.
    pub adjoint_of: &'static str,
    /// Before a symbol's shape.
    pub shape: &'static str,
    /// On the fold under an equation: what its symbols mean, and its source.
    pub symbols: &'static str,
    /// On the button that copies code, or an equation's LaTeX.
    pub copy: &'static str,
    /// On the same button, once it has.
    pub copied: &'static str,
    /// On the same button, if the browser refused.
    pub not_copied: &'static str,
    /// The name of a block of code without a caption, for screen readers.
    pub code: &'static str,
    /// The heading over the list of a page's symbols.
    pub symbols_of_page: &'static str,
    /// On the fold that holds the list.
    pub show_symbols: &'static str,
    /// Before the chapter that printed the same lines.
    pub unchanged_since: &'static str,
    /// Before the chapter that printed an earlier version.
    pub changed_since: &'static str,
    /// Before the numbers of the lines that are new.
    pub new_lines: &'static str,
    /// Before a chapter's number.
    pub chapter: &'static str,
    /// In the EPUB, over the list of a chapter's symbols.
    pub symbols_used: &'static str,
    /// In the EPUB, the title of the page with the cover.
    pub cover: &'static str,
    /// In the EPUB, on the title page: the fonts.
    pub fonts: &'static str,
    /// In the EPUB's metadata: for whom the book can be read.
    pub accessibility: &'static str,
    /// What the mark on a number from a run says before the command.
    pub printed_by: &'static str,
    /// What the mark on a number from a record says before the command.
    pub recorded_from: &'static str,
    /// The title of the table of contents.
    pub contents: &'static str,
    /// Where an exercise's solution is.
    pub solution: &'static str,
    /// The title over all of them.
    pub solutions: &'static str,
    /// Before a page's number.
    pub page: &'static str,
    /// What the picture shows that stands for a link to the book.
    pub card: &'static str,
    /// Before the book's version.
    pub version: &'static str,
    /// Before the number of a sentence whose conclusion was checked, for screen readers.
    pub claim: &'static str,
    /// What the mark of such a sentence says before the command that printed its numbers.
    pub checked_on: &'static str,
    /// The name of the mark on a statement about other software, for screen readers.
    pub finding: &'static str,
    /// What that mark says before the script.
    pub shown_by: &'static str,
    /// The title of the appendix that lists all claims.
    pub claims: &'static str,
    /// What stands in it.
    pub about_claims: &'static str,
    /// After the number of claims, of sentences with a reason instead, and of scripts.
    pub claims_counted: [&'static str; 3],
    /// Over the statements about other software.
    pub findings: &'static str,
    /// What stands under it.
    pub about_findings: &'static str,
}

impl Words {
    /// The words that a page's scripts say, where they find them.
    #[must_use]
    pub fn for_scripts(&self) -> String {
        format!(
            "<template class=\"words\" data-copy=\"{}\" data-copied=\"{}\" data-not-copied=\"{}\" \
             data-code=\"{}\">\n</template>\n",
            self.copy, self.copied, self.not_copied, self.code
        )
    }
}

/// The English edition.
pub const ENGLISH: Words = Words {
    listing: "Listing",
    output_of: "Output of",
    recorded: "Recorded, not run again with each build: output of",
    as_printed: "As printed",
    sketch: "Sketch, not compiled:",
    figure: "Figure",
    equation: "Equation",
    executed_against: "Executed against",
    executed_by: "by the test",
    listings: "The listings in full",
    about_listings: "Every line of every chapter's crate, with the tests that vouch for it. The \
                     exercises and their solutions are not here: they are in each listing's `examples/`.",
    listing_of_chapter: "Listing of chapter",
    adjoint_of: "the adjoint of",
    shape: "shape",
    symbols: "Symbols, LaTeX",
    copy: "Copy",
    copied: "Copied",
    not_copied: "Not copied",
    code: "Code",
    symbols_of_page: "Symbols on this page",
    show_symbols: "Show what they mean",
    unchanged_since: "unchanged since",
    changed_since: "changed since",
    new_lines: "new lines",
    chapter: "chapter",
    symbols_used: "Symbols used here",
    cover: "Cover",
    fonts: "Formulas are set in a subset of STIX Two Math, under the SIL Open Font License 1.1, whose text \
            is part of this file.",
    accessibility: "All formulas are MathML, and numbered ones carry their LaTeX source as well. Every \
                    figure has a title and a description. Headings, lists and tables are marked up as \
                    such, and no information is given by colour alone.",
    printed_by: "Printed by",
    recorded_from: "Recorded from",
    contents: "Contents",
    solution: "Solution",
    solutions: "Solutions",
    page: "page",
    card: "The book's title, and an LSTM cell with its four gates",
    version: "Version",
    claim: "claim",
    checked_on: "Checked on the output of",
    finding: "finding",
    shown_by: "Shown by",
    claims: "What this book claims, and where it was checked",
    about_claims: "A sentence that concludes something from numbers of a run carries a predicate, which is evaluated \
                   each time the book is built, on the numbers that were printed. Each was also shown to be able to \
                   fail: for every number in it, other numbers were found that would make it false. The sentences \
                   are listed by chapter; a label in braces is a number that the command prints, and one with `*` a \
                   column of them.",
    claims_counted: [
        "claims, each evaluated on the numbers of its run",
        "sentences that compare without a claim, each with a reason",
        "scripts that show what is said of other people's software",
    ],
    findings: "What it says of other people's software",
    about_findings: "Each script installs what it is about, in a fixed version, shows how it behaves, and fails if \
                     that changes. They are run by hand, not when the book is built.",
};
