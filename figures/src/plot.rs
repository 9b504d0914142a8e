//! Curves from runs, drawn with plotters.

use std::ops::Range;

use plotters::prelude::*;

use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::{Colour, WIDTH, document};

/// One curve with its name beside it.
pub(crate) struct Curve {
    pub(crate) label: String,
    pub(crate) colour: Colour,
    /// (x, y), from left to right.
    pub(crate) points: Vec<(f64, f64)>,
    /// The point that the label stands beside, to its upper right.
    pub(crate) label_at: usize,
}

/// For descriptions: what a curve says where.
impl Curve {
    /// Its value at the point nearest to `x`.
    pub(crate) fn at(&self, x: f64) -> f64 {
        let nearest =
            |a: &&(f64, f64), b: &&(f64, f64)| (a.0 - x).abs().total_cmp(&(b.0 - x).abs());
        self.points.iter().min_by(nearest).map_or(f64::NAN, |point| point.1)
    }

    /// Its value at the last point.
    pub(crate) fn end(&self) -> f64 {
        self.points.last().map_or(f64::NAN, |point| point.1)
    }

    /// Its lowest point.
    pub(crate) fn lowest(&self) -> (f64, f64) {
        let lower = |a: &&(f64, f64), b: &&(f64, f64)| a.1.total_cmp(&b.1);
        self.points.iter().min_by(lower).copied().unwrap_or((f64::NAN, f64::NAN))
    }
}

/// A plot with named axes.
pub(crate) struct Plot<'a> {
    pub(crate) name: &'a str,
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
    pub(crate) x: (&'a str, f64),
    pub(crate) y: (&'a str, f64),
    pub(crate) curves: &'a [Curve],
}

/// How a place on an axis is written: [`plain`], [`decimal`] or [`power_of_ten`].
pub(crate) type Written = fn(f64) -> String;

/// Axes that do not begin at zero, or that count powers of ten.
#[derive(Clone, Debug)]
pub(crate) struct Axes {
    pub(crate) x: Range<f64>,
    pub(crate) y: Range<f64>,
    pub(crate) labels: (Written, Written),
    /// How many places are marked, about.
    pub(crate) marks: (usize, usize),
}

/// A whole number.
pub(crate) fn plain(value: f64) -> String {
    format!("{value:.0}").replace('-', "−")
}

/// One decimal.
pub(crate) fn decimal(value: f64) -> String {
    format!("{value:.1}").replace('-', "−")
}

/// 10⁻³ for −3: the axis holds the logarithm.
pub(crate) fn power_of_ten(exponent: f64) -> String {
    let digits = format!("{exponent:.0}");
    let raised = digits.chars().map(|c| match c {
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '0'..='9' => char::from_u32('⁰' as u32 + c as u32 - '0' as u32).unwrap_or(c),
        _ => '⁻',
    });
    format!("10{}", raised.collect::<String>())
}

/// Plotters rounds to whole units, so it draws four times as large as the figure is shown.
const SCALE: u32 = 4;
const SIZE: (u32, u32) = (WIDTH * SCALE, 360 * SCALE);
/// The width of a floor's line.
const FLOOR: u32 = 2 * SCALE;
/// The width of a curve's line.
const STROKE: u32 = 3 * SCALE;
/// The first curve is solid, the others are broken in ways of their own: colour is never the only sign.
pub(crate) const DASHES: [&str; 6] = ["", "12 5", "3 4", "14 4 3 4", "22 6", "8 3 3 3 3 3"];

fn rgb(colour: Colour) -> RGBColor {
    let (r, g, b) = colour.rgb();
    RGBColor(r, g, b)
}

impl Plot<'_> {
    /// The plot as an SVG document, its axes from zero.
    pub(crate) fn draw(&self) -> String {
        self.draw_on(&Axes {
            x: 0.0..self.x.1,
            y: 0.0..self.y.1,
            labels: (plain, decimal),
            marks: (6, 6),
        })
    }

    /// The plot with powers of ten on its y axis, the lowest of them `10^y_start`; `y` and the curves
    /// are given as logarithms to the base ten. Choose the ends so that there is a line at every whole
    /// power, or at every second, fifth or tenth.
    pub(crate) fn draw_log(&self, y_start: f64) -> String {
        self.draw_on(&Axes {
            x: 0.0..self.x.1,
            y: y_start..self.y.1,
            labels: (plain, power_of_ten),
            marks: (6, 6),
        })
    }

    /// The plot as [`Plot::draw`] draws it, with the line that guessing, or a trivial answer, reaches.
    pub(crate) fn draw_above(&self, floor: (&str, f64)) -> String {
        let axes =
            Axes { x: 0.0..self.x.1, y: 0.0..self.y.1, labels: (plain, decimal), marks: (6, 6) };
        self.draw_on_above(&axes, Some(floor))
    }

    /// The plot on other axes.
    pub(crate) fn draw_on(&self, axes: &Axes) -> String {
        self.draw_on_above(axes, None)
    }

    /// The plot on other axes, with a floor.
    pub(crate) fn draw_on_above(&self, axes: &Axes, floor: Option<(&str, f64)>) -> String {
        let mut svg = String::new();
        // Drawing into a string cannot fail; were it to, the snapshot test would show the gap.
        let _ = self.draw_into(axes, floor, &mut svg);
        let body = svg.split_once('>').map_or("", |(_, rest)| rest).replace("</svg>", "");
        let body = Colour::ALL.iter().fold(body, |body, colour| {
            body.replace(&format!("\"{}\"", colour.hex()), &format!("\"{}\"", colour.css()))
        });
        let body = body.replace(" opacity=\"1\"", "").replace("font-family=\"serif\" ", "");
        let body = dashed(&body);
        document(self.name, SIZE, self.title, self.description, &body)
    }

    fn draw_into(
        &self,
        axes: &Axes,
        floor: Option<(&str, f64)>,
        svg: &mut String,
    ) -> Result<(), Box<dyn std::error::Error>> {
        let root = SVGBackend::with_string(svg, SIZE).into_drawing_area();
        let mut chart = ChartBuilder::on(&root)
            .margin(10 * SCALE)
            .margin_right(78 * SCALE)
            .x_label_area_size(52 * SCALE)
            .y_label_area_size(66 * SCALE)
            .build_cartesian_2d(axes.x.clone(), axes.y.clone())?;
        let text = ("serif", 21 * SCALE).into_font().color(&rgb(Colour::Ink));
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(rgb(Colour::Faint).mix(0.35).stroke_width(SCALE))
            .axis_style(rgb(Colour::Ink).stroke_width(SCALE))
            .label_style(text.clone())
            .axis_desc_style(text.clone())
            .x_labels(axes.marks.0)
            .y_labels(axes.marks.1)
            .x_label_formatter(&|x| (axes.labels.0)(*x))
            .y_label_formatter(&|y| (axes.labels.1)(*y))
            .x_desc(self.x.0)
            .y_desc(self.y.0)
            .draw()?;
        if let Some((label, y)) = floor {
            let style = rgb(Colour::Ink).stroke_width(FLOOR);
            let ends = [(axes.x.start, y), (axes.x.end, y)];
            chart.draw_series(LineSeries::new(ends, style))?;
            let (x, y) = chart.backend_coord(&ends[1]);
            let corner = Pos::new(HPos::Right, VPos::Bottom);
            let place = (x - 4 * SCALE as i32, y - 2 * SCALE as i32);
            root.draw(&Text::new(label, place, text.clone().pos(corner)))?;
        }
        for curve in self.curves {
            let style = rgb(curve.colour).stroke_width(STROKE);
            chart.draw_series(LineSeries::new(curve.points.iter().copied(), style))?;
            let Some(&place) = curve.points.get(curve.label_at) else { continue };
            let (x, y) = chart.backend_coord(&place);
            root.draw(&Text::new(
                curve.label.clone(),
                (x + 8 * SCALE as i32, y - 21 * SCALE as i32),
                text.clone(),
            ))?;
        }
        root.present()?;
        Ok(())
    }
}

