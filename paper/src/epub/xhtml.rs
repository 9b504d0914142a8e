//! A page of the site as XHTML for a reader that runs no script, follows no colour scheme and folds
//! nothing.
//!
//! What needs a script goes. What the site folds is laid open where readers of a printed book would look
//! for it: solutions at the end of their chapter, the meanings of symbols in one list behind them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use scraper::{CaseSensitivity, ElementRef, Html, Node, Selector};

use press::mathml::escaped;
use press::site::links;
use press::words::Words;

use crate::lines::{Line, lines};

const MATHML: &str = "http://www.w3.org/1998/Math/MathML";
const SVG: &str = "http://www.w3.org/2000/svg";

/// Elements of HTML that have no end tag there.
const VOID: [&str; 6] = ["br", "hr", "img", "input", "meta", "wbr"];

/// Elements that do nothing without a script.
const SCRIPTED: [&str; 5] = ["button", "template", "script", "style", "noscript"];

/// What weight or slope sets apart from the code around it. The site's other marks are colours only.
const MARKED: [&str; 3] = ["hl-keyword", "hl-title", "hl-comment"];

/// A level of indentation, in spaces, and how many levels the style sheet knows.
const INDENT: usize = 4;
const DEEPEST: usize = 6;

/// The pages that go into the EPUB: what links between them need to know.
#[derive(Debug)]
pub(super) struct Pages {
    /// Each page's parsed HTML, by its path on the site.
    html: BTreeMap<PathBuf, Html>,
    /// The page that the site shows first: `index.html` is a copy of it.
    first: PathBuf,
    /// Every place that a link leads to.
    targets: BTreeSet<(PathBuf, String)>,
}

impl Pages {
    /// `pages`: the path on the site and the HTML of each, in order.
    pub(super) fn new(pages: Vec<(PathBuf, Html)>) -> Pages {
        let first = pages.first().map(|(page, _)| page.clone()).unwrap_or_default();
        let html = pages.into_iter().collect();
        let mut pages = Pages { html, first, targets: BTreeSet::new() };
        let targets = pages.html.iter().flat_map(|(page, html)| {
            let links = select(html.root_element(), "main a[href]");
            links.filter_map(|link| pages.target(page, link.attr("href")?)).collect::<Vec<_>>()
        });
        pages.targets = targets.collect();
        pages
    }

    /// The page and the fragment that a link leads to, if the page is in the EPUB.
    fn target(&self, from: &Path, link: &str) -> Option<(PathBuf, String)> {
        let (page, fragment) = links::target(from, link)?;
        let page = if page == Path::new("index.html") { self.first.clone() } else { page };
        self.html.contains_key(&page).then_some((page, fragment))
    }

    /// The text of `page`, a section of its own, as well-formed XHTML, if it has one. `number`
    /// stands before its title.
    pub(super) fn section(
        &self,
        page: &Path,
        number: Option<&str>,
        (kind, role): (&str, &str),
        words: &Words,
    ) -> Option<String> {
        let main = select(self.html.get(page)?.root_element(), "main").next()?;
        let mut writer = Writer {
            pages: self,
            page,
            number,
            words,
            out: String::new(),
            heading: None,
            solutions: Vec::new(),
            lines: VecDeque::new(),
        };
        let _ = write!(writer.out, "<section epub:type=\"{kind}\" role=\"{role}\"");
        if let Some(id) = select(main, "h1[id]").next().and_then(|title| title.attr("id")) {
            let _ = write!(writer.out, " aria-labelledby=\"{id}\"");
        }
        writer.out.push_str(">\n");
        writer.children(main);
        writer.solutions();
        writer.out.push_str("</section>\n");
        Some(writer.out)
    }
}

/// The elements in `element` that match.
fn select<'a>(element: ElementRef<'a>, selector: &str) -> impl Iterator<Item = ElementRef<'a>> {
    let found = Selector::parse(selector).ok();
    found.into_iter().flat_map(move |found| element.select(&found).collect::<Vec<_>>())
}

