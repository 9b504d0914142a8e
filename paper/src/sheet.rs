//! The document that Chromium prints: the site's own page of the whole book (mdBook's `print.html`),
//! made into a book: a title page, contents with page numbers, running heads, the solutions at the end,
//! and nothing that only a screen has a use for.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use ego_tree::NodeId;
use press::math::escaped;
use press::words::ENGLISH;
use scraper::{ElementRef, Html, Selector};

/// On which page each place of the book was printed, by its id.
pub type Pages = BTreeMap<String, usize>;

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

/// The whole cell stands on the title page.
const TITLE_FIGURE: &str = "#fig-ch08-whole-cell svg";

/// A chapter, or another page of the book.
struct Section {
    /// The id of its heading.
    id: String,
    /// `5`, where it has a number.
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

/// What the table of contents says of a page.
struct Entry {
    number: Option<String>,
    part: Option<String>,
    title: String,
    listing: bool,
}

/// What stands on the outside of the book.
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
        Cover::of(&Html::parse_document(&read(site, "print.html")?))
    }

    fn of(print: &Html) -> Result<Cover> {
        let description = print.select(&css("meta[name=description]")).next();
        Ok(Cover {
            language: print.root_element().attr("lang").unwrap_or("en").to_owned(),
            title: print
                .select(&css("title"))
                .next()
                .map(text)
                .context("print.html has no title")?,
            description: description
                .and_then(|meta| meta.attr("content"))
                .unwrap_or_default()
                .to_owned(),
            styles: print.select(&css("link[rel=stylesheet]")).map(|link| link.html()).collect(),
            figure: print.select(&css(TITLE_FIGURE)).map(|svg| svg.html()).collect(),
        })
    }
}

fn read(site: &Path, name: &str) -> Result<String> {
    let file = site.join(name);
    fs::read_to_string(&file).with_context(|| {
        format!(
            "cannot read {}\n  to do     build the site first: `cargo run -- build`",
            file.display()
        )
    })
}

/// A solution, moved from its exercise to the end of the book.
struct Solution {
    id: String,
    exercise: (String, String),
    body: String,
}

/// The document, with the page numbers that are known (`000` for the others), and the ids of the places
/// whose numbers it shows.
///
/// # Errors
/// If a file of the site is missing, or the site is not what mdBook and the press write.
pub fn sheet(site: &Path, pages: &Pages) -> Result<(String, Vec<String>)> {
    let entries = entries(&Html::parse_document(&read(site, "toc.html")?));
    let mut print = Html::parse_document(&read(site, "print.html")?);
    let cover = Cover::of(&print)?;
    for dropped in ids(&print, SCREEN_ONLY) {
        if let Some(mut node) = print.tree.get_mut(dropped) {
            node.detach();
        }
    }
    unwrap(&mut print, "a.header");
    let solutions = take_solutions(&mut print)?;
    let sections = sections(&print, entries)?;

    // The solutions stand before the listings, and before the page that introduces those.
    let listings = sections.iter().position(|section| section.listing);
    let appendix = listings.map_or(sections.len(), |first| first.saturating_sub(1));

    let mut writer = Writer { pages, shown: Vec::new(), html: String::new() };
    writer.head(&cover, &sections)?;
    writer.title(&cover);
    writer.contents(&sections, appendix);
    for (index, section) in sections.iter().enumerate() {
        if index == appendix {
            writer.solutions(&solutions);
        }
        writer.section(index, section);
    }
    writer.html.push_str("</main></div></body></html>\n");
    Ok((writer.html, writer.shown))
}

fn css(selector: &str) -> Selector {
    Selector::parse(selector).expect("a selector of this file")
}

fn ids(html: &Html, selector: &str) -> Vec<NodeId> {
    html.select(&css(selector)).map(|element| element.id()).collect()
}

