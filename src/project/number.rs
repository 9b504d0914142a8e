//! Numbers as programs print them and sentences write them.

use std::ops::Range;

/// A number as programs and sentences write it: with `−` as well as `-`.
pub fn parse_number(text: &str) -> Option<f64> {
    text.starts_with(|c: char| c.is_ascii_digit() || "+-−.".contains(c))
        .then(|| text.replace('−', "-").parse().ok())?
}

/// The value of one unit in the last place that `text` writes: 0.01 for `2.50`, 1 for `17`.
pub fn last_place(text: &str) -> f64 {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    10f64.powi(exponent.parse::<i32>().unwrap_or(0) - i32::try_from(decimals).unwrap_or(0))
}

/// Where the numbers of a line stand.
pub fn numbers(line: &str) -> Vec<Range<usize>> {
    let bytes = line.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let end = digits(at);
        if end == at {
            at += 1;
            continue;
        }
        let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
        let word = line[..at].ends_with(part_of_word);
        let mut stop = end;
        if bytes.get(stop) == Some(&b'.') && digits(stop + 1) > stop + 1 {
            stop = digits(stop + 1);
        }
        if matches!(bytes.get(stop), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(stop + 1), Some(b'-' | b'+')));
            let exponent = digits(stop + 1 + sign);
            if exponent > stop + 1 + sign {
                stop = exponent;
            }
        }
        let start = ["-", "−"]
            .into_iter()
            .filter(|minus| line[..at].ends_with(minus))
            .map(|minus| at - minus.len())
            .find(|&start| !line[..start].ends_with(part_of_word))
            .unwrap_or(at);
        if !word && !line[stop..].starts_with(part_of_word) {
            found.push(start..stop);
        }
        at = stop;
    }
    found
}
