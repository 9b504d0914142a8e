//! Names and words that a program printed, as readers read them.

use super::super::draft::Draft;
use super::super::formula::formula;
use super::cell;
use super::symbol;
use crate::mathml::{Display, escaped};
use crate::names::{Found, NAMES};
use crate::project::{numbers, parse_number};

/// Words of one letter.
const WORDS: [&str; 3] = ["a", "A", "I"];

/// Puts the names of a section into words and symbols.
pub(super) struct Namer<'d, 'a> {
    draft: &'d mut Draft<'a>,
    /// Where the page includes the section.
    at: usize,
    /// `ch04:fade`, `ch12/steps:W1`.
    section: String,
}

impl<'d, 'a> Namer<'d, 'a> {
    pub(super) fn new(draft: &'d mut Draft<'a>, at: usize, section: String) -> Namer<'d, 'a> {
        Namer { draft, at, section }
    }

    /// The name of a row, a column or a value. One that neither the file nor a rule knows is refused.
    pub(super) fn name(&mut self, name: &str) -> String {
        self.known(name).unwrap_or_else(|| {
            let expected = format!(
                "a symbol of the notation, words that the book's sentences use, or an entry of {NAMES}"
            );
            let todo = format!(
                "say in {NAMES} what readers are told, under [names] or [\"{}\"]: \"{name}\" = \"…\"",
                self.section
            );
            self.draft.problem(self.at, format!("the name `{name}` in {}", self.section), expected, todo);
            escaped(name)
        })
    }

    fn known(&mut self, name: &str) -> Option<String> {
        let press = self.draft.press;
        if let Some(found) = press.names.find(&self.section, name) {
            return self.told(name, &found);
        }
        if let Some(latex) = symbol::latex(name, &press.notation) {
            return self.math(&latex);
        }
        if parse_number(name).is_some() {
            return Some(cell::number(name));
        }
        if let Some((left, right)) = name.split_once('=') {
            let (left, right) = (left.trim(), right.trim());
            return match symbol::latex(left, &press.notation) {
                Some(latex) if parse_number(right).is_some() => {
                    self.math(&format!("{latex} = {}", symbol::number(right)))
                }
                _ => Some(format!("{} {}", self.known(left)?, self.known(right)?)),
            };
        }
        // Whoever prints spaces in a name, which tags cannot have, prints it for readers.
        if name.contains(char::is_whitespace) { Some(self.text(name)) } else { self.words(name) }
    }

    /// What the file says instead of a name.
    fn told(&mut self, name: &str, found: &Found<'_>) -> Option<String> {
        let mut html = String::new();
        for (n, piece) in found.told.split('$').enumerate() {
            let math = n % 2 == 1;
            let mut filled = if math { piece.to_owned() } else { escaped(piece) };
            for (n, part) in (1..).zip(&found.parts) {
                let place = format!("{{{n}}}");
                if filled.contains(&place) {
                    let part = match math {
                        true => symbol::number(part),
                        // A pattern that fits itself would be asked again for ever.
                        false if part.len() == name.len() => escaped(part),
                        false => self.known(part)?,
                    };
                    filled = filled.replace(&place, &part);
                }
            }
            html += &if math { self.math(&filled)? } else { filled };
        }
        Some(glued(&html))
    }

    /// `half_life`, `unit-1`: words that sentences use, symbols, and behind them numbers.
    fn words(&mut self, name: &str) -> Option<String> {
        let press = self.draft.press;
        let mut words = Vec::new();
        for part in name.split(['-', '_']) {
            words.push(if press.names.says(part) || WORDS.contains(&part) {
                part.to_owned()
            } else if parse_number(part).is_some() && !words.is_empty() {
                cell::number(part)
            } else {
                self.math(&symbol::latex(part, &press.notation)?)?
            });
        }
        Some(words.join(" "))
    }

    fn math(&mut self, latex: &str) -> Option<String> {
        formula(self.draft, self.at, latex, Display::Inline).map(|(html, _)| html)
    }

    /// What a section is about, with a capital letter.
    pub(super) fn title(&mut self, title: &str) -> String {
        let word =
            title.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
        let symbol = word.contains('_') || (word.len() == 1 && !WORDS.contains(&word));
        let html = self.text(title);
        match html.chars().next() {
            Some(first) if first.is_alphabetic() && !symbol => {
                first.to_uppercase().collect::<String>() + &html[first.len_utf8()..]
            }
            _ => html,
        }
    }

