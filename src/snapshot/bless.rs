//! Writing snapshots again: what the programs print now, and the figures as they are drawn now; and
//! writing records, which are never written along with the rest.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use files::{Kind, Names, SNAPSHOT, SVG};

use super::run::{cargo, command_of, print, print_again};
use crate::project::{
    Output, Project, RECORDS, RUNS, chapter_number, check_record_command, check_run_command, files,
    kept_file,
};

/// Where the figures lie, relative to the root.
const FIGURES: &str = "book/src/figures";

/// Rewrites the snapshots of one chapter, or of all. Returns the files that changed.
///
/// # Errors
/// If there is no such chapter, or a program fails or prints what cannot be parsed; nothing is
/// written for that chapter then.
pub fn bless(
    project: &Project,
    chapter: Option<&str>,
    mut progress: impl FnMut(&str),
) -> Result<Vec<PathBuf>> {
    let (mut changed, mut packages) = (Vec::new(), Vec::new());
    for name in folders(project, chapter)? {
        let Some(number) = chapter_number(&name) else { continue };
        let package = format!("ch{number:02}");
        let folder = Path::new("listings").join(&name);
        let command = command_of(project, &package, &folder);
        let file = folder.join("output.txt");
        look(project, &file, SNAPSHOT)?;
        progress(&command);
        let printed = print(project, &command)?;
        Output::parse(&file, &printed)?;
        changed.extend(write_if_new(project, file, SNAPSHOT, &printed)?);
        changed.extend(bless_runs(project, &package, &folder, &mut progress)?);
        packages.push(package);
    }
    // The picture language belongs to no chapter, and costs nothing to draw.
    packages.push("picture-language".to_owned());
    progress("the figures");
    changed.extend(figures(project, &packages)?);
    Ok(changed)
}

/// Rewrites what a chapter's program prints with arguments: each file of `runs/`, by the command on its first line.
fn bless_runs(
    project: &Project,
    package: &str,
    folder: &Path,
    progress: &mut impl FnMut(&str),
) -> Result<Vec<PathBuf>> {
    let mut changed = Vec::new();
    let names = files(&project.root.join(folder).join(RUNS)).unwrap_or_default();
    for name in names {
        let file = folder.join(RUNS).join(name);
        let snapshot = Output::parse(&file, &project.read(&file)?)?;
        check_run_command(&file, &snapshot.command, package)?;
        progress(&snapshot.command);
        let printed = print_again(project, &snapshot)?;
        Output::parse(&file, &printed)?;
        changed.extend(write_if_new(project, file, SNAPSHOT, &printed)?);
    }
    Ok(changed)
}

/// Has the figures drawn whose names start with one of `names`. Returns the files that changed.
fn figures(project: &Project, names: &[String]) -> Result<Vec<PathBuf>> {
    if !project.root.join("figures/Cargo.toml").exists() {
        return Ok(Vec::new()); // A book without figures.
    }
    let folder = tempfile::tempdir().context("cannot create a folder to draw into")?;
    let mut draw = cargo(project);
    draw.args(["run", "--quiet", "-p", "figures", "--"]).arg(folder.path()).args(names);
    ensure!(draw.status()?.success(), "the figures were not drawn: the lines above say why");
    let mut changed = Vec::new();
    for drawn in files(folder.path()).context("cannot list what was drawn")? {
        let svg =
            fs::read_to_string(folder.path().join(&drawn)).context("cannot read what was drawn")?;
        changed.extend(write_if_new(project, Path::new(FIGURES).join(drawn), SVG, &svg)?);
    }
    Ok(changed)
}

/// Runs a program whose results cannot be had again in every test, and keeps what it prints as
/// `records/NAME.txt`. Without a command, runs the one on the record's first line. Returns the file
/// if it changed.
///
/// # Errors
/// If there is no such chapter, the name is not one for a file, there is no command, or the program
/// fails or prints what cannot be parsed; nothing is written then.
pub fn record(
    project: &Project,
    chapter: &str,
    name: &str,
    command: Option<&str>,
    progress: impl FnOnce(&str),
) -> Result<Option<PathBuf>> {
    ensure!(
        !name.is_empty()
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
        "found     a record named `{name}`\n  expected  small letters, digits and `-`\n  \
         to do     rename it: pages will call it {chapter}/{name}"
    );
    let file =
        kept_file(&Path::new("listings").join(&folders(project, Some(chapter))?[0]), RECORDS, name);
    let recorded = project.read(&file).ok();
    let first = recorded.as_ref().and_then(|text| text.lines().next()?.strip_prefix("$ "));
    let command = command.or(first).map(str::trim).with_context(|| {
        format!(
            "{} has no command on its first line\n  expected  `$ cargo run …` there, or --command\n  \
             to do     cargo run -- record {chapter} {name} \
             --command \"cargo run --release -p {chapter} --bin NAME\"",
            file.display()
        )
    })?;
    check_record_command(&file, command, chapter)?;
    look(project, &file, SNAPSHOT)?;
    progress(command);
    let printed = print(project, command)?;
    Output::parse(&file, &printed)?;
    write_if_new(project, file, SNAPSHOT, &printed)
}

/// The folders of one chapter, or of all, in `listings/`; at least one.
fn folders(project: &Project, chapter: Option<&str>) -> Result<Vec<String>> {
    let mut folders = project.listing_folders().context("cannot read listings/")?;
    folders.retain(|name| chapter.is_none_or(|chapter| name.split('-').next() == Some(chapter)));
    if folders.is_empty() {
        bail!(
            "no chapter `{}` in listings/\n  expected  a name such as ch05\n  \
             to do     correct the name, or start the chapter with `cargo run -- new`",
            chapter.unwrap_or_default()
        );
    }
    Ok(folders)
}

/// Whether what is there may be written anew: known before a program runs for it.
fn look(project: &Project, file: &Path, kind: Kind) -> Result<()> {
    let path = project.root.join(file);
    match path.symlink_metadata() {
        Ok(_) => Names::default().replace("", &path, kind).map(drop),
        Err(_) => Ok(()),
    }
}

/// Writes a file whole or not at all; says so if that changed it.
fn write_if_new(
    project: &Project,
    file: PathBuf,
    kind: Kind,
    text: &str,
) -> Result<Option<PathBuf>> {
    let path = project.root.join(&file);
    if fs::read_to_string(&path).is_ok_and(|old| old == text) {
        return Ok(None);
    }
    let folder = path.parent().unwrap_or(&project.root);
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    files::replace(&path, kind, text.as_bytes())?;
    Ok(Some(file))
}
