//! The program as a person (or mdBook) calls it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use press::project::Project;

#[path = "support/small_book.rs"]
mod small_book;

use small_book::{Book, STEPS};

fn press(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lstm-book"));
    command.current_dir(folder).args(arguments).stdin(Stdio::null());
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    press(folder, arguments).output().expect("the press runs")
}

/// Asserts a failure with one clear message and no panic.
fn fails(output: &Output, parts: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    for part in parts {
        assert!(said.contains(part), "expected {part:?} in: {said}");
    }
}

#[test]
fn help_and_wrong_arguments() {
    let book = Book::good();
    let root = book.folder.path();
    let help = run(root, &["--help"]);
    let text = String::from_utf8_lossy(&help.stdout);
    for part in [
        "cargo run --",
        "build",
        "check",
        "bless",
        "record",
        "exercises",
        "new",
        "preprocess",
        "--port",
        "--hostname",
        "--open",
    ] {
        assert!(text.contains(part), "no {part} in: {text}");
    }
    fails(&run(root, &["--prot", "1"]), &["--prot"]);
    fails(&run(root, &["publish"]), &["publish"]);
    fails(&run(root, &["--port", "99999"]), &["99999"]);
    fails(&run(root, &["bless", "ch09"]), &["no chapter `ch09`", "to do"]);
    fails(&run(root, &["new", "ch1"]), &["such as ch06"]);
}

