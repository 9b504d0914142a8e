//! One small broken book for each rule of the press, and the message that it earns.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;

use press::page::pages;
use press::typeset::Press;
use press::{new, site};

mod code;
#[path = "../support/small_book.rs"]
mod small_book;
use small_book::Book;

/// What the tests below ask of a book.
trait Refused {
    fn message(&self) -> String;
    fn is_refused(&self, place: &str, parts: &[&str]);
}

impl Refused for Book {
    /// The message of the check.
    fn message(&self) -> String {
        let project = self.project();
        let checked = pages(&project)
            .and_then(|pages| Press::new(&project, &pages)?.typeset_all(&pages).map(|_| ()));
        match checked {
            Ok(()) => String::new(),
            Err(problems) => problems.to_string(),
        }
    }

    /// Asserts that the check finds one problem, at `place`, and says each of `parts`.
    fn is_refused(&self, place: &str, parts: &[&str]) {
        let message = self.message();
        assert!(message.starts_with(&format!("{place}\n")), "expected {place}, got:\n{message}");
        assert!(message.ends_with("1 problem found"), "{message}");
        for part in parts.iter().chain(&["found  ", "expected  ", "to do  "]) {
            assert!(message.contains(part), "expected {part:?} in:\n{message}");
        }
    }
}

const CHAPTER: &str = "book/src/ch01-one.md";

#[test]
fn the_unbroken_book_passes_and_builds() {
    let book = Book::good();
    assert_eq!(book.message(), "");
    let counts = site::build(&book.project()).unwrap();
    assert_eq!((counts.executed, counts.commented, counts.numbers, counts.cited), (1, 1, 3, 2));
    assert_eq!((counts.excerpts, counts.sketches, counts.outputs, counts.figures), (1, 1, 2, 1));
    assert_eq!(counts.recorded, 1);
    let page = fs::read_to_string(book.folder.path().join("target/book/ch01-one.html")).unwrap();
    for part in [
        "id=\"eq-gate\"",
        "<math",
        "(1.1)",
        "id=\"ch01-forward\"",
        "Figure 1.1",
        "<data class=\"from-run\" value=\"0.9933\" title=\"Printed by cargo run -p ch01: open.f\"",
        "<span class=\"title\">Open</span> <span class=\"label\">Output of</span> <code>cargo run -p ch01</code>",
        "<tr><th scope=\"col\">state</th><th scope=\"col\"><math aria-label=\"f\"><mi class=\"s-0\">f</mi></math></th></tr>",
        "<tr><th scope=\"row\">open</th><td>0.9933</td></tr>",
        "<tr><th scope=\"row\">times as fast</th><td>1.732</td><td>times</td></tr>",
        "<summary>As printed</summary>",
        "title=\"Recorded from cargo run --release -p ch01 --bin steps: speedup\">1.7</data>",
        "Recorded, not run again with each build: output of</span> \
         <code>cargo run --release -p ch01 --bin steps</code>",
        "<a href=\"listings/ch01-one.html#ch01-lib-2\"><code>listings/ch01-one/src/lib.rs</code></a>",
        "<span hidden=\"\"> f_t</span></dt>\n<dd>gate</dd>",
        "<code>f_t = \\sigma(z_t)</code> <button type=\"button\">Copy</button>",
        "data-copied=\"Copied\"",
        "</a> · <code>forward</code> <span class=\"run\"><code>cargo run -p ch01</code>",
    ] {
        assert!(page.contains(part), "no {part} on the page");
    }
    let listing = book.folder.path().join("target/book/listings/ch01-one.html");
    let listing = fs::read_to_string(listing).unwrap();
    assert!(listing.contains("<span id=\"ch01-lib-6\">6</span>"), "{listing}");
    assert!(listing.contains(">other</span>() {}"), "what no page prints is there too");
    assert!(!listing.contains(">main</span>() {}"), "exercises and solutions are not");
}

