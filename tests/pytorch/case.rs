//! A case: what PyTorch was given, and what it said.

use std::fmt;
use std::fs;
use std::path::Path;

use nalgebra::{DMatrix, DVector};
use output_gate::PyTorch;
use serde_json::Value;

/// T matrices of (B, n), or one: rows are the sequences of a batch.
pub(crate) type Rows = DMatrix<f64>;

/// Whose cases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Network {
    /// `torch.nn.LSTM`.
    Lstm,
    /// `torch.nn.RNN`: one block of H rows instead of four, and no C. What a
    /// case says of C has no columns then.
    Plain,
}

/// One file.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) network: Network,
    pub(crate) name: String,
    pub(crate) hidden: usize,
    pub(crate) batch: usize,
    pub(crate) weights: PyTorch,
    pub(crate) x: Vec<Rows>,
    pub(crate) h0: Rows,
    pub(crate) c0: Rows,
    pub(crate) loss_h: Vec<Rows>,
    pub(crate) loss_h_n: Rows,
    pub(crate) loss_c_n: Rows,
    pub(crate) expected: Results,
}

/// What PyTorch says, and what the book says.
#[derive(Clone, Debug)]
pub(crate) struct Results {
    pub(crate) h: Vec<Rows>,
    pub(crate) h_n: Rows,
    pub(crate) c_n: Rows,
    pub(crate) loss: f64,
    pub(crate) grad: PyTorch,
    pub(crate) grad_x: Vec<Rows>,
    pub(crate) grad_h0: Rows,
    pub(crate) grad_c0: Rows,
}

pub(crate) fn row(rows: &Rows, sequence: usize) -> DVector<f64> {
    rows.row(sequence).transpose()
}

/// Reads the values of one file by their keys, such as `grad.weight_ih`.
pub(crate) struct Reader<'a> {
    pub(crate) file: &'a str,
    pub(crate) root: &'a Value,
}

pub(crate) type Read<T> = Result<T, String>;

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
    pub(crate) fn wrong<T>(
        &self,
        key: &str,
        found: impl fmt::Display,
        expected: impl fmt::Display,
    ) -> Read<T> {
        Err(format!("{}: `{key}`: found {found}, expected {expected}", self.file))
    }

    /// The value of a key, `grad.x` being `x` within `grad`.
    pub(crate) fn value(&self, key: &str) -> Read<&Value> {
        let found = key.split('.').try_fold(self.root, |value, part| value.get(part));
        found.map_or_else(|| self.wrong(key, "nothing", "this key"), Ok)
    }

    /// An object must have these keys and no others.
    pub(crate) fn keys(&self, key: &str, expected: &str) -> Read<()> {
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

    pub(crate) fn size(&self, key: &str) -> Read<usize> {
        let value = self.value(key)?;
        match value.as_u64().and_then(|size| usize::try_from(size).ok()) {
            Some(size @ 1..=10_000) => Ok(size),
            _ => self.wrong(key, kind(value), "a whole number from 1 to 10000"),
        }
    }

    /// All numbers of a value nested as `shape` says, first index slowest.
    pub(crate) fn numbers(&self, key: &str, shape: &[usize]) -> Read<Vec<f64>> {
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

    pub(crate) fn matrix(&self, key: &str, rows: usize, columns: usize) -> Read<Rows> {
        let numbers = self.numbers(key, &[rows, columns])?;
        Ok(DMatrix::from_row_slice(rows, columns, &numbers))
    }

    pub(crate) fn matrices(
        &self,
        key: &str,
        count: usize,
        rows: usize,
        columns: usize,
    ) -> Read<Vec<Rows>> {
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
pub(crate) fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Array(entries) => format!("a list of {}", entries.len()),
        Value::Object(_) => "an object".to_owned(),
        other => other.to_string(),
    }
}

/// Reads a case from its text; `file` is for the messages.
pub(crate) fn read(network: Network, file: &str, text: &str) -> Read<Case> {
    let root: Value =
        serde_json::from_str(text).map_err(|error| format!("{file}: not JSON: {error}"))?;
    Reader { file, root: &root }.case(network)
}

/// The text of every `*.json` of the network's folder, by file name.
pub(crate) fn files(network: Network) -> Vec<(String, String)> {
    match network {
        Network::Lstm => files_in(""),
        Network::Plain => files_in("rnn/"),
    }
}

/// The same of a folder below this one; its name stands before those of the files.
pub(crate) fn files_in(under: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pytorch").join(under);
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

pub(crate) fn cases(network: Network) -> Vec<Case> {
    let read = |(file, text): &(String, String)| read(network, file, text);
    files(network).iter().map(read).collect::<Read<_>>().unwrap_or_else(|error| panic!("{error}"))
}

/// The cases of both networks.
pub(crate) fn all_cases() -> Vec<Case> {
    [Network::Lstm, Network::Plain].into_iter().flat_map(cases).collect()
}
