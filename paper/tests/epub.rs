//! The EPUB, as far as it can be checked without `epubcheck` (which `.ci/run` runs): that of the real book, and
//! that nothing wrong with one goes unnoticed.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use press::project::Project;
use press::site;
use roxmltree::{Document, Node, ParsingOptions};
use scraper::{ElementRef, Html, Selector};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

#[path = "../../tests/support/small_book.rs"]
mod small_book;
#[path = "../../tests/support/mod.rs"]
mod support;

use small_book::Book;

const FILE: &str = "target/lstm-line-by-line.epub";
const XHTML: &str = "application/xhtml+xml";

/// A copy of the book with its built site: a test leaves the checkout's `target/book` alone.
static BOOK: LazyLock<(TempDir, Project)> = LazyLock::new(|| {
    let folder = TempDir::new().unwrap();
    copy(&support::project().root, folder.path());
    let project = Project { root: folder.path().to_owned() };
    site::build(&project).unwrap_or_else(|error| panic!("{error:#}"));
    (folder, project)
});

static EPUB: LazyLock<Vec<u8>> = LazyLock::new(|| packed("1700000000"));

static FILES: LazyLock<Files> = LazyLock::new(|| files(&EPUB));

/// The files of an EPUB, by name.
type Files = BTreeMap<String, Vec<u8>>;

/// Runs the program in a project.
fn pack(project: &Project, epoch: &str) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_paper"));
    command.arg("epub").current_dir(&project.root).env("SOURCE_DATE_EPOCH", epoch);
    let output = command.output().unwrap();
    (output.status.success(), String::from_utf8(output.stderr).unwrap())
}

/// The EPUB of the real book, changed last at a time in seconds since 1970.
fn packed(epoch: &str) -> Vec<u8> {
    let (good, said) = pack(&BOOK.1, epoch);
    assert!(good, "{said}");
    fs::read(BOOK.1.root.join(FILE)).unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if ["node_modules", "target", ".git"].iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            copy(&from, &to)
        } else {
            drop(fs::copy(from, to))
        }
    }
}

fn files(epub: &[u8]) -> Files {
    let mut zip = ZipArchive::new(Cursor::new(epub)).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        let name = file.name().unwrap().into_owned();
        assert!(!files.contains_key(&name), "{name} twice");
        files.insert(name, content);
    }
    files
}

fn text(content: &[u8]) -> &str {
    std::str::from_utf8(content).unwrap()
}

fn parse(xml: &str) -> Result<Document<'_>, roxmltree::Error> {
    Document::parse_with_options(xml, ParsingOptions { allow_dtd: true, ..Default::default() })
}

