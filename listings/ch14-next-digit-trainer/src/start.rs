//! Where an experiment starts from.

// ANCHOR: start
/// A network before its first lesson, and how it will learn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Start {
    /// H, the number of units.
    pub hidden: usize,
    /// Adam's learning rate.
    pub learning_rate: f64,
    /// The length to which a longer gradient is shortened, if there is one.
    pub clip: Option<f64>,
    /// Where the forget gates' biases start; as random as all others if nothing is said.
    pub forget_bias: Option<f64>,
    /// What every number drawn at the start is multiplied by.
    pub scale: f64,
    /// What W_hh is multiplied by beside that.
    pub scale_hh: f64,
}

impl Start {
    /// The usual start of this book: 32 units, Adam at 0.01, everything drawn from ±1/√H.
    pub const USUAL: Start = Start {
        hidden: 32,
        learning_rate: 0.01,
        clip: None,
        forget_bias: None,
        scale: 1.0,
        scale_hh: 1.0,
    };
}
// ANCHOR_END: start