/// Where the search of a built site finds a word: walks the index's tree, letter by letter, to the word
/// or to any that begins with it.
fn found(site: &Path, word: &str) -> Vec<String> {
    let name = fs::read_dir(site).unwrap().map(|file| file.unwrap().file_name());
    let name = name.into_iter().find(|name| name.to_string_lossy().starts_with("searchindex"));
    // mdBook's index is one line; the names stand behind it.
    let script = fs::read_to_string(site.join(name.unwrap())).unwrap();
    let script = script.lines().next().unwrap();
    let (start, end) = (script.find('\'').unwrap() + 1, script.rfind('\'').unwrap());
    let json = script[start..end].replace("\\'", "'").replace("\\\\", "\\");
    let index: serde_json::Value = serde_json::from_str(&json).unwrap();
    let mut documents = Vec::new();
    for field in ["title", "body"] {
        let root = &index["index"]["index"][field]["root"];
        let mut nodes: Vec<_> = word
            .to_lowercase()
            .chars()
            .try_fold(root, |node, letter| node.get(letter.to_string()))
            .into_iter()
            .collect();
        while let Some(node) = nodes.pop() {
            for (key, value) in node.as_object().unwrap() {
                match key.as_str() {
                    "df" => {}
                    "docs" => documents.extend(value.as_object().unwrap().keys().cloned()),
                    _ => nodes.push(value),
                }
            }
        }
    }
    let url = |document: &String| {
        index["doc_urls"][document.parse::<usize>().unwrap()].as_str().unwrap().to_owned()
    };
    documents.iter().map(url).collect()
}

#[test]
fn the_search_finds_symbols_functions_and_exercises() {
    let book = Book::good();
    site::build(&book.project()).unwrap();
    let site = book.folder.path().join("target/book");
    for (word, place) in [
        ("f_t", "ch01-one.html"),
        ("f_t", "notation.html"),
        ("z_t", "ch01-one.html#symbols-on-this-page"),
        ("forward", "ch01-one.html"),
        ("exercise_1_1", "ch01-one.html"),
        ("sigmoid", "notation.html#notation"),
    ] {
        let found = found(&site, word);
        assert!(found.iter().any(|url| url.starts_with(place)), "{word} is in {found:?}");
    }
    assert_eq!(found(&site, "C_t"), Vec::<String>::new());
    assert_eq!(
        found(&site, "other"),
        Vec::<String>::new(),
        "the listings in full are not searched"
    );
}

#[test]
fn numbers() {
    let tag = "0.99<!--ch01:open.f-->";
    let at = format!("{CHAPTER}:3");
    let refused = |to: &str, parts: &[&str]| Book::good().page(tag, to).is_refused(&at, parts);
    refused("0.98<!--ch01:open.f-->", &["0.98", "0.9933 as listings/ch01-one/output.txt:5"]);
    refused("-0.99<!--ch01:open.f-->", &["-0.99"]);
    refused("0.99331<!--ch01:open.f-->", &["0.99331"]);
    refused("1<!--ch01:open.g-->", &["a label that"]);
    refused("0.99<!--ch07:open.f-->", &["a chapter with a listing: ch01"]);
    refused("0.99<!--from chapter one-->", &["<!--cite:key-->"]);
    refused("0.99", &["the number 0.99 with nothing to vouch for it"]);
    refused("1e-3", &["the number 1e-3 with nothing to vouch for it"]);
    refused("$z_t = 0.99$", &["a decimal inside inline math"]);
    Book::good()
        .page("The cell.", "The cell.\n\n<p>It is 0.99 there.</p>")
        .is_refused(&format!("{CHAPTER}:33"), &["the number 0.99 with nothing"]);
    Book::good()
        .page("A source.", "A source.\n- <a id=\"gers1999\"></a>Another.")
        .is_refused(&format!("{CHAPTER}:34"), &["the source `gers1999`, which nothing"]);
    Book::good()
        .page("<a id=\"gers2000\"></a>", "")
        .is_refused(&format!("{CHAPTER}:4"), &["a source on this page with id=\"gers2000\""]);
    Book::good()
        .page("<!--constant: a version-->", "<!--constant:-->")
        .is_refused(&format!("{CHAPTER}:4"), &["a reason"]);
}

