//! Wrong equations: that there are all kinds of them, and that each is noticed.

use equations::{Change, Env};

use crate::models::{
    ADAM, BACKWARD, FORGET_GATE, LSTM, OVER_TIME, THROUGH_TIME, adam, backward, forget_gate, lstm,
    over_time, through_time,
};
use crate::support::{TOLERANCE, Values, dmatrix, read};

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
