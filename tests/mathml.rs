//! From LaTeX to MathML, and the symbols in it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use press::mathml::{Display, Formula, MathError, Symbol};

fn names(latex: &str) -> Vec<String> {
    let formula = Formula::new(latex, Display::Inline);
    let formula = formula.unwrap_or_else(|error| panic!("{latex}: {error}"));
    formula.symbols().iter().map(ToString::to_string).collect()
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
        let read_back: Symbol = spelling.parse().unwrap();
        assert_eq!(read_back.to_string(), spelling);
    }
    let symbol: Symbol = "bar(z^f)_{t-1}".parse().unwrap();
    assert_eq!(symbol.name(), "bar(z^f)");
    assert_eq!(symbol.index().unwrap().to_string(), "t-1");
    for nonsense in ["", "bar(C", "W_", "h_t)", "a b", "h_{t,k}", "W_f_g"] {
        assert!(nonsense.parse::<Symbol>().is_err(), "{nonsense}");
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
fn deep_nesting_is_an_error_and_no_crash() {
    let deep = |open: &str, close: &str, levels: usize| {
        format!("y = {}a{}", open.repeat(levels), close.repeat(levels))
    };
    for (open, close) in [("{", "}"), (r"\left(", r"\right)"), (r"\frac{1}{", "}"), (r"\bar ", "")]
    {
        let error = Formula::new(&deep(open, close, 20_000), Display::Block).unwrap_err();
        assert!(error.message.contains("more than 64 nested"), "{error}");
    }
    let deep_tree = format!("<math>{}{}</math>", "<mrow>".repeat(500), "</mrow>".repeat(500));
    assert!(Formula::from_mathml(&deep_tree).unwrap_err().to_string().contains("levels deep"));
    assert!(Formula::from_mathml("<math>").unwrap_err().to_string().contains("well-formed"));
}

#[test]
fn bad_latex_says_where() {
    let unknown = MathError { offset: 4, message: r#"Unknown command "\undefined"."#.to_owned() };
    assert_eq!(Formula::new(r"y = \undefined{x}", Display::Inline).unwrap_err(), unknown);
    assert!(Formula::new("y = {x", Display::Inline).is_err());
}

#[test]
fn primes_stand_beside_their_letter() {
    let prime = r#"<mo form="postfix" lspace="0" rspace="0">′</mo>"#;
    let inline = |latex| Formula::new(latex, Display::Inline).unwrap().mathml();
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

#[test]
fn each_symbol_is_marked_as_a_whole() {
    let marked = |latex: &str| {
        let formula = Formula::new(latex, Display::Block).unwrap();
        let html = formula.marked(&|symbol| Some(symbol.name()));
        let parts = html.split(" class=\"").skip(1).filter_map(|rest| rest.split('"').next());
        parts.map(str::to_owned).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(marked(r"f_t = \sigma(W_f^\top \cdot [h_{t-1}, x_t])"), "f sigma W_f h x");
    assert_eq!(marked(r"\bar{z}^f_t = \sum_{k=0}^{T} g_k^2 + \frac{1}{n}"), "bar(z^f) k T g n");
    assert_eq!(marked(r"\tanh'(z) + 10^{-7} + (1 - v)^k"), "tanh z v k");
    let text = "<math><mi>f</mi></math>";
    assert_eq!(Formula::from_mathml(text).unwrap().marked(&|_| None), text);
}