/// A solution that waits for the end of the chapter.
struct Solution<'a> {
    /// The `<details>` on the site.
    folded: ElementRef<'a>,
    /// The exercise's heading.
    exercise: Option<ElementRef<'a>>,
}

struct Writer<'a> {
    pages: &'a Pages,
    page: &'a Path,
    number: Option<&'a str>,
    words: &'a Words,
    out: String,
    /// The last heading that was written.
    heading: Option<ElementRef<'a>>,
    solutions: Vec<Solution<'a>>,
    /// The ids of the lines of code that follow.
    lines: VecDeque<String>,
}

impl<'a> Writer<'a> {
    fn children(&mut self, element: ElementRef<'a>) {
        for child in element.children() {
            if let Node::Text(text) = child.value() {
                self.out.push_str(&escaped(text));
            } else if let Some(child) = ElementRef::wrap(child) {
                self.element(child);
            }
        }
    }

    fn element(&mut self, element: ElementRef<'a>) {
        let name = element.value().name();
        let is = |class| element.value().has_class(class, CaseSensitivity::CaseSensitive);
        match name {
            _ if SCRIPTED.contains(&name) || element.attr("hidden").is_some() => {}
            "pre" if is("lines") => {
                let ids = select(element, "[id]").filter_map(|line| line.attr("id"));
                self.lines = ids.map(str::to_owned).collect();
            }
            "a" => self.link(element),
            "details" if is("solution") => self.put_off(element),
            "details" if is("symbols") || is("printed") => {}
            "div" if is("page-symbols") => self.symbols(element),
            "pre" => self.code(element),
            "h1" | "h2" | "h3" => {
                self.heading = Some(element);
                self.open(element, &[]);
                if let (Some(number), "h1") = (self.number, name) {
                    let _ = write!(self.out, "<span class=\"number\">{number}</span> ");
                }
                self.children(element);
                self.close(element);
            }
            _ => self.whole(element, &[]),
        }
    }

    /// Links within the EPUB stay links, and so do those that lead out of the book. A heading's link to
    /// itself, and links to what only the site has, become text.
    fn link(&mut self, link: ElementRef<'a>) {
        let is = |class| link.value().has_class(class, CaseSensitivity::CaseSensitive);
        let Some(href) = link.attr("href") else { return self.whole(link, &[]) };
        if is("equation-number") {
            let _ = write!(self.out, "<span class=\"equation-number\">");
            self.children(link);
            self.out.push_str("</span>");
        } else if is("header") {
            self.children(link);
        } else if links::target(self.page, href).is_none() {
            self.whole(link, &[("href", href)]);
        } else if let Some((page, fragment)) = self.pages.target(self.page, href) {
            let href = relative(self.page, &page, &fragment);
            self.whole(link, &[("href", &href)]);
        } else {
            self.children(link);
        }
    }

    /// Leaves a link in the place of a solution.
    fn put_off(&mut self, folded: ElementRef<'a>) {
        self.solutions.push(Solution { folded, exercise: self.heading });
        let number = self.solutions.len();
        let _ = write!(self.out, "<p class=\"to-solution\"><a href=\"#solution-{number}\">");
        if let Some(summary) = select(folded, "summary").next() {
            // Only its own text: the name of the file stands over the solution.
            let texts = summary.children().filter_map(|child| child.value().as_text());
            texts.for_each(|text| self.out.push_str(&escaped(text)));
        }
        self.out.push_str("</a></p>\n");
    }

