//! The card: the picture that messengers and networks show for a link to the book. It holds the book's
//! title and description, and the whole cell as chapter 8 draws it.

use std::fs;

use anyhow::{Context, Result, ensure};
use press::project::Project;
use press::publish::CARD;
use press::site::SITE;

use crate::browser::{self, flag};
use crate::sheet::Cover;

/// The size that networks ask for.
const SIZE: &str = "--window-size=1200,630";

/// Draws the card into `book/src`, from where the next build takes it. Returns what was made.
///
/// # Errors
/// If the site is not built, or there is no browser.
pub fn write(project: &Project) -> Result<String> {
    let cover = Cover::read(&project.root.join(SITE))?;
    let staging = browser::stage(project)?;
    let html = include_str!("../card.html")
        .replace("{title}", &cover.title)
        .replace("{description}", &cover.description)
        .replace("{styles}", &cover.styles)
        .replace("{figure}", &cover.figure);
    let picture = staging.path().join("card.png");
    let flags = [SIZE.into(), "--hide-scrollbars".into(), flag("--screenshot=", &picture)];
    let said = browser::show(staging.path(), &html, &flags)?;
    ensure!(picture.exists(), "the browser drew nothing; it said:\n{said}");
    let card = project.root.join("book/src").join(CARD);
    fs::rename(&picture, &card).with_context(|| format!("cannot write {}", card.display()))?;
    Ok(format!("wrote book/src/{CARD}; look at it before you commit it"))
}