/// The file that a relative link leads to.
fn resolve(from: &str, href: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in href.split('/') {
        match part {
            ".." => _ = parts.pop(),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// Everything wrong with an EPUB's files.
fn wrong(files: &Files) -> Vec<String> {
    let mut wrong = Vec::new();
    let opf = text(&files["EPUB/package.opf"]);
    let package = parse(opf).unwrap();
    let items: Vec<Node<'_, '_>> = package
        .descendants()
        .filter(|node| node.has_tag_name(("http://www.idpf.org/2007/opf", "item")))
        .collect();
    let listed: BTreeSet<String> =
        items.iter().map(|item| format!("EPUB/{}", item.attribute("href").unwrap())).collect();
    for file in files.keys().filter(|file| file.starts_with("EPUB/") && !file.ends_with(".opf")) {
        if !listed.contains(file) {
            wrong.push(format!("{file} is not in the manifest"));
        }
    }
    let read: BTreeSet<&str> =
        package.descendants().filter_map(|node| node.attribute("idref")).collect();
    let mut ids = BTreeMap::new();
    let mut links = Vec::new();
    for item in &items {
        let name = format!("EPUB/{}", item.attribute("href").unwrap());
        let Some(content) = files.get(&name) else {
            wrong.push(format!("{name} is in the manifest only"));
            continue;
        };
        if item.attribute("media-type") != Some(XHTML) {
            continue;
        }
        if !read.contains(item.attribute("id").unwrap()) {
            wrong.push(format!("{name} is not in the spine"));
        }
        match parse(text(content)) {
            Ok(document) => {
                check_document(
                    &name,
                    &document,
                    item.attribute("properties").unwrap_or_default(),
                    &mut wrong,
                );
                let all = document.descendants();
                let own: Vec<String> =
                    all.filter_map(|node| Some(node.attribute("id")?.to_owned())).collect();
                let distinct: BTreeSet<String> = own.iter().cloned().collect();
                if distinct.len() < own.len() {
                    wrong.push(format!("{name} has an id twice"));
                }
                ids.insert(name.clone(), distinct);
                for node in document.descendants() {
                    let to = node.attribute("href").or(node.attribute("src"));
                    links.extend(
                        to.map(|to| (name.clone(), node.tag_name().name() == "a", to.to_owned())),
                    );
                }
            }
            Err(error) => wrong.push(format!("{name} is not XML: {error}")),
        }
    }
    wrong.extend(links.iter().filter_map(|link| leads_nowhere(link, files, &ids)));
    wrong
}

/// What is wrong with a link: the document it is in, whether it is one to follow, and where it leads.
fn leads_nowhere(
    (from, followed, to): &(String, bool, String),
    files: &Files,
    ids: &BTreeMap<String, BTreeSet<String>>,
) -> Option<String> {
    if *followed && to.starts_with("https://") {
        return None;
    }
    let (file, fragment) = to.split_once('#').unwrap_or((to, ""));
    let file = if file.is_empty() { from.clone() } else { resolve(from, file) };
    let found = fragment.is_empty() || ids.get(&file).is_some_and(|ids| ids.contains(fragment));
    (!files.contains_key(&file) || !found).then(|| format!("{from}: {to} leads nowhere"))
}

/// What must not stand in a document, and what must be said about it.
fn check_document(name: &str, document: &Document<'_>, properties: &str, wrong: &mut Vec<String>) {
    for node in document.descendants() {
        if ["script", "button", "template", "noscript", "input"].contains(&node.tag_name().name()) {
            wrong.push(format!("{name}: <{}>", node.tag_name().name()));
        }
        for attribute in node.attributes() {
            if attribute.name().starts_with("on") || attribute.value().contains("var(") {
                wrong.push(format!("{name}: {}=\"{}\"", attribute.name(), attribute.value()));
            }
        }
    }
    for (property, tag) in [("mathml", "math"), ("svg", "svg")] {
        let used = document.descendants().any(|node| node.tag_name().name() == tag);
        if used != properties.split(' ').any(|other| other == property) {
            wrong.push(format!("{name}: the manifest is wrong about `{property}`"));
        }
    }
}

#[test]
fn the_books_epub_is_sound() {
    assert_eq!(wrong(&FILES), [""; 0]);
    let documents = FILES.keys().filter(|name| name.ends_with(".xhtml")).count();
    assert!(documents > 30, "{documents}");
}

/// Whether the file says what it is where others look for it: at byte 30 the first file's name, behind it
/// what that holds, both as they are.
fn says_its_type(epub: &[u8]) -> bool {
    let mut zip = ZipArchive::new(Cursor::new(epub)).unwrap();
    let stored = zip.by_index(0).is_ok_and(|file| file.compression() == CompressionMethod::Stored);
    stored && epub[30..].starts_with(b"mimetypeapplication/epub+zip")
}

/// Packs files, compressed, the type first.
fn zip(files: &Files) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let others = files.keys().filter(|name| *name != "mimetype");
    for name in std::iter::once(&"mimetype".to_owned()).chain(others) {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(&files[name]).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn the_type_can_be_read_off_the_file() {
    assert!(says_its_type(&EPUB));
    assert!(!says_its_type(&zip(&FILES)), "it is compressed");
}

/// What `epubcheck` says of an EPUB, if it has something to say.
fn epubcheck(epub: &[u8]) -> Option<String> {
    let jar = std::env::var("EPUBCHECK").unwrap_or("/usr/share/java/epubcheck.jar".to_owned());
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("book.epub");
    fs::write(&file, epub).unwrap();
    let mut command = Command::new("java");
    let output = command.args(["-jar", &jar, "--failonwarnings"]).arg(file).output().unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(said.contains("EPUBCheck completed"), "{jar}: {said}");
    (!output.status.success()).then_some(said)
}

#[test]
#[ignore = "needs Java and epubcheck: see README.md"]
fn epubcheck_finds_nothing() {
    assert_eq!(epubcheck(&EPUB), None);
    let said = epubcheck(&zip(&FILES)).expect("a compressed type is refused");
    assert!(said.contains("mimetype"), "{said}");
}

#[test]
fn the_same_site_gives_the_same_bytes() {
    assert!(*EPUB == packed("1700000000"));
    assert!(*EPUB != packed("1700000001"));
    assert!(text(&FILES["EPUB/package.opf"]).contains(">2023-11-14T22:13:20Z<"));
}

#[test]
fn the_cover_is_as_large_as_shops_and_devices_ask_for() {
    let png = &FILES["EPUB/cover.png"];
    assert!(png.starts_with(b"\x89PNG"));
    let size = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert_eq!((size(16), size(20)), (1600, 2400));
}

/// The letters of what matches on a page of the site, without those that only its search reads.
fn of_site(html: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    let letters = |element: ElementRef<'_>| {
        let shown = element.descendants().filter(|node| {
            let mut parents = node.ancestors().filter_map(ElementRef::wrap);
            !parents.any(|parent| parent.attr("hidden").is_some())
        });
        shown.filter_map(|node| Some(node.value().as_text()?.to_string())).collect()
    };
    html.select(&selector).map(letters).collect()
}

/// The letters of each element with this name.
fn of_document(document: &Document<'_>, tag: &str) -> Vec<String> {
    let all = document.descendants().filter(|node| node.tag_name().name() == tag);
    let letters = |node: Node<'_, '_>| {
        node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect()
    };
    all.map(letters).collect()
}

fn sorted(mut all: Vec<String>) -> Vec<String> {
    all.sort();
    all
}

/// What a page of the site has and its document has not, or the other way round. Solutions stand elsewhere
/// than on the site, so the order does not count. What the folds under equations say is said once more in the
/// list of the chapter's symbols.
fn differences(html: &Html, document: &Document<'_>) -> Vec<String> {
    let found = |tag: &str| sorted(of_document(document, tag));
    let expected = |selector: &str| sorted(of_site(html, selector));
    let mut formulas = expected("main math");
    for folded in of_site(html, "main .equation .symbols math, main template math") {
        formulas.remove(formulas.binary_search(&folded).unwrap());
    }
    let mut differences = Vec::new();
    for (tag, expected) in [
        ("math", formulas),
        ("pre", expected("main pre:not(.lines, .printed *)")),
        ("svg", expected("main svg")),
        ("td", expected("main td")),
        ("th", expected("main th")),
    ] {
        let found = found(tag);
        for (one, other, what) in [(&expected, &found, "no"), (&found, &expected, "one more")] {
            let count =
                |all: &[String], this: &str| all.iter().filter(|that| *that == this).count();
            let more = one.iter().find(|this| count(one, this) > count(other, this));
            differences.extend(more.map(|this| format!("{what} <{tag}> {this}")));
        }
    }
    let solutions =
        document.descendants().filter(|node| node.attribute("class") == Some("solution"));
    if solutions.count() != expected("details.solution").len() {
        differences.push("another number of solutions".to_owned());
    }
    differences
}

fn page_of_site(document: &str) -> Html {
    let page = document.strip_prefix("EPUB/").unwrap().replace(".xhtml", ".html");
    Html::parse_document(&BOOK.1.read(&Path::new(site::SITE).join(page)).unwrap())
}

#[test]
fn every_formula_figure_cell_and_line_of_code_of_the_site_is_in_it() {
    let (mut formulas, mut figures, mut blocks, mut cells) = (0, 0, 0, 0);
    let pages = [
        "EPUB/introduction.xhtml",
        "EPUB/notation.xhtml",
        "EPUB/picture-language.xhtml",
        "EPUB/checks.xhtml",
    ];
    for (name, content) in FILES.iter() {
        if !name.contains("/ch") && !pages.contains(&name.as_str()) {
            continue;
        }
        let document = parse(text(content)).unwrap();
        assert_eq!(differences(&page_of_site(name), &document), [""; 0], "{name}");
        let count = |tag: &str| of_document(&document, tag).len();
        formulas += count("math");
        figures += count("svg");
        blocks += count("pre");
        cells += count("td");
    }
    println!("{formulas} formulas, {figures} figures, {blocks} blocks of code, {cells} cells");
    assert!(formulas > 2000 && figures > 30 && blocks > 400 && cells > 3000);
}

#[test]
fn nothing_lost_from_it_goes_unnoticed() {
    let name = "EPUB/ch07-cell-state.xhtml";
    let (html, xhtml) = (page_of_site(name), text(&FILES[name]));
    for (from, to, noticed) in [
        ("<mi>σ</mi>", "<mi>ς</mi>", "no <math>"),
        ("<math xmlns=\"http://www.w3.org/1998/Math/MathML\"><mi>t</mi></math>", "", "no <math> t"),
        ("</h1>", "</h1><math><mi>t</mi></math>", "one more <math> t"),
        ("DVector", "Dvector", "no <pre>"),
        ("</title>", ".</title>", "one more <svg>"),
        ("<td>", "<td>-", "one more <td> -"),
        ("<th scope=\"row\">unit 1", "<th scope=\"row\">", "no <th> unit 1"),
        (" class=\"solution\"", "", "another number of solutions"),
    ] {
        // The first <title> is the document's own.
        let at = xhtml.find("<h1").unwrap();
        assert!(xhtml[at..].contains(from), "no {from:?}");
        let changed = xhtml[..at].to_owned() + &xhtml[at..].replacen(from, to, 1);
        let said = differences(&html, &parse(&changed).unwrap()).join("\n");
        assert!(said.contains(noticed), "{from} as {to}: {said:?}");
    }
}

/// Changes one file of the real EPUB and returns what is wrong then.
fn broken(name: &str, from: &str, to: &str) -> String {
    let mut files = FILES.clone();
    let content = text(&files[name]).to_owned();
    assert!(content.contains(from), "{name} has no {from:?}");
    files.insert(name.to_owned(), content.replacen(from, to, 1).into_bytes());
    wrong(&files).join("\n")
}

#[test]
fn nothing_wrong_with_it_goes_unnoticed() {
    let page = "EPUB/ch05-forget-gate.xhtml";
    for (from, to, noticed) in [
        ("<h1 id", "<script/><h1 id", "<script>"),
        ("<h1 id", "<button>Copy</button><h1 id", "<button>"),
        ("<h1 id", "<h1 onclick=\"open()\" id", "onclick"),
        ("</h1>", "<br></h1>", "is not XML"),
        ("&lt;", "<", "is not XML"),
        ("href=\"ch06-input-gate.xhtml\"", "href=\"ch06.xhtml\"", "ch06.xhtml leads nowhere"),
        ("#eq-logistic\"", "#eq-logic\"", "#eq-logic leads nowhere"),
        ("href=\"epub.css\"", "href=\"book.css\"", "book.css leads nowhere"),
        ("id=\"eq-by-hand\"", "id=\"eq-forget-gate\"", "an id twice"),
        ("fill=\"#", "fill=\"var(--x, #000)\" stroke=\"#", "var(--x"),
    ] {
        let said = broken(page, from, to);
        assert!(said.contains(noticed), "{from} as {to}: {said:?}");
    }
    let opf = "EPUB/package.opf";
    for (from, to, noticed) in [
        (" properties=\"mathml svg\"", " properties=\"svg\"", "wrong about `mathml`"),
        (" properties=\"mathml svg\"", " properties=\"mathml\"", "wrong about `svg`"),
        ("href=\"epub.css\"", "href=\"other.css\"", "epub.css is not in the manifest"),
        ("href=\"epub.css\"", "href=\"other.css\"", "other.css is in the manifest only"),
        ("<itemref idref=\"file-7\"/>", "", "is not in the spine"),
    ] {
        let said = broken(opf, from, to);
        assert!(said.contains(noticed), "{from} as {to}: {said:?}");
    }
}

#[test]
fn an_epub_is_written_whole_or_not_at_all() {
    let book = Book::good();
    let project = book.project();
    let (good, said) = pack(&project, "86400");
    assert!(!good && said.contains("target/book/ch01-one.html"), "{said}");
    assert!(said.contains("cargo run -- build"), "{said}");

    site::build(&project).unwrap_or_else(|error| panic!("{error:#}"));
    let (good, said) = pack(&project, "86400");
    assert!(good, "{said}");
    let file = project.root.join(FILE);
    let written = fs::read(&file).unwrap();
    let files = files(&written);
    assert_eq!(wrong(&files), [""; 0]);
    assert!(text(&files["EPUB/package.opf"]).contains(">1970-01-02T00:00:00Z<"));

    for epoch in ["yesterday", "-1", "253402300800", "99999999999999999999"] {
        let (good, said) = pack(&project, epoch);
        let named = said.contains(&format!("SOURCE_DATE_EPOCH={epoch}")) && said.contains("to do");
        assert!(!good && named, "{said}");
    }
    let page = project.root.join("target/book/notation.html");
    fs::write(page, "<p>no text</p>").unwrap();
    let (good, said) = pack(&project, "86400");
    assert!(!good && said.contains("target/book/notation.html has no <main>"), "{said}");
    assert!(fs::read(&file).unwrap() == written, "the last EPUB stays");
    assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 2);
}
