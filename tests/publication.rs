//! What a site has that knows where it will be published, and does not have otherwise.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;

use press::site::{self, Builder, CARD};

#[path = "support/small_book.rs"]
mod small_book;

use small_book::Book;

#[test]
fn a_published_site_names_its_address_everywhere() {
    let book = Book::good();
    let address = "https://books.example/lstm&c".parse().unwrap();
    site::build_for(&book.project(), Some(&address)).unwrap();
    let read =
        |name: &str| fs::read_to_string(book.folder.path().join("target/book").join(name)).unwrap();

    // The introduction is the start page too: one address for both.
    for (page, place) in
        [("index.html", ""), ("ch01-one.html", ""), ("notation.html", "notation.html")]
    {
        let canonical =
            format!("<link rel=\"canonical\" href=\"https://books.example/lstm&amp;c/{place}\">");
        assert_eq!(read(page).matches(&canonical).count(), 1, "{page}");
    }
    let sitemap = read("sitemap.xml");
    let document = roxmltree::Document::parse(&sitemap).unwrap();
    let places = document.descendants().filter(|node| node.tag_name().name() == "loc");
    let places: Vec<_> = places.filter_map(|node| node.text()).collect();
    let expected = ["", "claims.html", "listings.html", "listings/ch01-one.html", "notation.html"];
    assert_eq!(places, expected.map(|place| format!("https://books.example/lstm&c/{place}")));
    assert!(read("404.html").contains("<base href=\"/lstm&amp;c/\">"));
    for page in ["404.html", "print.html", "toc.html"] {
        assert!(!read(page).contains("canonical"), "{page}");
    }

    site::build(&book.project()).unwrap();
    assert!(!read("index.html").contains("canonical"));
    assert!(!book.folder.path().join("target/book/sitemap.xml").exists());
}

/// Networks show a card of 1200 by 630 pixels whole; a PNG says its size in its first chunk.
#[test]
fn the_card_is_a_png_of_the_size_that_pages_promise() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("book/src").join(CARD);
    let png = fs::read(&file).unwrap_or_else(|error| {
        panic!("{}: {error}: `cargo run -p paper -- card` draws it", file.display())
    });
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert_eq!((number(16), number(20)), (1200, 630));
}

/// The page for what isn't there leads on, and is no page of the book.
#[test]
fn the_book_has_a_page_for_what_is_not_there() {
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("book/src/404.md")).unwrap();
    for link in ["(introduction.md)", "(notation.md)", "(listings.md)"] {
        assert!(page.contains(link), "{link}");
    }
    let book = Book::good().with("book/src/404.md", "# Gone\n\n[A chapter](ch01-one.md)\n");
    site::build(&book.project()).unwrap();
    let built = fs::read_to_string(book.folder.path().join("target/book/404.html")).unwrap();
    assert!(built.contains(">Gone<") && built.contains("href=\"ch01-one.html\""), "{built}");
    let book = book.edit("book/src/404.md", "ch01-one", "ch01-two");
    let message = format!("{:#}", site::build(&book.project()).unwrap_err());
    assert!(message.contains("a link to `ch01-two.html`"), "{message}");
}

/// The site's page, without the names of files that say what is in the search index.
fn page(book: &Book, name: &str) -> String {
    let html = fs::read_to_string(book.folder.path().join("target/book").join(name)).unwrap();
    let mut shown = String::new();
    let mut rest = html.as_str();
    while let Some(at) = ["searchindex-", "searcher-"].iter().filter_map(|it| rest.find(it)).min() {
        let name = at + rest[at..].find('-').unwrap();
        shown.push_str(&rest[..name]);
        rest = &rest[name + 9..];
    }
    shown + rest
}

