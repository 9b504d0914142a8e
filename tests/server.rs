//! The server as a browser sees it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use press::project::Project;
use press::site::Builder;

#[path = "support/http.rs"]
mod http;
#[path = "support/small_book.rs"]
mod small_book;

use http::{get, wait_for};
use small_book::Book;

/// Builds a book and serves it, with `checks` as what executes it. Returns the port.
fn served(book: &Book, checks: fn(&Project) -> Command) -> u16 {
    let project = book.project();
    let mut builder = Builder::new(&project);
    builder.build(None).unwrap();
    let listener = press::site::reserve("localhost", 0).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || press::site::serve(builder, listener, checks, |_| {}));
    port
}

/// Checks that pass.
fn passes(project: &Project) -> Command {
    let mut command = press::snapshot::cargo(project);
    command.arg("--version");
    command
}

#[test]
fn the_server_keeps_the_last_good_pages() {
    let book = Book::good();
    let port = served(&book, passes);
    let page = wait_for(port, "/ch01-one.html", |page| page.contains("200 OK"));
    assert!(page.contains("The cell.") && page.contains("livereload"), "{page}");
    assert!(get(port, "/gone.html").unwrap().contains("404"), "a page that is not there");

    let book = book.page("The cell.", "The cell, edited.");
    wait_for(port, "/ch01-one.html", |page| page.contains("The cell, edited."));

    let book = book.page("The cell, edited.", "The cell, broken: 0.5.");
    // A page that is read while it is being written has other troubles, for a moment.
    let page = wait_for(port, "/ch01-one.html", |page| {
        page.contains("press-trouble")
            && page.contains("the number 0.5 with nothing to vouch for it")
    });
    assert!(page.contains("The cell, edited."), "the last good page is gone: {page}");

    let _book = book.page("The cell, broken: 0.5.", "The cell, mended.");
    // The new page is up a moment before the message goes; then the browser reloads once more.
    wait_for(port, "/ch01-one.html", |page| {
        page.contains("The cell, mended.") && !page.contains("press-trouble")
    });
}

/// A failure of the tests that execute the book is shown too.
#[test]
fn the_server_shows_what_does_not_run() {
    let book = Book::good();
    let port = served(&book, |project| {
        let mut command = press::snapshot::cargo(project);
        command.arg("--no-such-flag");
        command
    });
    let page = wait_for(port, "/ch01-one.html", |page| page.contains("press-trouble"));
    assert!(page.contains("the book's tests fail"), "{page}");
    assert!(page.contains("--no-such-flag"), "{page}");
}

/// Checks that take a minute: a program under cargo, which says every hundredth of a second that it goes on.
const LONG: &str = r##"fn main() {
    let own = format!("beat-{}", std::process::id());
    for beat in 0..6000 {
        std::fs::write(&own, beat.to_string()).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}
"##;

/// How far each of the programs of [`LONG`] has come.
fn beats(folder: &Path) -> Vec<(String, String)> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let beats = names.filter(|name| name.to_string_lossy().starts_with("beat-"));
    let mut beats: Vec<_> = beats
        .map(|name| {
            let beat = fs::read_to_string(folder.join(&name)).unwrap_or_default();
            (name.into_string().unwrap(), beat)
        })
        .collect();
    beats.sort();
    beats
}

/// The programs that go on, once there are so many.
fn going_on(folder: &Path, many: usize) -> Vec<String> {
    let start = Instant::now();
    loop {
        let before = beats(folder);
        std::thread::sleep(Duration::from_millis(300));
        let after = beats(folder);
        let changed = after.into_iter().filter(|beat| !before.contains(beat));
        let changed: Vec<String> = changed.map(|(name, _)| name).collect();
        if changed.len() == many {
            return changed;
        }
        assert!(start.elapsed() < Duration::from_secs(50), "expected {many}, found {changed:?}");
    }
}

