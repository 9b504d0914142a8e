//! Links: every one on the finished site leads to a file and a fragment that exist.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use scraper::{Html, Selector};

use crate::page::{Page, SOURCES};
use crate::problem::{Problem, Problems};
use crate::project::{files, unreadable};

/// What one page of the site offers and asks for.
struct Anchors {
    ids: BTreeSet<String>,
    /// Links and embedded files, and whether the browser loads them by itself.
    targets: Vec<(String, bool)>,
}

/// Checks all pages of the built site in `site`; `sources` are for the places in the messages.
///
/// # Errors
/// Each link to a file or a fragment that is not there, and each file that a page would load from
/// another host.
pub(super) fn check(site: &Path, sources: &[Page]) -> Result<(), Problems> {
    let files = files(site).map_err(|error| unreadable(site, &error))?;
    let files = BTreeSet::from_iter(files);
    let mut pages = BTreeMap::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "html")) {
        let text = fs::read_to_string(site.join(file)).map_err(|error| unreadable(file, &error))?;
        pages.insert(file.clone(), anchors(&text));
    }
    let mut problems = Problems::default();
    for (file, page) in &pages {
        for (target, loaded) in &page.targets {
            if let Some(wrong) = wrong(file, target, *loaded, &files, &pages) {
                problems.0.push(locate(file, target, wrong, sources));
            }
        }
    }
    problems.into_result(())
}

fn anchors(html: &str) -> Anchors {
    let document = Html::parse_document(html);
    let all = |selector: &str, attribute: &str| -> Vec<String> {
        let selector = Selector::parse(selector).into_iter();
        selector
            .flat_map(|selector| {
                let found = document.select(&selector);
                found
                    .filter_map(|element| element.attr(attribute).map(str::to_owned))
                    .collect::<Vec<_>>()
            })
            .collect()
    };
    let links = all("a[href]", "href").into_iter().map(|target| (target, false));
    let loaded = [all("[src]", "src"), all("link[href]", "href")].concat();
    Anchors {
        ids: all("[id]", "id").into_iter().collect(),
        targets: links.chain(loaded.into_iter().map(|target| (target, true))).collect(),
    }
}

/// What is wrong with a link, if anything is.
fn wrong(
    from: &Path,
    target: &str,
    loaded: bool,
    files: &BTreeSet<PathBuf>,
    pages: &BTreeMap<PathBuf, Anchors>,
) -> Option<String> {
    let Some((file, fragment)) = self::target(from, target) else {
        return (loaded && !target.starts_with("data:"))
            .then(|| "a file that the page loads from elsewhere".into());
    };
    if !files.contains(&file) {
        return Some(format!("no page or file `{}` on the site", file.display()));
    }
    let missing =
        pages.get(&file).is_some_and(|page| !fragment.is_empty() && !page.ids.contains(&fragment));
    missing.then(|| format!("no `id=\"{fragment}\"` on {}", file.display()))
}

/// The file and the fragment that a link on the page `from` leads to; `None` if it leaves the site.
pub fn target(from: &Path, link: &str) -> Option<(PathBuf, String)> {
    let scheme = link.split_once(':').map(|(scheme, _)| scheme);
    if link.starts_with("//")
        || scheme.is_some_and(|scheme| scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    {
        return None;
    }
    let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
    let path = path.split('?').next().unwrap_or_default();
    let file = if path.is_empty() { from.to_owned() } else { resolve(from, path) };
    let file = if path.ends_with('/') { file.join("index.html") } else { file };
    Some((file, fragment.to_owned()))
}

/// The file that a relative link leads to, seen from the page `from`.
fn resolve(from: &Path, path: &str) -> PathBuf {
    let start =
        if path.starts_with('/') { Path::new("") } else { from.parent().unwrap_or(Path::new("")) };
    let mut file = start.to_owned();
    for part in Path::new(path.trim_start_matches('/')).components() {
        match part {
            Component::ParentDir => drop(file.pop()),
            Component::Normal(name) => file.push(name),
            _ => {}
        }
    }
    file
}

/// The problem with its place in the Markdown, where the link can be found there.
fn locate(file: &Path, target: &str, wrong: String, sources: &[Page]) -> Problem {
    let markdown = target.replace(".html", ".md");
    let source = sources.iter().find(|page| {
        page.file().strip_prefix(SOURCES).is_ok_and(|name| name.with_extension("html") == file)
    });
    let place = source.and_then(|page| {
        let at = page.source().find(&markdown).or_else(|| page.source().find(target))?;
        Some((page.file().to_owned(), page.line(at)))
    });
    let (file, line) = place.unwrap_or((Path::new("target/book").join(file), 0));
    Problem::new(
        file,
        line,
        format!("a link to `{target}`: {wrong}"),
        "a link that leads somewhere",
        "correct the link",
    )
}
