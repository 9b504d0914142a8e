//! The shape of the code: data flows one way, so imports run in no circle; a module can be read in one
//! sitting, a function on one screen.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::path::{Component, Path};

mod circles;
mod files;
mod items;
mod tokens;

use circles::{Circle, circles};
use files::{crates, sources};
use items::items;
use tokens::{functions, tokens};

/// A module has at most so many lines.
const MODULE: usize = 500;
/// A function has at most so many lines, from its `fn` to its closing brace.
const FUNCTION: usize = 60;

/// What is found at a place where it should not be.
#[derive(Debug)]
struct Fault {
    /// What a list calls it: one name, or those of all that are in it together.
    names: Vec<String>,
    found: String,
}

fn long_modules(root: &Path) -> Vec<Fault> {
    let all = sources(root).into_iter().map(|(name, text)| (text.lines().count(), name));
    let long = all.filter(|(lines, _)| *lines > MODULE);
    long.map(|(lines, name)| Fault { found: format!("{lines} lines"), names: vec![name] }).collect()
}

fn long_functions(root: &Path) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, text) in sources(root) {
        for function in functions(&tokens(&text)) {
            let lines = function.last - function.first + 1;
            if lines > FUNCTION {
                faults.push(Fault {
                    names: vec![format!("{name}: {}", function.name)],
                    found: format!("{lines} lines from line {} on", function.first),
                });
            }
        }
    }
    faults
}

fn in_circles(root: &Path) -> Vec<Fault> {
    let circles = crates(root).into_iter().flat_map(|file| circles(root, &file));
    let fault =
        |circle: Circle| Fault { names: circle.files, found: circle.way.join("\n            ") };
    circles.map(fault).collect()
}

/// Complains about faults that are not listed, and about what is listed and no fault any more.
fn compare(faults: &[Fault], listed: &[&str], expected: &str, todo: &str) -> Result<(), String> {
    let names: BTreeSet<&str> =
        faults.iter().flat_map(|fault| &fault.names).map(String::as_str).collect();
    let is_listed = |name: &String| listed.contains(&name.as_str());
    let new = faults.iter().filter(|fault| !fault.names.iter().all(is_listed)).map(|fault| {
        let (names, found) = (fault.names.join(", "), &fault.found);
        format!("{names}\n  found     {found}\n  expected  {expected}\n  to do     {todo}")
    });
    let old = listed.iter().filter(|name| !names.contains(*name)).map(|name| {
        format!(
            "tests/structure/main.rs\n  found     {name} in a list of what is still to be mended\n  \
             expected  only what is: this is mended\n  to do     delete the entry"
        )
    });
    let all: Vec<String> = new.chain(old).collect();
    if all.is_empty() { Ok(()) } else { Err(all.join("\n\n")) }
}

fn modules_are_short(root: &Path, listed: &[&str]) -> Result<(), String> {
    let expected = format!("at most {MODULE} lines");
    compare(&long_modules(root), listed, &expected, "give what belongs together a file of its own")
}

fn functions_are_short(root: &Path, listed: &[&str]) -> Result<(), String> {
    let expected = format!("at most {FUNCTION} lines: a screen");
    compare(&long_functions(root), listed, &expected, "give its steps names of their own")
}

fn imports_run_one_way(root: &Path, listed: &[&str]) -> Result<(), String> {
    let todo = "move what both need into a module of its own";
    compare(&in_circles(root), listed, "imports that run one way", todo)
}

/// Files of other crates that a chapter's crate takes in: no manifest knows of them.
fn borrowed(root: &Path) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, text) in sources(root).into_iter().filter(|(name, _)| name.starts_with("listings/"))
    {
        // The folders between the chapter's own and the file.
        let inside = Path::new(&name).components().count().saturating_sub(3);
        for path in items(&tokens(&text)).modules.into_iter().filter_map(|module| module.path) {
            let up = Path::new(&path).components().filter(|part| *part == Component::ParentDir);
            if up.count() > inside {
                faults.push(Fault {
                    names: vec![name.clone()],
                    found: format!("#[path = \"{path}\"]"),
                });
            }
        }
    }
    faults
}

