//! The switch.

// ANCHOR: bug
/// One mistake. `None` everywhere in this crate means: none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// C̄ does not cross from step t + 1 to step t.
    CarryDropped,
    /// h̄ does not cross from step t + 1 to step t.
    HiddenDropped,
    /// σ where its slope σ′ belongs, in the forget gate.
    SigmoidForSlope,
    /// tanh′ taken at the candidate itself, and not at its pre-activation.
    SlopeOfOutput,
    /// C_t where C_{t−1} belongs.
    CellOffByOne,
    /// Only the last step's loss is sent backward.
    LastLossOnly,
    /// The mean over the steps is taken twice.
    AveragedTwice,
    /// W where Wᵀ belongs; the block that reads h is square, so the shapes fit.
    TransposeMissing,
    /// The input gate reads the forget gate's bias, on the way forward and back.
    BiasShared,
    /// The rows of the input gate and the output gate are read in the other order, both ways.
    RowsSwapped,
    /// The square block of each weight matrix is read transposed, both ways.
    ReadTransposed,
}
// ANCHOR_END: bug

impl Bug {
    /// The eight whose gradient is not that of the loss.
    pub const GRADIENTS: [Bug; 8] = [
        Bug::CarryDropped,
        Bug::HiddenDropped,
        Bug::SigmoidForSlope,
        Bug::SlopeOfOutput,
        Bug::CellOffByOne,
        Bug::LastLossOnly,
        Bug::AveragedTwice,
        Bug::TransposeMissing,
    ];

    /// The three whose gradient is right, of a model that is not the book's LSTM.
    pub const MODELS: [Bug; 3] = [Bug::BiasShared, Bug::RowsSwapped, Bug::ReadTransposed];

    /// The name in tables and figures.
    pub const fn name(self) -> &'static str {
        match self {
            Bug::CarryDropped => "carry-dropped",
            Bug::HiddenDropped => "hidden-dropped",
            Bug::SigmoidForSlope => "sigmoid-for-slope",
            Bug::SlopeOfOutput => "slope-of-output",
            Bug::CellOffByOne => "cell-off-by-one",
            Bug::LastLossOnly => "last-loss-only",
            Bug::AveragedTwice => "averaged-twice",
            Bug::TransposeMissing => "transpose-missing",
            Bug::BiasShared => "bias-shared",
            Bug::RowsSwapped => "rows-swapped",
            Bug::ReadTransposed => "read-transposed",
        }
    }
}

/// No bug first, then the eight, then the three.
pub fn all() -> impl Iterator<Item = Option<Bug>> {
    let bugs = Bug::GRADIENTS.into_iter().chain(Bug::MODELS);
    [None].into_iter().chain(bugs.map(Some))
}
