//! Every version computes what the clear code of chapters 8 to 10 computes, for random shapes, weights and states.
//!
//! The shapes begin at 1, and batches are often smaller than 6: there a product that writes beside its matrix (as
//! nalgebra 0.35 can, with a left factor whose strides are swapped) would show.
#![allow(clippy::unwrap_used)]

use bptt::Gradients;
use digits::{below, generator};
use gradient_check::Parameters;
use nalgebra::{DMatrix, DVector};
use one_matrix::{Batch, Input, Layer, Packed, Real, Unrolled, batched, buffered, fused};
use output_gate::{LstmCell, PyTorch, State};
use proptest::prelude::*;
use rand::Rng;

/// Between −1 and 1.
fn number(rng: &mut impl Rng) -> f64 {
    f64::from(below(2_000_001, rng)) / 1e6 - 1.0
}

/// A case with everything: inputs, starts, and what a loss says about every h_t and about C_T.
struct Case {
    layer: Layer,
    steps: usize,
    batch: usize,
    tensors: PyTorch,
    x: DMatrix<f64>,          // (D, T·B)
    start: [DMatrix<f64>; 2], // (H, B)
    h_bars: DMatrix<f64>,     // (H, T·B)
    c_bar: DMatrix<f64>,      // (H, B)
}

#[derive(Clone, Debug)]
struct Shape {
    inputs: usize,
    hidden: usize,
    steps: usize,
    batch: usize,
    scale: f64,
    seed: u64,
}

fn shapes() -> impl Strategy<Value = Shape> {
    let hidden = prop_oneof![1..=9_usize, 15..=18_usize, 30..=34_usize];
    let batch = prop_oneof![1..=6_usize, 7..=10_usize];
    (1..=12_usize, hidden, 1..=5_usize, batch, 0.1..6.0_f64, any::<u64>()).prop_map(
        |(inputs, hidden, steps, batch, scale, seed)| Shape {
            inputs,
            hidden,
            steps,
            batch,
            scale,
            seed,
        },
    )
}

fn draw(shape: &Shape) -> Case {
    let &Shape { inputs, hidden, steps, batch, scale, seed } = shape;
    let mut rng = generator(seed);
    let mut matrix = |rows: usize, columns: usize, scale: f64| {
        DMatrix::from_fn(rows, columns, |_, _| scale * number(&mut rng))
    };
    let weights = scale / (hidden as f64).sqrt();
    let tensors = PyTorch {
        weight_ih: matrix(4 * hidden, inputs, weights),
        weight_hh: matrix(4 * hidden, hidden, weights),
        bias_ih: matrix(4 * hidden, 1, weights).column(0).into_owned(),
        bias_hh: matrix(4 * hidden, 1, weights).column(0).into_owned(),
    };
    Case {
        layer: Layer { inputs, hidden },
        steps,
        batch,
        tensors,
        x: matrix(inputs, steps * batch, 1.0),
        start: [matrix(hidden, batch, 1.0), matrix(hidden, batch, 2.0)],
        h_bars: matrix(hidden, steps * batch, 1.0),
        c_bar: matrix(hidden, batch, 1.0),
    }
}

/// What the clear code says, sequence by sequence: h of all steps, and all gradients.
struct Clear {
    h: DMatrix<f64>,
    c: DMatrix<f64>,
    cell: LstmCell,
    h_0: DMatrix<f64>,
    c_0: DMatrix<f64>,
    x: DMatrix<f64>,
}

