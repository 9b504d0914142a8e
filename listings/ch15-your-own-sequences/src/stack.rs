//! Layers on top of each other: each reads what the one below it says at every step.

use nalgebra::DMatrix;
use output_gate::PyTorch;

use crate::dropout::Masks;
use crate::layer::{self, Bars, Inputs, Pass, States};

// ANCHOR: forward
/// Reads a batch with all layers, from the bottom up. Each has its own states in `start`.
///
/// # Panics
/// If the shapes do not fit, or there is not one start for each layer.
pub fn forward(
    layers: &[PyTorch],
    mut xs: Inputs,
    lengths: &[usize],
    start: &[States],
    masks: Option<&Masks>,
) -> Vec<Pass> {
    assert_eq!(layers.len(), start.len(), "a start for each layer");
    let mut passes: Vec<Pass> = Vec::with_capacity(layers.len());
    for (number, (weights, start)) in layers.iter().zip(start).enumerate() {
        let pass = layer::forward(weights, xs, lengths, start);
        xs = Inputs::Vectors(Vec::new());
        if number + 1 < layers.len() {
            let mut hs = pass.hs.clone();
            masks.iter().for_each(|masks| masks.apply(number, &mut hs));
            xs = Inputs::Vectors(hs);
        }
        passes.push(pass);
    }
    passes
}
// ANCHOR_END: forward

// ANCHOR: backward
/// Walks back from the top down. `h_bars` is what the loss says about the top layer's output at each step, `ends` what it says
/// about the last states of every layer.
///
/// # Panics
/// If the shapes do not fit those of the forward pass.
pub fn backward(
    layers: &[PyTorch],
    passes: &[Pass],
    masks: Option<&Masks>,
    mut h_bars: Vec<DMatrix<f64>>,
    ends: &[States],
) -> Vec<Bars> {
    assert_eq!((layers.len(), layers.len()), (passes.len(), ends.len()), "an end for each layer");
    let mut all = Vec::with_capacity(layers.len());
    for number in (0..layers.len()).rev() {
        let bars = layer::backward(&layers[number], &passes[number], &h_bars, &ends[number]);
        if number > 0 {
            h_bars = bars.xs.clone();
            masks.iter().for_each(|masks| masks.apply(number - 1, &mut h_bars));
        }
        all.push(bars);
    }
    all.reverse();
    all
}
// ANCHOR_END: backward
