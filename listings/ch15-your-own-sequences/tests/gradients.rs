//! Every gradient of chapter 15 against central differences, and wrong ones that must be refused.
#![allow(clippy::unwrap_used)]

mod support;

use cases::TOLERANCE;
use gradient_check::{Named, check};
use nalgebra::DMatrix;
use one_matrix::Layer;
use own_sequences::{Inputs, Masks, Network, Padded, Pass, Shape, States, layer, matrices, stack};
use proptest::prelude::*;
use support::{Draws, dot, flat, named, unflat};

/// A layer before a batch, and a loss that weighs everything that it gives.
#[derive(Clone)]
struct Lesson {
    layer: Layer,
    lengths: Vec<usize>,
    h_bars: Vec<DMatrix<f64>>,
    end_bar: States,
    point: Vec<Named>,
}

impl Lesson {
    fn draw(layer: Layer, steps: usize, batch: usize, scale: f64, push: f64, seed: u64) -> Lesson {
        let mut draws = Draws::new(seed);
        let lengths = draws.lengths(batch, steps);
        let Layer { inputs, hidden } = layer;
        let point = vec![
            named("theta", draws.theta(layer, scale, push)),
            named("x", draws.numbers(inputs * batch * steps, 1.0)),
            named("h_0", draws.numbers(hidden * batch, 1.0)),
            named("C_0", draws.numbers(hidden * batch, 1.0)),
        ];
        let h_bars = draws.matrices(steps, hidden, batch);
        let end_bar = draws.states(hidden, batch);
        Lesson { layer, lengths, h_bars, end_bar, point }
    }

    fn forward(&self, point: &[Named]) -> Pass {
        let Layer { inputs, hidden } = self.layer;
        let batch = self.lengths.len();
        let [theta, x, h, c] = [0, 1, 2, 3].map(|k| point[k].1.as_slice());
        let state = |values| DMatrix::from_column_slice(hidden, batch, values);
        let xs = Inputs::Vectors(unflat(x, inputs, batch));
        let start = States { h: state(h), c: state(c) };
        layer::forward(&matrices(self.layer, theta), xs, &self.lengths, &start)
    }

    fn loss(&self, point: &[Named]) -> f64 {
        let pass = self.forward(point);
        let States { h, c } = &self.end_bar;
        dot(&pass.hs, &self.h_bars) + pass.end.h.dot(h) + pass.end.c.dot(c)
    }

    /// The gradient by a walk back over a pass, in which something may be wrong.
    fn gradient(&self, slip: impl Fn(&mut Pass)) -> Vec<Named> {
        let weights = matrices(self.layer, self.point[0].1.as_slice());
        let mut pass = self.forward(&self.point);
        slip(&mut pass);
        let bars = layer::backward(&weights, &pass, &self.h_bars, &self.end_bar);
        vec![
            named("theta", self.layer.theta(&bars.weights)),
            named("x", flat(&bars.xs)),
            named("h_0", bars.start.h.as_slice().to_vec()),
            named("C_0", bars.start.c.as_slice().to_vec()),
        ]
    }

