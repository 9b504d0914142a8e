//! The book as it stands: its pages pass, its programs print what it shows, its figures are what is
//! drawn; and a wrong number, an edited snapshot or an edited figure would be noticed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use press::output::{compare, last_place, numbers, parse_number, tolerance};
use press::page::{Item, Page};
use press::press::{Press, SOURCES, pages};
use press::{figures, run};

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
        let file = listing.folder.join("output.txt");
        let snapshot = press.project.read(&file).expect("a snapshot");
        let printed = run::print(&press.project, &listing.output.command)
            .unwrap_or_else(|error| panic!("{error:#}"));
        if let Err((line, found, expected)) = compare(&snapshot, &printed, tolerance) {
            panic!(
                "{}:{line}\n  found     {found}\n  expected  {expected}\n  \
                 to do     correct the program, or run `cargo run -- bless {}`",
                file.display(),
                listing.package
            );
        }
    }
}

/// A record is not run again in full: a small run must print the same sections and labels.
#[test]
fn every_record_is_what_its_program_still_prints() {
    let (press, _) = support::book();
    for record in press.listings.values().flat_map(|listing| listing.records.values()) {
        run::check_record(&press.project, record).unwrap_or_else(|error| panic!("{error:#}"));
    }
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
    assert_eq!(files, drawn, "book/src/figures holds what src/figures draws, and nothing else");
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

/// Tries wrong numbers for every tag of a book, and wrong numbers in its records. Returns how many
/// tags there are, and which of them name records.
fn try_wrong_numbers(press: &Press, pages: &[Page]) -> (usize, usize) {
    let (mut tags, mut recorded, mut tried, mut survivors) = (0, 0, 0, Vec::new());
    for page in pages {
        for (range, item) in page.items() {
            let Item::Tagged { literal, tag } = item else { continue };
            let Some((source, key)) = tag.split_once(':') else { continue };
            let listing = press.listings.values().find(|listing| listing.printed(source).is_some());
            let Some(listing) = listing else { continue };
            let printed = &listing.printed(source).expect("found above").numbers[key].text;
            tags += 1;
            if let Some((package, record)) = source.split_once('/') {
                recorded += 1;
                let mut edited = press.clone();
                let listing = edited.listings.get_mut(package).expect("found above");
                let record = listing.records.get_mut(record).expect("found above");
                record.numbers.get_mut(key).expect("found above").text =
                    shifted(printed, 2.0 * last_place(&literal) / last_place(printed));
                if edited.typeset(page).is_ok() {
                    survivors.push(format!("{}: {tag} edited", page.file.display()));
                }
            }
            let wrong = wrong_values(&literal, printed);
            assert!(wrong.len() >= 4, "{literal}: {wrong:?}");
            for wrong in wrong {
                tried += 1;
                let mut changed = page.clone();
                changed.source.replace_range(range.start..range.start + literal.len(), &wrong);
                let refused = press.typeset(&changed).is_err_and(|problems| {
                    let line = page.line(range.start);
                    problems
                        .0
                        .iter()
                        .any(|problem| problem.line == line && problem.found.contains(&wrong))
                });
                if !refused {
                    survivors.push(format!("{}: {literal} as {wrong}", page.file.display()));
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
    assert_eq!(try_wrong_numbers(&press, &pages), (2, 1));
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
    for listing in press.listings.values() {
        let snapshot = press.project.read(&listing.folder.join("output.txt")).expect("a snapshot");
        let missing_line = snapshot.lines().skip(1).collect::<Vec<_>>().join("\n");
        assert!(compare(&missing_line, &snapshot, tolerance).is_err());
        for wrong in edited(&snapshot, 2.0) {
            tried += 1;
            let noticed = compare(&wrong, &snapshot, tolerance).is_err();
            assert!(noticed, "{}: nobody noticed\n{wrong}", listing.folder.display());
        }
    }
    println!("{tried} edited snapshots tried");
    assert!(tried > 0);
}

#[test]
fn no_edited_figure_survives() {
    for figure in figures::all() {
        let svg = (figure.draw)();
        for wrong in edited(&svg, 50.0) {
            assert!(compare(&wrong, &svg, figure_tolerance).is_err(), "{}", figure.name);
        }
        let renamed = svg.replace("<title", "<titel");
        assert!(compare(&renamed, &svg, figure_tolerance).is_err());
    }
}

/// The project's own documents lead somewhere too.
#[test]
fn the_documents_links_lead_somewhere() {
    let project = support::project();
    let mut links = 0;
    for file in ["README.md", "CONTRIBUTING.md", "tests/browser/README.md"] {
        let page = Page { file: file.into(), source: project.read(Path::new(file)).expect(file) };
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
