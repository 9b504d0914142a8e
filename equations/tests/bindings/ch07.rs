//! The equations of chapter 7.

use cell_state::{level, update, update_backward};
use equations::Env;
use gradient_check::sigmoid;
use nalgebra::{DMatrix, DVector};

use crate::draw::{Binding, Draw, m};

/// Which code each label stands for.
pub(crate) const BINDINGS: &[Binding] = &[
    ("cell-update", one_step),
    ("cell-backward", one_step),
    ("carry", one_step),
    ("direct-jacobian", one_step),
    ("two-steps", steps),
    ("highway", steps),
    ("level", settled),
    ("carousel", carousel),
];

/// ∂C_t/∂C_{t−1} with f_t, i_t and C̃_t held fixed: how far each unit vector moves the update. It is
/// linear in C_{t−1}, so that no step is too large.
fn direct_jacobian(f: &DVector<f64>, i: &DVector<f64>, candidate: &DVector<f64>) -> DMatrix<f64> {
    let hidden = f.len();
    let from = |c_prev: DVector<f64>| update(f, &c_prev, i, candidate);
    let columns: Vec<_> = (DMatrix::identity(hidden, hidden).column_iter())
        .map(|unit| from(unit.into_owned()) - from(DVector::zeros(hidden)))
        .collect();
    DMatrix::from_columns(&columns)
}

/// One update at t = 1, forward and backward.
fn one_step(draw: &mut Draw) -> Env {
    let [f, c_prev, i, candidate, c_bar] = std::array::from_fn(|_| draw.vector(draw.hidden));
    let c = update(&f, &c_prev, &i, &candidate);
    let bar = update_backward(&f, &c_prev, &i, &candidate, &c_bar);
    let mut env = Env::new();
    env.index("t", 1)
        .at("f", 1, m(&f))
        .at("i", 1, m(&i))
        .at("tilde(C)", 1, m(&candidate))
        .at("C", 0, m(&c_prev))
        .at("C", 1, m(&c))
        .at("bar(C)", 1, m(&c_bar))
        .at("hat(C)", 0, m(&bar.c_prev))
        .at("bar(f)", 1, m(&bar.f))
        .at("bar(i)", 1, m(&bar.i))
        .at("bar(tilde(C))", 1, m(&bar.candidate))
        .set("dC_1/dC_0", direct_jacobian(&f, &i, &candidate));
    env
}

/// Three updates, then what the loss says of C_3 back to C_0 along the line.
fn steps(draw: &mut Draw) -> Env {
    let mut c = draw.vector(draw.hidden);
    let mut env = Env::new();
    env.at("C", 0, m(&c));
    let mut jacobian = DMatrix::identity(draw.hidden, draw.hidden);
    let mut done: Vec<[DVector<f64>; 4]> = Vec::new();
    for t in 1..=3 {
        let [f, i, candidate] = std::array::from_fn(|_| draw.vector(draw.hidden));
        jacobian = direct_jacobian(&f, &i, &candidate) * jacobian;
        let next = update(&f, &c, &i, &candidate);
        env.at("f", t, m(&f)).at("i", t, m(&i)).at("tilde(C)", t, m(&candidate));
        env.at("C", t, m(&next));
        done.push([f, c, i, candidate]);
        c = next;
    }
    let mut c_check = draw.vector(draw.hidden);
    env.at("bar(C)", 3, m(&c_check)).at("check(C)", 3, m(&c_check)).set("dC_3/dC_0", jacobian);
    for (t, [f, c_prev, i, candidate]) in [2, 1, 0].into_iter().zip(done.iter().rev()) {
        c_check = update_backward(f, c_prev, i, candidate, &c_check).c_prev;
        env.at("check(C)", t, m(&c_check));
    }
    env
}

/// Where the state settles, by chapter 7's `level`: one more update leaves it as it is.
fn settled(draw: &mut Draw) -> Env {
    let f = draw.vector(draw.hidden).map(sigmoid);
    let (i, candidate) = (draw.vector(draw.hidden), draw.vector(draw.hidden));
    let mut env = Env::new();
    env.set("C", m(&level(&f, &i, &candidate)))
        .set("f", m(&f))
        .set("i", m(&i))
        .set("tilde(C)", m(&candidate));
    env
}

/// The update of 1997 is today's with a forget gate of 1.
fn carousel(draw: &mut Draw) -> Env {
    let [c_prev, i, candidate] = std::array::from_fn(|_| draw.vector(draw.hidden));
    let c = update(&DVector::from_element(draw.hidden, 1.0), &c_prev, &i, &candidate);
    let mut env = Env::new();
    env.index("t", 1).at("i", 1, m(&i)).at("tilde(C)", 1, m(&candidate)).at("C", 0, m(&c_prev)).at(
        "C",
        1,
        m(&c),
    );
    env
}