    fn error(&self, gradient: &Vec<Named>) -> f64 {
        check(&self.point, gradient, |point| self.loss(point)).worst.error
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Weights, inputs and starts of one layer, one by one: any lengths, none among them, gates in saturation too.
    #[test]
    fn one_layer(
        inputs in 1..=3_usize, hidden in 1..=4_usize, steps in 1..=5_usize, batch in 1..=4_usize,
        scale in 0.2..1.5_f64, push in 1.0..8.0_f64, seed: u64,
    ) {
        let lesson = Lesson::draw(Layer { inputs, hidden }, steps, batch, scale, push, seed);
        let gradient = lesson.gradient(|_| ());
        let report = check(&lesson.point, &gradient, |point| lesson.loss(point));
        prop_assert!(report.worst.error < TOLERANCE, "{report}");

        // Off by one percent in any tensor, it is refused.
        for k in 0..4 {
            let mut wrong = gradient.clone();
            wrong[k].1 *= 1.01;
            if gradient[k].1.amax() > 1e-2 {
                prop_assert!(lesson.error(&wrong) > 1e-3);
            }
        }
    }

    /// One-hot vectors, written out, say the same as the symbols whose places they are, backward too.
    #[test]
    fn a_symbol_is_its_one_hot_vector(
        symbols in 1..=6_usize, hidden in 1..=5_usize, steps in 1..=5_usize, batch in 1..=4_usize, seed: u64,
    ) {
        let mut draws = Draws::new(seed);
        let layer = Layer { inputs: symbols, hidden };
        let weights = matrices(layer, &draws.theta(layer, 1.0, 2.0));
        let lengths = draws.lengths(batch, steps);
        let read: Vec<Vec<u16>> =
            (0..steps).map(|_| (0..batch).map(|_| draws.below(symbols) as u16).collect()).collect();
        let one_hot = |step: &Vec<u16>| {
            DMatrix::from_fn(symbols, batch, |k, b| f64::from(u8::from(usize::from(step[b]) == k)))
        };
        let vectors = Inputs::Vectors(read.iter().map(one_hot).collect());
        let start = draws.states(hidden, batch);
        let [by_symbols, by_vectors] = [Inputs::Symbols(read), vectors]
            .map(|xs| layer::forward(&weights, xs, &lengths, &start));
        let h_bars = draws.matrices(steps, hidden, batch);
        let end = draws.states(hidden, batch);
        let [one, other] = [&by_symbols, &by_vectors]
            .map(|pass| layer::backward(&weights, pass, &h_bars, &end));
        for (a, b) in by_symbols.hs.iter().zip(&by_vectors.hs) {
            prop_assert!((a - b).amax() < 1e-12);
        }
        prop_assert!((&one.weights.weight_ih - &other.weights.weight_ih).amax() < 1e-11);
        prop_assert!((&one.weights.weight_hh - &other.weights.weight_hh).amax() < 1e-11);
        prop_assert!((&one.weights.bias_hh - &other.weights.bias_hh).amax() < 1e-11);
        prop_assert!((&one.start.h - &other.start.h).amax() < 1e-11);
        prop_assert!((&one.start.c - &other.start.c).amax() < 1e-11);
    }
}

/// Several layers with masks between them, and a loss on everything.
#[derive(Clone)]
struct Tower {
    layers: Vec<Layer>,
    lengths: Vec<usize>,
    masks: Option<Masks>,
    h_bars: Vec<DMatrix<f64>>,
    ends: Vec<States>,
    /// θ, h_0 and C_0 of every layer, and x.
    point: Vec<Named>,
}

impl Tower {
    fn draw(count: usize, hidden: usize, steps: usize, batch: usize, p: f64, seed: u64) -> Tower {
        let mut draws = Draws::new(seed);
        let inputs = |number| if number == 0 { 2 } else { hidden };
        let layers: Vec<Layer> =
            (0..count).map(|number| Layer { inputs: inputs(number), hidden }).collect();
        let mut point = Vec::new();
        for layer in &layers {
            point.push(named("theta", draws.theta(*layer, 1.0, 2.0)));
            point.push(named("h_0", draws.numbers(hidden * batch, 1.0)));
            point.push(named("C_0", draws.numbers(hidden * batch, 1.0)));
        }
        point.push(named("x", draws.numbers(2 * batch * steps, 1.0)));
        let shape = (count, hidden);
        Tower {
            lengths: draws.lengths(batch, steps),
            masks: (p > 0.0).then(|| Masks::draw(p, shape, (steps, batch), &mut draws.0)),
            h_bars: draws.matrices(steps, hidden, batch),
            ends: (0..count).map(|_| draws.states(hidden, batch)).collect(),
            layers,
            point,
        }
    }

    fn parts(&self, point: &[Named]) -> (Vec<output_gate::PyTorch>, Vec<States>, Inputs) {
        let batch = self.lengths.len();
        let of = |k: usize| point[k].1.as_slice();
        let weights = self.layers.iter().enumerate();
        let weights = weights.map(|(l, layer)| matrices(*layer, of(3 * l))).collect();
        let state = |k: usize| DMatrix::from_column_slice(self.layers[0].hidden, batch, of(k));
        let starts = (0..self.layers.len())
            .map(|l| States { h: state(3 * l + 1), c: state(3 * l + 2) })
            .collect();
        (weights, starts, Inputs::Vectors(unflat(of(3 * self.layers.len()), 2, batch)))
    }

    fn forward(&self, point: &[Named]) -> Vec<Pass> {
        let (weights, starts, xs) = self.parts(point);
        stack::forward(&weights, xs, &self.lengths, &starts, self.masks.as_ref())
    }

    fn loss(&self, point: &[Named]) -> f64 {
        let passes = self.forward(point);
        let ends = passes.iter().zip(&self.ends);
        dot(&passes.last().unwrap().hs, &self.h_bars)
            + ends.map(|(it, bar)| it.end.h.dot(&bar.h) + it.end.c.dot(&bar.c)).sum::<f64>()
    }

