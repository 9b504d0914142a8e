//! The modules of a crate, which of them uses which, and the circles in that.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::files::shown;
use crate::items::{Items, Named, items};
use crate::tokens::tokens;

/// Imports that run in a circle.
#[derive(Debug)]
pub(crate) struct Circle {
    /// All files in it.
    pub(crate) files: Vec<String>,
    /// A way around, one line for each step.
    pub(crate) way: Vec<String>,
}

/// A module with a file of its own.
struct Module {
    file: String,
    parent: usize,
    children: BTreeMap<String, usize>,
    items: Items,
}

/// All modules of the crate that begins with this file; the first is the root.
fn modules(root: &Path, first: &Path) -> Vec<Module> {
    let mut modules: Vec<Module> = Vec::new();
    // A file named by `#[path]` stands for a folder, as the root and `mod.rs` do.
    let mut waiting = vec![(first.to_owned(), 0, String::new(), true)];
    while let Some((file, parent, name, stands_for_folder)) = waiting.pop() {
        let text = fs::read_to_string(root.join(&file)).unwrap_or_default();
        let items = items(&tokens(&text));
        let here = modules.len();
        let beside = file.parent().unwrap_or(Path::new(""));
        let stands_for_folder = stands_for_folder || file.ends_with("mod.rs");
        let folder = if stands_for_folder { beside.to_owned() } else { file.with_extension("") };
        for module in &items.modules {
            let found = match &module.path {
                Some(path) => beside.join(path),
                None => find(root, &folder, &module.name),
            };
            waiting.push((found, here, module.name.clone(), module.path.is_some()));
        }
        let file = shown(&file);
        modules.push(Module { file, parent, children: BTreeMap::new(), items });
        if here > 0 {
            modules[parent].children.insert(name, here);
        }
    }
    modules
}

fn find(root: &Path, folder: &Path, name: &str) -> PathBuf {
    let file = folder.join(format!("{name}.rs"));
    if root.join(&file).is_file() { file } else { folder.join(name).join("mod.rs") }
}

/// The module in which what a path names is defined; none if it is in another crate.
fn resolve(modules: &[Module], from: usize, path: &[String], steps: usize) -> Option<usize> {
    let (first, mut rest) = path.split_first()?;
    let mut at = match first.as_str() {
        "crate" => 0,
        "self" => from,
        "super" => modules[from].parent,
        child => *modules[from].children.get(child)?,
    };
    while let Some((segment, after)) = rest.split_first() {
        let module = &modules[at];
        if segment == "super" {
            at = module.parent;
        } else if let Some(child) = module.children.get(segment) {
            at = *child;
        } else if module.items.defined.contains(segment) {
            return Some(at);
        } else {
            return handed_on(modules, at, segment, steps).unwrap_or(Some(at));
        }
        rest = after;
    }
    Some(at)
}

/// Where a module has a name from that it only hands on; the outer none if it has no such name.
fn handed_on(modules: &[Module], at: usize, name: &str, steps: usize) -> Option<Option<usize>> {
    // `use` can run in circles too.
    let steps = steps.checked_sub(1)?;
    let uses = || modules[at].items.named.iter();
    if let Some(known) = uses().find(|named| named.alias.as_deref() == Some(name)) {
        return Some(resolve(modules, at, &known.path, steps));
    }
    let mut globs = uses().filter(|named| named.alias.as_deref() == Some("*"));
    globs.find_map(|glob| {
        let path: Vec<String> = glob.path.iter().filter(|part| *part != "*").cloned().collect();
        let source = resolve(modules, at, &path, steps)?;
        let defined = modules[source].items.defined.contains(name);
        if defined { Some(Some(source)) } else { handed_on(modules, source, name, steps) }
    })
}

/// The modules that a module uses, each with the place where it first does.
fn used(modules: &[Module], from: usize) -> BTreeMap<usize, String> {
    let mut found = BTreeMap::new();
    let mut note = |place: Option<usize>, named: &Named, what: &str| {
        let Some(to) = place.filter(|to| *to != from) else { return };
        let (here, there) = (&modules[from].file, &modules[to].file);
        let line = || format!("{here}:{} uses {what} of {there}", named.line);
        found.entry(to).or_insert_with(line);
    };
    for named in modules[from].items.named.iter().filter(|named| !named.only_handed_on) {
        match named.path.split_last() {
            Some((last, before)) if last == "*" => {
                let Some(source) = resolve(modules, from, before, 16) else { continue };
                for name in names(modules, source) {
                    let path = [before, std::slice::from_ref(&name)].concat();
                    note(resolve(modules, from, &path, 16), named, &name);
                }
            }
            Some((last, _)) => note(resolve(modules, from, &named.path, 16), named, last),
            None => {}
        }
    }
    found
}

/// What a module has, of its own or from others.
fn names(modules: &[Module], at: usize) -> BTreeSet<String> {
    let items = &modules[at].items;
    let handed_on = items.named.iter().filter_map(|named| named.alias.clone());
    let handed_on = handed_on.filter(|alias| alias != "*");
    items.defined.iter().cloned().chain(handed_on).collect()
}

/// The circles of a crate, which begins with the file `first`.
pub(crate) fn circles(root: &Path, first: &Path) -> Vec<Circle> {
    let modules = modules(root, first);
    let uses: Vec<_> = (0..modules.len()).map(|from| used(&modules, from)).collect();
    let reached: Vec<BTreeSet<usize>> = (0..modules.len()).map(|from| reach(&uses, from)).collect();
    let mut done = BTreeSet::new();
    let mut circles = Vec::new();
    for start in 0..modules.len() {
        if !reached[start].contains(&start) || !done.insert(start) {
            continue;
        }
        let together: Vec<usize> = reached[start]
            .iter()
            .copied()
            .filter(|other| reached[*other].contains(&start))
            .collect();
        done.extend(&together);
        let mut files: Vec<String> = together.iter().map(|at| modules[*at].file.clone()).collect();
        files.sort();
        circles.push(Circle { files, way: way(&uses, start) });
    }
    circles
}

/// Everything that a module uses, directly or not.
fn reach(uses: &[BTreeMap<usize, String>], from: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<usize> = uses[from].keys().copied().collect();
    while let Some(next) = waiting.pop() {
        if found.insert(next) {
            waiting.extend(uses[next].keys());
        }
    }
    found
}

/// A shortest way from a module back to itself.
fn way(uses: &[BTreeMap<usize, String>], start: usize) -> Vec<String> {
    let mut ways: Vec<(usize, Vec<&String>)> = vec![(start, Vec::new())];
    let mut seen = BTreeSet::new();
    let mut next = 0;
    while let Some((at, way)) = ways.get(next).cloned() {
        next += 1;
        for (to, step) in &uses[at] {
            let longer: Vec<&String> = way.iter().copied().chain([step]).collect();
            if *to == start {
                return longer.into_iter().cloned().collect();
            }
            if seen.insert(*to) {
                ways.push((*to, longer));
            }
        }
    }
    Vec::new()
}