/// The table of contents, which mdBook writes for readers without JavaScript: parts, numbers, titles.
fn entries(contents: &Html) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut part = None;
    for element in contents.select(&css("li.part-title, li.chapter-item a[href$='.html']")) {
        if element.value().name() == "li" {
            part = Some(escaped(&text(element)));
            continue;
        }
        let number = element.select(&css("strong")).next().map(text);
        let title = text(element);
        let title = number.as_ref().and_then(|number| title.strip_prefix(number)).unwrap_or(&title);
        entries.push(Entry {
            title: title.trim().to_owned(),
            number: number.map(|number| number.trim_end_matches('.').to_owned()),
            part: part.take(),
            listing: element.attr("href").is_some_and(|href| href.starts_with("listings/")),
        });
    }
    entries
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

/// Takes the solutions out of their folds and puts a link in their place.
fn take_solutions(html: &mut Html) -> Result<Vec<Solution>> {
    let mut solutions = Vec::new();
    for fold in ids(html, "details.solution") {
        let id = format!("solution-{}", solutions.len() + 1);
        let node =
            html.tree.get(fold).and_then(ElementRef::wrap).context("a fold is an element")?;
        let heading =
            node.prev_siblings().filter_map(ElementRef::wrap).find(|e| e.value().name() == "h3");
        let heading = heading.context("print.html has a solution without an exercise before it")?;
        let exercise = (heading.attr("id").unwrap_or_default().to_owned(), heading.inner_html());
        let body = node.child_elements().skip(1).map(|element| element.html()).collect();
        // Taken for the link by `Writer::section`, once the chapter is text.
        let mark = Html::parse_fragment(&format!("<p data-solution=\"{id}\"></p>"));
        let mark = html
            .tree
            .extend_tree(mark.tree)
            .first_child()
            .map(|mut root| root.first_child().map(|child| child.id()));
        let mark = mark.flatten().context("a fragment has an element")?;
        if let Some(mut fold) = html.tree.get_mut(fold) {
            fold.insert_id_before(mark);
            fold.detach();
        }
        solutions.push(Solution { id, exercise, body });
    }
    Ok(solutions)
}