    fn gradient(&self, masks: Option<&Masks>) -> Vec<Named> {
        let (weights, ..) = self.parts(&self.point);
        let passes = self.forward(&self.point);
        let bars = stack::backward(&weights, &passes, masks, self.h_bars.clone(), &self.ends);
        let mut gradient = Vec::new();
        for (layer, bars) in self.layers.iter().zip(&bars) {
            gradient.push(named("theta", layer.theta(&bars.weights)));
            gradient.push(named("h_0", bars.start.h.as_slice().to_vec()));
            gradient.push(named("C_0", bars.start.c.as_slice().to_vec()));
        }
        gradient.push(named("x", flat(&bars[0].xs)));
        gradient
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// All layers, with and without masks between them.
    #[test]
    fn several_layers(
        count in 1..=3_usize, hidden in 1..=3_usize, steps in 1..=4_usize, batch in 1..=3_usize,
        p in prop_oneof![Just(0.0), 0.1..0.8_f64], seed: u64,
    ) {
        let tower = Tower::draw(count, hidden, steps, batch, p, seed);
        let gradient = tower.gradient(tower.masks.as_ref());
        let report = check(&tower.point, &gradient, |point| tower.loss(point));
        prop_assert!(report.worst.error < TOLERANCE, "{report}");
    }

    /// The whole network with its mean loss, from states that count as given: a chunk in the middle of a text, or names.
    #[test]
    fn a_network_that_answers_at_every_step(
        symbols in 2..=5_usize, hidden in 1..=4_usize, layers in 1..=3_usize, count in 1..=4_usize,
        longest in 1..=5_usize, p in prop_oneof![Just(0.0), Just(0.4)], seed: u64,
    ) {
        let mut draws = Draws::new(seed);
        let shape = Shape { symbols, hidden, layers };
        let batch = Padded::of(&draws.sequences(count, longest, symbols));
        let start: Vec<States> = (0..layers).map(|_| draws.states(hidden, count)).collect();
        let masks = Masks::draw(p, (layers, hidden), (batch.read.len(), count), &mut draws.0);
        let theta = draws.numbers(shape.parameters(), 1.0);
        let at = |theta: &[f64]| Network { shape, theta: theta.to_vec() };
        let (loss, gradient, _) = at(&theta).loss(&batch, &start, Some(&masks));
        let mean = |point: &Named| at(point.1.as_slice()).loss(&batch, &start, Some(&masks)).0;
        let point = named("theta", theta);
        prop_assert_eq!(mean(&point), loss);
        let report = check(&point, &named("theta", gradient), mean);
        prop_assert!(report.worst.error < TOLERANCE, "{report}");
    }
}

/// Mistakes that somebody could make: each is refused wherever it makes a difference, and it does in most lessons.
#[test]
fn slips_are_refused() {
    let lesson = |seed| Lesson::draw(Layer { inputs: 2, hidden: 3 }, 4, 3, 1.0, 1.0, seed);
    type Slip = fn(&mut Pass);
    let slips: [(&str, Slip); 3] = [
        ("the mask is forgotten on the way back", |pass| {
            let steps = pass.hs.len();
            pass.lengths.fill(steps);
        }),
        ("lengths are one too large on the way back", |pass| {
            let steps = pass.hs.len();
            pass.lengths.iter_mut().for_each(|length| *length = (*length + 1).min(steps));
        }),
        ("lengths are one too small on the way back", |pass| {
            pass.lengths.iter_mut().for_each(|length| *length = length.saturating_sub(1));
        }),
    ];
    for (what, slip) in slips {
        let refused = (1..=20).map(lesson).filter(|it| it.error(&it.gradient(slip)) > 1e-3).count();
        assert!(refused >= 18, "{what}: refused in {refused} of 20 lessons");
    }
    for it in (1..=20).map(lesson) {
        assert!(it.error(&it.gradient(|_| ())) < TOLERANCE);
    }
}

#[test]
fn a_dropout_mask_that_is_forgotten_on_the_way_back_is_refused() {
    for seed in 1..=10 {
        let tower = Tower::draw(2, 4, 4, 3, 0.5, seed);
        if tower.lengths.iter().all(|length| *length == 0) {
            continue;
        }
        let error = |gradient| check(&tower.point, &gradient, |it| tower.loss(it)).worst.error;
        assert!(error(tower.gradient(None)) > 1e-3, "seed {seed}");
        assert!(error(tower.gradient(tower.masks.as_ref())) < TOLERANCE, "seed {seed}");
    }
}

/// What enters a chunk is an input of it. A gradient that is computed as if the C that comes in were none, or h, is refused.
#[test]
fn a_chunk_that_forgets_what_came_in_is_refused() {
    let shape = Shape { symbols: 4, hidden: 3, layers: 2 };
    for seed in 1..=10 {
        let mut draws = Draws::new(seed);
        let batch = Padded::of(&draws.sequences(2, 4, 4));
        let start: Vec<States> = (0..2).map(|_| draws.states(3, 2)).collect();
        let theta = draws.numbers(shape.parameters(), 1.0);
        let at = |theta: &[f64]| Network { shape, theta: theta.to_vec() };
        let loss = |point: &Named| at(point.1.as_slice()).loss(&batch, &start, None).0;
        let without = |forget: fn(&mut States)| {
            let mut start = start.clone();
            start.iter_mut().for_each(forget);
            at(&theta).loss(&batch, &start, None).1
        };
        let point = named("theta", theta.clone());
        let error = |gradient| check(&point, &named("theta", gradient), loss).worst.error;
        assert!(error(without(|_| ())) < TOLERANCE);
        assert!(error(without(|states| states.c.fill(0.0))) > 1e-3, "seed {seed}");
        assert!(error(without(|states| states.h.fill(0.0))) > 1e-3, "seed {seed}");
    }
}
