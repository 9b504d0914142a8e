//! Building the site: mdBook renders into a folder of its own, the links are checked, and only a
//! good site takes the place of the last one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;

use super::mdbook::{PressPreprocessor, Typeset};
use super::publish::{Address, publish};
use super::{links, search};
use crate::page::{Page, SOURCES, pages};
use crate::problem::{Problem, Problems};
use crate::project::{Fingerprint, Project, fingerprint};
use crate::typeset::{Counts, Memory};
use tempfile::TempDir;

/// Where the site is built, relative to the project's root, as book.toml says too.
pub const SITE: &str = "target/book";

/// Checks the book, builds the site and checks its links. The last good site stays until then.
///
/// # Errors
/// Every problem of the book; or the file that could not be written.
pub fn build(project: &Project) -> Result<Counts> {
    Builder::new(project).build(None)
}

/// Builds the site for a place on the web, if there is one: see [`publish`].
///
/// # Errors
/// As for [`build`].
pub fn build_for(project: &Project, address: Option<&Address>) -> Result<Counts> {
    Builder::new(project).build(address)
}

/// Builds the site, and again after each edit.
#[derive(Debug)]
pub struct Builder {
    pub(super) project: Project,
    memory: Memory,
    /// What the site shows: each page's content, and the files beside the pages that it was made with.
    shown: Option<(BTreeMap<PathBuf, String>, Fingerprint)>,
}

impl Builder {
    /// Nothing is built yet.
    #[must_use]
    pub fn new(project: &Project) -> Builder {
        Builder { project: project.clone(), memory: Memory::default(), shown: None }
    }

    /// Checks the book, builds the whole site and checks its links.
    ///
    /// # Errors
    /// As for [`build`].
    pub fn build(&mut self, address: Option<&Address>) -> Result<Counts> {
        let (sources, files, typeset) = self.typeset()?;
        let (contents, counts) = (typeset.contents.clone(), typeset.counts);
        let names = typeset.names.clone();
        let staging = staging(&self.project)?;
        render(&self.project, staging.path(), address, typeset)?;
        search::add(staging.path(), &names)?;
        links::check(staging.path(), &sources)?;
        if let Some(address) = address {
            let start =
                sources.first().and_then(|page| page.file().file_stem()).unwrap_or_default();
            publish(staging.path(), address, &format!("{}.html", start.display()))?;
        }
        replace(&self.project.root.join(SITE), staging.keep())?;
        self.shown = Some((contents, files));
        Ok(counts)
    }

    /// Puts the pages that changed into the site, and nothing else: the search, the appendices that the press
    /// writes and the check of the links are left to [`Builder::build`]. Says whether that was possible: not if
    /// more than pages changed.
    ///
    /// # Errors
    /// Every problem of the pages.
    pub fn build_pages(&mut self) -> Result<bool> {
        let (sources, files, typeset) = self.typeset()?;
        let Some((shown, _)) = self.shown.as_mut().filter(|(_, before)| *before == files) else {
            return Ok(false);
        };
        let changed: Vec<&PathBuf> = (typeset.contents.iter())
            .filter(|(file, content)| shown.get(*file) != Some(content))
            .map(|(file, _)| file)
            .collect();
        if changed.is_empty() {
            return Ok(true);
        }
        let staging = staging(&self.project)?;
        render(&self.project, staging.path(), None, typeset.only(&changed))?;
        let site = self.project.root.join(SITE);
        let first = sources.first().map(Page::file);
        for file in changed {
            let page = file.strip_prefix(SOURCES)?.with_extension("html");
            put(staging.path(), &site, &page)?;
            if first == Some(file) {
                put(staging.path(), &site, Path::new("index.html"))?;
            }
            shown.insert(file.clone(), typeset.contents[file].clone());
        }
        Ok(true)
    }

    fn typeset(&mut self) -> Result<(Vec<Page>, Fingerprint, Typeset)> {
        // Before anything is read: what changes from now on is seen the next time.
        let mut files = fingerprint(&self.project);
        let sources = pages(&self.project)?;
        for page in &sources {
            files.remove(&self.project.root.join(page.file()));
        }
        let typeset = Typeset::new(&self.project, &sources, &mut self.memory, &files)?;
        Ok((sources, files, typeset))
    }
}

/// A folder of its own to build into, on the disk that the site is on.
fn staging(project: &Project) -> Result<TempDir> {
    let target = project.root.join("target");
    fs::create_dir_all(&target).with_context(|| format!("cannot create {}", target.display()))?;
    tempfile::Builder::new()
        .prefix("book-")
        .tempdir_in(&target)
        .with_context(|| format!("cannot create a folder in {}", target.display()))
}

/// Puts one page of a site in `from` into the site in `to`. A name such as `searchindex-3791bd5f.js` says what is in
/// the file, and where a site of some pages has another file of that name, the page must name that of `to`.
fn put(from: &Path, to: &Path, page: &Path) -> Result<()> {
    let read = |folder: &Path| -> Result<Vec<String>> {
        let names =
            fs::read_dir(folder)?.map(|it| Ok(it?.file_name().to_string_lossy().into_owned()));
        names.collect()
    };
    let (theirs, ours) = (read(from)?, read(to)?);
    let mut html = fs::read_to_string(from.join(page))?;
    for name in theirs.iter().filter(|name| !ours.contains(name)) {
        let Some((start, rest)) = name.rsplit_once('-') else { continue };
        let Some((_, end)) = rest.split_once('.') else { continue };
        let same = |ours: &&String| ours.starts_with(&format!("{start}-")) && ours.ends_with(end);
        if let Some(ours) = ours.iter().find(same) {
            html = html.replace(name, ours);
        }
    }
    let new = to.join(page).with_extension("new");
    fs::write(&new, html)
        .and_then(|()| fs::rename(&new, to.join(page)))
        .with_context(|| format!("cannot write {}", to.join(page).display()))
}

/// Reads book.toml.
///
/// # Errors
/// If it is not a valid configuration of mdBook.
pub fn config(project: &Project) -> Result<Config, Problems> {
    let file = project.root.join("book/book.toml");
    Config::from_disk(&file).map_err(|error| {
        Problem::new(
            "book/book.toml",
            0,
            format!("{error:#}"),
            "a valid mdBook configuration",
            "correct the TOML",
        )
        .into()
    })
}

fn render(
    project: &Project,
    destination: &Path,
    address: Option<&Address>,
    typeset: Typeset,
) -> Result<()> {
    let mut config = config(project)?;
    config.build.build_dir = destination.to_owned();
    if let Some(address) = address {
        address.configure(&mut config)?;
    }
    let mut book = MDBook::load_with_config(project.root.join("book"), config)?;
    // Takes the place of the command of the same name that book.toml gives to a stock mdBook.
    book.with_preprocessor(PressPreprocessor { typeset: Some(typeset) });
    book.build()
}

/// Puts `new` where `site` is. Renames only, so that a reader never meets half a site for long.
fn replace(site: &Path, new: PathBuf) -> Result<()> {
    let old = site.with_extension("old");
    let _ = fs::remove_dir_all(&old);
    let moved = if site.exists() { fs::rename(site, &old) } else { Ok(()) };
    moved.and_then(|()| fs::rename(&new, site)).map_err(|error| {
        anyhow!("cannot put the new site in place of {}: {error}", site.display())
    })?;
    let _ = fs::remove_dir_all(&old);
    Ok(())
}
