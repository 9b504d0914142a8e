//! The optimisers against the papers' algorithms by hand, and what is claimed for them.

use approx::assert_relative_eq;
use loss_and_optimiser::{
    Adam, Momentum, Optimiser, Sgd, all_finite, clip, forget_biases, norm, set_forget_bias, uniform,
};
use one_matrix::{Layer, Real};
use proptest::prelude::*;

/// η = 0.1, θ₀ = 1 and −2; g₁ = 0.5 and −4, g₂ = 0.25 and 1. Every line is Algorithm 1 with numbers.
#[test]
fn the_first_two_steps_of_adam_by_hand() {
    let mut at = [1.0, -2.0];
    let mut adam = Adam::new(2, 0.1);
    adam.step(&mut at, &[0.5, -4.0]);
    // m̂ = g, v̂ = g²: θ − η · g / (|g| + ε).
    assert_relative_eq!(at[0], 1.0 - 0.1 * 0.5 / (0.5 + 1e-8), max_relative = 1e-15);
    assert_relative_eq!(at[1], -2.0 + 0.1 * 4.0 / (4.0 + 1e-8), max_relative = 1e-15);

    let first = at;
    adam.step(&mut at, &[0.25, 1.0]);
    // m₂ = 0.9 · 0.1 g₁ + 0.1 g₂ = 0.07 and −0.26; 1 − 0.9² = 0.19.
    // v₂ = 0.999 · 0.001 g₁² + 0.001 g₂² = 0.00031225 and 0.016984; 1 − 0.999² = 0.001999.
    for (k, m, v) in [(0, 0.07, 0.000_312_25), (1, -0.26, 0.016_984)] {
        assert_relative_eq!(adam.m[k], m, max_relative = 1e-13);
        assert_relative_eq!(adam.v[k], v, max_relative = 1e-13);
        let (m_hat, v_hat): (f64, f64) = (m / 0.19, v / 0.001_999);
        let by_hand = first[k] - 0.1 * m_hat / (v_hat.sqrt() + 1e-8);
        assert_relative_eq!(at[k], by_hand, max_relative = 1e-13);
    }
    assert_eq!(adam.t, 2);
}

/// u₁ = g₁, u₂ = 0.9 g₁ + g₂; without momentum the same as plain descent.
#[test]
fn momentum_by_hand() {
    let mut at = [1.0];
    let mut momentum = Momentum::new(1, 0.1, 0.9);
    momentum.step(&mut at, &[2.0]);
    assert_relative_eq!(at[0], 1.0 - 0.1 * 2.0, max_relative = 1e-15);
    momentum.step(&mut at, &[-1.0]);
    assert_relative_eq!(at[0], 0.8 - 0.1 * (0.9 * 2.0 - 1.0), max_relative = 1e-15);
    assert_relative_eq!(momentum.velocity[0], 0.8, max_relative = 1e-15);

    let (mut one, mut other) = ([1.0, -2.0], [1.0, -2.0]);
    let mut still = Momentum::new(2, 0.1, 0.0);
    for g in [[0.5, -4.0], [0.25, 1.0]] {
        still.step(&mut one, &g);
        Sgd { learning_rate: 0.1 }.step(&mut other, &g);
    }
    assert_eq!(one, other);
}

#[test]
fn without_a_gradient_nothing_moves() {
    let mut at = [1.0_f32, -2.0];
    let mut adam = Adam::new(2, 0.1);
    (0..10).for_each(|_| adam.step(&mut at, &[0.0, 0.0]));
    Momentum::new(2, 0.1, 0.9).step(&mut at, &[0.0, 0.0]);
    Sgd { learning_rate: 0.1 }.step(&mut at, &[0.0, 0.0]);
    assert_eq!(at, [1.0, -2.0]);
}

fn refused(mut optimiser: impl Optimiser<f64> + std::panic::UnwindSafe, gradient: &[f64]) -> bool {
    std::panic::catch_unwind(move || optimiser.step(&mut [1.0, 2.0], gradient)).is_err()
}

/// A shorter slice must not leave the rest of the parameters where they were, in silence.
#[test]
fn lengths_that_differ_are_refused() {
    assert!(refused(Sgd { learning_rate: 0.1 }, &[1.0]));
    assert!(refused(Momentum::new(2, 0.1, 0.9), &[1.0]));
    assert!(refused(Momentum::new(1, 0.1, 0.9), &[1.0, 1.0]));
    assert!(refused(Adam::new(2, 0.1), &[1.0, 1.0, 1.0]));
    assert!(refused(Adam::new(3, 0.1), &[1.0, 1.0]));
    let half = Adam { v: vec![0.0], ..Adam::new(2, 0.1) };
    assert!(refused(half, &[1.0, 1.0]));
    assert!(!refused(Adam::new(2, 0.1), &[1.0, 1.0]));
}

