//! No program of the workspace prints with what panics where nobody listens.

use std::fs;
use std::path::{Path, PathBuf};

/// All Rust files below a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Whether a program's source uses a macro of the standard library that panics on a closed stream.
fn panics_unheard(source: &str) -> bool {
    let calls = |name: &str| {
        source.match_indices(name).any(|(at, _)| {
            let before = source[..at].chars().next_back();
            !before.is_some_and(|c| c.is_alphanumeric() || "_`\"".contains(c))
        })
    };
    let imports = source.lines().any(|line| line.contains("use say::") && line.contains("println"));
    calls("eprintln!(") || calls("eprint!(") || calls("print!(") || calls("println!(") && !imports
}

#[test]
fn every_program_ends_in_words_where_nobody_listens() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut programs = Vec::new();
    for folder in ["src", "equations/src", "paper/src", "files/src", "figures/src"] {
        sources(&root.join(folder), &mut programs);
    }
    for listing in fs::read_dir(root.join("listings")).into_iter().flatten().flatten() {
        sources(&listing.path().join("src"), &mut programs);
        sources(&listing.path().join("examples"), &mut programs);
    }
    assert!(programs.len() > 100, "{} files", programs.len());
    let reads = |path: &PathBuf| fs::read_to_string(path).is_ok_and(|text| panics_unheard(&text));
    let found: Vec<_> = programs.iter().filter(|path| reads(path)).collect();
    assert!(found.is_empty(), "`use say::println;` or `say::note` in: {found:#?}");
}

#[test]
fn a_macro_that_panics_is_noticed() {
    assert!(panics_unheard("fn main() { println!(\"x\"); }"));
    assert!(panics_unheard("use say::println;\nfn main() { eprintln!(\"x\"); }"));
    assert!(panics_unheard("use say::println;\nfn main() { print!(\"x\"); }"));
    assert!(!panics_unheard("use say::{note, println};\nfn main() { println!(\"x\"); }"));
    assert!(!panics_unheard("use say::println;\nfn main() { println!(\"x\"); }"));
    assert!(!panics_unheard("/// Not `println!(…)`.\nfn main() {}"));
}
