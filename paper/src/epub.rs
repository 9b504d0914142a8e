//! The book as one file for e-readers: EPUB 3, with real MathML and without scripts.
//!
//! It is made from the site that [`site`](press::site) built and checked. `xhtml` turns the text of each page into
//! a document, this module adds what a package needs: a cover, a title page, a table of contents, and the
//! list of all files with what is true of them. The listings are in it, so that captions lead to their
//! line. The same site gives the same bytes.
//!
//! The format is W3C's [EPUB 3.3](https://www.w3.org/TR/epub-33/); `epubcheck` checks the result.

mod xhtml;

use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};
use mdbook_driver::config::BookConfig;
use scraper::Html;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use press::mathml::escaped;
use press::project::{Project, files};
use press::site::{SITE, config};
use press::words::ENGLISH;

use crate::contents::{Entry, contents};
use xhtml::{Pages, file_name};

/// What is written, relative to the project's root.
const EPUB: &str = "target/lstm-line-by-line.epub";

/// What tells this book from all others, in every edition of it. Drawn once, at random.
const IDENTIFIER: &str = "urn:uuid:3118fc3d-d076-4a2d-801f-b4118c96ef4d";

/// Files that go into the package as they are: their name there, their type, what is said of them.
const FILES: [(&str, &str, &str, &[u8]); 4] = [
    ("cover.png", "image/png", "cover-image", include_bytes!("../cover.png")),
    ("epub.css", "text/css", "", include_bytes!("../epub.css")),
    (
        "fonts/stix-two-math-book.woff2",
        "font/woff2",
        "",
        include_bytes!("../../book/theme/fonts/stix-two-math-book.woff2"),
    ),
    ("fonts/OFL.txt", "text/plain", "", include_bytes!("../../book/theme/fonts/OFL.txt")),
];

/// The end of the year 9999, since 1970: later times have no place in the format of dates.
const LATEST: Duration = Duration::from_secs(253_402_300_799);

/// Where a reader finds the package document.
const CONTAINER: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
<rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"#;

/// How the book can be read, in [schema.org's words](https://www.w3.org/TR/epub-a11y-11/#sec-disc-package).
const ACCESSIBILITY: [(&str, &str); 11] = [
    ("accessMode", "textual"),
    ("accessMode", "visual"),
    ("accessModeSufficient", "textual"),
    ("accessModeSufficient", "textual,visual"),
    ("accessibilityFeature", "MathML"),
    ("accessibilityFeature", "alternativeText"),
    ("accessibilityFeature", "displayTransformability"),
    ("accessibilityFeature", "readingOrder"),
    ("accessibilityFeature", "structuralNavigation"),
    ("accessibilityFeature", "tableOfContents"),
    ("accessibilityHazard", "none"),
];

/// Writes the EPUB of the site in [`SITE`], which must have been built. The last EPUB stays until then.
///
/// It says when the book was last changed: at `SOURCE_DATE_EPOCH`, in seconds, if the environment gives one;
/// else when the newest file in `book/` and `listings/` was.
///
/// Returns what was made, for the reader.
///
/// # Errors
/// If there is no site, a file cannot be read or written, or `SOURCE_DATE_EPOCH` is no time.
pub fn write(project: &Project) -> Result<String> {
    let bytes = pack(project, modified(project)?)?;
    let size = bytes.len();
    files::replace(&project.root.join(EPUB), files::EPUB, &bytes)?;
    Ok(format!("wrote {EPUB}: {:.1} MB", size as f64 / 1e6))
}

/// The bytes of the EPUB of the site in [`SITE`], `modified` being when the book was last changed.
///
/// # Errors
/// If there is no site, or it lacks a page or its text, or a file cannot be read.
fn pack(project: &Project, modified: SystemTime) -> Result<Vec<u8>> {
    let book = config(project)?.book;
    let contents = contents(project)?;
    let entries: Vec<&Entry> = contents.iter().flat_map(Entry::with_children).collect();
    let pages = read(project, &entries)?;

    let mut package = Package::default();
    package.document("cover.xhtml", "", &cover_page(&book));
    package.document("title.xhtml", "", &title_page(&book));
    package.document("nav.xhtml", "nav", &navigation(&book, &contents));
    for entry in &entries {
        let Some(page) = &entry.page else { continue };
        let number = entry.number.as_deref();
        let section = pages.section(page, number, entry.kind, &ENGLISH).with_context(|| {
            format!(
                "{SITE}/{} has no <main>\n  to do     put it back into book/theme/index.hbs",
                page.display()
            )
        })?;
        let up = "../".repeat(page.components().count() - 1);
        let document = document(&book, &up, &numbered(entry), "bodymatter", &section);
        package.document(&file_name(page), "", &document);
    }
    for (name, kind, property, content) in FILES {
        package.add(name, kind, property, content);
    }
    package.zip(&book, modified)
}