#[test]
fn equations() {
    let at = format!("{CHAPTER}:6");
    Book::good()
        .page("[(1.1)](#eq-gate)", "it")
        .page("```math gate ch01:forward", "```math gate")
        .is_refused(&at, &["```math LABEL chNN:ANCHOR"]);
    Book::good().page("gate ch01:forward", "gate ch01:gone").is_refused(&at, &["`ch01:gone`"]);
    Book::good().page("gate ch01:forward", "gate ch01:other").is_refused(&at, &["no page prints"]);
    Book::good().page("```math comment", "```math gate comment").is_refused(
        &format!("{CHAPTER}:10"),
        &["a second equation labelled `gate`", "ch01-one.md:6"],
    );
    Book::good()
        .page("\\sigma(z_t)", "\\sigm(z_t)")
        .is_refused(&format!("{CHAPTER}:7"), &["LaTeX"]);
    Book::good().page("$f_t$", "$\\frac{1}$").is_refused(&format!("{CHAPTER}:4"), &["LaTeX"]);
    Book::good().page("$f_t$", "$\\frac{1$").is_refused(&format!("{CHAPTER}:4"), &["a lone `$`"]);
    Book::good().page("$f_t$", "$$f_t$$").is_refused(&format!("{CHAPTER}:4"), &["```math"]);
}

/// The small book with a page before its chapter that is none.
fn with_a_page_between(text: &str) -> Book {
    Book::good().with("book/src/between.md", &format!("# Between\n\n{text}\n")).edit(
        "book/src/SUMMARY.md",
        "- [One]",
        "- [Between](between.md)\n- [One]",
    )
}

#[test]
fn an_equation_that_is_shown_again() {
    let html = |text: &str| {
        let book = with_a_page_between(text);
        let counts = site::build(&book.project()).unwrap();
        assert_eq!(
            (counts.executed, counts.commented),
            (1, 1),
            "it is executed where it stands first"
        );
        fs::read_to_string(book.folder.path().join("target/book/between.html")).unwrap()
    };
    let again = html("[(1.1)](ch01-one.md#eq-gate)");
    for part in [
        "<div class=\"equation again\">",
        "aria-label=\"Equation 1.1\"><math",
        "href=\"ch01-one.html#eq-gate\">(1.1)</a>",
        "<a href=\"ch01-one.html#ch01-forward\"><code>forward</code></a>",
    ] {
        assert!(again.contains(part), "no {part} in {again}");
    }
    assert!(!again.contains("id=\"eq-gate\""), "there is one such place: {again}");
    let sentence = html("See [(1.1)](ch01-one.md#eq-gate).");
    assert!(!sentence.contains("equation again"), "{sentence}");
    with_a_page_between("[(1.2)](ch01-one.md#eq-gate)")
        .is_refused("book/src/between.md:3", &["the number 1.1"]);
}

#[test]
fn a_page_between_chapters_has_no_number() {
    let book = with_a_page_between("No chapter.");
    site::build(&book.project()).unwrap();
    let contents = fs::read_to_string(book.folder.path().join("target/book/toc.html")).unwrap();
    for part in ["1.</strong> One<", "2.</strong> The second one<"] {
        assert!(contents.contains(part), "no {part} in {contents}");
    }
    assert!(!contents.contains("</strong> Between"), "{contents}");
    assert_eq!(new(&book.project(), "ch02").unwrap().len(), 5);
}