/// Checks that an edit has made old are stopped, with all that they started, and nobody waits for them.
#[test]
fn an_edit_is_shown_while_the_one_before_is_checked() {
    let book = Book::with_a_program().with("listings/ch01-one/src/bin/steps.rs", LONG);
    let folder = book.folder.path().to_owned();
    let port = served(&book, |project| {
        let mut command = press::snapshot::cargo(project);
        command.args(["run", "--quiet", "-p", "ch01", "--bin", "steps"]);
        command
    });
    let first = going_on(&folder, 1);

    let book = book.page("The cell.", "The cell, edited.");
    wait_for(port, "/ch01-one.html", |page| page.contains("The cell, edited."));
    let second = going_on(&folder, 1);
    assert_ne!(first, second, "the checks of the edit before were not stopped");

    // A broken edit makes them old too, and there is nothing new to check.
    let book = book.page("The cell, edited.", "The cell, broken: 0.5.");
    wait_for(port, "/ch01-one.html", |page| page.contains("press-trouble"));
    assert_eq!(going_on(&folder, 0), Vec::<String>::new());
    let book = book.page("The cell, broken: 0.5.", "The cell, mended.");
    let third = going_on(&folder, 1);
    assert!(third != first && third != second);
    let _book = book.page("The cell, mended.", "The cell, broken again: 0.5.");
    going_on(&folder, 0);
}

/// Ctrl-C ends the checks as well: the terminal does not know them.
#[cfg(unix)]
#[test]
fn whoever_ends_the_server_ends_the_checks() {
    use std::os::unix::process::ExitStatusExt;
    let book = Book::with_a_program()
        .with("listings/ch01-one/src/bin/steps.rs", "fn main() {}")
        .with("listings/ch01-one/tests/book.rs", &LONG.replace("fn main()", "#[test]\nfn long()"))
        .with("listings/ch01-one/tests/bindings.rs", "")
        .with("listings/ch01-one/tests/exercises.rs", "")
        .with("listings/ch01-one/tests/gradients.rs", "");
    let folder = book.folder.path().join("listings/ch01-one");
    let mut server = Command::new(env!("CARGO_BIN_EXE_lstm-book"));
    server.current_dir(book.folder.path()).args(["--port", "0"]).stdin(Stdio::null());
    let mut server = server.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    going_on(&folder, 1);
    let interrupt = rustix::process::Signal::INT;
    rustix::process::kill_process(rustix::process::Pid::from_child(&server), interrupt).unwrap();
    assert_eq!(server.wait().unwrap().signal(), Some(interrupt.as_raw()));
    assert_eq!(going_on(&folder, 0), Vec::<String>::new());
}

/// `--open` shows the address that the server says it has, at the host that was asked for.
#[cfg(target_os = "linux")]
#[test]
fn the_book_opens_in_the_browser() {
    use std::os::unix::fs::PermissionsExt;
    let book = Book::good();
    let folder = book.folder.path();
    let browser = folder.join("browser.sh");
    fs::write(&browser, format!("#!/bin/sh\necho \"$1\" > {}/shown\n", folder.display())).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let mut server = Command::new(env!("CARGO_BIN_EXE_lstm-book"));
    server.current_dir(folder).args(["--open", "--hostname", "127.0.0.1", "--port", "0"]);
    let mut server =
        server.env("BROWSER", &browser).stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    let start = Instant::now();
    let address = loop {
        match fs::read_to_string(folder.join("shown")) {
            Ok(text) if text.ends_with('\n') => break text.trim().to_owned(),
            _ => assert!(start.elapsed() < Duration::from_secs(60), "no browser was opened"),
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let port = address.strip_prefix("http://127.0.0.1:").unwrap().parse().unwrap();
    assert!(get(port, "/ch01-one.html").unwrap().contains("The cell."));
    server.kill().unwrap();
    server.wait().unwrap();
}

/// A page may be a link to a file that lies elsewhere.
#[cfg(unix)]
#[test]
fn a_page_behind_a_link_is_watched() {
    let elsewhere = tempfile::tempdir().unwrap();
    let book = Book::good();
    let page = book.folder.path().join("book/src/ch01-one.md");
    let real = elsewhere.path().join("one.md");
    fs::rename(&page, &real).unwrap();
    std::os::unix::fs::symlink(&real, &page).unwrap();
    let port = served(&book, passes);
    wait_for(port, "/ch01-one.html", |page| page.contains("The cell."));
    let text = fs::read_to_string(&real).unwrap();
    fs::write(&real, text.replace("The cell.", "The cell, edited.")).unwrap();
    wait_for(port, "/ch01-one.html", |page| page.contains("The cell, edited."));
}