fn clear(case: &Case) -> Clear {
    let Case { layer: Layer { inputs, hidden }, steps, batch, .. } = *case;
    let cell = case.tensors.to_cell();
    let mut all = Clear {
        h: DMatrix::zeros(hidden, steps * batch),
        c: DMatrix::zeros(hidden, steps * batch),
        cell: bptt::zeros_like(&cell),
        h_0: DMatrix::zeros(hidden, batch),
        c_0: DMatrix::zeros(hidden, batch),
        x: DMatrix::zeros(inputs, steps * batch),
    };
    let column = |m: &DMatrix<f64>, k: usize| -> DVector<f64> { m.column(k).into_owned() };
    for b in 0..batch {
        let places: Vec<usize> = (0..steps).map(|t| t * batch + b).collect();
        let of = |m: &DMatrix<f64>| places.iter().map(|&k| column(m, k)).collect::<Vec<_>>();
        let start = State { h: column(&case.start[0], b), c: column(&case.start[1], b) };
        let run = bptt::forward(&cell, &start, &of(&case.x));
        let Gradients { cell: gradient, initial, xs } =
            bptt::backward(&cell, &run, &of(&case.h_bars), &column(&case.c_bar, b));
        bptt::accumulate(&mut all.cell, &gradient);
        all.h_0.set_column(b, &initial.h);
        all.c_0.set_column(b, &initial.c);
        for (t, &k) in places.iter().enumerate() {
            all.h.set_column(k, &run[t].state.h);
            all.c.set_column(k, &run[t].state.c);
            all.x.set_column(k, &xs[t]);
        }
    }
    all
}

/// The largest difference, beside the largest entry of what is right (or beside 1, where all of it is small).
fn error<R: Real>(found: &[R], right: &[f64]) -> f64 {
    assert_eq!(found.len(), right.len());
    let scale = right.iter().fold(1.0_f64, |most, v| most.max(v.abs()));
    let differences = found.iter().zip(right).map(|(f, r)| (f.to_f64() - r).abs());
    differences.fold(0.0, |most: f64, d| if d > most || d.is_nan() { d } else { most }) / scale
}

fn cast<R: Real>(values: &[f64]) -> Vec<R> {
    values.iter().map(|&v| R::of(v)).collect()
}

