//! What a page concludes from numbers: what can be said, when it is refused, and who may be silent.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;

use press::claim::predicate::Reference;
use press::claim::report::report;
use press::claim::rule::conclusions;
use press::page::pages;
use press::site;
use press::typeset::Press;
use press::words::ENGLISH;

mod sentences;
#[path = "../support/small_book.rs"]
mod small_book;
#[path = "../support/mod.rs"]
mod support;
use small_book::Book;

const CHAPTER: &str = "book/src/ch01-one.md";
/// A sentence of the small book, and where it stands.
const SENTENCE: &str = "times as fast<!--claim ch01/steps: {speedup} > 1-->.";
const PLACE: &str = "book/src/ch01-one.md:39\n";

/// Five networks at two lengths: what the predicates below are about.
const RACE: &str = "$ cargo run --release -p ch01 --bin race

# ten: digits
network  | solved |    s1 |    s2 |    s3
10:lstm  |      3 | 100.0 |  99.5 |  99.0
10:plain |      1 |  50.0 | 100.0 |  25.0
10:late  |      0 | never |   1.0 |   2.0

# sizes: of it all
low  = 7.5
high = 12.5
tiny = 1e-3
cold = -4
";

/// What a page says in place of the race's names.
const NAMES: &str = "[names]
speedup = \"times as fast\"
\"10:*\" = \"row\"
\"s#\" = \"start\"
network = \"network\"
solved = \"done\"
low = \"low\"
high = \"high\"
tiny = \"tiny\"
cold = \"cold\"
";

fn race() -> Book {
    Book::good().with("listings/ch01-one/records/race.txt", RACE).with("book/names.toml", NAMES)
}

/// The small book with another sentence in place of its claim.
fn says(sentence: &str) -> String {
    let book = race().page(SENTENCE, sentence);
    let project = book.project();
    let checked = pages(&project)
        .and_then(|pages| Press::new(&project, &pages)?.typeset_all(&pages).map(|_| ()));
    checked.err().map(|problems| problems.to_string()).unwrap_or_default()
}

/// The message that a predicate on the race earns; none if it holds.
fn claims(predicate: &str) -> String {
    says(&format!("times as fast<!--claim ch01/race: {predicate}-->."))
}

#[track_caller]
fn refused(message: &str, parts: &[&str]) {
    assert!(message.starts_with(PLACE), "{message}");
    assert!(message.ends_with("1 problem found"), "{message}");
    for part in parts.iter().chain(&["found  ", "expected  ", "to do  "]) {
        assert!(message.contains(part), "expected {part:?} in:\n{message}");
    }
}

#[test]
fn what_holds_is_let_through() {
    for predicate in [
        "{10:lstm.solved} == 3",
        "{10:lstm.solved} == 3 and {10:plain.solved} == 1",
        "all({10:lstm.s?} >= 99)",
        "all({10:lstm.s[12]} > {10:plain.s[13]})",
        "not all({10:lstm.s?} > {10:plain.s?})",
        "count({10:lstm.s?} > {10:plain.s?}) == 2",
        "any({10:plain.s?} > {10:lstm.s?})",
        "count({10:plain.s?} >= 99) == {10:plain.solved}",
        "{low} / {high} in 0.6 ± 0.01",
        "{low} / {high} == 0.6",
        "all({10:plain.s?} in 25 .. 100)",
        "{10:lstm.s1} == max({10:plain.s1} & {10:lstm.s?})",
        "max({10:plain.s?}) - min({10:plain.s?}) == 75",
        "sum({10:plain.s?}) == 175 and median({10:plain.s?}) == 50",
        "mean({10:lstm.s?}) == 99.5 and sum({10:plain.s?}) / size({10:plain.s?}) > 58",
        "first({10:lstm.s?}) > last({10:lstm.s?})",
        "decreasing({10:lstm.s?}) and not increasing({10:lstm.s?})",
        "all(steps({10:lstm.s?}) == -0.5)",
        "all(ratios({10:plain.s?}) != 1)",
        "abs({cold}) == 4 and -{cold} == 4 and {cold} > -5",
        "{tiny} == 1e-3 and {tiny} * 2 <= 0.002",
        "{ch01:open.f} > {ch01/wide:shut.f} and {low} < {high}",
        "{low} > 9 or {high} > 9",
        "{low} < 9 or {high} < 9",
        "all({10:lstm.s?} > 98 and {10:lstm.s?} < 101)",
        "{low}\n  < {high}",
    ] {
        assert_eq!(claims(predicate), "", "{predicate}");
    }
}

