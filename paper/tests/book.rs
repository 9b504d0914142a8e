//! The book's own PDF, as another program reads it: poppler's, which Debian's package `poppler-utils`
//! brings. `cargo run -- build --pdf` first.

use std::path::Path;
use std::process::Command;

/// A4 and the margins of `print.css`, in points: no word may stand nearer to the edge.
const WIDTH: f64 = 595.0;
const MARGIN: f64 = 20.0 / 25.4 * 72.0;

fn poppler(program: &str, arguments: &[&str]) -> String {
    let pdf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/lstm-line-by-line.pdf");
    assert!(pdf.exists(), "no PDF: `cargo run -- build --pdf` makes it");
    let output = Command::new(program).args(arguments).arg(pdf).arg("-").output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}: install poppler-utils"));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The words that stand outside the margins: `xMin`, `xMax` and the word, as `pdftotext -bbox` has them.
fn cut(words: &str) -> Vec<&str> {
    let number = |line: &str, name: &str| -> Option<f64> {
        line.split_once(&format!("{name}=\""))?.1.split('"').next()?.parse().ok()
    };
    let outside = |line: &&str| {
        let (left, right) = (number(line, "xMin"), number(line, "xMax"));
        // A point of patience: italics and brackets lean over.
        left.is_some_and(|x| x < MARGIN - 1.0) || right.is_some_and(|x| x > WIDTH - MARGIN + 1.0)
    };
    words.lines().filter(|line| line.contains("<word ")).filter(outside).collect()
}

#[test]
fn a_word_in_the_margin_is_noticed() {
    let word = |left: f64, right: f64| format!("<word xMin=\"{left}\" xMax=\"{right}\">w</word>");
    assert_eq!(cut(&word(57.0, 538.0)).len(), 0);
    assert_eq!(cut(&word(50.0, 100.0)).len(), 1);
    assert_eq!(cut(&word(500.0, 545.0)).len(), 1);
}

#[test]
#[ignore = "needs target/lstm-line-by-line.pdf and poppler-utils: see README.md"]
fn no_word_code_or_equation_is_cut() {
    let words = poppler("pdftotext", &["-bbox"]);
    assert!(words.matches("<word ").count() > 100_000, "the PDF has hardly a word");
    let cut = cut(&words);
    assert!(cut.is_empty(), "{} words stand in the margin:\n{}", cut.len(), cut.join("\n"));
}
