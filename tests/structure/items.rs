//! What a file of Rust declares, and the paths that it names.

use std::collections::BTreeSet;

use crate::tokens::Token;

/// A path that a file names, seen from the module that the file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// `["super", "b", "B"]`; `["b", "*"]` for all that is in `b`.
    pub(crate) path: Vec<String>,
    /// What the module calls it, if it stands in a `use` of the module itself.
    pub(crate) alias: Option<String>,
    /// Whether a `pub use` only hands it on to others: the module itself has no use for it.
    pub(crate) only_handed_on: bool,
    pub(crate) line: usize,
}

/// A module that has a file of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Declared {
    pub(crate) name: String,
    /// What `#[path = "…"]` says.
    pub(crate) path: Option<String>,
}

/// What stands in a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Items {
    pub(crate) modules: Vec<Declared>,
    /// Names of functions, types, constants …
    pub(crate) defined: BTreeSet<String>,
    pub(crate) named: Vec<Named>,
}

/// Words before the name of what they define.
const DEFINERS: [&str; 8] = ["const", "enum", "fn", "static", "struct", "trait", "type", "union"];

/// Reads a file.
pub(crate) fn items(tokens: &[Token<'_>]) -> Items {
    let mut reader = Reader { tokens, ..Reader::default() };
    while reader.at < tokens.len() {
        reader.step();
    }
    let Reader { mut items, words, .. } = reader;
    for named in &mut items.named {
        let used = named.alias.as_ref().is_some_and(|alias| words.contains(alias.as_str()));
        named.only_handed_on &= !used;
    }
    items
}

#[derive(Default)]
struct Reader<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    /// Open braces.
    depth: usize,
    /// The depth of each module around that stands in the file itself, such as `mod tests { … }`.
    inline: Vec<usize>,
    /// Whether the `use` that is being read begins with `pub`.
    is_public: bool,
    /// All words outside of `use`.
    words: BTreeSet<&'a str>,
    items: Items,
}

impl<'a> Reader<'a> {
    fn text(&self, ahead: usize) -> &'a str {
        self.tokens.get(self.at + ahead).map_or("", |token| token.text)
    }

    fn is_word(&self, ahead: usize) -> bool {
        self.tokens.get(self.at + ahead).is_some_and(|token| token.is_word)
    }

    /// `::`, two tokens.
    fn is_joint(&self, ahead: usize) -> bool {
        self.text(ahead) == ":" && self.text(ahead + 1) == ":"
    }

    fn step(&mut self) {
        let text = self.text(0);
        if self.is_word(0) && text != "use" {
            self.words.insert(text);
        }
        match text {
            "{" => self.depth += 1,
            "}" => {
                self.depth = self.depth.saturating_sub(1);
                self.inline.pop_if(|depth| *depth == self.depth);
            }
            "use" => return self.import(),
            "mod" if self.is_word(1) => return self.module(),
            "macro_rules" if self.depth == 0 => {
                self.items.defined.insert(self.text(2).to_owned());
            }
            _ if self.depth == 0 && DEFINERS.contains(&text) && self.is_word(1) => {
                self.items.defined.insert(self.text(1).to_owned());
            }
            _ if self.is_word(0) && self.is_joint(1) => return self.path(),
            _ => {}
        }
        self.at += 1;
    }

    fn module(&mut self) {
        let name = self.text(1).to_owned();
        match self.text(2) {
            "{" => {
                self.inline.push(self.depth);
                self.depth += 1;
            }
            _ if self.inline.is_empty() => {
                let path = self.path_attribute();
                self.items.modules.push(Declared { name, path });
            }
            _ => {}
        }
        self.at += 3;
    }

    /// The string of `#[path = "…"]` before a `mod`.
    fn path_attribute(&self) -> Option<String> {
        let before = &self.tokens[..self.at];
        let [.., path, equals, literal, close] = before else { return None };
        let is_path = (path.text, equals.text, close.text) == ("path", "=", "]");
        is_path.then(|| literal.text.trim_matches('"').to_owned())
    }

    /// A path outside of `use`. Only the modules that it leads through matter, so it may end early.
    fn path(&mut self) {
        let line = self.tokens[self.at].line;
        let continues =
            self.at.checked_sub(1).is_some_and(|before| self.tokens[before].text == ":");
        let mut path = vec![self.text(0).to_owned()];
        self.at += 1;
        while self.is_joint(0) && self.is_word(2) {
            self.words.insert(self.text(2));
            path.push(self.text(2).to_owned());
            self.at += 3;
        }
        // `::std::…`, or the end of `<A as B>::c::…`
        if !continues || self.is_type_ascription(path.len()) {
            self.name(path, None, line);
        }
    }

    /// `a: crate::b::B`: the colon before the path is a single one.
    fn is_type_ascription(&self, length: usize) -> bool {
        let start = self.at - (3 * length - 2);
        start < 2 || self.tokens[start - 2].text != ":"
    }

    /// `use crate::{a::{self, B as C}, d::*};`
    fn import(&mut self) {
        let before = self.at.checked_sub(1).map_or("", |before| self.tokens[before].text);
        self.is_public = matches!(before, "pub" | ")");
        self.at += 1;
        self.tree(&mut Vec::new());
        self.is_public = false;
    }

    fn tree(&mut self, before: &mut Vec<String>) {
        let depth = before.len();
        loop {
            let line = self.tokens.get(self.at).map_or(0, |token| token.line);
            match self.text(0) {
                "{" => {
                    self.at += 1;
                    while !matches!(self.text(0), "}" | "") {
                        self.tree(before);
                        self.at += usize::from(self.text(0) == ",");
                    }
                    self.at += 1;
                    break;
                }
                ":" => self.at += 1,
                "" | ";" | "," | "}" => break,
                segment => {
                    self.at += 1;
                    before.push(segment.to_owned());
                    if !self.is_joint(0) {
                        self.leaf(before, line);
                        break;
                    }
                }
            }
        }
        before.truncate(depth);
    }

    /// The end of a path in a `use`, with the name that it gets.
    fn leaf(&mut self, path: &[String], line: usize) {
        let mut path = path.to_vec();
        if path.len() > 1 {
            path.pop_if(|last| last == "self");
        }
        let mut alias = path.last().cloned().unwrap_or_default();
        if self.text(0) == "as" {
            alias = self.text(1).to_owned();
            self.at += 2;
        }
        let of_the_module = self.depth == 0;
        self.name(path, of_the_module.then_some(alias), line);
    }

    /// Notes a path. In a module that stands in the file itself, `super` is the file.
    fn name(&mut self, mut path: Vec<String>, alias: Option<String>, line: usize) {
        let inside = self.inline.len();
        let ups = path.iter().take_while(|segment| *segment == "super").count();
        match path[0].as_str() {
            "crate" => {}
            "super" if inside > 0 => {
                let inner = ups < inside;
                path.drain(..ups.min(inside));
                if inner {
                    return;
                }
                if ups == inside {
                    path.insert(0, "self".to_owned());
                }
            }
            _ if inside > 0 => return,
            _ => {}
        }
        self.items.named.push(Named { path, alias, only_handed_on: self.is_public, line });
    }
}
