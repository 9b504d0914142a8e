//! Cases of several layers, and the answer of chapter 15's layer to them.
//!
//! Two directions and a projection are made of the one layer that there is. A direction reads each sequence from its own end. A
//! layer with a projection, h = W_hr · u for u = o ⊙ tanh(C), is one without whose hidden state is u: its recurrent matrix is
//! W_hh · W_hr, and what h_0 contributes to the first step comes in as an input of that step.

use std::collections::BTreeMap;

use nalgebra::{DMatrix, DVector};
use output_gate::PyTorch;
use own_sequences::layer::{Bars, backward, forward};
use own_sequences::{Inputs, Pass, States};
use serde_json::Value;

use crate::case::{Read, Reader, Rows, kind};

/// One file of `layers/`.
#[derive(Clone, Debug)]
pub(crate) struct Stacked {
    pub(crate) name: String,
    pub(crate) inputs: usize,
    pub(crate) hidden: usize,
    pub(crate) layers: usize,
    pub(crate) directions: usize,
    /// P; 0 if there is none.
    pub(crate) projection: usize,
    pub(crate) lengths: Vec<usize>,
    /// Matrices, and biases as matrices of one column, by PyTorch's names.
    pub(crate) weights: BTreeMap<String, Rows>,
    /// Each (B, D).
    pub(crate) x: Vec<Rows>,
    pub(crate) h0: Vec<Rows>,
    pub(crate) c0: Vec<Rows>,
    pub(crate) loss_h: Vec<Rows>,
    pub(crate) loss_h_n: Vec<Rows>,
    pub(crate) loss_c_n: Vec<Rows>,
    pub(crate) expected: BTreeMap<String, Vec<Rows>>,
}

const KEYS: &str = "name T B D H layers directions projection lengths weights x h0 c0 h h_n c_n loss_weights loss grad";

impl Stacked {
    /// How long h is.
    pub(crate) fn said(&self) -> usize {
        if self.projection > 0 { self.projection } else { self.hidden }
    }

    /// The names of all weights with their shapes; a bias has one column.
    pub(crate) fn shapes(&self) -> Vec<(String, [usize; 2])> {
        let rows = 4 * self.hidden;
        let mut all = Vec::new();
        for (number, suffix) in self.suffixes().into_iter().enumerate() {
            let first = number < self.directions;
            let read = if first { self.inputs } else { self.directions * self.said() };
            all.push((format!("weight_ih_{suffix}"), [rows, read]));
            all.push((format!("weight_hh_{suffix}"), [rows, self.said()]));
            all.push((format!("bias_ih_{suffix}"), [rows, 1]));
            all.push((format!("bias_hh_{suffix}"), [rows, 1]));
            if self.projection > 0 {
                all.push((format!("weight_hr_{suffix}"), [self.projection, self.hidden]));
            }
        }
        all
    }

    /// `l0`, `l0_reverse`, `l1` …
    fn suffixes(&self) -> Vec<String> {
        let ways = ["", "_reverse"];
        let of_layer =
            |layer| ways[..self.directions].iter().map(move |way| format!("l{layer}{way}"));
        (0..self.layers).flat_map(of_layer).collect()
    }