/// The pages of the book: each starts with the only `h1` that it has.
fn sections(html: &Html, entries: Vec<Entry>) -> Result<Vec<Section>> {
    let main = html.select(&css("main")).next().context("print.html has no <main>")?;
    let mut sections: Vec<Section> = Vec::new();
    let mut entries = entries.into_iter();
    for element in main.child_elements() {
        let name = element.value().name();
        if name == "h1" {
            let entry = entries.next().context("print.html has more pages than toc.html")?;
            let Entry { number, part, title, listing } = entry;
            let id = element.attr("id").context("a heading has no id")?.to_owned();
            let body = String::new();
            sections.push(Section { id, number, part, title, body, headings: Vec::new(), listing });
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
    ensure!(entries.next().is_none(), "toc.html has more pages than print.html");
    Ok(sections)
}

/// A full listing, each line with its number: on paper a long line goes on in the next one, and the site's
/// column of numbers would no longer stand beside it.
fn numbered(listing: ElementRef<'_>) -> String {
    let numbers = css(".lines span[id]");
    let mut numbers = listing.select(&numbers).map(|number| (number.attr("id"), text(number)));
    let code = listing.select(&css("pre > code")).next().map(|code| code.inner_html());
    let mut html = String::from("<pre class=\"numbered-lines\"><code>");
    // The colour that the last line ended in: `<span class="hl-comment">`.
    let mut open = String::new();
    for line in code.unwrap_or_default().lines() {
        let (id, number) = numbers.next().unwrap_or_default();
        let id = id.map(|id| format!(" id=\"{id}\"")).unwrap_or_default();
        html.push_str(&format!(
            "<span class=\"line\"{id}><span class=\"line-number\">{number} </span>{open}{line}"
        ));
        let ended = [open.as_str(), line].concat();
        open = match (ended.rfind("<span "), ended.rfind("</span>")) {
            (Some(start), end) if end.is_none_or(|end| end < start) => {
                let tag = &ended[start..];
                tag[..=tag.find('>').unwrap_or(tag.len() - 1)].to_owned()
            }
            _ => String::new(),
        };
        html.push_str(if open.is_empty() { "\n</span>" } else { "</span>\n</span>" });
    }
    html + "</code></pre>"
}

/// Writes the document, and keeps which page numbers it shows.
struct Writer<'a> {
    pages: &'a Pages,
    shown: Vec<String>,
    html: String,
}

impl Writer<'_> {
    /// The number of the page that `id` is on.
    fn page_of(&mut self, id: &str) -> String {
        self.shown.push(id.to_owned());
        self.pages.get(id).map_or_else(|| "000".to_owned(), usize::to_string)
    }

    /// The site's style sheets, ours, and a running head for each page of the book.
    fn head(&mut self, cover: &Cover, sections: &[Section]) -> Result<()> {
        let mut heads = String::new();
        for (index, Section { number, title, .. }) in sections.iter().enumerate() {
            let head = [number.as_deref().unwrap_or_default(), title].join("\u{2002}");
            let head = head.trim().replace('\\', "\\\\").replace('"', "\\\"");
            writeln!(heads, "@page p{index} {{ @top-left {{ content: \"{head}\" }} }}")?;
        }
        writeln!(
            heads,
            "@page solutions {{ @top-left {{ content: \"{}\" }} }}",
            ENGLISH.solutions
        )?;
        let Cover { language, title, styles, .. } = cover;
        write!(
            self.html,
            "<!DOCTYPE html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><title>{title}</title>\
             {styles}<style>{STYLE}{heads}</style><script>{SCRIPT}</script></head>\
             <body><div class=\"content\"><main>"
        )?;
        Ok(())
    }

    fn title(&mut self, cover: &Cover) {
        let Cover { title, description, figure, .. } = cover;
        self.html.push_str(&format!(
            "<section class=\"title-page\"><p class=\"book-title\">{title}</p>\
             <p class=\"book-subtitle\">{description}</p>{figure}\
             <p class=\"imprint\">{} {} · {}</p></section>",
            ENGLISH.version,
            env!("CARGO_PKG_VERSION"),
            env!("CARGO_PKG_LICENSE"),
        ));
    }

    fn contents(&mut self, sections: &[Section], appendix: usize) {
        let mut list = String::new();
        for (index, section) in sections.iter().enumerate() {
            if index == appendix {
                list.push_str(&self.entry("chapter-entry", "solutions", ENGLISH.solutions));
            }
            if let Some(part) = &section.part {
                list.push_str(&format!("<p class=\"part\">{part}</p>"));
            }
            let number = section.number.as_deref().unwrap_or_default();
            let class = if section.listing { "listing-entry" } else { "chapter-entry" };
            let title =
                format!("<span class=\"number\">{number}</span>{}", escaped(&section.title));
            list.push_str(&self.entry(class, &section.id, &title));
            if !section.listing {
                for (id, heading) in &section.headings {
                    list.push_str(&self.entry("heading-entry", id, heading));
                }
            }
        }
        let title = ENGLISH.contents;
        self.html
            .push_str(&format!("<section class=\"contents\"><h1>{title}</h1>{list}</section>"));
    }

    fn entry(&mut self, class: &str, id: &str, title: &str) -> String {
        let page = self.page_of(id);
        format!(
            "<p class=\"{class}\"><a href=\"#{id}\"><span>{title}</span> <span class=\"on-page\">{page}</span></a></p>"
        )
    }

    fn section(&mut self, index: usize, section: &Section) {
        let Section { id, number, part, title, body, .. } = section;
        let title = escaped(title);
        let class = if section.listing { "full-listing" } else { "book-chapter" };
        let part =
            part.as_ref().map(|part| format!("<p class=\"part\">{part}</p>")).unwrap_or_default();
        let number = number
            .as_ref()
            .map(|n| format!("<span class=\"number\">{n}</span> "))
            .unwrap_or_default();
        self.html.push_str(&format!(
            "<section class=\"{class}\" style=\"page: p{index}\">{part}<h1 id=\"{id}\">{number}{title}</h1>"
        ));
        let mut rest = body.as_str();
        while let Some((before, after)) = rest.split_once("<p data-solution=\"") {
            self.html.push_str(before);
            let (solution, after) = after.split_once("\"></p>").unwrap_or((after, ""));
            let page = self.page_of(solution);
            self.html.push_str(&format!(
                "<p class=\"to-solution\"><a href=\"#{solution}\">{}, {} {page}</a></p>",
                ENGLISH.solution, ENGLISH.page
            ));
            rest = after;
        }
        self.html.push_str(rest);
        self.html.push_str("</section>");
    }

    fn solutions(&mut self, solutions: &[Solution]) {
        let title = ENGLISH.solutions;
        self.html.push_str(&format!("<section class=\"book-chapter\" style=\"page: solutions\"><h1 id=\"solutions\">{title}</h1>"));
        for Solution { id, exercise: (exercise, title), body } in solutions {
            self.html.push_str(&format!(
                "<h2 id=\"{id}\"><a href=\"#{exercise}\">{title}</a></h2>{body}"
            ));
        }
        self.html.push_str("</section>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTENTS: &str = r#"<ol class="chapter">
        <li class="chapter-item"><a href="introduction.html">Introduction</a></li>
        <li class="chapter-item"><li class="part-title">The cell</li></li>
        <li class="chapter-item"><a href="ch05.html"><strong>5.</strong> The &quot;forget&quot; &amp; keep gate</a></li>
        <li class="chapter-item"><a href="listings.html">The listings in full</a></li>
        <li class="chapter-item"><a href="listings/ch05.html">Listing of chapter 5</a></li></ol>"#;

    const PRINT: &str = r##"<html lang="en"><head><title>A book</title><script>print()</script>
        <meta name="description" content="About it"><link rel="stylesheet" href="book.css"></head>
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

    fn made(pages: &Pages) -> Result<(String, Vec<String>)> {
        let site = tempfile::tempdir()?;
        fs::write(site.path().join("toc.html"), CONTENTS)?;
        fs::write(site.path().join("print.html"), PRINT)?;
        sheet(site.path(), pages)
    }

    #[track_caller]
    fn holds(html: &str, wanted: &str) {
        assert!(html.contains(wanted), "expected {wanted}\nin {}", html.replace(STYLE, ""));
    }

    #[test]
    fn the_page_of_the_whole_book_becomes_a_book() {
        let pages = Pages::from([("gate".to_owned(), 7), ("solution-1".to_owned(), 9)]);
        let (html, shown) = made(&pages).unwrap();
        assert_eq!(
            shown,
            ["introduction", "gate", "open", "solutions", "listings", "listing-5", "solution-1"]
        );
        holds(
            &html,
            r#"<p class="part">The cell</p><h1 id="gate"><span class="number">5</span> The &quot;forget&quot; &amp; keep gate</h1>"#,
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
        let solutions = html.find("<h1 id=\"solutions\"").unwrap();
        assert!(html.find("<h1 id=\"gate\"").unwrap() < solutions);
        assert!(solutions < html.find("<h1 id=\"listings\"").unwrap());
        for gone in ["menu", "Copy", "Symbols", "print()", "<details", "data-solution"] {
            assert!(!html.replace(STYLE, "").contains(gone), "{gone} is still there");
        }
    }

    #[test]
    fn a_colour_that_runs_over_lines_ends_and_begins_with_each() {
        let (html, _) = made(&Pages::new()).unwrap();
        holds(
            &html,
            "<span class=\"line\" id=\"l-1\"><span class=\"line-number\">1 </span><span class=\"hl-comment\">/* one</span>\n</span>\
             <span class=\"line\" id=\"l-2\"><span class=\"line-number\">2 </span><span class=\"hl-comment\">two */</span> fn\n</span>\
             <span class=\"line\" id=\"l-3\"><span class=\"line-number\">3 </span>three\n</span>",
        );
    }

    #[test]
    fn a_site_that_is_not_built_says_so() {
        let site = tempfile::tempdir().unwrap();
        let error = format!("{:#}", sheet(site.path(), &Pages::new()).unwrap_err());
        assert!(error.contains("toc.html") && error.contains("cargo run -- build"), "{error}");
    }
}