/// Runs [`Unrolled`] twice, so that the second pass meets the buffers of the first, and returns the largest error.
fn packed_error<R: Real>(case: &Case, unrolled: &mut Unrolled<R>) -> f64 {
    let clear = clear(case);
    let mut packed = Packed::new(case.layer);
    packed.load(&case.layer.theta::<R>(&case.tensors));
    let (x, h_0, c_0): (Vec<R>, Vec<R>, Vec<R>) =
        (cast(case.x.as_slice()), cast(case.start[0].as_slice()), cast(case.start[1].as_slice()));
    let batch = Batch { size: case.batch, input: Input::Vectors(&x), start: Some((&h_0, &c_0)) };
    let mut gradient = vec![R::of(f64::NAN); case.layer.len()];
    let mut x_bar = vec![R::of(f64::NAN); x.len()];
    unrolled.forward(&packed, &batch);
    let (h, c): (Vec<R>, Vec<R>) = (1..=case.steps).map(|t| (unrolled.h(t), unrolled.c(t))).fold(
        (vec![], vec![]),
        |(mut h, mut c), (more_h, more_c)| {
            h.extend(more_h);
            c.extend(more_c);
            (h, c)
        },
    );
    let (h_bars, c_bar): (Vec<R>, Vec<R>) =
        (cast(case.h_bars.as_slice()), cast(case.c_bar.as_slice()));
    unrolled.backward(&packed, &batch, &h_bars, Some(&c_bar), &mut gradient);
    unrolled.input_bar(&packed, &mut x_bar);
    let (h_0_bar, c_0_bar) = unrolled.start_bar();
    let right = case.layer.theta::<f64>(&PyTorch::from_gradient(&clear.cell));
    [
        error(&h, clear.h.as_slice()),
        error(&c, clear.c.as_slice()),
        error(&gradient, &right),
        error(h_0_bar, clear.h_0.as_slice()),
        error(c_0_bar, clear.c_0.as_slice()),
        error(&x_bar, clear.x.as_slice()),
    ]
    .into_iter()
    .fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Everything that goes in and comes out, in f64. One [`Unrolled`] is used for cases of two sizes.
    #[test]
    fn packed_is_the_clear_code(one in shapes(), other in (1..=4_usize, 1..=5_usize)) {
        let (case, small) = (draw(&one), draw(&Shape { steps: other.0, batch: other.1, ..one.clone() }));
        let mut unrolled = Unrolled::<f64>::new(case.layer);
        for case in [&case, &small, &case] {
            let error = packed_error(case, &mut unrolled);
            prop_assert!(error < 1e-12, "{error:e}");
        }
    }

    /// The same in f32, with its own tanh: six digits.
    #[test]
    fn single_precision_is_the_clear_code_to_six_digits(shape in shapes()) {
        let case = draw(&Shape { scale: shape.scale.min(2.0), ..shape });
        let error = packed_error(&case, &mut Unrolled::<f32>::new(case.layer));
        prop_assert!(error < 2e-5, "{error:e}");
    }

    /// From zeros, with a loss on h_T alone: the shorter way through [`Unrolled`], and the three versions before it.
    #[test]
    fn all_versions_agree(shape in shapes()) {
        let mut case = draw(&shape);
        let Case { layer, steps, batch, .. } = case;
        case.start.iter_mut().for_each(|start| start.fill(0.0));
        case.c_bar.fill(0.0);
        case.h_bars.columns_mut(0, (steps - 1) * batch).fill(0.0);
        let clear = clear(&case);
        let cell = case.tensors.to_cell();
        let right = |gradient: &LstmCell| -> f64 {
            let pairs = gradient.tensors().into_iter().zip(clear.cell.tensors());
            pairs.map(|(found, right)| error(found.values, right.values)).fold(0.0, f64::max)
        };
        let last = (steps - 1) * batch;
        let h_t = clear.h.columns(last, batch).into_owned();
        let h_bar = case.h_bars.columns(last, batch).into_owned();
        let xs: Vec<_> = (0..steps).map(|t| case.x.columns(t * batch, batch).into_owned()).collect();

        let (h, run) = batched::forward(&cell, &xs);
        prop_assert!(error(h.as_slice(), h_t.as_slice()) < 1e-12);
        prop_assert!(right(&batched::backward(&cell, &run, &h_bar)) < 1e-12);

        let fused_map = fused::fuse(&cell);
        prop_assert_eq!(&fused::split(&fused_map), &cell);
        let (h, run) = fused::forward(&fused_map, &xs);
        prop_assert!(error(h.as_slice(), h_t.as_slice()) < 1e-12);
        prop_assert!(right(&fused::split(&fused::backward(&fused_map, &run, &h_bar))) < 1e-12);

        let mut buffers = buffered::Buffers::new(&fused_map, steps, batch);
        for _ in 0..2 {
            let h = buffers.forward(&fused_map, &xs);
            prop_assert!(error(h.as_slice(), h_t.as_slice()) < 1e-12);
            prop_assert!(right(&fused::split(buffers.backward(&fused_map, &h_bar))) < 1e-12);
        }

        let mut packed = Packed::new(layer);
        packed.load(&layer.theta::<f64>(&case.tensors));
        let mut unrolled = Unrolled::new(layer);
        let input = Batch { size: batch, input: Input::Vectors(case.x.as_slice()), start: None };
        let h = unrolled.forward(&packed, &input);
        prop_assert!(error(h, h_t.as_slice()) < 1e-12);
        let mut gradient = vec![f64::NAN; layer.len()];
        unrolled.backward(&packed, &input, h_bar.as_slice(), None, &mut gradient);
        let theta = layer.theta::<f64>(&PyTorch::from_gradient(&clear.cell));
        prop_assert!(error(&gradient, &theta) < 1e-12);
    }

    /// Digits are one-hot vectors, looked up instead of multiplied: the same numbers come out, h and C of every step, and all
    /// gradients. With more sequences than digits the first step is computed once for each digit; but what the loss says
    /// about single steps, and what it says about the inputs, belongs to each sequence.
    #[test]
    fn digits_are_one_hot_vectors(shape in shapes(), told in 1..=5_usize) {
        let case = draw(&shape);
        let Case { layer, steps, batch, .. } = case;
        let mut rng = generator(!shape.seed);
        let digits: Vec<u8> =
            (0..steps * batch).map(|_| below(layer.inputs as u32, &mut rng) as u8).collect();
        let mut x = DMatrix::<f64>::zeros(layer.inputs, steps * batch);
        digits.iter().enumerate().for_each(|(k, &digit)| x[(usize::from(digit), k)] = 1.0);
        let mut packed = Packed::new(layer);
        packed.load(&layer.theta::<f64>(&case.tensors));
        let last = told.min(steps) * batch;
        let h_bars = case.h_bars.columns(steps * batch - last, last).into_owned();
        let mut unrolled = Unrolled::new(layer);
        let mut result = |batch: Batch<'_, f64>| {
            let h = unrolled.forward(&packed, &batch).to_vec();
            let states = (0..=steps).flat_map(|t| [unrolled.h(t), unrolled.c(t)]).flatten().collect::<Vec<_>>();
            let mut gradient = vec![f64::NAN; layer.len()];
            unrolled.backward(&packed, &batch, h_bars.as_slice(), Some(case.c_bar.as_slice()), &mut gradient);
            let mut x_bar = [vec![f64::NAN; x.len()], vec![f64::NAN; x.len()]];
            x_bar.iter_mut().for_each(|x_bar| unrolled.input_bar(&packed, x_bar));
            [h, states, gradient, x_bar.concat()]
        };
        let vectors = Batch { size: batch, input: Input::Vectors(x.as_slice()), start: None };
        let by_vectors = result(vectors);
        for _ in 0..2 {
            let by_digits = result(Batch::of_digits(batch, &digits));
            for (digits, vectors) in by_digits.iter().zip(&by_vectors) {
                prop_assert!(error(digits, vectors) < 1e-13);
            }
        }
    }
}

