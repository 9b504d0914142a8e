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
    /// Before the reason of code that was not compiled.
    pub sketch: &'static str,
    /// Before a figure's number.
    pub figure: &'static str,
    /// Before an equation's number, for screen readers.
    pub equation: &'static str,
    /// Before the function that an equation was executed against.
    pub executed_against: &'static str,
    /// What the mark on a number from a run says before the command.
    pub printed_by: &'static str,
    /// What the mark on a number from a record says before the command.
    pub recorded_from: &'static str,
}

/// The English edition.
pub const ENGLISH: Words = Words {
    listing: "Listing",
    output_of: "Output of",
    recorded: "Recorded, not run again with each build: output of",
    sketch: "Sketch, not compiled:",
    figure: "Figure",
    equation: "Equation",
    executed_against: "Executed against",
    printed_by: "Printed by",
    recorded_from: "Recorded from",
};
