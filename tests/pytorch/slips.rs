//! What the cases must catch: slips in the backward passes and in the map, edited numbers, malformed cases.

use bptt::{Gradients, accumulate, backward, zeros_like};
use gradient_check::Parameters as _;
use nalgebra::DVector;
use output_gate::{LstmCell, State, Step};
use serde_json::Value;

use crate::TOLERANCE;
use crate::answer::{Backward, IN_ORDER, PlainBackward, answer, run, run_plain};
use crate::apart::{compare, worst};
use crate::case::{Case, Network, Results, all_cases, cases, files, read};

/// Chapter 10's loop with a slip in it.
fn slipping(
    cell: &LstmCell,
    steps: &[Step],
    h_bars: &[DVector<f64>],
    c_bar: &DVector<f64>,
    slip: fn(&mut LstmCell, &mut State),
) -> Gradients {
    let mut gradient = zeros_like(cell);
    let mut xs = Vec::new();
    let mut bar = State { h: DVector::zeros(cell.hidden()), c: c_bar.clone() };
    for (step, h_bar) in steps.iter().zip(h_bars).rev() {
        bar.h += h_bar;
        let (mut step_gradient, mut previous, x_bar) = cell.backward(step, &bar);
        slip(&mut step_gradient, &mut previous);
        accumulate(&mut gradient, &step_gradient);
        xs.push(x_bar);
        bar = previous;
    }
    xs.reverse();
    Gradients { cell: gradient, initial: bar, xs }
}

/// Slips that the cases must catch.
const SLIPS: [(&str, Backward); 6] = [
    ("the cell's carry is dropped", |cell, steps, h_bars, c_bar| {
        slipping(cell, steps, h_bars, c_bar, |_, previous| previous.c.fill(0.0))
    }),
    ("the hidden state's path is dropped", |cell, steps, h_bars, c_bar| {
        slipping(cell, steps, h_bars, c_bar, |_, previous| previous.h.fill(0.0))
    }),
    ("the last step's loss only", |cell, steps, h_bars, c_bar| {
        let mut h_bars = h_bars.to_vec();
        let before = h_bars.len() - 1;
        h_bars[..before].iter_mut().for_each(|bar| bar.fill(0.0));
        backward(cell, steps, &h_bars, c_bar)
    }),
    ("the loss on c_n is ignored", |cell, steps, h_bars, c_bar| {
        backward(cell, steps, h_bars, &DVector::zeros(c_bar.len()))
    }),
    ("the output gate learns nothing", |cell, steps, h_bars, c_bar| {
        slipping(cell, steps, h_bars, c_bar, |gradient, _| {
            gradient.output.affine.w.fill(0.0);
            gradient.output.affine.b.fill(0.0);
        })
    }),
    ("the mean over the steps instead of the sum", |cell, steps, h_bars, c_bar| {
        let mut gradients = backward(cell, steps, h_bars, c_bar);
        let numbers = gradients.cell.tensors_mut().into_iter().flat_map(|tensor| tensor.values);
        numbers.for_each(|number| *number /= steps.len() as f64);
        gradients
    }),
];

#[test]
fn a_slip_in_the_backward_pass_is_caught() {
    let cases = cases(Network::Lstm);
    let without: Backward =
        |cell, steps, h_bars, c_bar| slipping(cell, steps, h_bars, c_bar, |_, _| {});
    for case in &cases {
        assert!(
            worst(case, &run(case, IN_ORDER, without)).error < TOLERANCE,
            "the copied loop is another one"
        );
    }
    for (what, slip) in SLIPS {
        let caught = cases.iter().map(|case| worst(case, &run(case, IN_ORDER, slip)));
        let caught = caught.filter(|worst| worst.error > 1e-3).count();
        println!("{what}: refused by {caught} of {} cases", cases.len());
        assert!(caught >= 3, "{what}: noticed by {caught} cases only");
    }
}

