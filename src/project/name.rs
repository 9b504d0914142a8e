//! How chapters, and what a listing keeps, are named.

use std::path::{Path, PathBuf};

/// The chapter's number in a name such as `ch05` or `ch05-forget-gate.md`.
pub(crate) fn chapter_number(name: &str) -> Option<u32> {
    let digits = name.strip_prefix("ch")?.get(..2)?;
    let rest = &name[4..];
    (rest.is_empty() || rest.starts_with('-')).then(|| digits.parse().ok())?
}

/// The same of a page's file; none for the introduction, the appendices and what stands between chapters.
pub(crate) fn chapter_of(page: &Path) -> Option<u32> {
    chapter_number(page.file_stem()?.to_str()?)
}

/// Where a listing keeps what its program prints with arguments.
pub(crate) const RUNS: &str = "runs";
/// Where it keeps what cannot be run again in every test.
pub(crate) const RECORDS: &str = "records";

/// Where a listing keeps a run or a record: `listings/ch12-one-matrix/records/steps.txt`.
pub(crate) fn kept_file(folder: &Path, kind: &str, name: &str) -> PathBuf {
    folder.join(kind).join(format!("{name}.txt"))
}
