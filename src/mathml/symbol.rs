//! Names of quantities, and the time at which they are meant.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// The letters that count time steps or terms; any other letter in a subscript is part of a name.
///
/// `i` is not among them: it is the input gate.
const INDEX_LETTERS: [char; 5] = ['t', 'T', 'k', 'j', 's'];

/// Characters that have a name in LaTeX; the name is what the canonical spelling uses.
const NAMED_CHARACTERS: [(char, &str); 40] = [
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ϵ', "epsilon"),
    ('ε', "varepsilon"),
    ('ζ', "zeta"),
    ('η', "eta"),
    ('θ', "theta"),
    ('ϑ', "vartheta"),
    ('ι', "iota"),
    ('κ', "kappa"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('ν', "nu"),
    ('ξ', "xi"),
    ('π', "pi"),
    ('ρ', "rho"),
    ('ϱ', "varrho"),
    ('σ', "sigma"),
    ('τ', "tau"),
    ('υ', "upsilon"),
    ('ϕ', "phi"),
    ('φ', "varphi"),
    ('χ', "chi"),
    ('ψ', "psi"),
    ('ω', "omega"),
    ('Γ', "Gamma"),
    ('Δ', "Delta"),
    ('Θ', "Theta"),
    ('Λ', "Lambda"),
    ('Ξ', "Xi"),
    ('Π', "Pi"),
    ('Σ', "Sigma"),
    ('Φ', "Phi"),
    ('Ψ', "Psi"),
    ('Ω', "Omega"),
    ('ℓ', "ell"),
    ('∂', "partial"),
    ('∇', "nabla"),
];

/// Accents by LaTeX name, with the characters that MathML puts over the letter.
const ACCENTS: [(&str, &[char]); 7] = [
    ("bar", &['¯', '‾', '\u{304}', '\u{305}', '\u{332}']),
    ("tilde", &['˜', '~', '\u{303}']),
    ("hat", &['ˆ', '^', '\u{302}']),
    ("vec", &['→', '\u{20d7}']),
    ("dot", &['˙', '\u{307}']),
    ("ddot", &['¨', '\u{308}']),
    ("check", &['ˇ', '\u{30c}']),
];

/// A time index such as `t-1`, `0` or `T-k`: a sum of index letters and a whole number.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Index {
    letters: BTreeMap<char, i64>,
    constant: i64,
}

impl Index {
    /// Reads `t-1`; `None` if the text is anything else than sums of index letters and digits.
    pub fn parse(text: &str) -> Option<Self> {
        let mut index = Index::default();
        let mut rest = text;
        let mut first = true;
        while first || !rest.is_empty() {
            let (sign, term) = match rest.strip_prefix('-') {
                Some(term) => (-1, term),
                None if first => (1, rest),
                None => (1, rest.strip_prefix('+')?),
            };
            first = false;
            let end = term.find(['+', '-']).unwrap_or(term.len());
            index.add_term(sign, &term[..end])?;
            rest = &term[end..];
        }
        index.letters.retain(|_, count| *count != 0);
        Some(index)
    }

    fn add_term(&mut self, sign: i64, term: &str) -> Option<()> {
        let mut characters = term.chars();
        match (characters.next()?, characters.next()) {
            (letter, None) if INDEX_LETTERS.contains(&letter) => {
                *self.letters.entry(letter).or_default() += sign;
            }
            _ if term.bytes().all(|byte| byte.is_ascii_digit()) => {
                let number: i64 = term.parse().ok()?;
                self.constant = self.constant.checked_add(sign * number)?;
            }
            _ => return None,
        }
        Some(())
    }

    /// The value, given what each letter stands for; `None` for a letter without a value or an
    /// overflow.
    pub fn value(&self, letter: impl Fn(char) -> Option<i64>) -> Option<i64> {
        let mut sum = self.constant;
        for (name, count) in &self.letters {
            sum = sum.checked_add(letter(*name)?.checked_mul(*count)?)?;
        }
        Some(sum)
    }

    /// The number, if no letter occurs.
    pub fn constant(&self) -> Option<i64> {
        self.letters.is_empty().then_some(self.constant)
    }

    /// Does this letter occur?
    pub fn uses(&self, letter: char) -> bool {
        self.letters.contains_key(&letter)
    }

    /// The index `by` steps later, or earlier when negative.
    pub fn shifted(&self, by: i64) -> Self {
        Index { constant: self.constant.saturating_add(by), ..self.clone() }
    }
}

impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let repeated = |wanted: i64| {
            self.letters
                .iter()
                .filter(move |(_, count)| count.signum() == wanted)
                .flat_map(|(letter, count)| (0..count.abs()).map(move |_| letter.to_string()))
        };
        let plus: Vec<String> = repeated(1).collect();
        let minus: String = repeated(-1).map(|letter| format!("-{letter}")).collect();
        // A number leads only where no positive letter can: `1-t`, but `t+1`.
        match (plus.is_empty(), self.constant) {
            (true, 0) if !minus.is_empty() => f.write_str(&minus),
            (true, number) => write!(f, "{number}{minus}"),
            (false, 0) => write!(f, "{}{minus}", plus.join("+")),
            (false, number) => write!(f, "{}{minus}{number:+}", plus.join("+")),
        }
    }
}

