//! PyTorch as the second witness: every case in `tests/pytorch/` goes through the book's own forward
//! and backward pass (chapter 8's cell and map, chapter 10's backpropagation through time).
//!
//! A case says what `torch.nn.LSTM` computed in float64. `tests/pytorch/README.md` tells what is in
//! it, and how to add one.
//!
//! The same cases go, each as one batch, through chapter 12's packed layer: in f64, with the same tolerance, and in f32.
//!
//! The cases in `tests/pytorch/rnn/` are of `torch.nn.RNN`, and go through the plain network of
//! chapter 2 and the backpropagation through time of chapter 4.

use std::fmt;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::slice::from_ref;

use bptt::{Gradients, accumulate, backward, forward, zeros_like};
use gradient_check::Parameters;
use nalgebra::{DMatrix, DVector};
use one_matrix::{Batch, Input, Layer, Packed, Real, Tanh};
use output_gate::{LstmCell, PyTorch, State, Step};
use rnn::Rnn;
use serde_json::Value;
use through_time::Leaves;

/// How far a tensor may be off, measured against its own largest absolute value.
const TOLERANCE: f64 = 1e-10;

/// The same in `f32`, see [`Apart::in_f32`]. The rational tanh errs by 5e-7; at most three times a step, over at most 12 steps.
const F32_TOLERANCE: f64 = 2e-5;

/// T matrices of (B, n), or one: rows are the sequences of a batch.
type Rows = DMatrix<f64>;

/// Whose cases.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Network {
    /// `torch.nn.LSTM`.
    Lstm,
    /// `torch.nn.RNN`: one block of H rows instead of four, and no C. What a
    /// case says of C has no columns then.
    Plain,
}

/// One file.
#[derive(Clone, Debug)]
struct Case {
    network: Network,
    name: String,
    hidden: usize,
    batch: usize,
    weights: PyTorch,
    x: Vec<Rows>,
    h0: Rows,
    c0: Rows,
    loss_h: Vec<Rows>,
    loss_h_n: Rows,
    loss_c_n: Rows,
    expected: Results,
}

/// What PyTorch says, and what the book says.
#[derive(Clone, Debug)]
struct Results {
    h: Vec<Rows>,
    h_n: Rows,
    c_n: Rows,
    loss: f64,
    grad: PyTorch,
    grad_x: Vec<Rows>,
    grad_h0: Rows,
    grad_c0: Rows,
}

fn row(rows: &Rows, sequence: usize) -> DVector<f64> {
    rows.row(sequence).transpose()
}

// ------------------------------------------------------------------------------------------------
// The book's answer.

/// Backpropagation through time: chapter 10's, or one with a slip.
type Backward = fn(&LstmCell, &[Step], &[DVector<f64>], &DVector<f64>) -> Gradients;

/// Which block of H rows stands where: `[0, 1, 2, 3]` leaves PyTorch's tensors as they are.
type Blocks = [usize; 4];

const IN_ORDER: Blocks = [0, 1, 2, 3];

/// Block k of the result is block `blocks[k]` of what is given.
fn arranged(tensors: &PyTorch, blocks: Blocks) -> PyTorch {
    let hidden = tensors.weight_hh.ncols();
    let mut result = tensors.clone();
    for (to, from) in blocks.into_iter().enumerate() {
        let (to, from) = (to * hidden, from * hidden);
        let PyTorch { weight_ih, weight_hh, bias_ih, bias_hh } = &mut result;
        weight_ih.rows_mut(to, hidden).copy_from(&tensors.weight_ih.rows(from, hidden));
        weight_hh.rows_mut(to, hidden).copy_from(&tensors.weight_hh.rows(from, hidden));
        bias_ih.rows_mut(to, hidden).copy_from(&tensors.bias_ih.rows(from, hidden));
        bias_hh.rows_mut(to, hidden).copy_from(&tensors.bias_hh.rows(from, hidden));
    }
    result
}

/// The same rearrangement backward.
fn inverse(blocks: Blocks) -> Blocks {
    let mut inverse = blocks;
    blocks.into_iter().enumerate().for_each(|(to, from)| inverse[from] = to);
    inverse
}

