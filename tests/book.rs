//! The book as it stands: its pages pass, its programs print what it shows, its figures are what is
//! drawn; and a wrong number, an edited snapshot or an edited figure would be noticed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::Path;

use press::mathml::{Display, Formula, Symbol};
use press::page::{Fence, Item, Page, SOURCES, Tag, pages};
use press::project::{Listing, last_place, numbers, parse_number};
use press::snapshot::{check_record, compare, print_again, tolerance};
use press::typeset::Press;
use press::words::ENGLISH;

#[path = "support/small_book.rs"]
mod small_book;
mod support;

#[test]
fn the_pages_pass_every_check() {
    let (press, pages) = support::book();
    let (_, counts) = press.typeset_all(&pages).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(counts.excerpts > 0 && counts.executed > 0 && counts.numbers > 0, "{counts:?}");
    assert!(counts.outputs > 0 && counts.figures > 0 && counts.exercises > 0, "{counts:?}");
}

#[test]
fn every_program_prints_its_snapshot() {
    let (press, _) = support::book();
    for listing in press.listings.values() {
        for output in listing.snapshots() {
            let snapshot = press.project.read(&output.file).expect("a snapshot");
            let printed =
                print_again(&press.project, output).unwrap_or_else(|error| panic!("{error:#}"));
            if let Err((line, found, expected)) = compare(&snapshot, &printed, tolerance) {
                panic!(
                    "{}:{line}\n  found     {found}\n  expected  {expected}\n  \
                     to do     correct the program, or run `cargo run -- bless {}`",
                    output.file.display(),
                    listing.package
                );
            }
        }
    }
}

/// A record is not run again in full: a small run must print the same sections and labels.
#[test]
fn every_record_is_what_its_program_still_prints() {
    let (press, _) = support::book();
    for record in press.listings.values().flat_map(|listing| listing.records.values()) {
        check_record(&press.project, record).unwrap_or_else(|error| panic!("{error:#}"));
    }
}

/// The line of a listing that a caption leads to, from `…listings/ch05-forget-gate.html#ch05-lib-26">`.
fn lines_led_to(html: &str) -> Vec<(String, usize, String)> {
    let captions = html.split("<figure class=\"listing\"").skip(1);
    captions
        .filter_map(|figure| {
            let (_, rest) = figure.split_once("</span> <a href=\"")?;
            let (href, rest) = rest.split_once("\"><code>")?;
            let (file, rest) = rest.split_once("</code></a>")?;
            let line = href.rsplit_once('-')?.1.parse().ok()?;
            let code =
                scraper::Html::parse_fragment(rest.split_once("<code class=\"language-rust\">")?.1);
            let text: String = code.root_element().text().collect();
            Some((file.to_owned(), line, text.lines().next()?.to_owned()))
        })
        .collect()
}

#[test]
fn captions_lead_to_the_line_and_equations_to_their_test() {
    let (press, pages) = support::book();
    let listings = press.listing_pages().expect("the listings");
    let (mut captions, mut executed, mut repeated) = (0, 0, 0);
    for page in &pages {
        let (html, counts) = press.typeset(page).unwrap_or_else(|problems| panic!("{problems}"));
        for (file, line, first) in lines_led_to(&html) {
            let text = press.project.read(Path::new(&file)).expect("the listing");
            let led_to = text.lines().nth(line - 1).unwrap_or_default();
            assert_eq!(led_to.trim(), first.trim(), "{}: {file}:{line}", page.file().display());
            captions += 1;
        }
        // An equation of another page, shown again, was counted there.
        let equations = html.split("<div class=\"equation").fold(Vec::new(), |mut all, part| {
            let found = part.matches("-equations-").count();
            match (part.starts_with('-'), all.last_mut()) {
                (true, Some((_, count))) => *count += found,
                _ => {
                    let class = part.split('"').next().unwrap_or_default();
                    all.push((class.contains("again"), found));
                }
            }
            all
        });
        let count = |again: bool| -> usize {
            equations.iter().filter(|it| it.0 == again).map(|(_, count)| count).sum()
        };
        let tests = count(false);
        repeated += count(true);
        assert_eq!(tests, counts.executed, "{}: each names its test", page.file().display());
        executed += tests;
        for (_, rest) in html.match_indices("<a href=\"listings/").map(|(at, _)| html.split_at(at))
        {
            let id = rest.split(['#', '"']).nth(2).expect("a fragment");
            let id = format!("id=\"{id}\"");
            assert!(listings.iter().any(|page| page.content.contains(&id)), "{id} is on no page");
        }
    }
    assert!(captions > 100 && executed > 50, "{captions} captions, {executed} equations");
    assert!(repeated > 5, "{repeated} shown again, each with its test");
}