    /// Reads a case from its text; `file` is for the messages.
    pub(crate) fn read(file: &str, text: &str) -> Read<Stacked> {
        let root: Value =
            serde_json::from_str(text).map_err(|error| format!("{file}: not JSON: {error}"))?;
        let it = Reader { file, root: &root };
        it.keys("", KEYS)?;
        it.keys("loss_weights", "h h_n c_n")?;
        let name = it.value("name")?;
        let Some(name) = name.as_str() else { return it.wrong("name", kind(name), "a text") };
        let [steps, batch] = [it.size("T")?, it.size("B")?];
        let mut case = Stacked {
            name: format!("{file} ({name})"),
            inputs: it.size("D")?,
            hidden: it.size("H")?,
            layers: it.size("layers")?,
            directions: it.size("directions")?,
            projection: projection(&it)?,
            lengths: lengths(&it, steps, batch)?,
            weights: BTreeMap::new(),
            x: it.matrices("x", steps, batch, it.size("D")?)?,
            h0: Vec::new(),
            c0: Vec::new(),
            loss_h: Vec::new(),
            loss_h_n: Vec::new(),
            loss_c_n: Vec::new(),
            expected: BTreeMap::new(),
        };
        if case.directions > 2 {
            return it.wrong("directions", case.directions, "1 or 2");
        }
        case.weights = case.tensors(&it, "weights")?;
        let (said, hidden) = (case.said(), case.hidden);
        let state = |key: &str, size| it.matrices(key, case.layers * case.directions, batch, size);
        let output = |key: &str| it.matrices(key, steps, batch, case.directions * said);
        [case.h0, case.c0] = [state("h0", said)?, state("c0", hidden)?];
        case.loss_h = output("loss_weights.h")?;
        case.loss_h_n = state("loss_weights.h_n", said)?;
        case.loss_c_n = state("loss_weights.c_n", hidden)?;
        let loss = DMatrix::from_element(1, 1, it.numbers("loss", &[])?[0]);
        case.expected = [
            ("h".to_owned(), output("h")?),
            ("h_n".to_owned(), state("h_n", said)?),
            ("c_n".to_owned(), state("c_n", hidden)?),
            ("loss".to_owned(), vec![loss]),
            ("grad.x".to_owned(), it.matrices("grad.x", steps, batch, case.inputs)?),
            ("grad.h0".to_owned(), state("grad.h0", said)?),
            ("grad.c0".to_owned(), state("grad.c0", hidden)?),
        ]
        .into();
        let gradients = case.tensors(&it, "grad")?.into_iter();
        case.expected.extend(gradients.map(|(name, value)| (format!("grad.{name}"), vec![value])));
        Ok(case)
    }

    /// The weights, or their gradients, and nothing else but what else has a gradient.
    fn tensors(&self, it: &Reader<'_>, under: &str) -> Read<BTreeMap<String, Rows>> {
        let shapes = self.shapes();
        let mut names: Vec<&str> = shapes.iter().map(|(name, _)| name.as_str()).collect();
        if under == "grad" {
            names.extend(["x", "h0", "c0"]);
        }
        it.keys(under, &names.join(" "))?;
        let one = |(name, [rows, columns]): &(String, [usize; 2])| {
            let key = format!("{under}.{name}");
            let value = if name.starts_with("bias") {
                DMatrix::from_vec(*rows, 1, it.numbers(&key, &[*rows])?)
            } else {
                it.matrix(&key, *rows, *columns)?
            };
            Ok((name.clone(), value))
        };
        shapes.iter().map(one).collect()
    }
}

/// P; 0 or null where there is none.
fn projection(it: &Reader<'_>) -> Read<usize> {
    let value = it.value("projection")?;
    if value.is_null() || value.as_u64() == Some(0) { Ok(0) } else { it.size("projection") }
}

/// null where all have T steps.
fn lengths(it: &Reader<'_>, steps: usize, batch: usize) -> Read<Vec<usize>> {
    if it.value("lengths")?.is_null() {
        return Ok(vec![steps; batch]);
    }
    let numbers = it.numbers("lengths", &[batch])?;
    match numbers.iter().find(|it| it.fract() != 0.0 || **it < 1.0 || **it > steps as f64) {
        Some(number) => it.wrong("lengths", number, format!("whole numbers from 1 to {steps}")),
        None => Ok(numbers.into_iter().map(|it| it as usize).collect()),
    }
}

/// One layer in one direction.
#[derive(Clone, Debug)]
struct Way {
    suffix: String,
    backwards: bool,
    /// The weights that were given, and those of the layer without a projection.
    given: PyTorch,
    plain: PyTorch,
    /// W_hr, if there is one.
    hr: Option<DMatrix<f64>>,
}

impl Way {
    fn of(case: &Stacked, suffix: &str) -> Way {
        let get = |part: &str| case.weights[&format!("{part}_{suffix}")].clone();
        let bias = |part: &str| DVector::from_column_slice(get(part).as_slice());
        let given = PyTorch {
            weight_ih: get("weight_ih"),
            weight_hh: get("weight_hh"),
            bias_ih: bias("bias_ih"),
            bias_hh: bias("bias_hh"),
        };
        let hr = (case.projection > 0).then(|| get("weight_hr"));
        let plain = match &hr {
            None => given.clone(),
            Some(hr) => PyTorch {
                weight_ih: beside(&given.weight_ih, &given.weight_hh),
                weight_hh: &given.weight_hh * hr,
                ..given.clone()
            },
        };
        Way { suffix: suffix.to_owned(), backwards: suffix.ends_with("_reverse"), given, plain, hr }
    }

