//! The alphabet, the yardsticks, and the names that both are used on.

use std::collections::BTreeSet;

use digits::{generator, shuffle};
use own_sequences::{
    Alphabet, AlphabetError, END, KneserNey, MOST_SYMBOLS, Ngram, Symbol, UnknownSymbol,
};
use proptest::prelude::*;

const NAMES: &str = include_str!("../data/names.txt");

/// Sequences of symbols below `symbols`, each between two end marks; some are empty.
fn sequences(symbols: Symbol) -> impl Strategy<Value = Vec<Vec<Symbol>>> {
    let inner = prop::collection::vec(1..symbols, 0..8);
    prop::collection::vec(inner, 1..12).prop_map(|all| all.iter().map(|s| framed(s)).collect())
}

fn framed(inner: &[Symbol]) -> Vec<Symbol> {
    [&[END], inner, &[END]].concat()
}

/// Witten and Bell's rule from its definition: nothing is kept, every context is looked for in every sequence.
fn by_definition(
    order: usize,
    all: &[Vec<Symbol>],
    symbols: usize,
    context: &[Symbol],
    symbol: Symbol,
) -> f64 {
    if order == 0 {
        return 1.0 / symbols as f64;
    }
    let context = &context[context.len().saturating_sub(order - 1)..];
    let shorter = if context.is_empty() {
        1.0 / symbols as f64
    } else {
        by_definition(context.len(), all, symbols, &context[1..], symbol)
    };
    let windows = all.iter().flat_map(|sequence| {
        // The first symbol of a sequence is given, so it follows nothing.
        let ends = context.len().max(1)..sequence.len();
        ends.map(|end| (&sequence[end - context.len()..end], sequence[end]))
    });
    let after: Vec<Symbol> =
        windows.filter(|(before, _)| *before == context).map(|(_, next)| next).collect();
    if after.is_empty() {
        return shorter;
    }
    let kinds = BTreeSet::from_iter(&after).len() as f64;
    let count = after.iter().filter(|&&next| next == symbol).count() as f64;
    (count + kinds * shorter) / (after.len() as f64 + kinds)
}

proptest! {
    /// After contexts that were seen and others, also longer ones than the model looks at.
    #[test]
    fn probabilities_are_positive_and_sum_to_1(
        all in sequences(5),
        order in 0_usize..6,
        context in prop::collection::vec(0..5_u16, 0..7),
    ) {
        let p = Ngram::train(order, &all, 5).distribution(&context);
        prop_assert_eq!(p.len(), 5);
        prop_assert!(p.iter().all(|&p| p > 0.0));
        prop_assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{:?}", p);
    }

    #[test]
    fn kneser_and_ney_share_out_everything(
        all in sequences(5),
        order in 0_usize..6,
        context in prop::collection::vec(0..5_u16, 0..6),
    ) {
        let model = KneserNey::train(order, &all, 5);
        let p: Vec<f64> = (0..5).map(|symbol| model.probability(&context, symbol)).collect();
        prop_assert!(p.iter().all(|&p| p > 0.0));
        prop_assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{:?}", p);
    }

    #[test]
    fn the_rule_is_what_its_definition_says(
        all in sequences(4),
        order in 0_usize..6,
        context in prop::collection::vec(0..4_u16, 0..5),
        symbol in 0..4_u16,
    ) {
        let found = Ngram::train(order, &all, 4).probability(&context, symbol);
        let expected = by_definition(order, &all, 4, &context, symbol);
        prop_assert!((found - expected).abs() < 1e-12, "{} and {}", found, expected);
    }

    /// The bits of a list are those of its symbols, each once, and the order of the list does not matter.
    #[test]
    fn bits_are_a_mean_over_symbols(all in sequences(4), order in 0_usize..5) {
        let model = Ngram::train(order, &all, 4);
        let (mut bits, mut asked) = (0.0, 0.0);
        for sequence in &all {
            for (at, &symbol) in sequence.iter().enumerate().skip(1) {
                bits -= model.probability(&sequence[..at], symbol).log2();
                asked += 1.0;
            }
        }
        prop_assert!((model.bits_per_symbol(&all) - bits / asked).abs() < 1e-12);
    }

    #[test]
    fn a_made_up_sequence_stands_between_end_marks(
        all in sequences(4),
        order in 0_usize..5,
        most in 0_usize..6,
        seed in any::<u64>(),
    ) {
        let made_up = Ngram::train(order, &all, 4).sample(most, &mut generator(seed));
        prop_assert!(made_up.len() >= 2 && made_up.len() <= most + 2);
        prop_assert_eq!([made_up.first(), made_up.last()], [Some(&END); 2]);
        prop_assert!(made_up[1..made_up.len() - 1].iter().all(|&symbol| symbol != END && symbol < 4));
    }

    #[test]
    fn a_line_comes_back(line in "[a-zé語 ]{0,12}") {
        let alphabet = Alphabet::of(["azé語 bcdefghijklmnopqrstuvwxy"]).expect("an alphabet");
        let sequence = alphabet.encode(&line).expect("known characters");
        prop_assert_eq!(sequence.len(), line.chars().count() + 2);
        prop_assert_eq!(alphabet.decode(&sequence), line);
    }
}