#[test]
fn what_is_false_is_refused_with_the_numbers() {
    let message = claims("{10:lstm.solved} == 3 and all({10:plain.s?} > 25)");
    refused(
        &message,
        &[
            "`all({10:plain.s?} > 25)` is false",
            "{10:plain.s?}: s1 = 50.0, s2 = 100.0, s3 = 25.0",
            "“That was 1.7 times as fast.”",
        ],
    );
    refused(&claims("{low} > {high}"), &["{low}: 7.5; ", "{high}: 12.5"]);
    for false_one in [
        "{10:lstm.solved} != 3",
        "any({10:lstm.s?} < 99)",
        "{low} in 8 .. 9",
        "{low} in {high} ± 1",
        "increasing({10:lstm.s?})",
        "{low} < 7.5",
        "{low} > 7.5",
        "count({10:plain.s?} < {10:lstm.s?}) == 3",
    ] {
        let negated = claims(&format!("not ({false_one})"));
        assert_eq!(negated, "", "its contrary holds");
        refused(&claims(false_one), &[false_one, "is false"]);
    }
}

#[test]
fn a_claim_with_an_error_in_it_is_refused() {
    for (predicate, part) in [
        ("{10:lstm.saved} == 3", "{10:lstm.saved}"),
        ("{10:lstm.saved} == 3", "such as 10:lstm.s"),
        ("{11:*} == 3", "a label that listings/ch01-one/records/race.txt prints"),
        ("all({10:*.s1} > 3)", "to which 10:late.s1 belongs"),
        ("all({10:lstm.s[} > 3)", "a pattern"),
        ("{low", "between two braces"),
        ("low} > 3", "between two braces"),
        ("{low} > {}", "between two braces"),
        ("{{low}} > 3", "between two braces"),
        ("{low} > hgih", "`hgih`, which is no word of the language"),
        ("{low} >", "{low} >"),
        ("> {low}", "> {low}"),
        ("({low} > 3", "({low} > 3"),
        ("{low} ? 3", "{low} ? 3"),
        ("max({low}, {high}) > 3", "a comma"),
        ("3 > 2", "not one number of a run"),
        ("{low}", "a number, in `{low}`"),
        ("{10:plain.s?} > 3", "a column of 3 truth values"),
        ("all({low} > 3)", "`all` of a truth value"),
        ("max({low}) > 3", "`max` of a number"),
        ("{low} + ({high} > 3) > 3", "`+` between a number and a truth value"),
        ("{low} < {high} < 20", "`<` between a truth value and a number"),
        ("({low} and {high})", "`and` between a number and a number"),
        ("all({10:lstm.s?} > {10:lstm.*})", "`>` between columns of 3 and of 4 cells"),
        ("{low} / ({high} - 12.5) > 3", "no finite number"),
        ("{low} in {high}", "`in` between a number and a number"),
        ("{low} in 9 .. 3", "`..` from a number to a smaller one"),
        ("count({10:lstm.s?}) == 3", "`count` of a column of 3 numbers"),
        ("not {low}", "`not` of a number"),
        ("", "no word"),
    ] {
        let message = claims(predicate);
        if predicate.is_empty() {
            assert!(message.starts_with(PLACE), "{message}");
        } else {
            refused(&message, &[part]);
        }
    }
    refused(&says("times as fast<!--claim ch02: {low} > 3-->."), &["a chapter with a listing"]);
    refused(&says("times as fast<!--claim ch01/gone: {low} > 3-->."), &["it has: wide, "]);
    refused(&says("times as fast<!--claim {low} > 3-->."), &["`<!--no claim: reason-->`"]);
    refused(&says("times as fast<!--claims ch01: {low} > 3-->."), &["39"]);
}

