//! Equations of the kinds that the book has, each with values from code that shares nothing with them.

use equations::Env;
use nalgebra::DMatrix;

use crate::support::{Values, sigma, stack};

pub(crate) const FORGET_GATE: &str = r"f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f)";

/// Hidden size 3, input size 2, at t = 4.
pub(crate) fn forget_gate(values: &mut Values) -> Env {
    let (w, b) = (values.matrix(3, 5), values.matrix(3, 1));
    let (h, x) = (values.matrix(3, 1), values.matrix(2, 1));
    let f = (&w * stack(&h, &x) + &b).map(sigma);
    let mut env = Env::new();
    env.set("W_f", w).set("b_f", b);
    env.index("t", 4).at("h", 3, h).at("x", 4, x).at("f", 4, f);
    env
}

pub(crate) const LSTM: &str = r"\begin{aligned}
    f_t &= \sigma(W_f \cdot [h_{t-1}, x_t] + b_f) \\
    i_t &= \sigma(W_i \cdot [h_{t-1}, x_t] + b_i) \\
    \tilde{C}_t &= \tanh(W_C \cdot [h_{t-1}, x_t] + b_C) \\
    C_t &= f_t \odot C_{t-1} + i_t \odot \tilde{C}_t \\
    o_t &= \sigma(W_o \cdot [h_{t-1}, x_t] + b_o) \\
    h_t &= o_t \odot \tanh C_t
\end{aligned}";

/// One step of a cell, written out with nalgebra.
pub(crate) fn lstm(values: &mut Values) -> Env {
    let (h, x, c) = (values.matrix(3, 1), values.matrix(2, 1), values.matrix(3, 1));
    let stacked = stack(&h, &x);
    let mut env = Env::new();
    let mut gate = |name: &str| {
        let (w, b) = (values.matrix(3, 5), values.matrix(3, 1));
        let z = &w * &stacked + &b;
        env.set(&format!("W_{name}"), w).set(&format!("b_{name}"), b);
        z
    };
    let (f, i) = (gate("f").map(sigma), gate("i").map(sigma));
    let candidate = gate("C").map(f64::tanh);
    let o = gate("o").map(sigma);
    let new_c = f.component_mul(&c) + i.component_mul(&candidate);
    let new_h = o.component_mul(&new_c.map(f64::tanh));
    env.set("h_{t-1}", h).set("x_t", x).set("C_{t-1}", c);
    env.set("f_t", f).set("i_t", i).set("tilde(C)_t", candidate);
    env.set("o_t", o).set("C_t", new_c).set("h_t", new_h);
    env
}

pub(crate) const BACKWARD: &str = r"\begin{aligned}
    \bar{z}^f_t &= \bar{f}_t \odot f_t \odot (1 - f_t) \\
    \bar{b}_f &= \bar{z}^f_t \\
    \bar{W}_f &= \bar{z}^f_t \cdot [h_{t-1}, x_t]^\top \\
    [\bar{h}_{t-1}, \bar{x}_t] &= W_f^\top \cdot \bar{z}^f_t
\end{aligned}";

pub(crate) fn backward(values: &mut Values) -> Env {
    let mut env = Env::new();
    let (f, f_bar) = (values.matrix(3, 1), values.matrix(3, 1));
    let (h, x, w) = (values.matrix(3, 1), values.matrix(2, 1), values.matrix(3, 5));
    let z_bar = f_bar.component_mul(&f).component_mul(&f.map(|f| 1.0 - f));
    let both = w.transpose() * &z_bar;
    env.index("t", 7).at("f", 7, f).at("bar(f)", 7, f_bar);
    env.set("bar(b_f)", z_bar.clone());
    env.set("bar(W_f)", &z_bar * stack(&h, &x).transpose());
    env.at("h", 6, h).at("x", 7, x).set("W_f", w);
    env.at("bar(h)", 6, both.rows(0, 3).into_owned());
    env.at("bar(x)", 7, both.rows(3, 2).into_owned());
    env.at("bar(z^f)", 7, z_bar);
    env
}

