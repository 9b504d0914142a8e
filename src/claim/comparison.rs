//! The words that draw a conclusion from numbers: of comparison, and of quantity.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_segmentation::UnicodeSegmentation;

/// Words and turns of phrase, a comma between them; `#` is any number in digits. Left out on purpose: what
/// mostly counts steps or orders a story ("first", "last", "later", "further", "each") and what is said of
/// nothing that was measured ("many", "some").
const WORDS: &[&str] = &[
    // More and less.
    "more, most, less, least, fewer, fewest, than, as # as, enough, better, best, worse, worst",
    "good as, well as any, larger, largest, bigger, biggest, greater, greatest, smaller, smallest",
    "higher, highest, lower, lowest, longer, longest, shorter, shortest, faster, fastest, slower",
    "slowest, stronger, strongest, weaker, weakest, closer, closest, nearer, nearest, wider, widest",
    "narrower, steeper, steepest, flatter, louder, quieter, sharper, easier, harder, richer, poorer",
    "cheaper",
    // How many times.
    "twice, half, halves, halved, double, doubles, doubled, triple, times as, times more, times less",
    "# times, many times, several times, two times, three times, four times, five times, six times",
    "seven times, eight times, nine times, ten times, hundred times, thousand times, million times",
    "tenth, hundredth, thousandth, quarter, orders of magnitude, order of magnitude",
    // How many of all.
    "all, both, every, everybody, everyone, everything, everywhere, each of, any of, none, no, nobody",
    "nothing, nowhere, never, neither, always, only, almost, nearly, hardly, barely, exactly, mostly",
    "majority, minority",
    // Equal and not.
    "same, equal, equals, equally, identical, alike, differ, differs, agree, agrees, unchanged, exceed",
    "exceeds, beat, beats, outdo, outdoes",
    // Up and down.
    "grow, grows, grew, shrink, shrinks, shrank, fall, falls, fell, rise, rises, rose, increase",
    "increases, decrease, decreases, drop, drops, dropped, vanish, vanishes, above the, above #",
    "below the, below #, far above, far below, well above, well below, outside the, inside the, lag",
    "lags, gain, gains, win, wins, won, lose, loses",
];

/// Turns of phrase with such a word in them that compare nothing.
const HARMLESS: &[&str] = &[
    "rather than, other than, no longer, after all, at all, above all, of all, once more",
    "at the same time, the same way, all the same, more or less, no doubt, no matter, all in all",
    "let alone, first half, second half, other half, that is all, all above, no more than that, nothing but",
];

/// The words of a sentence that draw a conclusion, each once, in the order of the sentence. A question
/// concludes nothing.
pub fn found(sentence: &str) -> Vec<&'static str> {
    let mut words = words(sentence);
    if words.pop_if(|last| last == "?").is_some() {
        return Vec::new();
    }
    for at in 0..words.len() {
        if let Some(phrase) = longest(&HARMLESS_BY_WORD, &words[at..]) {
            words[at..at + phrase.split(' ').count()].fill(String::new());
        }
    }
    let mut found: Vec<&'static str> = Vec::new();
    for at in 0..words.len() {
        found.extend(longest(&WORDS_BY_WORD, &words[at..]).filter(|word| !found.contains(word)));
    }
    found
}

type Phrases = HashMap<&'static str, Vec<&'static str>>;

static WORDS_BY_WORD: LazyLock<Phrases> = LazyLock::new(|| by_first_word(WORDS));
static HARMLESS_BY_WORD: LazyLock<Phrases> = LazyLock::new(|| by_first_word(HARMLESS));

fn by_first_word(phrases: &[&'static str]) -> Phrases {
    let mut table = Phrases::new();
    for phrase in phrases.iter().flat_map(|line| line.split(", ")) {
        let first = phrase.split(' ').next().unwrap_or_default();
        table.entry(first).or_default().push(phrase);
    }
    table
}

/// The longest phrase that these words begin with.
fn longest(table: &Phrases, words: &[String]) -> Option<&'static str> {
    let begins = |phrase: &&str| {
        let mut words = words.iter();
        phrase.split(' ').all(|part| words.next().is_some_and(|word| word == part))
    };
    let known = table.get(words.first()?.as_str())?;
    known.iter().copied().filter(begins).max_by_key(|phrase| phrase.len())
}

/// A sentence's words in small letters, numbers as `#`; a mark of punctuation is a word of its own.
fn words(sentence: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for piece in sentence.split_word_bounds().filter(|piece| !piece.trim().is_empty()) {
        let number = piece.starts_with(|c: char| c.is_ascii_digit());
        words.push(if number { "#".to_owned() } else { piece.to_lowercase() });
    }
    words
}
