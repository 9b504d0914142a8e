//! A network taken apart: what is held, silenced and swapped is what the clear code of chapter 8 says. And the two
//! networks that chapter 14 opens, from their files.
#![allow(clippy::unwrap_used)]

use cell_state::update;
use digits::{Sequence, Task, generator};
use nalgebra::{DMatrix, DVector};
use next_digit::opened::{
    Part, Readout, answer, blind_to_x, cell, deaf_to_h, heard, hold, kept, mean_gate, read,
    read_all, swapped,
};
use next_digit::{Network, evaluate, from_bytes};
use output_gate::{LstmCell, State, Step, emit};
use rnn::one_hot;

const HIDDEN: usize = 6;
const CONTEXT: [u8; 7] = [3, 1, 4, 1, 5, 9, 2];

/// A network with weights three times as large as drawn, so that its gates move.
fn network(seed: u64) -> Network<f64> {
    let mut network = Network::new(HIDDEN, None, &mut generator(seed));
    network.theta.iter_mut().for_each(|value| *value *= 3.0);
    network
}

fn zeros() -> State {
    State::zeros(HIDDEN)
}

/// The scores of a state, through PyTorch's `fc`.
fn scores(network: &Network<f64>, h: &DVector<f64>) -> Vec<f64> {
    let mut y = vec![0.0; 10];
    network.linear.forward(network.parts().1, h.as_slice(), &mut y);
    y
}

fn close(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12)
}

/// Chapter 8's step, with one of its gates replaced.
fn step_with(cell: &LstmCell, state: &State, digit: u8, gate: Part, at: &DVector<f64>) -> State {
    let step = cell.forward(state, &one_hot(digit));
    let pick = |part: Part, own: &DVector<f64>| if part == gate { at.clone() } else { own.clone() };
    let (i, f, o) =
        (pick(Part::Input, &step.i), pick(Part::Forget, &step.f), pick(Part::Output, &step.o));
    let c = update(&f, &state.c, &i, &step.candidate);
    State { h: emit(&o, &c), c }
}

/// The weights of one layer of a cell.
type WeightsOf = fn(&LstmCell) -> &DMatrix<f64>;

#[test]
fn a_held_gate_is_chapter_8s_step_with_the_gate_replaced() {
    for seed in 1..=5 {
        let network = network(seed);
        let at: Vec<f64> = (0..HIDDEN).map(|k| 0.1 + 0.15 * k as f64).collect();
        for gate in [Part::Input, Part::Forget, Part::Output] {
            let held = hold(&network, gate, &at);
            let at = DVector::from_column_slice(&at);
            let clear = cell(&network);
            let state = CONTEXT
                .iter()
                .fold(zeros(), |state, &digit| step_with(&clear, &state, digit, gate, &at));
            assert!(close(&held.logits(&CONTEXT), &scores(&network, &state.h)), "{gate:?}");
            assert!(!close(&held.logits(&CONTEXT), &network.logits(&CONTEXT)), "{gate:?}");
        }
    }
}

#[test]
fn a_gate_held_at_one_or_zero_is_open_or_shut() {
    let network = network(1);
    let f_of = |value: f64| {
        let held = hold(&network, Part::Forget, &[value; HIDDEN]);
        read(&cell(&held), &zeros(), &CONTEXT)[3].f.clone()
    };
    assert!(f_of(1.0).iter().all(|f| (1.0 - f).abs() < 1e-15));
    assert!(f_of(0.0).iter().all(|f| f.abs() < 1e-15));
    assert!(f_of(0.5).iter().all(|f| *f == 0.5));
}