/// Breaks the lines of the curves, each in its own way, and that of the floor into dots.
fn dashed(body: &str) -> String {
    let scaled = |dashes: &str| -> String {
        let lengths = dashes.split(' ').filter_map(|length| length.parse::<u32>().ok());
        lengths.map(|length| (length * SCALE).to_string()).collect::<Vec<_>>().join(" ")
    };
    let mut dashes = DASHES.iter().cycle();
    let lines = body.lines().map(|line| {
        let is = |width: u32| line.contains(&format!("stroke-width=\"{width}\""));
        // A curve of a single point only carries a label.
        if !line.starts_with("<polyline") || line.matches(',').count() < 2 {
            return line.to_owned();
        }
        let dash = match () {
            () if is(STROKE) => dashes.next().copied().unwrap_or_default(),
            () if is(FLOOR) => "2 5",
            () => "",
        };
        match dash {
            "" => line.to_owned(),
            dash => line.replacen(
                " points",
                &format!(" stroke-dasharray=\"{}\" points", scaled(dash)),
                1,
            ),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_curves_look_alike_without_colour() {
        let curve = |y| Curve {
            label: String::new(),
            colour: Colour::Ink,
            points: vec![(0.0, y), (1.0, y)],
            label_at: 0,
        };
        let curves: Vec<Curve> = DASHES.iter().map(|_| curve(0.5)).collect();
        let (name, title, description) = ("a", "b", "c");
        let plot = Plot { name, title, description, x: ("", 1.0), y: ("", 1.0), curves: &curves };
        let svg = plot.draw_above(("floor", 0.2));
        let lines: Vec<&str> = svg.lines().filter(|line| line.contains("\"12\"")).collect();
        let dash = |line: &str| {
            line.split("dasharray=\"").nth(1).map(|d| d.split('"').next().map(str::to_owned))
        };
        let seen: std::collections::BTreeSet<_> = lines.iter().map(|line| dash(line)).collect();
        assert_eq!((lines.len(), seen.len()), (DASHES.len(), DASHES.len()), "{svg}");
        assert!(svg.contains("stroke-dasharray=\"8 20\"") && svg.contains("floor"), "{svg}");
    }

    #[test]
    fn places_on_an_axis_are_written_as_a_reader_writes_them() {
        assert_eq!([-12.0, 0.0, 3.0].map(power_of_ten), ["10⁻¹²", "10⁰", "10³"]);
        assert_eq!((plain(-6.0), decimal(-0.5)), ("−6".to_owned(), "−0.5".to_owned()));
    }
}