/// Slips in chapter 4's pass.
const PLAIN_SLIPS: [(&str, PlainBackward); 2] = [
    ("the recurrent path is dropped", |leaves, hs, direct| {
        let mut leaves = leaves.clone();
        let hidden = leaves.rnn.b.len();
        leaves.rnn.w.columns_mut(0, hidden).fill(0.0);
        through_time::backward(&leaves, hs, direct)
    }),
    ("the last step's loss only", |leaves, hs, direct| {
        let mut direct = direct.to_vec();
        let before = direct.len() - 1;
        direct[..before].iter_mut().for_each(|bar| bar.fill(0.0));
        through_time::backward(leaves, hs, &direct)
    }),
];

#[test]
fn a_slip_in_the_plain_backward_pass_is_caught() {
    let cases = cases(Network::Plain);
    for (what, slip) in PLAIN_SLIPS {
        let caught = cases.iter().map(|case| worst(case, &run_plain(case, slip)));
        let caught = caught.filter(|worst| worst.error > 1e-3).count();
        println!("{what}: refused by {caught} of {} cases", cases.len());
        assert!(caught >= 3, "{what}: noticed by {caught} cases only");
    }
    // Without the path nothing reaches h_0, so every case must notice.
    let (what, dropped) = PLAIN_SLIPS[0];
    for case in &cases {
        let worst = worst(case, &run_plain(case, dropped));
        assert!(worst.error > 1e-3, "{what}: {worst}");
    }
}

/// Every order of the four blocks but PyTorch's own.
#[test]
fn a_swapped_gate_order_is_caught() {
    let cases = cases(Network::Lstm);
    let mut tried = 0;
    for code in 0..256_usize {
        let blocks = [code % 4, code / 4 % 4, code / 16 % 4, code / 64];
        let permutation = IN_ORDER.iter().all(|block| blocks.contains(block));
        if !permutation || blocks == IN_ORDER {
            continue;
        }
        tried += 1;
        let caught = cases.iter().map(|case| worst(case, &run(case, blocks, backward)));
        let caught = caught.filter(|worst| worst.error > 1e-3).count();
        // Where all weights are zero, all gates are the same.
        assert!(caught >= cases.len() - 1, "{blocks:?}: noticed by {caught} cases only");
    }
    assert_eq!(tried, 23);
}

/// A mistake in the mapping of the weights: one bias for two, h and x the wrong way round.
#[test]
fn a_wrong_mapping_is_caught() {
    for mut case in all_cases() {
        let weights = case.weights.clone();
        let noticed = |case: &Case| worst(case, &answer(case)).error > 1e-3;
        case.weights.bias_hh.fill(0.0);
        assert!(noticed(&case) || weights.bias_hh.amax() == 0.0, "{}: bias_hh", case.name);
        case.weights = weights.clone();
        if case.x[0].ncols() == case.hidden && weights.weight_ih != weights.weight_hh {
            std::mem::swap(&mut case.weights.weight_ih, &mut case.weights.weight_hh);
            assert!(noticed(&case), "{}: weight_ih and weight_hh swapped", case.name);
        }
        case.weights = weights;
        if case.hidden > 1 && case.weights.weight_hh.amax() > 0.0 && case.x.len() > 1 {
            for block in 0..case.weights.weight_hh.nrows() / case.hidden {
                let at = block * case.hidden;
                let turned = case.weights.weight_hh.rows(at, case.hidden).transpose();
                case.weights.weight_hh.rows_mut(at, case.hidden).copy_from(&turned);
            }
            let off = worst(&case, &answer(&case)).error;
            assert!(off > 100.0 * TOLERANCE, "{}: weight_hh transposed: {off:e}", case.name);
        }
    }
}