/// A page that is built alone is the page of the whole book; the others are not touched.
#[test]
fn pages_that_were_edited_are_built_alone() {
    let book = Book::good();
    let mut builder = Builder::new(&book.project());
    builder.build(None).unwrap();
    let other = book.folder.path().join("target/book/claims.html");
    let made = fs::metadata(&other).unwrap().modified().unwrap();

    let book = book.page("The cell.", "The cell, edited.");
    assert!(builder.build_pages().unwrap());
    assert_eq!(fs::metadata(&other).unwrap().modified().unwrap(), made);
    let alone = ["ch01-one.html", "index.html"].map(|name| page(&book, name));
    assert!(alone.iter().all(|html| html.contains("The cell, edited.")));
    // Each file that it names is there.
    let html = fs::read_to_string(book.folder.path().join("target/book/ch01-one.html")).unwrap();
    let index =
        html.split("path_to_searchindex_js = \"").nth(1).unwrap().split('"').next().unwrap();
    assert!(book.folder.path().join("target/book").join(index).is_file(), "{index}");
    builder.build(None).unwrap();
    assert_eq!(alone, ["ch01-one.html", "index.html"].map(|name| page(&book, name)));

    // What another page says of a symbol stands on this one too.
    let book = book.edit("book/src/notation.md", "| gate |", "| a gate of doors |");
    assert!(builder.build_pages().unwrap());
    assert!(page(&book, "ch01-one.html").contains("a gate of doors"));
    let book = book.page("The cell, edited.", "The cell, broken: 0.5.");
    builder.build_pages().unwrap_err();
    let book = book.page("The cell, broken: 0.5.", "The cell.");
    assert!(builder.build_pages().unwrap());
    assert!(page(&book, "ch01-one.html").contains("The cell.</p>"));

    // A row of a table may be named by a word that only another page uses.
    let book = book
        .edit("book/src/SUMMARY.md", "[Notation]", "[Other](other.md)\n[Notation]")
        .with("book/src/other.md", "# Other\n\nA zebra.\n")
        .edit("listings/ch01-one/output.txt", "open  |", "zebra |")
        .page("open.f", "zebra.f");
    builder.build(None).unwrap();
    let book = book.edit("book/src/other.md", "zebra", "horse");
    let error = format!("{:#}", builder.build_pages().unwrap_err());
    assert!(error.contains("`zebra`"), "{error}");
    let book = book.edit("book/src/other.md", "horse", "zebra");

    // More than a page changed: that is for the whole.
    let figure = "book/src/figures/ch01-cell.svg";
    let book = book.edit(figure, "</svg>", "<path/></svg>");
    assert!(!builder.build_pages().unwrap());
    builder.build(None).unwrap();
    assert!(page(&book, "ch01-one.html").contains("<path"));
}

/// What has a name of its own is found by it: symbols, functions, and what a page asks for.
#[test]
fn the_search_knows_names() {
    let book =
        Book::good().page("The cell.", "The cell.\n\n<!--search: a test, gradcheck-->\n\nMore.");
    site::build(&book.project()).unwrap();
    let site = book.folder.path().join("target/book");
    let index = fs::read_dir(&site).unwrap().map(|entry| entry.unwrap().path());
    let mut index = index.filter(|file| file.display().to_string().contains("searchindex"));
    let script = fs::read_to_string(index.next().unwrap()).unwrap();
    let names = script.split("window.search.names = ").nth(1).unwrap().split(";\n").next().unwrap();
    let names: serde_json::Value = serde_json::from_str(names).unwrap();
    let url = |word: &str| -> Option<&str> {
        let of_word = |name: &&serde_json::Value| {
            name["words"].as_array().unwrap().iter().any(|known| known == word)
        };
        names.as_array().unwrap().iter().find(of_word)?["url"].as_str()
    };
    assert_eq!(url("gradcheck"), Some("ch01-one.html#search-a-test"));
    assert_eq!(url("f_t"), Some("ch01-one.html#eq-gate"));
    for spelling in ["σ", "sigma", "σ(z)", "\\sigma(z)"] {
        assert_eq!(url(spelling), Some("notation.html"), "{spelling}");
    }
    assert_eq!(url("forward"), Some("ch01-one.html#ch01-forward"));
    assert_eq!(url("other"), None, "what no page prints");
    for name in names.as_array().unwrap() {
        let (file, id) = name["url"].as_str().unwrap().split_once('#').unwrap_or_default();
        let html = fs::read_to_string(site.join(file)).unwrap_or_default();
        assert!(id.is_empty() || html.contains(&format!("id=\"{id}\"")), "{name}");
    }
    let book = book.page("a test, gradcheck", "a test,, gradcheck");
    let message = format!("{:#}", site::build(&book.project()).unwrap_err());
    assert!(message.contains("<!--search: words, other words-->"), "{message}");
}