    /// A line of words. Where it says what columns mean (`learnt: 90 percent; at-99: 99 percent`), it names
    /// them as their headings do.
    pub(super) fn sentence(&mut self, line: &str, header: &[&str]) -> String {
        let parts = line.split("; ").map(|part| {
            let (names, meaning) = part.split_once(": ")?;
            let names: Vec<&str> = names.split(", ").collect();
            names.iter().all(|name| header.contains(name)).then_some((names, meaning))
        });
        let Some(parts) = parts.collect::<Option<Vec<_>>>() else { return self.text(line) };
        let parts = parts.into_iter().map(|(names, meaning)| {
            let names = names.into_iter().map(|name| format!("<b>{}</b>", self.name(name)));
            let names = names.collect::<Vec<_>>().join(", ");
            format!("{names}: {}", self.text(meaning))
        });
        parts.collect::<Vec<_>>().join("; ")
    }

    /// Words, in which code is marked with backticks, and symbols and numbers are typed as programs type them.
    pub(super) fn text(&mut self, text: &str) -> String {
        let press = self.draft.press;
        if let Some(found) = press.names.find(&self.section, text).filter(|f| f.parts.is_empty()) {
            return self.told(text, &found).unwrap_or_default();
        }
        let numbers = numbers(text);
        let (mut html, mut at) = (String::new(), 0);
        while let Some(first) = text[at..].chars().next() {
            let rest = &text[at..];
            let code = rest.strip_prefix('`').and_then(|code| code.split_once('`'));
            let number = numbers.iter().find(|number| number.start == at);
            let length = if let Some((code, _)) = code {
                html += &format!("<code>{}</code>", escaped(code));
                code.len() + 2
            } else if let Some(number) = number {
                html += &cell::number(&text[number.clone()]);
                number.len()
            } else if first.is_alphanumeric() {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
                let word = &rest[..end.unwrap_or(rest.len())];
                html += &self.word(word, text[..at].ends_with('\''));
                word.len()
            } else if first == '^' && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
                let end =
                    rest[1..].find(|c: char| !c.is_ascii_digit()).map_or(rest.len(), |end| end + 1);
                html += &format!("<sup>{}</sup>", &rest[1..end]);
                end
            } else if first == '-' && is_minus(&text[..at], &rest[1..]) {
                html.push('−');
                1
            } else {
                html += &escaped(&rest[..first.len_utf8()]);
                first.len_utf8()
            };
            at += length;
        }
        glued(&html)
    }

    /// A word of a sentence: a letter that names something is a symbol, but not the s of a genitive. What is
    /// written as only programs write it is a name.
    fn word(&mut self, word: &str, after_apostrophe: bool) -> String {
        if word.contains('_') {
            return self.name(word);
        }
        let letter = word.chars().count() == 1 && !WORDS.contains(&word) && !after_apostrophe;
        let symbol = symbol::latex(word, &self.draft.press.notation);
        let symbol = symbol.filter(|symbol| letter || symbol.starts_with('\\'));
        let symbol = symbol.filter(|_| !["cand", "candidate"].contains(&word));
        symbol.and_then(|latex| self.math(&latex)).unwrap_or_else(|| escaped(word))
    }
}

/// With formulas and the marks behind them kept in one line.
fn glued(html: &str) -> String {
    let (mut glued, mut rest) = (String::new(), html);
    while let Some(start) = rest.find("<math")
        && let Some(end) = rest.find("</math>").map(|end| end + "</math>".len())
    {
        glued += &rest[..start];
        let mark = rest[end..].chars().next().filter(|mark| ",.;:?!)".contains(*mark));
        glued += &match mark {
            Some(mark) => format!("<span class=\"nowrap\">{}{mark}</span>", &rest[start..end]),
            None => rest[start..end].to_owned(),
        };
        rest = &rest[end + usize::from(mark.is_some())..];
    }
    glued + rest
}

/// Is a hyphen between these a minus sign? `at -z` has one; `pre-activation` and `--lr` have none.
fn is_minus(before: &str, after: &str) -> bool {
    before.chars().next_back().is_none_or(|c| c.is_whitespace() || c == '(')
        && after.starts_with(char::is_alphabetic)
}