pub(crate) const OVER_TIME: &str =
    r"\bar{W}_f = \sum_{t=1}^{T} \bar{z}^f_t \cdot [h_{t-1}, x_t]^\top";

pub(crate) fn over_time(values: &mut Values) -> Env {
    let mut env = Env::new();
    let mut total = DMatrix::zeros(3, 5);
    let mut h = values.matrix(3, 1);
    for t in 1..=4 {
        let (z_bar, x) = (values.matrix(3, 1), values.matrix(2, 1));
        total += &z_bar * stack(&h, &x).transpose();
        env.at("h", t - 1, h).at("x", t, x).at("bar(z^f)", t, z_bar);
        h = values.matrix(3, 1);
    }
    env.index("T", 4).set("bar(W_f)", total);
    env
}

pub(crate) const ADAM: &str = r"\begin{aligned}
    m_t &= \beta_1 \cdot m_{t-1} + (1 - \beta_1) \cdot g_t \\
    v_t &= \beta_2 \cdot v_{t-1} + (1 - \beta_2) \cdot (g_t \odot g_t) \\
    \hat{m}_t &= \frac{m_t}{1 - \beta_1^t} \\
    \theta_t &= \theta_{t-1} - \eta \cdot \frac{\hat{m}_t}{\sqrt{\frac{v_t}{1 - \beta_2^t}} + \epsilon}
\end{aligned}";

/// The third step, from random moments. Shares with the equations only the paper's algorithm.
pub(crate) fn adam(values: &mut Values) -> Env {
    let (beta_1, beta_2, eta, epsilon) = (0.9_f64, 0.8_f64, 0.1, 0.01);
    let (g, m0, theta0) = (values.matrix(3, 2), values.matrix(3, 2), values.matrix(3, 2));
    let v0 = values.matrix(3, 2).map(f64::abs);
    let m = &m0 * beta_1 + &g * (1.0 - beta_1);
    let v = &v0 * beta_2 + g.component_mul(&g) * (1.0 - beta_2);
    let m_hat = &m / (1.0 - beta_1.powi(3));
    let root = v.map(|v| (v / (1.0 - beta_2.powi(3))).sqrt() + epsilon);
    let theta = &theta0 - m_hat.component_div(&root) * eta;
    let mut env = Env::new();
    env.scalar("beta_1", beta_1).scalar("beta_2", beta_2);
    env.scalar("eta", eta).scalar("epsilon", epsilon);
    env.index("t", 3).at("g", 3, g).at("m", 2, m0).at("m", 3, m);
    env.at("v", 2, v0).at("v", 3, v).at("hat(m)", 3, m_hat);
    env.at("theta", 2, theta0).at("theta", 3, theta);
    env
}

pub(crate) const THROUGH_TIME: &str = r"\begin{aligned}
    \bar{C}_t &= \bar{C}_{t+1} \odot f_{t+1} + \bar{h}_t \odot o_t \odot \tanh'(C_t) \\
    \bar{o}_t &= \bar{h}_t \odot \tanh C_t \\
    \bar{f}_t &= \bar{C}_t \odot C_{t-1}
\end{aligned}";

pub(crate) fn through_time(values: &mut Values) -> Env {
    let mut next = || values.matrix(4, 1);
    let (c_bar_next, f_next, h_bar, o, c, c_before) =
        (next(), next(), next(), next(), next(), next());
    let slope = c.map(|c| 1.0 / c.cosh().powi(2));
    let c_bar = c_bar_next.component_mul(&f_next) + h_bar.component_mul(&o).component_mul(&slope);
    let mut env = Env::new();
    env.set("bar(o)_t", h_bar.component_mul(&c.map(f64::tanh)));
    env.set("bar(f)_t", c_bar.component_mul(&c_before));
    env.set("bar(C)_t", c_bar).set("bar(C)_{t+1}", c_bar_next).set("f_{t+1}", f_next);
    env.set("bar(h)_t", h_bar).set("o_t", o).set("C_t", c).set("C_{t-1}", c_before);
    env
}