/// The classes that [`Formula::marked`] gave, each once.
fn classes(marked: &str) -> BTreeSet<String> {
    let all = marked.split(" class=\"").skip(1).filter_map(|rest| rest.split('"').next());
    all.filter(|class| class.starts_with(['s', 'b'])).map(str::to_owned).collect()
}

/// A letter that means one thing in a chapter and another elsewhere means on each page what it means there.
#[test]
fn a_symbol_means_what_it_means_on_its_page() {
    let (press, _) = support::book();
    for (page, latex, meaning) in [
        ("ch03-trusting-a-gradient.md", "b", "a layer without a name"),
        ("ch03-trusting-a-gradient.md", "\\bar{b}", "a layer without a name"),
        ("ch03-trusting-a-gradient.md", "g_k", "the loss when one number is nudged"),
        ("ch03-trusting-a-gradient.md", "c", "coefficient"),
        ("ch04-through-time.md", "c", "the length at which a gradient is clipped"),
        ("ch04-through-time.md", "g", "a whole gradient"),
        ("ch05-forget-gate.md", "x", "input"),
        ("ch07-cell-state.md", "C_t", "cell state"),
        ("ch07-cell-state.md", "\\bar{C}_t", "cell state"),
        ("ch11-bug-gallery.md", "p_t", "probabilities at time step"),
        ("ch13-loss-and-optimiser.md", "b", "in the valley"),
        ("ch13-loss-and-optimiser.md", "g_t", "the gradient that update"),
    ] {
        let formula = Formula::new(latex, Display::Inline).unwrap();
        let found = press.notation.meaning(&formula.symbols()[0], page).unwrap();
        let found = found.html(page, &ENGLISH);
        assert!(found.contains(meaning), "{latex} on {page}: {found}");
    }
}

#[test]
fn every_symbol_of_a_formula_says_what_it_is() {
    let (press, pages) = support::book();
    let (mut formulas, mut adjoints) = (0, BTreeSet::new());
    for page in &pages {
        for (range, item) in page.items() {
            let (latex, display) = match item {
                Item::Math { latex, .. } => (latex, Display::Inline),
                Item::Fence(Fence::Equation { latex, .. }) => (latex, Display::Block),
                _ => continue,
            };
            let place = format!("{}:{} `{latex}`", page.file().display(), page.line(range.start));
            let formula = Formula::new(latex.trim(), display).expect("LaTeX");
            // What the page shows reads back as what was looked up.
            assert_eq!(Formula::from_mathml(&formula.mathml()).as_ref(), Ok(&formula), "{place}");
            let found = formula.symbols();
            let meaning = |symbol: &Symbol| press.notation.meaning(symbol, &page.name());
            let marked = formula.marked(&|symbol| Some(meaning(symbol)?.class));
            let mut wanted = BTreeSet::new();
            for symbol in &found {
                let meaning = meaning(symbol).unwrap_or_else(|| panic!("{place}: {symbol}"));
                let entry = meaning.html("introduction.md", &ENGLISH);
                // The search leads to the page that introduces a symbol, not to all that list it.
                let elsewhere = entry.contains(" · <a href=\"ch");
                assert_eq!(entry.contains("<span hidden>"), !elsewhere, "{place}: {entry}");
                if let Some((_, page)) = entry.rsplit_once(" · <a href=\"") {
                    let page = page.split(".html").next().expect("a page").to_owned() + ".md";
                    let there = meaning.html(&page, &ENGLISH);
                    assert!(there.contains("<span hidden>"), "{place}: {page}: {there}");
                }
                assert!(!entry.contains("<dd></dd>"), "{place}: {symbol} means nothing: {entry}");
                if meaning.class.starts_with('b') {
                    adjoints.insert(meaning.class.clone());
                }
                wanted.insert(meaning.class);
            }
            assert_eq!(classes(&marked), wanted, "{place}");
            formulas += 1;
        }
    }
    assert!(formulas > 1000 && adjoints.len() > 10, "{formulas} formulas, {}", adjoints.len());
}