#[test]
fn what_cannot_fail_is_refused() {
    for (tautology, idle) in [
        ("{low} == {low}", "{low}"),
        ("{low} - {low} == 0", "{low}"),
        ("{low} * 0 < {high}", "{low}"),
        ("{low} < {high} or {low} >= {high}", "{low}"),
        ("size({10:lstm.s?}) == 3", "{10:lstm.s?}"),
        ("count({10:lstm.s?} == {10:lstm.s?}) == 3", "{10:lstm.s?}"),
        ("max({10:lstm.s?}) >= min({10:lstm.s?})", "{10:lstm.s?}"),
        ("{low} == 7.5 and {high} == {high}", "{high}"),
        ("abs({low}) >= 0", "{low}"),
        ("{low} < {high} + 0 * {tiny}", "{tiny}"),
        ("not ({low} != {low})", "{low}"),
    ] {
        refused(
            &claims(tautology),
            &["stays true whatever", idle, tautology.split(" and ").last().unwrap()],
        );
    }
    // Far bounds, exact values and alternatives can all fail.
    for honest in [
        "{low} < 1000000000",
        "{low} != 7",
        "{low} > 7 or {high} > 7",
        "{low} > 7 or {high} > 7 or {tiny} > 0",
    ] {
        assert_eq!(claims(honest), "", "{honest}");
    }
}

/// Every number that a claim of the small race reads is changed until it is false.
#[test]
fn a_changed_number_is_noticed() {
    let claim = "all({10:lstm.s?} >= 99) and {10:plain.solved} == 1 and {low} < {high}";
    let claim = format!("times as fast<!--claim ch01/race: {claim}-->.");
    for (from, to) in [
        (" 99.0\n", " 98.0\n"),
        ("| 100.0 |  99.5", "|  98.9 |  99.5"),
        ("|      1 |  50.0", "|      2 |  50.0"),
        ("low  = 7.5", "low  = 12.5"),
        ("high = 12.5", "high = -12.5"),
    ] {
        assert!(RACE.contains(from), "{from}");
        let book = race().page(SENTENCE, &claim);
        let book = book.edit("listings/ch01-one/records/race.txt", from, to);
        let project = book.project();
        let pages = pages(&project).unwrap();
        let problems = Press::new(&project, &pages).unwrap().typeset_all(&pages).unwrap_err();
        refused(&problems.to_string(), &["is false"]);
    }
}

#[test]
fn a_conclusion_without_a_claim_is_refused() {
    // A number of a run in it.
    refused(
        &says("times as fast."),
        &[
            "“That was 1.7 times as fast.” quotes 1.7 and says `# times`, `times as`",
            "cargo run -- claims 1",
        ],
    );
    // The paragraph before an output, and after it.
    let output = "```console\n{{#include ../../listings/ch01-one/records/race.txt:ten}}\n```";
    let beside = |text: &str| says(&format!("{SENTENCE}\n\n{text}"));
    let elsewhere = |message: &str, parts: &[&str]| {
        assert!(message.ends_with("1 problem found"), "{message}");
        parts.iter().for_each(|part| assert!(message.contains(part), "{part} in {message}"));
    };
    let wants = ["stands beside an output and says `best`", "“The plain one is best.”"];
    elsewhere(&beside(&format!("It is so. The plain one is best.\n\n{output}")), &wants);
    elsewhere(&beside(&format!("{output}\n\nThe plain one is best. It is so.")), &wants);
    elsewhere(&beside(&format!("{output}\n\n- Look.\n- The plain one is best.")), &wants);
    // What says nothing of numbers, and what stands elsewhere, may be silent.
    let far = format!("{output}\n\nLook.\n\nThe plain one is best.\n\nLook.");
    for silent in [
        far.as_str(),
        &format!("# The best of all\n\n{output}\n\nLook."),
        &format!("{output}\n\nLook at `best`, rather than away."),
        "It was 2.0<!--constant: a version--> times as old, and 0.04<!--cite:gers2000--> better.",
    ] {
        assert_eq!(beside(&format!("{silent}\n\nLook.")), "", "{silent}");
    }
}

#[test]
fn a_reason_is_given_and_asked_for() {
    assert_eq!(says("times as fast<!--no claim: an example of a sentence-->."), "");
    assert_eq!(
        says(
            "times as fast<!--no claim: held by listings/ch01-one/src/lib.rs::forward, for all-->."
        ),
        ""
    );
    for empty in ["<!--no claim: -->", "<!--no claim:-->", "<!--no claim-->"] {
        refused(&says(&format!("times as fast{empty}.")), &["without a reason"]);
    }
    refused(&says("seconds<!--no claim: it is one-->."), &["where no claim is asked for"]);
    // The last one is only the beginning of a name.
    for gone in [
        "listings/ch01-one/src/gone.rs::forward",
        "listings/ch01-one/src/lib.rs::backward",
        "listings/ch01-one/src/lib.rs::forwar",
    ] {
        refused(
            &says(&format!("times as fast<!--no claim: by {gone}-->.")),
            &[gone, "a test that there is"],
        );
    }
}

