//! What the tests of all chapters share: random layers, one loss, a running worst error; and what their
//! graders share, [`grade_adjoints`].
#![forbid(unsafe_code)]

mod grade;

use std::cell::Cell;
use std::fmt;

pub use grade::grade_adjoints;

use gradient_check::{Affine, Entry, Named, Parameters, Report, Tensor, TensorMut};
use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseResult, TestRunner};

/// The largest relative error that a right gradient may show (`check` defines it, with its floor).
///
/// Over 1.5 million numbers of random LSTMs (chapter 10's tests with 16 seeds) the worst was
/// 4.7e-8, nearly all of it rounding in the loss, at entries near the floor. Such an error is a sum
/// of many small ones: its tail is thin, and twice the worst of a million is far out. The mutants
/// of these tests are nearly all wrong by more than 1e-3.
pub const TOLERANCE: f64 = 1e-7;

/// The same cases in each run, so that a reader sees the book's numbers. `PROPTEST_RNG_SEED=7`
/// tries others.
pub fn runner(cases: u32) -> TestRunner {
    let mut config = Config { cases, failure_persistence: None, ..Config::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1997);
    }
    TestRunner::new(config)
}

/// Where a layer's biases push its outputs.
#[derive(Clone, Copy, Debug)]
pub enum Regime {
    /// Biases within ±1: gates half open.
    Moderate,
    /// Biases ±8 to ±20: gates wide open or shut, slopes down to 2e-9.
    Saturated,
    /// Each row one or the other.
    Mixed,
}

/// Each of the three as often.
pub fn regime() -> impl Strategy<Value = Regime> {
    prop_oneof![Just(Regime::Moderate), Just(Regime::Saturated), Just(Regime::Mixed)]
}

/// Sizes H and D, 1 to 8.
pub fn shape() -> impl Strategy<Value = (usize, usize)> {
    (1..=8usize, 1..=8usize)
}

/// Sizes H and D beyond the small ones, 9 to 24.
pub fn big_shape() -> impl Strategy<Value = (usize, usize)> {
    (9..=24usize, 9..=24usize)
}

/// Entries within ±`limit`.
pub fn vector(len: usize, limit: f64) -> impl Strategy<Value = DVector<f64>> {
    prop::collection::vec(-limit..limit, len).prop_map(DVector::from_vec)
}

/// A state, all zero in one case of four: the usual start of a sequence.
pub fn state(len: usize, limit: f64) -> impl Strategy<Value = DVector<f64>> {
    prop_oneof![1 => Just(DVector::zeros(len)), 3 => vector(len, limit)]
}

/// Pre-activations of a squashing function, or biases.
pub fn pre_activation(regime: Regime) -> BoxedStrategy<f64> {
    let moderate = -1.0..1.0;
    let saturated = prop_oneof![8.0..20.0, -20.0..-8.0];
    match regime {
        Regime::Moderate => moderate.boxed(),
        Regime::Saturated => saturated.boxed(),
        Regime::Mixed => prop_oneof![moderate, saturated].boxed(),
    }
}

/// W of (outputs, inputs), entries within ±1, and b of (outputs).
pub fn affine(outputs: usize, inputs: usize, regime: Regime) -> impl Strategy<Value = Affine> {
    let w = prop::collection::vec(-1.0..1.0, outputs * inputs)
        .prop_map(move |values| DMatrix::from_vec(outputs, inputs, values));
    let b = prop::collection::vec(pre_activation(regime), outputs).prop_map(DVector::from_vec);
    (w, b).prop_map(|(w, b)| Affine { w, b })
}

/// L(v) = ⟨weights, v⟩ + ½‖v‖²: every entry of v matters, each in its own way, and not only
/// linearly.
pub fn loss(weights: &DVector<f64>, v: &DVector<f64>) -> f64 {
    weights.dot(v) + 0.5 * v.norm_squared()
}

/// v̄ of [`loss`].
pub fn loss_bar(weights: &DVector<f64>, v: &DVector<f64>) -> DVector<f64> {
    weights + v
}

/// Vectors under their names, in the order in which they are listed.
pub fn named<const N: usize>(vectors: [(&'static str, &DVector<f64>); N]) -> Vec<Named> {
    vectors.map(|(name, v)| Named(name, v.clone())).to_vec()
}

/// A layer whose tensors W, b carry the names of the gate that it is.
#[derive(Clone, Debug)]
pub struct Renamed<P>(pub P, pub [&'static str; 2]);

impl<P: Parameters> Parameters for Renamed<P> {
    fn tensors(&self) -> Vec<Tensor<'_>> {
        let renamed = self.0.tensors().into_iter().zip(self.1);
        renamed.map(|(tensor, name)| Tensor { name, ..tensor }).collect()
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_>> {
        let renamed = self.0.tensors_mut().into_iter().zip(self.1);
        renamed.map(|(tensor, name)| TensorMut { name, ..tensor }).collect()
    }
}

/// The worst entry over all cases of a test.
#[derive(Default)]
pub struct Worst {
    compared: Cell<usize>,
    entry: Cell<Option<Entry>>,
}

impl Worst {
    /// Remembers a report, and refuses a gradient that is further off than [`TOLERANCE`].
    pub fn admit(&self, report: Report) -> TestCaseResult {
        self.compared.set(self.compared.get() + report.compared);
        if self.entry.get().is_none_or(|worst| report.worst.error > worst.error) {
            self.entry.set(Some(report.worst));
        }
        prop_assert!(report.worst.error < TOLERANCE, "{report}");
        Ok(())
    }
}

impl fmt::Display for Worst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Entry { name, row, column, error, .. } = self.entry.get().ok_or(fmt::Error)?;
        let compared = self.compared.get();
        write!(
            f,
            "worst relative error over {compared} numbers: {error:.1e} at {name}[{row},{column}]"
        )
    }
}

/// Asserts that the checker refuses a wrong gradient with room to spare, and blames one of
/// `tensors`.
pub fn assert_refused(report: &Report, tensors: &[&str]) -> TestCaseResult {
    prop_assert!(report.worst.error > 10.0 * TOLERANCE, "not refused: {report}");
    prop_assert!(tensors.contains(&report.worst.name), "blamed another than {tensors:?}: {report}");
    Ok(())
}
