//! The document that Chromium prints: the site's own page of the whole book (mdBook's `print.html`),
//! made into a book: a title page, contents with page numbers, running heads, the solutions at the end,
//! and nothing that only a screen has a use for.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use ego_tree::NodeId;
use press::mathml::escaped;
use press::project::Project;
use press::site::SITE;
use press::words::ENGLISH;
use scraper::{ElementRef, Html, Selector};

use crate::contents::{Entry, contents, pages};
use crate::lines::{Line, lines};

/// On which page each place of the book was printed, by its id.
pub type Pages = BTreeMap<String, usize>;

/// The fonts of text and code, from `fonts/`.
pub const FONTS: &str = include_str!("../fonts.css");

/// The sheet's style, on top of the site's.
const STYLE: &str = include_str!("../print.css");

/// What a page's script does on the site: a long equation is set smaller, for it can't scroll on paper.
const SCRIPT: &str = "document.fonts.ready.then(() => {
    for (const math of document.querySelectorAll('.equation-body > math')) {
        const ems = math.getBoundingClientRect().width / parseFloat(getComputedStyle(math).fontSize);
        math.style.setProperty('--ems', Math.max(1, ems).toFixed(1));
    }
});";

/// Of no use on paper.
const SCREEN_ONLY: &str = ".symbols, .page-symbols, .on-paper, [hidden], template, button, script";

/// Around an id: the number of its page stands here. No page has this character.
const PAGE_OF: char = '\u{e000}';

/// The whole cell stands on the title page.
const TITLE_FIGURE: &str = "#fig-ch08-whole-cell svg";

/// A chapter, or another page of the book.
struct Section {
    /// The id of its heading.
    id: String,
    number: Option<String>,
    /// The part of the book that starts with it.
    part: Option<String>,
    title: String,
    /// Below the heading.
    body: String,
    /// The ids and texts of its second-level headings.
    headings: Vec<(String, String)>,
    /// A listing in full: small, and without its headings in the contents.
    listing: bool,
}

/// What stands on the outside of the book, as HTML.
pub struct Cover {
    /// `en`
    pub language: String,
    pub title: String,
    pub description: String,
    /// The `link` elements of the site's style sheets.
    pub styles: String,
    /// The whole cell, as an `svg` element.
    pub figure: String,
}

impl Cover {
    /// Reads it from the built site.
    ///
    /// # Errors
    /// If the site is not built, or is not what mdBook and the press write.
    pub fn read(site: &Path) -> Result<Cover> {
        Ok(Cover::of(&print_page(site)?))
    }

    fn of(print: &Html) -> Cover {
        let description = print.select(&css("meta[name=description]")).next();
        Cover {
            language: print.root_element().attr("lang").unwrap_or("en").to_owned(),
            title: escaped(&print.select(&css("title")).next().map(text).unwrap_or_default()),
            description: escaped(
                description.and_then(|meta| meta.attr("content")).unwrap_or_default(),
            ),
            styles: print.select(&css("link[rel=stylesheet]")).map(|link| link.html()).collect(),
            figure: print.select(&css(TITLE_FIGURE)).map(|svg| svg.html()).collect(),
        }
    }
}

/// The site's page of the whole book.
fn print_page(site: &Path) -> Result<Html> {
    let file = site.join("print.html");
    let html = fs::read_to_string(&file).with_context(|| {
        format!(
            "cannot read {}\n  to do     build the site first: `cargo run -- build`",
            file.display()
        )
    })?;
    Ok(Html::parse_document(&html))
}

/// The book, ready to be printed but for the numbers of its pages.
pub struct Sheet {
    html: String,
}

impl Sheet {
    /// Reads it from the built site.
    ///
    /// # Errors
    /// If the site is not built, or does not hold the pages of `book/` and `listings/`.
    pub fn read(project: &Project) -> Result<Sheet> {
        let print = print_page(&project.root.join(SITE))?;
        Sheet::of(print, &contents(project)?)
    }

    fn of(mut print: Html, contents: &[Entry]) -> Result<Sheet> {
        let cover = Cover::of(&print);
        for dropped in ids(&print, SCREEN_ONLY) {
            if let Some(mut node) = print.tree.get_mut(dropped) {
                node.detach();
            }
        }
        unwrap(&mut print, "a.header");
        let solutions = take_solutions(&mut print)?;
        let mut sections = sections(&print, contents)?;
        if !solutions.is_empty() {
            // Before the listings, and before the page that introduces those.
            let listings = sections.iter().position(|section| section.listing);
            let at = listings.map_or(sections.len(), |first| first.saturating_sub(1));
            sections.insert(at, Section::of_solutions(solutions));
        }
        let mut html = head(&cover, &sections);
        html += &title_page(&cover);
        html += &contents_page(&sections);
        for (index, section) in sections.iter().enumerate() {
            html += &section.html(index);
        }
        Ok(Sheet { html: html + "</main></div></body></html>\n" })
    }

