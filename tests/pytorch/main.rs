//! PyTorch as the second witness: every case in `tests/pytorch/` goes through the book's own forward
//! and backward pass (chapter 8's cell and map, chapter 10's backpropagation through time).
//!
//! A case says what `torch.nn.LSTM` computed in float64. `tests/pytorch/README.md` tells what is in
//! it, and how to add one.
//!
//! The same cases go, each as one batch, through chapter 12's packed layer: in f64, with the same tolerance, and in f32.
//!
//! The cases in `tests/pytorch/layers/` have several layers and sequences of different lengths: see `layers.rs`.
//!
//! The cases in `tests/pytorch/rnn/` are of `torch.nn.RNN`, and go through the plain network of
//! chapter 2 and the backpropagation through time of chapter 4.

use std::io::Write as _;

use one_matrix::Tanh;

mod answer;
mod apart;
mod case;
mod layers;
mod slips;
mod stacked;

use answer::{answer, run_packed};
use apart::{Apart, compare};
use case::{Case, Network, Rows, cases};

/// How far a tensor may be off, measured against its own largest absolute value.
const TOLERANCE: f64 = 1e-10;

/// The same in `f32`, see [`Apart::in_f32`]. The rational tanh errs by 5e-7; at most three times a step, over at most 12 steps.
const F32_TOLERANCE: f64 = 2e-5;

fn agree(
    network: Network,
    name: &str,
    at_least: usize,
    tolerance: f64,
    answer: impl Fn(&Case) -> Vec<Apart>,
) {
    let cases = cases(network);
    let tensors = cases.iter().flat_map(answer);
    let tensors: Vec<Apart> = tensors.filter(|tensor| tensor.numbers > 0).collect();
    let worst = tensors.iter().max_by(|a, b| a.error.total_cmp(&b.error)).expect("a case");
    let numbers: usize = tensors.iter().map(|tensor| tensor.numbers).sum();
    // Past the test harness, which keeps `println!` to itself unless a test fails.
    let _ = writeln!(
        std::io::stdout(),
        "PyTorch's {name}: {} cases, {} tensors, {numbers} numbers; worst error {worst}",
        cases.len(),
        tensors.len()
    );
    let off: Vec<String> =
        tensors.iter().filter(|t| t.error > tolerance).map(ToString::to_string).collect();
    assert!(off.is_empty(), "further than {tolerance:e} from PyTorch:\n{}", off.join("\n"));
    assert!(cases.len() >= at_least, "only {} cases: were some deleted?", cases.len());
}

#[test]
fn the_book_agrees_with_pytorch() {
    agree(Network::Lstm, "LSTM", 24, TOLERANCE, |case| compare(case, &answer(case)));
}

#[test]
fn the_packed_layer_agrees_with_pytorch() {
    let packed = |case: &Case| compare(case, &run_packed::<f64>(case, Tanh::Exact));
    agree(Network::Lstm, "LSTM, by chapter 12", 24, TOLERANCE, packed);
}

#[test]
fn the_packed_layer_in_f32_agrees_with_pytorch() {
    for (tanh, name) in [
        (Tanh::Exact, "LSTM, by chapter 12 in f32"),
        (Tanh::Rational, "LSTM, by chapter 12 in f32 with the rational tanh"),
    ] {
        agree(Network::Lstm, name, 24, F32_TOLERANCE, |case| {
            let tensors = compare(case, &run_packed::<f32>(case, tanh));
            tensors.into_iter().map(Apart::in_f32).collect()
        });
    }
}

#[test]
fn the_plain_network_agrees_with_pytorch() {
    agree(Network::Plain, "plain network", 8, TOLERANCE, |case| compare(case, &answer(case)));
}

/// The cases reach where they claim to reach.
#[test]
fn the_cases_cover_what_they_should() {
    let cases = cases(Network::Lstm);
    let any = |what: &str, found: fn(&Case) -> bool| {
        assert!(cases.iter().any(found), "no case with {what}");
    };
    let zero = |rows: &Rows| rows.amax() == 0.0;
    any("T = B = D = H = 1", |c| c.x.len() * c.batch * c.hidden * c.weights.weight_ih.ncols() == 1);
    any("B = 4 and T = 12", |c| c.batch == 4 && c.x.len() == 12);
    assert!(cases.iter().any(|c| zero(&c.h0) && zero(&c.c0)), "no case that starts from zero");
    assert!(cases.iter().any(|c| !zero(&c.h0) && !zero(&c.c0)), "no case that does not");
    assert!(cases.iter().any(|c| c.loss_h.iter().all(|h| !zero(h))), "no loss on all steps");
    assert!(
        cases.iter().any(|c| {
            let [before @ .., last] = c.loss_h.as_slice() else { return false };
            before.len() > 2 && before.iter().all(zero) && (!zero(last) || !zero(&c.loss_h_n))
        }),
        "no loss on the last step alone"
    );
    assert!(cases.iter().any(|c| !zero(&c.loss_c_n)), "no loss on c_n");
    // Saturated: the biases alone put every gate of a layer beyond ±8.
    for (gate, block) in [("input", 0), ("forget", 1), ("candidate", 2), ("output", 3)] {
        let saturated = cases.iter().any(|c| {
            let b = &c.weights.bias_ih + &c.weights.bias_hh;
            b.rows(block * c.hidden, c.hidden).iter().all(|b| b.abs() > 8.0)
        });
        assert!(saturated, "no case with a saturated {gate}");
    }
}

/// The same for the plain network.
#[test]
fn the_plain_cases_cover_what_they_should() {
    let cases = cases(Network::Plain);
    let any = |what: &str, found: fn(&Case) -> bool| {
        assert!(cases.iter().any(found), "no case with {what}");
    };
    any("T = B = D = H = 1", |c| c.x.len() * c.batch * c.hidden * c.weights.weight_ih.ncols() == 1);
    any("B = 3 and T = 10", |c| c.batch == 3 && c.x.len() == 10);
    any("a zero start", |c| c.h0.amax() == 0.0);
    any("another start", |c| c.h0.amax() > 0.0);
    any("a loss on all steps", |c| c.x.len() > 2 && c.loss_h.iter().all(|h| h.amax() > 0.0));
    any("a loss on the last step alone", |c| {
        let [before @ .., last] = c.loss_h.as_slice() else { return false };
        before.len() > 2 && before.iter().all(|h| h.amax() == 0.0) && last.amax() > 0.0
    });
    any("saturated units, of both signs, beside others", |c| {
        let b = &c.weights.bias_ih + &c.weights.bias_hh;
        b.max() > 7.0 && b.min() < -7.0 && b.iter().any(|b| b.abs() < 2.0)
    });
}
