//! The equations of chapter 15.

use digits::{below, generator};
use equations::Env;
use gradient_check::tanh_slope;
use nalgebra::{DMatrix, DVector};
use output_gate::{PyTorch, State};
use own_sequences::{
    END, Inputs, Masks, Network, Ngram, Padded, Shape, States, Symbol, layer, temper,
};

use crate::draw::{Binding, Draw, m};

/// Which code each label stands for.
pub(crate) const BINDINGS: &[Binding] = &[
    ("bits", bits),
    ("witten-bell", witten_bell),
    ("padded-step", padded_step),
    ("padded-back", padded_step),
    ("answers", answers),
    ("dropout", dropout),
    ("temperature", temperature),
];

fn seed(draw: &mut Draw) -> u64 {
    draw.vector(1)[0].to_bits()
}

fn number(value: f64) -> DMatrix<f64> {
    DMatrix::from_element(1, 1, value)
}

/// So many sequences of symbols below `symbols`, of so many letters each, between end marks.
fn sequences(seed: u64, symbols: Symbol, lengths: &[usize]) -> Vec<Vec<Symbol>> {
    let rng = &mut generator(seed);
    let mut letter = || 1 + below(u32::from(symbols) - 1, rng) as Symbol;
    let inner = |length: usize| -> Vec<Symbol> { (0..length).map(|_| letter()).collect() };
    lengths.iter().copied().map(inner).map(|s| [&[END], s.as_slice(), &[END]].concat()).collect()
}

/// The mean surprise of a model of pairs at four symbols.
fn bits(draw: &mut Draw) -> Env {
    let seed = seed(draw);
    let model = Ngram::train(2, &sequences(seed, 4, &[5, 2, 7]), 4);
    let asked = &sequences(seed ^ 1, 4, &[3])[0];
    let mut env = Env::new();
    env.index("T", 4)
        .scalar("n", 4.0)
        .set("L", number(model.bits_per_symbol(std::slice::from_ref(asked))));
    for t in 1..=4_usize {
        let q = DVector::from_fn(4, |k, _| f64::from(u8::from(k == usize::from(asked[t]))));
        let p = DVector::from_vec(model.distribution(&asked[..t]));
        env.at("q", t as i64, m(&q)).at("p", t as i64, m(&p));
    }
    env
}

/// Contexts of two symbols beside those of one; what is counted is counted here once more.
fn witten_bell(draw: &mut Draw) -> Env {
    let seed = seed(draw);
    let all = sequences(seed, 4, &[6, 9, 8, 3]);
    let context = &all[(seed % 4) as usize][1..3];
    let mut counts = DVector::zeros(4);
    for window in all.iter().flat_map(|sequence| sequence.windows(3)) {
        if &window[..2] == context {
            counts[usize::from(window[2])] += 1.0;
        }
    }
    let pi = |order| m(&DVector::from_vec(Ngram::train(order, &all, 4).distribution(context)));
    let mut env = Env::new();
    env.index("k", 2)
        .at("pi", 2, pi(3))
        .at("pi", 1, pi(2))
        .at("nu", 2, m(&counts))
        .at("n", 2, number(counts.sum()))
        .at("delta", 2, number(counts.iter().filter(|&&count| count > 0.0).count() as f64));
    env
}

