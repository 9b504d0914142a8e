//! A symbol as a program can type it: `h_prev`, `z_f_2`, `C_prev_bar`, `cand`, `rho`.

use crate::mathml::{Display, Formula};
use crate::notation::Notation;
use crate::project::parse_number;

/// Letters that programs write out.
const GREEK: [&str; 12] = [
    "alpha", "beta", "gamma", "epsilon", "eta", "theta", "kappa", "mu", "rho", "sigma", "tau",
    "iota",
];

/// A typed symbol as LaTeX, if the notation table knows it.
pub(super) fn latex(typed: &str, notation: &Notation) -> Option<String> {
    let latex = match typed.strip_prefix("tanh_") {
        Some(of) => format!("\\tanh({})", spelled(of)?),
        None => spelled(typed)?,
    };
    let formula = Formula::new(&latex, Display::Inline).ok()?;
    formula.symbols().iter().all(|symbol| notation.defines(symbol)).then_some(latex)
}

/// A number as LaTeX: `10^{-4}` for `1e-4`.
pub(super) fn number(text: &str) -> String {
    let text = text.replace('−', "-");
    match text.split_once('e') {
        Some((mantissa, "0")) => mantissa.to_owned(),
        Some(("1", exponent)) => format!("10^{{{exponent}}}"),
        Some((mantissa, exponent)) => format!("{mantissa} \\cdot 10^{{{exponent}}}"),
        None => text,
    }
}

/// The letter, then in any order what belongs to it: `bar`, `hat`, `prev`, the step, the letter of a gate.
fn spelled(typed: &str) -> Option<String> {
    let mut parts = typed.split('_');
    let base = parts.next()?;
    let letter = base.len() == 1 && base.chars().all(char::is_alphabetic);
    let mut symbol = match base {
        "cand" | "candidate" => "\\tilde{C}".to_owned(),
        _ if GREEK.contains(&base) => format!("\\{base}"),
        _ if letter => base.to_owned(),
        _ => return None,
    };
    let (mut gate, mut index) = (None, None);
    for part in parts {
        match part {
            "bar" | "hat" => symbol = format!("\\{part}{{{symbol}}}"),
            "prev" if index.is_none() => index = Some("t-1"),
            "f" | "i" | "C" | "o" | "y" | "h" | "hh" if gate.is_none() => gate = Some(part),
            // Weights belong to all steps: a number is not the step of theirs.
            _ if index.is_none() && is_step(part) && !["W", "b"].contains(&base) => {
                index = Some(part)
            }
            _ => return None,
        }
    }
    let (lower, upper) = match base {
        "z" => (index.map(str::to_owned), gate),
        _ => ([gate, index].into_iter().flatten().collect::<Vec<_>>().join(",").into(), None),
    };
    if let Some(lower) = lower.filter(|lower: &String| !lower.is_empty()) {
        symbol += &format!("_{{{lower}}}");
    }
    Some(upper.iter().fold(symbol, |symbol, upper| format!("{symbol}^{upper}")))
}

fn is_step(part: &str) -> bool {
    part == "t" || (parse_number(part).is_some() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_symbols_are_spelled_as_the_notation_spells_them() {
        for (typed, expected) in [
            ("f", "f"),
            ("h_prev", "h_{t-1}"),
            ("C_prev_bar", "\\bar{C}_{t-1}"),
            ("z_f", "z^f"),
            ("z_f_2", "z_{2}^f"),
            ("z_C_bar", "\\bar{z}^C"),
            ("W_y_bar", "\\bar{W}_{y}"),
            ("cand_1", "\\tilde{C}_{1}"),
            ("candidate_bar", "\\bar{\\tilde{C}}"),
            ("v_hat", "\\hat{v}"),
            ("rho", "\\rho"),
        ] {
            assert_eq!(spelled(typed).as_deref(), Some(expected), "{typed}");
        }
        for unknown in ["share", "W_1", "b_2", "h_1_2", "rho_0.9", "o_peephole", "z_f_i", "", "_f"]
        {
            assert_eq!(spelled(unknown), None, "{unknown}");
        }
    }
}