#[test]
fn a_bar_in_a_formula_does_not_end_a_cell() {
    let table = "\n\n| one | two |\n|---|---|\n| at most $\\lvert f_t \\rvert$ | all |\n\nIt was";
    let book = Book::good().page("\nIt was", table);
    assert_eq!(book.message(), "");
    site::build(&book.project()).unwrap();
    let page = fs::read_to_string(book.folder.path().join("target/book/ch01-one.html")).unwrap();
    assert!(page.contains("</math></td><td>all</td>"), "{page}");
}

#[test]
fn symbols() {
    Book::good()
        .page("$f_t$", "$q_t$")
        .is_refused(&format!("{CHAPTER}:4"), &["the symbol `q", "notation.md"]);
    Book::good()
        .page("= \\sigma(z_t)", "= \\sigma(q_t)")
        .is_refused(&format!("{CHAPTER}:7"), &["the symbol `q"]);
    Book::good()
        .edit("book/src/SUMMARY.md", "[Notation](notation.md)", "")
        .without("book/src/notation.md")
        .is_refused("book/src/notation.md", &["no notation page"]);
}

#[test]
fn figures() {
    let at = format!("{CHAPTER}:30");
    Book::good()
        .page("![A cell]", "![Another cell]")
        .is_refused(&at, &["the figure's own title: `A cell`"]);
    Book::good()
        .page("(figures/ch01-cell.svg)", "(figures/ch01-gone.svg)")
        .page("#fig-ch01-cell", "#eq-gate")
        .is_refused(&at, &["ch01-gone.svg"]);
    Book::good()
        .with("book/src/cell.png", "not a drawing")
        .page("(figures/ch01-cell.svg)", "(cell.png)")
        .page("#fig-ch01-cell", "#eq-gate")
        .is_refused(&at, &["an SVG that Rust drew"]);
}

#[test]
fn labels_in_links() {
    let at = format!("{CHAPTER}:3");
    Book::good()
        .page("[(1.1)](#eq-gate)", "[(1.2)](#eq-gate)")
        .is_refused(&at, &["the number 1.1"]);
    Book::good().page("[Figure 1.1]", "[Figure 1.3]").is_refused(&at, &["the number 1.1"]);
    Book::good().page("(#eq-gate)", "(#eq-gone)").is_refused(&at, &["a label of the book"]);
}

#[test]
fn links_and_fragments() {
    for (link, part) in [
        ("[gone](gone.md)", "no page or file `gone.html`"),
        ("[gone](notation.md#gone)", "no `id=\"gone\"` on notation.html"),
        ("[gone](#gone)", "no `id=\"gone\"` on ch01-one.html"),
        ("<img src=\"https://example.org/a.png\" alt=\"a\">", "loads from elsewhere"),
    ] {
        let book = Book::good().page("The cell.", &format!("The cell. {link}"));
        let message = format!("{:#}", site::build(&book.project()).unwrap_err());
        assert!(message.starts_with(&format!("{CHAPTER}:31\n")), "{message}");
        assert!(message.contains(part), "{message}");
    }
    let book = Book::good()
        .page("The cell.", "The cell. [well](notation.md#notation), [out](https://example.org).");
    site::build(&book.project()).unwrap();
}

#[test]
fn the_last_good_site_stays() {
    let book = Book::good();
    let project = book.project();
    site::build(&project).unwrap();
    let page = book.folder.path().join("target/book/ch01-one.html");
    let good = fs::read_to_string(&page).unwrap();
    let book = book.page("The cell.", "The cell. [gone](gone.md)");
    site::build(&project).unwrap_err();
    assert_eq!(fs::read_to_string(&page).unwrap(), good);
    let left = fs::read_dir(book.folder.path().join("target")).unwrap().count();
    assert_eq!(left, 1, "a failed build leaves nothing behind");
}

