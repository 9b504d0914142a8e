//! An installed Chromium, Chrome or Edge, which lays out what we print and draw.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use press::project::Project;
use press::site::SITE;
use tempfile::TempDir;
use wait_timeout::ChildExt as _;

/// The fonts of text and code, relative to the root: without them each machine would print another book.
const FONTS: &str = "paper/fonts";

/// A browser that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(600);

/// Names to look for, and where installers put the programs.
const BROWSERS: [&str; 9] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
];

/// No window, no call home, nothing kept.
const FLAGS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

const INSTALL: &str = "expected  Chromium, Chrome or Edge
  to do     install one, or let the environment variable CHROMIUM name the program:
              Debian, Ubuntu  sudo apt install chromium
              Fedora          sudo dnf install chromium
              macOS           brew install --cask chromium
              Windows         winget install Hibbiki.Chromium";

/// A folder in `target/` with what a page needs: the site's styles and pictures, and our fonts in `paper/`.
///
/// # Errors
/// If the site is not built, or the folder cannot be written.
pub fn stage(project: &Project) -> Result<TempDir> {
    let target = project.root.join("target");
    let folder = tempfile::Builder::new()
        .prefix("paper-")
        .tempdir_in(&target)
        .with_context(|| format!("cannot create a folder in {}", target.display()))?;
    copy_assets(&project.root.join(SITE), folder.path())?;
    copy_assets(&project.root.join(FONTS), &folder.path().join("paper"))?;
    Ok(folder)
}

/// Copies a folder of styles, fonts and pictures.
fn copy_assets(from: &Path, to: &Path) -> Result<()> {
    let failed = || format!("cannot copy {} to {}", from.display(), to.display());
    fs::create_dir_all(to).with_context(failed)?;
    let entries = fs::read_dir(from).with_context(|| {
        format!(
            "cannot read {}\n  to do     build the site first: `cargo run -- build`",
            from.display()
        )
    })?;
    for entry in entries {
        let entry = entry.with_context(failed)?;
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() {
            copy_assets(&path, &to.join(name))?;
        } else if !path.extension().is_some_and(|e| e == "html" || e == "js") {
            fs::copy(&path, to.join(name)).with_context(failed)?;
        }
    }
    Ok(())
}

/// Has the browser open `html`, whose files are in `folder`, and do what `flags` say. Returns what it wrote
/// to standard error, of which much means nothing.
///
/// # Errors
/// If there is no browser, or it cannot be run to its end.
pub fn show(folder: &Path, html: &str, flags: &[OsString]) -> Result<String> {
    let page = folder.join("page.html");
    fs::write(&page, html).with_context(|| format!("cannot write {}", page.display()))?;
    let chosen = std::env::var_os("CHROMIUM").filter(|name| !name.is_empty());
    let browsers =
        chosen.as_ref().map_or_else(|| BROWSERS.map(OsStr::new).to_vec(), |one| vec![one]);
    for browser in browsers {
        match run(browser, folder, &page, flags) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            result => return result.with_context(|| format!("{} failed", browser.display())),
        }
    }
    match chosen {
        Some(name) => {
            bail!("found     CHROMIUM={}, which is no program\n  {INSTALL}", name.display())
        }
        None => bail!("found     no browser\n  {INSTALL}"),
    }
}

/// Runs the browser to its end, with a profile of its own.
fn run(browser: &OsStr, folder: &Path, page: &Path, flags: &[OsString]) -> std::io::Result<String> {
    let log = folder.join("browser.log");
    let mut child = Command::new(browser)
        .args(FLAGS)
        .arg(flag("--user-data-dir=", &folder.join("profile")))
        .args(flags)
        .arg(page)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(&log)?)
        .spawn()?;
    if child.wait_timeout(PATIENCE)?.is_none() {
        child.kill()?;
        child.wait()?;
        return Err(std::io::Error::other("it did not end within ten minutes"));
    }
    Ok(String::from_utf8_lossy(&fs::read(&log)?).trim().to_owned())
}

/// A flag with a path as its value.
pub fn flag(name: &str, value: &Path) -> OsString {
    let mut flag = OsString::from(name);
    flag.push(value);
    flag
}
