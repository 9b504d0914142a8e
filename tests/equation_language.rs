//! The language of executed equations: LaTeX in, through the typesetter that makes the page, values
//! out.

use approx::assert_relative_eq;
use nalgebra::DMatrix;
use press::equation::{Change, Env, Equation, symbols};
use press::math::{Display, MathError, mark, typeset};
use proptest::prelude::*;

/// Rounding in a few dozen operations on values of size 1.
const TOLERANCE: f64 = 1e-12;

/// `dmatrix![1.0, 2.0; 3.0, 4.0]` has two rows.
macro_rules! dmatrix {
    ($($($entry:expr),+);+) => {{
        let rows = [$(vec![$($entry),+]),+];
        DMatrix::from_row_slice(rows.len(), rows[0].len(), &rows.concat())
    }};
}

fn page(latex: &str) -> String {
    typeset(latex, Display::Block).unwrap_or_else(|error| panic!("{latex}: {error}"))
}

fn read(latex: &str) -> Equation {
    Equation::parse(&page(latex)).unwrap_or_else(|refusal| panic!("{latex}: {refusal}"))
}

fn refusal(latex: &str) -> String {
    match Equation::parse(&page(latex)) {
        Ok(equation) => panic!("{latex} was read as {equation}"),
        Err(refusal) => refusal.to_string(),
    }
}

fn names(latex: &str) -> Vec<String> {
    let mathml = typeset(latex, Display::Inline).unwrap_or_else(|error| panic!("{latex}: {error}"));
    let found = symbols(&mathml).unwrap_or_else(|refusal| panic!("{latex}: {refusal}"));
    found.iter().map(ToString::to_string).collect()
}

/// The right side's value where `a`, `b`, `c` are 2, 3, 5, and `u`, `v`, `w` are columns, `M` square.
fn value(latex: &str) -> DMatrix<f64> {
    let equation = read(&format!("y = {latex}"));
    let mut env = columns();
    env.set("y", dmatrix![0.0]);
    let mut rows = equation.evaluate(&env).unwrap_or_else(|error| panic!("{latex}: {error}"));
    rows.swap_remove(0).swap_remove(1)
}

fn failure(latex: &str) -> String {
    let mut env = columns();
    match read(latex).residual(env.set("y", dmatrix![0.0])) {
        Ok(residual) => panic!("{latex} has residual {residual}"),
        Err(error) => error.to_string(),
    }
}

fn columns() -> Env {
    let mut env = Env::new();
    env.set("a", dmatrix![2.0]).set("b", dmatrix![3.0]).set("c", dmatrix![5.0]);
    env.set("u", dmatrix![1.0; 2.0]);
    env.set("v", dmatrix![3.0; -4.0]);
    env.set("w", dmatrix![0.5; 0.25]);
    env.set("M", dmatrix![1.0, 2.0; 3.0, 4.0]);
    env
}

/// Numbers between -1 and 1 with no relation among them, from a linear congruential generator.
struct Values(u64);

impl Values {
    fn number(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }

    fn matrix(&mut self, rows: usize, columns: usize) -> DMatrix<f64> {
        DMatrix::from_fn(rows, columns, |_, _| self.number())
    }
}

