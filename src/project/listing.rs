//! One chapter's crate: what it prints, its runs and records, its exercises.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::command::{check_record_command, check_run_command};
use super::manifest::check_manifest;
use super::name::{RECORDS, RUNS, chapter_number, kept_file};
use super::{Output, Project, unreadable};
use crate::problem::{Problem, Problems};

/// One chapter's crate.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The package: `ch05`.
    pub package: String,
    /// The chapter's number: 5.
    pub number: u32,
    /// The folder, relative to the root: `listings/ch05-forget-gate`.
    pub folder: PathBuf,
    /// The parsed snapshot of what it prints.
    pub output: Output,
    /// Snapshots of its program with arguments, by name: `runs/sum.txt` is `sum`.
    pub runs: BTreeMap<String, Output>,
    /// What was printed once and kept, by name: `records/steps.txt` is `steps`.
    pub records: BTreeMap<String, Output>,
    /// The exercises, by their example's name: `exercise_5_1`.
    pub exercises: Vec<String>,
    /// Crates of the workspace that are no chapters and that it is the first to be built with, relative to the
    /// root: what they hold is shown with it.
    pub tools: Vec<PathBuf>,
}

impl Listing {
    /// Whether a file, relative to the root, is one of this chapter: its own, or a source of its tools.
    pub fn holds(&self, file: &Path) -> bool {
        file.starts_with(&self.folder) || self.holds_source(file)
    }

    /// Whether a file, relative to the root, is a source of this chapter or of its tools.
    pub fn holds_source(&self, file: &Path) -> bool {
        let mut folders = std::iter::once(&self.folder).chain(&self.tools);
        folders.any(|folder| file.starts_with(folder.join("src")))
    }

    /// All that its pages may show: the snapshots, and the records.
    pub fn outputs(&self) -> impl Iterator<Item = &Output> {
        self.snapshots().chain(self.records.values())
    }

    /// What its program prints without arguments, and with some: each is run again by the tests.
    pub fn snapshots(&self) -> impl Iterator<Item = &Output> {
        std::iter::once(&self.output).chain(self.runs.values())
    }

    /// What a tag names before its colon: `ch12` is the chapter's snapshot, `ch14/sum` a run or a record.
    pub fn printed(&self, source: &str) -> Option<&Output> {
        match source.strip_prefix(&self.package)?.strip_prefix('/') {
            Some(name) => self.runs.get(name).or_else(|| self.records.get(name)),
            None => (source == self.package).then_some(&self.output),
        }
    }

    /// What tags call an output of this listing: the reverse of [`printed`](Listing::printed).
    pub(crate) fn source(&self, output: &Output) -> String {
        match output.file == self.output.file {
            true => self.package.clone(),
            false => format!("{}/{}", self.package, output.name()),
        }
    }
}

impl Project {
    /// All listings, by package name, with their snapshots; checks that dependencies run backward only.
    ///
    /// # Errors
    /// If a manifest or a snapshot is missing or malformed, or a listing depends on a later one or
    /// on the press.
    pub fn listings(&self) -> Result<BTreeMap<String, Listing>, Problems> {
        let mut problems = Problems::default();
        let mut listings: BTreeMap<String, Listing> = BTreeMap::new();
        let folders = self.listing_folders();
        for name in folders.map_err(|error| unreadable(Path::new("listings"), &error))? {
            match self.listing(&name) {
                Ok(listing) => drop(listings.insert(listing.package.clone(), listing)),
                Err(found) => problems.0.extend(found.0),
            }
        }
        // A tool is shown once, with the first chapter that is built with it.
        let mut shown = BTreeSet::new();
        for listing in listings.values_mut() {
            listing.tools.retain(|tool| shown.insert(tool.clone()));
        }
        problems.into_result(listings)
    }

