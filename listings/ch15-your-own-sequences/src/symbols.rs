//! From text to numbers: every character is a symbol, and so is the end of a sequence.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;

// ANCHOR: alphabet
/// The number of a symbol: 0 for the end mark, 1 and up for the characters.
pub type Symbol = u16;

/// Where a sequence ends, and therefore where the next one begins.
pub const END: Symbol = 0;

/// At most so many symbols, the end mark among them: each costs a row of the output layer, and a
/// column of the first layer's weights.
pub const MOST_SYMBOLS: usize = 4096;

/// The characters of a text, in the order of Unicode. Symbol 1 is the first of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alphabet {
    characters: Vec<char>,
}
// ANCHOR_END: alphabet

impl Alphabet {
    // ANCHOR: alphabet_of
    /// The alphabet of some lines of text.
    ///
    /// # Errors
    /// If there is no character in them, or if there are so many different ones that the symbols are more than [`MOST_SYMBOLS`].
    pub fn of<'a>(lines: impl IntoIterator<Item = &'a str>) -> Result<Self, AlphabetError> {
        let characters: BTreeSet<char> = lines.into_iter().flat_map(str::chars).collect();
        match characters.len() {
            0 => Err(AlphabetError::Empty),
            found if found >= MOST_SYMBOLS => Err(AlphabetError::TooMany { found }),
            _ => Ok(Self { characters: characters.into_iter().collect() }),
        }
    }
    // ANCHOR_END: alphabet_of

    /// The alphabet with these characters, as [`Alphabet::characters`] gave them.
    ///
    /// # Errors
    /// As [`Alphabet::of`], and if they are not in the order of Unicode, each once.
    pub fn from_characters(characters: &str) -> Result<Self, AlphabetError> {
        let mut pairs = characters.chars().zip(characters.chars().skip(1));
        if let Some((_, later)) = pairs.find(|(earlier, later)| earlier >= later) {
            return Err(AlphabetError::OutOfOrder { character: later });
        }
        Self::of([characters])
    }

    /// How many symbols there are, with the end mark: at least 2.
    #[expect(clippy::len_without_is_empty, reason = "it is never empty")]
    pub fn len(&self) -> usize {
        self.characters.len() + 1
    }

    /// The characters, in the order of their symbols; the first of them is symbol 1.
    pub fn characters(&self) -> String {
        self.characters.iter().collect()
    }

    /// The symbol of a character, if it has one.
    pub fn symbol(&self, character: char) -> Option<Symbol> {
        let at = self.characters.binary_search(&character).ok()?;
        Symbol::try_from(at + 1).ok()
    }

    /// The character of a symbol; none for the end mark.
    pub fn character(&self, symbol: Symbol) -> Option<char> {
        self.characters.get(usize::from(symbol).checked_sub(1)?).copied()
    }

    // ANCHOR: encode
    /// A line as a sequence between two end marks: *eve* becomes end, e, v, e, end.
    ///
    /// A network reads all of it but the last symbol, and is asked at each step for the one that
    /// comes next.
    ///
    /// # Errors
    /// If the line has a character that the alphabet has not.
    pub fn encode(&self, line: &str) -> Result<Vec<Symbol>, UnknownSymbol> {
        let mut sequence = vec![END];
        for (place, character) in (1..).zip(line.chars()) {
            let symbol = self.symbol(character).ok_or(UnknownSymbol { character, place })?;
            sequence.push(symbol);
        }
        sequence.push(END);
        Ok(sequence)
    }
    // ANCHOR_END: encode

    /// The characters of a sequence, without its end marks and without what the alphabet does not have.
    pub fn decode(&self, sequence: &[Symbol]) -> String {
        sequence.iter().filter_map(|&symbol| self.character(symbol)).collect()
    }
}

/// Why a text has no alphabet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlphabetError {
    /// There is no character in it.
    Empty,
    /// There are more different characters than a network of this book takes.
    TooMany {
        /// How many there are.
        found: usize,
    },
    /// They are not in order, or one is there twice.
    OutOfOrder {
        /// The first that does not come after the one before it.
        character: char,
    },
}

impl fmt::Display for AlphabetError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => out.write_str("found no character, expected at least one"),
            Self::TooMany { found } => {
                let most = MOST_SYMBOLS - 1;
                write!(out, "found {found} different characters, expected at most {most}")
            }
            Self::OutOfOrder { character } => {
                write!(
                    out,
                    "found {character:?} out of order, expected each character once, in the order of Unicode"
                )
            }
        }
    }
}

impl Error for AlphabetError {}

/// A character that the alphabet does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownSymbol {
    /// The character.
    pub character: char,
    /// Which one of its line it is, counted from 1.
    pub place: usize,
}

impl fmt::Display for UnknownSymbol {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { character, place } = self;
        write!(out, "found {character:?} as character {place}, expected one of the alphabet")
    }
}

impl Error for UnknownSymbol {}