/// One step, of three sequences of which the second has ended before it, there and back. t = 2.
fn padded_step(draw: &mut Draw) -> Env {
    let (hidden, inputs) = (draw.hidden.min(4), draw.inputs.min(3));
    let weights = PyTorch {
        weight_ih: draw.matrix(4 * hidden, inputs),
        weight_hh: draw.matrix(4 * hidden, hidden),
        bias_ih: draw.vector(4 * hidden),
        bias_hh: draw.vector(4 * hidden),
    };
    let lengths = [1, 0, 1];
    let mut batch = |rows| draw.matrix(rows, 3);
    let (before, x) = (States { h: batch(hidden), c: batch(hidden) }, batch(inputs));
    let (said, after) = (batch(hidden), States { h: batch(hidden), c: batch(hidden) });
    let xs = Inputs::Vectors(vec![x.clone()]);
    let pass = layer::forward(&weights, xs, &lengths, &before);
    let bars = layer::backward(&weights, &pass, std::slice::from_ref(&said), &after);

    // The gates by chapter 8's cell, a column at a time.
    let cell = weights.to_cell();
    let mut gates = [(); 4].map(|()| DMatrix::zeros(hidden, 3));
    let mut c_bar = DMatrix::zeros(hidden, 3);
    for b in 0..3 {
        let state =
            State { h: before.h.column(b).into_owned(), c: before.c.column(b).into_owned() };
        let step = cell.forward(&state, &x.column(b).into_owned());
        let h_bar = after.h.column(b) + said.column(b);
        let through_h =
            h_bar.component_mul(&step.o).component_mul(&step.state.c.map(|c| tanh_slope(c.tanh())));
        c_bar.set_column(b, &(after.c.column(b) + through_h));
        for (gate, value) in gates.iter_mut().zip([&step.f, &step.i, &step.candidate, &step.o]) {
            gate.set_column(b, value);
        }
    }
    let [f, i, candidate, o] = gates;
    let mut env = Env::new();
    env.index("t", 2)
        .at("m", 2, m(&DVector::from_iterator(3, lengths.map(|length| length as f64))))
        .at("f", 2, f)
        .at("i", 2, i)
        .at("tilde(C)", 2, candidate)
        .at("o", 2, o)
        .at("h", 1, before.h)
        .at("C", 1, before.c)
        .at("h", 2, pass.end.h)
        .at("C", 2, pass.end.c)
        .at("bar(C)", 2, c_bar)
        .at("hat(C)", 2, after.c)
        .at("hat(C)", 1, bars.start.c);
    env
}

/// Three sequences with 4, 2 and 3 answers, read side by side.
fn answers(draw: &mut Draw) -> Env {
    let shape = Shape { symbols: 4, hidden: draw.hidden, layers: 1 + draw.inputs % 2 };
    let seed = seed(draw);
    let network = Network::new(shape, None, &mut generator(seed));
    let batch = Padded::of(&sequences(seed, 4, &[3, 1, 2]));
    let start = shape.zeros(3);
    let logits = network.read(&batch, &start, None).logits;
    // What stands in the padding is not asked for, whatever it is.
    let mut p = vec![DMatrix::from_element(4, 3, 0.25); 4];
    let mut q = vec![DMatrix::zeros(4, 3); 4];
    for (place, (t, b)) in batch.places().enumerate() {
        p[t].set_column(b, &temper(&logits.column(place).into_owned(), 1.0));
    }
    for (t, asked) in batch.asked.iter().enumerate() {
        asked.iter().enumerate().for_each(|(b, &symbol)| q[t][(usize::from(symbol), b)] = 1.0);
    }
    let mut env = Env::new();
    env.index("T", 4)
        .scalar("n", logits.ncols() as f64)
        .set("iota", DMatrix::from_element(4, 1, 1.0))
        .set("L", number(network.loss(&batch, &start, None).0));
    for (t, (p, q)) in p.into_iter().zip(q).enumerate() {
        let goes_on = |b: usize| f64::from(u8::from(t < batch.lengths[b]));
        let mask = DVector::from_fn(3, |b, _| goes_on(b));
        let at = t as i64 + 1;
        env.at("p", at, p).at("q", at, q).at("m", at, m(&mask));
    }
    env
}

/// What the second of two layers reads, at step 1 of 1.
fn dropout(draw: &mut Draw) -> Env {
    let (hidden, r) = (draw.hidden, 0.1 * draw.inputs as f64);
    let masks = Masks::draw(r, (2, hidden), (1, 3), &mut generator(seed(draw)));
    let h = draw.matrix(hidden, 3);
    let mut read = [h.clone()];
    masks.apply(0, &mut read);
    let kept = masks.0[0][0].map(|entry| f64::from(u8::from(entry > 0.0)));
    let [x] = read;
    let mut env = Env::new();
    env.index("t", 1).scalar("r", r).at("U", 1, kept).at("h", 1, h).at("x", 1, x);
    env
}

/// 27 scores at a temperature.
fn temperature(draw: &mut Draw) -> Env {
    let (y, tau) = (draw.vector(27), 0.2 + draw.vector(1)[0].abs());
    let mut env = Env::new();
    env.scalar("tau", tau).set("y", m(&y)).set("p", m(&temper(&y, tau)));
    for (k, &y) in (0..).zip(y.iter()) {
        env.at("y", k, number(y));
    }
    env
}