    /// Writes the solutions, each under a heading that leads back to its exercise.
    fn solutions(&mut self) {
        let solutions = std::mem::take(&mut self.solutions);
        if !solutions.is_empty() {
            let _ = writeln!(self.out, "<h2 id=\"solutions\">{}</h2>", self.words.solutions);
        }
        for (at, Solution { folded, exercise }) in solutions.into_iter().enumerate() {
            let _ =
                write!(self.out, "<section class=\"solution\" id=\"solution-{}\">\n<h3>", at + 1);
            if let Some((exercise, id)) =
                exercise.and_then(|heading| Some((heading, heading.attr("id")?)))
            {
                let _ = write!(self.out, "<a href=\"#{id}\">");
                self.children(exercise);
                self.out.push_str("</a>");
            }
            self.out.push_str("</h3>\n");
            for part in folded.child_elements().filter(|part| part.value().name() != "summary") {
                self.element(part);
            }
            self.out.push_str("\n</section>\n");
        }
    }

    /// The list of a page's symbols.
    fn symbols(&mut self, folded: ElementRef<'a>) {
        self.solutions();
        let id = select(folded, "h2").next().and_then(|heading| heading.attr("id"));
        let id = id.unwrap_or("symbols");
        let heading = self.words.symbols_used;
        let _ = writeln!(self.out, "<section class=\"symbols\">\n<h2 id=\"{id}\">{heading}</h2>");
        select(folded, "dl").for_each(|list| self.element(list));
        self.out.push_str("\n</section>\n");
    }

    fn whole(&mut self, element: ElementRef<'a>, more: &[(&str, &str)]) {
        self.open(element, more);
        let at = self.out.len();
        self.children(element);
        let html = !matches!(&*element.value().name.ns, MATHML | SVG);
        // Some readers take `<p/>` for a start tag, as HTML does.
        let no_end =
            if html { VOID.contains(&element.value().name()) } else { self.out.len() == at };
        if no_end {
            self.out.pop();
            self.out.push_str("/>");
        } else {
            self.close(element);
        }
    }

    fn close(&mut self, element: ElementRef<'a>) {
        let _ = write!(self.out, "</{}>", element.value().name());
    }

    /// The start tag, with `more` attributes in place of the element's own.
    fn open(&mut self, element: ElementRef<'a>, more: &[(&str, &str)]) {
        let name = element.value().name();
        let namespace = &*element.value().name.ns;
        let _ = write!(self.out, "<{name}");
        if name == "math" {
            let _ = write!(self.out, " xmlns=\"{MATHML}\"");
            let label = element.attr("aria-label").map(str::to_owned);
            if let Some(text) = label.or_else(|| latex(element)) {
                attribute(&mut self.out, "alttext", &text);
            }
        } else if name == "svg" {
            let _ = write!(self.out, " xmlns=\"{SVG}\"");
            if let Some((width, height)) = element.attr("viewBox").and_then(size) {
                let _ = write!(self.out, " width=\"{width}\" height=\"{height}\"");
            }
        }
        for (attr, value) in element.value().attrs() {
            // A script finds symbols, and what they mean, by their class.
            let symbol = attr == "class" && (value.starts_with("s-") || value.starts_with("b-"));
            // MathML 3, by which readers go, knows it for <mstyle> only; a table that stands by itself has 0.
            let core_only = attr == "scriptlevel" && value == "0";
            let label = name == "math" && attr == "aria-label";
            let dropped = symbol
                || core_only
                || label
                || ["xmlns", "tabindex"].contains(&attr)
                || attr.starts_with("data-");
            if dropped || more.iter().any(|(other, _)| *other == attr) {
                continue;
            }
            let value = if namespace == SVG { without_variables(value) } else { value.to_owned() };
            attribute(&mut self.out, attr, &value);
        }
        for (attr, value) in more {
            attribute(&mut self.out, attr, value);
        }
        self.out.push('>');
    }

    /// Code, each line an element: where a line is too long for the device, what it goes on with can be
    /// indented, by as far as the line is. A line that something leads to has its id.
    fn code(&mut self, pre: ElementRef<'a>) {
        self.open(pre, &[]);
        self.out.push_str("<code>");
        for Line { html, indent } in lines(pre, |class| MARKED.contains(&class)) {
            let _ = match (indent / INDENT).min(DEEPEST) {
                0 => write!(self.out, "<span class=\"line\""),
                levels => write!(self.out, "<span class=\"line in-{levels}\""),
            };
            let id = self.lines.pop_front().map(|id| (self.page.to_owned(), id));
            if let Some((_, id)) = id.filter(|target| self.pages.targets.contains(target)) {
                let _ = write!(self.out, " id=\"{id}\"");
            }
            let _ = write!(self.out, ">{html}</span>");
        }
        self.out.push_str("</code></pre>");
        self.lines.clear();
    }
}