/// What a network makes of one sequence.
struct Run {
    h: Vec<DVector<f64>>,
    c_n: DVector<f64>,
    grad: PyTorch,
    grad_x: Vec<DVector<f64>>,
    grad_initial: State,
}

/// Runs a case, one sequence of its batch after the other. `one` is told h_0 and C_0, the inputs,
/// and what the loss says about every h and about the last C.
fn run_each(
    case: &Case,
    one: impl Fn(State, Vec<DVector<f64>>, &[DVector<f64>], &DVector<f64>) -> Run,
) -> Results {
    let like = |rows: &Rows| DMatrix::zeros(rows.nrows(), rows.ncols());
    let mut grad = case.weights.clone();
    grad.weight_ih.fill(0.0);
    grad.weight_hh.fill(0.0);
    grad.bias_ih.fill(0.0);
    grad.bias_hh.fill(0.0);
    let mut results = Results {
        h: case.expected.h.iter().map(like).collect(),
        h_n: like(&case.h0),
        c_n: like(&case.c0),
        loss: 0.0,
        grad,
        grad_x: case.x.iter().map(like).collect(),
        grad_h0: like(&case.h0),
        grad_c0: like(&case.c0),
    };
    for sequence in 0..case.batch {
        let xs = case.x.iter().map(|x| row(x, sequence)).collect();
        let initial = State { h: row(&case.h0, sequence), c: row(&case.c0, sequence) };
        let loss_h: Vec<_> = case.loss_h.iter().map(|bar| row(bar, sequence)).collect();
        let loss_h_n = row(&case.loss_h_n, sequence);
        let c_bar = row(&case.loss_c_n, sequence);
        let mut h_bars = loss_h.clone();
        // h_n is h_T: what the loss says of either, it says of both.
        *h_bars.last_mut().expect("a step") += &loss_h_n;

        let run = one(initial, xs, &h_bars, &c_bar);
        let h_n = run.h.last().expect("a step");
        results.loss += run.h.iter().zip(&loss_h).map(|(h, bar)| h.dot(bar)).sum::<f64>();
        results.loss += h_n.dot(&loss_h_n) + run.c_n.dot(&c_bar);
        results.grad.weight_ih += &run.grad.weight_ih;
        results.grad.weight_hh += &run.grad.weight_hh;
        results.grad.bias_ih += &run.grad.bias_ih;
        results.grad.bias_hh += &run.grad.bias_hh;
        let put =
            |rows: &mut Rows, v: &DVector<f64>| rows.row_mut(sequence).copy_from(&v.transpose());
        for (t, (h, x_bar)) in run.h.iter().zip(&run.grad_x).enumerate() {
            put(&mut results.h[t], h);
            put(&mut results.grad_x[t], x_bar);
        }
        put(&mut results.h_n, h_n);
        put(&mut results.c_n, &run.c_n);
        put(&mut results.grad_h0, &run.grad_initial.h);
        put(&mut results.grad_c0, &run.grad_initial.c);
    }
    results
}

/// Runs a case of the LSTM. Other `blocks` than [`IN_ORDER`] are a mistake about the order of the
/// gates.
fn run(case: &Case, blocks: Blocks, backward: Backward) -> Results {
    let cell = arranged(&case.weights, blocks).to_cell();
    run_each(case, |initial, xs, h_bars, c_bar| {
        let steps = forward(&cell, &initial, &xs);
        let gradients = backward(&cell, &steps, h_bars, c_bar);
        Run {
            h: steps.iter().map(|step| step.state.h.clone()).collect(),
            c_n: steps.last().expect("a step").state.c.clone(),
            grad: arranged(&PyTorch::from_gradient(&gradients.cell), inverse(blocks)),
            grad_x: gradients.xs,
            grad_initial: gradients.initial,
        }
    })
}

/// Chapter 4's backpropagation through time, or one with a slip.
type PlainBackward = fn(&Leaves, &[DVector<f64>], &[DVector<f64>]) -> Leaves;

