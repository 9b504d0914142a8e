//! A chapter's manifest: its name, and that it depends on earlier chapters only.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::Project;
use super::name::chapter_number;
use crate::problem::{Problem, Problems, line_of};

/// The tables of a manifest that name what a crate depends on.
const DEPENDENCIES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// Checks the manifest of chapter `number`, the crate `package`. Returns the folders of the crates that it
/// is built with and that are no chapters, relative to the root.
///
/// # Errors
/// If it is no manifest, names another crate, depends on the press, or depends on a later chapter, itself or
/// by way of a crate that is no chapter.
pub(super) fn check_manifest(
    project: &Project,
    file: &Path,
    text: &str,
    package: &str,
    number: u32,
) -> Result<Vec<PathBuf>, Problems> {
    let manifest: Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(0, |span| line_of(text, span.start));
        Problem::new(file, line, error.message(), "a valid manifest", "correct the TOML")
    })?;
    let mut problems = Problems::default();
    let line = |word: &str| {
        text.lines().position(|line| line.trim_start().starts_with(word)).map_or(0, |at| at + 1)
    };
    let name = manifest.get("package").and_then(|p| p.get("name")).and_then(Value::as_str);
    if name != Some(package) {
        problems.0.push(Problem::new(
            file,
            line("name"),
            format!("package {:?}", name.unwrap_or_default()),
            format!("package {package:?}, as the folder is named"),
            "correct the package's name",
        ));
    }
    let table = |name| manifest.get(name).and_then(Value::as_table).into_iter().flatten();
    let mut refuse = |name: &str, found: String| {
        problems.0.push(Problem::new(
            file,
            line(name),
            found,
            "a chapter depends on earlier chapters only, and never on the press",
            "move what is shared into the earlier chapter",
        ));
    };
    for (name, source) in DEPENDENCIES.into_iter().flat_map(table) {
        if name == "lstm-book" || chapter_number(name).is_some_and(|other| other >= number) {
            refuse(name, format!("{package} depends on {name}"));
        } else if let Some(path) = source.get("path").and_then(Value::as_str)
            && chapter_number(name).is_none()
        {
            // The chapter itself may be among them: its tests can be built with what is built with it.
            let behind = chapters_behind(project, &file.with_file_name(path));
            for other in behind.iter().filter(|other| chapter_number(other) > Some(number)) {
                refuse(name, format!("{package} depends on {other}, by way of {name}"));
            }
        }
    }
    let tools = table("dependencies")
        .filter_map(|(_, it)| it.get("path")?.as_str()?.strip_prefix("../../"));
    problems.into_result(tools.map(PathBuf::from).collect())
}

/// The chapters that a crate is built with, itself or by way of crates that are no chapters. Where there is
/// no manifest, there are none: cargo says so.
fn chapters_behind(project: &Project, folder: &Path) -> BTreeSet<String> {
    let (mut chapters, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let Ok(folder) = project.root.join(folder).canonicalize() else { continue };
        let manifest = project.read(&folder.join("Cargo.toml")).ok();
        let Some(manifest) = manifest.and_then(|text| text.parse::<Table>().ok()) else { continue };
        if !seen.insert(folder.clone()) {
            continue;
        }
        for (name, source) in
            manifest.get("dependencies").and_then(Value::as_table).into_iter().flatten()
        {
            if chapter_number(name).is_some() {
                chapters.insert(name.clone());
            } else if let Some(path) = source.get("path").and_then(Value::as_str) {
                open.push(folder.join(path));
            }
        }
    }
    chapters
}
