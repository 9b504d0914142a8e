//! From text to digits: what is meant without doubt is read, anything else is refused with its line.
//!
//! A line is a sequence: its digits stand side by side, or each on its own between spaces, tabs, commas, semicolons
//! or bars. Quotes around them and brackets around a line, or around all lines, change nothing. What follows a #
//! is a comment.

use anyhow::{Result, bail, ensure};

use files::problem;

/// Digits that stand together: those of a line, or of a pair of brackets.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// The line of the first one, from 1.
    pub(crate) line: usize,
    pub(crate) digits: Vec<u8>,
    /// Whether a separator stands behind the last one.
    trailing: bool,
}

/// The place of a question, in an error.
const QUESTION: &str = "the digits after `predict`";
const DIGIT: &str = "a digit, 0 to 9";
const CORRECT: &str = "correct the line: digits side by side, or each one between separators";
const MISSING: &str = "write what is missing, or remove the line";

/// All digits of a text, line by line.
pub(crate) fn parse(place: &str, text: &str) -> Result<Vec<Record>> {
    // The end-of-file mark that old editors write.
    let text = text.trim_end_matches('\u{1a}');
    let mut significant = lines(text).map(clean).filter(|(_, line)| !line.is_empty());
    let Some((first, begin)) = significant.next() else { return Ok(Vec::new()) };
    if begin.trim_start().starts_with(['[', '(', '{']) {
        return bracketed(place, text);
    }
    if place != QUESTION && is_header(begin) {
        let shown = format!("`{}`: a header line", shown(begin));
        let to_do = "remove the line, or write # before it";
        bail!(problem(&at(place, first), &shown, "digits", to_do));
    }
    let mut records = Vec::new();
    for (line, content) in lines(text).map(clean).filter(|(_, line)| !line.is_empty()) {
        let (digits, trailing) = digits_of(&at(place, line), content)?;
        records.push(Record { line, digits, trailing });
    }
    // A separator behind every line is a habit; behind some, the last digit of those is missing.
    let odd = records.iter().find(|record| record.trailing);
    if let Some(record) = odd.filter(|_| !records.iter().all(|record| record.trailing)) {
        let here = at(place, record.line);
        bail!(problem(&here, "an empty field, the last one", DIGIT, MISSING));
    }
    Ok(records)
}

/// The digits on a command line, in any form that a file may have.
pub(crate) fn parse_question(text: &str) -> Result<Vec<u8>> {
    let mut records = parse(QUESTION, text)?;
    match (records.pop(), records.is_empty()) {
        (Some(record), true) => Ok(record.digits),
        (None, _) => bail!(problem(QUESTION, "no digit", DIGIT, "ask with some: predict 3 1 4 1")),
        (Some(_), false) => bail!(problem(
            QUESTION,
            "several sequences",
            "one, whose next digit is to be predicted",
            "ask one after the other",
        )),
    }
}

/// A line of a file; a question has only one.
fn at(place: &str, line: usize) -> String {
    if place == QUESTION { place.to_owned() } else { format!("{place}:{line}") }
}

/// The lines, counted from 1, whether they end in LF, CR LF, CR, or one of Unicode's own ends.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = Some(text);
    let next = move || {
        let text = rest?;
        let ends = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];
        let Some(end) = text.find(ends) else { return rest.take() };
        let (line, after) = text.split_at(end);
        let end = after.chars().next().map_or(0, char::len_utf8);
        rest = Some(after.strip_prefix("\r\n").unwrap_or(&after[end..]));
        Some(line)
    };
    (1..).zip(std::iter::from_fn(next))
}

/// A line without a byte-order mark (which joined files have within), without its comment, and without spaces around;
/// a tab may stand for an empty field.
fn clean((number, line): (usize, &str)) -> (usize, &str) {
    let line = line.trim_start_matches('\u{feff}').split('#').next().unwrap_or("");
    let blank = line.trim().is_empty();
    (number, if blank { "" } else { line.trim_matches(|c: char| c.is_whitespace() && c != '\t') })
}

