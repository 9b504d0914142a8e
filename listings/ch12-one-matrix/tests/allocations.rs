//! How often each version asks for memory, once it is warm.
#![allow(clippy::unwrap_used)]

use allocation_counter::measure;
use nalgebra::DMatrix;
use one_matrix::{Batch, Layer, Packed, Real, Unrolled, batched, buffered, fused};
use output_gate::PyTorch;

const LAYER: Layer = Layer { inputs: 10, hidden: 20 };
const STEPS: usize = 4;

fn tensors() -> PyTorch {
    let matrix = |columns: usize| {
        DMatrix::from_fn(4 * LAYER.hidden, columns, |r, c| {
            ((r * 7 + c * 3) % 11) as f64 / 20.0 - 0.25
        })
    };
    let bias = matrix(1).column(0).into_owned();
    PyTorch {
        weight_ih: matrix(LAYER.inputs),
        weight_hh: matrix(LAYER.hidden),
        bias_ih: bias.clone(),
        bias_hh: bias,
    }
}

fn digits(batch: usize) -> Vec<u8> {
    (0..STEPS * batch).map(|k| (k * 7 % 10) as u8).collect()
}

/// Nothing: new weights, forward and backward, in whole batches and in a last one that is smaller.
fn packed_allocations<R: Real>() -> u64 {
    let theta: Vec<R> = LAYER.theta(&tensors());
    let (mut packed, mut unrolled) = (Packed::new(LAYER), Unrolled::new(LAYER));
    let mut gradient = vec![R::zero(); LAYER.len()];
    let h_bar = [R::one(); LAYER.hidden * 32];
    let (whole, rest, one) = (digits(32), digits(8), digits(1));
    let mut step = |size: usize, digits: &[u8]| {
        let batch = Batch::of_digits(size, digits);
        packed.load(&theta);
        unrolled.forward(&packed, &batch);
        unrolled.backward(&packed, &batch, &h_bar[..LAYER.hidden * size], None, &mut gradient);
    };
    step(32, &whole);
    step(8, &rest);
    step(1, &one);
    let counted = measure(|| {
        for _ in 0..3 {
            step(32, &whole);
            step(32, &whole);
            step(8, &rest);
            step(1, &one);
        }
    });
    counted.count_total
}

#[test]
fn a_packed_pass_allocates_nothing() {
    assert_eq!(packed_allocations::<f32>(), 0);
    assert_eq!(packed_allocations::<f64>(), 0);
}

/// The counter counts: the versions before allocate, each fewer times than the one before it.
#[test]
fn the_earlier_versions_allocate() {
    let cell = tensors().to_cell();
    let map = fused::fuse(&cell);
    let xs: Vec<_> =
        (0..STEPS).map(|t| DMatrix::from_element(LAYER.inputs, 32, t as f64)).collect();
    let h_bar = DMatrix::from_element(LAYER.hidden, 32, 1.0);
    let by_batch = measure(|| {
        let (_, steps) = batched::forward(&cell, &xs);
        batched::backward(&cell, &steps, &h_bar);
    });
    let by_fused = measure(|| {
        let (_, steps) = fused::forward(&map, &xs);
        fused::backward(&map, &steps, &h_bar);
    });
    let mut buffers = buffered::Buffers::new(&map, STEPS, 32);
    let mut pass = || {
        buffers.forward(&map, &xs);
        buffers.backward(&map, &h_bar);
    };
    pass();
    let by_buffers = measure(&mut pass);
    assert!(by_batch.count_total > by_fused.count_total);
    // Our code asks for nothing: what is left are the products, three in every step, each of which packs its factors.
    assert_eq!(by_buffers.count_total, 3 * STEPS as u64);
}
