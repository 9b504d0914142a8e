//! Numbers as readers read them, and columns of them, aligned at their points.

use crate::mathml::escaped;
use crate::project::parse_number;

/// As wide as a digit.
const FIGURE_SPACE: char = '\u{2007}';

/// A printed number as HTML: `4.5e-1` as 4.5 × 10<sup>−1</sup>, with real minus signs.
pub(crate) fn number(text: &str) -> String {
    let text = text.replace('-', "−");
    match text.split_once('e') {
        None => text,
        Some((mantissa, "0")) => mantissa.to_owned(),
        Some((mantissa, exponent)) => {
            let power = format!("10<sup>{exponent}</sup>");
            match mantissa {
                "1" => power,
                "−1" => format!("−{power}"),
                _ => format!("{mantissa}\u{a0}×\u{a0}{power}"),
            }
        }
    }
}

/// A cell that begins with a number: what stands before it (`<`), the number, what follows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cell<'a> {
    before: &'a str,
    number: &'a str,
    pub after: &'a str,
}

impl<'a> Cell<'a> {
    pub(super) fn parse(text: &'a str) -> Option<Cell<'a>> {
        let rest = text.trim_start_matches(['<', '>', '~', ' ']);
        let before = text[..text.len() - rest.len()].trim();
        let (number, after) = rest.split_at(rest.find(' ').unwrap_or(rest.len()));
        parse_number(number)?;
        Some(Cell { before, number, after })
    }

    /// How many characters stand before the point, in what is shown.
    fn lead(&self) -> usize {
        let mantissa = match self.number.split_once('e') {
            Some(("1", exponent)) if exponent != "0" => "10",
            Some((mantissa, _)) => mantissa,
            None => self.number,
        };
        let whole = mantissa.split_once('.').map_or(mantissa, |(whole, _)| whole);
        self.before.chars().count() + whole.chars().count()
    }

    /// The number as HTML, as far to the right as a column with `lead` characters before its points wants it.
    pub(super) fn html(&self, lead: usize) -> String {
        let pad = std::iter::repeat_n(FIGURE_SPACE, lead.saturating_sub(self.lead()));
        let before = escaped(self.before);
        pad.collect::<String>() + &before + &number(self.number)
    }
}

/// For each column of a table, how many characters stand before the points of its numbers.
pub(super) fn leads(rows: &[Vec<&str>]) -> Vec<usize> {
    let mut leads = Vec::new();
    for row in rows {
        leads.resize(leads.len().max(row.len()), 0);
        for (lead, cell) in leads.iter_mut().zip(row) {
            *lead = Cell::parse(cell).map_or(0, |cell| cell.lead()).max(*lead);
        }
    }
    leads
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_in_print() {
        for (printed, expected) in [
            ("0.9933", "0.9933"),
            ("-0.25", "−0.25"),
            ("4.5e-1", "4.5\u{a0}×\u{a0}10<sup>−1</sup>"),
            ("1e-8", "10<sup>−8</sup>"),
            ("-1e6", "−10<sup>6</sup>"),
            ("1.3e0", "1.3"),
            ("0e0", "0"),
        ] {
            assert_eq!(number(printed), expected);
        }
    }

    #[test]
    fn the_points_of_a_column_stand_under_each_other() {
        let column = ["0.5", "-12.25", "7", "< 1e-9", "1.00 (0.9 to 1.1)", "never"];
        let rows: Vec<Vec<&str>> = column.iter().map(|cell| vec![*cell]).collect();
        assert_eq!(leads(&rows), [3]);
        let shown = column.map(|cell| Cell::parse(cell).map(|cell| cell.html(3)));
        let expected =
            ["\u{2007}\u{2007}0.5", "−12.25", "\u{2007}\u{2007}7", "&lt;10<sup>−9</sup>"];
        assert_eq!(shown[..4], expected.map(|html| Some(html.to_owned())));
        assert_eq!(shown[4].as_deref(), Some("\u{2007}\u{2007}1.00"));
        assert_eq!(Cell::parse(column[4]).map(|cell| cell.after), Some(" (0.9 to 1.1)"));
        assert_eq!(shown[5], None);
    }
}
