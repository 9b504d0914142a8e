//! How a snapshot is compared with what its program prints now.

use crate::project::{last_place, numbers, parse_number};

/// How far two printings of the same number may be apart: one unit in the last place that the
/// snapshot prints, since `exp` and `tanh` differ in their last digit between machines and a rounded
/// value may fall either side. A whole number is a count, and exact.
pub fn tolerance(snapshot: &str) -> f64 {
    if snapshot.contains(['.', 'e']) { 1.001 * last_place(snapshot) } else { 0.0 }
}

/// Compares what was printed with its snapshot: the text exactly but for the width of gaps, each
/// number within what `tolerance` allows for the snapshot's. Reports the first difference.
///
/// # Errors
/// The line of the snapshot, from 1, what was printed there, and what the snapshot has.
pub fn compare(
    snapshot: &str,
    printed: &str,
    tolerance: fn(&str) -> f64,
) -> Result<(), (usize, String, String)> {
    fn lines(text: &str) -> impl Iterator<Item = &str> {
        text.trim_end().lines().map(str::trim_end)
    }
    let (mut expected, mut found) = (lines(snapshot), lines(printed));
    for line in 1.. {
        let say = |line: Option<&str>| line.map_or("no such line".into(), |l| format!("`{l}`"));
        match (expected.next(), found.next()) {
            (None, None) => break,
            (Some(expected), Some(found)) if alike(expected, found, tolerance) => {}
            (expected, found) => return Err((line, say(found), say(expected))),
        }
    }
    Ok(())
}

fn alike(expected: &str, found: &str, tolerance: fn(&str) -> f64) -> bool {
    if expected == found {
        return true;
    }
    let split = |line: &str| -> (Vec<String>, Vec<String>) {
        let gaps = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (mut texts, mut values, mut from) = (Vec::new(), Vec::new(), 0);
        for range in numbers(line) {
            texts.push(gaps(&line[from..range.start]));
            values.push(line[range.clone()].to_owned());
            from = range.end;
        }
        texts.push(gaps(&line[from..]));
        (texts, values)
    };
    let ((expected_text, expected), (found_text, found)) = (split(expected), split(found));
    let near = |(expected, found): (&String, &String)| {
        let values = parse_number(expected).zip(parse_number(found));
        values.is_some_and(|(a, b)| (a - b).abs() <= tolerance(expected))
    };
    expected_text == found_text && expected.iter().zip(&found).all(near)
}
