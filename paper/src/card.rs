//! Pictures that stand for the book: the card that messengers and networks show for a link to it, and the
//! EPUB's cover. Both hold its title and description, and the whole cell as chapter 8 draws it.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use files::{Names, PNG};
use press::project::Project;
use press::site::{CARD, SITE};

use crate::browser::{self, flag};
use crate::sheet::{Cover, FONTS};

/// Draws the card into `book/src`, from where the next build takes it. Returns what was made.
///
/// # Errors
/// If the site is not built, or there is no browser.
pub fn card(project: &Project) -> Result<String> {
    // The size that networks ask for.
    let size = ["--window-size=1200,630"].map(OsString::from);
    draw(project, include_str!("../card.html"), &size, &Path::new("book/src").join(CARD))
}

/// Draws the cover, from where the next compilation of this crate takes it. Returns what was made.
///
/// # Errors
/// If the site is not built, or there is no browser.
pub fn cover(project: &Project) -> Result<String> {
    // 1600 by 2400 pixels.
    let size = ["--window-size=800,1200", "--force-device-scale-factor=2"].map(OsString::from);
    draw(project, include_str!("../cover.html"), &size, Path::new("paper/cover.png"))
}

fn draw(project: &Project, html: &str, size: &[OsString], file: &Path) -> Result<String> {
    let cover = Cover::read(&project.root.join(SITE))?;
    let mut output = Names::default().replace("", &project.root.join(file), PNG)?;
    let staging = browser::stage(project)?;
    let html = html
        .replace("{title}", &cover.title)
        .replace("{title on lines}", &cover.title.replace(", ", ",<br>"))
        .replace("{description}", &cover.description)
        .replace("{styles}", &cover.styles)
        .replace("{fonts}", FONTS)
        .replace("{figure}", &cover.figure);
    let picture = staging.path().join("picture.png");
    let flags = [size, &["--hide-scrollbars".into(), flag("--screenshot=", &picture)]].concat();
    let said = browser::show(staging.path(), &html, &flags)?;
    ensure!(picture.exists(), "the browser drew nothing; it said:\n{said}");
    output.write(&fs::read(&picture).context("cannot read what the browser drew")?)?;
    Ok(format!("wrote {}; look at it before you commit it", file.display()))
}
