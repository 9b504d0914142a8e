//! Code, line by line: an edition gives each line an element of its own, for on paper and on a small device a
//! long line goes on in the next one.

use press::mathml::escaped;
use scraper::{ElementRef, Node};

/// A line of code.
#[derive(Debug, Default, PartialEq)]
pub struct Line {
    /// Its text, its end included, with the marks around its words: each is closed at the end of the line.
    pub html: String,
    /// How many spaces it begins with.
    pub indent: usize,
}

/// The lines of `code`, with those `span`s of which `kept` knows the class.
pub fn lines(code: ElementRef<'_>, kept: impl Fn(&str) -> bool) -> Vec<Line> {
    let mut writer = Writer { kept, open: Vec::new(), line: None, done: Vec::new() };
    writer.children(code);
    writer.end();
    writer.done
}

struct Writer<F> {
    kept: F,
    /// The classes of the marks that are open, from line to line.
    open: Vec<String>,
    /// The line that is being written, and whether text stands in it.
    line: Option<(Line, bool)>,
    done: Vec<Line>,
}

impl<F: Fn(&str) -> bool> Writer<F> {
    fn children(&mut self, element: ElementRef<'_>) {
        for child in element.children() {
            if let Node::Text(text) = child.value() {
                text.split_inclusive('\n').for_each(|text| self.text(text));
            } else if let Some(child) = ElementRef::wrap(child) {
                match child.attr("class").filter(|class| (self.kept)(class)) {
                    Some(class) => self.mark(class, child),
                    None => self.children(child),
                }
            }
        }
    }

    fn mark(&mut self, class: &str, element: ElementRef<'_>) {
        self.line().0.html.push_str(&start(class));
        self.open.push(class.to_owned());
        self.children(element);
        self.open.pop();
        // If the line has ended, so has the mark.
        if let Some((line, _)) = &mut self.line {
            line.html.push_str("</span>");
        }
    }

    fn text(&mut self, text: &str) {
        let (line, begun) = self.line();
        if !*begun {
            line.indent = text.len() - text.trim_start_matches(' ').len();
            *begun = true;
        }
        line.html.push_str(&escaped(text));
        if text.ends_with('\n') {
            self.end();
        }
    }

    /// The line that is being written; a new one has the marks that are still open.
    fn line(&mut self) -> &mut (Line, bool) {
        let html = || self.open.iter().map(|class| start(class)).collect();
        self.line.get_or_insert_with(|| (Line { html: html(), indent: 0 }, false))
    }

    fn end(&mut self) {
        if let Some((mut line, _)) = self.line.take() {
            line.html.push_str(&"</span>".repeat(self.open.len()));
            self.done.push(line);
        }
    }
}

fn start(class: &str) -> String {
    format!("<span class=\"{class}\">")
}

#[cfg(test)]
mod tests {
    use scraper::Html;

    use super::*;

    #[test]
    fn marks_end_with_each_line_and_begin_again() {
        let code = Html::parse_fragment(
            "<code><span class=hl-comment>/* a\n  &lt; */</span> <span class=hl-type>fn</span>\n\n    b</code>",
        );
        let line = |html: &str, indent| Line { html: html.to_owned(), indent };
        assert_eq!(
            lines(code.root_element(), |class| class == "hl-comment"),
            [
                line("<span class=\"hl-comment\">/* a\n</span>", 0),
                line("<span class=\"hl-comment\">  &lt; */</span> fn\n", 2),
                line("\n", 0),
                line("    b", 4),
            ]
        );
    }
}