/// Runs a case of the plain network.
fn run_plain(case: &Case, backward: PlainBackward) -> Results {
    let PyTorch { weight_ih, weight_hh, bias_ih, bias_hh } = &case.weights;
    let mut w = DMatrix::zeros(case.hidden, case.hidden + weight_ih.ncols());
    w.columns_mut(0, case.hidden).copy_from(weight_hh);
    w.columns_mut(case.hidden, weight_ih.ncols()).copy_from(weight_ih);
    let rnn = Rnn { w, b: bias_ih + bias_hh };
    run_each(case, |initial, xs, h_bars, c_bar| {
        let leaves = Leaves { rnn: rnn.clone(), h_0: initial.h, xs };
        let h = leaves.run();
        let gradient = backward(&leaves, &h, h_bars);
        let (weight_ih, weight_hh) = (gradient.rnn.w_hx(), gradient.rnn.w_hh());
        // Of a sum, both terms get the adjoint.
        let bias = gradient.rnn.b;
        Run {
            h,
            c_n: initial.c,
            grad: PyTorch { weight_ih, weight_hh, bias_ih: bias.clone(), bias_hh: bias },
            grad_x: gradient.xs,
            grad_initial: State { h: gradient.h_0, c: c_bar.clone() },
        }
    })
}

/// The rows of all steps as chapter 12 lays them out: a column for each sequence, step by step.
fn columns<T: Real>(steps: &[Rows]) -> Vec<T> {
    let steps = steps.iter().map(DMatrix::transpose);
    steps.flat_map(|step| step.iter().map(|&value| T::of(value)).collect::<Vec<_>>()).collect()
}

/// The other way.
fn rows<T: Real>(columns: &[T], batch: usize) -> Rows {
    let values = columns.iter().map(|value| value.to_f64());
    DMatrix::from_iterator(columns.len() / batch, batch, values).transpose()
}

/// Runs a case of the LSTM with chapter 12's code, its whole batch at once.
fn run_packed<T: Real>(case: &Case, tanh: Tanh) -> Results {
    let Case { hidden, batch, weights, .. } = case;
    let (hidden, size) = (*hidden, *batch);
    let layer = Layer { inputs: weights.weight_ih.ncols(), hidden };
    let mut packed = Packed::<T>::new(layer);
    packed.load(&layer.theta(weights));
    let mut unrolled = one_matrix::Unrolled::<T>::new(layer);
    unrolled.tanh = tanh;

    let mut h_bars = case.loss_h.clone();
    *h_bars.last_mut().expect("a step") += &case.loss_h_n;
    let (x, h_bars) = (columns::<T>(&case.x), columns::<T>(&h_bars));
    let [h0, c0, c_bar] =
        [&case.h0, &case.c0, &case.loss_c_n].map(|state| columns::<T>(from_ref(state)));
    let (input, start) = (Input::Vectors(x.as_slice()), Some((h0.as_slice(), c0.as_slice())));
    let batch = Batch { size, input, start };
    let h_n = rows(unrolled.forward(&packed, &batch), size);
    let mut gradient = vec![T::zero(); layer.len()];
    unrolled.backward(&packed, &batch, &h_bars, Some(&c_bar), &mut gradient);
    let mut x_bar = x.clone();
    unrolled.input_bar(&packed, &mut x_bar);

    let h: Vec<Rows> = (1..=case.x.len()).map(|t| rows(&unrolled.h(t), size)).collect();
    let c_n = rows(&unrolled.c(case.x.len()), size);
    let mut loss = h_n.dot(&case.loss_h_n) + c_n.dot(&case.loss_c_n);
    loss += h.iter().zip(&case.loss_h).map(|(h, bar)| h.dot(bar)).sum::<f64>();
    let bar = layer.split(&gradient);
    let vector =
        |values: &[T]| DVector::from_iterator(values.len(), values.iter().map(|v| v.to_f64()));
    let (grad_h0, grad_c0) = unrolled.start_bar();
    Results {
        h,
        h_n,
        c_n,
        loss,
        grad: PyTorch {
            // Row by row: the columns of the transpose.
            weight_ih: rows(bar.weight_ih, 4 * hidden),
            weight_hh: rows(bar.weight_hh, 4 * hidden),
            bias_ih: vector(bar.bias_ih),
            bias_hh: vector(bar.bias_hh),
        },
        grad_x: x_bar.chunks(size * layer.inputs).map(|step| rows(step, size)).collect(),
        grad_h0: rows(grad_h0, size),
        grad_c0: rows(grad_c0, size),
    }
}

