//! Dropout: noise between the layers, while the network learns.

use nalgebra::DMatrix;
use rand::Rng;

// ANCHOR: masks
/// What the outputs of all layers but the last are multiplied by, entry by entry: for each layer, T matrices of (H, B).
///
/// An entry is 0 with probability p, and else 1/(1 − p): what comes through is what it was *on average*, so that nothing has to
/// be changed when the masks are taken off. They are on in training, and never in a test.
#[derive(Clone, Debug, PartialEq)]
pub struct Masks(pub Vec<Vec<DMatrix<f64>>>);
// ANCHOR_END: masks

impl Masks {
    // ANCHOR: draw
    /// Draws masks for a batch of (T, B) in L layers of H units.
    ///
    /// # Panics
    /// If p is not at least 0 and below 1.
    pub fn draw(
        p: f64,
        (layers, hidden): (usize, usize),
        (steps, batch): (usize, usize),
        rng: &mut impl Rng,
    ) -> Masks {
        assert!((0.0..1.0).contains(&p), "a probability below 1");
        let mut entry = || {
            let dropped = f64::from(rng.next_u32()) < p * 2.0_f64.powi(32);
            if dropped { 0.0 } else { 1.0 / (1.0 - p) }
        };
        let mut matrix = || DMatrix::from_fn(hidden, batch, |_, _| entry());
        let mut of_layer = || (0..steps).map(|_| matrix()).collect();
        Masks((1..layers).map(|_| of_layer()).collect())
    }
    // ANCHOR_END: draw

    // ANCHOR: apply
    /// Puts the mask of a layer (from 0) on what it said at each step; on the way back, on what is said of that.
    ///
    /// # Panics
    /// If there is no such mask, or its shapes do not fit.
    pub fn apply(&self, layer: usize, hs: &mut [DMatrix<f64>]) {
        assert_eq!(self.0[layer].len(), hs.len(), "a mask for each step");
        hs.iter_mut().zip(&self.0[layer]).for_each(|(h, mask)| h.component_mul_assign(mask));
    }
    // ANCHOR_END: apply
}
