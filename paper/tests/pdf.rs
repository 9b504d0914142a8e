//! The program `paper`: what it says when it can't print, and what it prints.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use press::site;

#[path = "../../tests/support/small_book.rs"]
mod small_book;

use small_book::Book;

/// A book of one chapter.
fn unbuilt() -> Book {
    Book::good().with("paper/fonts/none.txt", "")
}

fn built() -> Book {
    let book = unbuilt();
    site::build(&book.project()).unwrap_or_else(|error| panic!("{error:#}"));
    book
}

fn paper(root: &Path, browser: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_paper"));
    command.arg("pdf").current_dir(root);
    if browser.is_empty() {
        command.env_remove("CHROMIUM");
    } else {
        command.env("CHROMIUM", browser);
    }
    command.output().unwrap()
}

#[track_caller]
fn refused(output: &Output, expected: &str) {
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.starts_with("error: ") && error.contains(expected), "{error}");
    assert!(!error.contains("panicked"), "{error}");
}

#[test]
fn without_a_browser_it_says_what_to_install_and_keeps_the_last_pdf() {
    let book = built();
    let root = book.folder.path();
    let pdf = root.join("target/lstm-line-by-line.pdf");
    fs::write(&pdf, "%PDF-1.7 the last one").unwrap();
    let output = paper(root, "no-such-browser");
    refused(&output, "no-such-browser, which is no program");
    refused(&output, "sudo apt install chromium");
    assert_eq!(fs::read_to_string(pdf).unwrap(), "%PDF-1.7 the last one");
    // Nothing else is left behind.
    assert_eq!(fs::read_dir(root.join("target")).unwrap().count(), 2);
}

#[test]
#[cfg(unix)]
fn a_browser_that_prints_nothing_is_named_with_what_it_said() {
    use std::os::unix::fs::PermissionsExt as _;
    let book = built();
    let browser = book.folder.path().join("broken-browser");
    fs::write(&browser, "#!/bin/sh\necho no display >&2\n").unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let output = paper(book.folder.path(), browser.to_str().unwrap());
    refused(&output, "printed no PDF; it said:\nno display");
}

#[test]
fn a_site_that_is_not_built_is_the_first_thing_to_do() {
    refused(&paper(unbuilt().folder.path(), "no-such-browser"), "cargo run -- build");
}

#[test]
#[ignore = "needs Chromium: see README.md"]
fn it_prints_a_pdf_with_a_place_for_every_link() {
    let book = built();
    let root = book.folder.path();
    let browser = std::env::var("CHROMIUM").unwrap_or_default();
    let output = paper(root, &browser);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // A title page, the contents, the chapter on two pages, the notation, the claims, the page of the listings, a
    // listing.
    let pdf = lopdf::Document::load(root.join("target/lstm-line-by-line.pdf")).unwrap();
    assert_eq!(pdf.get_pages().len(), 8);

    // A link to a file of the site is refused: whoever has the PDF has no site.
    let page = root.join("target/book/print.html");
    let broken = fs::read_to_string(&page).unwrap().replace("\"#eq-gate\"", "\"b.html\"");
    fs::write(page, broken).unwrap();
    refused(&paper(root, &browser), "which only this machine has");
}
