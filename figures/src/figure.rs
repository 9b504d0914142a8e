//! What every figure is made with: the colours, the width, the document.

pub(crate) use press::typeset::FIGURE_WIDTH as WIDTH;

/// One figure.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// Its file's name, which starts with its chapter: `ch05-forget-gate`.
    pub name: &'static str,
    /// Draws it.
    pub draw: fn() -> String,
}

/// The colours of the picture language: a CSS variable that the page's theme sets
/// (`book/theme/css/variables.css`), and the light theme's value for an image viewer that knows none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colour {
    Forget,
    Input,
    Candidate,
    Output,
    Cell,
    Hidden,
    Ink,
    Faint,
    Paper,
}

impl Colour {
    pub(crate) const ALL: [Colour; 9] = [
        Colour::Forget,
        Colour::Input,
        Colour::Candidate,
        Colour::Output,
        Colour::Cell,
        Colour::Hidden,
        Colour::Ink,
        Colour::Faint,
        Colour::Paper,
    ];

    /// Red, green and blue of the light theme.
    pub(crate) const fn rgb(self) -> (u8, u8, u8) {
        match self {
            Colour::Forget => (0xBD, 0x29, 0x0A),
            Colour::Input => (0x20, 0x6E, 0x48),
            Colour::Candidate => (0x3C, 0x73, 0xC8),
            Colour::Output => (0x95, 0x53, 0x8D),
            Colour::Cell => (0xC9, 0x80, 0x08),
            Colour::Hidden => (0x02, 0x9B, 0xBE),
            Colour::Ink => (0x1F, 0x23, 0x28),
            Colour::Faint => (0x5B, 0x5F, 0x66),
            Colour::Paper => (0xFD, 0xFC, 0xFA),
        }
    }

    const fn variable(self) -> &'static str {
        match self {
            Colour::Forget => "--gate-forget",
            Colour::Input => "--gate-input",
            Colour::Candidate => "--gate-candidate",
            Colour::Output => "--gate-output",
            Colour::Cell => "--cell-state",
            Colour::Hidden => "--hidden-state",
            Colour::Ink => "--figure-ink",
            Colour::Faint => "--figure-faint",
            Colour::Paper => "--figure-paper",
        }
    }

    pub(crate) fn hex(self) -> String {
        let (r, g, b) = self.rgb();
        format!("#{r:02X}{g:02X}{b:02X}")
    }

    /// The colour in an attribute: `var(--gate-forget, #BD290A)`.
    pub(crate) fn css(self) -> String {
        format!("var({}, {})", self.variable(), self.hex())
    }
}

/// An SVG document of the book: `name` makes its ids unique, `title` names it, `description` says
/// what it shows to someone who cannot see it.
pub(crate) fn document(
    name: &str,
    (width, height): (u32, u32),
    title: &str,
    description: &str,
    body: &str,
) -> String {
    let paper = Colour::Paper.css();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-labelledby=\"{name}-title {name}-description\" \
         font-family=\"'STIX Two Math', 'STIX Two Text', serif\" font-size=\"17\">\n\
         <title id=\"{name}-title\">{title}</title>\n\
         <desc id=\"{name}-description\">{description}</desc>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"{paper}\"/>\n{}\n</svg>\n",
        body.trim()
    )
}