/// A curve's points are rounded to whole units, four to a unit of the page: one unit of the page may
/// differ between machines. Everything else, labels above all, is exact.
fn figure_tolerance(snapshot: &str) -> f64 {
    if snapshot.len() >= 3 && !snapshot.contains('.') { 4.0 } else { 0.0 }
}

#[test]
fn every_figure_is_drawn_from_its_run() {
    let project = support::project();
    let folder = Path::new(SOURCES).join("figures");
    let mut drawn = BTreeSet::new();
    for figure in figures::all() {
        let name = format!("{}.svg", figure.name);
        let snapshot = project.read(&folder.join(&name)).unwrap_or_else(|e| panic!("{e:#}"));
        if let Err((line, found, expected)) = compare(&snapshot, &(figure.draw)(), figure_tolerance)
        {
            panic!(
                "{}:{line}\n  found     {found}\n  expected  {expected}\n  \
                 to do     run `cargo run -- bless` and look at the figure",
                folder.join(&name).display()
            );
        }
        drawn.insert(name);
    }
    let files = fs::read_dir(project.root.join(&folder)).expect("book/src/figures");
    let files: BTreeSet<String> = files
        .map(|file| file.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(files, drawn, "book/src/figures holds what figures/ draws, and nothing else");
}

/// `literal` with `units` added in the last place that it writes.
fn shifted(literal: &str, units: f64) -> String {
    let (mantissa, exponent) = match literal.find('e') {
        Some(at) => literal.split_at(at),
        None => (literal, ""),
    };
    let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let value = parse_number(mantissa).expect("a number") + units * last_place(mantissa);
    format!("{value:.decimals$}{exponent}")
}

/// Numbers near `literal` that a sentence must not give for `printed`.
fn wrong_values(literal: &str, printed: &str) -> Vec<String> {
    let value = |text: &str| parse_number(text).expect("a number");
    let negated = if value(literal) == 0.0 { None } else { Some(literal.replace('−', "")) };
    let negated = negated.map(|bare| if bare == literal { format!("−{bare}") } else { bare });
    [1.0, -1.0, 2.0, -2.0, 10.0, -10.0]
        .into_iter()
        .map(|units| shifted(literal, units))
        .chain(negated)
        // Both neighbours are right for a value that lies between them.
        .filter(|wrong| (value(wrong) - value(printed)).abs() > 0.51 * last_place(literal))
        .collect()
}

/// Tries wrong numbers for every tag of a book, and wrong numbers in its runs and records. Returns how
/// many tags there are, and how many of them name runs or records.
///
/// A page is typeset with a wrong number in each of its lines at a time: every line must then be named.
fn try_wrong_numbers(press: &Press, pages: &[Page]) -> (usize, usize) {
    let (mut tags, mut recorded, mut tried, mut survivors) = (0, 0, 0, Vec::new());
    for page in pages {
        let mut lines: BTreeMap<usize, Vec<(Range<usize>, String)>> = BTreeMap::new();
        for (range, item) in page.items() {
            let Item::Tagged { literal, tag: Tag::Printed { source, label } } = item else {
                continue;
            };
            let output = press.listings.values().find_map(|listing| listing.printed(source));
            let printed = &output.expect("a run or a record").numbers[label].text;
            tags += 1;
            if let Some((package, name)) = source.split_once('/') {
                recorded += 1;
                let mut edited = press.clone();
                let listing = edited.listings.get_mut(package).expect("found above");
                let kept = [&mut listing.runs, &mut listing.records];
                let record =
                    kept.into_iter().find_map(|all| all.get_mut(name)).expect("found above");
                record.numbers.get_mut(label).expect("found above").text =
                    shifted(printed, 2.0 * last_place(literal) / last_place(printed));
                if edited.typeset(page).is_ok() {
                    survivors.push(format!("{}: {source}:{label} edited", page.file().display()));
                }
            }
            let wrong = wrong_values(literal, printed);
            assert!(wrong.len() >= 4, "{literal}: {wrong:?}");
            let literal = range.start..range.start + literal.len();
            let line = lines.entry(page.line(range.start)).or_default();
            line.extend(wrong.into_iter().map(|wrong| (literal.clone(), wrong)));
        }
        for round in 0..lines.values().map(Vec::len).max().unwrap_or(0) {
            let wrong: Vec<_> =
                lines.iter().filter_map(|(line, all)| Some((line, all.get(round)?))).collect();
            let mut source = page.source().to_owned();
            for (_, (literal, wrong)) in wrong.iter().rev() {
                source.replace_range(literal.clone(), wrong);
            }
            let problems =
                press.typeset(&Page::new(page.file(), source)).err().unwrap_or_default().0;
            for (line, (literal, wrong)) in wrong {
                tried += 1;
                let mut named = problems.iter().filter(|problem| problem.line == *line);
                if !named.any(|problem| problem.found.contains(wrong)) {
                    let literal = &page.source()[literal.clone()];
                    survivors.push(format!("{}: {literal} as {wrong}", page.file().display()));
                }
            }
        }
    }
    println!("{tried} wrong numbers tried for {tags} tags, {} survived", survivors.len());
    assert!(tags > 0 && survivors.is_empty(), "nobody noticed:\n{}", survivors.join("\n"));
    (tags, recorded)
}

#[test]
fn no_wrong_number_survives() {
    let (press, pages) = support::book();
    try_wrong_numbers(&press, &pages);
}

/// The same for a small book that quotes a record, whatever the real one quotes.
#[test]
fn no_wrong_number_from_a_record_survives() {
    let book = small_book::Book::good();
    let pages = pages(&book.project()).expect("its pages");
    let press = Press::new(&book.project(), &pages).expect("its listings");
    assert_eq!(try_wrong_numbers(&press, &pages), (3, 2));
}

/// Every number of `text`, changed in its last place by `units`.
fn edited(text: &str, units: f64) -> impl Iterator<Item = String> {
    let all: Vec<_> = (text.split_inclusive('\n'))
        .scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            Some(numbers(line).into_iter().map(move |n| start + n.start..start + n.end))
        })
        .flatten()
        .collect();
    all.into_iter().map(move |range| {
        let wrong = shifted(&text[range.clone()], units);
        format!("{}{wrong}{}", &text[..range.start], &text[range.end..])
    })
}