#[test]
fn a_comment_stands_in_its_sentence() {
    let claim = "<!--claim ch01/race: {low} < {high}-->";
    for behind in [
        format!("times as fast{claim}."),
        format!("times as fast.{claim}"),
        format!("times{claim} as fast."),
        format!("times as fast. {claim}"),
        format!("times as fast.{claim} Then it was not."),
        format!("times as fast, i.e. quicker{claim}, e.g. Tuesdays."),
        format!("times as **fast**{claim}: $f_t$ `a.B`."),
        "times as fast<!--claim ch01/race:\n  {low} <\n  {high}-->.".to_owned(),
    ] {
        assert_eq!(says(&behind), "", "{behind}");
    }
    let lost = |text: String| {
        let message = says(&text);
        assert!(message.contains("in no sentence"), "{text}: {message}");
    };
    lost(format!("seconds.\n\n{claim}"));
    lost(format!("seconds.\n{claim}\nAnd so on."));
    lost(format!("seconds.\n\n# A heading{claim}"));
    lost("seconds.\n\n<details><!--constant: two--></details>".to_owned());
    // It vouches for no number.
    refused(&says(&format!("and 2.5{claim}.")), &["the number 2.5 with nothing to vouch for it"]);
}

#[test]
fn a_comment_says_something_or_is_refused() {
    for space in ["<!--claim\nch01/race: {low} < 8-->", "<!-- claim  ch01/race : {low} < 8 -->"] {
        assert_eq!(says(&format!("times as fast{space}.")), "", "{space}");
    }
    // Behind a word, and behind a number.
    for almost in ["Claim ch01/race: {low} < 8", "claims ch01/race: {low} < 8", "claim: {low} < 8"]
    {
        for before in ["times as fast", "fast: 2"] {
            let message = says(&format!("{before}<!--{almost}-->."));
            refused(
                &message,
                &[CHAPTER, &format!("<!--{almost}-->"), "<!--no claim: reason-->", "correct"],
            );
        }
    }
    for almost in
        ["No claim: none", "no claims: none", "no reason", "findings: gates", "Finding: a"]
    {
        refused(&says(&format!("times as fast<!--{almost}-->.")), &[&format!("<!--{almost}-->")]);
    }
    for other in ["TODO", "ch01:label", "constant: two", "cite:key", "assertion ch01: {low} < 8"] {
        let message = says(&format!("seconds<!--{other}-->."));
        refused(&message, &[&format!("<!--{other}--> behind no number"), "<!--cite:key-->"]);
    }
    for open in ["seconds<!--claim ch01/race: {low}\n- 1 < 8-->.", "seconds<!--finding: it"] {
        refused(&says(open), &[CHAPTER, "a comment that does not end", "close it"]);
    }
    // What is shown of a comment is none.
    assert_eq!(says("seconds, `<!--TODO-->` and \\<!--TODO-->."), "");
}

#[test]
fn statements_about_software_name_a_script() {
    let script = "findings/gates.sh";
    let said = "seconds<!--finding: gates-->.";
    refused(&says(said), &["<!--finding: gates-->", "findings/name.sh"]);
    for wrong in ["../gates", "", "gates.sh"] {
        let book = race()
            .with(script, "echo\n")
            .page(SENTENCE, &format!("seconds<!--finding: {wrong}-->."));
        let pages = pages(&book.project()).unwrap();
        let press = Press::new(&book.project(), &pages).unwrap();
        refused(&press.typeset_all(&pages).unwrap_err().to_string(), &["findings/name.sh"]);
    }
    let book = race().with(script, "# One would guess 3.\necho 4\n").page(SENTENCE, said);
    let counts = site::build(&book.project()).unwrap();
    assert_eq!((counts.claims, counts.findings), (0, 1));
    let read =
        |file: &str| fs::read_to_string(book.folder.path().join("target/book").join(file)).unwrap();
    assert!(read("ch01-one.html").contains("href=\"claims.html#finding-gates\""));
    let appendix = read("claims.html");
    for part in ["id=\"finding-gates\"", "That was 1.7 seconds.", "# One would guess 3."] {
        assert!(appendix.contains(part), "{part} in {appendix}");
    }
}

