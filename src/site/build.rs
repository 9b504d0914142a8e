//! Building the site: mdBook renders into a folder of its own, the links are checked, and only a
//! good site takes the place of the last one.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;

use super::links;
use super::mdbook::{PressPreprocessor, Typeset};
use super::publish::{Address, publish};
use crate::page::pages;
use crate::problem::{Problem, Problems};
use crate::project::Project;
use crate::typeset::Counts;

/// Where the site is built, relative to the project's root, as book.toml says too.
pub const SITE: &str = "target/book";

/// Checks the book, builds the site and checks its links. The last good site stays until then.
///
/// # Errors
/// Every problem of the book; or the file that could not be written.
pub fn build(project: &Project) -> Result<Counts> {
    build_for(project, None)
}

/// Builds the site for a place on the web, if there is one: see [`publish`].
///
/// # Errors
/// As for [`build`].
pub fn build_for(project: &Project, address: Option<&Address>) -> Result<Counts> {
    let sources = pages(project)?;
    let (typeset, counts) = Typeset::new(project, &sources)?;

    let target = project.root.join("target");
    fs::create_dir_all(&target).with_context(|| format!("cannot create {}", target.display()))?;
    let staging = tempfile::Builder::new()
        .prefix("book-")
        .tempdir_in(&target)
        .with_context(|| format!("cannot create a folder in {}", target.display()))?;
    render(project, staging.path(), address, typeset)?;
    links::check(staging.path(), &sources)?;
    if let Some(address) = address {
        let start = sources.first().and_then(|page| page.file().file_stem()).unwrap_or_default();
        publish(staging.path(), address, &format!("{}.html", start.display()))?;
    }
    replace(&project.root.join(SITE), staging.keep())?;
    Ok(counts)
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