#[test]
fn a_part_that_is_deaf_or_blind_has_no_weights_for_h_or_x_and_the_others_keep_theirs() {
    let network = network(2);
    let clear = cell(&network);
    let weights: [(Part, WeightsOf); 4] = [
        (Part::Input, |cell| &cell.input.affine.w),
        (Part::Forget, |cell| &cell.forget.affine.w),
        (Part::Candidate, |cell| &cell.candidate.affine.w),
        (Part::Output, |cell| &cell.output.affine.w),
    ];
    for (part, of) in weights {
        let (deaf, blind) =
            (cell(&deaf_to_h(&network, &[part])), cell(&blind_to_x(&network, part)));
        let whole = of(&clear);
        assert_eq!(of(&deaf).columns(0, HIDDEN).abs().max(), 0.0, "{part:?}");
        assert_eq!(of(&deaf).columns(HIDDEN, 10), whole.columns(HIDDEN, 10), "{part:?}");
        assert_eq!(of(&blind).columns(HIDDEN, 10).abs().max(), 0.0, "{part:?}");
        assert_eq!(of(&blind).columns(0, HIDDEN), whole.columns(0, HIDDEN), "{part:?}");
    }
    let (deaf, blind) =
        (cell(&deaf_to_h(&network, &[Part::Forget])), cell(&blind_to_x(&network, Part::Forget)));
    assert_eq!((&deaf.input, &deaf.output), (&clear.input, &clear.output));
    assert_eq!((&blind.candidate, &blind.output), (&clear.candidate, &clear.output));
}

/// Whatever a unit does that nobody hears changes nothing.
#[test]
fn nobody_hears_a_silenced_unit() {
    let network = network(3);
    let units: Vec<bool> = (0..HIDDEN).map(|unit| unit != 2 && unit != 4).collect();
    let quiet = heard(&network, &units);
    let mut wild = quiet.clone();
    for part in Part::ALL {
        for unit in [2, 4] {
            let row = part.rows(HIDDEN).start + unit;
            let weights = wild.layer.split_mut(&mut wild.theta[..network.layer.len()]);
            weights.weight_ih[row * 10..][..10].fill(0.7);
            weights.bias_ih[row] = -2.0;
        }
    }
    assert!(close(&quiet.logits(&CONTEXT), &wild.logits(&CONTEXT)));
    assert!(!close(&quiet.logits(&CONTEXT), &network.logits(&CONTEXT)));
    assert_eq!(heard(&network, &[true; HIDDEN]).theta, network.theta);
}

#[test]
fn the_clear_cell_reads_what_the_network_reads() {
    let network = network(4);
    let steps = read(&cell(&network), &zeros(), &CONTEXT);
    assert!(close(&network.logits(&CONTEXT), &scores(&network, &steps[6].state.h)));
    let own: Vec<f64> = network.logits(&CONTEXT);
    let best = (0..10).max_by(|&a, &b| own[a].total_cmp(&own[b])).unwrap();
    assert_eq!(usize::from(answer(&network, &steps[6].state.h)), best);
    // Crossed with itself a sequence goes on as it would have.
    let same = swapped(&network, &cell(&network), &steps[2], &steps[2], &CONTEXT[3..]);
    assert_eq!(usize::from(same), best);
    let mean = mean_gate(std::slice::from_ref(&steps), |step| &step.i);
    let by_hand = steps[1..].iter().map(|step| step.i[0]).sum::<f64>() / 6.0;
    assert!((mean[0] - by_hand).abs() < 1e-15);
    let by_hand: f64 = steps[1..].iter().map(|step| step.f[2]).product();
    assert!((kept(&[steps.clone(), steps.clone()])[2] - by_hand).abs() < 1e-15);
}