#[test]
fn records_are_written_whole_or_not_at_all() {
    let book = Book::with_a_program();
    let root = &book.folder.path().to_owned();
    let text = |name: &str| fs::read_to_string(root.join(format!("listings/ch01-one/{name}"))).ok();
    let command = "cargo run -p ch01 --bin steps";
    let printed = "\n\n# speed: of a step\nspeedup = 1.75\n";

    fails(&run(root, &["record", "ch09", "new"]), &["no chapter `ch09`", "to do"]);
    fails(&run(root, &["record", "ch01", "../new"]), &["a record named `../new`", "small letters"]);
    let refused = run(root, &["record", "ch01", "new"]);
    fails(&refused, &["records/new.txt has no command", "--command \"cargo run --release -p ch01"]);
    fails(&run(root, &["record", "ch01", "new", "--command", "ls"]), &["the command `ls`"]);
    let refused = run(root, &["record", "ch01", "new", "--command", "cargo run -p ch01 --bin no"]);
    fails(&refused, &["`cargo run -p ch01 --bin no` failed", "no bin target"]);
    assert_eq!(text("records/new.txt"), None);

    let made = run(root, &["record", "ch01", "new", "--command", command]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert_eq!(text("records/new.txt"), Some(format!("$ {command}{printed}")));
    // Without a command, the one on the record's first line runs.
    assert!(run(root, &["record", "ch01", "steps"]).status.success());
    let old = Some(format!("$ cargo run --release -p ch01 --bin steps{printed}"));
    assert_eq!(text("records/steps.txt"), old);
    // The chapter's own command still runs its main program.
    assert!(run(root, &["bless", "ch01"]).status.success());
    assert_eq!(text("output.txt").as_deref(), Some("$ cargo run -p ch01\n\n\n"));
    // And with the arguments of a run, whose command the page shows as a reader would give it.
    let wide = "$ cargo run --release -p ch01 -- wide\n\n# states: wide\nwidth = 2\n";
    assert_eq!(text("runs/wide.txt").as_deref(), Some(wide));

    // A program that fails, or prints what cannot be parsed, leaves the old record.
    let steps = "listings/ch01-one/src/bin/steps.rs";
    let twice = book.edit(steps, "speedup = {}", "speedup = {}\\nspeedup = 1");
    fails(&run(root, &["record", "ch01", "steps"]), &["a second number named `speedup`"]);
    let _fails = twice.edit(steps, "fn main() {", "fn main() {\n    std::process::exit(2);");
    fails(&run(root, &["record", "ch01", "steps"]), &["--bin steps` failed"]);
    assert_eq!(text("records/steps.txt"), old);
}

/// A record is not written where something else lies: that is known before its program runs.
#[test]
fn only_outputs_are_written_over() {
    let steps = "listings/ch01-one/src/bin/steps.rs";
    let runs = "fn main() {\n    std::fs::write(\"ran\", \"\").unwrap();";
    let book = Book::with_a_program().edit(steps, "fn main() {", runs);
    let root = book.folder.path();
    let record = root.join("listings/ch01-one/records/steps.txt");
    let again = ["record", "ch01", "steps", "--command", "cargo run -p ch01 --bin steps"];
    fs::write(&record, "my notes\n").unwrap();
    fails(&run(root, &again), &["steps.txt", "a file of another kind", "to do"]);
    assert_eq!(fs::read_to_string(&record).unwrap(), "my notes\n");
    assert!(!root.join("ran").exists());
    let output = root.join("listings/ch01-one/output.txt");
    fs::write(&output, "my notes\n").unwrap();
    fails(&run(root, &["bless", "ch01"]), &["output.txt", "a file of another kind"]);
    assert_eq!(fs::read_to_string(&output).unwrap(), "my notes\n");

    #[cfg(unix)]
    {
        // A link stays one, and leads to the new record.
        fs::write(root.join("kept.txt"), "$ old\n").unwrap();
        fs::remove_file(&record).unwrap();
        std::os::unix::fs::symlink(root.join("kept.txt"), &record).unwrap();
        assert!(run(root, &again).status.success());
        assert!(record.is_symlink() && root.join("ran").exists());
        assert!(fs::read_to_string(root.join("kept.txt")).unwrap().contains("speedup = 1.75"));
    }
}

/// An edition is not written over something else, which is known before the book is built.
#[test]
fn only_an_edition_is_written_over() {
    let book = Book::good();
    let root = book.folder.path();
    fs::create_dir(root.join("target")).unwrap();
    for edition in ["pdf", "epub"] {
        let file = root.join(format!("target/lstm-line-by-line.{edition}"));
        fs::write(&file, "my notes").unwrap();
        let refused = run(root, &["build", &format!("--{edition}")]);
        fails(&refused, &[edition, "a file of another kind", "to do"]);
        assert_eq!(fs::read_to_string(&file).unwrap(), "my notes");
    }
    assert!(!root.join("target/book").exists());
}

/// Whoever stops reading gets no panic.
#[test]
fn nobody_has_to_listen() {
    let book = Book::good();
    for arguments in [&["build"][..], &["new", "ch02"]] {
        let mut command = press(book.folder.path(), arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        fails(&output, &["standard output can't be written to"]);
        assert_eq!(output.status.code(), Some(1));
    }
    assert!(book.folder.path().join("target/book/index.html").exists());
    let mut command = press(book.folder.path(), &["bless", "ch09"]);
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn a_record_cannot_rot() {
    let book = Book::with_a_program();
    let project = book.project();
    let check = || {
        let listings = project.listings().expect("the listing");
        press::snapshot::check_record(&project, &listings["ch01"].records["steps"])
    };
    check().unwrap();
    let steps = "listings/ch01-one/src/bin/steps.rs";
    let book = book.edit(steps, "speedup =", "speed_up =");
    let message = format!("{:#}", check().unwrap_err());
    for part in [
        "listings/ch01-one/records/steps.txt\n",
        "number speedup is no longer printed, number speed_up is not in the record",
        "`cargo run -p ch01 --bin steps -- --quick`",
        "cargo run -- record",
    ] {
        assert!(message.contains(part), "expected {part:?} in: {message}");
    }
    let book = book.edit(steps, "speed_up =", "speedup =").edit(steps, "# speed:", "# speeds:");
    assert!(format!("{:#}", check().unwrap_err()).contains("section speed is no longer printed"));
    let book = book.edit(steps, "fn main() {", "fn main() {\n    std::process::exit(2);");
    assert!(format!("{:#}", check().unwrap_err()).contains("--quick` failed"));
    let book = book.with(steps, &STEPS.replace("assert!", "let _ = || assert!"));
    let message = format!("{:#}", check().unwrap_err());
    assert!(message.contains("--quick --no-such-argument` does not fail"), "{message}");
    // A record of bench/ is read and not run: nothing of it is here, and nothing is missed.
    let record = "listings/ch01-one/records/steps.txt";
    let _book = book.edit(record, "-p ch01 --bin steps", "--manifest-path bench/Cargo.toml");
    check().unwrap();
}

#[test]
fn outside_of_a_book() {
    let folder = tempfile::tempdir().unwrap();
    fails(&run(folder.path(), &["build"]), &["no book/book.toml", "to do"]);
}

#[test]
fn build_prints_a_summary_and_problems_fail() {
    let book = Book::good();
    let built = run(book.folder.path(), &["build"]);
    let said = String::from_utf8_lossy(&built.stdout).into_owned();
    assert!(built.status.success(), "{said}");
    for part in ["chapters ", "executed equations ", "1 more only comment", "built target/book"] {
        assert!(said.contains(part), "no {part:?} in: {said}");
    }
    // From a folder inside the book too.
    assert!(run(&book.folder.path().join("book/src"), &["build"]).status.success());

    let book = book.page("0.99<!--ch01:open.f-->", "0.98<!--ch01:open.f-->");
    fails(&run(book.folder.path(), &["build"]), &["book/src/ch01-one.md:3", "0.98", "to do"]);
    fails(&run(book.folder.path(), &["check"]), &["book/src/ch01-one.md:3"]);
    fails(&run(book.folder.path(), &["serve", "--port", "0"]), &["book/src/ch01-one.md:3"]);
}

/// A book with six exercises, in every state.
fn half_solved() -> Book {
    let page = "cargo run -p ch01 --example exercise_1_1";
    let mut book = Book::good()
        .with("Cargo.toml", "[workspace]\nmembers = [\"listings/*\"]\nresolver = \"3\"\n")
        .edit("listings/ch01-one/Cargo.toml", "nalgebra.workspace = true", "")
        .edit("listings/ch01-one/Cargo.toml", "\"ch01\"", "\"ch01\"\nedition = \"2024\"");
    let wrong = "fn main() { println!(\"Not yet. It returned 3.\"); std::process::exit(1) }";
    for (number, name, code) in [
        (2, "Untouched", "fn main() { /* Your answer goes here. */ std::process::exit(1) }"),
        (3, "Wrong", wrong),
        (4, "Broken", "fn main() { 1 }"),
        (5, "Loud", "fn main() { panic!() }"),
        (6, "Below the marker", "fn main() { /* Your answer goes here. */ }"),
    ] {
        let example = |kind| format!("listings/ch01-one/examples/{kind}_1_{number}.rs");
        let more = format!("{page}\n```\n\n### Exercise 1.{number}: {name}\n\n```console\n$ ");
        let more = more + &page.replace("1_1", &format!("1_{number}"));
        book = book
            .with(&example("exercise"), code)
            .with(&example("solution"), "fn main() {}")
            .page(page, &more);
    }
    book
}

#[test]
fn exercises_are_listed_with_their_state() {
    let book = half_solved();
    let output = run(book.folder.path(), &["exercises"]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(
        said.replace('\r', ""),
        "1. One: 2 of 6\n  solved   1.1\n  open     1.2: Untouched\n  not yet  1.3: Wrong\n           \
         Not yet. It returned 3.\n  not yet  1.4: Broken\n           It does not compile.\n  \
         not yet  1.5: Loud\n           It panics.\n  solved   1.6: Below the marker\n\n2 of 6 solved\nnext: 1.3: Wrong\n  \
         cargo run -p ch01 --example exercise_1_3\n"
    );
}

#[test]
fn a_folder_that_cannot_be_written_loses_nothing() {
    let book = Book::good();
    fs::write(book.folder.path().join("target"), "a file in the way").unwrap();
    fails(&run(book.folder.path(), &["build"]), &["cannot create", "target"]);
}

#[test]
fn a_port_in_use() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let book = Book::good();
    fails(
        &run(book.folder.path(), &["--port", &port]),
        &[&port, "a free port", "cargo run -- --port"],
    );
}

#[test]
fn a_host_that_is_not_this_machine() {
    let book = Book::good();
    for host in ["203.0.113.1", "no.such.host.invalid", ""] {
        let output = run(book.folder.path(), &["--port", "0", "--hostname", host]);
        fails(&output, &[&format!("cannot serve at `{host}`"), "localhost", "--hostname"]);
    }
}

#[test]
fn the_preprocessor_protocol() {
    let book = Book::good();
    let root = book.folder.path();
    assert!(run(root, &["preprocess", "supports", "html"]).status.success());
    assert!(!run(root, &["preprocess", "supports", "markdown"]).status.success());
    let mut child = press(root, &["preprocess"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"not a book").unwrap();
    fails(&child.wait_with_output().unwrap(), &["not what mdBook sends", "to do"]);
}

/// The `mdbook` program, where there is one.
fn mdbook(folder: &Path, arguments: &[&str]) -> Option<Output> {
    let program = std::env::var_os("MDBOOK").unwrap_or_else(|| "mdbook".into());
    let output =
        Command::new(&program).current_dir(folder).args(arguments).stdin(Stdio::null()).output();
    if output.is_err() {
        eprintln!("skipped: no `mdbook` here (cargo install mdbook --version 0.5.4 --locked)");
    }
    output.ok()
}

fn without_search_hash(page: &str) -> String {
    let line = |line: &str| if line.contains("searchindex-") { "…" } else { line }.to_owned();
    page.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Stock mdBook, through the command in book.toml, makes the very pages that the press makes.
#[test]
fn stock_mdbook_gives_the_same_pages() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let theirs = tempfile::tempdir().unwrap();
    let destination = theirs.path().to_string_lossy().into_owned();
    let Some(output) = mdbook(root, &["build", "book", "--dest-dir", &destination]) else { return };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    press::site::build(&Project { root: root.to_owned() }).unwrap();
    let mut pages = 0;
    for entry in fs::read_dir(root.join("target/book")).unwrap() {
        let ours = entry.unwrap().path();
        if ours.extension().is_some_and(|extension| extension == "html") {
            let theirs = fs::read_to_string(theirs.path().join(ours.file_name().unwrap())).unwrap();
            let mine = fs::read_to_string(&ours).unwrap();
            // mdBook puts a hash of the search index into its name, and the index is in no fixed order.
            let (mine, theirs) = (without_search_hash(&mine), without_search_hash(&theirs));
            let different = mine.lines().zip(theirs.lines()).find(|(mine, theirs)| mine != theirs);
            assert_eq!(different, None, "{}", ours.display());
            assert_eq!(mine.len(), theirs.len(), "{}", ours.display());
            pages += 1;
        }
    }
    assert!(pages > 0);
}

/// A press that does not compile stops stock mdBook: its pages would be unchecked.
#[test]
fn a_press_that_does_not_compile_stops_mdbook() {
    let real =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("book/book.toml")).unwrap();
    let start = real.find("[preprocessor.press]").expect("the press in book.toml");
    let table = real[start..].split("\n\n").next().unwrap();
    let book = Book::good().with("press/src/main.rs", "fn main() {").with(
        "press/Cargo.toml",
        "[package]\nname = \"broken\"\nedition = \"2024\"\n\n[workspace]\n",
    );
    let book = book.edit(
        "book/book.toml",
        "[build]",
        &format!("{}\n\n[build]", table.replace("../Cargo.toml", "../press/Cargo.toml")),
    );
    let Some(output) = mdbook(book.folder.path(), &["build", "book"]) else { return };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "the book was built without its checks: {said}");
    assert!(said.contains("press"), "{said}");
}