fn sigma(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn stack(above: &DMatrix<f64>, below: &DMatrix<f64>) -> DMatrix<f64> {
    let mut stacked = above.clone().resize_vertically(above.nrows() + below.nrows(), 0.0);
    stacked.rows_mut(above.nrows(), below.nrows()).copy_from(below);
    stacked
}

const FORGET_GATE: &str = r"f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f)";

/// Hidden size 3, input size 2, at t = 4.
fn forget_gate(values: &mut Values) -> Env {
    let (w, b) = (values.matrix(3, 5), values.matrix(3, 1));
    let (h, x) = (values.matrix(3, 1), values.matrix(2, 1));
    let f = (&w * stack(&h, &x) + &b).map(sigma);
    let mut env = Env::new();
    env.set("W_f", w).set("b_f", b);
    env.index("t", 4).at("h", 3, h).at("x", 4, x).at("f", 4, f);
    env
}

#[test]
fn the_forget_gate_runs() {
    let env = forget_gate(&mut Values(1));
    let residual = read(FORGET_GATE).residual(&env).unwrap();
    assert!(residual < TOLERANCE, "{residual}");
}

#[test]
fn a_wrong_value_is_noticed() {
    let mut env = forget_gate(&mut Values(1));
    env.at("f", 4, dmatrix![0.5; 0.5; 0.5]);
    assert!(read(FORGET_GATE).residual(&env).unwrap() > 1e-3);
}

const LSTM: &str = r"\begin{aligned}
    f_t &= \sigma(W_f \cdot [h_{t-1}, x_t] + b_f) \\
    i_t &= \sigma(W_i \cdot [h_{t-1}, x_t] + b_i) \\
    \tilde{C}_t &= \tanh(W_C \cdot [h_{t-1}, x_t] + b_C) \\
    C_t &= f_t \odot C_{t-1} + i_t \odot \tilde{C}_t \\
    o_t &= \sigma(W_o \cdot [h_{t-1}, x_t] + b_o) \\
    h_t &= o_t \odot \tanh C_t
\end{aligned}";

/// One step of a cell, written out with nalgebra.
fn lstm(values: &mut Values) -> Env {
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

#[test]
fn every_equation_of_the_cell_runs() {
    let residual = read(LSTM).residual(&lstm(&mut Values(2))).unwrap();
    assert!(residual < TOLERANCE, "{residual}");
}

const BACKWARD: &str = r"\begin{aligned}
    \bar{z}^f_t &= \bar{f}_t \odot f_t \odot (1 - f_t) \\
    \bar{b}_f &= \bar{z}^f_t \\
    \bar{W}_f &= \bar{z}^f_t \cdot [h_{t-1}, x_t]^\top \\
    [\bar{h}_{t-1}, \bar{x}_t] &= W_f^\top \cdot \bar{z}^f_t
\end{aligned}";

fn backward(values: &mut Values) -> Env {
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

#[test]
fn adjoint_equations_run() {
    let residual = read(BACKWARD).residual(&backward(&mut Values(3))).unwrap();
    assert!(residual < TOLERANCE, "{residual}");
}

const OVER_TIME: &str = r"\bar{W}_f = \sum_{t=1}^{T} \bar{z}^f_t \cdot [h_{t-1}, x_t]^\top";

fn over_time(values: &mut Values) -> Env {
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

#[test]
fn sums_run_over_time() {
    let residual = read(OVER_TIME).residual(&over_time(&mut Values(4))).unwrap();
    assert!(residual < TOLERANCE, "{residual}");
    assert_eq!(value(r"\sum_{k=1}^{3} \sum_{j=k}^{3} k \cdot j")[0], 25.0);
    assert_eq!(value(r"\frac{1}{4} \cdot \sum_{k=1}^{4} k")[0], 2.5);
    assert_eq!(value(r"a + \sum_{k=2}^{1} k")[0], 2.0, "an empty sum is 0");
    assert_eq!(value(r"(\sum_{k=1}^{2} a) + b")[0], 7.0);
    assert_eq!(value(r"\sum_{k=1}^{2} (a + b)")[0], 10.0);
}

#[test]
fn identities_of_the_activations_hold() {
    let mut env = Env::new();
    env.set("z", dmatrix![-3.0; 0.1; 8.0]);
    for latex in [
        r"\sigma'(z) = \sigma(z) \odot (1 - \sigma(z))",
        r"\sigma(z) = \frac{1}{1 + \exp(-z)}",
        r"\tanh'(z) = 1 - \tanh(z) \odot \tanh(z)",
        r"\tanh(z) = \frac{\exp(z) - \exp(-z)}{\exp(z) + \exp(-z)} = 2 \cdot \sigma(2 \cdot z) - 1",
        r"\ln(\sigma(z)) = -\ln(1 + \exp(-z))",
        r"\operatorname{diag}(z) \cdot z = z \odot z",
        r"\lvert z \rvert = \max(z, -z)",
        r"z^\top \cdot z = \lVert z \rVert^2",
    ] {
        let residual = read(latex).residual(&env).unwrap();
        assert!(residual < TOLERANCE, "{latex}: {residual}");
    }
}

#[test]
fn products_bind_tighter_than_sums() {
    assert_eq!(value(r"a + b \cdot c")[0], 17.0);
    assert_eq!(value(r"(a + b) \cdot c")[0], 25.0);
    assert_eq!(value(r"a \cdot b - c \cdot a")[0], -4.0);
    assert_eq!(value(r"a - b - c")[0], -6.0);
    assert_eq!(value(r"-a + b")[0], 1.0);
    assert_eq!(value(r"-a \cdot b")[0], -6.0);
    assert_eq!(value(r"-a^2")[0], -4.0);
    assert_eq!(value(r"a - (-b)")[0], 5.0);
    assert_eq!(value(r"b / a")[0], 1.5);
    assert_eq!(value(r"c^{-1} + 10^{-1} + c^3")[0], 125.3);
    assert_eq!(value(r"u + v \odot w"), dmatrix![2.5; 1.0]);
    assert_eq!(value(r"u - M \cdot v \cdot a"), dmatrix![11.0; 16.0]);
    assert_eq!(value(r"M \cdot (v \odot u)"), dmatrix![-13.0; -23.0]);
    assert_eq!(value(r"(M \cdot v) \odot u"), dmatrix![-5.0; -14.0]);
}

#[test]
fn a_group_that_cannot_be_seen_has_no_meaning() {
    assert_eq!(value(r"{a + b} \cdot c")[0], 17.0, "the page shows a + b · c");
    assert_eq!(value(r"{a + b}^2")[0], 11.0, "the page shows a + b²");
}

#[test]
fn brackets_nest_and_stretch() {
    assert_eq!(
        value(r"\left( a + \bigl( b - (c + 1) \bigr) \right) \cdot \Bigl( 2 \Bigr)")[0],
        -2.0
    );
    assert_eq!(value(r"\left[ u, [v, a] \right]"), dmatrix![1.0; 2.0; 3.0; -4.0; 2.0]);
    assert_eq!(value(r"[a, b]^\top \cdot u")[0], 8.0);
    assert_eq!(value(r"\left( \frac{a}{b} \right)^{2}")[0], (2.0_f64 / 3.0).powi(2));
    assert_eq!(value(r"\left| a - |b - c| - c \right|")[0], 5.0);
    assert_eq!(value(r"\| v \| \cdot \lVert v \rVert")[0], 25.0);
    assert_eq!(value(r"a \; \cdot \, b \quad + c")[0], 11.0);
}

#[test]
fn a_function_without_brackets_takes_one_atom() {
    assert_relative_eq!(value(r"\tanh a + b")[0], 2.0_f64.tanh() + 3.0);
    assert_relative_eq!(value(r"b \cdot \tanh a")[0], 3.0 * 2.0_f64.tanh());
    assert_relative_eq!(value(r"\ln a^2")[0], 4.0_f64.ln());
    assert_relative_eq!(value(r"\exp \frac{a}{c} - 1")[0], 0.4_f64.exp() - 1.0);
    assert_relative_eq!(value(r"\sigma [u, v]"), value(r"[\sigma(u), \sigma(v)]"));
}

#[test]
fn numbers_fit_any_shape_and_scalars_scale() {
    assert_eq!(value(r"1 - u"), dmatrix![0.0; -1.0]);
    assert_eq!(value(r"2 \cdot u - v \cdot a"), dmatrix![-4.0; 12.0]);
    assert_eq!(value(r"\frac{v}{a}"), dmatrix![1.5; -2.0]);
    assert_eq!(value(r"\frac{v}{u}"), dmatrix![3.0; -2.0]);
    assert_eq!(value(r"\frac{1}{v}"), dmatrix![1.0 / 3.0; -0.25]);
    assert_eq!(value(r"\max(0, v)"), dmatrix![3.0; 0.0]);
}

#[test]
fn a_bound_number_is_like_a_written_one() {
    let mut env = columns();
    env.scalar("n", 2.0).set("y", dmatrix![3.0; 4.0]);
    assert!(read("y = u + n").residual(&env).unwrap() < TOLERANCE);
    assert!(read("y = u + a").residual(&env).is_err(), "a is a 1×1 matrix");
    assert!(read("0 = u - u").residual(&env).unwrap() < TOLERANCE);
    assert!(read(r"y = n \odot u").residual(&env).is_err());
}

#[test]
fn cases_choose_by_index() {
    let equation = read(
        r"g_t = \begin{cases} x_0 & t = 0 \\ 2 \cdot g_{t-1} & \text{if } t < 3 \\ 0 & \text{otherwise} \end{cases}",
    );
    let mut env = Env::new();
    env.scalar("x_0", 3.0);
    for (t, g) in [(0, 3.0), (1, 6.0), (2, 12.0), (3, 0.0)] {
        env.index("t", t).at("g", t, dmatrix![g]);
        assert!(equation.residual(&env).unwrap() < TOLERANCE, "t = {t}");
    }
}

#[test]
fn a_derivative_is_one_quantity() {
    let equation = read(
        r"\frac{\partial C_t}{\partial C_{t-2}} = \frac{\partial C_t}{\partial C_{t-1}} \cdot \frac{\partial C_{t-1}}{\partial C_{t-2}}",
    );
    let spelled: Vec<String> = equation.symbols().iter().map(ToString::to_string).collect();
    assert_eq!(spelled, ["dC_t/dC_{t-2}", "dC_t/dC_{t-1}", "dC_{t-1}/dC_{t-2}"]);
    let mut values = Values(5);
    let (later, earlier) = (values.matrix(3, 3), values.matrix(3, 3));
    let mut env = Env::new();
    env.index("t", 9).set("dC_t/dC_{t-2}", &later * &earlier);
    env.set("dC_9/dC_8", later).set("dC_8/dC_7", earlier);
    assert!(equation.residual(&env).unwrap() < TOLERANCE);
}

#[test]
fn rows_may_go_on_with_the_row_above() {
    let equation =
        read(r"\begin{aligned} y &= a + b \\ &= c \\ &= 1 \\ &\quad + 4 \\ u &= v \end{aligned}");
    assert_eq!(
        equation.to_string(),
        r"\begin{aligned} y = a + b = c = 1 + 4 \\ u = v \end{aligned}"
    );
}

#[test]
fn symbols_have_one_spelling() {
    for (latex, spelling) in [
        (r"W_f", "W_f"),
        (r"\tilde{C}_t", "tilde(C)_t"),
        (r"\bar{z}^f_t", "bar(z^f)_t"),
        (r"\bar{z}_t^f", "bar(z^f)_t"),
        (r"\bar{z^f_t}", "bar(z^f)_t"),
        (r"{\bar{z}^f}_t", "bar(z^f)_t"),
        (r"\bar{W}_f", "bar(W_f)"),
        (r"\overline{W_f}", "bar(W_f)"),
        (r"\bar{\tilde{C}}_t", "bar(tilde(C))_t"),
        (r"W_{f,t}", "W_{f,t}"),
        (r"W_{t,f}", "W_{f,t}"),
        (r"W_{\text{out}}", "W_{out}"),
        (r"W^{(1)}", "W^{(1)}"),
        (r"\eta", "eta"),
        (r"f'_t", "f'_t"),
        (r"h_{-1+t}", "h_{t-1}"),
        (r"h_{t+1-2}", "h_{t-1}"),
        (r"h_{T-k}", "h_{T-k}"),
        (r"C_0", "C_0"),
    ] {
        assert_eq!(names(latex), [spelling], "{latex}");
        let read_back: press::equation::Symbol = spelling.parse().unwrap();
        assert_eq!(read_back.to_string(), spelling);
    }
    let symbol: press::equation::Symbol = "bar(z^f)_{t-1}".parse().unwrap();
    assert_eq!(symbol.name(), "bar(z^f)");
    assert_eq!(symbol.index().unwrap().to_string(), "t-1");
    for nonsense in ["", "bar(C", "W_", "h_t)", "a b", "h_{t,k}", "W_f_g"] {
        assert!(nonsense.parse::<press::equation::Symbol>().is_err(), "{nonsense}");
    }
}

#[test]
fn symbols_are_found_in_any_formula() {
    for (latex, expected) in [
        (r"t = 1, \ldots, T", vec!["t", "T"]),
        (r"H \times D", vec!["H", "D"]),
        (r"|C_t| \le 1", vec!["C_t"]),
        (r"10^{-7}", vec![]),
        (r"\partial L / \partial v", vec!["partial", "L", "v"]),
        (r"\frac{\partial L}{\partial v}", vec!["partial", "L", "v"]),
        (r"x \in \mathbb{R}^{H \times D}", vec!["x", "ℝ", "H", "D"]),
        (r"\mathbb{R}^{H}", vec!["ℝ", "H"]),
        (r"\tanh x + \sigma(x) + \sigma'(x)", vec!["tanh", "x", "sigma"]),
        (r"\operatorname{softmax}(y) + \ln p", vec!["softmax", "y", "ln", "p"]),
        (r"\text{loss} = \mathrm{loss} + L", vec!["L"]),
        (r"\sum_{t=1}^{T} h_{t-1} + h_{t-1}", vec!["t", "T", "h_{t-1}"]),
        (r"\sqrt{x} \underbrace{a + b}_{c}", vec!["x", "a", "b", "c"]),
        (r"W^T + \|v\|_2", vec!["W", "T", "v"]),
        (r"W_f x_t f(z)", vec!["W_f", "x_t", "f", "z"]),
        (r"\beta_1^t", vec!["beta_1"]),
        (r"[0, 1) \to \infty", vec![]),
    ] {
        assert_eq!(names(latex), expected, "{latex}");
    }
}

#[test]
fn what_two_readers_could_read_in_two_ways_is_refused() {
    for (latex, found, advice) in [
        (r"y = a \cdot b \odot c", r"`\odot`", r"`(a \cdot b) \odot c`"),
        (r"y = a \odot b \cdot c", r"`\cdot`", r"no order between them"),
        (r"y = a \odot \sum_{k=1}^2 b \cdot c", r"`\cdot`", r"no order between them"),
        (r"y = W x", "at `x` in `W x`", r"write `a \cdot b`"),
        (r"y = 2 x", "at `x`", r"side by side is no product"),
        (r"y = f_t C_t", "at `C_t` in `f_t C_t`", r"side by side is no product"),
        (r"y = (a) (b)", "at `(`", r"side by side is no product"),
        (r"y = a \frac{b}{c}", r"at `\frac{b}{c}`", r"side by side is no product"),
        (r"y = a |b|", "at `|`", r"side by side is no product"),
        (r"y = f (x)", "at `(` in `f (x", "a quantity is no function"),
        (r"y = a / b \cdot c", r"at `\cdot`", r"`(a / b) \cdot c`"),
        (r"y = a \cdot b / c", "at `/`", r"\frac{a}{b}"),
        (r"y = a / b / c", "at `/`", r"\frac{a}{b}"),
        (r"y = \tanh C_t \odot o_t", r"at `\odot` in `\tanh C_t \odot o_t`", r"`\tanh(a) \odot b`"),
        (r"y = \ln p \cdot q", r"at `\cdot`", "or to the whole product"),
        (r"y = \tanh \sigma x", r"at `\sigma`", "write the brackets"),
        (r"y = \tanh -x", "at `-`", "write the brackets"),
        (r"y = \tanh^2 x", "at `^{2}`", r"`(\tanh(x))^{2}`"),
        (r"y = \tanh(x)^2", "at `^{2}`", r"`\tanh((x)^{2})`"),
        (r"y = \frac{a}{b}^2", "at `^{2}`", r"`(\frac{a}{b})^{2}`"),
        (r"y = a - -b", "at `-` in `a - - b`", "a - (-b)"),
        (r"y = a \cdot -b", "at `-`", "needs brackets"),
        (r"y = +a", "at `+`", "between two terms"),
        (r"y = \sum_{t=1}^{T} a_t + b", "at `+`", "brackets around the sum"),
        (r"y = \sum_{t=1}^{T} -a_t", "at `-`", "no body"),
        (r"y = \sum_{t=1}^{T}", "at the end of", "no body"),
        (r"y = \sum_{t} a_t", "at `\\sum", r"`\sum_{t=1}^{T}`"),
        (r"y = \sum_{n=1}^{T} a", "at `\\sum", "index letter"),
        (r"y = \sum_{t=1}^{2} \sum_{t=1}^{2} a_t", "at `\\sum", "another letter"),
        (r"y = \prod_{t=1}^{T} a_t", "", "products over an index"),
        (r"y = W^T", "at `^{T}`", r"`^\top`"),
        (r"y = e^{-z}", "at `^{- z}`", r"`\exp(x)`"),
        (r"y = [a]", "", "`( )`"),
        (r"y = (a, b)", "", "`[a, b]`"),
        (r"y = \{ a \}", "", "`( )`"),
        (r"y = (a + b", "at `(`", "never closed"),
        (r"y = a + b)", "at `)`", "never opened"),
        (r"y = (a + b]", "at `]`", "another kind"),
        (r"y = |a", "", "never closed"),
        (r"y = a,", "at `,`", "punctuation goes outside"),
        (r"y = a \times b", r"at `\times`", "which product"),
        (r"y = a \text{ if } b", "", "words"),
        (r"y = \log x", r"at `\log`", "not known"),
        (r"y = \sqrt[3]{x}", "", "`mroot` cannot"),
        (r"y = \phantom{-} x", "", "`mphantom` cannot"),
        (r"y = x_{t,k}", "at `_{t, k}`", "`W_{f,t}`"),
        (r"y = (x)_t", "at `_{t}`", "subscript"),
        (r"y = \max(a)", "", "takes 2"),
        (r"y = \tanh(a, b)", "", "takes 1"),
        (r"y = \begin{cases} a & b \end{cases}", "", "no condition"),
        (r"y = \begin{pmatrix} a \\ b \end{pmatrix}", "", "a table"),
        (r"y \le a", "", "has no `=`"),
        (r"a + b", "`a + b` has no `=`", "two sides or more"),
        (r"y =", "", "empty side"),
        (r"\begin{aligned} y &= a \\ a &= b c \end{aligned}", "row 2: at `c`", "side by side"),
        (r"\begin{align} y &= a \end{align}", "", "words"),
    ] {
        let message = refusal(latex);
        assert!(message.contains(found), "{latex}: {found:?} not in: {message}");
        assert!(message.contains(advice), "{latex}: {advice:?} not in: {message}");
    }
}

#[test]
fn evaluation_errors_say_what_is_wrong() {
    for (latex, expected) in [
        (r"y = q", "`q`: no value; bound are: M, a,"),
        (r"y = u + M", "`u + M`: the shapes are 2×1 and 2×2"),
        (r"y = u \cdot v", r"`u \cdot v`: the shapes are 2×1 and 2×1"),
        (r"y = a \odot u", r"1×1 and 2×1, but `\odot` takes two matrices of the same shape"),
        (r"y = 2 \odot u", "the number 2 and 2×1"),
        (r"y = u^2", r"only scalars have powers, and this is 2×1; write the product with `\odot`"),
        (r"y = [u, M]", "equally many columns"),
        (r"y = \frac{a}{u}", "1×1 and 2×1"),
        (r"y = \operatorname{diag}(M)", "diag takes a column, and this is 2×2"),
        (r"y = a_t", "`a` is bound without a time index"),
        (r"y = q_t", "no value, and none for the index `t`"),
        (r"y = \sum_{t=1}^{T} a", "the index `T` has no value"),
        (r"y = \sum_{t=1}^{9999999} a", "more than 100000 terms"),
        (r"y = a^{99999999999}", "too large"),
        (r"y = u", "row 1: the sides are 1×1 and 2×1"),
        (r"y = \ln(-a)", "infinite or not a number"),
        (r"y = \frac{\partial L}{\partial v}", "`dL/dv`: no value"),
    ] {
        let message = failure(latex);
        assert!(message.contains(expected), "{latex}: {message}");
    }
}

#[test]
fn a_time_that_is_missing_is_named() {
    let mut env = Env::new();
    env.scalar("y", 0.0).index("t", 3).at("h", 3, dmatrix![1.0]);
    let error = |latex: &str| read(latex).residual(&env).unwrap_err().to_string();
    assert!(error("y = h_{t-1}").contains("no `h_2`; bound are: h_3, y"));
    assert!(error("y = h").contains("`h` has values only with a time index"));
}

#[test]
fn a_spelling_bound_for_one_step_is_not_used_inside_a_sum() {
    let mut env = Env::new();
    env.scalar("y", 2.0).scalar("x_t", 1.0);
    assert!(read("y = 2 \\cdot x_t").residual(&env).is_ok());
    assert!(read(r"y = \sum_{t=1}^2 x_t").residual(&env).is_err());
}

#[test]
fn bindings_that_name_nothing_are_errors() {
    for fault in [
        Env::new().scalar("W_", 1.0).clone(),
        Env::new().at("h_t", 1, dmatrix![1.0]).clone(),
        Env::new().index("n", 1).clone(),
    ] {
        assert!(read("1 = 1").residual(&fault).is_err());
    }
}

const ADAM: &str = r"\begin{aligned}
    m_t &= \beta_1 \cdot m_{t-1} + (1 - \beta_1) \cdot g_t \\
    v_t &= \beta_2 \cdot v_{t-1} + (1 - \beta_2) \cdot (g_t \odot g_t) \\
    \hat{m}_t &= \frac{m_t}{1 - \beta_1^t} \\
    \theta_t &= \theta_{t-1} - \eta \cdot \frac{\hat{m}_t}{\sqrt{\frac{v_t}{1 - \beta_2^t}} + \epsilon}
\end{aligned}";

/// The third step, from random moments. Shares with the equations only the paper's algorithm.
fn adam(values: &mut Values) -> Env {
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

const THROUGH_TIME: &str = r"\begin{aligned}
    \bar{C}_t &= \bar{C}_{t+1} \odot f_{t+1} + \bar{h}_t \odot o_t \odot \tanh'(C_t) \\
    \bar{o}_t &= \bar{h}_t \odot \tanh C_t \\
    \bar{f}_t &= \bar{C}_t \odot C_{t-1}
\end{aligned}";

fn through_time(values: &mut Values) -> Env {
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

/// Asserts that each mutant fails or is far from equal in one of the environments.
fn assert_all_caught(latex: &str, envs: &[Env]) -> usize {
    let equation = read(latex);
    for env in envs {
        let residual = equation.residual(env).unwrap_or(f64::INFINITY);
        assert!(residual < TOLERANCE, "{latex}: {residual}");
    }
    let mutants = equation.mutants();
    for mutant in &mutants {
        let is_caught = |env: &Env| mutant.equation.residual(env).map_or(true, |r| r > 1e-6);
        assert!(envs.iter().any(is_caught), "survived: {}", mutant.description);
    }
    mutants.len()
}

#[test]
fn every_mutant_is_caught() {
    let caught = assert_all_caught(FORGET_GATE, &[forget_gate(&mut Values(11))]);
    assert_eq!(caught, 36);
    assert_all_caught(LSTM, &[lstm(&mut Values(12))]);
    assert_all_caught(BACKWARD, &[backward(&mut Values(13))]);
    assert_all_caught(OVER_TIME, &[over_time(&mut Values(14))]);
    assert_all_caught(ADAM, &[adam(&mut Values(15))]);
    assert_all_caught(THROUGH_TIME, &[through_time(&mut Values(16))]);
    let mut env = Env::new();
    env.set("z", dmatrix![-3.0, 0.5; 0.1, 0.7; 1.0, -0.2]);
    for latex in [
        r"\sigma'(z) = \sigma(z) \odot (1 - \sigma(z))",
        r"\tanh'(z) = 1 - \tanh(z) \odot \tanh(z)",
        r"\sigma(z) = \frac{1}{1 + \exp(-z)}",
        r"\tanh(-z) = -\tanh(z)",
    ] {
        assert_all_caught(latex, std::slice::from_ref(&env));
    }
}

#[test]
fn mutants_cover_every_kind_of_change() {
    let all = [FORGET_GATE, LSTM, BACKWARD, OVER_TIME, r"y = \frac{a^2}{b}"];
    let changes: Vec<Change> =
        all.iter().flat_map(|latex| read(latex).mutants()).map(|mutant| mutant.change).collect();
    for change in [
        Change::Sign,
        Change::Product,
        Change::Symbol,
        Change::Time,
        Change::Function,
        Change::Transpose,
        Change::Drop,
        Change::Number,
        Change::Order,
    ] {
        assert!(changes.contains(&change), "{change}");
    }
}

#[test]
fn mutants_that_algebra_undoes_are_left_out() {
    let texts = |latex: &str| -> Vec<String> {
        let mutants = read(latex).mutants();
        mutants.iter().map(|mutant| mutant.equation.to_string()).collect()
    };
    assert!(!texts("a = b").contains(&"b = b".to_owned()), "says nothing");
    assert_eq!(texts("a = b"), ["-a = b"], "`a = -b` is the same");
    assert!(!texts(r"y = \sigma'(z)").contains(&r"y = \sigma'(-z)".to_owned()), "even");
    assert!(!texts(r"y = a^2").contains(&"y = (-a)^{2}".to_owned()), "even");
    let implied = r"\begin{aligned} a = b \\ c = b + d \end{aligned}";
    assert!(
        !texts(implied).contains(&r"\begin{aligned} a = b \\ c = a + d \end{aligned}".to_owned())
    );
}

#[test]
fn an_equation_prints_as_latex_that_reads_back() {
    for latex in [FORGET_GATE, LSTM, BACKWARD, OVER_TIME, ADAM, THROUGH_TIME] {
        let equation = read(latex);
        assert_eq!(read(&equation.to_string()), equation);
        for mutant in equation.mutants() {
            let text = mutant.equation.to_string();
            assert_eq!(read(&text).to_string(), text);
        }
    }
}

#[test]
fn deep_nesting_is_an_error_and_no_crash() {
    let deep = |open: &str, close: &str, levels: usize| {
        format!("y = {}a{}", open.repeat(levels), close.repeat(levels))
    };
    assert!(refusal(&deep("(", ")", 20_000)).contains("64 levels deep"));
    assert!(refusal(&deep("|", "", 20_000)).contains("64 levels deep"));
    assert!(refusal(&deep("[", "", 20_000)).contains("64 levels deep"));
    assert!(refusal(&deep(r"\sum_{t=1}^2 ", "", 20_000)).contains("another letter"));
    for (open, close) in [("{", "}"), (r"\left(", r"\right)"), (r"\frac{1}{", "}"), (r"\bar ", "")]
    {
        let error = typeset(&deep(open, close, 20_000), Display::Block).unwrap_err();
        assert!(error.message.contains("more than 64 nested"), "{error}");
    }
    let deep_tree = format!("<math>{}{}</math>", "<mrow>".repeat(500), "</mrow>".repeat(500));
    assert!(symbols(&deep_tree).unwrap_err().to_string().contains("levels deep"));
    assert!(symbols("<math>").unwrap_err().to_string().contains("well-formed"));
}

#[test]
fn bad_latex_says_where() {
    let unknown = MathError { offset: 4, message: r#"Unknown command "\undefined"."#.to_owned() };
    assert_eq!(typeset(r"y = \undefined{x}", Display::Inline), Err(unknown));
    assert!(typeset("y = {x", Display::Inline).is_err());
}

#[test]
fn primes_stand_beside_their_letter() {
    let prime = r#"<mo form="postfix" lspace="0" rspace="0">′</mo>"#;
    let inline = |latex| typeset(latex, Display::Inline).unwrap();
    assert_eq!(inline("f'"), format!("<math><mrow><mi>f</mi>{prime}</mrow></math>"));
    assert_eq!(
        inline("f'_t"),
        format!("<math><msub><mrow><mi>f</mi>{prime}</mrow><mi>t</mi></msub></math>")
    );
    assert_eq!(
        inline("f'^2"),
        format!("<math><msup><mrow><mi>f</mi>{prime}</mrow><mrow><mn>2</mn></mrow></msup></math>")
    );
    assert!(inline("a < b").contains("&lt;"));
}

/// An expression with a known shape and a known meaning, to be printed and read back.
#[derive(Clone, Debug)]
enum Term {
    Leaf(usize, usize, usize),
    Plus(Box<Term>, Box<Term>),
    Minus(Box<Term>, Box<Term>),
    Negative(Box<Term>),
    Times(Box<Term>, Box<Term>),
    Entrywise(Box<Term>, Box<Term>),
    Scaled(u8, Box<Term>),
    OneMinus(Box<Term>),
    Half(Box<Term>),
    Sigma(Box<Term>),
    TanhBare(Box<Term>),
    Transpose(Box<Term>),
    Stack(Box<Term>, Box<Term>),
    ThreeTimes(Box<Term>),
}

/// Sizes above 1, and 5 = 2 + 3 so that things can be stacked.
const SIZES: [usize; 3] = [2, 3, 5];

/// Chooses what stands on top first, so that only the chosen subtree is ever built.
fn term(rows: usize, columns: usize, depth: u32) -> BoxedStrategy<Term> {
    let leaf = (0..LEAVES.len()).prop_map(move |leaf| Term::Leaf(leaf, rows, columns));
    if depth == 0 {
        return leaf.boxed();
    }
    let sub = move |rows, columns| term(rows, columns, depth - 1).prop_map(Box::new);
    let one = move |wrap: fn(Box<Term>) -> Term| sub(rows, columns).prop_map(wrap).boxed();
    let two = move |join: fn(Box<Term>, Box<Term>) -> Term| {
        let pair = (sub(rows, columns), sub(rows, columns));
        pair.prop_map(move |(a, b)| join(a, b)).boxed()
    };
    let on_top = move |choice| match choice {
        0 => two(Term::Plus),
        1 => two(Term::Minus),
        2 => two(Term::Entrywise),
        3 => one(Term::Negative),
        4 => one(Term::OneMinus),
        5 => one(Term::Half),
        6 => one(Term::Sigma),
        7 => one(Term::TanhBare),
        8 => one(Term::ThreeTimes),
        9 => sub(columns, rows).prop_map(Term::Transpose).boxed(),
        10 => (0..9_u8, sub(rows, columns)).prop_map(|(n, a)| Term::Scaled(n, a)).boxed(),
        11 if rows == 5 => {
            let parts = (sub(2, columns), sub(3, columns));
            parts.prop_map(|(a, b)| Term::Stack(a, b)).boxed()
        }
        _ => prop::sample::select(&SIZES)
            .prop_flat_map(move |inner| (sub(rows, inner), sub(inner, columns)))
            .prop_map(|(a, b)| Term::Times(a, b))
            .boxed(),
    };
    prop_oneof![1 => leaf, 9 => (0..14_u8).prop_flat_map(on_top)].boxed()
}

/// LaTeX and canonical spelling of the leaves; each exists in every shape.
const LEAVES: [(&str, &str); 3] = [
    (r"\bar{A}_{#}", "bar(A_{#})"),
    (r"z^{#}_{t-1}", "z^{#}_{t-1}"),
    (r"\tilde{C}_{#}", "tilde(C_{#})"),
];

/// Where a term stands, which decides whether it needs brackets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Side,
    Summand,
    Factor(&'static str),
    Base,
}

impl Term {
    fn latex(&self, place: Place) -> String {
        let (text, brackets) = match self {
            Term::Leaf(leaf, rows, columns) => {
                let text = LEAVES[*leaf].0.replace('#', &shape_name(*rows, *columns));
                (text, place == Place::Base && *leaf == 1)
            }
            Term::Plus(a, b) => {
                let (a, b) = (a.latex(Place::Side), b.latex(Place::Summand));
                (format!("{a} + {b}"), place > Place::Side)
            }
            Term::Minus(a, b) => {
                let (a, b) = (a.latex(Place::Side), b.latex(Place::Summand));
                (format!("{a} - {b}"), place > Place::Side)
            }
            Term::Negative(a) => (format!("-{}", a.latex(Place::Summand)), place > Place::Side),
            Term::Times(a, b) => chain(&a.latex(Place::Factor(DOT)), b, DOT, place),
            Term::Entrywise(a, b) => chain(&a.latex(Place::Factor(ODOT)), b, ODOT, place),
            Term::Scaled(n, a) => chain(&n.to_string(), a, DOT, place),
            Term::OneMinus(a) => (format!("1 - {}", a.latex(Place::Summand)), place > Place::Side),
            Term::Half(a) => {
                (format!(r"\frac{{{}}}{{2}}", a.latex(Place::Side)), place == Place::Base)
            }
            Term::Sigma(a) => {
                (format!(r"\sigma\left({}\right)", a.latex(Place::Side)), place == Place::Base)
            }
            Term::TanhBare(a) => {
                (format!(r"\tanh {}", a.latex(Place::Base)), place > Place::Summand)
            }
            Term::Transpose(a) => (format!(r"{}^\top", a.latex(Place::Base)), place == Place::Base),
            Term::Stack(a, b) => {
                (format!("[{}, {}]", a.latex(Place::Side), b.latex(Place::Side)), false)
            }
            Term::ThreeTimes(a) => {
                let body = a.latex(Place::Summand);
                let unused = |letter: &char| !body.contains(&format!("{letter}=0"));
                let letter = ['k', 'j', 's', 'T'].into_iter().find(unused).unwrap_or('t');
                (format!(r"\sum_{{{letter}=0}}^{{2}} {body}"), true)
            }
        };
        match brackets {
            true => format!("({text})"),
            false => text,
        }
    }

    fn value(&self, env: &dyn Fn(usize, usize, usize) -> DMatrix<f64>) -> DMatrix<f64> {
        match self {
            Term::Leaf(leaf, rows, columns) => env(*leaf, *rows, *columns),
            Term::Plus(a, b) => a.value(env) + b.value(env),
            Term::Minus(a, b) => a.value(env) - b.value(env),
            Term::Negative(a) => -a.value(env),
            Term::Times(a, b) => a.value(env) * b.value(env),
            Term::Entrywise(a, b) => a.value(env).component_mul(&b.value(env)),
            Term::Scaled(n, a) => a.value(env) * f64::from(*n),
            Term::OneMinus(a) => a.value(env).map(|x| 1.0 - x),
            Term::Half(a) => a.value(env) / 2.0,
            Term::Sigma(a) => a.value(env).map(sigma),
            Term::TanhBare(a) => a.value(env).map(f64::tanh),
            Term::Transpose(a) => a.value(env).transpose(),
            Term::Stack(a, b) => stack(&a.value(env), &b.value(env)),
            Term::ThreeTimes(a) => a.value(env) * 3.0,
        }
    }
}

const DOT: &str = r"\cdot";
const ODOT: &str = r"\odot";

/// A product; within another of its kind it needs no brackets, since both kinds are associative.
fn chain(left: &str, right: &Term, joint: &'static str, place: Place) -> (String, bool) {
    let right = right.latex(Place::Factor(joint));
    let alien = matches!(place, Place::Factor(outer) if outer != joint);
    (format!("{left} {joint} {right}"), alien || place == Place::Base)
}

fn shape_name(rows: usize, columns: usize) -> String {
    let letter =
        |size: usize| SIZES.iter().position(|s| *s == size).map_or("x", |i| ["p", "q", "r"][i]);
    letter(rows).to_owned() + letter(columns)
}

fn leaf_value(leaf: usize, rows: usize, columns: usize) -> DMatrix<f64> {
    Values((leaf * 100 + rows * 10 + columns) as u64).matrix(rows, columns)
}

fn any_term() -> impl Strategy<Value = Term> {
    (prop::sample::select(&SIZES), prop::sample::select(&SIZES))
        .prop_flat_map(|(rows, columns)| term(rows, columns, 5))
}

proptest! {
    /// Printing a known meaning and reading it back through the typesetter changes no value.
    #[test]
    fn reading_never_disagrees_with_meaning(term in any_term()) {
        let mut env = Env::new();
        for (leaf, (_, spelling)) in LEAVES.iter().enumerate() {
            for rows in SIZES {
                for columns in SIZES {
                    let name = spelling.replace('#', &shape_name(rows, columns));
                    env.set(&name, leaf_value(leaf, rows, columns));
                }
            }
        }
        let value = term.value(&leaf_value);
        env.set("Y", value.clone());
        let latex = format!("Y = {}", term.latex(Place::Side));
        let equation = Equation::parse(&page(&latex))
            .map_err(|refusal| TestCaseError::fail(format!("{latex}: {refusal}")))?;
        let residual = equation.residual(&env).map_err(|e| TestCaseError::fail(format!("{latex}: {e}")))?;
        // A product's entries are sums of up to 5 terms, so rounding grows by a digit in five levels.
        prop_assert!(residual < 1e-11, "{}: {}", latex, residual);
    }

    /// No formula brings the reader down, and what it reads it can print and read again.
    #[test]
    fn no_formula_is_a_crash(parts in prop::collection::vec((prop::sample::select(OPERANDS), prop::sample::select(OPERATORS)), 1..9)) {
        let latex: String = parts.iter().flat_map(|(operand, operator)| [*operand, " ", *operator, " "]).collect();
        let latex = format!("y = {latex} z");
        let Ok(mathml) = typeset(&latex, Display::Block) else { return Ok(()) };
        prop_assert!(symbols(&mathml).is_ok());
        if let Ok(equation) = Equation::parse(&mathml) {
            prop_assert_eq!(read(&equation.to_string()).to_string(), equation.to_string());
            let _ = equation.residual(&columns());
            let _ = equation.mutants();
        }
    }
}

const OPERANDS: &[&str] = &[
    "a",
    "u",
    "W_f",
    "h_{t-1}",
    r"\bar{z}^f_t",
    "1",
    "0.5",
    "-",
    "(",
    "(a",
    "b)",
    "[u",
    "u, v]",
    "|",
    "|a|",
    r"\|",
    r"\tanh",
    r"\tanh a",
    r"\sigma'(u)",
    r"\sum_{t=1}^{T}",
    r"\frac{a}{b}",
    r"M^\top",
    r"{a + b}",
    "",
    r"\begin{cases} a & t=1 \\ b & \text{otherwise} \end{cases}",
    r"\begin{matrix} a \end{matrix}",
];

const OPERATORS: &[&str] = &[
    "+", "-", r"\cdot", r"\odot", r"\cdot", r"\odot", "=", "/", ",", ")", "]", "|", "^2", "_t",
    "'", "", r"\le",
];

#[test]
fn each_symbol_is_marked_as_a_whole() {
    let marked = |latex: &str| {
        let html = mark(&page(latex), &|symbol| Some(symbol.name()));
        let parts = html.split(" class=\"").skip(1).filter_map(|rest| rest.split('"').next());
        parts.map(str::to_owned).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(marked(r"f_t = \sigma(W_f^\top \cdot [h_{t-1}, x_t])"), "f sigma W_f h x");
    assert_eq!(marked(r"\bar{z}^f_t = \sum_{k=0}^{T} g_k^2 + \frac{1}{n}"), "bar(z^f) k T g n");
    assert_eq!(marked(r"\tanh'(z) + 10^{-7} + (1 - v)^k"), "tanh z v k");
    assert_eq!(mark("<math><mi>f</mi></math>", &|_| None), "<math><mi>f</mi></math>");
}