    /// The names of the listings' folders, in order: `ch05-forget-gate`.
    ///
    /// # Errors
    /// If `listings/` cannot be read.
    pub(crate) fn listing_folders(&self) -> std::io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.root.join("listings"))? {
            let entry = entry?;
            if entry.path().is_dir() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        names.sort();
        Ok(names)
    }

    /// The names of the files in a folder that end like this, without their ending, in order.
    fn named(&self, folder: &Path, ending: &str) -> Vec<String> {
        let entries = fs::read_dir(self.root.join(folder)).into_iter().flatten();
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> =
            names.filter_map(|name| name.strip_suffix(ending).map(str::to_owned)).collect();
        names.sort();
        names
    }

    fn listing(&self, name: &str) -> Result<Listing, Problems> {
        let folder = Path::new("listings").join(name);
        let Some(number) = chapter_number(name) else {
            return Err(Problem::new(
                &folder,
                0,
                format!("a folder named `{name}`"),
                "chNN-slug, such as ch05-forget-gate",
                "rename it, or move it out of listings/",
            )
            .into());
        };
        let package = format!("ch{number:02}");
        let manifest = folder.join("Cargo.toml");
        let text = self.read(&manifest).map_err(|error| unreadable(&manifest, &error))?;
        let tools = check_manifest(self, &manifest, &text, &package, number)?;
        let snapshot = folder.join("output.txt");
        let text = self.read(&snapshot).map_err(|error| {
            Problem::new(
                &snapshot,
                0,
                format!("{error:#}"),
                "a snapshot of what the chapter's program prints",
                format!("run `cargo run -- bless {package}`"),
            )
        })?;
        let output = Output::parse(&snapshot, &text)?;
        let runs = self.kept(&folder, RUNS, &package)?;
        let records = self.kept(&folder, RECORDS, &package)?;
        if let Some(name) = runs.keys().find(|name| records.contains_key(*name)) {
            return Err(Problem::new(
                kept_file(&folder, RUNS, name),
                0,
                format!("a run and a record, both named `{name}`"),
                "names of their own, for a tag has only the name",
                "rename one of the two files",
            )
            .into());
        }
        let exercises = self.exercises(&folder, number)?;
        Ok(Listing { package, number, folder, output, runs, records, exercises, tools })
    }

    /// The runs or the records of a listing, by name.
    fn kept(
        &self,
        folder: &Path,
        kind: &str,
        package: &str,
    ) -> Result<BTreeMap<String, Output>, Problems> {
        let mut problems = Problems::default();
        let mut all = BTreeMap::new();
        for name in self.named(&folder.join(kind), ".txt") {
            let file = kept_file(folder, kind, &name);
            let read = || -> Result<Output, Problems> {
                let text = self.read(&file).map_err(|error| unreadable(&file, &error))?;
                let output = Output::parse(&file, &text)?;
                match kind {
                    RECORDS => check_record_command(&file, &output.command, package)?,
                    _ => check_run_command(&file, &output.command, package)?,
                }
                Ok(output)
            };
            match read() {
                Ok(output) => drop(all.insert(name, output)),
                Err(found) => problems.0.extend(found.0),
            }
        }
        problems.into_result(all)
    }

    /// The exercises of a listing; each must have its solution, and be named after its chapter.
    fn exercises(&self, folder: &Path, number: u32) -> Result<Vec<String>, Problems> {
        let mut problems = Problems::default();
        let mut exercises = Vec::new();
        let names = self.named(&folder.join("examples"), ".rs");
        for name in &names {
            let file = folder.join("examples").join(format!("{name}.rs"));
            let partner = match name.split_once('_') {
                Some(("exercise", rest)) if rest.starts_with(&format!("{number}_")) => {
                    exercises.push(name.clone());
                    format!("solution_{rest}")
                }
                Some(("solution", rest)) if rest.starts_with(&format!("{number}_")) => {
                    format!("exercise_{rest}")
                }
                _ => {
                    problems.0.push(Problem::new(
                        &file,
                        0,
                        format!("an example named `{name}`"),
                        format!("exercise_{number}_N or solution_{number}_N"),
                        "rename it: example names are shared by the whole workspace",
                    ));
                    continue;
                }
            };
            if !names.contains(&partner) {
                problems.0.push(Problem::new(
                    &file,
                    0,
                    format!("`{name}` without `{partner}`"),
                    "every exercise with its solution, and every solution with its exercise",
                    format!("write {}", folder.join("examples").join(partner + ".rs").display()),
                ));
            }
        }
        problems.into_result(exercises)
    }
}