#[test]
fn pages_and_contents() {
    Book::good()
        .edit("book/src/SUMMARY.md", "(ch01-one.md)", "(ch01-two.md)")
        .without(CHAPTER)
        .is_refused("book/src/SUMMARY.md:3", &["ch01-two.md", "a page that exists"]);
    Book::good()
        .with("book/src/stray.md", "# Stray\n")
        .is_refused("book/src/stray.md", &["SUMMARY.md does not list"]);
    let book = Book::good().edit("book/book.toml", "title = ", "title = = ");
    let message = format!("{:#}", site::build(&book.project()).unwrap_err());
    assert!(message.starts_with("book/book.toml"), "{message}");
}

#[test]
fn chapters_depend_on_earlier_ones_only() {
    let manifest = "listings/ch01-one/Cargo.toml";
    let add = |line: &str| Book::good().edit(manifest, "nalgebra.workspace = true", line);
    add("ch02 = { path = \"../ch02-two\" }")
        .is_refused(&format!("{manifest}:5"), &["ch01 depends on ch02"]);
    add("lstm-book = { path = \"../..\" }")
        .is_refused(&format!("{manifest}:5"), &["never on the press"]);
    add("[dev-dependencies]\nch01 = { path = \".\" }")
        .is_refused(&format!("{manifest}:6"), &["ch01 depends on ch01"]);
    add("[dev-dependencies]\nch02 = { path = \"../ch02-two\" }")
        .is_refused(&format!("{manifest}:6"), &["ch01 depends on ch02"]);
    Book::good()
        .edit(manifest, "name = \"ch01\"", "name = \"one\"")
        .is_refused(&format!("{manifest}:2"), &["\"ch01\""]);
    Book::good()
        .edit(manifest, "[package]", "[package")
        .is_refused(&format!("{manifest}:1"), &["a valid manifest"]);
    Book::good().with("listings/extra/Cargo.toml", "").is_refused("listings/extra", &["chNN-slug"]);
}

/// What tests share is no way around the rule, however many crates lead there.
#[test]
fn chapters_depend_on_no_later_one_by_way_of_a_shared_crate() {
    let manifest = "listings/ch01-one/Cargo.toml";
    let shared =
        "[dependencies]\nch01 = { path = \"../listings/ch01-one\" }\nfar = { path = \"far\" }\n";
    let book = |far: &str| {
        Book::good()
            .edit(
                manifest,
                "[dependencies]",
                "[dev-dependencies]\nshared = { path = \"../../shared\" }\n\n[dependencies]",
            )
            .with("shared/Cargo.toml", shared)
            // A circle, which cargo refuses, is no reason to walk in it for ever.
            .with(
                "shared/far/Cargo.toml",
                &format!("[dependencies]\nshared = {{ path = \"..\" }}\n{far}"),
            )
    };
    assert_eq!(book("").message(), "");
    book("ch02 = { path = \"../../listings/ch02-two\" }\n")
        .is_refused(&format!("{manifest}:5"), &["ch01 depends on ch02, by way of shared"]);
}

#[test]
fn exercises() {
    let folder = "listings/ch01-one/examples";
    Book::good()
        .without(&format!("{folder}/solution_1_1.rs"))
        .is_refused(&format!("{folder}/exercise_1_1.rs"), &["without `solution_1_1`"]);
    Book::good()
        .with(&format!("{folder}/helper.rs"), "fn main() {}")
        .is_refused(&format!("{folder}/helper.rs"), &["exercise_1_N"]);
    let message = Book::good().page("--example exercise_1_1", "--example exercise_1_2").message();
    assert!(message.contains("the example `exercise_1_2`"), "{message}");
    assert!(
        message.contains("no exercise with `cargo run -p ch01 --example exercise_1_1`"),
        "{message}"
    );
}

