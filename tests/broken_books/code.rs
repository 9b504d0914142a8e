//! Code, and what it printed.

use std::fs;

use press::site;

use crate::small_book::Book;
use crate::{CHAPTER, Refused as _};

#[test]
fn excerpts() {
    let include = "{{#include ../../listings/ch01-one/src/lib.rs:forward}}";
    let lib = "listings/ch01-one/src/lib.rs";
    let refused = |from: &str, to: &str, parts: &[&str]| {
        Book::good()
            .edit(lib, from, to)
            .page("gate ch01:forward", "gate comment")
            .is_refused(&format!("{CHAPTER}:14"), parts);
    };
    refused(
        "// ANCHOR: forward\n",
        "",
        &["no `ANCHOR: forward`", "the anchors are: other", "lib.rs"],
    );
    refused("// ANCHOR_END: forward\n", "", &["`ANCHOR: forward` is never closed", "lib.rs:1"]);
    refused(
        "// ANCHOR: other\n",
        "// ANCHOR: forward\n",
        &["a second `ANCHOR: forward`", "lib.rs:4"],
    );
    refused("pub fn forward() {}\n", "\n", &["nothing between `ANCHOR: forward`"]);
    refused(
        "// ANCHOR: forward\npub fn forward() {}\n// ANCHOR_END: forward\n",
        "// ANCHOR_END: forward\npub fn forward() {}\n// ANCHOR: forward\n",
        &["`ANCHOR_END: forward` before `ANCHOR: forward`"],
    );
    let at = format!("{CHAPTER}:14");
    Book::good()
        .page("gate ch01:forward", "gate comment")
        .page(include, "{{#include ../../listings/ch01-one/src/gone.rs:forward}}")
        .is_refused(&at, &["gone.rs"]);
    Book::good()
        .page("gate ch01:forward", "gate comment")
        .page(include, "{{#include ../../listings/ch09-nine/src/lib.rs:forward}}")
        .is_refused(&at, &["of an existing chapter"]);
}

/// What a chapter is built with, and is no chapter, is printed and shown in full like the chapter's own.
#[test]
fn tools_are_shown_with_their_chapter() {
    let include = "../../listings/ch01-one/src/lib.rs:forward";
    let book = |manifest: &str| {
        Book::good()
            .page("gate ch01:forward", "gate comment")
            .page(include, "../../files/src/deep/er.rs:keep")
            .with("files/src/deep/er.rs", "// ANCHOR: keep\nfn keep() {}\n// ANCHOR_END: keep\n")
            .with("files/src/lib.rs", "mod deep;\n")
            .with("files/tests/all.rs", "")
            .edit("listings/ch01-one/Cargo.toml", "[dependencies]\n", manifest)
    };
    let used = book("[dependencies]\nfiles = { path = \"../../files\" }\n");
    site::build(&used.project()).unwrap();
    let read =
        |page: &str| fs::read_to_string(used.folder.path().join("target/book").join(page)).unwrap();
    assert!(read("ch01-one.html").contains("listings/ch01-one.html#ch01-files-deep-er-2"));
    let shown = read("listings/ch01-one.html");
    assert!(
        shown.contains("id=\"ch01-files-deep-er-2\"") && shown.contains("id=\"ch01-files-lib-1\"")
    );
    assert!(!shown.contains("ch01-files-tests"));

    let at = format!("{CHAPTER}:14");
    book("[dependencies]\n").is_refused(&at, &["files/src/deep/er.rs", "of an existing chapter"]);
}

#[test]
fn hand_typed_code() {
    let sketch = "```rust sketch: to show what it would look like";
    Book::good()
        .page(sketch, "```rust")
        .is_refused(&format!("{CHAPTER}:18"), &["hand-typed ```rust"]);
    Book::good()
        .page(sketch, "```rust,ignore")
        .is_refused(&format!("{CHAPTER}:18"), &["hand-typed"]);
    Book::good()
        .page(sketch, "```rust sketch: ")
        .is_refused(&format!("{CHAPTER}:18"), &["without a reason"]);
    Book::good().page(sketch, "```").is_refused(&format!("{CHAPTER}:18"), &["without a language"]);
    Book::good()
        .page(sketch, "    let f = 1;\n\n```text")
        .is_refused(&format!("{CHAPTER}:18"), &["without a language"]);
    Book::good()
        .page("The cell.", "{{#include ../../listings/ch01-one/src/lib.rs:forward}}")
        .is_refused(&format!("{CHAPTER}:31"), &["outside a fenced block"]);
    Book::good()
        .page(
            sketch,
            "```toml\n{{#include ../../listings/ch01-one/Cargo.toml:all}}\n```\n\n```text",
        )
        .is_refused(&format!("{CHAPTER}:18"), &["in a ```toml block"]);
}

#[test]
fn outputs() {
    let include = "output.txt:states}}";
    let at = format!("{CHAPTER}:22");
    Book::good().page(include, "output.txt:stats}}").is_refused(&at, &["it has: states"]);
    Book::good()
        .page("{{#include ../../listings/ch01-one/output.txt:states}}", "open | 0.9933")
        .is_refused(&at, &["hand-typed ```console"]);
    let file = "listings/ch01-one/output.txt";
    Book::good().without(file).is_refused(file, &["cargo run -- bless ch01"]);
    Book::good()
        .edit(file, "$ cargo", "cargo")
        .is_refused(&format!("{file}:1"), &["the command that makes"]);
    Book::good()
        .edit(file, "open  | 0.9933\n", "open  | 0.9933\nopen  | 0.5000\n")
        .is_refused(&format!("{file}:6"), &["a second number named `open.f`"]);
    Book::good()
        .edit(file, "# states: open\n", "# states: open\n\n# states: shut\n")
        .is_refused(&format!("{file}:5"), &["a second section named `states`"]);
}