#[test]
fn no_edited_snapshot_survives() {
    let (press, _) = support::book();
    let mut tried = 0;
    for output in press.listings.values().flat_map(Listing::snapshots) {
        let snapshot = press.project.read(&output.file).expect("a snapshot");
        let missing_line = snapshot.lines().skip(1).collect::<Vec<_>>().join("\n");
        assert!(compare(&missing_line, &snapshot, tolerance).is_err());
        for wrong in edited(&snapshot, 2.0) {
            tried += 1;
            let noticed = compare(&wrong, &snapshot, tolerance).is_err();
            assert!(noticed, "{}: nobody noticed\n{wrong}", output.file.display());
        }
    }
    println!("{tried} edited snapshots tried");
    assert!(tried > 0);
}

/// A comparison goes from number to number: each is changed in its own piece of the figure, for a curve has
/// thousands on a line, and the last one also in the whole.
#[test]
fn no_edited_figure_survives() {
    let noticed = |wrong: &str, right: &str| compare(wrong, right, figure_tolerance).is_err();
    for figure in figures::all() {
        let svg = (figure.draw)();
        for piece in svg.split_whitespace() {
            for wrong in edited(piece, 50.0) {
                assert!(noticed(&wrong, piece), "{}: {wrong}", figure.name);
            }
        }
        let last = edited(&svg, 50.0).last().expect("a figure has numbers");
        assert!(noticed(&last, &svg) && noticed(&svg.replace("<title", "<titel"), &svg));
    }
}

/// The project's own documents lead somewhere too.
#[test]
fn the_documents_links_lead_somewhere() {
    let project = support::project();
    let mut links = 0;
    for file in ["README.md", "CONTRIBUTING.md", "bench/README.md", "tests/browser/README.md"] {
        let page = Page::new(file, project.read(Path::new(file)).expect(file));
        let folder = project.root.join(file).parent().expect("a folder").to_owned();
        for (range, item) in page.items() {
            let (Item::Link { to: target, .. } | Item::Image { file: target, .. }) = item else {
                continue;
            };
            if target.contains("://") {
                continue;
            }
            links += 1;
            let path = folder.join(target.split('#').next().unwrap_or_default());
            assert!(path.exists(), "{file}:{}: {target} is not there", page.line(range.start));
        }
    }
    assert!(links > 3);
}
