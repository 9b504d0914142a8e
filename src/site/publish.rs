//! A site with an address: canonical links, what social networks show, and a sitemap. Without an address
//! (`--url`) none of it is made, for all of it names the host.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::str::FromStr;

use anyhow::{Context, Result, bail};
use axum::http::Uri;
use mdbook_driver::config::Config;
use scraper::{Html, Selector};

use crate::mathml::escaped;
use crate::project::files;
use crate::words::ENGLISH;

/// The picture that stands for a link to the book, 1200 by 630 pixels; `cargo run -p paper -- card` draws it.
pub const CARD: &str = "social-card.png";

/// Pages that nobody should be led to: what readers without JavaScript get in a frame, the whole book once
/// more, and the page for what isn't there.
const UNLISTED: [&str; 3] = ["toc.html", "print.html", "404.html"];

/// Where the book is published, with a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    base: String,
    path: String,
}

impl FromStr for Address {
    type Err = anyhow::Error;

    /// Reads the address of a folder on the web: `https://books.example/lstm/`.
    fn from_str(text: &str) -> Result<Address> {
        let uri: Option<Uri> = text.parse().ok();
        let web = |uri: &Uri| matches!(uri.scheme_str(), Some("http" | "https"));
        match uri.filter(web) {
            Some(uri) if uri.query().is_none() && !text.contains('#') => Ok(Address {
                base: format!("{}/", text.trim_end_matches('/')),
                path: format!("{}/", uri.path().trim_end_matches('/')),
            }),
            _ => bail!(
                "expected the address of a folder on the web, such as https://books.example/lstm/"
            ),
        }
    }
}

impl Address {
    /// Tells mdBook under which path the site lies, for the page of what isn't there has to know.
    ///
    /// # Errors
    /// If mdBook does not take it.
    pub(super) fn configure(&self, config: &mut Config) -> Result<()> {
        config.set("output.html.site-url", &self.path)
    }

    /// Where a page is, as HTML and XML have it: the introduction, which mdBook also makes the start page, has
    /// one address.
    fn of(&self, page: &str, start: &str) -> String {
        let page = if page == "index.html" || page == start { "" } else { page };
        escaped(&format!("{}{page}", self.base))
    }
}

/// Gives each page of the site in `site` its address, the book's picture and its own description, and
/// writes `sitemap.xml`. `start` is the page that mdBook also makes the site's first, `introduction.html`.
///
/// # Errors
/// If a page cannot be read or written, or is not as the theme makes it.
pub(super) fn publish(site: &Path, address: &Address, start: &str) -> Result<()> {
    let mut places = BTreeSet::new();
    for file in files(site).with_context(|| format!("cannot list {}", site.display()))? {
        let page = file.display().to_string().replace('\\', "/");
        let file = site.join(file);
        if !page.ends_with(".html") || UNLISTED.contains(&page.as_str()) {
            continue;
        }
        let html =
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let place = address.of(&page, start);
        let html = described(&html, &place, &address.of(CARD, start))
            .with_context(|| format!("{page} lacks </head>, or a description in it"))?;
        fs::write(&file, html).with_context(|| format!("cannot write {}", file.display()))?;
        places.insert(place);
    }
    let file = site.join("sitemap.xml");
    fs::write(&file, sitemap(&places)).with_context(|| format!("cannot write {}", file.display()))
}

/// A page with its address, its picture, and the question that it answers as its description.
fn described(html: &str, place: &str, card: &str) -> Option<String> {
    let question = Html::parse_document(html)
        .select(&Selector::parse("main .question").ok()?)
        .next()
        .map(|question| {
            question.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
        });
    let (head, body) = html.split_once("</head>")?;
    let mut head = head.to_owned();
    if let Some(question) = question {
        let escaped = escaped(&question);
        for before in [
            "<meta name=\"description\" content=\"",
            "<meta property=\"og:description\" content=\"",
        ] {
            let (start, rest) = head.split_once(before)?;
            let (_, rest) = rest.split_once('"')?;
            head = format!("{start}{before}{escaped}\"{rest}");
        }
    }
    let alt = ENGLISH.card;
    Some(format!(
        "{head}    <link rel=\"canonical\" href=\"{place}\">\n        \
         <meta property=\"og:url\" content=\"{place}\">\n        \
         <meta property=\"og:image\" content=\"{card}\">\n        \
         <meta property=\"og:image:width\" content=\"1200\">\n        \
         <meta property=\"og:image:height\" content=\"630\">\n        \
         <meta property=\"og:image:alt\" content=\"{alt}\">\n    </head>{body}"
    ))
}

/// The list of pages that search engines read (<https://www.sitemaps.org/protocol.html>).
fn sitemap(places: &BTreeSet<String>) -> String {
    let urls: String =
        places.iter().map(|place| format!("  <url><loc>{place}</loc></url>\n")).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{urls}</urlset>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<html><head><meta name=\"description\" content=\"the book\">\
        <meta property=\"og:description\" content=\"the book\"></head><body><main>";

    fn address(text: &str) -> Address {
        text.parse().expect("an address")
    }

    #[test]
    fn an_address_is_a_folder_on_the_web() {
        let expected =
            Address { base: "https://books.example/lstm/".into(), path: "/lstm/".into() };
        assert_eq!(address("https://books.example/lstm"), expected);
        assert_eq!(address("https://books.example/lstm/"), expected);
        assert_eq!(address("http://localhost:3000").path, "/");
        let place = address("https://books.example/a&b").of("ch01.html", "introduction.html");
        assert_eq!(place, "https://books.example/a&amp;b/ch01.html");
        for wrong in [
            "",
            "lstm",
            "/lstm/",
            "ftp://a.example/",
            "https://a.example/?b",
            "https://a.example/#b",
        ] {
            let error = wrong.parse::<Address>().expect_err(wrong).to_string();
            assert!(error.contains("https://books.example/lstm/"), "{error}");
        }
    }

    #[test]
    fn a_page_is_described_by_its_question() {
        let page = format!("{PAGE}<p class=\"question\">Is 1 < 2\n& \"why\"?</p></main>");
        let html =
            described(&page, "https://b.example/a.html", "https://b.example/social-card.png")
                .expect("a page");
        assert_eq!(
            html.matches("content=\"Is 1 &lt; 2 &amp; &quot;why&quot;?\"").count(),
            2,
            "{html}"
        );
        for expected in [
            "<link rel=\"canonical\" href=\"https://b.example/a.html\">",
            "<meta property=\"og:image\" content=\"https://b.example/social-card.png\">",
        ] {
            assert!(html.contains(expected), "{html}");
        }
        let without =
            described(PAGE, "https://b.example/a.html", "https://b.example/social-card.png")
                .expect("a page");
        assert!(without.contains("content=\"the book\""), "{without}");
        assert_eq!(described(&page.replace("</head>", ""), "", ""), None);
        assert_eq!(described(&page.replace("og:description", "og:title"), "", ""), None);
    }
}