#[test]
fn names_of_rows_and_columns() {
    let file = "listings/ch01-one/output.txt";
    let at = format!("{CHAPTER}:22");
    let refused = |header: &str, parts: &[&str]| {
        let book = Book::good().edit(file, "state |      f", header);
        book.is_refused(&at, parts);
    };
    let todo = "[\"ch01:states\"]: \"staat\" = ";
    refused("staat |      f", &["the name `staat` in ch01:states", "book/names.toml", todo]);
    // No symbol of this book's notation.
    refused("h_prev |      f", &["the name `h_prev`"]);
    refused("x_1_2 |      f", &["the name `x_1_2`"]);
    let entry = |told: &str| {
        let names =
            format!("[names]\nspeedup = \"times as fast\"\n[\"ch01:*\"]\nstaat = \"{told}\"\n");
        let book = Book::good().edit(file, "state |      f", "staat |      f");
        book.with("book/names.toml", &names)
    };
    assert_eq!(entry("$f_t$, a state").message(), "");
    entry("$h_t$").is_refused(&at, &["the symbol `h_t`"]);
    for (names, found) in [
        ("speedup = \"times\"\n", "`speedup` outside of a group"),
        ("[names]\nspeedup = 2\n", "`speedup = 2` in `[names]`"),
        ("[names\n", "TOML"),
    ] {
        Book::good().with("book/names.toml", names).is_refused("book/names.toml", &[found]);
    }
    let at = format!("{CHAPTER}:35");
    Book::good()
        .without("book/names.toml")
        .is_refused(&at, &["the name `speedup` in ch01/steps:speed"]);
}

#[test]
fn runs() {
    let file = "listings/ch01-one/runs/wide.txt";
    let include = "runs/wide.txt:states}}";
    let at = format!("{CHAPTER}:41");
    Book::good().page(include, "runs/wide.txt:gone}}").is_refused(&at, &["it has: states"]);
    let at = format!("{CHAPTER}:45");
    Book::good()
        .page("0.25<!--ch01/wide:shut.f-->", "0.26<!--ch01/wide:shut.f-->")
        .is_refused(&at, &[&format!("0.2500 as {file}:5 prints it"), "cargo run -- bless ch01"]);
    Book::good().edit(file, "0.2500", "0.2600").is_refused(&at, &["0.25<!--ch01/wide:shut.f-->"]);
    Book::good()
        .edit(file, "-p ch01", "-p ch02")
        .is_refused(&format!("{file}:1"), &["-p ch02", "cargo run --release -p ch01"]);
    // A tag could mean either.
    Book::good()
        .with("listings/ch01-one/runs/steps.txt", "$ cargo run -p ch01 -- steps\n\na = 1\n")
        .is_refused("listings/ch01-one/runs/steps.txt", &["a run and a record", "`steps`"]);
}

#[test]
fn records() {
    let at = format!("{CHAPTER}:35");
    let include = "records/steps.txt:speed}}";
    Book::good().page(include, "records/steps.txt:stats}}").is_refused(&at, &["it has: speed"]);
    Book::good().page(include, "records/gone.txt:speed}}").is_refused(
        &at,
        &[
            "records/gone.txt",
            "one of: listings/ch01-one/output.txt, listings/ch01-one/runs/wide.txt, ",
        ],
    );
    let file = "listings/ch01-one/records/steps.txt";
    let message = Book::good().without(file).message();
    for part in
        [&at, "ch01-one.md:39", "a run or a record of ch01; it has: wide", "3 problems found"]
    {
        assert!(message.contains(part), "expected {part:?} in:\n{message}");
    }

    let at = format!("{CHAPTER}:39");
    let tag = "1.7<!--ch01/steps:speedup-->";
    let refused = |to: &str, parts: &[&str]| Book::good().page(tag, to).is_refused(&at, parts);
    refused("1.8<!--ch01/steps:speedup-->", &["1.8", &format!("1.732 as {file}:4 prints it")]);
    refused("1.7<!--ch01/steps:speed-->", &["a label that", file]);
    refused("1.7<!--ch01/step:speedup-->", &["a run or a record of ch01; it has: wide, steps"]);
    refused("1.7<!--ch02/steps:speedup-->", &["a chapter with a listing: ch01"]);
    refused("1.7<!--ch01:speedup-->", &["a label that listings/ch01-one/output.txt"]);
    Book::good().edit(file, "1.732", "1.834").is_refused(&at, &["1.7<!--ch01/steps:speedup-->"]);

    let wrong = |from: &str, to: &str, line: &str, parts: &[&str]| {
        Book::good().edit(file, from, to).is_refused(&format!("{file}:{line}"), parts);
    };
    wrong("$ cargo", "cargo", "1", &["the command that makes"]);
    wrong("= 1.732  times\n", "= 1.732\nspeedup = 2\n", "5", &["a second number named `speedup`"]);
    wrong("# speed", "# speed: x\n# speed", "4", &["a second section named `speed`"]);
    let command = "cargo run --release -p ch01 --bin steps";
    for other in ["python steps.py", "cargo run -p ch02", "cargo run -- -p ch01"] {
        wrong(command, other, "1", &[other, "--release -p ch01 --bin NAME", "bench/Cargo.toml"]);
    }
    let bench = "cargo run --release --manifest-path bench/Cargo.toml -- --python python3";
    assert_eq!(Book::good().edit(file, command, bench).message(), "");
}