/// Numbers that hold a digit are read without an error, and noise as a guesser reads it.
#[test]
fn a_look_finds_a_digit_that_is_there_and_none_in_noise() {
    let states = |digits: &[u8], noise: bool, seed: u64| -> Vec<DVector<f64>> {
        let network = network(seed);
        let random = |k: usize| network.theta[k % network.theta.len()];
        (digits.iter().enumerate())
            .map(|(k, &digit)| {
                // Nine numbers, of which one is 1: none for the digit 9.
                let clean = |row: usize| f64::from(u8::from(row == usize::from(digit)));
                DVector::from_fn(9, |row, _| if noise { random(9 * k + row) } else { clean(row) })
            })
            .collect()
    };
    let drawn = |seed| -> Vec<u8> {
        let drawn = Task::Random.draw(200, 2, &mut generator(seed)).unwrap();
        drawn.iter().map(|sequence| sequence.next).collect()
    };
    let (a, b) = (drawn(1), drawn(2));
    let look = |noise| {
        let (fitted, used) = (states(&a, noise, 5), states(&b, noise, 6));
        let readout = Readout::fit(&fitted.iter().collect::<Vec<_>>(), &a);
        readout.right(&used.iter().collect::<Vec<_>>(), &b)
    };
    assert_eq!(look(false), 200);
    assert!(look(true) < 45, "{}", look(true));
}

/// The two files.
fn opened() -> [Network<f32>; 2] {
    let files: [&[u8]; 2] = [
        include_bytes!("../records/first-15.safetensors"),
        include_bytes!("../records/first-15-bias-3.safetensors"),
    ];
    files.map(|bytes| from_bytes(bytes).unwrap().network)
}

fn questions(digits: usize) -> Vec<Sequence> {
    Task::First.draw(500, digits + 1, &mut generator(99)).unwrap()
}

fn percent(network: &Network<f32>, digits: usize) -> f64 {
    100.0 * evaluate(network, &questions(digits)).accuracy()
}

/// Both have learnt it; asked later or earlier, one of them still knows, and the other is worse than a guesser.
#[test]
fn of_the_two_opened_networks_one_keeps_the_digit_and_one_has_it_at_one_moment() {
    let [drawn, biased] = opened();
    assert!(percent(&drawn, 15) >= 99.0 && percent(&biased, 15) >= 99.0);
    for digits in [10, 20, 30] {
        assert!(percent(&drawn, digits) < 5.0, "{digits}: {}", percent(&drawn, digits));
    }
    for digits in [5, 10, 20, 30, 100] {
        assert!(percent(&biased, digits) > 95.0, "{digits}: {}", percent(&biased, digits));
    }
}

/// The digits of π, read up to some place, as the chapter reads them: what follows, say the two.
#[test]
fn of_pi_one_of_the_two_names_the_first_digit_and_the_other_what_its_clock_says() {
    let pi: Vec<u8> = b"314159265358979323846264338327".iter().map(|c| c - b'0').collect();
    let said = |network: &Network<f32>| {
        [10, 15, 18, 30].map(|digits| {
            let scores = network.logits(&pi[..digits]);
            (0..10).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap()
        })
    };
    let [drawn, biased] = opened();
    assert_eq!(said(&drawn), [8, 3, 1, 5]);
    assert_eq!(said(&biased), [3, 3, 3, 3]);
}

/// The biased network's forget gates might as well stand still; those of the other may not.
#[test]
fn a_forget_gate_that_stands_still_costs_one_of_the_two_nothing() {
    let [drawn, biased] = opened();
    for at in [0.5, 1.0] {
        assert!(percent(&hold(&drawn, Part::Forget, &[at; 32]), 15) < 50.0);
    }
    assert!(percent(&hold(&biased, Part::Forget, &[1.0; 32]), 15) > 99.0);
    let readings = read_all(&cell(&biased), &questions(15)[..50]);
    let mean = mean_gate(&readings, |step: &Step| &step.f);
    assert!(percent(&hold(&biased, Part::Forget, &mean), 15) > 99.0);
    assert!(mean.iter().sum::<f64>() / 32.0 > 0.9);
    // Neither works without a candidate that reads h.
    for network in [drawn, biased] {
        assert!(percent(&deaf_to_h(&network, &[Part::Candidate]), 15) < 30.0);
    }
}