/// Whether a line names columns: not a digit in any field, but letters.
fn is_header(line: &str) -> bool {
    let fields = line.split([',', ';', '\t', '|', ' ']).map(|field| unquote(field.trim()));
    let words: Vec<&str> = fields.filter(|field| !field.is_empty()).collect();
    let is_name = |word: &str| word.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let known = |word: &str| !is_missing(word);
    !words.is_empty() && words.iter().all(|word| is_name(word)) && words.iter().any(|w| known(w))
}

// ANCHOR: fields
/// The digits of a line, and whether a separator stands behind them.
fn digits_of(here: &str, text: &str) -> Result<(Vec<u8>, bool)> {
    let text = unquote(text);
    let mut separators = [',', ';', '|'].into_iter().filter(|c| text.contains(*c));
    let separator = separators.next();
    if let (Some(one), Some(other)) = (separator, separators.next()) {
        let found = format!("both `{one}` and `{other}`");
        bail!(problem(here, &found, "one kind of separator", CORRECT));
    }
    let tabs = text.trim().contains('\t').then_some('\t');
    let Some(separator) = separator.or(tabs) else {
        let mut words = text.split_whitespace();
        return Ok(match (words.next(), words.next()) {
            (Some(word), None) => (side_by_side(here, unquote(word))?, false),
            _ => (
                text.split_whitespace().map(|word| digit(here, word)).collect::<Result<_>>()?,
                false,
            ),
        });
    };
    let mut fields: Vec<&str> = text.split(separator).collect();
    let trailing = fields.last().is_some_and(|field| field.trim().is_empty());
    if trailing {
        fields.pop();
    }
    if let [only] = fields[..] {
        return Ok((side_by_side(here, unquote(only.trim()))?, trailing));
    }
    let mut digits = Vec::with_capacity(fields.len());
    for (k, field) in fields.iter().enumerate() {
        let found = || format!("an empty field, number {} of {}", k + 1, fields.len());
        ensure!(!unquote(field.trim()).trim().is_empty(), problem(here, &found(), DIGIT, MISSING));
        if separator == '\t' {
            // Aligned by hand: spaces here, a tab there.
            for word in field.split_whitespace() {
                digits.push(digit(here, word)?);
            }
        } else {
            digits.push(digit(here, field.trim())?);
        }
    }
    Ok((digits, trailing))
}
// ANCHOR_END: fields

/// A word of several digits.
fn side_by_side(here: &str, word: &str) -> Result<Vec<u8>> {
    let mut digits = Vec::with_capacity(word.len());
    for (at, character) in word.char_indices() {
        match character.to_digit(10) {
            Some(digit) => digits.push(digit as u8),
            // A word is shown as a whole if it is one; else the first character that is no digit.
            None if is_number(word)
                || is_missing(word)
                || !word.contains(|c: char| c.is_numeric()) =>
            {
                bail!(no_digit(here, word))
            }
            None => bail!(no_digit(here, &word[at..at + character.len_utf8()])),
        }
    }
    Ok(digits)
}

fn digit(here: &str, word: &str) -> Result<u8> {
    match unquote(word).trim().as_bytes() {
        [digit @ b'0'..=b'9'] => Ok(digit - b'0'),
        _ => Err(no_digit(here, unquote(word).trim())),
    }
}

/// What stands in the place of a digit, in words.
fn no_digit(here: &str, word: &str) -> anyhow::Error {
    let shown = shown(word);
    let foreign = word.chars().find(|c| !c.is_ascii() && c.is_numeric());
    let whole = word.parse::<f64>().ok().filter(|v| v.fract() == 0.0 && (0.0..10.0).contains(v));
    let (found, to_do) = if let Some(character) = foreign {
        let code = u32::from(character);
        (format!("`{shown}`, U+{code:04X}, from another script"), "write it as 0 to 9".to_owned())
    } else if word.contains(char::REPLACEMENT_CHARACTER) {
        (format!("`{shown}`: bytes that are not UTF-8"), CORRECT.to_owned())
    } else if is_missing(word) {
        (format!("`{shown}`, a missing value"), MISSING.to_owned())
    } else if let Some(value) = whole.filter(|_| word.contains('.')) {
        (format!("`{shown}`, a number with a point"), format!("write {value}"))
    } else if is_number(word) {
        (format!("`{shown}`, a number but no digit"), CORRECT.to_owned())
    } else {
        (format!("`{shown}`"), CORRECT.to_owned())
    };
    problem(here, &found, DIGIT, &to_do)
}