/// The comparison is one that can fail: each of these small changes is far outside of it.
#[test]
fn a_wrong_number_is_noticed() {
    let shape = Shape { inputs: 3, hidden: 5, steps: 3, batch: 4, scale: 1.0, seed: 7 };
    let mut case = draw(&shape);
    let mut unrolled = Unrolled::<f64>::new(case.layer);
    assert!(packed_error(&case, &mut unrolled) < 1e-12);
    // What the fast code is given differs from what the clear code is given, by one in a million.
    let right = clear(&case);
    case.tensors.weight_hh[(7, 2)] += 1e-6;
    let mut packed = Packed::new(case.layer);
    packed.load(&case.layer.theta::<f64>(&case.tensors));
    let batch = Batch {
        size: case.batch,
        input: Input::Vectors(case.x.as_slice()),
        start: Some((case.start[0].as_slice(), case.start[1].as_slice())),
    };
    let h = unrolled.forward(&packed, &batch).to_vec();
    let last = right.h.columns(8, 4).into_owned();
    assert!(error(&h, last.as_slice()) > 1e-9);
    // A rational tanh in f64 is not exact.
    unrolled.tanh = one_matrix::Tanh::Rational;
    assert!(packed_error(&case, &mut unrolled) > 1e-9);
}

#[test]
#[should_panic(expected = "a step with fewer inputs")]
fn a_batch_with_a_piece_missing_is_refused() {
    let layer = Layer { inputs: 10, hidden: 4 };
    Unrolled::<f32>::new(layer).forward(&Packed::new(layer), &Batch::of_digits(3, &[1, 2, 3, 4]));
}

#[test]
#[should_panic(expected = "weights of another layer")]
fn weights_of_another_layer_are_refused() {
    let layer = Layer { inputs: 10, hidden: 4 };
    let other = Packed::new(Layer { hidden: 5, ..layer });
    Unrolled::<f32>::new(layer).forward(&other, &Batch::of_digits(1, &[1, 2]));
}
