//! The search: mdBook's index knows the words of the text. What has a name of its own, such as σ, `C_t` or
//! `Gate::forward`, is found by that name before all else.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::index::Sought;

/// What finds the names, in the reader's browser. It stands behind mdBook's index, which no page loads
/// before its reader opens the search.
const SCRIPT: &str = include_str!("search.js");

/// Adds the names to the search index of a built site.
///
/// # Errors
/// If the site has no index, or it cannot be written.
pub(super) fn add(site: &Path, names: &[Sought]) -> Result<()> {
    let entries = fs::read_dir(site).with_context(|| format!("cannot list {}", site.display()))?;
    let is_index = |name: &str| name.starts_with("searchindex") && name.ends_with(".js");
    let mut files = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let Some(file) =
        files.find(|file| file.file_name().is_some_and(|it| is_index(&it.to_string_lossy())))
    else {
        bail!(
            "mdBook wrote no search index\n  expected  searchindex-….js\n  \
             to do     remove `enable = false` from [output.html.search] in book/book.toml"
        );
    };
    let mut text =
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    text.push_str("\nwindow.search.names = ");
    text.push_str(&serde_json::to_string(names)?);
    text.push_str(";\n");
    text.push_str(SCRIPT);
    fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
}
