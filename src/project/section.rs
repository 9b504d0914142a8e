//! The parts of a section that a program printed: tables, named values, sentences.

/// A section of an output, taken apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Section<'a> {
    /// What stands behind `# name:`.
    pub title: &'a str,
    /// The rest, in order.
    pub parts: Vec<Part<'a>>,
}

/// What stands together in a section.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part<'a> {
    /// The names of the columns, and the rows, each with its name first.
    Table {
        /// The first line.
        header: Vec<&'a str>,
        /// The others.
        rows: Vec<Vec<&'a str>>,
    },
    /// Lines such as `half_life = 2.21  steps`.
    Values(Vec<Value<'a>>),
    /// Lines of words.
    Text(Vec<&'a str>),
}

/// A line such as `half_life = 2.21  steps`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Value<'a> {
    pub name: &'a str,
    pub value: &'a str,
    /// What stands two spaces behind the value; may be empty.
    pub comment: &'a str,
}

/// A line's cells: between ` | `.
pub(super) fn cells(line: &str) -> Vec<&str> {
    line.split(" | ").map(str::trim).collect()
}

impl<'a> Section<'a> {
    /// Takes a section's text apart, its heading included.
    pub(crate) fn parse(text: &'a str) -> Section<'a> {
        let mut lines = text.lines();
        let heading = lines.next().unwrap_or_default();
        let title = heading.split_once(':').map_or("", |(_, title)| title.trim());
        let mut section = Section { title, parts: Vec::new() };
        // An empty line, or one of another kind, ends a part.
        let mut goes_on = false;
        for line in lines {
            goes_on = section.line(line, goes_on);
        }
        section
    }

    /// Is there anything in it but sentences?
    pub(crate) fn has_names(&self) -> bool {
        self.parts.iter().any(|part| !matches!(part, Part::Text(_)))
    }

    /// Takes in a line; says whether the next one can belong to the same part.
    fn line(&mut self, line: &'a str, goes_on: bool) -> bool {
        if line.trim().is_empty() {
            return false;
        }
        let cells = cells(line);
        let last = if goes_on { self.parts.last_mut() } else { None };
        match (value(line), last) {
            _ if cells.len() > 1 => match last_table(&mut self.parts, goes_on) {
                Some(rows) => rows.push(cells),
                None => self.parts.push(Part::Table { header: cells, rows: Vec::new() }),
            },
            (Some(value), Some(Part::Values(values))) => values.push(value),
            (Some(value), _) => self.parts.push(Part::Values(vec![value])),
            (None, Some(Part::Text(lines))) => lines.push(line.trim_end()),
            (None, _) => self.parts.push(Part::Text(vec![line.trim_end()])),
        }
        true
    }
}

fn last_table<'s, 'a>(
    parts: &'s mut [Part<'a>],
    goes_on: bool,
) -> Option<&'s mut Vec<Vec<&'a str>>> {
    match parts.last_mut() {
        Some(Part::Table { rows, .. }) if goes_on => Some(rows),
        _ => None,
    }
}

fn value(line: &str) -> Option<Value<'_>> {
    let (name, rest) = line.split_once(" = ")?;
    let name = name.trim();
    if name.contains(char::is_whitespace) {
        return None;
    }
    let rest = rest.trim();
    let (value, comment) = rest.split_once("  ").unwrap_or((rest, ""));
    Some(Value { name, value, comment: comment.trim() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_has_tables_values_and_sentences() {
        let text = "# fade: of h: k steps\nradius  | k=1 | k=5\nrho=0.5 | 4.5e-1 |  -\n\
                    smallest = 0.44  for k=50\nlargest  = 7\nreads f = 1 here\n\nt | f = 1\n1 | 2";
        let section = Section::parse(text);
        assert_eq!(section.title, "of h: k steps");
        let value = |name, value, comment| Value { name, value, comment };
        let table = |header: &[&'static str], row: &[&'static str]| Part::Table {
            header: header.to_vec(),
            rows: vec![row.to_vec()],
        };
        assert_eq!(
            section.parts,
            [
                table(&["radius", "k=1", "k=5"], &["rho=0.5", "4.5e-1", "-"]),
                Part::Values(vec![
                    value("smallest", "0.44", "for k=50"),
                    value("largest", "7", "")
                ]),
                Part::Text(vec!["reads f = 1 here"]),
                table(&["t", "f = 1"], &["1", "2"]),
            ]
        );
        assert!(section.has_names());
        assert!(!Section::parse("# meaning: in a sentence\nIt is f = 1.").has_names());
    }
}