    /// The document, with the page numbers that are known (`000` for the others), and the ids of the places
    /// whose numbers it shows.
    pub fn html(&self, pages: &Pages) -> (String, Vec<String>) {
        let (mut html, mut shown) = (String::new(), Vec::new());
        let mut rest = self.html.as_str();
        while let Some((before, after)) = rest.split_once(PAGE_OF)
            && let Some((id, after)) = after.split_once(PAGE_OF)
        {
            html += before;
            html += &pages.get(id).map_or_else(|| "000".to_owned(), usize::to_string);
            shown.push(id.to_owned());
            rest = after;
        }
        (html + rest, shown)
    }
}

/// Stands for the number of the page that `id` is on.
fn page_of(id: &str) -> String {
    format!("{PAGE_OF}{id}{PAGE_OF}")
}

fn css(selector: &str) -> Selector {
    Selector::parse(selector).expect("a selector of this file")
}

fn ids(html: &Html, selector: &str) -> Vec<NodeId> {
    html.select(&css(selector)).map(|element| element.id()).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Puts the content of each of these elements in the element's place.
fn unwrap(html: &mut Html, selector: &str) {
    for id in ids(html, selector) {
        let children: Vec<_> = html
            .tree
            .get(id)
            .into_iter()
            .flat_map(|node| node.children())
            .map(|c| c.id())
            .collect();
        if let Some(mut wrapper) = html.tree.get_mut(id) {
            for child in children {
                wrapper.insert_id_before(child);
            }
            wrapper.detach();
        }
    }
}

/// Takes the solutions out of their folds and leaves links to them. Returns the ids of their headings, and all
/// that they say, each under the exercise's title, which leads back.
fn take_solutions(html: &mut Html) -> Result<Vec<String>> {
    let mut solutions = Vec::new();
    for fold in ids(html, "details.solution") {
        let id = format!("solution-{}", solutions.len() + 1);
        let node =
            html.tree.get(fold).and_then(ElementRef::wrap).context("a fold is an element")?;
        let exercise =
            node.prev_siblings().filter_map(ElementRef::wrap).find(|e| e.value().name() == "h3");
        let exercise =
            exercise.context("print.html has a solution without an exercise before it")?;
        let body: String = node.child_elements().skip(1).map(|element| element.html()).collect();
        solutions.push(format!(
            "<h2 id=\"{id}\"><a href=\"#{}\">{}</a></h2>{body}",
            exercise.attr("id").unwrap_or_default(),
            exercise.inner_html()
        ));
        let link = Html::parse_fragment(&format!(
            "<p class=\"to-solution\"><a href=\"#{id}\">{}, {} {}</a></p>",
            ENGLISH.solution,
            ENGLISH.page,
            page_of(&id)
        ));
        let mut root = html.tree.extend_tree(link.tree);
        let link = root.first_child().and_then(|mut html| html.first_child().map(|p| p.id()));
        let link = link.context("a fragment has an element")?;
        if let Some(mut fold) = html.tree.get_mut(fold) {
            fold.insert_id_before(link);
            fold.detach();
        }
    }
    Ok(solutions)
}

/// The pages of the book: each starts with the only `h1` that it has.
fn sections(html: &Html, contents: &[Entry]) -> Result<Vec<Section>> {
    let main = html.select(&css("main")).next().context("print.html has no <main>")?;
    let mut sections: Vec<Section> = Vec::new();
    let mut entries = pages(contents).into_iter();
    for element in main.child_elements() {
        let name = element.value().name();
        if name == "h1" {
            let (part, entry) =
                entries.next().context("print.html has more pages than the book")?;
            sections.push(Section {
                id: element.attr("id").context("a heading has no id")?.to_owned(),
                number: entry.number.clone(),
                part: part.map(str::to_owned),
                title: entry.title.clone(),
                body: String::new(),
                headings: Vec::new(),
                listing: entry.is_listing(),
            });
        } else if let Some(section) = sections.last_mut() {
            if name == "h2" {
                let id = element.attr("id").unwrap_or_default().to_owned();
                section.headings.push((id, element.inner_html()));
            }
            // mdBook's own page breaks are between the pages.
            if element.attr("style").is_none_or(|style| !style.contains("break-before")) {
                let body = if element.attr("class") == Some("numbered") {
                    numbered(element)
                } else {
                    element.html()
                };
                section.body.push_str(&body);
            }
        }
    }
    ensure!(
        entries.next().is_none(),
        "the book has more pages than print.html: build the site again"
    );
    Ok(sections)
}

/// A full listing, each line with its number: on paper a long line goes on in the next one, and the site's
/// column of numbers would no longer stand beside it.
fn numbered(listing: ElementRef<'_>) -> String {
    let numbers = css(".lines span[id]");
    let mut numbers = listing.select(&numbers).map(|number| (number.attr("id"), text(number)));
    let mut html = String::from("<pre class=\"numbered-lines\"><code>");
    let code = css("pre > code");
    let code = listing.select(&code).next();
    let code = code.map(|code| lines(code, |class| class.starts_with("hl-"))).unwrap_or_default();
    for Line { html: line, .. } in code {
        let (id, number) = numbers.next().unwrap_or_default();
        let id = id.map(|id| format!(" id=\"{id}\"")).unwrap_or_default();
        html.push_str(&format!(
            "<span class=\"line\"{id}><span class=\"line-number\">{number} </span>{line}</span>"
        ));
    }
    html + "</code></pre>"
}

impl Section {
    fn of_solutions(solutions: Vec<String>) -> Section {
        Section {
            id: "solutions".to_owned(),
            number: None,
            part: None,
            title: ENGLISH.solutions.to_owned(),
            body: solutions.concat(),
            headings: Vec::new(),
            listing: false,
        }
    }

    /// With its own kind of page, which has its title in the running head.
    fn html(&self, index: usize) -> String {
        let Section { id, number, body, .. } = self;
        let class = if self.listing { "full-listing" } else { "book-chapter" };
        let number = number.iter().map(|n| format!("<span class=\"number\">{n}</span> "));
        let number = number.collect::<String>();
        format!(
            "<section class=\"{class}\" style=\"page: p{index}\">{}<h1 id=\"{id}\">{number}{}</h1>{body}</section>",
            self.part_html(),
            escaped(&self.title)
        )
    }

    fn part_html(&self) -> String {
        let part = self.part.iter().map(|part| format!("<p class=\"part\">{}</p>", escaped(part)));
        part.collect()
    }
}

/// The site's style sheets, ours, and a running head for each page of the book.
fn head(cover: &Cover, sections: &[Section]) -> String {
    let heads = sections.iter().enumerate().map(|(index, Section { number, title, .. })| {
        let head = [number.as_deref().unwrap_or_default(), title].join("\u{2002}");
        let head = head.trim().replace('\\', "\\\\").replace('"', "\\\"");
        format!("@page p{index} {{ @top-left {{ content: \"{head}\" }} }}\n")
    });
    let Cover { language, title, styles, .. } = cover;
    format!(
        "<!DOCTYPE html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         {styles}<style>{FONTS}{STYLE}{}</style><script>{SCRIPT}</script></head>\
         <body><div class=\"content\"><main>",
        heads.collect::<String>()
    )
}

fn title_page(cover: &Cover) -> String {
    let Cover { title, description, figure, .. } = cover;
    format!(
        "<section class=\"title-page\"><p class=\"book-title\">{title}</p>\
         <p class=\"book-subtitle\">{description}</p>{figure}\
         <p class=\"imprint\">{} {} · {}</p></section>",
        ENGLISH.version,
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_LICENSE"),
    )
}

fn contents_page(sections: &[Section]) -> String {
    let mut list = String::new();
    for section in sections {
        let number = section.number.as_deref().unwrap_or_default();
        let class = if section.listing { "listing-entry" } else { "chapter-entry" };
        let title = format!("<span class=\"number\">{number}</span>{}", escaped(&section.title));
        list += &section.part_html();
        list += &entry(class, &section.id, &title);
        if !section.listing {
            list.extend(section.headings.iter().map(|(id, text)| entry("heading-entry", id, text)));
        }
    }
    format!("<section class=\"contents\"><h1>{}</h1>{list}</section>", ENGLISH.contents)
}

fn entry(class: &str, id: &str, title: &str) -> String {
    let page = page_of(id);
    format!(
        "<p class=\"{class}\"><a href=\"#{id}\"><span>{title}</span> <span class=\"on-page\">{page}</span></a></p>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents() -> Vec<Entry> {
        let page = |title: &str, page: &str| Entry {
            title: title.to_owned(),
            page: Some(page.into()),
            ..Entry::default()
        };
        let gate = Entry {
            number: Some("5".to_owned()),
            ..page("The \"forget\" & keep gate", "ch05.html")
        };
        let listing = page("Listing of chapter 5", "listings/ch05.html");
        vec![
            page("Introduction", "introduction.html"),
            Entry { title: "The <cell>".to_owned(), children: vec![gate], ..Entry::default() },
            Entry { children: vec![listing], ..page("The listings in full", "listings.html") },
        ]
    }

    const PRINT: &str = r##"<html lang="en"><head><title>A &lt; B</title><script>print()</script>
        <meta name="description" content="About &amp; it"><link rel="stylesheet" href="book.css"></head>
        <body><nav>menu</nav><main>
        <h1 id="introduction"><a class="header" href="#introduction">Introduction</a></h1><p>Hello.</p>
        <div style="break-before: page"></div>
        <h1 id="gate"><a class="header" href="#gate">The gate</a></h1>
        <h2 id="open"><a class="header" href="#open">Open <em>or</em> shut</a></h2>
        <details class="symbols"><summary>Symbols</summary></details><button>Copy</button>
        <h3 id="exercise-51">Exercise 5.1: Half</h3>
        <details class="solution"><summary>Solution</summary><p>two</p></details>
        <div style="break-before: page"></div>
        <h1 id="listings">The listings in full</h1>
        <h1 id="listing-5">Listing of chapter 5</h1>
        <div class="numbered"><pre class="lines"><samp><span id="l-1">1</span>
<span id="l-2">2</span>
<span id="l-3">3</span></samp></pre><pre><code><span class="hl-comment">/* one
two */</span> fn
three</code></pre></div></main></body></html>"##;

    fn made(pages: &Pages) -> (String, Vec<String>) {
        Sheet::of(Html::parse_document(PRINT), &contents()).unwrap().html(pages)
    }

    #[track_caller]
    fn holds(html: &str, wanted: &str) {
        assert!(html.contains(wanted), "expected {wanted}\nin {}", html.replace(STYLE, ""));
    }

    #[test]
    fn the_page_of_the_whole_book_becomes_a_book() {
        let pages = Pages::from([("gate".to_owned(), 7), ("solution-1".to_owned(), 9)]);
        let (html, shown) = made(&pages);
        assert_eq!(
            shown,
            ["introduction", "gate", "open", "solutions", "listings", "listing-5", "solution-1"]
        );
        holds(
            &html,
            r#"<p class="part">The &lt;cell&gt;</p><h1 id="gate"><span class="number">5</span> The &quot;forget&quot; &amp; keep gate</h1>"#,
        );
        holds(
            &html,
            r#"content: "5\u{2002}The \"forget\" & keep gate""#.replace("\\u{2002}", "\u{2002}").as_str(),
        );
        holds(
            &html,
            r##"<a href="#gate"><span><span class="number">5</span>The &quot;forget&quot; &amp; keep gate</span> <span class="on-page">7</span></a>"##,
        );
        holds(
            &html,
            r##"<a href="#open"><span>Open <em>or</em> shut</span> <span class="on-page">000</span></a>"##,
        );
        holds(&html, r##"<a href="#solution-1">Solution, page 9</a>"##);
        holds(
            &html,
            r##"<h2 id="solution-1"><a href="#exercise-51">Exercise 5.1: Half</a></h2><p>two</p>"##,
        );
        holds(&html, r#"<link href="book.css" rel="stylesheet">"#);
        holds(&html, "<title>A &lt; B</title>");
        holds(
            &html,
            r#"<p class="book-title">A &lt; B</p><p class="book-subtitle">About &amp; it</p>"#,
        );
        let solutions = html.find("<h1 id=\"solutions\"").unwrap();
        assert!(html.find("<h1 id=\"gate\"").unwrap() < solutions);
        assert!(solutions < html.find("<h1 id=\"listings\"").unwrap());
        for gone in ["menu", "Copy", "Symbols", "print()", "<details", "data-solution"] {
            assert!(!html.replace(STYLE, "").contains(gone), "{gone} is still there");
        }
    }

    #[test]
    fn a_colour_that_runs_over_lines_ends_and_begins_with_each() {
        let (html, _) = made(&Pages::new());
        holds(
            &html,
            "<span class=\"line\" id=\"l-1\"><span class=\"line-number\">1 </span><span class=\"hl-comment\">/* one\n</span></span>\
             <span class=\"line\" id=\"l-2\"><span class=\"line-number\">2 </span><span class=\"hl-comment\">two */</span> fn\n</span>\
             <span class=\"line\" id=\"l-3\"><span class=\"line-number\">3 </span>three</span>",
        );
    }

    #[test]
    fn a_site_of_other_pages_is_refused() {
        let refused = |print: &str, contents: &[Entry]| {
            Sheet::of(Html::parse_document(print), contents).map(|_| ()).unwrap_err().to_string()
        };
        let more = PRINT.replace("</main>", "<h1 id=more>More</h1></main>");
        assert!(refused(&more, &contents()).contains("more pages than the book"));
        let less = PRINT.replace("<h1 id=\"listings\"", "<h2 id=\"listings\"");
        assert!(refused(&less, &contents()).contains("build the site again"));
    }
}