/// What the book says.
fn answer(case: &Case) -> Results {
    match case.network {
        Network::Lstm => run(case, IN_ORDER, backward),
        Network::Plain => run_plain(case, through_time::backward),
    }
}

// ------------------------------------------------------------------------------------------------
// How far the two are apart.

/// One tensor's error.
#[derive(Clone, Debug, PartialEq)]
struct Apart {
    case: String,
    tensor: &'static str,
    error: f64,
    /// What the difference was divided by.
    scale: f64,
    numbers: usize,
}

impl Apart {
    /// The same for `f32`: divided by 1 if the tensor is smaller. Chapter 12 computes a gate as ½ + ½ tanh(z/2), so one
    /// that is all but shut comes out within a rounding error of ½, 6e-8, and most of its own digits are gone.
    fn in_f32(self) -> Apart {
        let scale = self.scale.max(1.0);
        Apart { error: self.error * self.scale / scale, scale, ..self }
    }
}

impl fmt::Display for Apart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1e} in `{}` of {}", self.error, self.tensor, self.case)
    }
}

/// The largest difference, over the largest absolute value expected (or over 1, where all is zero),
/// and what it was divided by.
fn apart(expected: &[Rows], found: &[Rows]) -> (f64, f64) {
    let largest = expected.iter().map(DMatrix::amax).fold(0.0, f64::max);
    let scale = if largest == 0.0 { 1.0 } else { largest };
    let differences = expected.iter().zip(found).flat_map(|(e, f)| e.iter().zip(f.iter()));
    let worst = |worst: f64, (e, f): (&f64, &f64)| {
        let difference = (e - f).abs();
        // A NaN must not pass for a small number.
        if difference.is_nan() { f64::INFINITY } else { worst.max(difference) }
    };
    (differences.fold(0.0, worst) / scale, scale)
}

fn column(vector: &DVector<f64>) -> Rows {
    DMatrix::from_column_slice(vector.len(), 1, vector.as_slice())
}

/// All eleven tensors of a case; those about C are empty for the plain network.
fn compare(case: &Case, found: &Results) -> Vec<Apart> {
    let expected = &case.expected;
    let one = |number: f64| DMatrix::from_element(1, 1, number);
    let (loss, found_loss) = (one(expected.loss), one(found.loss));
    let tensor = |tensor, expected: &[Rows], found: &[Rows]| {
        let (error, scale) = apart(expected, found);
        let numbers = expected.iter().map(DMatrix::len).sum();
        Apart { case: case.name.clone(), tensor, error, scale, numbers }
    };
    let matrix = |name, expected, found| tensor(name, from_ref(expected), from_ref(found));
    let vector = |name, expected, found| tensor(name, &[column(expected)], &[column(found)]);
    let (grad, found_grad) = (&expected.grad, &found.grad);
    vec![
        tensor("h", &expected.h, &found.h),
        matrix("h_n", &expected.h_n, &found.h_n),
        matrix("c_n", &expected.c_n, &found.c_n),
        matrix("loss", &loss, &found_loss),
        matrix("grad.weight_ih", &grad.weight_ih, &found_grad.weight_ih),
        matrix("grad.weight_hh", &grad.weight_hh, &found_grad.weight_hh),
        vector("grad.bias_ih", &grad.bias_ih, &found_grad.bias_ih),
        vector("grad.bias_hh", &grad.bias_hh, &found_grad.bias_hh),
        tensor("grad.x", &expected.grad_x, &found.grad_x),
        matrix("grad.h0", &expected.grad_h0, &found.grad_h0),
        matrix("grad.c0", &expected.grad_c0, &found.grad_c0),
    ]
}

/// The worst tensor of a case.
fn worst(case: &Case, found: &Results) -> Apart {
    let tensors = compare(case, found);
    let worst = tensors.into_iter().max_by(|a, b| a.error.total_cmp(&b.error));
    worst.expect("eleven tensors")
}

// ------------------------------------------------------------------------------------------------
// Reading a case.

