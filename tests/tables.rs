//! What pages show of an output, held against what the program printed: each number in its place, under a
//! heading; and a wrong cell, a lost row or an unread heading would be noticed.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use press::project::parse_number;
use scraper::{ElementRef, Html, Selector};

mod support;

/// The elements in `element` that match.
fn select<'a>(element: ElementRef<'a>, selector: &str) -> Vec<ElementRef<'a>> {
    element.select(&Selector::parse(selector).unwrap()).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect()
}

/// A cell as it was printed, as a reader reads it: `4.5e-1` is 4.5 × 10−1.
fn read(cell: &str) -> String {
    let cell = cell.trim().replace("< ", "<");
    let words = cell.split(' ').map(|word| {
        let (before, number) = word.split_at(usize::from(word.starts_with('<')));
        match number.split_once('e').filter(|_| parse_number(number).is_some()) {
            Some((mantissa, "0")) => format!("{before}{mantissa}"),
            Some(("1", exponent)) => format!("{before}10{exponent}"),
            Some((mantissa, exponent)) => format!("{before}{mantissa} × 10{exponent}"),
            None => word.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The rows that a program printed: of tables, without their names, and of named values, with what follows.
fn printed(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut in_table) = (Vec::new(), false);
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(" | ").collect();
        if cells.len() > 1 {
            if in_table {
                rows.push(cells[1..].iter().map(|cell| read(cell)).collect());
            }
            in_table = true;
        } else {
            in_table = false;
            if let Some((name, value)) = line.split_once(" = ")
                && !name.trim().contains(' ')
            {
                rows.push(vec![read(value.split("  ").next().unwrap())]);
            }
        }
    }
    rows
}

/// The same, as the page shows it.
fn shown(figure: ElementRef<'_>) -> Vec<Vec<String>> {
    let rows = select(figure, "tbody tr").into_iter().map(|row| {
        let values = row
            .ancestors()
            .filter_map(ElementRef::wrap)
            .any(|up| up.attr("class") == Some("values"));
        let cells = select(row, "td").into_iter().map(|cell| {
            let plain = text(cell).replace('−', "-").replace('\u{a0}', " ");
            plain.trim_matches(['\u{2007}', ' ']).to_owned()
        });
        if values { cells.take(1).collect() } else { cells.collect() }
    });
    rows.collect()
}

/// What is wrong with the tables of a page, and how many cells were compared.
fn faults(html: &str) -> (Vec<String>, usize) {
    let html = Html::parse_fragment(html);
    let (mut faults, mut compared) = (Vec::new(), 0);
    for figure in select(html.root_element(), "figure.output:has(.printed)") {
        let id = figure.attr("id").unwrap_or_default();
        let [code] = select(figure, ".printed > pre > code")[..] else {
            faults.push(format!("{id}: no printed text"));
            continue;
        };
        let (printed, shown) = (printed(&text(code)), shown(figure));
        if printed.len() != shown.len() {
            faults.push(format!("{id}: {} rows of {}", shown.len(), printed.len()));
        }
        for (printed, shown) in printed.iter().zip(&shown) {
            compared += printed.len();
            // A cell of words may have symbols in it, which are typeset.
            let differs = |(printed, shown): (&String, &String)| {
                printed != shown
                    && printed.chars().any(|c| c.is_ascii_digit())
                    && !printed.contains('[')
            };
            if printed.len() != shown.len() || printed.iter().zip(shown).any(differs) {
                faults.push(format!("{id}: {shown:?} for {printed:?}"));
            }
        }
        for table in select(figure, "table") {
            let columns = |row: &ElementRef<'_>| select(*row, "th, td").len();
            let rows: Vec<usize> = select(table, "tr").iter().map(columns).collect();
            if rows.iter().any(|columns| *columns != rows[0]) {
                faults.push(format!("{id}: rows of {rows:?} cells"));
            }
            let names = select(table, "th");
            if names
                .iter()
                .any(|name| name.attr("scope").is_none() || text(*name).trim().is_empty())
            {
                faults.push(format!("{id}: a heading without words or scope"));
            }
            // Words that are written so are written by programs.
            let words = names.iter().map(|name| text(*name)).filter(|name| name.contains('_'));
            faults.extend(words.map(|name| format!("{id}: the heading {name}")));
        }
    }
    (faults, compared)
}

/// A page as mdBook would render its tables: they stand in it as HTML, and the printed text in a fence.
fn rendered(markdown: &str) -> String {
    let mut html = String::new();
    let mut in_fence = false;
    for line in markdown.lines() {
        html += &match (line.starts_with("```"), in_fence) {
            (true, false) => "<pre><code>".to_owned(),
            (true, true) => "</code></pre>\n".to_owned(),
            (false, true) => line.replace('<', "&lt;") + "\n",
            (false, false) => line.to_owned() + "\n",
        };
        in_fence ^= line.starts_with("```");
    }
    html
}

#[test]
fn tables_show_what_was_printed_and_a_change_is_noticed() {
    let (press, pages) = support::book();
    let mut compared = 0;
    for page in &pages {
        let (content, _) = press.typeset(page).unwrap_or_else(|problems| panic!("{problems}"));
        let html = rendered(&content);
        let (found, cells) = faults(&html);
        assert_eq!(found, [""; 0], "{}", page.file().display());
        compared += cells;
        if cells == 0 {
            continue;
        }
        let figure = html.find("class=\"listing output").unwrap();
        let (before, from) = html.split_at(figure);
        let row = &from[from.find("<tr><th scope=\"row\"").unwrap()..];
        let row = &row[..row.find("</tr>").unwrap() + "</tr>".len()];
        let cell = &row[row.find("<td>").unwrap()..];
        let cell = &cell[..cell.find("</td>").unwrap() + "</td>".len()];
        for (what, change, noticed) in [
            ("a wrong cell", row.replacen(cell, "<td>17.5</td>", 1), "17.5"),
            ("a lost cell", row.replacen(cell, "", 1), " for "),
            ("a lost row", String::new(), " rows of "),
            (
                "a key",
                row.replacen("<th scope=\"row\">", "<th scope=\"row\">C_", 1),
                "the heading C_",
            ),
            ("a row without a name", row.replacen("scope=\"row\"", "", 1), "scope"),
        ] {
            let planted = before.to_owned() + &from.replacen(row, &change, 1);
            let found = faults(&planted).0.join("\n");
            assert!(found.contains(noticed), "{}: {what}: {found:?}", page.file().display());
        }
    }
    assert!(compared > 1500, "{compared} cells");
}