/// Every tensor is compared, and every number of it: one that PyTorch did not say is refused.
#[test]
fn an_edited_number_is_caught() {
    let mut tried = 0;
    for case in all_cases() {
        let found = answer(&case);
        for tensor in 0..11 {
            let edits = |results: &mut Results, number: usize| -> Option<usize> {
                let mut numbers: Vec<&mut f64> = match tensor {
                    0 => results.h.iter_mut().flat_map(|h| h.iter_mut()).collect(),
                    1 => results.h_n.iter_mut().collect(),
                    2 => results.c_n.iter_mut().collect(),
                    3 => vec![&mut results.loss],
                    4 => results.grad.weight_ih.iter_mut().collect(),
                    5 => results.grad.weight_hh.iter_mut().collect(),
                    6 => results.grad.bias_ih.iter_mut().collect(),
                    7 => results.grad.bias_hh.iter_mut().collect(),
                    8 => results.grad_x.iter_mut().flat_map(|x| x.iter_mut()).collect(),
                    9 => results.grad_h0.iter_mut().collect(),
                    _ => results.grad_c0.iter_mut().collect(),
                };
                let largest = numbers.iter().map(|number| number.abs()).fold(0.0, f64::max);
                let nudge = 2.0 * TOLERANCE * if largest == 0.0 { 1.0 } else { largest };
                **numbers.get_mut(number)? += nudge;
                Some(number)
            };
            for number in 0.. {
                let mut edited = case.clone();
                if edits(&mut edited.expected, number).is_none() {
                    break;
                }
                tried += 1;
                let error = compare(&edited, &found)[tensor].error;
                assert!(error > TOLERANCE, "{}: number {number} of tensor {tensor}", case.name);
            }
        }
    }
    println!("{tried} edited numbers tried");
    assert!(tried > 1000);
}

#[test]
fn a_malformed_case_is_told_by_file_and_key() {
    let (_, text) =
        files(Network::Lstm).into_iter().find(|(file, _)| file == "one-step.json").expect("a case");
    let good: Value = serde_json::from_str(&text).expect("JSON");
    type Edit = fn(&mut Value);
    let edits: [(Edit, &[&str]); 16] = [
        (|v| drop(v.as_object_mut().map(|o| o.remove("h0"))), &["`h0`", "nothing"]),
        (|v| drop(v["grad"].as_object_mut().map(|o| o.remove("x"))), &["`grad.x`", "nothing"]),
        (|v| v["h_0"] = 1.into(), &["`h_0`", "no case has", "only the keys name T"]),
        (|v| v["loss_weights"]["c"] = 1.into(), &["`loss_weights.c`", "only the keys h h_n c_n"]),
        (|v| v["grad"] = 1.into(), &["`grad`", "found 1", "an object"]),
        (|v| v["name"] = 1.into(), &["`name`", "a text"]),
        (|v| v["T"] = 0.into(), &["`T`", "found 0", "a whole number"]),
        (|v| v["B"] = (-1).into(), &["`B`", "found -1"]),
        (|v| v["H"] = 2.5.into(), &["`H`", "found 2.5"]),
        (|v| v["H"] = 3.into(), &["`weight_ih`", "a list of 16", "a list of 12"]),
        (|v| v["D"] = 2.into(), &["`weight_ih[0]`", "a list of 3", "a list of 2"]),
        (|v| v["bias_hh"][3] = "x".into(), &["`bias_hh[3]`", "found \"x\"", "a number"]),
        (|v| v["x"][0][2] = Value::Null, &["`x[0][2]`", "null", "a list of 3"]),
        (|v| v["c_n"][1][1] = vec![1].into(), &["`c_n[1][1]`", "a list of 1", "a number"]),
        (|v| v["loss"] = Value::Null, &["`loss`", "null", "a number"]),
        (|v| *v = vec![1].into(), &["a list of 1", "an object with the keys name"]),
    ];
    for (edit, parts) in edits {
        let mut case = good.clone();
        edit(&mut case);
        let error =
            read(Network::Lstm, "bad.json", &case.to_string()).expect_err("a malformed case");
        assert!(error.starts_with("bad.json: "), "{error}");
        parts.iter().for_each(|part| assert!(error.contains(part), "no {part} in: {error}"));
    }
    // Nor does one network's case pass for the other's.
    let error = read(Network::Plain, "bad.json", &text).expect_err("an LSTM's case");
    assert!(error.contains("a key that no case has"), "{error}");
    let (file, plain) = files(Network::Plain).swap_remove(0);
    let error = read(Network::Lstm, &file, &plain).expect_err("a plain network's case");
    assert!(error.starts_with("rnn/") && error.contains("`c0`: found nothing"), "{error}");
    for text in [&text[..text.len() / 2], &text.replace("\"loss\": ", "\"loss\": NaN, \"l\": "), ""]
    {
        let error = read(Network::Lstm, "bad.json", text).expect_err("no JSON");
        assert!(error.starts_with("bad.json: not JSON: ") && error.contains("line"), "{error}");
    }
}
