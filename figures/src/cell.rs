//! The cell in the book's one picture language: each part has its place, its colour and its shape in
//! every figure, and a chapter lights the parts that it has reached.

use std::fmt::Write;

use super::{Colour, WIDTH, document};

/// Which parts of the cell a chapter has reached; the others are drawn faint.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lit {
    pub(crate) forget: bool,
    pub(crate) input: bool,
    pub(crate) output: bool,
}

/// The figure's size.
const SIZE: (u32, u32) = (WIDTH, 330);

/// Where the gates' columns stand, from left to right: f, i, C̃, o.
const COLUMNS: [i32; 4] = [106, 206, 290, 418];
/// Where the lines begin and end.
const LEFT: i32 = 52;
const RIGHT: i32 = 504;
/// The line of the cell state.
const CELL_Y: i32 = 70;
/// The gates.
const GATE_Y: i32 = 190;
/// The line of [h, x].
const BUS_Y: i32 = 270;
/// Where the operations of i and o stand.
const WRITE_Y: i32 = CELL_Y + 60;
/// What is written meets the cell's line midway between i and the candidate.
const PLUS_X: i32 = (COLUMNS[1] + COLUMNS[2]) / 2;

/// Accents, as paths from their left end on.
const TILDE: &str = "q2 -4 5 -1q3 3 5 -1";
/// Over a part of an adjoint: what came on one way.
const HAT: &str = "l4.5 -4l4.5 4";

/// How large a figure draws the parts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    /// Half the width and half the height of a gate's box, and half the width of the candidate's.
    gate: (i32, i32, i32),
    /// By how much the candidate's corners are cut.
    corner: i32,
    /// The radius of an operation's circle.
    pub(super) circle: i32,
    /// How long an arrow's head is, and half its width.
    head: (i32, i32),
    /// The letters in a gate and in a circle, and all others.
    letters: (i32, i32, i32),
    stroke: i32,
}

impl Size {
    /// For one cell in a figure.
    const ONE: Size = Size {
        gate: (32, 22, 32),
        corner: 12,
        circle: 15,
        head: (9, 5),
        letters: (17, 20, 17),
        stroke: 3,
    };
    /// For several cells in a row.
    pub(super) const ROW: Size = Size {
        gate: (13, 13, 18),
        corner: 6,
        circle: 11,
        head: (7, 4),
        letters: (12, 16, 15),
        stroke: 2,
    };
}

pub(super) struct Drawing {
    pub(super) svg: String,
    pub(super) size: Size,
}

impl Default for Drawing {
    fn default() -> Drawing {
        Drawing { svg: String::new(), size: Size::ONE }
    }
}

/// `f` with the subscript `t`, as SVG text.
pub(super) fn symbol(base: &str, subscript: &str) -> String {
    format!(
        "<tspan font-style=\"italic\">{base}</tspan>\
         <tspan font-style=\"italic\" dy=\"5\" font-size=\"12\">{subscript}</tspan>"
    )
}

impl Drawing {
    fn colour(lit: bool, colour: Colour) -> String {
        if lit { colour } else { Colour::Faint }.css()
    }

    /// How a line is drawn. Faint parts are dashed: colour is never the only sign.
    fn style(&self, lit: bool) -> String {
        match lit {
            true => format!("stroke-width=\"{}\"", self.size.stroke),
            false => "stroke-width=\"1.5\" stroke-dasharray=\"4 4\"".to_owned(),
        }
    }

    /// A line with an arrow head at its end, along x or along y.
    pub(super) fn arrow(
        &mut self,
        (x1, y1): (i32, i32),
        (x2, y2): (i32, i32),
        lit: bool,
        colour: Colour,
    ) {
        let (ink, style) = (Self::colour(lit, colour), self.style(lit));
        let (dx, dy) = ((x2 - x1).signum(), (y2 - y1).signum());
        let (long, wide) = self.size.head;
        let (back_x, back_y) = (x2 - long * dx, y2 - long * dy);
        let _ = writeln!(
            self.svg,
            "<path d=\"M{x1} {y1}L{back_x} {back_y}\" fill=\"none\" stroke=\"{ink}\" {style}/>\n\
             <path d=\"M{x2} {y2}L{} {}L{} {}Z\" fill=\"{ink}\"/>",
            back_x - wide * dy,
            back_y - wide * dx,
            back_x + wide * dy,
            back_y + wide * dx,
        );
    }

