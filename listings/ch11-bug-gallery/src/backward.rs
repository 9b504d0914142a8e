//! The backward pass of chapters 8 and 10, written out so that each line can be got wrong.

use bptt::{accumulate, zeros_like};
use cell_state::update_backward;
use forget_gate::Gate;
use gradient_check::{Affine, sigmoid, sigmoid_slope, tanh_slope};
use nalgebra::DVector;
use output_gate::{Candidate, LstmCell, State, Step, emit_backward};

use crate::Bug;
use crate::network::{Network, Problem, forward, one_hot, probabilities, read, read_backward};

/// What a program with this bug believes to be the gradient of [`crate::loss`].
pub fn gradient(network: &Network, problem: &Problem, bug: Option<Bug>) -> Network {
    let cell = read(&network.cell, bug);
    let steps = forward(network, problem, bug);
    let (output, h_bars) = loss_backward(&network.output, &steps, problem, bug);
    let cell_gradient = sequence_backward(&cell, &steps, &h_bars, bug);
    Network { cell: read_backward(cell_gradient, bug), output }
}

/// The gradient of the output layer, and h̄_t as the loss itself sees it, for every t.
fn loss_backward(
    output: &Affine,
    steps: &[Step],
    problem: &Problem,
    bug: Option<Bug>,
) -> (Affine, Vec<DVector<f64>>) {
    let mut gradient = zeros_like(output);
    let mut h_bars = Vec::with_capacity(steps.len());
    for (t, (step, answer)) in steps.iter().zip(&problem.answers).enumerate() {
        let h = &step.state.h;
        // ANCHOR: loss_slips
        let last = t + 1 == steps.len();
        let heard = bug != Some(Bug::LastLossOnly) || last;
        let Some(answer) = answer.filter(|_| heard) else {
            h_bars.push(DVector::zeros(h.len()));
            continue;
        };
        let mut y_bar = probabilities(output, h) - one_hot(answer);
        y_bar /= problem.asked() as f64; // the loss is a mean
        if bug == Some(Bug::AveragedTwice) {
            y_bar /= problem.asked() as f64;
        }
        // ANCHOR_END: loss_slips
        let (part, h_bar) = output.backward(h, &y_bar);
        accumulate(&mut gradient, &part);
        h_bars.push(h_bar);
    }
    (gradient, h_bars)
}

/// Chapter 10's loop from t = T to 1.
fn sequence_backward(
    cell: &LstmCell,
    steps: &[Step],
    h_bars: &[DVector<f64>],
    bug: Option<Bug>,
) -> LstmCell {
    let mut gradient = zeros_like(cell);
    let mut bar = State::zeros(cell.hidden());
    for (step, h_bar) in steps.iter().zip(h_bars).rev() {
        bar.h += h_bar;
        let (part, previous) = step_backward(cell, step, &bar, bug);
        accumulate(&mut gradient, &part);
        // ANCHOR: handed_over
        bar = previous;
        match bug {
            Some(Bug::CarryDropped) => bar.c.fill(0.0),
            Some(Bug::HiddenDropped) => bar.h.fill(0.0),
            _ => {}
        }
        // ANCHOR_END: handed_over
    }
    gradient
}

/// Chapter 8's step: the gradient of the weights, and the adjoints of h_{t−1} and C_{t−1}.
pub fn step_backward(
    cell: &LstmCell,
    step: &Step,
    bar: &State,
    bug: Option<Bug>,
) -> (LstmCell, State) {
    let Step { hx, c_prev, f, i, candidate, o, state } = step;
    let (o_bar, c_bar_from_h) = emit_backward(o, &state.c, &bar.h);
    let c_bar = &bar.c + c_bar_from_h;
    // ANCHOR: step_slips
    let c_read = if bug == Some(Bug::CellOffByOne) { &state.c } else { c_prev };
    let adjoints = update_backward(f, c_read, i, candidate, &c_bar);

    let z_f = adjoints.f.component_mul(&forget_slope(f, bug));
    let z_i = adjoints.i.component_mul(&i.map(sigmoid_slope));
    let z_c = adjoints.candidate.component_mul(&candidate_slope(candidate, bug));
    let z_o = o_bar.component_mul(&o.map(sigmoid_slope));
    // ANCHOR_END: step_slips

    let (forget, h_f) = affine_backward(&cell.forget.affine, hx, &z_f, bug);
    let (input, h_i) = affine_backward(&cell.input.affine, hx, &z_i, bug);
    let (candidate, h_c) = affine_backward(&cell.candidate.affine, hx, &z_c, bug);
    let (output, h_o) = affine_backward(&cell.output.affine, hx, &z_o, bug);
    let gradient = LstmCell {
        forget: Gate { affine: forget },
        input: Gate { affine: input },
        candidate: Candidate { affine: candidate },
        output: Gate { affine: output },
    };
    (gradient, State { h: h_f + h_i + h_c + h_o, c: adjoints.c_prev })
}

// ANCHOR: forget_slope
/// σ′ at the forget gate's pre-activation, from the gate's output, (H).
fn forget_slope(f: &DVector<f64>, bug: Option<Bug>) -> DVector<f64> {
    match bug {
        Some(Bug::SigmoidForSlope) => f.map(sigmoid),
        _ => f.map(sigmoid_slope),
    }
}
// ANCHOR_END: forget_slope

// ANCHOR: candidate_slope
/// tanh′ at the candidate's pre-activation, from the candidate, (H).
fn candidate_slope(candidate: &DVector<f64>, bug: Option<Bug>) -> DVector<f64> {
    match bug {
        Some(Bug::SlopeOfOutput) => candidate.map(|c| tanh_slope(c.tanh())),
        _ => candidate.map(tanh_slope),
    }
}
// ANCHOR_END: candidate_slope

/// The gradients of W and b, and the adjoint of h_{t−1}. That of x_t is not needed: it is data.
fn affine_backward(
    affine: &Affine,
    hx: &DVector<f64>,
    z_bar: &DVector<f64>,
    bug: Option<Bug>,
) -> (Affine, DVector<f64>) {
    let (gradient, hx_bar) = affine.backward(hx, z_bar);
    let hidden = affine.b.len();
    // ANCHOR: transpose
    let h_bar = match bug {
        Some(Bug::TransposeMissing) => affine.w.columns(0, hidden) * z_bar,
        _ => hx_bar.rows(0, hidden).into_owned(),
    };
    // ANCHOR_END: transpose
    (gradient, h_bar)
}
