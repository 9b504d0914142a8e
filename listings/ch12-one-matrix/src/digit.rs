//! One-hot inputs: a table of what each digit contributes, and its gradient.

use multiversion::multiversion;

use crate::Real;
use crate::lane::Lane;

// ANCHOR: by_digit
/// Of a one-hot input there is nothing to multiply: what it contributes is a column of a table. Writes into each of B
/// columns the one of D that its digit names. Both matrices lie in lanes and have the same rows.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub(crate) fn by_digit<R: Real>(digits: &[u8], table: &[Lane<R>], columns: &mut [Lane<R>]) {
    let count = table.len() / (columns.len() / digits.len());
    for (columns, row) in columns.chunks_exact_mut(digits.len()).zip(table.chunks_exact(count)) {
        for (column, &digit) in columns.iter_mut().zip(digits) {
            *column = row[usize::from(digit)];
        }
    }
}
// ANCHOR_END: by_digit

// ANCHOR: sum_by_digit
/// Backward: each column of the table collects what the columns that read it have to say, on top of what it has.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub(crate) fn sum_by_digit<R: Real>(digits: &[u8], columns: &[Lane<R>], table: &mut [Lane<R>]) {
    let count = table.len() / (columns.len() / digits.len());
    for (columns, row) in columns.chunks_exact(digits.len()).zip(table.chunks_exact_mut(count)) {
        for (column, &digit) in columns.iter().zip(digits) {
            let sum = &mut row[usize::from(digit)];
            *sum = *sum + *column;
        }
    }
}
// ANCHOR_END: sum_by_digit
