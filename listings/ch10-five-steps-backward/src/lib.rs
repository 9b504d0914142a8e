//! Chapter 10, *Five steps backward*: backpropagation through time over a whole sequence.
#![forbid(unsafe_code)]

use cell_state::update_backward;
pub use five_steps::forward;
use gradient_check::Parameters;
use nalgebra::DVector;
use output_gate::{LstmCell, State, Step, emit_backward};

// ANCHOR: loss
/// L = ½ · (the sum of the squares of y − target), and ȳ = y − target.
pub fn squared_error(y: &DVector<f64>, target: &DVector<f64>) -> (f64, DVector<f64>) {
    let y_bar = y - target;
    (0.5 * y_bar.norm_squared(), y_bar)
}
// ANCHOR_END: loss

// ANCHOR: gradients
/// ∂L/∂ everything that a run over a sequence depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradients {
    /// Of the weights, summed over all steps.
    pub cell: LstmCell,
    /// Of h_0 and C_0.
    pub initial: State,
    /// Of x_1 … x_T, each (D).
    pub xs: Vec<DVector<f64>>,
}
// ANCHOR_END: gradients

// ANCHOR: backward
/// Backpropagation through time, over all of `steps`: nothing is cut off.
///
/// `h_bars[t]` is what the loss itself says about h_{t+1}, (H), since x_1 is `xs[0]`: zero
/// everywhere but at the end for a loss on h_T alone. `c_bar` is what it says about C_T, (H), zero
/// for most losses.
///
/// # Panics
/// If there is not one `h_bars` entry for each step, or lengths do not fit the weights.
pub fn backward(
    cell: &LstmCell,
    steps: &[Step],
    h_bars: &[DVector<f64>],
    c_bar: &DVector<f64>,
) -> Gradients {
    assert_eq!(steps.len(), h_bars.len(), "one h̄ for each step");
    let mut gradient = zeros_like(cell);
    let mut xs = Vec::with_capacity(steps.len());
    // What arrives from the step to the right; beyond T there is none but the loss on C_T.
    let mut bar = State { h: DVector::zeros(cell.hidden()), c: c_bar.clone() };
    for (step, h_bar) in steps.iter().zip(h_bars).rev() {
        bar.h += h_bar;
        let (step_gradient, previous_bar, x_bar) = cell.backward(step, &bar);
        accumulate(&mut gradient, &step_gradient);
        xs.push(x_bar);
        bar = previous_bar;
    }
    xs.reverse();
    Gradients { cell: gradient, initial: bar, xs }
}
// ANCHOR_END: backward

// ANCHOR: accumulate
/// The same tensors with every entry 0.
pub fn zeros_like<P: Parameters + Clone>(parameters: &P) -> P {
    let mut zeros = parameters.clone();
    zeros.tensors_mut().into_iter().for_each(|tensor| tensor.values.fill(0.0));
    zeros
}

/// total += part, entry by entry. Both have the same shapes.
pub fn accumulate<P: Parameters>(total: &mut P, part: &P) {
    for (total, part) in total.tensors_mut().into_iter().zip(part.tensors()) {
        total.values.iter_mut().zip(part.values).for_each(|(total, part)| *total += part);
    }
}
// ANCHOR_END: accumulate

/// Every adjoint of one step, whole: from the loss and from all steps after it.
#[derive(Clone, Debug, PartialEq)]
pub struct StepAdjoints {
    /// Of h_t, (H).
    pub h: DVector<f64>,
    /// Of C_t, (H): what came from step t + 1, and what came through h_t.
    pub c: DVector<f64>,
    /// Of o_t, (H).
    pub o: DVector<f64>,
    /// Of f_t, (H).
    pub f: DVector<f64>,
    /// Of i_t, (H).
    pub i: DVector<f64>,
    /// Of C̃_t, (H).
    pub candidate: DVector<f64>,
    /// What this step adds to the gradient of the weights. Its biases are the z̄_t.
    pub share: LstmCell,
    /// Of x_t, (D).
    pub x: DVector<f64>,
}

/// The walk of [`backward`], with everything written down. Entry 0 belongs to t = 1.
///
/// # Panics
/// As [`backward`].
pub fn trace(
    cell: &LstmCell,
    steps: &[Step],
    h_bars: &[DVector<f64>],
    c_bar: &DVector<f64>,
) -> Vec<StepAdjoints> {
    assert_eq!(steps.len(), h_bars.len(), "one h̄ for each step");
    let mut bar = State { h: DVector::zeros(cell.hidden()), c: c_bar.clone() };
    let mut all = Vec::with_capacity(steps.len());
    for (step, h_bar) in steps.iter().zip(h_bars).rev() {
        bar.h += h_bar;
        let (o, c_from_h) = emit_backward(&step.o, &step.state.c, &bar.h);
        let c = &bar.c + c_from_h;
        let gates = update_backward(&step.f, &step.c_prev, &step.i, &step.candidate, &c);
        let (share, previous_bar, x) = cell.backward(step, &bar);
        let (f, i, candidate) = (gates.f, gates.i, gates.candidate);
        all.push(StepAdjoints { h: bar.h, c, o, f, i, candidate, share, x });
        bar = previous_bar;
    }
    all.reverse();
    all
}

// ANCHOR: crossings
/// The adjoint of C at the first of `steps`, split by the way it took: part k crossed k of the
/// borders between two steps through h, and the others through C. The loss reads the last h, and
/// `h_bar` is its adjoint, (H).
///
/// # Panics
/// If there are no steps, or lengths do not fit the weights.
pub fn crossings(cell: &LstmCell, steps: &[Step], h_bar: &DVector<f64>) -> Vec<DVector<f64>> {
    // parts[k]: what arrives at h and at C of a step after k crossings through h.
    let mut parts = vec![State { h: h_bar.clone(), c: DVector::zeros(cell.hidden()) }];
    for step in steps[1..].iter().rev() {
        let mut before = vec![State::zeros(cell.hidden()); parts.len() + 1];
        for (k, part) in parts.iter().enumerate() {
            let (_, previous, _) = cell.backward(step, part);
            before[k].c += previous.c;
            before[k + 1].h += previous.h;
        }
        parts = before;
    }
    let first = &steps[0];
    let to_c = |part: &State| &part.c + emit_backward(&first.o, &first.state.c, &part.h).1;
    parts.iter().map(to_c).collect()
}
// ANCHOR_END: crossings
