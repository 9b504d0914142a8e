//! From a gradient to better weights: three ways downhill.

use multiversion::multiversion;
use one_matrix::Real;

// ANCHOR: optimiser
/// Moves the parameters θ of a network against a gradient.
///
/// What is set by hand, such as a learning rate, is an `f64` whatever `R` is: 1 − 0.999 has lost four of seven digits
/// if it is computed in `f32`.
pub trait Optimiser<R> {
    /// One step.
    ///
    /// # Panics
    /// If θ, its gradient or what the optimiser remembers differ in length.
    fn step(&mut self, theta: &mut [R], gradient: &[R]);
}
// ANCHOR_END: optimiser

fn check<R>(theta: &[R], gradient: &[R], memory: usize) {
    let lengths = (gradient.len(), memory);
    assert_eq!(lengths, (theta.len(), theta.len()), "the gradient or optimiser of another network");
}

// ANCHOR: sgd
/// Gradient descent: against the gradient, as far as it is long. PyTorch's `SGD`.
#[derive(Clone, Debug, PartialEq)]
pub struct Sgd {
    /// η.
    pub learning_rate: f64,
}

impl<R: Real> Optimiser<R> for Sgd {
    fn step(&mut self, theta: &mut [R], gradient: &[R]) {
        check(theta, gradient, theta.len());
        let rate = R::of(self.learning_rate);
        theta.iter_mut().zip(gradient).for_each(|(theta, &g)| *theta -= rate * g);
    }
}
// ANCHOR_END: sgd

// ANCHOR: momentum
/// Gradient descent with momentum, in the form of PyTorch's `SGD(momentum=…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Momentum<R> {
    /// η.
    pub learning_rate: f64,
    /// β, the part of the velocity that is kept.
    pub momentum: f64,
    /// u, one number for each parameter.
    pub velocity: Vec<R>,
}

impl<R: Real> Optimiser<R> for Momentum<R> {
    fn step(&mut self, theta: &mut [R], gradient: &[R]) {
        check(theta, gradient, self.velocity.len());
        let (rate, kept) = (R::of(self.learning_rate), R::of(self.momentum));
        for ((theta, u), &g) in theta.iter_mut().zip(&mut self.velocity).zip(gradient) {
            *u = kept * *u + g;
            *theta -= rate * *u;
        }
    }
}
// ANCHOR_END: momentum

impl<R: Real> Momentum<R> {
    /// At rest, for so many parameters.
    pub fn new(parameters: usize, learning_rate: f64, momentum: f64) -> Momentum<R> {
        Momentum { learning_rate, momentum, velocity: vec![R::zero(); parameters] }
    }
}

/// How much of the mean gradient m is kept from step to step.
pub const BETA_1: f64 = 0.9;
/// How much of the mean squared gradient v is kept from step to step.
pub const BETA_2: f64 = 0.999;
/// Keeps the division finite where no gradient ever was.
pub const EPSILON: f64 = 1e-8;

// ANCHOR: adam
/// Adam remembers, for every parameter, how its gradient was on average and how large.
///
/// All that a later step depends on is public, so that it can be saved and put back.
#[derive(Clone, Debug, PartialEq)]
pub struct Adam<R> {
    /// η, about how far one step moves a parameter.
    pub learning_rate: f64,
    /// The mean gradient, one number for each parameter.
    pub m: Vec<R>,
    /// The mean squared gradient, one number for each parameter.
    pub v: Vec<R>,
    /// How many steps were taken.
    pub t: u64,
}
// ANCHOR_END: adam

impl<R: Real> Adam<R> {
    /// For so many parameters, before any gradient: m = 0, v = 0, t = 0.
    pub fn new(parameters: usize, learning_rate: f64) -> Adam<R> {
        let zeros = vec![R::zero(); parameters];
        Adam { learning_rate, m: zeros.clone(), v: zeros, t: 0 }
    }
}

// ANCHOR: adam_step
impl<R: Real> Optimiser<R> for Adam<R> {
    fn step(&mut self, theta: &mut [R], gradient: &[R]) {
        check(theta, gradient, self.m.len());
        check(theta, gradient, self.v.len());
        self.t += 1;
        let steps = i32::try_from(self.t).unwrap_or(i32::MAX);
        // The corrections belong to all parameters alike: computed once, not once for each.
        let scales = Scales {
            kept: [BETA_1, BETA_2].map(R::of),
            new: [1.0 - BETA_1, 1.0 - BETA_2].map(R::of),
            rate: R::of(self.learning_rate / (1.0 - BETA_1.powi(steps))),
            root: R::of(1.0 / (1.0 - BETA_2.powi(steps)).sqrt()),
            epsilon: R::of(EPSILON),
        };
        adam_all(&scales, theta, gradient, &mut self.m, &mut self.v);
    }
}

struct Scales<R> {
    kept: [R; 2],
    new: [R; 2],
    /// η / (1 − β₁ᵗ)
    rate: R,
    /// 1 / √(1 − β₂ᵗ)
    root: R,
    epsilon: R,
}

#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn adam_all<R: Real>(by: &Scales<R>, theta: &mut [R], gradient: &[R], m: &mut [R], v: &mut [R]) {
    for (((theta, &g), m), v) in theta.iter_mut().zip(gradient).zip(m).zip(v) {
        *m = by.kept[0] * *m + by.new[0] * g;
        *v = by.kept[1] * *v + by.new[1] * (g * g);
        *theta -= by.rate * *m / (v.sqrt() * by.root + by.epsilon);
    }
}
// ANCHOR_END: adam_step
