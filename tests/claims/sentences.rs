//! Where sentences end, and which words compare.

use press::claim::comparison;
use press::page::Page;

use crate::CHAPTER;

#[test]
fn sentences_end_where_readers_end_them() {
    let source = "One is 1.5 e.g. here. *Two* asks: is it? It costs 2\nlines, i.e. Three of them. $x$ is four.\n\n\
                  `five` is (5). Six!\n\n- Seven\n- Eight. Nine\n\n| a | b |\n|---|---|\n| Ten | Eleven. Twelve |\n\n\
                  # No\n\n```text\nNo. No.\n```\n\n![No. No.](figures/a.svg)\nFig. 2 is thirteen. Fourteen[^1].\n\n[^1]: Fifteen.\n";
    let page = Page::new(CHAPTER, source.to_owned());
    let found: Vec<String> = page.prose().sentences.iter().map(|s| s.text()).collect();
    assert_eq!(
        found,
        [
            "One is 1.5 e.g. here.",
            "Two asks: is it?",
            "It costs 2 lines, i.e. Three of them.",
            "$x$ is four.",
            "`five` is (5).",
            "Six!",
            "Seven",
            "Eight.",
            "Nine",
            "a",
            "b",
            "Ten",
            "Eleven.",
            "Twelve",
            "Fig. 2 is thirteen.",
            "Fourteen.",
            "Fifteen.",
        ]
    );
    let lines: Vec<usize> =
        page.prose().sentences.iter().map(|sentence| page.line(sentence.start)).collect();
    assert_eq!(lines[..8], [1, 1, 1, 2, 4, 4, 6, 7]);
}

#[test]
fn words_that_compare() {
    for (text, words) in [
        ("It is Larger than that.", &["larger", "than"][..]),
        ("No one (nobody) reaches it", &["no", "nobody"]),
        ("1.7 times as fast", &["# times", "times as"]),
        ("three times, always", &["three times", "always"]),
        ("rather than that, after all", &[]),
        ("the first of them, at each step", &[]),
        ("at each of the four rates", &["each of"]),
        ("above 2.303 and above all", &["above #"]),
        ("the small, the tall, the mall", &[]),
        ("Is it twice the largest?", &[]),
        ("the second half, and half of it", &["half"]),
        ("“all”, or none.", &["all", "none"]),
        ("not as good as three", &["good as"]),
    ] {
        assert_eq!(comparison::found(text), words, "{text}");
    }
}
