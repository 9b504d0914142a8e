//! The workspace's Rust: its crates, and all its files.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders of the root package and of the workspace's members, seen from the root.
fn members(root: &Path) -> Vec<PathBuf> {
    let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("a manifest");
    let manifest: toml::Table = manifest.parse().expect("TOML");
    let listed = manifest["workspace"]["members"].as_array().expect("members");
    let mut folders = vec![PathBuf::new()];
    for member in listed.iter().filter_map(toml::Value::as_str) {
        match member.strip_suffix("/*") {
            Some(parent) => folders.extend(entries(root, Path::new(parent))),
            None => folders.push(member.into()),
        }
    }
    folders.retain(|folder| root.join(folder).join("Cargo.toml").is_file());
    folders
}

/// What is in a folder, in order.
fn entries(root: &Path, folder: &Path) -> Vec<PathBuf> {
    let found = fs::read_dir(root.join(folder)).into_iter().flatten().filter_map(Result::ok);
    let mut found: Vec<PathBuf> = found.map(|entry| folder.join(entry.file_name())).collect();
    found.sort();
    found
}

fn is_rust(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "rs")
}

/// A file as messages name it, on every system.
pub(crate) fn shown(file: &Path) -> String {
    file.display().to_string().replace('\\', "/")
}

/// The text of every file of Rust, by its name.
pub(crate) fn sources(root: &Path) -> Vec<(String, String)> {
    let mut folders: Vec<PathBuf> = members(root)
        .into_iter()
        .flat_map(|member| ["src", "tests", "examples", "benches"].map(|part| member.join(part)))
        .collect();
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in entries(root, &folder) {
            if root.join(&entry).is_dir() {
                folders.push(entry);
            } else if is_rust(&entry) {
                let text = fs::read_to_string(root.join(&entry)).expect("a file of Rust");
                found.push((shown(&entry), text));
            }
        }
    }
    found.sort();
    found
}

/// The first file of every crate: libraries, programs, tests, examples.
pub(crate) fn crates(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for member in members(root) {
        let src = member.join("src");
        found.extend(["lib.rs", "main.rs"].map(|file| src.join(file)));
        for folder in [src.join("bin"), member.join("tests"), member.join("examples")] {
            for entry in entries(root, &folder) {
                found.push(if is_rust(&entry) { entry } else { entry.join("main.rs") });
            }
        }
    }
    found.retain(|file| root.join(file).is_file());
    found
}