    /// Each sequence in the order in which it is read.
    fn ordered(&self, xs: &[DMatrix<f64>], lengths: &[usize]) -> Vec<DMatrix<f64>> {
        let mut turned = xs.to_vec();
        if self.backwards {
            for (b, &length) in lengths.iter().enumerate() {
                (0..length).for_each(|t| turned[t].set_column(b, &xs[length - 1 - t].column(b)));
            }
        }
        turned
    }

    fn forward(&self, xs: &[DMatrix<f64>], lengths: &[usize], start: &States) -> Pass {
        let mut xs = self.ordered(xs, lengths);
        let mut start = start.clone();
        if let Some(hr) = &self.hr {
            let h_0 = std::mem::replace(&mut start.h, DMatrix::zeros(hr.ncols(), lengths.len()));
            let nothing = &h_0 * 0.0;
            for (t, x) in xs.iter_mut().enumerate() {
                *x = above(x, if t == 0 { &h_0 } else { &nothing });
            }
        }
        forward(&self.plain, Inputs::Vectors(xs), lengths, &start)
    }

    /// From u to h, in the order of time.
    fn said(&self, pass: &Pass, lengths: &[usize]) -> (Vec<DMatrix<f64>>, DMatrix<f64>) {
        let project = |u: &DMatrix<f64>| self.hr.as_ref().map_or_else(|| u.clone(), |hr| hr * u);
        let hs: Vec<_> = pass.hs.iter().map(project).collect();
        (self.ordered(&hs, lengths), project(&pass.end.h))
    }

    /// The adjoints of what was given; and of W_hr, where there is one.
    fn backward(
        &self,
        pass: &Pass,
        h_bars: &[DMatrix<f64>],
        end: &States,
    ) -> (Bars, Option<DMatrix<f64>>) {
        let lengths = &pass.lengths;
        let h_bars = self.ordered(h_bars, lengths);
        let Some(hr) = &self.hr else {
            let mut bars = backward(&self.plain, pass, &h_bars, end);
            bars.xs = self.ordered(&bars.xs, lengths);
            return (bars, None);
        };
        let back = |h_bar: &DMatrix<f64>| hr.transpose() * h_bar;
        let u_bars: Vec<_> = h_bars.iter().map(back).collect();
        let u_end = States { h: back(&end.h), c: end.c.clone() };
        let mut bars = backward(&self.plain, pass, &u_bars, &u_end);
        let mut hr_bar = &end.h * pass.end.h.transpose();
        for (h_bar, u) in h_bars.iter().zip(&pass.hs) {
            hr_bar += h_bar * u.transpose();
        }
        // W = W_hh · W_hr, and W_hh once more as a part of what reads inputs.
        let inputs = self.given.weight_ih.ncols();
        let PyTorch { weight_ih, weight_hh, .. } = &mut bars.weights;
        hr_bar += self.given.weight_hh.transpose() * &*weight_hh;
        let from_first = weight_ih.columns(inputs, hr.nrows()).into_owned();
        *weight_hh = &*weight_hh * hr.transpose() + from_first;
        *weight_ih = weight_ih.columns(0, inputs).into_owned();
        bars.start.h = bars.xs[0].rows(inputs, hr.nrows()).into_owned();
        let xs: Vec<_> = bars.xs.iter().map(|x_bar| x_bar.rows(0, inputs).into_owned()).collect();
        bars.xs = self.ordered(&xs, lengths);
        (bars, Some(hr_bar))
    }
}

fn beside(a: &DMatrix<f64>, b: &DMatrix<f64>) -> DMatrix<f64> {
    let mut both = DMatrix::zeros(a.nrows(), a.ncols() + b.ncols());
    both.columns_mut(0, a.ncols()).copy_from(a);
    both.columns_mut(a.ncols(), b.ncols()).copy_from(b);
    both
}

fn above(a: &DMatrix<f64>, b: &DMatrix<f64>) -> DMatrix<f64> {
    let mut both = DMatrix::zeros(a.nrows() + b.nrows(), a.ncols());
    both.rows_mut(0, a.nrows()).copy_from(a);
    both.rows_mut(a.nrows(), b.nrows()).copy_from(b);
    both
}

/// The columns of the book are the rows of PyTorch's batches.
fn turned(matrices: &[Rows]) -> Vec<Rows> {
    matrices.iter().map(DMatrix::transpose).collect()
}

/// The book's answer, by the keys of [`Stacked::expected`].
pub(crate) fn answer(case: &Stacked) -> BTreeMap<String, Vec<Rows>> {
    answer_with(case, |_| ())
}

