//! A section of an output as readers read it: tables, named values, sentences.

use std::fmt::Write;

use super::draft::Draft;
use crate::mathml::escaped;
use crate::project::{Output, Part, Section, Value};

mod cell;
mod name;
mod symbol;

pub(super) use cell::number;
use cell::{Cell, leads};
use name::Namer;

/// What is shown of a section.
pub(super) struct Shown {
    /// What it is about, as HTML.
    pub title: String,
    /// The rest.
    pub body: String,
}

/// The section `section` of an output, which the page includes `at` some place; none where the section has
/// only sentences, which are shown as they were printed.
pub(super) fn shown(
    draft: &mut Draft<'_>,
    at: usize,
    source: &str,
    (output, section): (&Output, &str),
) -> Option<Shown> {
    let parsed = Section::parse(output.sections.get(section)?);
    if !parsed.has_names() {
        return None;
    }
    let mut namer = Namer::new(draft, at, format!("{source}:{section}"));
    let title = namer.title(parsed.title);
    let mut body = String::new();
    let headers = parsed.parts.iter().filter_map(|part| match part {
        Part::Table { header, .. } => Some(header.as_slice()),
        _ => None,
    });
    let headers = headers.collect::<Vec<_>>().concat();
    for part in &parsed.parts {
        match part {
            Part::Table { header: names, rows } => {
                table(&mut namer, names, rows, &mut body);
            }
            Part::Values(values) => self::values(&mut namer, values, &mut body),
            Part::Text(lines) => {
                let lines = lines.iter().map(|line| namer.sentence(line, &headers));
                let _ = writeln!(body, "<p>{}</p>", lines.collect::<Vec<_>>().join("<br>\n"));
            }
        }
    }
    Some(Shown { title, body })
}

fn table(namer: &mut Namer<'_, '_>, header: &[&str], rows: &[Vec<&str>], html: &mut String) {
    html.push_str("<div class=\"table-wrapper\"><table>\n<thead><tr>");
    for name in header {
        html.push_str(&heading(namer, "col", name));
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    let leads = leads(rows);
    for row in rows {
        for (column, text) in row.iter().enumerate() {
            let _ = match column {
                0 => write!(html, "<tr>{}", heading(namer, "row", text)),
                _ => write!(html, "<td>{}</td>", cell(namer, text, leads[column])),
            };
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table></div>\n");
}

/// The heading of a row or a column. Some screen readers find no words in a formula: where a heading is nothing
/// else, its name is said as it is typed, `C bar`.
fn heading(namer: &mut Namer<'_, '_>, scope: &str, name: &str) -> String {
    let html = namer.name(name);
    let end = html.len().saturating_sub("</math>".len());
    if html.starts_with("<math") && html.find("</math>") == Some(end) {
        let label = escaped(&name.replace('_', " "));
        let html = html.replacen("<math", &format!("<math aria-label=\"{label}\""), 1);
        return format!("<th scope=\"{scope}\">{html}</th>");
    }
    format!("<th scope=\"{scope}\">{html}</th>")
}

fn cell(namer: &mut Namer<'_, '_>, text: &str, lead: usize) -> String {
    match Cell::parse(text) {
        Some(cell) => cell.html(lead) + &namer.text(cell.after),
        None if text == "-" => "–".to_owned(),
        None => namer.text(text),
    }
}

/// A table without a heading: the name, the value, what the program says of it.
fn values(namer: &mut Namer<'_, '_>, values: &[Value<'_>], html: &mut String) {
    html.push_str("<div class=\"table-wrapper\"><table class=\"values\">\n<tbody>\n");
    let comments = values.iter().any(|value| !value.comment.is_empty());
    for Value { name, value, comment } in values {
        let (name, value) = (heading(namer, "row", name), cell(namer, value, 0));
        let _ = write!(html, "<tr>{name}<td>{value}</td>");
        if comments {
            let _ = write!(html, "<td>{}</td>", namer.text(comment));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table></div>\n");
}
