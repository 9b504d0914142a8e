//! Starting a chapter: its crate, its page and its place in the table of contents.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use files::{Names, PAGE};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::page::SOURCES;
use crate::project::{Project, chapter_number, chapter_of};

/// Creates the files of a planned chapter such as `ch06`, under the title that SUMMARY.md plans for
/// it, and turns the planned entry into a link. Returns the files, relative to the root.
///
/// # Errors
/// If the name is not chNN, no such chapter is planned, or a file is there already; nothing is
/// written then.
pub fn new(project: &Project, chapter: &str) -> Result<Vec<PathBuf>> {
    let number = chapter_number(chapter).filter(|_| chapter.len() == 4);
    let Some(number) = number else {
        bail!(
            "found     `{chapter}`\n  expected  a name such as ch06\n  to do     correct the name"
        );
    };
    let file = Path::new(SOURCES).join("SUMMARY.md");
    let summary = project.read(&file)?;
    let title = planned_title(&summary, number).with_context(|| {
        format!(
            "{} plans no chapter {number} without a page\n  expected  its entry as `[Title]()`, \
             counted from 1\n  to do     add the entry, or choose another chapter",
            file.display()
        )
    })?;
    let slug = slug(&title);
    let package = chapter.to_owned();
    let name = format!("{package}-{slug}");
    let folder = Path::new("listings").join(&name);
    let page = Path::new(SOURCES).join(format!("{name}.md"));
    let library = slug.replace('-', "_");
    let files = [
        (folder.join("Cargo.toml"), manifest(&package, number, &title, &library)),
        (folder.join("src/lib.rs"), library_source(number, &title)),
        (folder.join("src/main.rs"), main_source(&package)),
        (page.clone(), page_source(&package, &title)),
    ];
    for (file, _) in &files {
        // A link that leads nowhere is there too.
        ensure!(
            project.root.join(file).symlink_metadata().is_err(),
            "{} is there already\n  to do     delete it first, or choose another chapter",
            file.display()
        );
    }
    let mut names = Names::default();
    let mut table = names.replace("", &project.root.join(&file), PAGE)?;
    for (file, text) in &files {
        let path = project.root.join(file);
        let folder = path.parent().unwrap_or(&project.root);
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        names.new_file("", &path, "choose another chapter")?.write(text.as_bytes())?;
    }
    let linked = summary.replace(&format!("[{title}]()"), &format!("[{title}]({name}.md)"));
    table.write(linked.as_bytes())?;
    Ok(files.into_iter().map(|(path, _)| path).chain([file]).collect())
}

/// The title of the numbered entry `number`, if it has no page yet.
fn planned_title(summary: &str, number: u32) -> Option<String> {
    let (mut count, mut inside, mut in_list) = (0, None, false);
    for event in Parser::new(summary) {
        match event {
            Event::Start(Tag::List(_)) => in_list = true,
            Event::End(TagEnd::List(_)) => in_list = false,
            Event::Start(Tag::Link { dest_url, .. })
                if in_list
                    && (dest_url.is_empty() || chapter_of(Path::new(&*dest_url)).is_some()) =>
            {
                count += 1;
                inside = (count == number).then(|| (dest_url.is_empty(), String::new()));
            }
            Event::Text(text) => {
                if let Some((_, title)) = &mut inside {
                    title.push_str(&text);
                }
            }
            Event::End(TagEnd::Link) => {
                if let Some((planned, title)) = inside.take() {
                    return planned.then_some(title);
                }
            }
            _ => {}
        }
    }
    None
}

/// `The forget gate` becomes `forget-gate`.
fn slug(title: &str) -> String {
    let lower = title.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    let words = if words.first() == Some(&"the") { &words[1..] } else { &words[..] };
    words.join("-")
}

fn manifest(package: &str, number: u32, title: &str, library: &str) -> String {
    format!(
        "[package]\nname = \"{package}\"\ndescription = \"Chapter {number}, {title}\"\n\
         version.workspace = true\nedition.workspace = true\nrust-version.workspace = true\n\
         license.workspace = true\npublish.workspace = true\n\n[lib]\nname = \"{library}\"\n\n\
         [dependencies]\nnalgebra.workspace = true\nsay = {{ path = \"../../say\" }}\n\n[dev-dependencies]\nproptest.workspace = true\n\n\
         [lints]\nworkspace = true\n"
    )
}

fn library_source(number: u32, title: &str) -> String {
    format!("//! Chapter {number}, *{title}*.\n#![forbid(unsafe_code)]\n")
}

fn main_source(package: &str) -> String {
    format!(
        "//! The numbers that chapter {} talks about: `cargo run -p {package}`.\n\nuse say::println;\n\nfn main() {{\n    \
         println!(\"# first: the first numbers\");\n    println!(\"one = {{:.4}}\", 1.0);\n}}\n",
        package.trim_start_matches("ch").trim_start_matches('0')
    )
}

fn page_source(package: &str, title: &str) -> String {
    format!(
        "# {title}\n\n<p class=\"question\">The question that this chapter answers.</p>\n\n\
         The first number is 1.0<!--{package}:one-->.\n"
    )
}
