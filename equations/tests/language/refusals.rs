//! What is not read, what has no value, and what is said of it.

use equations::Env;

use crate::support::{dmatrix, failure, read, refusal};

/// Formulas, what is quoted of them, and what is said to do.
const REFUSED: &[(&str, &str, &str)] = &[
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
];

#[test]
fn what_two_readers_could_read_in_two_ways_is_refused() {
    for (latex, found, advice) in REFUSED {
        let message = refusal(latex);
        assert!(message.contains(found), "{latex}: {found:?} not in: {message}");
        assert!(message.contains(advice), "{latex}: {advice:?} not in: {message}");
    }
}

#[test]
fn deep_nesting_is_refused() {
    let deep = |open: &str, close: &str, levels: usize| {
        format!("y = {}a{}", open.repeat(levels), close.repeat(levels))
    };
    assert!(refusal(&deep("(", ")", 20_000)).contains("64 levels deep"));
    assert!(refusal(&deep("|", "", 20_000)).contains("64 levels deep"));
    assert!(refusal(&deep("[", "", 20_000)).contains("64 levels deep"));
    assert!(refusal(&deep(r"\sum_{t=1}^2 ", "", 20_000)).contains("another letter"));
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
