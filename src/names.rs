//! What readers are told in place of the names that programs print: `book/names.toml`.
//!
//! Programs name rows, columns and values for whoever refers to them: `h_prev`, `rho=0.5`, `W1-kept-fused`.
//! What is a symbol or made of words that the book's sentences use is put into words by a rule. The rest
//! stands in this file; another edition of the book has another one, and shares the outputs.

use std::collections::BTreeSet;
use std::path::Path;

use toml::{Table, Value};

use crate::page::{NOTATION, Page};
use crate::problem::{Problem, Problems};
use crate::project::{Project, parse_number};

/// The file, relative to the project's root.
pub(crate) const NAMES: &str = "book/names.toml";

/// The group of the file that holds for all sections.
const EVERYWHERE: &str = "names";

/// The file's entries, and the words that sentences use.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    groups: Vec<Group>,
    words: BTreeSet<String>,
}

/// The entries for the sections that a pattern fits.
#[derive(Clone, Debug)]
struct Group {
    /// Of sections: `ch04:fade`, `ch12/steps:W*`; none for the group that holds for all.
    sections: Option<String>,
    /// Patterns of names, and what readers are told instead.
    entries: Vec<(String, String)>,
}

/// What the file says of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found<'a> {
    /// What readers are told: words, `$…$`, and `{1}` for the first of `parts`.
    pub told: &'a str,
    /// What the wildcards of the pattern stand for.
    pub parts: Vec<&'a str>,
}

impl Names {
    /// Reads the file, if there is one, and collects the words of the pages.
    ///
    /// # Errors
    /// If the file is not what it should be.
    pub(crate) fn read(project: &Project, pages: &[Page]) -> Result<Names, Problems> {
        let file = Path::new(NAMES);
        let text = match project.root.join(file).exists() {
            true => project.read(file).map_err(|error| wrong(format!("{error:#}")))?,
            false => String::new(),
        };
        let groups = groups(&text).map_err(wrong)?;
        Ok(Names { groups, words: words(pages) })
    }

    /// What the file says of a name in a section such as `ch12/steps:W1`: what it says of sections like
    /// this one goes before what it says of all, and of several entries the one with the longest pattern.
    pub(crate) fn find<'a>(&'a self, section: &str, name: &'a str) -> Option<Found<'a>> {
        let groups = self.groups.iter().filter(|group| {
            group.sections.as_ref().is_none_or(|sections| captures(sections, section).is_some())
        });
        let found = groups.flat_map(|group| {
            group.entries.iter().filter_map(|(pattern, told)| {
                let parts = captures(pattern, name)?;
                Some(((group.sections.is_some(), pattern.len()), Found { told, parts }))
            })
        });
        found.max_by_key(|(rank, _)| *rank).map(|(_, found)| found)
    }

    /// Whether what was known by these names is known by others: they have the same file (which is not looked at
    /// here), and no word less.
    pub(crate) fn hold_in(&self, others: &Names) -> bool {
        self.words.is_subset(&others.words)
    }

    /// Whether some sentence of the book uses this word.
    pub(crate) fn says(&self, word: &str) -> bool {
        self.words.contains(&word.to_lowercase())
    }
}

/// A problem with the file, without a line: TOML's own message names it.
fn wrong(found: String) -> Problems {
    let expected = "groups of names, such as `[names]` or `[\"ch04:fade\"]`, each with lines `\"key\" = \"words\"`";
    Problem::new(NAMES, 0, found, expected, "correct the file").into()
}

fn groups(text: &str) -> Result<Vec<Group>, String> {
    let file: Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
    let mut groups = Vec::new();
    for (sections, entries) in file {
        let Value::Table(entries) = entries else {
            return Err(format!("`{sections}` outside of a group"));
        };
        let entries = entries.into_iter().map(|(name, told)| match told {
            Value::String(told) => Ok((name, told)),
            other => Err(format!("`{name} = {other}` in `[{sections}]`")),
        });
        let entries = entries.collect::<Result<_, _>>()?;
        let sections = (sections != EVERYWHERE).then_some(sections);
        groups.push(Group { sections, entries });
    }
    Ok(groups)
}

/// The words of all sentences. Those of the notation page are its symbols' meanings.
fn words(pages: &[Page]) -> BTreeSet<String> {
    let pages = pages.iter().filter(|page| !page.file().ends_with(NOTATION));
    let sentences = pages.flat_map(|page| &page.prose().sentences);
    let split = |text: String| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 1);
        words.map(str::to_lowercase).collect()
    };
    sentences.flat_map(|sentence| split(sentence.words())).collect()
}

/// What the wildcards of a pattern stand for, if it fits: `*` for anything, `#` for a number.
fn captures<'a>(pattern: &str, name: &'a str) -> Option<Vec<&'a str>> {
    let Some(at) = pattern.find(['*', '#']) else {
        return (pattern == name).then(Vec::new);
    };
    let (before, wildcard) = pattern.split_at(at);
    let number = wildcard.starts_with('#');
    let name = name.strip_prefix(before)?;
    let ends = (1..=name.len()).rev().filter(|end| name.is_char_boundary(*end));
    let mut ends = ends.filter(|end| !number || parse_number(&name[..*end]).is_some());
    ends.find_map(|end| {
        let rest = captures(&wildcard[1..], &name[end..])?;
        Some([vec![&name[..end]], rest].concat())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_entry_is_found() {
        let file = "[names]\n\"s#\" = \"seed {1}\"\n\"*-kept\" = \"{1}, kept\"\n\
                    [\"ch12/steps:W*\"]\n\"s#\" = \"size {1}\"\n\"W#-*\" = \"{2}\"\n\"W#-fused\" = \"fused\"\n";
        let names = Names { groups: groups(file).unwrap_or_default(), ..Names::default() };
        let found = |section, name| {
            names.find(section, name).map(|found| format!("{} {:?}", found.told, found.parts))
        };
        assert_eq!(found("ch01:data", "s12").as_deref(), Some("seed {1} [\"12\"]"));
        assert_eq!(found("ch12/steps:W1", "s12").as_deref(), Some("size {1} [\"12\"]"));
        assert_eq!(found("ch12/steps:W1", "W1-a-b").as_deref(), Some("{2} [\"1\", \"a-b\"]"));
        assert_eq!(found("ch12/steps:W1", "W1-fused").as_deref(), Some("fused [\"1\"]"));
        assert_eq!(found("ch01:data", "all-kept").as_deref(), Some("{1}, kept [\"all\"]"));
        for unknown in ["s", "sum", "s1x", "-kept", "W1-fused"] {
            assert_eq!(found("ch01:data", unknown), None, "{unknown}");
        }
    }

    #[test]
    fn what_is_no_group_of_names_is_refused() {
        for (file, said) in
            [("a = \"b\"", "`a` outside"), ("[a]\nb = 1", "`b = 1` in `[a]`"), ("[a", "TOML")]
        {
            let error = groups(file).err().unwrap_or_default();
            assert!(error.contains(said), "{file}: {error}");
        }
    }
}
