//! Where the weights of one LSTM layer lie in one long vector of parameters.

use output_gate::PyTorch;

use crate::Real;

// ANCHOR: layer
/// The size of an LSTM layer. Its parameters are one slice θ, in PyTorch's order: see
/// [`Weights`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layer {
    /// D, the length of x_t.
    pub inputs: usize,
    /// H, the length of h_t and of C_t.
    pub hidden: usize,
}

/// The four tensors of a layer, under the names that they have in `torch.nn.LSTM`
/// (`weight_ih_l0` and so on).
///
/// Every tensor has 4H rows, H for each of i, f, g (the candidate) and o, and lies row by
/// row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights<S> {
    /// What reads x, (4H, D).
    pub weight_ih: S,
    /// What reads h, (4H, H).
    pub weight_hh: S,
    /// One bias, (4H).
    pub bias_ih: S,
    /// The other, (4H); both are added.
    pub bias_hh: S,
}
// ANCHOR_END: layer

impl Layer {
    /// The number of parameters: 4H (D + H + 2).
    pub fn len(self) -> usize {
        4 * self.hidden * (self.inputs + self.hidden + 2)
    }

    /// Whether there are no parameters at all.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    // ANCHOR: split
    /// The four tensors in θ.
    ///
    /// # Panics
    /// If θ has another length than [`Layer::len`].
    pub fn split<R>(self, theta: &[R]) -> Weights<&[R]> {
        assert_eq!(theta.len(), self.len(), "parameters of another layer");
        let rows = 4 * self.hidden;
        let (weight_ih, rest) = theta.split_at(rows * self.inputs);
        let (weight_hh, rest) = rest.split_at(rows * self.hidden);
        let (bias_ih, bias_hh) = rest.split_at(rows);
        Weights { weight_ih, weight_hh, bias_ih, bias_hh }
    }

    /// The same, to write to.
    ///
    /// # Panics
    /// As [`Layer::split`].
    pub fn split_mut<R>(self, theta: &mut [R]) -> Weights<&mut [R]> {
        assert_eq!(theta.len(), self.len(), "parameters of another layer");
        let rows = 4 * self.hidden;
        let (weight_ih, rest) = theta.split_at_mut(rows * self.inputs);
        let (weight_hh, rest) = rest.split_at_mut(rows * self.hidden);
        let (bias_ih, bias_hh) = rest.split_at_mut(rows);
        Weights { weight_ih, weight_hh, bias_ih, bias_hh }
    }
    // ANCHOR_END: split

    // ANCHOR: theta
    /// θ with the values of chapter 8's PyTorch tensors.
    ///
    /// # Panics
    /// If they belong to another layer.
    pub fn theta<R: Real>(self, tensors: &PyTorch) -> Vec<R> {
        // A transposed matrix of nalgebra's, column by column, is the matrix row by row.
        let (ih, hh) = (tensors.weight_ih.transpose(), tensors.weight_hh.transpose());
        let parts =
            [ih.as_slice(), hh.as_slice(), tensors.bias_ih.as_slice(), tensors.bias_hh.as_slice()];
        let theta: Vec<R> = parts.into_iter().flatten().map(|&value| R::of(value)).collect();
        assert_eq!(theta.len(), self.len(), "tensors of another layer");
        theta
    }
    // ANCHOR_END: theta
}
