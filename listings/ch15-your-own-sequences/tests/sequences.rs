//! What padding, batches and chunks must not change.
#![allow(clippy::unwrap_used)]

mod support;

use nalgebra::DMatrix;
use one_matrix::Layer;
use own_sequences::{
    Inputs, Masks, Network, Padded, Reader, Shape, States, Stream, evaluate, layer, matrices, stack,
};
use proptest::prelude::*;
use support::{Draws, repad};

fn same_bits(a: &DMatrix<f64>, b: &DMatrix<f64>) -> bool {
    a.shape() == b.shape() && a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits())
}

/// A network with random weights.
fn network(shape: Shape, draws: &mut Draws) -> Network {
    Network { shape, theta: draws.numbers(shape.parameters(), 0.8) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Numbers of any kind in the padding, infinite ones too, move no output and no adjoint, by no bit; and what the loss
    /// says about the padding is not heard.
    #[test]
    fn padding_moves_nothing(
        inputs in 1..=3_usize, hidden in 1..=9_usize, steps in 1..=6_usize, batch in 1..=9_usize,
        garbage in prop_oneof![Just(1.0), Just(1e300), Just(f64::INFINITY), Just(f64::NAN)], seed: u64,
    ) {
        let mut draws = Draws::new(seed);
        let layer = Layer { inputs, hidden };
        let weights = matrices(layer, &draws.theta(layer, 1.0, 2.0));
        let lengths = draws.lengths(batch, steps);
        let start = draws.states(hidden, batch);
        let xs = draws.matrices(steps, inputs, batch);
        let h_bars = draws.matrices(steps, hidden, batch);
        let end = draws.states(hidden, batch);
        let dirty = |clean: &[DMatrix<f64>]| -> Vec<DMatrix<f64>> {
            let mut dirty = clean.to_vec();
            for (t, matrix) in dirty.iter_mut().enumerate() {
                (0..batch).filter(|&b| t >= lengths[b]).for_each(|b| matrix.column_mut(b).fill(garbage));
            }
            dirty
        };
        let run = |xs: Vec<DMatrix<f64>>, h_bars: &[DMatrix<f64>]| {
            let pass = layer::forward(&weights, Inputs::Vectors(xs), &lengths, &start);
            let bars = layer::backward(&weights, &pass, h_bars, &end);
            (pass, bars)
        };
        let (pass, bars) = run(xs.clone(), &h_bars);
        let (other, others) = run(dirty(&xs), &dirty(&h_bars));
        prop_assert!(pass.hs.iter().zip(&other.hs).all(|(a, b)| same_bits(a, b)));
        prop_assert!(same_bits(&pass.end.h, &other.end.h) && same_bits(&pass.end.c, &other.end.c));
        prop_assert!(bars.xs.iter().zip(&others.xs).all(|(a, b)| same_bits(a, b)));
        prop_assert_eq!(&bars.weights, &others.weights);
        prop_assert!(same_bits(&bars.start.h, &others.start.h));
        prop_assert!(same_bits(&bars.start.c, &others.start.c));
        for (t, (h, x_bar)) in pass.hs.iter().zip(&bars.xs).enumerate() {
            for b in (0..batch).filter(|&b| t >= lengths[b]) {
                prop_assert_eq!(h.column(b).amax(), 0.0);
                prop_assert_eq!(x_bar.column(b).amax(), 0.0);
            }
        }
        // A sequence of no steps hands on what it was given, in both directions.
        for b in (0..batch).filter(|&b| lengths[b] == 0) {
            prop_assert_eq!(pass.end.h.column(b), start.h.column(b));
            prop_assert_eq!(bars.start.c.column(b), end.c.column(b));
        }
    }

    /// The same of a whole network, by the symbols in the padding.
    #[test]
    fn padded_symbols_move_nothing(
        layers in 1..=3_usize, hidden in 1..=6_usize, count in 1..=6_usize, p in 0.0..0.6_f64, seed: u64,
    ) {
        let mut draws = Draws::new(seed);
        let shape = Shape { symbols: 5, hidden, layers };
        let network = network(shape, &mut draws);
        let batch = Padded::of(&draws.sequences(count, 7, 5));
        let masks = Masks::draw(p, (layers, hidden), (batch.read.len(), count), &mut draws.0);
        let loss = |batch: &Padded| network.loss(batch, &shape.zeros(count), Some(&masks));
        let (mean, gradient, end) = loss(&batch);
        for symbol in 1..5 {
            let (other, others, ends) = loss(&repad(&batch, symbol));
            prop_assert_eq!(mean.to_bits(), other.to_bits());
            prop_assert_eq!(&gradient, &others);
            prop_assert_eq!(&end, &ends);
        }
    }

    /// A sequence gives what it gives alone, whoever its neighbours are; and the mean loss of a batch is that of all its answers.
    #[test]
    fn a_sequence_is_what_it_is_alone(
        layers in 1..=2_usize, hidden in 1..=9_usize, count in 1..=9_usize, seed: u64,
    ) {
        let mut draws = Draws::new(seed);
        let shape = Shape { symbols: 6, hidden, layers };
        let network = network(shape, &mut draws);
        let sequences = draws.sequences(count, 8, 6);
        let together = Padded::of(&sequences);
        let (mean, gradient, ends) = network.loss(&together, &shape.zeros(count), None);
        let all: usize = together.lengths.iter().sum();
        let (mut sum, mut sums) = (0.0, vec![0.0; gradient.len()]);
        for (b, sequence) in sequences.iter().enumerate() {
            let alone = Padded::of(&[sequence]);
            let (loss, bar, end) = network.loss(&alone, &shape.zeros(1), None);
            let share = alone.lengths[0] as f64 / all as f64;
            sum += share * loss;
            sums.iter_mut().zip(&bar).for_each(|(sum, bar)| *sum += share * bar);
            for (one, other) in end.iter().zip(&ends) {
                prop_assert!((one.h.column(0) - other.h.column(b)).amax() < 1e-13);
                prop_assert!((one.c.column(0) - other.c.column(b)).amax() < 1e-13);
            }
        }
        prop_assert!((sum - mean).abs() < 1e-12);
        let apart = sums.iter().zip(&gradient).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        prop_assert!(apart < 1e-12, "{apart:e}");
        prop_assert!((evaluate(&network, &sequences) - mean).abs() < 1e-12);
    }

    /// Read step by step, a sequence gets the scores that it gets in one go.
    #[test]
    fn a_reader_reads_as_a_batch_does(layers in 1..=3_usize, hidden in 1..=9_usize, seed: u64) {
        let mut draws = Draws::new(seed);
        let shape = Shape { symbols: 6, hidden, layers };
        let network = network(shape, &mut draws);
        let sequence = draws.sequences(1, 9, 6).remove(0);
        let logits = network.read(&Padded::of(&[&sequence]), &shape.zeros(1), None).logits;
        let mut reader = Reader::new(&network);
        for (t, &symbol) in sequence[..sequence.len() - 1].iter().enumerate() {
            prop_assert!((reader.read(symbol) - logits.column(t)).amax() < 1e-12);
        }
    }

    /// Chunk by chunk, with h and C carried over, a text gets the scores and the last states that it gets in one go.
    #[test]
    fn chunks_say_what_the_whole_says(
        layers in 1..=2_usize, hidden in 1..=8_usize, length in 2..60_usize, rows in 1..=5_usize,
        chunk in 1..=20_usize, seed: u64,
    ) {
        let mut draws = Draws::new(seed);
        let shape = Shape { symbols: 5, hidden, layers };
        let network = network(shape, &mut draws);
        let text: Vec<u16> = (0..length).map(|_| draws.below(5) as u16).collect();
        let stream = Stream::new(&text, rows, chunk);
        let whole = Stream::new(&text, stream.rows(), length);
        // As many rows, each read whole.
        prop_assume!(whole.rows() == stream.rows());
        let at_once = network.read(&whole.chunk(0).batch, &shape.zeros(whole.rows()), None);
        let mut states = shape.zeros(stream.rows());
        let mut columns = Vec::new();
        for number in 0..stream.chunks() {
            let chunk = stream.chunk(number);
            prop_assert_eq!(chunk.goes_on, number > 0);
            let reading = network.read(&chunk.batch, &states, None);
            columns.extend(reading.logits.column_iter().map(|column| column.clone_owned()));
            states = reading.end();
        }
        prop_assert!((DMatrix::from_columns(&columns) - &at_once.logits).amax() < 1e-12);
        for (one, other) in states.iter().zip(at_once.end()) {
            prop_assert!((&one.h - other.h).amax() < 1e-12);
            prop_assert!((&one.c - other.c).amax() < 1e-12);
        }
    }

    /// Each symbol of a stream is read once and asked once, but for those at the borders of rows and at the end.
    #[test]
    fn a_stream_reads_everything_once(
        length in 2..200_usize, rows in 1..=9_usize, chunk in 1..=30_usize,
    ) {
        let text: Vec<u16> = (0..length as u16).collect();
        let stream = Stream::new(&text, rows, chunk);
        let mut asked: Vec<u16> = Vec::new();
        for number in 0..stream.chunks() {
            let batch = stream.chunk(number).batch;
            prop_assert!(batch.lengths.iter().all(|&length| length == batch.lengths[0] && length <= chunk));
            for (t, b) in batch.places() {
                prop_assert_eq!(batch.read[t][b] + 1, batch.asked[t][b]);
                asked.push(batch.asked[t][b]);
            }
        }
        asked.sort_unstable();
        prop_assert_eq!(asked.len(), stream.answers());
        prop_assert!(asked.iter().copied().eq(1..=asked.len() as u16), "each once, from the first on");
        prop_assert!(length - 1 - asked.len() < stream.rows(), "{} left out", length - 1 - asked.len());
    }

    /// Masks keep the mean: what is dropped is made up for by what comes through.
    #[test]
    fn masks_are_zero_or_one_over_the_rest(p in 0.0..0.9_f64, seed: u64) {
        let masks = Masks::draw(p, (3, 20), (5, 10), &mut Draws::new(seed).0);
        prop_assert_eq!(masks.0.len(), 2);
        let entries: Vec<f64> = masks.0.iter().flatten().flat_map(|it| it.iter().copied()).collect();
        prop_assert_eq!(entries.len(), 2 * 5 * 20 * 10);
        let kept = 1.0 / (1.0 - p);
        prop_assert!(entries.iter().all(|&it| it == 0.0 || it == kept));
        // Two thousand coins: five standard deviations.
        let mean = entries.iter().sum::<f64>() / entries.len() as f64;
        prop_assert!((mean - 1.0).abs() <= 5.0 * (p / (1.0 - p) / 2000.0).sqrt(), "{mean}");
    }
}

/// Truncated backpropagation cuts a gradient and nothing else: with the incoming states held constant, a chunk's gradient is
/// that of its own loss. (tests/gradients.rs holds it against differences.) What is cut is not zero.
#[test]
fn what_a_border_cuts_is_the_states_adjoint() {
    let mut draws = Draws::new(3);
    let shape = Shape { symbols: 5, hidden: 6, layers: 2 };
    let network = network(shape, &mut draws);
    let text: Vec<u16> = (0..21).map(|_| draws.below(5) as u16).collect();
    let whole = Stream::new(&text, 1, 20).chunk(0).batch;
    let stream = Stream::new(&text, 1, 10);
    let (_, all, _) = network.loss(&whole, &shape.zeros(1), None);
    let (_, first, carried) = network.loss(&stream.chunk(0).batch, &shape.zeros(1), None);
    let (_, second, _) = network.loss(&stream.chunk(1).batch, &carried, None);
    let sum: Vec<f64> = first.iter().zip(&second).map(|(a, b)| 0.5 * (a + b)).collect();
    let apart = sum.iter().zip(&all).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(apart > 1e-4, "the border cuts nothing: {apart:e}");

    // With the adjoint of the states handed back over the border, nothing is missing.
    let (layers, fc) = network.parts();
    let lstm = network.theta.len() - fc.len();
    let last = network.read(&stream.chunk(1).batch, &carried, None);
    let h_bars = |batch: &Padded, logits: &DMatrix<f64>| -> Vec<DMatrix<f64>> {
        let w = DMatrix::from_row_slice(5, 6, &fc[..30]);
        let column = |t: usize| {
            let y = logits.column(t).clone_owned();
            let bar = loss_and_optimiser::cross_entropy_backward(&y, batch.asked[t][0].into());
            DMatrix::from_columns(&[w.transpose() * bar / 20.0])
        };
        (0..batch.read.len()).map(column).collect()
    };
    let pass = |batch: &Padded, start: &[States]| {
        stack::forward(&layers, Inputs::Symbols(batch.read.clone()), &[10], start, None)
    };
    let (one, two) = (stream.chunk(0).batch, stream.chunk(1).batch);
    let logits = network.read(&one, &shape.zeros(1), None).logits;
    let back = |batch: &Padded, start: &[States], bars: Vec<_>, ends: &[States]| {
        stack::backward(&layers, &pass(batch, start), None, bars, ends)
    };
    let zeros = shape.zeros(1);
    let late = back(&two, &carried, h_bars(&two, &last.logits), &zeros);
    let over: Vec<States> = late.iter().map(|bars| bars.start.clone()).collect();
    let early = back(&one, &zeros, h_bars(&one, &logits), &over);
    let inputs = |l: usize| if l == 0 { 5 } else { 6 };
    let theta = |bars: &[layer::Bars]| -> Vec<f64> {
        let layers = bars.iter().enumerate();
        let theta = layers
            .flat_map(|(l, it)| Layer { inputs: inputs(l), hidden: 6 }.theta::<f64>(&it.weights));
        theta.collect()
    };
    let (late, early) = (theta(&late), theta(&early));
    let sums = late.iter().zip(&early).map(|(a, b)| a + b);
    let apart = sums.zip(&all[..lstm]).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(apart < 1e-13, "{apart:e}");
}