/// Two sequences, by hand: *ab* and *aa*, with the symbols end, a and b.
#[test]
fn a_small_case_by_hand() {
    let all = [framed(&[1, 2]), framed(&[1, 1])];
    let p = |order, context: &[Symbol], symbol| {
        Ngram::train(order, &all, 3).probability(context, symbol)
    };
    let close = |found: f64, expected: f64| {
        assert!((found - expected).abs() < 1e-15, "{found}, not {expected}");
    };
    close(p(0, &[], 1), 1.0 / 3.0);
    // Six symbols are asked for: a three times, b once, the end twice. Three kinds.
    close(p(1, &[], 1), (3.0 + 3.0 / 3.0) / (6.0 + 3.0));
    close(p(1, &[], 2), 2.0 / 9.0);
    // After a (three times) came a, b and the end, once each.
    close(p(2, &[1], 2), (1.0 + 3.0 * (2.0 / 9.0)) / (3.0 + 3.0));
    // After the beginning (twice) came a: one kind.
    close(p(2, &[END], 1), (2.0 + 4.0 / 9.0) / 3.0);
    close(p(2, &[END], 2), (0.0 + 2.0 / 9.0) / 3.0);
    // After a at the beginning (twice) came b and a.
    close(p(3, &[END, 1], 2), (1.0 + 2.0 * p(2, &[1], 2)) / 4.0);
    // What was never seen is left to the shorter context.
    close(p(3, &[2, 1], 2), p(2, &[1], 2));
}

#[test]
fn a_model_of_nothing_guesses() {
    let model = Ngram::train(4, &[framed(&[])], 8);
    let uniform = Ngram::train(0, &[framed(&[1, 2])], 8);
    assert_eq!(uniform.bits_per_symbol(&[framed(&[3, 4, 5])]), 3.0);
    // It has seen one end mark after a beginning, and knows nothing of the rest.
    assert!(model.probability(&[END], END) > model.probability(&[END], 1));
    assert_eq!(model.probability(&[END], 1), model.probability(&[END], 7));
}

#[test]
#[should_panic(expected = "no symbol is asked for")]
fn bits_of_nothing_are_refused() {
    Ngram::train(1, &[], 3).bits_per_symbol(&[vec![END]]);
}

/// A model that hardly ever ends is stopped, and no sooner than it was told.
#[test]
fn a_made_up_sequence_is_as_long_as_it_may_be() {
    let model = Ngram::train(2, &[framed(&[1; 500])], 2);
    let rng = &mut generator(3);
    for most in [0, 1, 5] {
        let longest = (0..20).map(|_| model.sample(most, rng).len()).max();
        assert_eq!(longest, Some(most + 2));
    }
}

/// The symbols of made-up sequences are as frequent as the model says.
#[test]
fn sequences_are_made_up_by_the_probabilities() {
    let all = [framed(&[1, 2]), framed(&[1, 1]), framed(&[2])];
    let model = Ngram::train(3, &all, 3);
    let rng = &mut generator(7);
    let made_up: Vec<_> = (0..20_000).map(|_| model.sample(1000, rng)).collect();
    for context in [&[END][..], &[END, 1], &[END, 1, 1], &[END, 2]] {
        let after: Vec<Symbol> =
            made_up.iter().filter_map(|s| s.strip_prefix(context)?.first().copied()).collect();
        let n = after.len() as f64;
        for (symbol, p) in (0..).zip(model.distribution(context)) {
            let seen = after.iter().filter(|&&next| next == symbol).count() as f64;
            let allowed = 6.0 * (n * p * (1.0 - p)).sqrt();
            assert!(
                (seen - n * p).abs() < allowed,
                "{context:?}, {symbol}: {seen} of {n}, p = {p}"
            );
        }
    }
}

