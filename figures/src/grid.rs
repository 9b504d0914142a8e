//! Quantities of a two-unit cell over five steps: a row for each quantity, a column for each step,
//! a bar and its number for each unit.

use std::fmt::Write;

use super::{Colour, WIDTH, document};

/// One quantity at every step.
pub(crate) struct Row {
    pub(crate) symbol: Symbol,
    pub(crate) colour: Colour,
    /// What the frame around a bar stands for: from `−limit` (or from 0, as gates do) to `limit`.
    pub(crate) limit: f64,
    pub(crate) signed: bool,
    /// For each step, one number for each unit (or a single one).
    pub(crate) values: Vec<Vec<f64>>,
}

/// The picture.
pub(crate) struct Grid<'a> {
    pub(crate) name: &'a str,
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
    pub(crate) rows: &'a [Row],
    /// Do the steps run from right to left?
    pub(crate) backward: bool,
    /// The digit that each step reads.
    pub(crate) digits: [u8; 5],
}

const LEFT: f64 = 58.0;
const COLUMN: f64 = 96.0;
const TOP: f64 = 74.0;
const LINE: f64 = 19.0;
const GAP: f64 = 11.0;
/// Where a bar's frame begins in its column, and how wide it is.
const BAR: (f64, f64) = (55.0, 34.0);

/// A mark over a letter.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Accent {
    Tilde,
    Hat,
    Bar,
}

/// A letter with the subscript t and with marks over it, the innermost first. The marks are drawn:
/// not every font has them as characters that combine with a slanted letter.
#[derive(Clone, Debug)]
pub(crate) struct Symbol {
    pub(crate) letter: &'static str,
    pub(crate) accents: Vec<Accent>,
}

impl Symbol {
    fn draw(&self, svg: &mut String, (x, y): (f64, f64)) {
        let ink = Colour::Ink.css();
        let _ = writeln!(
            svg,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" fill=\"{ink}\">\
             <tspan font-style=\"italic\">{}</tspan>\
             <tspan font-style=\"italic\" dy=\"5\" font-size=\"12\">t</tspan></text>",
            self.letter
        );
        let tall = self.letter.chars().any(|c| c.is_uppercase() || "fh".contains(c));
        let middle = x + if self.letter.chars().any(char::is_uppercase) { 7.0 } else { 5.5 };
        let mut top = y - if tall { 15.0 } else { 12.0 };
        for accent in &self.accents {
            let (left, right) = (middle - 4.5, middle + 4.5);
            let path = match accent {
                Accent::Bar => format!("M{left:.1} {top:.1}L{right:.1} {top:.1}"),
                Accent::Hat => {
                    let (low, high) = (top + 1.0, top - 3.0);
                    format!("M{left:.1} {low:.1}L{middle:.1} {high:.1}L{right:.1} {low:.1}")
                }
                Accent::Tilde => {
                    let (low, high) = (top + 3.0, top - 3.0);
                    format!(
                        "M{left:.1} {:.1}Q{:.1} {high:.1} {middle:.1} {top:.1}T{right:.1} {:.1}",
                        top + 0.5,
                        left + 2.0,
                        low - 3.5,
                    )
                }
            };
            let _ = writeln!(
                svg,
                "<path d=\"{path}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"1.2\"/>"
            );
            top -= 4.5;
        }
    }
}

