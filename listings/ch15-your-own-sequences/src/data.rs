//! From a file to sequences of symbols, or to one clear error.

use std::path::Path;

use anyhow::{Result, bail, ensure};
use files::{decode, problem, read};
use own_sequences::{
    Alphabet, AlphabetError, DataAbout, Lessons, MOST_SYMBOLS, Parts, Symbol, UnknownSymbol,
    part_sequences, part_text,
};

/// The most that a file may hold.
const LIMIT: u64 = 16 << 20;
/// The most characters on a line that is one sequence.
pub(crate) const LONGEST: usize = 1000;
/// So many different lines there have to be: one of ten each to choose the epoch, and for the test set.
const FEWEST: usize = 10;
/// So many characters a text has to have.
const SHORTEST: usize = 100;

const EXPECTED: &str = "text, a sequence on each line; or, with --text, one text";
const EXPORT: &str = "export it as text, a sequence on each line";

/// What is learnt from, what chooses the epoch, and what is asked at the end.
pub(crate) enum Material {
    Lines(Parts<Vec<Vec<Symbol>>>),
    Text(Parts<Vec<Symbol>>),
}

/// The same, and how it is recognised.
pub(crate) struct Data {
    pub(crate) material: Material,
    pub(crate) alphabet: Alphabet,
    pub(crate) about: DataAbout,
}

impl Data {
    /// From a file; the seed decides which lines go where.
    pub(crate) fn read(path: &Path, text: bool, seed: u64) -> Result<Data> {
        let lines = lines(path, text)?;
        let alphabet = lines.alphabet()?;
        let sequences = lines.encode(&alphabet)?;
        let mut crc = crc32fast::Hasher::new();
        lines.lines.iter().for_each(|(_, line)| crc.update(format!("{line}\n").as_bytes()));
        let about =
            DataAbout { text, alphabet: alphabet.characters(), fingerprint: crc.finalize() };
        let material = if text {
            Material::Text(part_text(&sequences.concat()))
        } else {
            Material::Lines(enough(&lines.place, part_sequences(sequences, seed))?)
        };
        Ok(Data { material, alphabet, about })
    }

    pub(crate) fn lessons(&self) -> Lessons {
        match &self.material {
            Material::Lines(Parts { training, validation, .. }) => {
                Lessons::Lines { training: training.clone(), validation: validation.clone() }
            }
            Material::Text(Parts { training, validation, .. }) => {
                Lessons::Text { training: training.clone(), validation: validation.clone() }
            }
        }
    }
}

fn enough(place: &str, parts: Parts<Vec<Vec<Symbol>>>) -> Result<Parts<Vec<Vec<Symbol>>>> {
    let mut all: Vec<_> =
        [&parts.training, &parts.validation, &parts.unseen].into_iter().flatten().collect();
    all.sort();
    all.dedup();
    let expected = format!("at least {FEWEST}");
    ensure!(
        all.len() >= FEWEST,
        problem(
            place,
            &format!("{} different lines", all.len()),
            &expected,
            "add some; or, if it is one text, say so with --text"
        )
    );
    Ok(parts)
}

/// All lines of a file to examine a model on, with the symbols of the model.
pub(crate) fn examined(path: &Path, text: bool, alphabet: &Alphabet) -> Result<Vec<Vec<Symbol>>> {
    lines(path, text)?.encode(alphabet)
}

/// A file's lines that are not empty, with their numbers; a text is one of them.
struct Lines {
    place: String,
    lines: Vec<(usize, String)>,
}

fn lines(path: &Path, text: bool) -> Result<Lines> {
    let place = path.display().to_string();
    if path.is_dir() {
        bail!(problem(&place, "a folder", "a file of text", "name a file in it"));
    }
    let all = decode(&place, &read(path, LIMIT)?, EXPECTED, EXPORT)?;
    let all = all.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    for (number, line) in (1..).zip(all.lines()) {
        look_at_line(&format!("{place}, line {number}"), line, text)?;
    }
    let numbered =
        || (1..).zip(all.lines()).map(|(number, line)| (number, line.trim_end().to_owned()));
    let mut lines: Vec<_> = numbered().filter(|(_, line)| !line.is_empty()).collect();
    if lines.is_empty() {
        bail!(problem(&place, "nothing but empty lines", EXPECTED, "add some text"));
    }
    let length = all.chars().count();
    if text && length < SHORTEST {
        let found = format!("a text of {length} characters");
        bail!(problem(&place, &found, &format!("at least {SHORTEST}"), "name a longer text"));
    }
    if text {
        lines = vec![(1, all)];
    }
    Ok(Lines { place, lines })
}

fn look_at_line(there: &str, line: &str, text: bool) -> Result<()> {
    if line.contains(char::REPLACEMENT_CHARACTER) {
        bail!(problem(there, "bytes that are not UTF-8", "text in UTF-8", "save it as UTF-8"));
    }
    let length = line.chars().count();
    if !text && length > LONGEST {
        let found = format!("{length} characters");
        let to_do = "cut the line; or, if it is one text, say so with --text";
        bail!(problem(there, &found, &format!("at most {LONGEST} on a line"), to_do));
    }
    Ok(())
}

impl Lines {
    fn alphabet(&self) -> Result<Alphabet> {
        let place = &self.place;
        let alphabet = Alphabet::of(self.lines.iter().map(|(_, line)| line.as_str()));
        let alphabet = alphabet.map_err(|error| match error {
            AlphabetError::TooMany { found } => problem(
                place,
                &format!("{found} different characters"),
                &format!("at most {}", MOST_SYMBOLS - 1),
                "write it with fewer: in small letters, or spelt in an alphabet",
            ),
            other => problem(place, &other.to_string(), EXPECTED, "name another file"),
        })?;
        if alphabet.len() == 2 {
            let found = format!("no character but {:?}", alphabet.characters());
            bail!(problem(place, &found, "at least two different ones", "name another file"));
        }
        Ok(alphabet)
    }

    fn encode(&self, alphabet: &Alphabet) -> Result<Vec<Vec<Symbol>>> {
        let one = |(number, line): &(usize, String)| {
            alphabet.encode(line).map_err(|UnknownSymbol { character, place }| {
                problem(
                    &format!("{}, line {number}", self.place),
                    &format!("{character:?} as character {place}"),
                    &format!("one of the model's: {}", alphabet.characters()),
                    "name a file with these characters alone",
                )
            })
        };
        self.lines.iter().map(one).collect()
    }
}
