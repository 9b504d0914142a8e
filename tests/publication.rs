//! What a site has that knows where it will be published, and does not have otherwise.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;

use press::site::{self, CARD};

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
