//! A chapter's manifest: its name, and that it depends on earlier chapters only.

use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::name::chapter_number;
use crate::problem::{Problem, Problems, line_of};

/// The tables of a manifest that name what a crate depends on.
const DEPENDENCIES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// Checks the manifest of chapter `number`, the crate `package`. Returns the folders of the crates that it
/// is built with and that are no chapters, relative to the root.
///
/// # Errors
/// If it is no manifest, names another crate, or depends on a later chapter or on the press.
pub(super) fn check_manifest(
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
    for (name, _) in DEPENDENCIES.into_iter().flat_map(table) {
        let later = chapter_number(name).is_some_and(|other| other >= number);
        if later || name == "lstm-book" {
            problems.0.push(Problem::new(
                file,
                line(name),
                format!("{package} depends on {name}"),
                "a chapter depends on earlier chapters only, and never on the press",
                "move what is shared into the earlier chapter",
            ));
        }
    }
    let tools = table("dependencies")
        .filter_map(|(_, it)| it.get("path")?.as_str()?.strip_prefix("../../"));
    problems.into_result(tools.map(PathBuf::from).collect())
}