/// What the fold under a numbered equation gives as its source: what a reader that cannot set MathML
/// may show.
fn latex(math: ElementRef<'_>) -> Option<String> {
    math.attr("display").filter(|display| *display == "block")?;
    let equation = math
        .ancestors()
        .filter_map(ElementRef::wrap)
        .find(|ancestor| ancestor.value().has_class("equation", CaseSensitivity::CaseSensitive))?;
    let code = select(equation, ".latex > code").next()?;
    Some(code.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" "))
}

/// How large a figure is shown where its page does not say: all of them equally wide.
fn size(view_box: &str) -> Option<(u32, u32)> {
    let mut numbers = view_box.split_whitespace().skip(2).map(str::parse::<f64>);
    let (width, height) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    let shown = f64::from(press::typeset::FIGURE_WIDTH);
    Some((press::typeset::FIGURE_WIDTH, (shown * height / width).round() as u32))
}

/// `#BD290A` for `var(--gate-forget, #BD290A)`: a figure's own colours, on its own paper.
fn without_variables(value: &str) -> String {
    let mut rest = value;
    let mut plain = String::new();
    while let Some((before, after)) = rest.split_once("var(")
        && let Some((inside, after)) = after.split_once(')')
    {
        plain.push_str(before);
        plain.push_str(inside.split_once(',').map_or("inherit", |(_, fallback)| fallback.trim()));
        rest = after;
    }
    plain + rest
}

/// The name of a site's page in the EPUB.
pub(super) fn file_name(page: &Path) -> String {
    page.with_extension("xhtml").display().to_string().replace('\\', "/")
}

/// The way from one document to another.
fn relative(from: &Path, page: &Path, fragment: &str) -> String {
    let mut href = String::new();
    if from != page {
        let up = from.components().count() - 1;
        let _ = write!(href, "{}{}", "../".repeat(up), file_name(page));
    }
    if !fragment.is_empty() {
        let _ = write!(href, "#{fragment}");
    } else if from == page {
        href = file_name(Path::new(page.file_name().unwrap_or_default()));
    }
    href
}