    pub(super) fn line(&mut self, path: &str, lit: bool, colour: Colour) {
        let (ink, style) = (Self::colour(lit, colour), self.style(lit));
        let _ = writeln!(self.svg, "<path d=\"{path}\" fill=\"none\" stroke=\"{ink}\" {style}/>");
    }

    /// An operation on the cell's line, in a circle.
    pub(super) fn operation(&mut self, (x, y): (i32, i32), sign: &str, lit: bool, colour: Colour) {
        let (ink, style) = (Self::colour(lit, colour), self.style(lit));
        let _ = writeln!(
            self.svg,
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"{}\" fill=\"{}\" stroke=\"{ink}\" {style}/>\n\
             <text x=\"{x}\" y=\"{}\" text-anchor=\"middle\" font-size=\"{}\" fill=\"{ink}\">{sign}</text>",
            self.size.circle,
            Colour::Paper.css(),
            y + self.size.circle * 2 / 5,
            self.size.letters.1,
        );
    }

    /// A gate: a rounded box with σ. The candidate, with tanh, has cut corners instead.
    pub(super) fn gate(&mut self, (x, y): (i32, i32), function: &str, lit: bool, colour: Colour) {
        let (ink, style) = (Self::colour(lit, colour), self.style(lit));
        let ((box_width, height, hexagon), cut) = (self.size.gate, self.size.corner);
        let shape = if function.starts_with("tanh") {
            let (left, right, top, bottom) = (x - hexagon, x + hexagon, y - height, y + height);
            format!(
                "<path d=\"M{} {top}L{} {top}L{right} {y}L{} {bottom}L{} {bottom}L{left} {y}Z\"",
                left + cut,
                right - cut,
                right - cut,
                left + cut
            )
        } else {
            let (left, top) = (x - box_width, y - height);
            let (width, height) = (2 * box_width, 2 * height);
            let round = cut + 2;
            format!(
                "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"{round}\""
            )
        };
        let _ = writeln!(
            self.svg,
            "{shape} fill=\"{}\" stroke=\"{ink}\" {style}/>",
            Colour::Paper.css()
        );
        let letters = self.size.letters.0;
        self.text((x, y + height / 4 + 1), "middle", (function, letters), lit, colour);
    }

    /// Text. The two states' colours are too light for it, so their names are in ink.
    pub(super) fn label(
        &mut self,
        (x, y): (i32, i32),
        anchor: &str,
        text: &str,
        lit: bool,
        colour: Colour,
    ) {
        self.text((x, y), anchor, (text, self.size.letters.2), lit, colour);
    }

    /// The same in letters of any size.
    fn text(
        &mut self,
        (x, y): (i32, i32),
        anchor: &str,
        (text, letters): (&str, i32),
        lit: bool,
        colour: Colour,
    ) {
        let state = matches!(colour, Colour::Cell | Colour::Hidden);
        let ink = Self::colour(lit, if state { Colour::Ink } else { colour });
        let size = match letters {
            17 => String::new(), // as the document says
            size => format!(" font-size=\"{size}\""),
        };
        let _ = writeln!(
            self.svg,
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\"{size} fill=\"{ink}\">{text}</text>"
        );
    }

    /// The accent over a letter that starts at (x, y): a path, because fonts disagree about where a
    /// combining character goes.
    fn accent(&mut self, (x, y): (i32, i32), path: &str, lit: bool, colour: Colour) {
        let ink = Self::colour(lit, colour);
        let (x, y) = (x + 4, y - 15);
        let _ = writeln!(
            self.svg,
            "<path d=\"M{x} {y}{path}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"1.5\"/>"
        );
    }

    /// The candidate's tilde over a letter that starts at (x, y).
    pub(super) fn tilde(&mut self, place: (i32, i32), colour: Colour) {
        self.accent(place, TILDE, true, colour);
    }