#[test]
fn readers_see_what_was_claimed() {
    let sentence = "times as fast<!--claim ch01/steps: {speedup} > 1--><!--claim ch01/race: {low} < {high}-->. \
                    Never 1.7<!--ch01/steps:speedup--><!--no claim: a definition-->.";
    let book = race().page(SENTENCE, sentence);
    let counts = site::build(&book.project()).unwrap();
    assert_eq!((counts.claims, counts.excused, counts.findings), (2, 1, 0));
    let read =
        |file: &str| fs::read_to_string(book.folder.path().join("target/book").join(file)).unwrap();
    let page = read("ch01-one.html");
    assert_eq!(page.matches("class=\"claim\"").count(), 1, "one mark a sentence");
    for part in [
        "id=\"said-1-1\" href=\"claims.html#claim-1-1\"",
        "aria-label=\"claim 1.1\"",
        "cargo run --release -p ch01 --bin steps, cargo run --release -p ch01 --bin race\"",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains("<!--claim") && !page.contains("no claim"), "{page}");
    let appendix = read("claims.html");
    for part in [
        "id=\"claim-1-1\"",
        "href=\"ch01-one.html#said-1-1\"",
        "That was 1.7 times as fast.",
        "<code>{low} &lt; {high}</code>",
        "<a href=\"ch01-one.html#ch01-steps-speed\"><code>cargo run --release -p ch01 --bin steps</code></a>",
        "Never 1.7.",
        "a definition",
        "2 claims, each",
        "1 sentences that compare",
    ] {
        assert!(appendix.contains(part), "{part} in {appendix}");
    }
    // Nothing claimed, nothing written.
    let silent = race().page(SENTENCE, "seconds.");
    site::build(&silent.project()).unwrap();
    assert!(!silent.folder.path().join("target/book/claims.html").exists());
}

#[test]
fn the_report_shows_what_is_wanted_and_what_there_is() {
    let book = race().page(SENTENCE, "times as fast. It was 1.7<!--ch01/steps:speedup--> times better<!--claim ch01/race: {low} < {high}-->.");
    let (project, listings) = (book.project(), book.project().listings().unwrap());
    let pages = pages(&project).unwrap();
    let report = |page| report(&project, &listings, &pages, page, &ENGLISH);
    let of_page = report(Some("ch01")).unwrap();
    for part in [
        "book/src/ch01-one.md:39\n  wants     That was 1.7 times as fast.",
        "quotes    1.7 <!--ch01/steps:speedup-->",
        "holds     It was 1.7 times better.",
        "claim     {low} < {high}",
        "{low}: 7.5",
        "labels of ch01/race",
        "10:lstm.{solved s1 s2 s3}",
        "labels of ch01/steps",
    ] {
        assert!(of_page.contains(part), "{part} in {of_page}");
    }
    for name in ["1", "ch01-one", "ch01-one.md", CHAPTER] {
        assert_eq!(report(Some(name)).unwrap(), of_page, "{name}");
    }
    assert_eq!(report(Some("ch07")), None);
    assert_eq!(report(None).unwrap().lines().count(), 2);
}

/// What the press promises of each claim, looked at from outside: some other numbers make it false.
#[test]
fn every_claim_of_the_book_can_fail() {
    let (press, pages) = support::book();
    let mut claims = 0;
    for page in &pages {
        let found = conclusions(&press.project, &press.listings, page, &ENGLISH);
        for predicate in found.claims.iter().flat_map(|claim| &claim.predicates) {
            claims += 1;
            let real: Vec<Vec<f64>> = predicate.references.iter().map(Reference::numbers).collect();
            assert_eq!(predicate.holds(&real), Ok(true), "{}", predicate.text);
            let fails = |change: &dyn Fn(f64, f64) -> f64| {
                let mut place = 0.0;
                let mut changed = |number: &f64| {
                    place += 1.0;
                    change(*number, place)
                };
                let changed = real.iter().map(|column| column.iter().map(&mut changed).collect());
                predicate.holds(&changed.collect::<Vec<_>>()) == Ok(false)
            };
            let shifts = [1.0, -7.0, 1e9, -1e9];
            let shifted = shifts.iter().any(|by| fails(&|x, place| x + by * place));
            let scaled = [-1.0, 0.0, 3.0, 1e9].iter().any(|by| fails(&|x, place| x * by / place));
            let halves = [0.0, 1.0];
            let alternated = shifts.iter().any(|by| {
                halves.iter().any(|half| fails(&|x, place| x + by * ((place + half) % 2.0)))
            });
            assert!(shifted || scaled || alternated, "{}: `{}`", page.name(), predicate.text);
        }
    }
    assert!(claims >= 300, "{claims} claims");
}
