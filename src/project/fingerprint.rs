//! What the book is made from, and whether it is as it was.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use walkdir::WalkDir;

use super::Project;

/// Size and time of every file that the book is made of.
pub(crate) type Fingerprint = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

/// The files as they are now.
pub(crate) fn fingerprint(project: &Project) -> Fingerprint {
    let all = made_from(project).flat_map(|folder| WalkDir::new(folder).follow_links(true));
    let files = all.filter_map(Result::ok).filter(|entry| !entry.file_type().is_dir());
    let facts = files.filter_map(|entry| {
        let about = entry.metadata().ok()?;
        Some((entry.into_path(), (about.len(), about.modified().ok())))
    });
    facts.collect()
}

/// The folders that pages are made from.
pub(crate) fn made_from(project: &Project) -> impl Iterator<Item = PathBuf> {
    let folders = ["book", "listings", "cases", "files", "equations", "findings"];
    let folders = folders.map(|folder| project.root.join(folder));
    folders.into_iter().filter(|folder| Path::is_dir(folder))
}