impl Grid<'_> {
    /// The picture as an SVG document.
    pub(crate) fn draw(&self) -> String {
        let mut svg = String::new();
        let steps = self.rows.iter().map(|row| row.values.len()).max().unwrap_or(0);
        self.header(&mut svg, steps);
        let mut y = TOP;
        for row in self.rows {
            y = self.row(&mut svg, row, y);
        }
        let height = y as u32 + 4;
        document(self.name, (WIDTH, height), self.title, self.description, &svg)
    }

    /// The steps' numbers, with arrows in the direction in which they are computed, and their digits.
    fn header(&self, svg: &mut String, steps: usize) {
        let ink = Colour::Ink.css();
        let _ =
            writeln!(svg, "<text x=\"6\" y=\"53\" font-size=\"14\" fill=\"{ink}\">digit</text>");
        for (step, digit) in (0..steps).zip(self.digits) {
            let x = LEFT + COLUMN * step as f64 + COLUMN / 2.0;
            let _ = writeln!(
                svg,
                "<text x=\"{x:.0}\" y=\"24\" text-anchor=\"middle\" fill=\"{ink}\">\
                 <tspan font-style=\"italic\">t</tspan> = {}</text>\n\
                 <text x=\"{x:.0}\" y=\"54\" text-anchor=\"middle\" font-size=\"20\" font-weight=\"bold\" \
                 fill=\"{ink}\">{digit}</text>",
                step + 1
            );
            if step + 1 == steps {
                continue;
            }
            let middle = x + COLUMN / 2.0;
            let towards = if self.backward { -1.0 } else { 1.0 };
            let (from, to) = (middle - 13.0 * towards, middle + 13.0 * towards);
            let back = to - 7.0 * towards;
            let _ = writeln!(
                svg,
                "<path d=\"M{from:.0} 19L{back:.0} 19\" stroke=\"{ink}\" stroke-width=\"2\"/>\n\
                 <path d=\"M{to:.0} 19L{back:.0} 15L{back:.0} 23Z\" fill=\"{ink}\"/>"
            );
        }
    }

    fn row(&self, svg: &mut String, row: &Row, top: f64) -> f64 {
        let units = row.values.first().map_or(0, Vec::len);
        let faint = Colour::Faint.css();
        let middle = top + LINE * units as f64 / 2.0;
        row.symbol.draw(svg, (6.0, middle + 5.0));
        for unit in 0..units {
            let y = top + LINE * unit as f64;
            if units > 1 {
                let _ = writeln!(
                    svg,
                    "<text x=\"41\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"13\" \
                     fill=\"{faint}\">{}</text>",
                    y + 14.0,
                    unit + 1
                );
            }
            for (step, values) in row.values.iter().enumerate() {
                let x = LEFT + COLUMN * step as f64;
                bar(svg, row, (x, y), values[unit]);
            }
        }
        let bottom = top + LINE * units as f64 + GAP;
        let _ = writeln!(
            svg,
            "<path d=\"M4 {y:.1}L{} {y:.1}\" stroke=\"{faint}\" stroke-width=\"0.5\"/>",
            WIDTH - 4,
            y = bottom - GAP / 2.0
        );
        bottom
    }
}

/// A number, and a bar in a frame. A bar may leave its frame.
fn bar(svg: &mut String, row: &Row, (x, y): (f64, f64), value: f64) {
    let (start, width) = (x + BAR.0, BAR.1);
    let text = format!("{:.3}", value + 0.0).replace('-', "−");
    let zero = if row.signed { start + width / 2.0 } else { start };
    let unit = if row.signed { width / 2.0 } else { width };
    let end = zero + unit * value / row.limit;
    let (left, length) = (zero.min(end), (end - zero).abs());
    let (ink, faint, colour) = (Colour::Ink.css(), Colour::Faint.css(), row.colour.css());
    let _ = writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" font-size=\"14\" fill=\"{ink}\">{text}</text>\n\
         <rect x=\"{start:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"13\" fill=\"none\" \
         stroke=\"{faint}\" stroke-width=\"0.7\"/>\n\
         <rect x=\"{left:.1}\" y=\"{:.1}\" width=\"{length:.1}\" height=\"9\" fill=\"{colour}\"/>\n\
         <path d=\"M{zero:.1} {:.1}L{zero:.1} {:.1}\" stroke=\"{ink}\" stroke-width=\"1.5\"/>",
        x + BAR.0 - 5.0,
        y + 14.5,
        y + 3.0,
        y + 5.0,
        y + 1.0,
        y + 18.0,
    );
}