    /// A gate's column: from the bus into the gate, out of it, and its output's symbol.
    fn column(&mut self, column: usize, to_y: i32, symbol: &str, lit: bool, colour: Colour) {
        let x = COLUMNS[column];
        let function = if column == 2 { "tanh" } else { "σ" };
        self.arrow((x, BUS_Y), (x, GATE_Y + 22), lit, Colour::Ink);
        self.arrow((x, GATE_Y - 22), (x, to_y), lit, colour);
        self.gate((x, GATE_Y), function, lit, colour);
        self.label((x + 9, GATE_Y - 30), "start", symbol, lit, colour);
    }
}

/// Draws the cell with some of its parts lit.
pub(crate) fn draw(name: &str, title: &str, description: &str, lit: Lit) -> String {
    draw_parts(name, title, description, lit, lit.input)
}

/// The same, with what is written not yet added to what is kept: the sum and what follows are faint.
pub(crate) fn draw_unsummed(name: &str, title: &str, description: &str, lit: Lit) -> String {
    draw_parts(name, title, description, lit, false)
}

fn draw_parts(name: &str, title: &str, description: &str, lit: Lit, sum: bool) -> String {
    let mut d = Drawing::default();
    draw_line(&mut d, lit, sum);
    draw_bus(&mut d, lit);
    d.column(0, CELL_Y + 15, &symbol("f", "t"), lit.forget, Colour::Forget);
    d.operation((COLUMNS[0], CELL_Y), "⊙", lit.forget, Colour::Forget);
    draw_writing(&mut d, lit);
    d.operation((PLUS_X, CELL_Y), "+", sum, Colour::Cell);
    draw_showing(&mut d, lit);
    document(name, SIZE, title, description, &d.svg)
}

/// The cell's line, from C_{t-1} to C_t.
fn draw_line(d: &mut Drawing, lit: Lit, sum: bool) {
    let f = COLUMNS[0];
    d.arrow((LEFT, CELL_Y), (f - 15, CELL_Y), lit.forget, Colour::Cell);
    d.arrow((f + 15, CELL_Y), (PLUS_X - 15, CELL_Y), lit.forget, Colour::Cell);
    d.arrow((PLUS_X + 15, CELL_Y), (RIGHT, CELL_Y), sum, Colour::Cell);
    d.label((LEFT - 6, CELL_Y + 5), "end", &symbol("C", "t−1"), lit.forget, Colour::Cell);
    d.label((RIGHT + 6, CELL_Y + 5), "start", &symbol("C", "t"), sum, Colour::Cell);
    if lit.forget && !lit.output {
        d.label(((f + PLUS_X) / 2, CELL_Y - 12), "middle", &symbol("K", "t"), true, Colour::Cell);
    }
    if lit.input && !lit.output {
        d.label((PLUS_X + 11, CELL_Y + 38), "start", &symbol("N", "t"), true, Colour::Input);
    }
}

/// [h, x] reaches every gate.
fn draw_bus(d: &mut Drawing, lit: Lit) {
    let [f, _, candidate, o] = COLUMNS;
    let reached = if lit.output {
        o
    } else if lit.input {
        candidate
    } else {
        f
    };
    d.line(&format!("M{LEFT} {BUS_Y}L{reached} {BUS_Y}"), true, Colour::Ink);
    if reached < o {
        d.line(&format!("M{reached} {BUS_Y}L{o} {BUS_Y}"), false, Colour::Ink);
    }
    let inputs = "[<tspan font-style=\"italic\">h</tspan><tspan font-style=\"italic\" dy=\"5\" font-size=\"12\">t−1</tspan>\
         <tspan dy=\"-5\">, </tspan><tspan font-style=\"italic\">x</tspan>\
         <tspan font-style=\"italic\" dy=\"5\" font-size=\"12\">t</tspan><tspan dy=\"-5\">]</tspan>";
    d.label((LEFT - 6, BUS_Y + 30), "start", inputs, true, Colour::Ink);
}