fn is_number(word: &str) -> bool {
    word.len() < 40 && word.parse::<f64>().is_ok_and(f64::is_finite)
}

fn is_missing(word: &str) -> bool {
    ["na", "nan", "n/a", "null", "none", "nil", "?", "-", "."]
        .contains(&word.to_ascii_lowercase().as_str())
}

/// The beginning of a text, so that a line of a million characters is not echoed; what cannot be seen, by its code.
fn shown(text: &str) -> String {
    let mut some = String::new();
    for character in text.chars().take(20) {
        match character {
            '"' | '\'' => some.push(character),
            _ => some.extend(character.escape_debug()),
        }
    }
    if text.chars().nth(20).is_some() { some + "..." } else { some }
}

/// Without a pair of quotes around it.
fn unquote(text: &str) -> &str {
    for [open, close] in [['"', '"'], ['\'', '\''], ['`', '`'], ['\u{201c}', '\u{201d}']] {
        let inner = text.strip_prefix(open).and_then(|text| text.strip_suffix(close));
        if let Some(inner) = inner.filter(|inner| !inner.contains([open, close])) {
            return inner;
        }
    }
    text
}

// ANCHOR: brackets
/// A text in brackets, such as JSON or what Python prints: each innermost pair is a sequence, wherever lines end.
fn bracketed(place: &str, text: &str) -> Result<Vec<Record>> {
    let mut open: Vec<(char, usize)> = Vec::new();
    let (mut records, mut held, mut innermost) = (Vec::new(), String::new(), false);
    for (line, content) in lines(text).map(clean) {
        let here = at(place, line);
        for character in content.chars() {
            let close = match character {
                '[' | '(' | '{' => {
                    between(&here, &held)?;
                    held.clear();
                    open.push((character, line));
                    innermost = true;
                    continue;
                }
                ']' => '[',
                ')' => '(',
                '}' => '{',
                _ => {
                    held.push(character);
                    continue;
                }
            };
            let (found, first) = open.pop().unwrap_or((' ', line));
            ensure!(found == close, unbalanced(&here, character));
            if innermost {
                group(place, first, &held, &mut records)?;
            } else {
                between(&here, &held)?;
            }
            held.clear();
            innermost = false;
        }
        held.push(' ');
    }
    if let Some((bracket, line)) = open.pop() {
        bail!(unbalanced(&at(place, line), bracket));
    }
    between(place, &held)?;
    Ok(records)
}
// ANCHOR_END: brackets

fn unbalanced(here: &str, bracket: char) -> anyhow::Error {
    problem(
        here,
        &format!("`{bracket}` without its partner"),
        "brackets in pairs",
        "correct the line",
    )
}

/// Between two pairs of brackets there is a comma, or nothing.
fn between(here: &str, held: &str) -> Result<()> {
    let found = held.trim();
    let to_do = "put the digits of each sequence into brackets of their own";
    ensure!(
        found.is_empty() || found == ",",
        problem(
            here,
            &format!("`{}` outside of brackets", shown(found)),
            "a comma, or nothing",
            to_do
        )
    );
    Ok(())
}

/// What an innermost pair of brackets holds: digits, or whole sequences in quotes.
fn group(place: &str, line: usize, held: &str, records: &mut Vec<Record>) -> Result<()> {
    let here = at(place, line);
    let held = held.trim();
    ensure!(!held.is_empty(), problem(&here, "empty brackets", "digits in them", MISSING));
    let words: Vec<&str> =
        held.strip_suffix(',').unwrap_or(held).split(',').map(str::trim).collect();
    let is_sequence = |word: &str| unquote(word) != word && unquote(word).trim().len() > 1;
    let parts = if words.iter().all(|word| is_sequence(word)) { words } else { vec![held] };
    for part in parts {
        records.push(Record { line, digits: digits_of(&here, part)?.0, trailing: false });
    }
    Ok(())
}