#[test]
fn what_came_before_is_said() {
    let second = "# Two\n\n```rust\n{{#include ../../listings/ch01-one/src/lib.rs:forward}}\n```\n\n\
                  ```rust\n{{#include ../../listings/ch02-two/src/lib.rs:other}}\n```\n\n\
                  ```rust\n{{#include ../../listings/ch02-two/src/lib.rs:more}}\n```\n";
    let other = "pub fn other() {\n    one();\n    two();\n}\n";
    let third = "// ANCHOR: other\npub fn other() {\n    one();\n    three();\n    two();\n}\n\
                 // ANCHOR_END: other\n// ANCHOR: more\npub fn more() {}\n// ANCHOR_END: more\n";
    let include = "lib.rs:forward}}\n```";
    let more = format!(
        "{include}\n\n```rust\n{{{{#include ../../listings/ch01-one/src/lib.rs:other}}}}\n```"
    );
    let book = Book::good()
        .page(include, &more)
        .edit("listings/ch01-one/src/lib.rs", "pub fn other() {}\n", other)
        .edit("book/src/SUMMARY.md", "- [The second one]()", "- [Two](ch02-two.md)")
        .with("book/src/ch02-two.md", second)
        .with("listings/ch02-two/Cargo.toml", "[package]\nname = \"ch02\"\n")
        .with("listings/ch02-two/output.txt", "$ cargo run -p ch02\n\n# a: b\nc = 1\n")
        .with("listings/ch02-two/src/lib.rs", third);
    site::build(&book.project()).unwrap();
    let page = fs::read_to_string(book.folder.path().join("target/book/ch02-two.html")).unwrap();
    for part in [
        "unchanged since <a href=\"ch01-one.html#ch01-forward\">chapter 1</a></span>",
        "changed since <a href=\"ch01-one.html#ch01-other\">chapter 1</a>: new lines 3</span>",
        "<samp>\u{a0}\n\u{a0}\n+\n\u{a0}\n\u{a0}</samp>",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    assert_eq!(page.matches("class=\"since\"").count(), 2, "what is new is not compared");
}

#[test]
fn solutions_stay_folded() {
    let solution = "listings/ch01-one/examples/solution_1_1.rs";
    let include =
        "```rust\n{{#include ../../listings/ch01-one/examples/solution_1_1.rs:answer}}\n```";
    let fold = |before: &str| {
        Book::good()
            .with(
                solution,
                "// ANCHOR: answer\nfn answer() {}\n// ANCHOR_END: answer\nfn main() {}\n",
            )
            .page("- <a id=", &format!("{before}\n\n{include}\n\n</details>\n\n- <a id="))
    };
    let at = format!("{CHAPTER}:36");
    let summary = "<summary>Solution</summary>";
    let closed = format!("<details class=\"solution\">\n{summary}");
    let book = fold(&closed);
    site::build(&book.project()).unwrap();
    let page = fs::read_to_string(book.folder.path().join("target/book/ch01-one.html")).unwrap();
    assert!(page.contains(": <code>listings/ch01-one/examples/solution_1_1.rs</code>"), "{page}");
    fold("<p>\n<em>Solution</em>").is_refused(&at, &["a closed fold"]);
    fold(&format!("<details class=\"solution\" open>\n{summary}"))
        .is_refused(&at, &["closed fold"]);
    fold(&format!("{closed}\n</details>\n\nThat was it."))
        .is_refused(&format!("{CHAPTER}:39"), &["a closed fold"]);
}

#[test]
fn a_new_chapter_starts_from_the_plan() {
    let book = Book::good();
    let project = book.project();
    let files = new(&project, "ch02").unwrap();
    assert!(
        files.iter().any(|file| file == Path::new("listings/ch02-second-one/src/lib.rs")),
        "{files:?}"
    );
    let book = book.with(
        "listings/ch02-second-one/output.txt",
        "$ cargo run -p ch02\n\n# first: x\none = 1.0000\n",
    );
    assert_eq!(book.message(), "", "a new chapter passes every check once it is blessed");

    for (chapter, part) in
        [("ch02", "plans no chapter 2"), ("ch03", "plans no chapter 3"), ("two", "such as ch06")]
    {
        let message = format!("{:#}", new(&project, chapter).unwrap_err());
        assert!(message.contains(part), "{message}");
    }
}