/// i and C̃ meet before they reach the line.
fn draw_writing(d: &mut Drawing, lit: Lit) {
    let [_, i, candidate, _] = COLUMNS;
    d.column(1, WRITE_Y + 15, &symbol("i", "t"), lit.input, Colour::Input);
    d.column(2, WRITE_Y + 15, &symbol("C", "t"), lit.input, Colour::Candidate);
    d.accent((candidate + 9, GATE_Y - 30), TILDE, lit.input, Colour::Candidate);
    d.line(
        &format!("M{i} {}L{i} {WRITE_Y}L{} {WRITE_Y}", WRITE_Y + 15, PLUS_X - 15),
        lit.input,
        Colour::Input,
    );
    d.line(
        &format!("M{candidate} {}L{candidate} {WRITE_Y}L{} {WRITE_Y}", WRITE_Y + 15, PLUS_X + 15),
        lit.input,
        Colour::Candidate,
    );
    d.arrow((PLUS_X, WRITE_Y - 15), (PLUS_X, CELL_Y + 15), lit.input, Colour::Input);
    d.operation((PLUS_X, WRITE_Y), "⊙", lit.input, Colour::Input);
}

/// o shows a part of tanh(C).
fn draw_showing(d: &mut Drawing, lit: Lit) {
    let o = COLUMNS[3];
    d.arrow((o, CELL_Y), (o, WRITE_Y - 15), lit.output, Colour::Cell);
    d.label((o + 9, CELL_Y + 30), "start", "tanh", lit.output, Colour::Cell);
    d.column(3, WRITE_Y + 15, &symbol("o", "t"), lit.output, Colour::Output);
    d.arrow((o + 15, WRITE_Y), (RIGHT, WRITE_Y), lit.output, Colour::Hidden);
    d.operation((o, WRITE_Y), "⊙", lit.output, Colour::Output);
    d.label((RIGHT + 6, WRITE_Y + 5), "start", &symbol("h", "t"), lit.output, Colour::Hidden);
}

/// The line of the cell state over three steps: forward above, the adjoint's way back below. The
/// same f multiplies both; the sum is on the way forward only.
pub(crate) fn draw_highway(name: &str, title: &str, description: &str) -> String {
    const STEP: i32 = 152;
    let mut d = Drawing::default();
    let (forward, back, middle) = (60, 210, 135);
    let state = |t: i32| symbol("C", &t.to_string());
    let at = |t: i32| 42 + STEP * t; // where C_t stands
    let name_both = |d: &mut Drawing, x: i32, t: i32| {
        d.label((x, forward + 5), "start", &state(t), true, Colour::Cell);
        d.label((x, back + 5), "start", &state(t), true, Colour::Cell);
        d.accent((x, back + 5), HAT, true, Colour::Ink);
    };
    name_both(&mut d, at(0) - 20, 0);
    for t in 1..=3 {
        let from = if t == 1 { at(0) + 8 } else { at(t - 1) + 26 };
        let (f, plus, to) = (at(t - 1) + 60, at(t - 1) + 108, at(t) - 4);
        d.arrow((from, forward), (f - 15, forward), true, Colour::Cell);
        d.arrow((f + 15, forward), (plus - 15, forward), true, Colour::Cell);
        d.arrow((plus + 15, forward), (to, forward), true, Colour::Cell);
        name_both(&mut d, to + 4, t);

        d.arrow((f, middle - 16), (f, forward + 15), true, Colour::Forget);
        d.arrow((f, middle + 12), (f, back - 15), true, Colour::Forget);
        d.label((f, middle), "middle", &symbol("f", &t.to_string()), true, Colour::Forget);
        d.operation((f, forward), "⊙", true, Colour::Forget);
        d.arrow((plus, middle - 16), (plus, forward + 15), true, Colour::Input);
        d.label((plus, middle), "middle", &symbol("N", &t.to_string()), true, Colour::Input);
        d.operation((plus, forward), "+", true, Colour::Cell);

        d.arrow((to, back), (f + 15, back), true, Colour::Cell);
        d.arrow((f - 15, back), (from, back), true, Colour::Cell);
        d.operation((f, back), "⊙", true, Colour::Forget);
    }
    document(name, (WIDTH, 260), title, description, &d.svg)
}