/// Reads the values of one file by their keys, such as `grad.weight_ih`.
struct Reader<'a> {
    file: &'a str,
    root: &'a Value,
}

type Read<T> = Result<T, String>;

const KEYS: &str =
    "name T B D H weight_ih weight_hh bias_ih bias_hh x h0 c0 h h_n c_n loss_weights loss grad";
const LOSS_KEYS: &str = "h h_n c_n";
const GRAD_KEYS: &str = "weight_ih weight_hh bias_ih bias_hh x h0 c0";

// The same without C.
const PLAIN_KEYS: &str =
    "name T B D H weight_ih weight_hh bias_ih bias_hh x h0 h h_n loss_weights loss grad";
const PLAIN_LOSS_KEYS: &str = "h h_n";
const PLAIN_GRAD_KEYS: &str = "weight_ih weight_hh bias_ih bias_hh x h0";

impl Reader<'_> {
    fn wrong<T>(
        &self,
        key: &str,
        found: impl fmt::Display,
        expected: impl fmt::Display,
    ) -> Read<T> {
        Err(format!("{}: `{key}`: found {found}, expected {expected}", self.file))
    }

    /// The value of a key, `grad.x` being `x` within `grad`.
    fn value(&self, key: &str) -> Read<&Value> {
        let found = key.split('.').try_fold(self.root, |value, part| value.get(part));
        found.map_or_else(|| self.wrong(key, "nothing", "this key"), Ok)
    }

    /// An object must have these keys and no others.
    fn keys(&self, key: &str, expected: &str) -> Read<()> {
        let value = if key.is_empty() { self.root } else { self.value(key)? };
        let Some(object) = value.as_object() else {
            return self.wrong(key, kind(value), format!("an object with the keys {expected}"));
        };
        let dot = if key.is_empty() { "" } else { "." };
        if let Some(name) = expected.split(' ').find(|name| !object.contains_key(*name)) {
            return self.wrong(&format!("{key}{dot}{name}"), "nothing", "this key");
        }
        match object.keys().find(|name| !expected.split(' ').any(|e| e == *name)) {
            Some(name) => {
                let expected = format!("only the keys {expected}");
                self.wrong(&format!("{key}{dot}{name}"), "a key that no case has", expected)
            }
            None => Ok(()),
        }
    }

    fn size(&self, key: &str) -> Read<usize> {
        let value = self.value(key)?;
        match value.as_u64().and_then(|size| usize::try_from(size).ok()) {
            Some(size @ 1..=10_000) => Ok(size),
            _ => self.wrong(key, kind(value), "a whole number from 1 to 10000"),
        }
    }

    /// All numbers of a value nested as `shape` says, first index slowest.
    fn numbers(&self, key: &str, shape: &[usize]) -> Read<Vec<f64>> {
        let mut numbers = Vec::new();
        self.collect(key, self.value(key)?, shape, &mut numbers)?;
        Ok(numbers)
    }

    fn collect(&self, at: &str, value: &Value, shape: &[usize], into: &mut Vec<f64>) -> Read<()> {
        let [length, inner @ ..] = shape else {
            let Some(number) = value.as_f64() else {
                return self.wrong(at, kind(value), "a number");
            };
            into.push(number);
            return Ok(());
        };
        let Some(entries) = value.as_array() else {
            return self.wrong(at, kind(value), format!("a list of {length}"));
        };
        if entries.len() != *length {
            let found = format!("a list of {}", entries.len());
            return self.wrong(at, found, format!("a list of {length}"));
        }
        for (index, entry) in entries.iter().enumerate() {
            self.collect(&format!("{at}[{index}]"), entry, inner, into)?;
        }
        Ok(())
    }

    fn matrix(&self, key: &str, rows: usize, columns: usize) -> Read<Rows> {
        let numbers = self.numbers(key, &[rows, columns])?;
        Ok(DMatrix::from_row_slice(rows, columns, &numbers))
    }

    fn matrices(&self, key: &str, count: usize, rows: usize, columns: usize) -> Read<Vec<Rows>> {
        let numbers = self.numbers(key, &[count, rows, columns])?;
        let one = |numbers| DMatrix::from_row_slice(rows, columns, numbers);
        Ok(numbers.chunks(rows * columns).map(one).collect())
    }

    /// The four tensors of so many rows, from the top (`""`) or from `grad.`.
    fn weights(&self, under: &str, rows: usize, inputs: usize, hidden: usize) -> Read<PyTorch> {
        let bias = |key: &str| -> Read<DVector<f64>> {
            Ok(DVector::from_vec(self.numbers(&format!("{under}{key}"), &[rows])?))
        };
        Ok(PyTorch {
            weight_ih: self.matrix(&format!("{under}weight_ih"), rows, inputs)?,
            weight_hh: self.matrix(&format!("{under}weight_hh"), rows, hidden)?,
            bias_ih: bias("bias_ih")?,
            bias_hh: bias("bias_hh")?,
        })
    }

    fn case(&self, network: Network) -> Read<Case> {
        let (keys, loss_keys, grad_keys, blocks) = match network {
            Network::Lstm => (KEYS, LOSS_KEYS, GRAD_KEYS, 4),
            Network::Plain => (PLAIN_KEYS, PLAIN_LOSS_KEYS, PLAIN_GRAD_KEYS, 1),
        };
        self.keys("", keys)?;
        self.keys("loss_weights", loss_keys)?;
        self.keys("grad", grad_keys)?;
        let Some(name) = self.value("name")?.as_str() else {
            return self.wrong("name", kind(self.value("name")?), "a text");
        };
        let [steps, batch, inputs, hidden] =
            [self.size("T")?, self.size("B")?, self.size("D")?, self.size("H")?];
        let rows = blocks * hidden;
        let state = |key| self.matrix(key, batch, hidden);
        let cell_state = |key| match network {
            Network::Lstm => state(key),
            Network::Plain => Ok(DMatrix::zeros(batch, 0)),
        };
        let sequence = |key, width| self.matrices(key, steps, batch, width);
        Ok(Case {
            network,
            name: format!("{} ({name})", self.file),
            hidden,
            batch,
            weights: self.weights("", rows, inputs, hidden)?,
            x: sequence("x", inputs)?,
            h0: state("h0")?,
            c0: cell_state("c0")?,
            loss_h: sequence("loss_weights.h", hidden)?,
            loss_h_n: state("loss_weights.h_n")?,
            loss_c_n: cell_state("loss_weights.c_n")?,
            expected: Results {
                h: sequence("h", hidden)?,
                h_n: state("h_n")?,
                c_n: cell_state("c_n")?,
                loss: self.numbers("loss", &[])?[0],
                grad: self.weights("grad.", rows, inputs, hidden)?,
                grad_x: sequence("grad.x", inputs)?,
                grad_h0: state("grad.h0")?,
                grad_c0: cell_state("grad.c0")?,
            },
        })
    }
}