#[test]
fn an_alphabet_is_sorted_and_ends_with_nothing() {
    let alphabet = Alphabet::of(["eve", "adam"]).expect("an alphabet");
    assert_eq!(alphabet.characters(), "ademv");
    assert_eq!(alphabet.len(), 6);
    assert_eq!(alphabet.encode("eve"), Ok(vec![END, 3, 5, 3, END]));
    assert_eq!(alphabet.encode("a7"), Err(UnknownSymbol { character: '7', place: 2 }));
    assert_eq!((alphabet.character(END), alphabet.character(6)), (None, None));
    assert_eq!(Alphabet::from_characters("ademv"), Ok(alphabet));
}

#[test]
fn an_alphabet_of_nothing_or_of_too_much_is_refused() {
    assert_eq!(Alphabet::of(["", ""]), Err(AlphabetError::Empty));
    assert_eq!(Alphabet::from_characters(""), Err(AlphabetError::Empty));
    for (wrong, character) in [("adda", 'd'), ("aed", 'd')] {
        let found = Alphabet::from_characters(wrong);
        assert_eq!(found, Err(AlphabetError::OutOfOrder { character }));
    }
    let many = |n: u32| {
        let characters: String = (0x4e00..0x4e00 + n).filter_map(char::from_u32).collect();
        Alphabet::of([characters.as_str()])
    };
    let most = MOST_SYMBOLS as u32 - 1;
    assert_eq!(many(most).map(|alphabet| alphabet.len()), Ok(MOST_SYMBOLS));
    assert_eq!(many(most + 1), Err(AlphabetError::TooMany { found: MOST_SYMBOLS }));
    let said = AlphabetError::TooMany { found: MOST_SYMBOLS }.to_string();
    assert_eq!(said, "found 4096 different characters, expected at most 4095");
    let said = UnknownSymbol { character: '7', place: 2 }.to_string();
    assert_eq!(said, "found '7' as character 2, expected one of the alphabet");
}

#[test]
fn the_names_are_sorted_and_each_is_there_once() {
    let names: Vec<&str> = NAMES.lines().collect();
    assert_eq!(names.len(), 5163);
    assert!(names.is_sorted_by(|a, b| a < b));
    assert!(
        names.iter().all(|name| name.len() >= 2 && name.bytes().all(|b| b.is_ascii_lowercase()))
    );
    assert_eq!(Alphabet::of(names).map(|alphabet| alphabet.len()), Ok(27));
}

/// `aab` and `bab` between marks, in pairs. After an a: one a, two b. In how many places: a after the mark, a and b;
/// b after the mark and a; the mark after b alone.
#[test]
fn kneser_and_ney_by_hand() {
    let model = KneserNey::train(2, &[vec![0, 1, 1, 2, 0], vec![0, 2, 1, 2, 0]], 3);
    let alone = |places: f64| (places - 0.75 + 0.75 * 3.0 / 3.0) / 6.0;
    for (symbol, places) in [(0, 1.0), (1, 3.0), (2, 2.0)] {
        assert!((model.probability(&[], symbol) - alone(places)).abs() < 1e-12, "{symbol}");
    }
    let after_a = |less: f64, places: f64| (less + 0.75 * 2.0 * alone(places)) / 3.0;
    assert!((model.probability(&[1], 1) - after_a(0.25, 3.0)).abs() < 1e-12);
    assert!((model.probability(&[1], 2) - after_a(1.25, 2.0)).abs() < 1e-12);
    assert!((model.probability(&[1], 0) - after_a(0.0, 1.0)).abs() < 1e-12);
    // A pair looks back no further.
    assert_eq!(model.probability(&[2, 1], 2), model.probability(&[1], 2));
}

/// On names that were not counted: each longer context is better, up to three letters; the fourth hardly matters.
#[test]
fn longer_contexts_help_up_to_three_letters() {
    let mut names: Vec<&str> = NAMES.lines().collect();
    let alphabet = Alphabet::of(names.iter().copied()).expect("an alphabet");
    for seed in 1..=5 {
        shuffle(&mut names, &mut generator(seed));
        let all: Vec<_> = names.iter().filter_map(|name| alphabet.encode(name).ok()).collect();
        let (unseen, counted) = all.split_at(516);
        let bits = [0, 1, 2, 3, 4, 5]
            .map(|order| Ngram::train(order, counted, alphabet.len()).bits_per_symbol(unseen));
        assert!((bits[0] - 27_f64.log2()).abs() < 1e-12, "{bits:?}");
        assert!(bits[..5].is_sorted_by(|shorter, longer| shorter - longer > 0.1), "{bits:?}");
        assert!((bits[5] - bits[4]).abs() < 0.05, "{bits:?}");
        let better = KneserNey::train(5, counted, alphabet.len()).bits_per_symbol(unseen);
        assert!(better < bits[4] - 0.05, "{better} beside {bits:?}");
    }
}
