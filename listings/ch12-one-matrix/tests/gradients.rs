//! The packed backward pass against finite differences of the packed forward pass.
#![allow(clippy::unwrap_used)]

use digits::{below, generator};
use gradient_check::{Named, check};
use nalgebra::DVector;
use one_matrix::{Batch, Input, Layer, Packed, Unrolled};
use proptest::prelude::*;

/// As in chapters 3 to 10: the differences themselves are good to about 1e−8.
const TOLERANCE: f64 = 1e-7;

/// Everything that the loss depends on, in tensors with names.
fn named(parts: [(&'static str, Vec<f64>); 4]) -> Vec<Named> {
    parts.into_iter().map(|(name, values)| Named(name, DVector::from_vec(values))).collect()
}

/// The inputs and starts of a point, as one batch.
fn batch_of(point: &[Named], size: usize) -> Batch<'_, f64> {
    Batch {
        size,
        input: Input::Vectors(point[1].1.as_slice()),
        start: Some((point[2].1.as_slice(), point[3].1.as_slice())),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Weights, inputs and starts, one by one, with gates pushed into saturation too.
    #[test]
    fn every_entry(
        inputs in 1..=3_usize, hidden in 1..=4_usize, steps in 1..=4_usize, batch in 1..=3_usize,
        scale in 0.2..1.5_f64, push in 1.0..8.0_f64, seed: u64,
    ) {
        let layer = Layer { inputs, hidden };
        let mut rng = generator(seed);
        let mut draw = |n: usize, scale: f64| -> Vec<f64> {
            (0..n).map(|_| scale * (f64::from(below(2_000_001, &mut rng)) / 1e6 - 1.0)).collect()
        };
        // Large weights bend the loss too fast for differences; large biases shut or open the gates.
        let mut theta = draw(layer.len(), scale);
        let weights = layer.len() - 8 * hidden;
        theta[weights..].iter_mut().for_each(|bias| *bias *= push);
        let point = named([
            ("theta", theta),
            ("x", draw(inputs * steps * batch, 1.0)),
            ("h_0", draw(hidden * batch, 1.0)),
            ("C_0", draw(hidden * batch, 1.0)),
        ]);
        let h_bars = draw(hidden * steps * batch, 1.0);
        let c_bar = draw(hidden * batch, 1.0);
        let mut packed = Packed::new(layer);
        let forward = |point: &[Named], packed: &mut Packed<f64>, unrolled: &mut Unrolled<f64>| {
            packed.load(point[0].1.as_slice());
            unrolled.forward(packed, &batch_of(point, batch));
        };
        let loss = |point: &Vec<Named>| {
            let (mut packed, mut unrolled) = (Packed::new(layer), Unrolled::new(layer));
            forward(point, &mut packed, &mut unrolled);
            let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            let by_h = (1..=steps).zip(h_bars.chunks(hidden * batch)).map(|(t, bar)| dot(&unrolled.h(t), bar));
            by_h.sum::<f64>() + dot(&unrolled.c(steps), &c_bar)
        };
        let mut unrolled = Unrolled::new(layer);
        forward(&point, &mut packed, &mut unrolled);
        let mut theta_bar = vec![0.0; layer.len()];
        let mut x_bar = vec![0.0; inputs * steps * batch];
        let read = batch_of(&point, batch);
        unrolled.backward(&packed, &read, &h_bars, Some(&c_bar), &mut theta_bar);
        unrolled.input_bar(&packed, &mut x_bar);
        let (h_0, c_0) = unrolled.start_bar();
        let gradient =
            named([("theta", theta_bar), ("x", x_bar), ("h_0", h_0.to_vec()), ("C_0", c_0.to_vec())]);
        let report = check(&point, &gradient, loss);
        prop_assert!(report.worst.error < TOLERANCE, "{report}");

        // Off by one percent in any tensor, it is refused.
        for k in 0..4 {
            let mut wrong = gradient.clone();
            wrong[k].1 *= 1.01;
            if gradient[k].1.amax() > 1e-2 {
                prop_assert!(check(&point, &wrong, loss).worst.error > 1e-3);
            }
        }
    }
}
