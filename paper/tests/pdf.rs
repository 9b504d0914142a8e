//! The program `paper`: what it says when it can't print, and what it prints.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// A book of one chapter, already built.
fn project() -> tempfile::TempDir {
    let project = tempfile::tempdir().unwrap();
    let root = project.path();
    let write = |name: &str, text: &str| {
        fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
        fs::write(root.join(name), text).unwrap();
    };
    write("book/book.toml", "");
    write("paper/fonts/none.txt", "");
    write("target/book/toc.html", "<ol><li class=chapter-item><a href=a.html>A</a></ol>");
    let page = "<!DOCTYPE html><html lang=en><title>A book</title><main><h1 id=a>A</h1>\
                <p><a href='#a'>there</a></main></html>";
    write("target/book/print.html", page);
    project
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
    let project = project();
    let pdf = project.path().join("target/lstm-line-by-line.pdf");
    fs::write(&pdf, "the last one").unwrap();
    let output = paper(project.path(), "no-such-browser");
    refused(&output, "no-such-browser, which is no program");
    refused(&output, "sudo apt install chromium");
    assert_eq!(fs::read_to_string(pdf).unwrap(), "the last one");
    // Nothing else is left behind.
    assert_eq!(fs::read_dir(project.path().join("target")).unwrap().count(), 2);
}

#[test]
#[cfg(unix)]
fn a_browser_that_prints_nothing_is_named_with_what_it_said() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = project();
    let browser = project.path().join("broken-browser");
    fs::write(&browser, "#!/bin/sh\necho no display >&2\n").unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let output = paper(project.path(), browser.to_str().unwrap());
    refused(&output, "printed no PDF; it said:\nno display");
}

#[test]
fn a_site_that_is_not_built_is_the_first_thing_to_do() {
    let project = project();
    fs::remove_dir_all(project.path().join("target/book")).unwrap();
    refused(&paper(project.path(), "no-such-browser"), "cargo run -- build");
}

#[test]
#[ignore = "needs Chromium: see README.md"]
fn it_prints_a_pdf_with_a_place_for_every_link() {
    let project = project();
    let browser = std::env::var("CHROMIUM").unwrap_or_default();
    let output = paper(project.path(), &browser);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // A title page, the contents, the chapter.
    let pdf = lopdf::Document::load(project.path().join("target/lstm-line-by-line.pdf")).unwrap();
    assert_eq!(pdf.get_pages().len(), 3);

    // A link to a file of the site is refused: whoever has the PDF has no site.
    let page = project.path().join("target/book/print.html");
    let broken = fs::read_to_string(&page).unwrap().replace("'#a'", "'b.html'");
    fs::write(page, broken).unwrap();
    refused(&paper(project.path(), &browser), "which only this machine has");
}