/// What a value is, for a message.
fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Array(entries) => format!("a list of {}", entries.len()),
        Value::Object(_) => "an object".to_owned(),
        other => other.to_string(),
    }
}

/// Reads a case from its text; `file` is for the messages.
fn read(network: Network, file: &str, text: &str) -> Read<Case> {
    let root: Value =
        serde_json::from_str(text).map_err(|error| format!("{file}: not JSON: {error}"))?;
    Reader { file, root: &root }.case(network)
}

/// The text of every `*.json` of the network's folder, by file name.
fn files(network: Network) -> Vec<(String, String)> {
    let (folder, under) = match network {
        Network::Lstm => ("tests/pytorch", ""),
        Network::Plain => ("tests/pytorch/rnn", "rnn/"),
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<(String, String)> = entries
        .map(|entry| entry.expect("an entry of the folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let text = fs::read_to_string(&path);
            let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            (format!("{under}{name}"), text)
        })
        .collect();
    files.sort();
    files
}

fn cases(network: Network) -> Vec<Case> {
    let read = |(file, text): &(String, String)| read(network, file, text);
    files(network).iter().map(read).collect::<Read<_>>().unwrap_or_else(|error| panic!("{error}"))
}

/// The cases of both networks.
fn all_cases() -> Vec<Case> {
    [Network::Lstm, Network::Plain].into_iter().flat_map(cases).collect()
}

// ------------------------------------------------------------------------------------------------
// The tests.

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
