//! From tokens to expressions: a small precedence parser that would rather ask than guess.

mod atoms;
mod cursor;
mod terms;

use press::mathml::{Token, latex};

use self::cursor::{Parser, is_operator};
use crate::expr::Expr;
use crate::refusal::Refusal;

/// The sides of every row.
pub(crate) fn rows(tokens: &[Token]) -> Result<Vec<Vec<Expr>>, Refusal> {
    let [Token::Table(table)] = tokens else {
        return Ok(vec![sides(tokens)?]);
    };
    let mut rows: Vec<Vec<Token>> = Vec::new();
    for cells in table {
        let row = cells.concat();
        match rows.last_mut() {
            Some(above) if continues(&row) => above.extend(row),
            _ => rows.push(row),
        }
    }
    let several = rows.len() > 1;
    let numbered = rows.iter().enumerate();
    numbered
        .map(|(number, row)| {
            sides(row).map_err(|refusal| match several {
                true => refusal.in_row(number + 1),
                false => refusal,
            })
        })
        .collect()
}

/// Does this row of a table go on with the one above it?
fn continues(row: &[Token]) -> bool {
    let Some(Token::Operator(first)) = row.first() else {
        return false;
    };
    let has_equals = row.iter().any(|token| is_operator(token, "="));
    first == "=" || (!has_equals && matches!(first.as_str(), "+" | "-" | "⋅" | "⊙"))
}

/// Splits a row at `=`. Inside brackets there can be none: brackets are tokens of the same run, and
/// the parser then finds them unclosed.
fn sides(row: &[Token]) -> Result<Vec<Expr>, Refusal> {
    let parts: Vec<&[Token]> = row.split(|token| is_operator(token, "=")).collect();
    if parts.len() < 2 {
        return Err(Refusal::new(format!(
            "`{}` has no `=`: an executed equation has two sides or more",
            latex(row)
        )));
    }
    parts
        .into_iter()
        .map(|side| {
            if side.is_empty() {
                return Err(Refusal::new(format!("`{}` has an empty side of `=`", latex(row))));
            }
            Parser::new(side, 0, &[]).whole()
        })
        .collect()
}
