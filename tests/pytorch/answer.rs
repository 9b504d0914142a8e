//! The book's answer to a case.

use std::slice::from_ref;

use bptt::{Gradients, backward, forward};
use nalgebra::{DMatrix, DVector};
use one_matrix::{Batch, Input, Layer, Packed, Real, Tanh};
use output_gate::{LstmCell, PyTorch, State, Step};
use rnn::Rnn;
use through_time::Leaves;

use crate::case::{Case, Network, Results, Rows, row};

/// Backpropagation through time: chapter 10's, or one with a slip.
pub(crate) type Backward = fn(&LstmCell, &[Step], &[DVector<f64>], &DVector<f64>) -> Gradients;

/// Which block of H rows stands where: `[0, 1, 2, 3]` leaves PyTorch's tensors as they are.
pub(crate) type Blocks = [usize; 4];

pub(crate) const IN_ORDER: Blocks = [0, 1, 2, 3];

/// Block k of the result is block `blocks[k]` of what is given.
pub(crate) fn arranged(tensors: &PyTorch, blocks: Blocks) -> PyTorch {
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
pub(crate) fn inverse(blocks: Blocks) -> Blocks {
    let mut inverse = blocks;
    blocks.into_iter().enumerate().for_each(|(to, from)| inverse[from] = to);
    inverse
}

/// What a network makes of one sequence.
pub(crate) struct Run {
    h: Vec<DVector<f64>>,
    c_n: DVector<f64>,
    grad: PyTorch,
    grad_x: Vec<DVector<f64>>,
    grad_initial: State,
}

/// Runs a case, one sequence of its batch after the other. `one` is told h_0 and C_0, the inputs,
/// and what the loss says about every h and about the last C.
pub(crate) fn run_each(
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
pub(crate) fn run(case: &Case, blocks: Blocks, backward: Backward) -> Results {
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
pub(crate) type PlainBackward = fn(&Leaves, &[DVector<f64>], &[DVector<f64>]) -> Leaves;

/// Runs a case of the plain network.
pub(crate) fn run_plain(case: &Case, backward: PlainBackward) -> Results {
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
pub(crate) fn columns<T: Real>(steps: &[Rows]) -> Vec<T> {
    let steps = steps.iter().map(DMatrix::transpose);
    steps.flat_map(|step| step.iter().map(|&value| T::of(value)).collect::<Vec<_>>()).collect()
}

/// The other way.
pub(crate) fn rows<T: Real>(columns: &[T], batch: usize) -> Rows {
    let values = columns.iter().map(|value| value.to_f64());
    DMatrix::from_iterator(columns.len() / batch, batch, values).transpose()
}

/// Runs a case of the LSTM with chapter 12's code, its whole batch at once.
pub(crate) fn run_packed<T: Real>(case: &Case, tanh: Tanh) -> Results {
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
pub(crate) fn answer(case: &Case) -> Results {
    match case.network {
        Network::Lstm => run(case, IN_ORDER, backward),
        Network::Plain => run_plain(case, through_time::backward),
    }
}