fn attribute(out: &mut String, name: &str, value: &str) {
    let _ = write!(out, " {name}=\"");
    out.push_str(&escaped(value));
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use press::words::ENGLISH;

    fn section(page: &str, main: &str) -> String {
        let html = |main: &str| Html::parse_document(&format!("<nav>x</nav><main>{main}</main>"));
        let other = html("<p><a href='a.html#l-2'>x</a>");
        let pages = [("a.html", html(main)), ("in/b.html", html(main)), ("c.html", other)];
        let pages = pages.map(|(page, html)| (PathBuf::from(page), html));
        Pages::new(pages.into())
            .section(Path::new(page), Some("5"), ("chapter", "doc-chapter"), &ENGLISH)
            .expect("main")
    }

    #[track_caller]
    fn becomes(main: &str, expected: &str) {
        let section = section("a.html", main);
        let inner = section.strip_prefix("<section epub:type=\"chapter\" role=\"doc-chapter\">\n");
        let inner = inner.and_then(|inner| inner.strip_suffix("</section>\n"));
        assert_eq!(inner, Some(expected));
    }

    #[test]
    fn text_is_well_formed() {
        becomes("<p>a &lt; b &amp; c<br>d", "<p>a &lt; b &amp; c<br/>d</p>");
        becomes(
            "<p id=x><img alt='\"' src=y><a id=k></a>",
            "<p id=\"x\"><img alt=\"&quot;\" src=\"y\"/><a id=\"k\"></a></p>",
        );
    }

    #[test]
    fn what_needs_a_script_goes() {
        becomes(
            "a<button>b</button><template>c</template><script>d</script><i hidden>e</i>f",
            "af",
        );
        becomes("<p tabindex=0 data-x=y>a", "<p>a</p>");
    }

    #[test]
    fn titles_have_their_number_and_no_link() {
        becomes(
            "<h1><a class=header href=#x>Title</a></h1>",
            "<h1><span class=\"number\">5</span> Title</h1>",
        );
    }

    #[test]
    fn links_stay_where_they_lead_to_something() {
        becomes("<a href=in/b.html#x>a</a>", "<a href=\"in/b.xhtml#x\">a</a>");
        becomes("<a href=index.html>a</a>", "<a href=\"a.xhtml\">a</a>");
        becomes("<a href=#x>a</a>", "<a href=\"#x\">a</a>");
        becomes("<a href=https://doi.org/1>a</a>", "<a href=\"https://doi.org/1\">a</a>");
        becomes("<a href=print.html>a</a>", "a");
        let nested = section("in/b.html", "<a href=../a.html#x>a</a><a href=b.html#y>b</a>");
        assert!(nested.contains("<a href=\"../a.xhtml#x\">a</a><a href=\"#y\">b</a>"), "{nested}");
    }

    #[test]
    fn formulas_and_figures_carry_what_they_need() {
        becomes(
            "<math><mi class=s-1>x</mi><mspace width=1em></mspace></math>",
            "<math xmlns=\"http://www.w3.org/1998/Math/MathML\"><mi>x</mi><mspace width=\"1em\"/></math>",
        );
        becomes(
            "<div class=equation><math display=block><mi>x</mi></math><details class=symbols>\
             <p class=latex><code>x &lt;\n y</code></details></div>",
            "<div class=\"equation\"><math xmlns=\"http://www.w3.org/1998/Math/MathML\" \
             alttext=\"x &lt; y\" display=\"block\"><mi>x</mi></math></div>",
        );
        becomes(
            "<svg viewbox='0 0 2160 1440'><path fill='var(--a, #B00)' stroke=red /></svg>",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"540\" height=\"360\" viewBox=\"0 0 2160 1440\">\
             <path fill=\"#B00\" stroke=\"red\"/></svg>",
        );
    }

    #[test]
    fn lines_of_code_are_elements_and_those_led_to_have_ids() {
        becomes(
            "<pre class=lines aria-hidden=true><samp><span id=l-1>1</span>\n<span id=l-2>2</span>\n</samp></pre>\
             <pre><code>a <span class=hl-comment>b\n    c</span>\n        <span class=hl-type>d</span>\n</code></pre>",
            "<pre><code><span class=\"line\">a <span class=\"hl-comment\">b\n</span></span>\
             <span class=\"line in-1\" id=\"l-2\"><span class=\"hl-comment\">    c</span>\n</span>\
             <span class=\"line in-2\">        d\n</span></code></pre>",
        );
    }

    #[test]
    fn solutions_stand_before_the_symbols() {
        becomes(
            "<h3 id=e>One</h3><details class=solution><summary>Solution<i>: file</i></summary><p>A</p></details>\
             <p>B</p><div class=page-symbols><h2 id=s><a class=header href=#s>S</a></h2><details class=symbols>\
             <summary>Show</summary><dl><div class=s-1><dt>x</dt></div></dl></details></div>",
            "<h3 id=\"e\">One</h3><p class=\"to-solution\"><a href=\"#solution-1\">Solution</a></p>\n<p>B</p>\
             <h2 id=\"solutions\">Solutions</h2>\n<section class=\"solution\" id=\"solution-1\">\n\
             <h3><a href=\"#e\">One</a></h3>\n<p>A</p>\n</section>\n\
             <section class=\"symbols\">\n<h2 id=\"s\">Symbols used here</h2>\n\
             <dl><div><dt>x</dt></div></dl>\n</section>\n",
        );
    }
}