/// When the book was last changed.
fn modified(project: &Project) -> Result<SystemTime> {
    if let Ok(text) = std::env::var("SOURCE_DATE_EPOCH") {
        let seconds = text.trim().parse().ok().map(Duration::from_secs);
        let time = seconds.filter(|seconds| *seconds <= LATEST).context(format!(
            "the environment says SOURCE_DATE_EPOCH={text}\n  expected  seconds since 1970\n  \
             to do     unset it, or set it to what `git log -1 --format=%ct` prints"
        ))?;
        return Ok(SystemTime::UNIX_EPOCH + time);
    }
    let mut newest = SystemTime::UNIX_EPOCH;
    for folder in ["book", "listings"].map(|folder| project.root.join(folder)) {
        let files = files(&folder);
        let files = files.with_context(|| format!("cannot read {}", folder.display()))?;
        for file in files {
            let changed = fs::metadata(folder.join(&file)).and_then(|about| about.modified());
            let changed = changed.with_context(|| format!("cannot read {}", file.display()))?;
            newest = newest.max(changed);
        }
    }
    Ok(newest)
}

/// An entry's title with its number, as XML.
fn numbered(entry: &Entry) -> String {
    let number = entry.number.iter().map(|number| format!("{number} "));
    number.chain([escaped(&entry.title)]).collect()
}

/// Reads the pages of the site.
fn read(project: &Project, entries: &[&Entry]) -> Result<Pages> {
    let pages = entries.iter().filter_map(|entry| entry.page.as_ref()).map(|page| {
        let file = Path::new(SITE).join(page);
        let html = project.read(&file).context("to do     run `cargo run -- build` first")?;
        Ok((page.clone(), Html::parse_document(&html)))
    });
    Ok(Pages::new(pages.collect::<Result<_>>()?))
}

/// A whole document. `up` leads from its folder to the package's.
fn document(book: &BookConfig, up: &str, title: &str, kind: &str, body: &str) -> String {
    let language = escaped(book.language.as_deref().unwrap_or("en"));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\" \
         lang=\"{language}\" xml:lang=\"{language}\">\n<head>\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" type=\"text/css\" href=\"{up}epub.css\"/>\n</head>\n\
         <body epub:type=\"{kind}\">\n{body}</body>\n</html>\n"
    )
}

fn title(book: &BookConfig) -> String {
    escaped(book.title.as_deref().unwrap_or_default())
}

fn cover_page(book: &BookConfig) -> String {
    let body = format!(
        "<section class=\"cover\"><img src=\"cover.png\" alt=\"{}\" role=\"doc-cover\"/></section>\n",
        title(book)
    );
    document(book, "", ENGLISH.cover, "cover", &body)
}

fn title_page(book: &BookConfig) -> String {
    let mut body = format!("<section epub:type=\"titlepage\">\n<h1>{}</h1>\n", title(book));
    if let Some(description) = &book.description {
        let _ = writeln!(body, "<p class=\"question\">{}</p>", escaped(description));
    }
    for author in &book.authors {
        let _ = writeln!(body, "<p>{}</p>", escaped(author));
    }
    let _ = writeln!(
        body,
        "<p>{} {} · {}</p>\n<p class=\"small\">{}</p>\n</section>",
        ENGLISH.version,
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_LICENSE"),
        ENGLISH.fonts
    );
    document(book, "", &title(book), "frontmatter", &body)
}

/// The table of contents, for readers and for their devices.
fn navigation(book: &BookConfig, contents: &[Entry]) -> String {
    let heading = ENGLISH.contents;
    let first = contents.iter().flat_map(Entry::with_children).find_map(|entry| entry.page.clone());
    let mut body = format!(
        "<nav epub:type=\"toc\" role=\"doc-toc\" id=\"contents\" aria-labelledby=\"contents-title\">\n\
         <h1 id=\"contents-title\">{heading}</h1>\n"
    );
    list(contents, &mut body);
    let _ = write!(
        body,
        "</nav>\n<nav epub:type=\"landmarks\" hidden=\"hidden\">\n<ol>\n\
         <li><a epub:type=\"toc\" href=\"#contents\">{heading}</a></li>\n\
         <li><a epub:type=\"bodymatter\" href=\"{}\">{}</a></li>\n</ol>\n</nav>\n",
        file_name(&first.unwrap_or_default()),
        title(book)
    );
    document(book, "", heading, "frontmatter", &body)
}