fn chapters_borrow_by_manifest(root: &Path) -> Result<(), String> {
    let todo = "move what both need into `cases/`, or another crate, and depend on it";
    compare(&borrowed(root), &[], "files of the chapter's own crate", todo)
}

fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_module_can_be_read_in_one_sitting() {
    modules_are_short(checkout(), &[]).unwrap_or_else(|faults| panic!("{faults}"));
}

#[test]
fn a_function_fits_a_screen() {
    functions_are_short(checkout(), &[]).unwrap_or_else(|faults| panic!("{faults}"));
}

#[test]
fn imports_run_in_no_circle() {
    let modules: usize = sources(checkout()).len();
    assert!(modules > 200 && crates(checkout()).len() > 100, "{modules} modules");
    imports_run_one_way(checkout(), &[]).unwrap_or_else(|faults| panic!("{faults}"));
}

#[test]
fn a_chapter_is_made_of_its_own_files() {
    chapters_borrow_by_manifest(checkout()).unwrap_or_else(|faults| panic!("{faults}"));
}

/// A workspace of one crate whose files are these, beside a root package that has nothing in it.
fn workspace(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let manifest = ("Cargo.toml", "[workspace]\nmembers = [\"listings/*\"]\n");
    let member = ("listings/one/Cargo.toml", "[package]\nname = \"one\"\n");
    for (file, text) in files.iter().chain([&manifest, &member]) {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

const LIB: &str = "mod a;\nmod b;\npub use a::A;\npub use b::{B, other::Renamed as C};\n";

/// Whether the imports of a crate with the modules `a`, `b` and `b::other` run in a circle.
fn circle(a: &str, b: &str, other: &str) -> Result<(), String> {
    let b = format!("pub mod other;\n{b}");
    let files = [
        ("listings/one/src/lib.rs", LIB),
        ("listings/one/src/a.rs", a),
        ("listings/one/src/b/mod.rs", &b),
        ("listings/one/src/b/other.rs", other),
    ];
    imports_run_one_way(workspace(&files).path(), &[])
}

/// The same of a crate whose root hands on `A` of its module `a`, which uses the root's own `Own`.
fn root(rest: &str) -> Result<(), String> {
    let lib = format!("mod a;\npub use a::A;\n{rest}");
    let a = ("listings/one/src/a.rs", "use crate::Own;\npub struct A(Own);\n");
    imports_run_one_way(workspace(&[("listings/one/src/lib.rs", &lib), a]).path(), &[])
}

#[test]
fn a_circle_is_noticed_however_it_is_written() {
    let b = "use crate::a::A;\npub struct B(A);\n";
    for a in [
        "use crate::B;\npub struct A(B);\n",
        "use super::B;\npub struct A(B);\n",
        "use super::*;\npub struct A(B);\n",
        "use crate::{b::{self}, b};\npub struct A(b::B);\n",
        "pub struct A(crate::b::B);\n",
        "pub struct A;\nfn f() { vec![super::b::B(A)]; }\n",
        "pub struct A;\n#[cfg(test)]\nmod tests {\n    use super::super::B;\n}\n",
        "pub struct A;\nmod inner {\n    pub fn f() { crate::b::B::new(); }\n}\n",
    ] {
        let faults = circle(a, b, "").expect_err(a);
        let in_it = "listings/one/src/a.rs, listings/one/src/b/mod.rs\n";
        assert!(faults.starts_with(in_it), "{a}: {faults}");
        assert!(faults.contains("src/b/mod.rs:2 uses A of listings/one/src/a.rs"), "{a}: {faults}");
        assert!(faults.contains("a.rs:"), "{a}: {faults}");
    }
    // Through a third one, and between a module and what it is made of.
    let third = "use crate::b::other::Renamed;\npub struct A(Renamed);\n";
    assert!(circle(third, b, "use crate::B;\npub struct Renamed(B);\n").is_err());
    assert!(circle("pub struct A;", "pub struct B(other::Renamed);\n", "use super::B;\n").is_err());
    // What the root itself defines, and its modules use, where the root uses them too.
    assert!(root("pub struct Own;\npub fn all() -> A { A }\n").is_err());
    assert!(root("pub struct Own;\npub fn all() { a::A; }\n").is_err());
    // Where it only hands them on, it uses nothing.
    assert_eq!(root("pub struct Own;\n"), Ok(()));
}

#[test]
fn what_is_no_circle_is_none() {
    let b = "use crate::a::A;\npub struct B(A);\n";
    for a in [
        "pub struct A;\n",
        "/// For [`B`](crate::B).\npub struct A; // crate::B\n/* crate::B */\n",
        "pub struct A;\nconst S: &str = \"crate::B\";\n",
        "pub struct A;\n#[cfg(test)]\nmod tests {\n    use super::*;\n    use super::A as Same;\n}\n",
        "use std::b;\npub struct A;\nfn f(b: A) -> A { other::b::c(b.b) }\n",
    ] {
        assert_eq!(circle(a, b, "use crate::A;\npub struct Renamed(A);\n"), Ok(()), "{a}");
    }
    // Whoever uses what the root hands on depends on where it comes from.
    assert_eq!(circle("use crate::C;\npub struct A(C);", "", "pub struct Renamed;"), Ok(()));
}

#[test]
fn what_is_long_is_noticed() {
    let function =
        |lines: usize| format!("fn long(x: [u8; 2]) {{\n{}}}\n", "    f();\n".repeat(lines - 2));
    let here = |text: String| {
        let folder = workspace(&[("listings/one/tests/deep/long.rs", &text)]);
        (modules_are_short(folder.path(), &[]), functions_are_short(folder.path(), &[]))
    };
    assert_eq!(here(function(FUNCTION)), (Ok(()), Ok(())));
    let (modules, functions) = here(function(FUNCTION + 1));
    assert_eq!(modules, Ok(()));
    let said = functions.unwrap_err();
    assert!(
        said.starts_with("listings/one/tests/deep/long.rs: long\n  found     61 lines"),
        "{said}"
    );
    let inside = format!("proptest! {{\n    impl A {{ {} }}\n}}\n", function(FUNCTION + 1));
    assert!(here(inside).1.is_err(), "a method in a macro");
    let braces = "type F = fn(u8);\nfn short() -> F { '{'; \"{{{\"; f }\n".repeat(40);
    assert_eq!(here(braces).1, Ok(()));
    assert_eq!(here("\n".repeat(MODULE)).0, Ok(()));
    let said = here("\n".repeat(MODULE + 1)).0.unwrap_err();
    assert!(said.starts_with("listings/one/tests/deep/long.rs\n  found     501 lines"), "{said}");
}

#[test]
fn a_borrowed_file_is_noticed() {
    let here = |path: &str| {
        let text = format!("#[path = \"{path}\"]\nmod borrowed;\n");
        let folder = workspace(&[("listings/one/tests/deep/a.rs", &text)]);
        chapters_borrow_by_manifest(folder.path())
    };
    assert_eq!(here("../support.rs"), Ok(()));
    assert_eq!(here("../../src/a.rs"), Ok(()));
    let said = here("../../../two/tests/support.rs").unwrap_err();
    assert!(said.starts_with("listings/one/tests/deep/a.rs\n  found     #[path = "), "{said}");
}

#[test]
fn a_list_of_what_is_to_be_mended_only_shrinks() {
    let folder = workspace(&[("listings/one/src/lib.rs", &"\n".repeat(MODULE + 1))]);
    let name = "listings/one/src/lib.rs";
    assert_eq!(modules_are_short(folder.path(), &[name]), Ok(()));
    let said = modules_are_short(folder.path(), &[name, "src/short.rs"]).unwrap_err();
    assert!(said.contains("src/short.rs in a list") && said.contains("delete the entry"), "{said}");
}