/// The same, with something wrong in what the way back is told.
pub(crate) fn answer_with(case: &Stacked, slip: fn(&mut Pass)) -> BTreeMap<String, Vec<Rows>> {
    let lengths = &case.lengths;
    let ways: Vec<Way> = case.suffixes().iter().map(|suffix| Way::of(case, suffix)).collect();
    let (h0, c0) = (turned(&case.h0), turned(&case.c0));
    let (h_n_bar, c_n_bar) = (turned(&case.loss_h_n), turned(&case.loss_c_n));
    let mut xs = turned(&case.x);
    let (mut passes, mut h_n, mut c_n) = (Vec::new(), Vec::new(), Vec::new());
    for (layer, ways) in ways.chunks(case.directions).enumerate() {
        let mut said: Option<Vec<DMatrix<f64>>> = None;
        for (way, at) in ways.iter().zip(layer * case.directions..) {
            let start = States { h: h0[at].clone(), c: c0[at].clone() };
            let pass = way.forward(&xs, lengths, &start);
            let (hs, end) = way.said(&pass, lengths);
            h_n.push(end);
            c_n.push(pass.end.c.clone());
            passes.push(pass);
            said = Some(match said {
                None => hs,
                Some(first) => first.iter().zip(&hs).map(|(a, b)| above(a, b)).collect(),
            });
        }
        xs = said.expect("a direction");
    }
    let dot = |a: &[Rows], b: &[Rows]| a.iter().zip(b).map(|(a, b)| a.dot(b)).sum::<f64>();
    let loss = dot(&xs, &turned(&case.loss_h)) + dot(&h_n, &h_n_bar) + dot(&c_n, &c_n_bar);
    let mut found: BTreeMap<String, Vec<Rows>> = [
        ("h".to_owned(), turned(&xs)),
        ("h_n".to_owned(), turned(&h_n)),
        ("c_n".to_owned(), turned(&c_n)),
        ("loss".to_owned(), vec![DMatrix::from_element(1, 1, loss)]),
    ]
    .into();
    passes.iter_mut().for_each(slip);
    let ends = h_n_bar.into_iter().zip(c_n_bar).map(|(h, c)| States { h, c }).collect();
    way_back(case, &ways, &passes, ends, &mut found);
    found
}

/// From the top down; what is found is put to the rest.
fn way_back(
    case: &Stacked,
    ways: &[Way],
    passes: &[Pass],
    ends: Vec<States>,
    found: &mut BTreeMap<String, Vec<Rows>>,
) {
    let mut h_bars = turned(&case.loss_h);
    let mut starts = ends.clone();
    for layer in (0..case.layers).rev() {
        let mut x_bars: Option<Vec<DMatrix<f64>>> = None;
        for direction in 0..case.directions {
            let at = layer * case.directions + direction;
            let mine =
                |bar: &DMatrix<f64>| bar.rows(direction * case.said(), case.said()).into_owned();
            let own: Vec<_> = h_bars.iter().map(mine).collect();
            let (bars, hr_bar) = ways[at].backward(&passes[at], &own, &ends[at]);
            let PyTorch { weight_ih, weight_hh, bias_ih, bias_hh } = bars.weights;
            let column =
                |bias: DVector<f64>| DMatrix::from_column_slice(bias.len(), 1, bias.as_slice());
            for (part, value) in [
                ("weight_ih", Some(weight_ih)),
                ("weight_hh", Some(weight_hh)),
                ("bias_ih", Some(column(bias_ih))),
                ("bias_hh", Some(column(bias_hh))),
                ("weight_hr", hr_bar),
            ] {
                let key = format!("grad.{part}_{}", ways[at].suffix);
                value.into_iter().for_each(|value| _ = found.insert(key.clone(), vec![value]));
            }
            starts[at] = bars.start;
            x_bars = Some(match x_bars {
                None => bars.xs,
                Some(first) => first.into_iter().zip(bars.xs).map(|(a, b)| a + b).collect(),
            });
        }
        h_bars = x_bars.expect("a direction");
    }
    found.insert("grad.x".to_owned(), turned(&h_bars));
    let (h, c): (Vec<_>, Vec<_>) = starts.into_iter().map(|start| (start.h, start.c)).unzip();
    found.insert("grad.h0".to_owned(), turned(&h));
    found.insert("grad.c0".to_owned(), turned(&c));
}
