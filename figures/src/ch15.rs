//! The figures of chapter 15, from its record.

use std::fmt::Write;
use std::path::Path;

use press::project::Output;

use super::ch14_opened::{frame, text};
use super::plot::{Axes, Curve, Plot, decimal, plain};
use super::{Colour, Figure, WIDTH, document};

pub(super) const FIGURES: &[Figure] =
    &[Figure { name: "ch15-curve", draw: curve }, Figure { name: "ch15-expects", draw: expects }];

/// The record. Another test says what is wrong with one that cannot be read; here its curves would be missing.
fn record() -> Output {
    let file = Path::new("listings/ch15-your-own-sequences/records/names.txt");
    let text = include_str!("../../listings/ch15-your-own-sequences/records/names.txt");
    Output::parse(file, text).unwrap_or_default()
}

fn number(record: &Output, name: &str) -> Option<f64> {
    record.numbers.get(name)?.text.parse().ok()
}

/// What is surprising in training and in validation over the epochs of a run, and what counting reaches.
fn curve() -> String {
    let record = record();
    let points = |column: &str| -> Vec<(f64, f64)> {
        let bits = |epoch: u32| number(&record, &format!("epoch={epoch}.{column}"));
        (1..).map_while(|epoch| Some((f64::from(epoch), bits(epoch)?))).collect()
    };
    let (training, validation) = (points("training"), points("validation"));
    let epochs = training.len() as f64;
    let counted = |name: &str| number(&record, &format!("{name}.s1")).unwrap_or(f64::NAN);
    let level = |name: &str| vec![(0.0, counted(name)), (epochs, counted(name))];
    let curve = |label: &str, colour, points: &[(f64, f64)], label_at: usize| Curve {
        label: label.to_owned(),
        colour,
        points: points.to_vec(),
        label_at,
    };
    let last = training.len().saturating_sub(1);
    let curves = [
        curve("a", Colour::Ink, &training, last * 6 / 10),
        curve("b", Colour::Forget, &validation, last * 3 / 4),
        curve("2", Colour::Faint, &level("bigrams"), 1),
        curve("3", Colour::Faint, &level("trigrams"), 1),
        curve("4", Colour::Faint, &level("4-grams"), 1),
    ];
    let lowest = validation.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or_default();
    let end = |points: &[(f64, f64)]| points.last().map_or(f64::NAN, |point| point.1);
    let description = format!(
        "Bits per symbol over {epochs} epochs. The curve of training, a, falls all the time, to {:.2}. That of validation, b, falls to \
         {:.2} at epoch {} and rises again, to {:.2} at the end. Three level lines are what counting reaches on unseen names: \
         bigrams {:.2}, trigrams {:.2}, 4-grams {:.2}.",
        end(&training),
        lowest.1,
        lowest.0,
        end(&validation),
        counted("bigrams"),
        counted("trigrams"),
        counted("4-grams"),
    );
    let axes = Axes { x: 0.0..epochs, y: 2.0..3.8, labels: (plain, decimal), marks: (7, 6) };
    Plot {
        name: "ch15-curve",
        title: "When to stop",
        description: &description,
        x: ("epochs", epochs),
        y: ("bits per symbol", 4.0),
        curves: &curves,
    }
    .draw_on(&axes)
}

/// How many letters the name has that is read in the record.
const LETTERS: usize = 7;

/// The name itself, with an end mark on both sides.
fn name(record: &Output) -> Vec<String> {
    let said = record.sections.get("foretold").map_or("", String::as_str);
    let name = said.lines().find_map(|line| line.strip_prefix("It is ")).unwrap_or_default();
    let letters = name.trim_end_matches('.').chars().map(String::from);
    let end = || std::iter::once("end".to_owned());
    end().chain(letters).chain(end()).collect()
}

/// What a model expected after so many letters: each symbol with its probability, the likeliest first.
fn expected(record: &Output, model: &str, read: usize) -> Vec<(String, f64)> {
    let symbols = ('a'..='z').map(String::from).chain(["end".to_owned()]);
    let probability = |symbol: &str| number(record, &format!("{model}:{symbol}.p{read}"));
    let mut all: Vec<_> =
        symbols.filter_map(|symbol| probability(&symbol).map(|p| (symbol, p))).collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    all
}

/// A letter as the picture shows it: the end mark is a dot.
fn shown(letter: &str) -> &str {
    if letter == "end" { "·" } else { letter }
}

const LEFT: f64 = 14.0;
const COLUMN: f64 = 65.0;
const LINE: f64 = 21.0;

/// The three letters that two models expect most after each beginning of a name that neither has seen.
fn expects() -> String {
    let record = record();
    let name = name(&record);
    let (mut svg, mut told) = (String::new(), String::new());
    for (panel, (model, title)) in [("lstm", "LSTM"), ("grams", "4-grams")].into_iter().enumerate()
    {
        let top = 64.0 + 104.0 * panel as f64;
        text(&mut svg, (LEFT + 4.0, top), "start", title);
        let mut given = Vec::new();
        for read in 0..=LETTERS {
            let x = LEFT + COLUMN * read as f64;
            let (letter, comes) = (name.get(read), name.get(read + 1));
            if let Some(letter) = letter.filter(|_| panel == 0) {
                text(&mut svg, (x + 4.0, 26.0), "start", shown(letter));
            }
            let all = expected(&record, model, read);
            for (place, (letter, p)) in all.iter().take(3).enumerate() {
                let came = Some(letter) == comes;
                guess(&mut svg, (x, top + 24.0 + LINE * place as f64), (letter, *p), came);
            }
            let came = all.iter().find(|(letter, _)| Some(letter) == comes);
            given.extend(came.map(|(letter, p)| format!("{letter} {p:.2}")));
        }
        let _ = write!(told, " The {title} gave what came: {}.", given.join(", "));
    }
    let description = format!(
        "The name {} is read from left to right, from its beginning, a dot, to its last letter. Under each letter stand the \
         three symbols that two models then think likeliest to come next, each with a bar as long as its probability; a filled \
         bar belongs to the one that did come.{told}",
        name.iter().filter(|letter| *letter != "end").cloned().collect::<String>(),
    );
    document("ch15-expects", (WIDTH, 262), "What comes next?", &description, &svg)
}

/// A letter and a bar, from 0 to 1; filled, if it is the one that came.
fn guess(svg: &mut String, (x, y): (f64, f64), (letter, p): (&str, f64), came: bool) {
    text(svg, (x + 4.0, y), "start", shown(letter));
    let (colour, wide) = (Colour::Hidden.css(), 36.0);
    frame(svg, (x + 21.0, y - 11.0), (wide, 12.0));
    let fill = if came { colour.as_str() } else { "none" };
    let _ = writeln!(
        svg,
        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"12\" fill=\"{fill}\" stroke=\"{colour}\" stroke-width=\"1.5\"/>",
        x + 21.0,
        y - 11.0,
        wide * p.clamp(0.0, 1.0),
    );
}
