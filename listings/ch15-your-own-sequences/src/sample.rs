//! Reading step by step, and writing what comes next.

use nalgebra::{DMatrix, DVector};
use output_gate::PyTorch;
use rand::Rng;

use crate::draw::{draw, temper};
use crate::layer::{Inputs, States};
use crate::network::Network;
use crate::stack;
use crate::symbols::{END, Symbol};

// ANCHOR: reader
/// A network that reads one sequence, a symbol at a time, and remembers what it read.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    layers: Vec<PyTorch>,
    /// W and b of the linear layer.
    w: DMatrix<f64>,
    b: &'a [f64],
    states: Vec<States>,
}
// ANCHOR_END: reader

impl<'a> Reader<'a> {
    /// A reader that has read nothing.
    pub fn new(network: &'a Network) -> Reader<'a> {
        let (layers, fc) = network.parts();
        let (symbols, hidden) = (network.shape.symbols, network.shape.hidden);
        let (w, b) = fc.split_at(symbols * hidden);
        let w = DMatrix::from_row_slice(symbols, hidden, w);
        Reader { layers, w, b, states: network.shape.zeros(1) }
    }

    // ANCHOR: read
    /// Reads a symbol. Returns the scores of all symbols to be the next, (K).
    ///
    /// # Panics
    /// If it is beyond K.
    pub fn read(&mut self, symbol: Symbol) -> DVector<f64> {
        let xs = Inputs::Symbols(vec![vec![symbol]]);
        let passes = stack::forward(&self.layers, xs, &[1], &self.states, None);
        self.states = passes.iter().map(|pass| pass.end.clone()).collect();
        let top = self.states.last().expect("a layer");
        &self.w * top.h.column(0) + DVector::from_column_slice(self.b)
    }
    // ANCHOR_END: read
}

// ANCHOR: sample
/// Makes a sequence up: reads the mark, draws a symbol, reads that, and so on, until the mark is drawn or there are `most`
/// symbols between the marks. Returned with a mark at both ends.
///
/// # Panics
/// If the temperature is not positive.
pub fn sample(network: &Network, temperature: f64, most: usize, rng: &mut impl Rng) -> Vec<Symbol> {
    let mut reader = Reader::new(network);
    let mut sequence = vec![END];
    while sequence.len() <= most {
        let logits = reader.read(*sequence.last().expect("the mark"));
        let next = draw(temper(&logits, temperature).as_slice(), rng) as Symbol;
        if next == END {
            break;
        }
        sequence.push(next);
    }
    sequence.push(END);
    sequence
}
// ANCHOR_END: sample