/// A quantity's name, and the time at which it is meant, if it has one.
///
/// A canonical spelling is what a test writes to bind a value, so it is plain text:
///
/// | on the page | canonical name | index |
/// |---|---|---|
/// | `W_f`, `b_C` | `W_f`, `b_C` | |
/// | `h_{t-1}`, `C_0` | `h`, `C` | `t-1`, `0` |
/// | `z^f_t` | `z^f` | `t` |
/// | `\tilde{C}_t` | `tilde(C)` | `t` |
/// | `\bar{z}^f_t`, `\bar{W}_f` | `bar(z^f)`, `bar(W_f)` | `t`, none |
/// | `\bar{\tilde{C}}_t` | `bar(tilde(C))` | `t` |
/// | `\eta`, `\partial` | `eta`, `partial` | |
/// | `W_{\text{out}}`, `W_{f,t}` | `W_{out}`, `W_f` | none, `t` |
///
/// With its index a symbol is spelled `h_{t-1}`, `z^f_t`, `bar(z^f)_t`, `W_{f,t}`.
///
/// A subscript of digits, of the letters `t`, `T`, `k`, `j`, `s`, and of sums and differences of
/// these is a time index; all other scripts are part of the name, and so are accents and primes.
/// A superscript that looks like an index is a power and no part of the symbol.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol {
    /// Innermost first.
    accents: Vec<&'static str>,
    base: String,
    primes: usize,
    lower: Option<String>,
    upper: Option<String>,
    index: Option<Index>,
}

impl Symbol {
    /// A symbol without accents and scripts.
    pub fn plain(base: impl Into<String>) -> Self {
        Symbol {
            accents: Vec::new(),
            base: base.into(),
            primes: 0,
            lower: None,
            upper: None,
            index: None,
        }
    }

    /// A symbol of one character, named as LaTeX names it: `η` is `eta`.
    ///
    /// `None` for characters that name nothing, such as `∞` or `⊤`.
    pub(super) fn from_character(character: char) -> Option<Self> {
        let named = NAMED_CHARACTERS.iter().find(|(c, _)| *c == character);
        match named {
            Some((_, name)) => Some(Symbol::plain(*name)),
            None => character.is_alphabetic().then(|| Symbol::plain(character.to_string())),
        }
    }

    /// The canonical name, without the time index: `W_f`, `z^f`, `bar(tilde(C))`.
    pub fn name(&self) -> String {
        let mut name = format!("{}{}", self.base, "'".repeat(self.primes));
        if let Some(lower) = &self.lower {
            name += &format!("_{}", braced(lower));
        }
        if let Some(upper) = &self.upper {
            name += &format!("^{}", braced(upper));
        }
        for accent in &self.accents {
            name = format!("{accent}({name})");
        }
        name
    }

    /// The time index, as in `h_{t-1}` or `C_0`.
    pub fn index(&self) -> Option<&Index> {
        self.index.as_ref()
    }

    /// The index letter that this is, when it stands for itself: `t`, `T`.
    pub fn as_index_letter(&self) -> Option<char> {
        let letter = INDEX_LETTERS.into_iter().find(|letter| self.base.chars().eq([*letter]))?;
        (*self == Symbol::plain(letter)).then_some(letter)
    }

    /// Blackboard letters name sets, whose superscripts are dimensions and not names.
    pub(super) fn is_set(&self) -> bool {
        self.base.starts_with(['ℂ', 'ℕ', 'ℚ', 'ℝ', 'ℤ', '𝔹', '𝔼', '𝕊'])
    }

    /// The same symbol at another time.
    pub fn with_index(&self, index: Index) -> Self {
        Symbol { index: Some(index), ..self.clone() }
    }

    pub(super) fn add_accent(&mut self, mark: char) -> bool {
        let accent = ACCENTS.iter().find(|(_, marks)| marks.contains(&mark));
        if let Some((name, _)) = accent {
            self.accents.push(name);
        }
        accent.is_some()
    }

    pub(super) fn add_primes(&mut self, count: usize) {
        self.primes += count;
    }

    /// Takes a subscript in as name, as index or, with a comma, as both. `false`, and no change, if
    /// it is neither or if the place is taken.
    pub(super) fn add_subscript(&mut self, text: &str) -> bool {
        let mut names = Vec::new();
        let mut index = None;
        for part in text.split(',') {
            match Index::parse(part) {
                Some(_) if index.is_some() => return false,
                Some(found) => index = Some(found),
                None if is_name(part) => names.push(part),
                None => return false,
            }
        }
        let taken = (index.is_some() && self.index.is_some())
            || (!names.is_empty() && self.lower.is_some());
        if taken {
            return false;
        }
        if !names.is_empty() {
            self.lower = Some(names.join(","));
        }
        self.index = index.or(self.index.take());
        true
    }

