//! What equations are worth.

use approx::assert_relative_eq;
use equations::Env;

use crate::models::{
    BACKWARD, FORGET_GATE, LSTM, OVER_TIME, backward, forget_gate, lstm, over_time,
};
use crate::support::{TOLERANCE, Values, columns, dmatrix, read, sigma, value};

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

#[test]
fn every_equation_of_the_cell_runs() {
    let residual = read(LSTM).residual(&lstm(&mut Values(2))).unwrap();
    assert!(residual < TOLERANCE, "{residual}");
}

#[test]
fn adjoint_equations_run() {
    let residual = read(BACKWARD).residual(&backward(&mut Values(3))).unwrap();
    assert!(residual < TOLERANCE, "{residual}");
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

/// A function that an equation is about can be the code's; it must be the right one.
#[test]
fn code_stands_for_a_function_where_it_is_right() {
    let residual = |latex: &str, name: &str, code: fn(f64) -> f64| {
        let mut env = columns();
        read(latex).residual(env.function(name, code)).map_err(|error| error.to_string())
    };
    let halves = r"\sigma(v) = \frac{1 + \tanh(\frac{v}{2})}{2}";
    assert!(residual(halves, "sigma", sigma).unwrap() < TOLERANCE);
    assert!(
        residual(r"\sigma'(v) = \sigma(v) \odot (1 - \sigma(v))", "sigma'", |z| {
            sigma(z) * (1.0 - sigma(z))
        })
        .unwrap()
            < TOLERANCE
    );
    let wrong = residual(halves, "sigma", |z| 1.0 / (1.0 + (-z).exp2())).unwrap_err();
    assert!(wrong.contains("at 3 the code that is bound to it gives 8.88"), "{wrong}");
    // The equation alone would not notice: it says the same of any function.
    let wrong = residual(r"\sigma(v) = \sigma(v)", "sigma", f64::sin).unwrap_err();
    assert!(wrong.contains("the code that is bound"), "{wrong}");
    assert!(residual("0 = 0", "softmax", f64::exp).unwrap_err().contains("no function of numbers"));
    assert!(residual("0 = 0", "max", f64::exp).unwrap_err().contains("no function of numbers"));
}
