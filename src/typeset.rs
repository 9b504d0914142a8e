//! Typesetting one page: its Markdown in, mdBook's Markdown out, and every check on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::claim::rule::conclusions;
use crate::excerpt::{Excerpt, excerpt};
use crate::listing::{command, equations_test, fenced, function_name, item_name, place};
use crate::mathml::{Display, Formula, escaped};
use crate::notation::{Meaning, Notation};
use crate::output::{last_place, parse_number};
use crate::page::{Item, Page};
use crate::press::NOTATION;
use crate::problem::{Problem, Problems};
use crate::project::{Listing, Project};
use crate::seen::{Seen, Since, lines};
use crate::words::Words;

/// One displayed equation of the book.
#[derive(Clone, Debug, PartialEq)]
pub struct Equation {
    /// Unique in the book: `forget-gate`. Empty for an unlabelled comment.
    pub label: String,
    /// As readers know it: `5.1`. Empty for an unlabelled comment.
    pub number: String,
    /// The page.
    pub file: PathBuf,
    /// The line of its fence, from 1.
    pub line: usize,
    /// Its source.
    pub latex: String,
    /// The anchor of the code that it is executed against, such as `ch05:forward`; none if it only
    /// comments a derivation.
    pub code: Option<String>,
}

/// What the pages refer to in each other: numbers of equations and figures, and where code is printed.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    /// All displayed equations, in reading order.
    pub equations: Vec<Equation>,
    /// The number of everything with a fragment: `("ch05-forget-gate.md", "eq-forget-gate")`.
    numbers: BTreeMap<(String, String), String>,
    /// The page on which an excerpt such as `ch05:forward` is printed first.
    printed: BTreeMap<String, String>,
    /// Every excerpt that is printed.
    pub(crate) seen: Seen,
}

/// How much was checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Pages that are numbered chapters.
    pub chapters: usize,
    /// Rust excerpts.
    pub excerpts: usize,
    /// Rust fences marked as sketches.
    pub sketches: usize,
    /// Printed outputs.
    pub outputs: usize,
    /// Outputs that were recorded.
    pub recorded: usize,
    /// Equations that are executed.
    pub executed: usize,
    /// Equations that only comment.
    pub commented: usize,
    /// Inline formulas.
    pub formulas: usize,
    /// Numbers with a tag that names a run.
    pub numbers: usize,
    /// Numbers that are cited or constants.
    pub cited: usize,
    /// Figures.
    pub figures: usize,
    /// Links.
    pub links: usize,
    /// Exercises that a page sets.
    pub exercises: usize,
    /// Conclusions that were evaluated on the numbers of a run.
    pub claims: usize,
    /// Sentences that say why they have none.
    pub excused: usize,
    /// Statements about other software, each with its script.
    pub findings: usize,
}

/// Everything that typesetting a page needs to know of the rest of the book.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Where the files are.
    pub project: &'a Project,
    /// The chapters' crates.
    pub listings: &'a BTreeMap<String, Listing>,
    /// The notation table.
    pub notation: &'a Notation,
    /// What pages refer to in each other.
    pub labels: &'a Labels,
    /// The words of the book's language.
    pub words: &'a Words,
}

/// What a `math` fence says after the word `math`.
struct MathInfo<'a> {
    label: &'a str,
    code: Option<&'a str>,
}

fn math_info(info: &str) -> Option<Result<MathInfo<'_>, ()>> {
    let words: Vec<&str> = info.split_whitespace().collect();
    Some(match words.as_slice() {
        ["math", "comment"] => Ok(MathInfo { label: "", code: None }),
        ["math", label, "comment"] => Ok(MathInfo { label, code: None }),
        ["math", label, code] if code.contains(':') => Ok(MathInfo { label, code: Some(code) }),
        ["math", ..] => Err(()),
        _ => return None,
    })
}

/// `{{#include path:anchor}}`, alone in a fence.
pub(crate) fn include(body: &str) -> Option<(&str, &str)> {
    let inner = body.trim().strip_prefix("{{#include ")?.strip_suffix("}}")?;
    inner.trim().rsplit_once(':')
}

/// The listing and the path from the root on, of an include such as
/// `../../listings/ch05-forget-gate/src/lib.rs`.
fn listing_file<'a>(context: &'a Context<'_>, path: &str) -> Option<(&'a Listing, PathBuf)> {
    let file = PathBuf::from(path.strip_prefix("../../")?);
    let listing = context.listings.values().find(|listing| listing.holds(&file))?;
    Some((listing, file))
}

/// A file as the book names it, on every system.
fn shown(file: &Path) -> String {
    file.display().to_string().replace('\\', "/")
}

/// Text that Markdown sees nothing in.
fn inert(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            c if c.is_ascii_punctuation() => format!("&#{};", u32::from(c)),
            c => c.to_string(),
        })
        .collect()
}