    /// Takes a superscript in as part of the name. `false`, and no change, if it cannot be one.
    pub(super) fn add_superscript(&mut self, text: &str) -> bool {
        let fits = self.upper.is_none() && is_name(text);
        if fits {
            self.upper = Some(text.to_owned());
        }
        fits
    }

    /// Would another superscript run into one that is there?
    pub fn has_superscript(&self) -> bool {
        self.upper.is_some() || self.primes > 0
    }

    /// As an author would type it.
    pub fn latex(&self) -> String {
        let mut text = command(&self.base);
        for accent in &self.accents {
            text = format!("\\{accent}{{{text}}}");
        }
        text += &"'".repeat(self.primes);
        let index = self.index.as_ref().map(ToString::to_string);
        let lower: Vec<String> =
            [self.lower.as_deref().map(command), index].into_iter().flatten().collect();
        if !lower.is_empty() {
            text += &format!("_{}", braced(&lower.join(",")));
        }
        if let Some(upper) = &self.upper {
            text += &format!("^{}", braced(&command(upper)));
        }
        text
    }
}

impl fmt::Display for Symbol {
    /// The canonical spelling, with the index: `h_{t-1}`, `bar(z^f)_t`, `W_{f,t}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(index) = &self.index else {
            return f.write_str(&self.name());
        };
        match &self.lower {
            Some(lower) if self.accents.is_empty() => {
                let mut joined = self.clone();
                joined.index = None;
                joined.lower = Some(format!("{lower},{index}"));
                f.write_str(&joined.name())
            }
            _ => write!(f, "{}_{}", self.name(), braced(&index.to_string())),
        }
    }
}

/// A text that spells no symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SymbolError {
    text: String,
}

impl fmt::Display for SymbolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` spells no symbol; spell it like `W_f`, `z^f`, `h_{{t-1}}`, `bar(tilde(C))`",
            self.text
        )
    }
}

impl Error for SymbolError {}

impl FromStr for Symbol {
    type Err = SymbolError;

    /// Reads a canonical spelling, with or without an index: `bar(z^f)`, `h_{t-1}`.
    fn from_str(text: &str) -> Result<Self, SymbolError> {
        read_symbol(text.trim()).ok_or_else(|| SymbolError { text: text.to_owned() })
    }
}

fn read_symbol(text: &str) -> Option<Symbol> {
    let mut accents = Vec::new();
    let mut rest = text;
    while let Some((accent, inner)) = strip_accent(rest) {
        accents.push(accent);
        rest = inner;
    }
    let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    let (base, mut rest) = rest.split_at(end);
    if base.is_empty() {
        return None;
    }
    let mut symbol = match (base.chars().next()?, base.chars().count()) {
        (character, 1) => Symbol::from_character(character)?,
        _ => Symbol::plain(base),
    };
    rest = read_scripts(&mut symbol, rest)?;
    for accent in accents.into_iter().rev() {
        symbol.accents.push(accent);
        rest = read_scripts(&mut symbol, rest.strip_prefix(')')?)?;
    }
    rest.is_empty().then_some(symbol)
}

fn strip_accent(text: &str) -> Option<(&'static str, &str)> {
    ACCENTS.iter().find_map(|(name, _)| {
        let inner = text.strip_prefix(name)?.strip_prefix('(')?;
        Some((*name, inner))
    })
}

fn read_scripts<'a>(symbol: &mut Symbol, mut rest: &'a str) -> Option<&'a str> {
    loop {
        if let Some(after) = rest.strip_prefix('\'') {
            symbol.primes += 1;
            rest = after;
        } else if let Some(after) = rest.strip_prefix('_') {
            let (script, after) = read_script(after)?;
            symbol.add_subscript(script).then_some(())?;
            rest = after;
        } else if let Some(after) = rest.strip_prefix('^') {
            let (script, after) = read_script(after)?;
            symbol.add_superscript(script).then_some(())?;
            rest = after;
        } else {
            return Some(rest);
        }
    }
}

fn read_script(text: &str) -> Option<(&str, &str)> {
    if let Some(inner) = text.strip_prefix('{') {
        return inner.split_once('}');
    }
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// Letters and digits, or one bracketed run of them as in `W^{(1)}`.
fn is_name(text: &str) -> bool {
    let bare = text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(text);
    !bare.is_empty() && bare.chars().all(char::is_alphanumeric)
}

fn braced(text: &str) -> String {
    match text.chars().count() {
        1 => text.to_owned(),
        _ => format!("{{{text}}}"),
    }
}

/// `eta` as `\eta`; anything that LaTeX has no such name for stays as it is.
fn command(text: &str) -> String {
    match NAMED_CHARACTERS.iter().any(|(_, name)| *name == text) {
        true => format!("\\{text}"),
        false => text.to_owned(),
    }
}