/// Saved after any step and put back, it goes on as if nothing had been: bit by bit.
#[test]
fn what_is_public_is_all_there_is() {
    let gradient = |t: u64| [(t as f32).sin(), (t as f32).cos()];
    let mut whole = ([1.0, 2.0], Adam::new(2, 0.1));
    (0..20).for_each(|t| whole.1.step(&mut whole.0, &gradient(t)));
    let mut first = ([1.0, 2.0], Adam::new(2, 0.1));
    (0..7).for_each(|t| first.1.step(&mut first.0, &gradient(t)));
    let Adam { learning_rate, m, v, t } = first.1;
    let mut second = (first.0, Adam { learning_rate, m, v, t });
    (7..20).for_each(|t| second.1.step(&mut second.0, &gradient(t)));
    assert_eq!(whole, second);
}

/// After 2³¹ steps there is still a next one.
#[test]
fn the_count_of_steps_does_not_overflow() {
    let mut at = [1.0];
    let mut adam = Adam { t: u64::from(u32::MAX) * 4, ..Adam::new(1, 0.1) };
    adam.step(&mut at, &[1.0]);
    // Nothing is left to correct: m / √v = 0.1 / √0.001.
    assert_relative_eq!(at[0], 1.0 - 0.1 * 0.1 / 0.001_f64.sqrt(), max_relative = 1e-6);
}

proptest! {
    /// The first step has the size η and the gradient's opposite sign, over twelve orders of magnitude.
    #[test]
    fn the_first_step_has_the_size_of_the_learning_rate(
        exponent in -5.0..7.0_f64, negative: bool, rate in 1e-4..1.0_f64
    ) {
        let sign = if negative { -1.0 } else { 1.0 };
        let mut at = [0.0];
        Adam::new(1, rate).step(&mut at, &[sign * 10_f64.powf(exponent)]);
        // |g| / (|g| + ε) is 1 − ε / |g|, 0.999 for the smallest gradient here.
        prop_assert!((at[0] / (-sign * rate) - 1.0).abs() < 1.1e-3);
    }

    /// Scaling all gradients by a constant leaves the path as it was, but for ε.
    #[test]
    fn the_scale_of_the_gradient_does_not_matter(
        gradients in prop::collection::vec(0.1..1.0_f64, 1..20), scale in 1.0..1e6_f64
    ) {
        let walk = |factor: f64| {
            let (mut at, mut adam) = ([0.0], Adam::new(1, 0.01));
            gradients.iter().for_each(|g| adam.step(&mut at, &[factor * g]));
            at[0]
        };
        prop_assert!((walk(1.0) / walk(scale) - 1.0).abs() < 1e-6);
    }

    /// It finds the bottom of ½ Σ s (θ − c)², however steep each direction is.
    #[test]
    fn adam_minimises_a_quadratic(
        bowl in prop::collection::vec((-2.0..2.0_f64, -2.0..2.0_f64, -2.0..3.0_f64), 1..6)
    ) {
        let mut at: Vec<f64> = bowl.iter().map(|b| b.0).collect();
        let mut adam = Adam::new(at.len(), 0.05);
        for step in 0..3000 {
            adam.learning_rate = 0.05 * (1.0 - f64::from(step) / 3000.0);
            let slopes = at.iter().zip(&bowl).map(|(at, (_, c, s))| (at - c) * 10_f64.powf(*s));
            let gradient: Vec<f64> = slopes.collect();
            adam.step(&mut at, &gradient);
        }
        prop_assert!(at.iter().zip(&bowl).all(|(at, b)| (at - b.1).abs() < 1e-2), "{at:?}, not {bowl:?}");
    }

    /// In f32 the same steps, to f32's precision, for lengths that fill no register.
    #[test]
    fn both_kinds_of_numbers_take_the_same_steps(gradient in prop::collection::vec(-3.0..3.0_f64, 1..50)) {
        fn walk<R: Real>(gradient: &[f64]) -> [Vec<f64>; 3] {
            let n = gradient.len();
            let g: Vec<R> = gradient.iter().map(|&g| R::of(g)).collect();
            let run = |mut optimiser: Box<dyn Optimiser<R>>| {
                let mut theta = vec![R::of(0.5); n];
                (0..5).for_each(|_| optimiser.step(&mut theta, &g));
                theta.iter().map(|theta| theta.to_f64()).collect()
            };
            [
                run(Box::new(Sgd { learning_rate: 0.01 })),
                run(Box::new(Momentum::new(n, 0.01, 0.9))),
                run(Box::new(Adam::new(n, 0.01))),
            ]
        }
        for (one, other) in walk::<f32>(&gradient).iter().zip(walk::<f64>(&gradient)) {
            // Five steps below 1, each rounded: 5 · 2⁻²⁴ and a little.
            prop_assert!(one.iter().zip(other).all(|(a, b)| (a - b).abs() < 1e-6));
        }
    }

    /// Chapter 4's clipping but for PyTorch's millionth: a short gradient stays, a long one keeps its direction.
    #[test]
    fn clipping_is_that_of_chapter_4(gradient in prop::collection::vec(-3.0..3.0_f64, 1..50), limit in 0.01..10.0_f64) {
        let mut by_chapter_4 = gradient_check::Named("g", gradient.clone().into());
        through_time::clip(&mut by_chapter_4, limit);
        let mut clipped = gradient.clone();
        let length = clip(&mut clipped, limit);
        prop_assert!((length - through_time::norm(&gradient_check::Named("g", gradient.clone().into()))).abs() < 1e-12);
        prop_assert!(norm(&clipped) <= limit);
        if length < limit - 1e-6 {
            prop_assert_eq!(&clipped, &gradient);
        }
        for (a, b) in clipped.iter().zip(by_chapter_4.1.iter()) {
            prop_assert!((a - b).abs() <= 1.01e-6 * b.abs() / length.max(1e-3) + 1e-15, "{a} {b} {length}");
        }
    }
}
/// At every place, also behind the last whole sixteen: infinity, minus infinity and NaN are seen, and the largest number
/// passes.
#[test]
fn what_is_not_finite_is_seen_wherever_it_stands() {
    for length in [1, 15, 16, 33] {
        let mut values = vec![f32::MAX; length];
        assert!(all_finite(&values));
        for at in 0..length {
            for wrong in [f32::INFINITY, f32::NEG_INFINITY, f32::NAN] {
                values[at] = wrong;
                assert!(!all_finite(&values), "{wrong} at {at} of {length}");
            }
            values[at] = -f32::MAX;
            assert!(all_finite(&values));
        }
    }
}

