//! The cases in `layers/`: several layers, sequences of different lengths in one batch, and what is made of chapter 15's layer
//! beside: two directions, and projections.

use std::collections::BTreeMap;
use std::io::Write as _;

use own_sequences::Pass;
use serde_json::Value;

use crate::TOLERANCE;
use crate::apart::{Apart, apart};
use crate::case::{Read, Rows, files_in};
use crate::stacked::{Stacked, answer, answer_with};

fn cases() -> Vec<Stacked> {
    let read = |(file, text): &(String, String)| Stacked::read(file, text);
    let cases: Read<Vec<Stacked>> = files_in("layers/").iter().map(read).collect();
    cases.unwrap_or_else(|error| panic!("{error}"))
}

/// How far each tensor is off.
fn compare(case: &Stacked, found: &BTreeMap<String, Vec<Rows>>) -> Vec<Apart> {
    assert!(case.expected.keys().eq(found.keys()), "{}: other tensors", case.name);
    let tensor = |(key, expected): (&String, &Vec<Rows>)| {
        let shapes = |matrices: &[Rows]| matrices.iter().map(Rows::shape).collect::<Vec<_>>();
        assert_eq!(shapes(expected), shapes(&found[key]), "{key} of {}", case.name);
        let (error, scale) = apart(expected, &found[key]);
        let numbers = expected.iter().map(Rows::len).sum();
        Apart { case: case.name.clone(), tensor: key.clone(), error, scale, numbers }
    };
    case.expected.iter().map(tensor).collect()
}

fn worst(case: &Stacked, found: &BTreeMap<String, Vec<Rows>>) -> f64 {
    compare(case, found).iter().map(|tensor| tensor.error).fold(0.0, f64::max)
}

#[test]
fn the_layers_agree_with_pytorch() {
    let cases = cases();
    let tensors: Vec<Apart> = cases.iter().flat_map(|case| compare(case, &answer(case))).collect();
    let largest = tensors.iter().max_by(|a, b| a.error.total_cmp(&b.error)).expect("a case");
    let numbers: usize = tensors.iter().map(|tensor| tensor.numbers).sum();
    let _ = writeln!(
        std::io::stdout(),
        "PyTorch's LSTM in layers, by chapter 15: {} cases, {} tensors, {numbers} numbers; worst error {largest}",
        cases.len(),
        tensors.len()
    );
    let off: Vec<String> =
        tensors.iter().filter(|it| it.error > TOLERANCE).map(ToString::to_string).collect();
    assert!(off.is_empty(), "further than {TOLERANCE:e} from PyTorch:\n{}", off.join("\n"));
    assert!(cases.len() >= 20, "only {} cases: were some deleted?", cases.len());
}

/// The cases reach where they claim to reach.
#[test]
fn the_cases_in_layers_cover_what_they_should() {
    let cases = cases();
    let any = |what: &str, found: fn(&Stacked) -> bool| {
        assert!(cases.iter().any(found), "no case with {what}");
    };
    let plain = |case: &Stacked| case.directions == 1 && case.projection == 0;
    let ours = cases.iter().filter(|case| plain(case)).count();
    assert!(ours >= 15, "{ours} cases with one direction and without a projection");
    fn is_zero(rows: &[Rows]) -> bool {
        rows.iter().all(|rows| rows.amax() == 0.0)
    }
    fn padded(case: &Stacked) -> bool {
        case.lengths.iter().any(|length| *length < case.x.len())
    }
    any("three layers and padding", |c| c.layers >= 3 && padded(c));
    any("unsorted lengths", |c| !c.lengths.is_sorted_by(|a, b| a >= b));
    any("a length of 1 beside longer ones", |c| c.lengths.contains(&1) && c.x.len() > 1);
    any("no sequence as long as T", |c| c.lengths.iter().all(|length| *length < c.x.len()));
    any("one unit", |c| c.hidden == 1);
    any("no padding in two layers", |c| c.layers == 2 && !padded(c));
    any("a zero start", |c| is_zero(&c.h0) && is_zero(&c.c0));
    any("another start in each layer", |c| c.layers > 1 && !is_zero(&c.h0) && !is_zero(&c.c0));
    any("a loss on h_n alone", |c| is_zero(&c.loss_h) && is_zero(&c.loss_c_n));
    any("a loss on c_n alone", |c| is_zero(&c.loss_h) && is_zero(&c.loss_h_n));
    any("a loss on all outputs alone", |c| is_zero(&c.loss_h_n) && is_zero(&c.loss_c_n));
    any("two directions, two layers and padding", |c| c.directions * c.layers == 4 && padded(c));
    any("a projection and padding", |c| c.projection > 0 && padded(c));
}

/// Mistakes with the lengths on the way back, each noticed by most of the cases in which it is one.
#[test]
fn a_slip_with_the_lengths_is_caught() {
    type Slip = (&'static str, fn(&mut Pass));
    let slips: [Slip; 3] = [
        ("padding is forgotten on the way back", |pass| {
            let steps = pass.hs.len();
            pass.lengths.fill(steps);
        }),
        ("lengths are one too small on the way back", |pass| {
            pass.lengths.iter_mut().for_each(|length| *length -= 1);
        }),
        ("the outputs of a longer sequence are heard for a shorter one", |pass| {
            let longest = pass.lengths.iter().copied().max().unwrap_or(0);
            pass.lengths.iter_mut().for_each(|length| *length = (*length + 1).min(longest));
        }),
    ];
    let padded = |case: &&Stacked| {
        let steps = case.x.len();
        case.directions == 1 && case.lengths.iter().any(|length| *length < steps)
    };
    let cases = cases();
    for (what, slip) in slips {
        let caught = |case: &&Stacked| worst(case, &answer_with(case, slip)) > 1e-3;
        let (padded, caught) = (
            cases.iter().filter(padded).count(),
            cases.iter().filter(padded).filter(caught).count(),
        );
        println!("{what}: refused by {caught} of {padded} cases");
        assert!(caught * 4 >= padded * 3, "{what}: noticed by {caught} of {padded} cases only");
    }
}

/// A number that is another one, a missing or a strange key, a wrong shape: each is refused with its place.
#[test]
fn a_broken_case_in_layers_is_refused() {
    let files = files_in("layers/");
    let (file, text) =
        files.iter().find(|(file, _)| file.ends_with("lengths-unsorted.json")).expect("it");
    let original: Value = serde_json::from_str(text).expect("JSON");
    let refused = |edit: &dyn Fn(&mut Value), expected: &str| {
        let mut value = original.clone();
        edit(&mut value);
        let error = Stacked::read(file, &value.to_string()).expect_err("a broken case");
        assert!(error.contains(expected), "{error}");
    };
    refused(&|v| v["lengths"][1] = 7.into(), "`lengths`: found 7");
    refused(&|v| v["lengths"][1] = 0.into(), "`lengths`: found 0");
    refused(&|v| v["directions"] = 3.into(), "`directions`: found 3");
    refused(&|v| v["extra"] = 3.into(), "`extra`: found a key that no case has");
    refused(&|v| v["grad"]["weight_hr_l0"] = 3.into(), "`grad.weight_hr_l0`");
    refused(&|v| v["layers"] = 2.into(), "`weights.weight_ih_l1`: found nothing");
    refused(&|v| v["x"][5][4] = Value::Array(vec![]), "`x[5][4]`: found a list of 0");
    let mut wrong = original.clone();
    wrong["grad"]["h0"][0][2][1] = 0.5.into();
    let case = Stacked::read(file, &wrong.to_string()).expect("a case");
    assert!(worst(&case, &answer(&case)) > 1e-3, "an edited number passes");
}