/// What folds away under an equation: the meaning of its symbols, and its LaTeX with a button that
/// book.js makes work.
fn fold(latex: &str, meanings: &[Meaning<'_>], page: &str, words: &Words) -> String {
    let list: String = meanings.iter().map(|meaning| meaning.html(page, words)).collect();
    let latex = escaped(&latex.split_whitespace().collect::<Vec<_>>().join(" "));
    format!(
        "<details class=\"symbols\"><summary>{}</summary><dl>{list}</dl><p class=\"latex\">\
         <code>{latex}</code> <button type=\"button\">{}</button></p></details>",
        words.symbols, words.copy
    )
}

/// What of an excerpt readers have seen before, for its caption.
fn since_html(since: &Since<'_>, words: &Words) -> String {
    let (then, said, new) = match since {
        Since::Unchanged(then) => (then, words.unchanged_since, String::new()),
        Since::Changed(then, marks) => {
            let new = format!(": {} {}", words.new_lines, lines(marks));
            (then, words.changed_since, new)
        }
    };
    let (page, id) = (then.page.replace(".md", ".html"), &then.id);
    format!(
        " · <span class=\"since\">{said} <a href=\"{page}#{id}\">{} {}</a>{new}</span>",
        words.chapter, then.chapter
    )
}

/// An excerpt with a sign beside each new line.
fn marked(marks: &[bool], code: &str) -> String {
    let signs = marks.iter().map(|new| if *new { "+" } else { "&#160;" });
    let signs = signs.collect::<Vec<_>>().join("\n");
    format!(
        "<div class=\"numbered\"><pre class=\"lines\" aria-hidden=\"true\"><samp>{signs}</samp></pre>\n\n\
         {code}\n\n</div>"
    )
}

/// First pass: numbers every equation and figure, and finds where each excerpt is printed.
///
/// # Errors
/// If a label stands twice or a `math` fence's info string is malformed.
pub fn label(pages: &[Page], listings: &BTreeMap<String, Listing>) -> Result<Labels, Problems> {
    let mut labels = Labels::default();
    let mut problems = Problems::default();
    for page in pages {
        let name = page.name();
        let prefix = page.number().map_or(String::new(), |number| format!("{number}."));
        let (mut equations, mut figures) = (0, 0);
        for (range, item) in page.items() {
            match item {
                Item::Image { file, .. } => {
                    figures += 1;
                    let number = format!("{prefix}{figures}");
                    labels.numbers.insert((name.clone(), figure_id(&file)), number);
                }
                Item::Fence { info, body } => {
                    if let Some((path, anchor)) = include(&body)
                        && let Some(file) = path.strip_prefix("../../").map(Path::new)
                        && let Some(listing) = listings.values().find(|it| it.holds(file))
                    {
                        let key = format!("{}:{anchor}", listing.package);
                        labels.printed.entry(key).or_insert_with(|| name.clone());
                    }
                    let Some(Ok(math)) = math_info(&info) else { continue };
                    let mut number = String::new();
                    if !math.label.is_empty() {
                        equations += 1;
                        number = format!("{prefix}{equations}");
                        let key = (name.clone(), format!("eq-{}", math.label));
                        labels.numbers.insert(key, number.clone());
                        if let Some(first) = labels.equations.iter().find(|e| e.label == math.label)
                        {
                            problems.0.push(Problem::new(
                                &page.file,
                                page.line(range.start),
                                format!("a second equation labelled `{}`", math.label),
                                format!(
                                    "each label once; the first is at {}:{}",
                                    first.file.display(),
                                    first.line
                                ),
                                "rename one of the two",
                            ));
                        }
                    }
                    labels.equations.push(Equation {
                        label: math.label.to_owned(),
                        number,
                        file: page.file.clone(),
                        line: page.line(range.start),
                        latex: body.trim().to_owned(),
                        code: math.code.map(str::to_owned),
                    });
                }
                _ => {}
            }
        }
    }
    problems.into_result(labels)
}

fn figure_id(file: &str) -> String {
    let stem = Path::new(file).file_stem().unwrap_or_default();
    format!("fig-{}", stem.to_string_lossy())
}

impl Page {
    /// The file's name, which links use: `ch05-forget-gate.md`.
    pub fn name(&self) -> String {
        self.file.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// Second pass: checks one page and typesets it.
///
/// # Errors
/// Every rule that the page breaks, with its line.
pub fn typeset(context: &Context<'_>, page: &Page) -> Result<(String, Counts), Problems> {
    let mut press = Press {
        context,
        page,
        problems: Problems::default(),
        counts: Counts { chapters: usize::from(page.number().is_some()), ..Counts::default() },
        edits: Vec::new(),
        ids: BTreeSet::new(),
        symbols: Vec::new(),
        elsewhere: BTreeMap::new(),
    };
    for (range, item) in page.items() {
        press.item(range, item);
    }
    press.claims();
    press.exercises();
    press.appendix();
    let Press { problems, counts, mut edits, .. } = press;
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut content = String::with_capacity(page.source.len() * 2);
    let mut at = 0;
    for (range, text) in edits {
        content.push_str(page.source.get(at..range.start).unwrap_or_default());
        content.push_str(&text);
        at = range.end.max(at);
    }
    content.push_str(&page.source[at..]);
    problems.into_result((content, counts))
}

struct Press<'a> {
    context: &'a Context<'a>,
    page: &'a Page,
    problems: Problems,
    counts: Counts,
    edits: Vec<(Range<usize>, String)>,
    /// Fragments that the press has given out on this page.
    ids: BTreeSet<String>,
    /// What the page's symbols mean, in the order in which they come.
    symbols: Vec<Meaning<'a>>,
    /// Equations of other pages that this one refers to, by the link.
    elsewhere: BTreeMap<String, String>,
}

impl Press<'_> {
    fn problem(&mut self, at: usize, found: impl Into<String>, expected: &str, todo: &str) {
        let line = self.page.line(at);
        self.problems.0.push(Problem::new(&self.page.file, line, found, expected, todo));
    }

    fn item(&mut self, range: Range<usize>, item: Item) {
        match item {
            Item::Fence { info, body } => self.fence(range, &info, &body),
            Item::Math { latex, defines } => {
                self.counts.formulas += 1;
                if let Some((mut html, _)) = self.math(range.start + 1, &latex, Display::Inline) {
                    // The search finds a symbol by what a reader can type.
                    if defines && self.defines_notation() {
                        html += &format!("<span hidden> {}</span>", inert(&latex));
                    }
                    // A bar would end a table's cell: Markdown splits cells before it sees HTML.
                    let html = html.replace('|', "&#124;");
                    self.edits.push(self.with_punctuation(range, html));
                }
            }
            Item::DisplayMath => self.problem(
                range.start,
                "`$$ … $$`",
                "a fenced block that starts with ```math",
                "give the equation a fence, a label and the code that computes it",
            ),
            Item::Dollar => self.problem(
                range.start,
                "a lone `$`",
                "math between two dollar signs on one line, with its braces in pairs",
                "close the formula, or write \\$ for a dollar",
            ),
            Item::Image { file, alt, paragraph_end } => self.figure(range, &file, &alt, paragraph_end),
            Item::Link { to, text } => self.link(range.start, &to, &text),
            Item::Tagged { literal, tag } => self.tagged(range, &literal, &tag),
            Item::Decimal { literal } => self.problem(
                range.start,
                format!("the number {literal} with nothing to vouch for it"),
                "a tag directly after it",
                &format!(
                    "write {literal}<!--ch05:label--> for a number that `cargo run -p ch05` prints, \
                     {literal}<!--cite:key--> for one from a source on this page, \
                     or {literal}<!--constant: reason-->"
                ),
            ),
            Item::Directive { text } => self.problem(
                range.start,
                format!("`{text}` outside a fenced block"),
                "`{{#include path:anchor}}` alone in a fence",
                "put it into a ```rust or ```console fence",
            ),
        }
    }

    /// A line must not begin with the comma after a formula.
    fn with_punctuation(&self, range: Range<usize>, html: String) -> (Range<usize>, String) {
        let next = self.page.source[range.end..].chars().next();
        match next.filter(|&c| ".,;:?!)".contains(c)) {
            Some(mark) => {
                (range.start..range.end + 1, format!("<span class=\"nowrap\">{html}{mark}</span>"))
            }
            None => (range, html),
        }
    }

    fn fence(&mut self, range: Range<usize>, info: &str, body: &str) {
        match math_info(info) {
            Some(Ok(math)) => return self.equation(range, &math, body.trim()),
            Some(Err(())) => {
                return self.problem(
                    range.start,
                    format!("```{info}"),
                    "```math LABEL chNN:ANCHOR, ```math LABEL comment, or ```math comment",
                    "name the equation and the code that computes it",
                );
            }
            None => {}
        }
        let language = info.split([' ', ',']).next().unwrap_or_default();
        match (language, include(body)) {
            ("rust", Some((path, anchor))) if info == "rust" => self.excerpt(range, path, anchor),
            ("rust", None) if info.starts_with("rust sketch:") => self.sketch(range, info, body),
            ("rust", _) => self.problem(
                range.start,
                format!("a hand-typed ```{info} block"),
                "an excerpt of a listing that compiled: `{{#include ../../listings/…/lib.rs:anchor}}`",
                "move the code into a listing, or mark it: ```rust sketch: the reason",
            ),
            ("console", Some((path, section))) => self.output(range, path, section),
            ("console", None) if !body.lines().all(|line| line.starts_with("$ ")) => self.problem(
                range.start,
                "a hand-typed ```console block with output in it",
                "commands only, or `{{#include ../../listings/…/output.txt:section}}`",
                "let the chapter's program print it and include the section",
            ),
            ("" | "indented", _) => self.problem(
                range.start,
                "a code block without a language",
                "```rust, ```console, ```math, ```text, ```toml, ```python …",
                "name the language; an indented block becomes a fenced one",
            ),
            (_, Some(_)) => self.problem(
                range.start,
                format!("`{{{{#include}}}}` in a ```{language} block"),
                "includes in ```rust and ```console blocks only",
                "change the language, or write the text out",
            ),
            _ => {}
        }
    }

    /// The listing of an included file, and the file.
    fn included(&mut self, at: usize, path: &str) -> Option<(Listing, PathBuf)> {
        if let Some((listing, file)) = listing_file(self.context, path) {
            return Some((listing.clone(), file));
        }
        let expected = "../../listings/chNN-slug/… of an existing chapter";
        self.problem(at, format!("`{path}`"), expected, "correct the path");
        None
    }

    fn excerpt(&mut self, range: Range<usize>, path: &str, anchor: &str) {
        let Some((listing, file)) = self.included(range.start, path) else { return };
        let text = match self.context.project.read(&file) {
            Ok(text) => text,
            Err(error) => {
                let found = format!("{error:#}");
                return self.problem(
                    range.start,
                    found,
                    "a file of the listing",
                    "correct the path",
                );
            }
        };
        let excerpt = match excerpt(&text, anchor) {
            Ok(excerpt) => excerpt,
            Err(error) => {
                let place = match error.line {
                    0 => shown(&file),
                    line => format!("{}:{line}", shown(&file)),
                };
                let todo = format!("correct the include here, or the anchors in {place}");
                let found = format!("{} in {place}", error.found);
                return self.problem(range.start, found, &error.expected, &todo);
            }
        };
        self.counts.excerpts += 1;
        let is_solution = file.starts_with(listing.folder.join("examples"))
            && file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("solution"));
        if is_solution && !self.solution(range.start, &file) {
            return;
        }
        let id = self.id(&format!("{}-{anchor}", listing.package));
        let since = self.context.labels.seen.before(&self.page.name(), range.start);
        let caption = self.caption(&listing, &file, &text, &excerpt, since.as_ref());
        let code = fenced("rust", &excerpt.text);
        let code = match &since {
            Some(Since::Changed(_, marks)) => marked(marks, &code),
            _ => code,
        };
        let html = format!(
            "<figure class=\"listing\"{id}><figcaption>{caption}</figcaption>\n\n{code}\n\n</figure>\n\n"
        );
        self.edits.push((range, html));
    }

    /// A solution stays out of sight until a reader asks for it. On paper, where nothing unfolds, its file
    /// is named instead.
    fn solution(&mut self, at: usize, file: &Path) -> bool {
        let before = &self.page.source[..at];
        let fold = before.rfind("<details").filter(|open| !before[*open..].contains("</details>"));
        let end = fold
            .filter(|open| before[*open..].starts_with("<details class=\"solution\">"))
            .and_then(|open| Some(open + before[open..].find("</summary>")?));
        let Some(end) = end else {
            self.problem(
                at,
                format!("the solution {}", file.display()).replace('\\', "/"),
                "a solution in a closed fold: <details class=\"solution\">, <summary>Solution</summary>",
                "put the fold around it, with an empty line after the summary",
            );
            return false;
        };
        let file = file.display().to_string().replace('\\', "/");
        self.edits
            .push((end..end, format!("<span class=\"on-paper\">: <code>{file}</code></span>")));
        true
    }

    /// An excerpt's file, which leads to its place in the full listing, what it is, and how to run it.
    fn caption(
        &self,
        listing: &Listing,
        file: &Path,
        text: &str,
        excerpt: &Excerpt,
        since: Option<&Since<'_>>,
    ) -> String {
        let shown = file.display().to_string().replace('\\', "/");
        let mut caption = format!("<span class=\"label\">{}</span> ", self.context.words.listing);
        caption += &match place(listing, file, excerpt.line) {
            Some(place) => format!("<a href=\"{place}\"><code>{shown}</code></a>"),
            None => format!("<code>{shown}</code>"),
        };
        let name = item_name(text, excerpt.line, excerpt.text.lines().count());
        if !name.is_empty() {
            caption += &format!(" · <code>{name}</code>");
        }
        if let Some(since) = since {
            caption += &since_html(since, self.context.words);
        }
        let command = escaped(&command(listing, file));
        caption + &format!(" <span class=\"run\"><code>{command}</code></span>")
    }

    /// ` id="name"` the first time that a page uses it, else nothing.
    fn id(&mut self, name: &str) -> String {
        if self.ids.insert(name.to_owned()) { format!(" id=\"{name}\"") } else { String::new() }
    }

    fn sketch(&mut self, range: Range<usize>, info: &str, body: &str) {
        let reason = info.trim_start_matches("rust sketch:").trim();
        if reason.is_empty() {
            return self.problem(
                range.start,
                "a sketch without a reason",
                "```rust sketch: why this is not compiled",
                "write the reason",
            );
        }
        self.counts.sketches += 1;
        let caption = format!(
            "<span class=\"label\">{}</span> {}",
            self.context.words.sketch,
            escaped(reason)
        );
        let code = fenced("rust", body.trim_end());
        let html = format!(
            "<figure class=\"listing sketch\"><figcaption>{caption}</figcaption>\n\n{code}\n\n</figure>\n\n"
        );
        self.edits.push((range, html));
    }

    fn output(&mut self, range: Range<usize>, path: &str, section: &str) {
        let Some((listing, file)) = self.included(range.start, path) else { return };
        let Some(output) = listing.outputs().find(|output| output.file == file) else {
            let known: Vec<String> = listing.outputs().map(|output| shown(&output.file)).collect();
            return self.problem(
                range.start,
                format!("`{path}`"),
                &format!("one of: {}", known.join(", ")),
                "correct the path, or write the record: `cargo run -- record --help`",
            );
        };
        let Some(text) = output.sections.get(section) else {
            let known: Vec<&str> = output.sections.keys().map(String::as_str).collect();
            return self.problem(
                range.start,
                format!("`{path}:{section}`"),
                &format!("a section of that file; it has: {}", known.join(", ")),
                "correct the section's name, or let the program print it and bless it",
            );
        };
        let recorded = output.is_record();
        let (count, class, words) = match recorded {
            true => (&mut self.counts.recorded, "output recorded", self.context.words.recorded),
            false => (&mut self.counts.outputs, "output", self.context.words.output_of),
        };
        *count += 1;
        let caption = format!(
            "<span class=\"label\">{words}</span> <code>{}</code>",
            escaped(&output.command)
        );
        let id = self.id(&format!("{}-{}-{section}", listing.package, output.name()));
        // Not "console": its highlighter would colour a program's words as a shell's.
        let code = fenced("text", text);
        let html = format!(
            "<figure class=\"listing {class}\"{id}><figcaption>{caption}</figcaption>\n\n{code}\n\n</figure>\n\n"
        );
        self.edits.push((range, html));
    }

    /// Typesets a formula, checks its symbols and marks them. `at` is where the LaTeX starts in the
    /// source. With the formula comes what its symbols mean.
    fn math(
        &mut self,
        at: usize,
        latex: &str,
        display: Display,
    ) -> Option<(String, Vec<Meaning<'_>>)> {
        let formula = match Formula::new(latex, display) {
            Ok(formula) => formula,
            Err(error) => {
                self.problem(
                    at + error.offset,
                    format!("`{latex}`: {}", error.message),
                    "LaTeX math that can be typeset",
                    "correct the formula",
                );
                return None;
            }
        };
        let notation = self.context.notation;
        let mut meanings: Vec<Meaning<'_>> = Vec::new();
        for symbol in formula.symbols() {
            if !notation.defines(&symbol) {
                self.problem(
                    at,
                    format!("the symbol `{symbol}` in `{latex}`"),
                    "symbols of the notation table only",
                    "add a row to book/src/notation.md, or use the symbol that is there",
                );
            }
            let known = |known: &[Meaning<'_>], new: &Meaning<'_>| {
                known.iter().any(|meaning| meaning.class == new.class)
            };
            let Some(meaning) = notation.meaning(&symbol) else { continue };
            if !known(&self.symbols, &meaning) {
                self.symbols.push(meaning.clone());
            }
            if !known(&meanings, &meaning) {
                meanings.push(meaning);
            }
        }
        if display == Display::Inline
            && crate::output::numbers(latex).iter().any(|r| latex[r.clone()].contains('.'))
        {
            self.problem(
                at,
                format!("a decimal inside inline math: `{latex}`"),
                "numbers from runs as text with a tag",
                "write the number outside the dollar signs and tag it",
            );
        }
        let html = match self.defines_notation() {
            true => formula.mathml(),
            false => formula.marked(&|symbol| Some(notation.meaning(symbol)?.class)),
        };
        // Markdown must not see emphasis in what is already typeset.
        Some((html.replace('*', "&#42;").replace('_', "&#95;"), meanings))
    }

    /// Is this the page that says what the symbols mean? There they need no pointing to it.
    fn defines_notation(&self) -> bool {
        self.page.file.ends_with(NOTATION)
    }

    fn equation(&mut self, range: Range<usize>, math: &MathInfo<'_>, latex: &str) {
        let body = self.page.source[range.clone()].find(latex).unwrap_or(0);
        let words = self.context.words;
        let page = self.page.name();
        let Some((html, meanings)) = self.math(range.start + body, latex, Display::Block) else {
            return;
        };
        let fold = fold(latex, &meanings, &page, words);
        let key = (page, format!("eq-{}", math.label));
        let number = self.context.labels.numbers.get(&key);
        let (mut id, mut label, mut link) =
            (String::new(), words.equation.to_owned(), String::new());
        if let Some(number) = number {
            id = format!(" id=\"eq-{}\"", math.label);
            label = format!("{} {number}", words.equation);
            link =
                format!("<a class=\"equation-number\" href=\"#eq-{}\">({number})</a>", math.label);
        }
        let note = match math.code {
            None => String::new(),
            Some(code) => match self.code_link(range.start, code) {
                Some(html) => format!(
                    "<p class=\"equation-note\">{} {html}{}</p>",
                    words.executed_against,
                    self.test_link(math.label)
                ),
                None => return,
            },
        };
        let class = if math.code.is_some() { "equation" } else { "equation commented" };
        match math.code {
            Some(_) => self.counts.executed += 1,
            None => self.counts.commented += 1,
        }
        let html = format!(
            "<div class=\"{class}\"{id}><div class=\"equation-body\" role=\"group\" \
             aria-label=\"{label}\">{html}</div>{link}<div class=\"equation-more\">{fold}{note}</div></div>\n\n"
        );
        self.edits.push((range, html));
    }

    /// A link to the printed code at `chNN:anchor`, shown as the function's name.
    fn code_link(&mut self, at: usize, code: &str) -> Option<String> {
        let (package, anchor) = code.split_once(':')?;
        let found = self.context.listings.get(package).and_then(|listing| {
            let mut files: Vec<PathBuf> =
                std::fs::read_dir(self.context.project.root.join(&listing.folder).join("src"))
                    .into_iter()
                    .flatten()
                    .filter_map(|entry| {
                        Some(listing.folder.join("src").join(entry.ok()?.file_name()))
                    })
                    .collect();
            files.sort();
            files.into_iter().find_map(|file| {
                let text = self.context.project.read(&file).ok()?;
                let excerpt = excerpt(&text, anchor).ok()?;
                Some(function_name(&text, excerpt.line))
            })
        });
        let Some(name) = found else {
            self.problem(
                at,
                format!("`{code}`"),
                "chNN:anchor of a listing's src/",
                "correct the anchor after the equation's label",
            );
            return None;
        };
        let Some(page) = self.context.labels.printed.get(code) else {
            self.problem(
                at,
                format!("`{code}`, which no page prints"),
                "code that a reader can see beside its equation",
                "include the excerpt on this page",
            );
            return None;
        };
        let page =
            if *page == self.page.name() { String::new() } else { page.replace(".md", ".html") };
        Some(format!("<a href=\"{page}#{package}-{anchor}\"><code>{name}</code></a>"))
    }

    /// A link to the test, in the chapter's module of `equations/tests/bindings`, that executes an equation: to
    /// the function that the label is bound to, or, where that stands in the table itself, to there.
    fn test_link(&self, label: &str) -> String {
        let find = || {
            let number = self.page.number()?;
            let listing = self.context.listings.get(&format!("ch{number:02}"))?;
            let file = equations_test(number);
            let text = self.context.project.read(&file).ok()?;
            let bound = text.find(&format!("(\"{label}\", "))?;
            let (_, function) = text[bound..].split_once("\", ")?;
            let (function, _) = function.split_once(')')?;
            let line = text.lines().position(|l| l.starts_with(&format!("fn {function}(")));
            let (name, line) = match line {
                Some(line) => (function, line + 1),
                None => (label, crate::problem::line_of(&text, bound)),
            };
            let by = self.context.words.executed_by;
            let place = place(listing, &file, line)?;
            Some(format!(" {by} <a href=\"{place}\"><code>{name}</code></a>"))
        };
        find().unwrap_or_default()
    }

    fn figure(&mut self, range: Range<usize>, file: &str, alt: &str, paragraph_end: usize) {
        let path = self.page.file.with_file_name("").join(file);
        let svg = match self.context.project.read(&path) {
            Ok(svg) if file.ends_with(".svg") => svg,
            Ok(_) => {
                return self.problem(
                    range.start,
                    format!("the image `{file}`"),
                    "an SVG that Rust drew from a run: figures/….svg",
                    "draw it in figures/",
                );
            }
            Err(error) => {
                let todo = "correct the path, or draw the figure and run `cargo run -- bless`";
                return self.problem(range.start, format!("{error:#}"), "a figure's file", todo);
            }
        };
        let title = roxmltree::Document::parse(&svg).ok().and_then(|svg| {
            let title = svg.root_element().children().find(|node| node.has_tag_name("title"));
            title.and_then(|title| title.text().map(str::to_owned))
        });
        if title.as_deref() != Some(alt) {
            return self.problem(
                range.start,
                format!("the alternative text `{alt}`"),
                &format!("the figure's own title: `{}`", title.unwrap_or_default()),
                "make the two the same, so that the picture has one name everywhere",
            );
        }
        self.counts.figures += 1;
        let id = figure_id(file);
        let number = &self.context.labels.numbers[&(self.page.name(), id.clone())];
        let caption_end = range.end + self.page.source[range.end..paragraph_end].trim_end().len();
        let label = format!("<span class=\"label\">{} {number}</span>", self.context.words.figure);
        let svg = svg.lines().collect::<Vec<_>>().join("\n");
        let open = format!("<figure class=\"figure\" id=\"{id}\">\n{svg}\n<figcaption>\n\n{label}");
        self.edits.push((range.clone(), open));
        self.edits.push((caption_end..caption_end, "\n\n</figcaption>\n</figure>\n".to_owned()));
    }

    /// At the end of the page: what its symbols mean, for readers without a mouse and for the tips of
    /// those with one, the equations of other pages that it refers to, and what its scripts say.
    fn appendix(&mut self) {
        let words = self.context.words;
        let mut html = String::new();
        if !self.symbols.is_empty() && !self.defines_notation() {
            let page = self.page.name();
            let list: String =
                self.symbols.iter().map(|meaning| meaning.html(&page, words)).collect();
            html = format!(
                "\n\n<div class=\"page-symbols\">\n\n## {}\n\n<details class=\"symbols\"><summary>{}\
                 </summary><dl>{list}</dl></details>\n\n</div>\n",
                words.symbols_of_page, words.show_symbols
            );
        }
        for (to, math) in &self.elsewhere {
            html += &format!("\n\n<template data-href=\"{to}\">{math}</template>\n");
        }
        html += "\n\n";
        html += &words.for_scripts();
        let end = self.page.source.len();
        self.edits.push((end..end, html));
    }

    /// `[(5.1)](#eq-label)` and `[Figure 5.1](#fig-name)` must carry the right number.
    fn link(&mut self, at: usize, to: &str, text: &str) {
        self.counts.links += 1;
        let Some((page, fragment)) = to.split_once('#') else { return };
        if !(fragment.starts_with("eq-") || fragment.starts_with("fig-")) {
            return;
        }
        let here = page.is_empty();
        let page = if here { self.page.name() } else { page.to_owned() };
        let label = fragment.trim_start_matches("eq-");
        let equation = self.context.labels.equations.iter().find(|e| e.label == label);
        if let Some(equation) = equation.filter(|_| !here)
            && let Ok(formula) = Formula::new(&equation.latex, Display::Block)
        {
            self.elsewhere.insert(to.replace(".md#", ".html#"), formula.mathml());
        }
        let number = self.context.labels.numbers.get(&(page, fragment.to_owned())).cloned();
        let Some(number) = number else {
            let todo = "correct the label after the #";
            return self.problem(at, format!("a link to `{to}`"), "a label of the book", todo);
        };
        let written =
            crate::output::numbers(text).last().map(|range| text[range.clone()].to_owned());
        if written.as_ref().is_some_and(|written| *written != number) {
            let found = format!("`[{text}]({to})`");
            self.problem(
                at,
                found,
                &format!("the number {number}"),
                "correct the number in the link",
            );
        }
    }

    fn tagged(&mut self, range: Range<usize>, literal: &str, tag: &str) {
        if let Some(reason) = tag.strip_prefix("constant:") {
            if reason.trim().is_empty() {
                let todo = "write why no run has to vouch for it";
                return self.problem(range.start, format!("<!--{tag}-->"), "a reason", todo);
            }
            self.counts.cited += 1;
            return self.edits.push((range, literal.to_owned()));
        }
        if let Some(key) = tag.strip_prefix("cite:") {
            let key = key.trim();
            if !self.page.source.contains(&format!("id=\"{key}\"")) {
                return self.problem(
                    range.start,
                    format!("{literal}<!--{tag}-->"),
                    &format!("a source on this page with id=\"{key}\""),
                    "add the source to the page's list, or correct the key",
                );
            }
            self.counts.cited += 1;
            return self
                .edits
                .push((range, format!("<a class=\"cited\" href=\"#{key}\">{literal}</a>")));
        }
        self.printed_number(range, literal, tag);
    }

    fn printed_number(&mut self, range: Range<usize>, literal: &str, tag: &str) {
        let at = range.start;
        let Some((source, key)) = tag.split_once(':') else {
            return self.problem(
                at,
                format!("{literal}<!--{tag}-->"),
                "<!--chNN:label-->, <!--chNN/record:label-->, <!--cite:key--> or \
                 <!--constant: reason-->",
                "correct the comment, or keep a space between it and the number",
            );
        };
        let package = source.split('/').next().unwrap_or_default();
        let Some(listing) = self.context.listings.get(package) else {
            let known: Vec<&str> = self.context.listings.keys().map(String::as_str).collect();
            let expected = format!("a chapter with a listing: {}", known.join(", "));
            return self.problem(at, format!("<!--{tag}-->"), &expected, "correct the tag");
        };
        let Some(output) = listing.printed(source) else {
            let all = listing.runs.keys().chain(listing.records.keys());
            let all: Vec<&str> = all.map(String::as_str).collect();
            let expected = match all.as_slice() {
                [] => format!("a run or a record of {package}, which has none"),
                _ => format!("a run or a record of {package}; it has: {}", all.join(", ")),
            };
            let todo = "correct the tag, or write the record: `cargo run -- record --help`";
            return self.problem(at, format!("<!--{tag}-->"), &expected, todo);
        };
        let recorded = output.is_record();
        let snapshot = shown(&output.file);
        let Some(printed) = output.numbers.get(key) else {
            return self.problem(
                at,
                format!("{literal}<!--{tag}-->"),
                &format!("a label that {snapshot} prints"),
                "correct the tag, or let the program print the number and bless it",
            );
        };
        let (Some(value), Some(claim)) = (parse_number(&printed.text), parse_number(literal))
        else {
            let todo = "write a number before the tag";
            return self.problem(at, literal.to_owned(), "a number", todo);
        };
        let place = last_place(literal);
        let vague = place < 0.999 * last_place(&printed.text);
        // Half a unit in the last place that the sentence writes, and a hair for the decimal's binary.
        if vague || (value - claim).abs() > 0.5 * place * (1.0 + 1e-9) {
            return self.problem(
                at,
                format!("{literal}<!--{tag}-->"),
                &format!(
                    "{} as {snapshot}:{} prints it, rounded at will",
                    printed.text, printed.line
                ),
                &match recorded {
                    true => "correct the sentence".to_owned(),
                    false => format!(
                        "correct the sentence; if the program changed, \
                         `cargo run -- bless {package}`"
                    ),
                },
            );
        }
        self.counts.numbers += 1;
        let html = format!(
            "<data class=\"from-run\" value=\"{}\" title=\"{} {}: {}\">{literal}</data>",
            printed.text,
            match recorded {
                true => self.context.words.recorded_from,
                false => self.context.words.printed_by,
            },
            escaped(&output.command),
            escaped(key)
        );
        self.edits.push((range, html));
    }

    /// What the page concludes from numbers is evaluated on them, and marked.
    fn claims(&mut self) {
        let Context { project, listings, words, .. } = self.context;
        let found = conclusions(project, listings, self.page, words);
        self.counts.claims +=
            found.claims.iter().map(|claim| claim.predicates.len()).sum::<usize>();
        self.counts.excused += found.excused.len();
        self.counts.findings += found.findings.len();
        self.problems.0.extend(found.problems);
        self.edits.extend(found.edits);
    }

    /// A chapter's page sets each exercise of its listing, and no other.
    fn exercises(&mut self) {
        let listing =
            self.page.number().and_then(|n| self.context.listings.get(&format!("ch{n:02}")));
        let exercises = listing.map_or(&[][..], |listing| &listing.exercises);
        for name in exercises {
            let command =
                format!("cargo run -p ch{:02} --example {name}", listing.map_or(0, |l| l.number));
            if self.page.source.contains(&command) {
                self.counts.exercises += 1;
            } else {
                self.problem(
                    0,
                    format!("no exercise with `{command}`"),
                    "each exercise of the listing set on the chapter's page",
                    "write the exercise, or delete its example",
                );
            }
        }
        let source = &self.page.source;
        let mut unknown = Vec::new();
        for (at, _) in source.match_indices("--example ") {
            let name: String = source[at + "--example ".len()..]
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if name.starts_with("exercise_") && !exercises.contains(&name) {
                unknown.push((at, name));
            }
        }
        for (at, name) in unknown {
            let expected = format!("one of: {}", exercises.join(", "));
            self.problem(at, format!("the example `{name}`"), &expected, "correct the command");
        }
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.chapters += other.chapters;
        self.excerpts += other.excerpts;
        self.sketches += other.sketches;
        self.outputs += other.outputs;
        self.recorded += other.recorded;
        self.executed += other.executed;
        self.commented += other.commented;
        self.formulas += other.formulas;
        self.numbers += other.numbers;
        self.cited += other.cited;
        self.figures += other.figures;
        self.links += other.links;
        self.exercises += other.exercises;
        self.claims += other.claims;
        self.excused += other.excused;
        self.findings += other.findings;
    }
}