#[test]
fn what_cannot_be_clipped_is_reported() {
    assert!(clip(&mut [1.0, f32::NAN], 1.0).is_nan());
    assert_eq!(clip(&mut [1.0, f32::INFINITY], 1.0), f32::INFINITY);
}

#[test]
fn initial_weights_are_uniform_within_the_bound_and_the_same_for_ever() {
    let bound = 1.0 / 32_f64.sqrt();
    let mut weights = vec![0.0; 20_000];
    uniform(&mut weights, bound, &mut digits::generator(3));
    assert!(weights.iter().all(|w| (-bound..bound).contains(w)));
    // Over 20 000: the mean's deviation is bound / √(3 · 20000), the variance is bound² / 3.
    let mean = |f: fn(&f64) -> f64| weights.iter().map(f).sum::<f64>() / 20_000.0;
    assert!(mean(|w| *w).abs() < 5.0 * bound / (3.0 * 20_000.0_f64).sqrt());
    assert!((mean(|w| w * w) / (bound * bound / 3.0) - 1.0).abs() < 0.03);
    let largest = weights.iter().fold(0.0_f64, |largest, w| largest.max(w.abs()));
    assert!(largest > 0.999 * bound);

    // Two words of ChaCha8 with key 1 and the rule in the code, from an independent implementation.
    let mut pinned = [0.0, 0.0];
    uniform(&mut pinned, 1.0, &mut digits::generator(1));
    assert_eq!(pinned, [-0.237_021_173_523_477_96, -0.410_145_348_436_650_2]);
    let mut single = [0.0_f32, 0.0];
    uniform(&mut single, 1.0, &mut digits::generator(1));
    assert_eq!(single, pinned.map(|value| value as f32));
}

/// The forget gate's block and nothing else; the two biases are added.
#[test]
fn the_forget_bias_is_set_in_its_place() {
    let layer = Layer { inputs: 2, hidden: 3 };
    let mut theta = vec![0.5_f32; layer.len()];
    set_forget_bias(layer, &mut theta, 1.0);
    assert_eq!(forget_biases(layer, &theta), [1.0; 3]);
    let weights = layer.split(&theta);
    assert!(weights.weight_ih.iter().chain(weights.weight_hh).all(|&w| w == 0.5));
    for (bias, forget) in [(weights.bias_ih, 1.0), (weights.bias_hh, 0.0)] {
        assert_eq!(bias[..3], [0.5; 3]);
        assert_eq!(bias[3..6], [forget; 3]);
        assert_eq!(bias[6..], [0.5; 6]);
    }
}