fn list(entries: &[Entry], out: &mut String) {
    out.push_str("<ol>\n");
    for entry in entries {
        let title = numbered(entry);
        let _ = match &entry.page {
            Some(page) => write!(out, "<li><a href=\"{}\">{title}</a>", file_name(page)),
            None => write!(out, "<li><span>{title}</span>"),
        };
        if !entry.children.is_empty() {
            out.push('\n');
            list(&entry.children, out);
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ol>\n");
}

/// The files of the package and the list of them.
#[derive(Default)]
struct Package {
    files: Vec<(String, Vec<u8>)>,
    /// The files, as the package document lists them.
    manifest: String,
    /// The order of the documents.
    spine: String,
}

impl Package {
    fn add(&mut self, name: &str, kind: &str, properties: &str, content: impl Into<Vec<u8>>) {
        let number = self.files.len();
        let _ = write!(
            self.manifest,
            "<item id=\"file-{number}\" href=\"{name}\" media-type=\"{kind}\""
        );
        if !properties.is_empty() {
            let _ = write!(self.manifest, " properties=\"{properties}\"");
        }
        self.manifest.push_str("/>\n");
        self.files.push((name.to_owned(), content.into()));
    }

    fn document(&mut self, name: &str, property: &str, xhtml: &str) {
        let _ = writeln!(self.spine, "<itemref idref=\"file-{}\"/>", self.files.len());
        let found = [("mathml", "<math "), ("svg", "<svg ")];
        let found = found.into_iter().filter(|(_, tag)| xhtml.contains(tag)).map(|(name, _)| name);
        let properties =
            Some(property).filter(|property| !property.is_empty()).into_iter().chain(found);
        self.add(name, "application/xhtml+xml", &properties.collect::<Vec<_>>().join(" "), xhtml);
    }

    fn zip(self, book: &BookConfig, modified: SystemTime) -> Result<Vec<u8>> {
        let opf = self.opf(book, modified);
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        // The files carry no time of their own: the same book is the same bytes.
        let deflated = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        // The type comes first and as it is, so that it can be read off the file.
        zip.start_file("mimetype", deflated.compression_method(CompressionMethod::Stored))?;
        zip.write_all(b"application/epub+zip")?;
        let files = self.files.iter().map(|(name, content)| (name.as_str(), content.as_slice()));
        for (name, content) in std::iter::once(("package.opf", opf.as_bytes())).chain(files) {
            zip.start_file(format!("EPUB/{name}"), deflated)?;
            zip.write_all(content)?;
        }
        zip.start_file("META-INF/container.xml", deflated)?;
        zip.write_all(CONTAINER.as_bytes())?;
        Ok(zip.finish()?.into_inner())
    }

    /// The package document: what the book is, its files, their order.
    fn opf(&self, book: &BookConfig, modified: SystemTime) -> String {
        let language = escaped(book.language.as_deref().unwrap_or("en"));
        let mut about = String::new();
        if let Some(description) = &book.description {
            let _ = writeln!(about, "<dc:description>{}</dc:description>", escaped(description));
        }
        for author in &book.authors {
            let _ = writeln!(about, "<dc:creator>{}</dc:creator>", escaped(author));
        }
        for (property, value) in ACCESSIBILITY {
            let _ = writeln!(about, "<meta property=\"schema:{property}\">{value}</meta>");
        }
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" \
             unique-identifier=\"id\" xml:lang=\"{language}\">\n\
             <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n\
             <dc:identifier id=\"id\">{IDENTIFIER}</dc:identifier>\n\
             <dc:title>{}</dc:title>\n<dc:language>{language}</dc:language>\n\
             <dc:rights>{}</dc:rights>\n\
             <meta property=\"dcterms:modified\">{}</meta>\n{about}\
             <meta property=\"schema:accessibilitySummary\">{}</meta>\n\
             </metadata>\n<manifest>\n{}</manifest>\n<spine>\n{}</spine>\n</package>\n",
            title(book),
            env!("CARGO_PKG_LICENSE"),
            humantime::format_rfc3339_seconds(
                modified.clamp(SystemTime::UNIX_EPOCH, SystemTime::UNIX_EPOCH + LATEST)
            ),
            ENGLISH.accessibility,
            self.manifest,
            self.spine
        )
    }
}
