//! What a page concludes, and whether each conclusion is checked.

use std::collections::BTreeMap;
use std::ops::Range;

use super::check::check;
use super::comparison;
use super::predicate::{Fault, Predicate};
use crate::mathml::escaped;
use crate::page::{Note, Page, Quoted, Sentence, Shown};
use crate::problem::Problem;
use crate::project::{Listing, Project};
use crate::words::Words;

/// How a claim is written, for messages.
const CLAIM: &str = "`<!--claim ch14/results: {30:bias-3.solved} == 5-->`";

/// A sentence whose conclusion was evaluated, and could have failed.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The sentence.
    pub sentence: Sentence,
    /// What of it was evaluated.
    pub predicates: Vec<Predicate>,
}

/// A sentence that compares, and needs no claim.
#[derive(Clone, Debug)]
pub struct Excused {
    /// The sentence.
    pub sentence: Sentence,
    /// Why.
    pub reason: String,
}

/// A sentence about other people's software.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The sentence.
    pub sentence: Sentence,
    /// The script that shows it: `findings/NAME.sh`.
    pub name: String,
}

/// A sentence that draws a conclusion from numbers, and says neither what was checked nor why nothing was.
#[derive(Clone, Debug)]
pub struct Unclaimed {
    /// The sentence.
    pub sentence: Sentence,
    /// Its words that compare.
    pub words: Vec<&'static str>,
}

/// What a page concludes.
#[derive(Clone, Debug, Default)]
pub struct Conclusions {
    /// Sentences with claims.
    pub claims: Vec<Claim>,
    /// Sentences with a reason instead.
    pub excused: Vec<Excused>,
    /// Sentences with a script in `findings/`.
    pub findings: Vec<Finding>,
    /// Sentences with nothing.
    pub unclaimed: Vec<Unclaimed>,
    /// The outputs that the page includes.
    pub shown: Vec<Shown>,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// What stands on the page in place of each comment.
    pub(crate) edits: Vec<(Range<usize>, String)>,
}

impl Quoted {
    /// Whether it names a run or a record.
    fn is_printed(&self) -> bool {
        let source = self.tag.split(':').next().unwrap_or_default();
        !["cite", "constant"].contains(&source)
    }
}

impl Sentence {
    /// Whether its numbers, or the output beside it, were printed by a run.
    fn is_about_a_run(&self) -> bool {
        !self.beside.is_empty() || self.quoted.iter().any(Quoted::is_printed)
    }
}

/// What a comment says.
enum Said<'a> {
    Claim { source: &'a str, predicate: &'a str },
    Reason(&'a str),
    Finding(&'a str),
}

/// The same, where nothing is wrong with it.
enum Answer {
    Claim(Predicate),
    Reason(String),
    Finding(String),
}

impl Note {
    fn said(&self) -> Option<Said<'_>> {
        let (kind, rest) = self.text.split_once(':').unwrap_or((&self.text, ""));
        let rest = rest.trim();
        match kind.split_whitespace().collect::<Vec<_>>()[..] {
            ["no", "claim"] => Some(Said::Reason(rest)),
            ["finding"] => Some(Said::Finding(rest)),
            ["claim", source] => Some(Said::Claim { source, predicate: rest }),
            _ => None,
        }
    }
}

/// Reads a page's sentences and checks what they conclude.
pub fn conclusions(
    project: &Project,
    listings: &BTreeMap<String, Listing>,
    page: &Page,
    words: &Words,
) -> Conclusions {
    let prose = page.prose();
    let found = Conclusions { shown: prose.shown.clone(), ..Conclusions::default() };
    let mut checker = Checker { project, listings, page, words, found };
    for note in &prose.lost {
        checker.lost(note);
    }
    for sentence in &prose.sentences {
        checker.sentence(sentence);
    }
    checker.found
}

/// `14` for chapter 14, `introduction` for a page without a number: what the names of its claims begin with.
pub(super) fn short(page: &Page) -> String {
    let stem = || page.file().file_stem().unwrap_or_default().to_string_lossy().into_owned();
    page.number().map_or_else(stem, |number| number.to_string())
}

struct Checker<'a> {
    project: &'a Project,
    listings: &'a BTreeMap<String, Listing>,
    page: &'a Page,
    words: &'a Words,
    found: Conclusions,
}

impl Checker<'_> {
    fn fault(&mut self, at: usize, sentence: &Sentence, fault: Fault) {
        let expected = format!("{}: “{}”", fault.expected, sentence.text());
        let line = self.page.line(at);
        let problem = Problem::new(self.page.file(), line, fault.found, expected, fault.todo);
        self.found.problems.push(problem);
    }

    fn lost(&mut self, note: &Note) {
        self.found.problems.push(Problem::new(
            self.page.file(),
            self.page.line(note.range.start),
            format!("<!--{}--> in no sentence", note.text),
            "a comment in a paragraph, behind the words that it is about",
            "put it there; at the beginning of a line, it ends the paragraph",
        ));
    }

    fn sentence(&mut self, sentence: &Sentence) {
        let words = match sentence.is_about_a_run() {
            true => comparison::found(&sentence.words()),
            false => Vec::new(),
        };
        let (mut predicates, mut scripts) = (Vec::new(), String::new());
        for (index, note) in sentence.notes.iter().enumerate() {
            match self.answer(note, !words.is_empty()) {
                Ok(Answer::Claim(predicate)) => predicates.push(predicate),
                Ok(Answer::Reason(reason)) => {
                    self.found.excused.push(Excused { sentence: sentence.clone(), reason });
                }
                Ok(Answer::Finding(name)) => {
                    scripts += &self.script_mark(&name);
                    self.found.findings.push(Finding { sentence: sentence.clone(), name });
                }
                Err(fault) => self.fault(note.range.start, sentence, fault),
            }
            // A sentence has one mark, however much of it was checked, where the last comment stands.
            let mut html = String::new();
            if index + 1 == sentence.notes.len() {
                html = self.mark(&predicates) + &scripts;
            }
            self.found.edits.push((note.range.clone(), html));
        }
        if !predicates.is_empty() {
            self.found.claims.push(Claim { sentence: sentence.clone(), predicates });
        }
        if !words.is_empty() && sentence.notes.is_empty() {
            self.unclaimed(sentence.clone(), words);
        }
    }

    /// What a comment says of its sentence, checked.
    fn answer(&self, note: &Note, concludes: bool) -> Result<Answer, Fault> {
        match note.said() {
            Some(Said::Claim { source, predicate }) => {
                let predicate = Predicate::read(source, predicate, self.listings)?;
                check(&predicate)?;
                Ok(Answer::Claim(predicate))
            }
            Some(Said::Reason(reason)) => {
                self.reason(reason, concludes)?;
                Ok(Answer::Reason(reason.to_owned()))
            }
            Some(Said::Finding(name)) => {
                self.finding(name)?;
                Ok(Answer::Finding(name.to_owned()))
            }
            None => Err(Fault::new(
                format!("<!--{}-->", note.text),
                format!("{CLAIM}, `<!--no claim: reason-->` or `<!--finding: name-->`"),
                "correct the comment",
            )),
        }
    }

    fn unclaimed(&mut self, sentence: Sentence, words: Vec<&'static str>) {
        let because = match sentence.quoted.iter().find(|quoted| quoted.is_printed()) {
            Some(quoted) => format!("quotes {}", quoted.literal),
            None => "stands beside an output".to_owned(),
        };
        let found = format!("“{}” {because} and says `{}`", sentence.text(), words.join("`, `"));
        self.found.problems.push(Problem::new(
            self.page.file(),
            self.page.line(sentence.start),
            found,
            format!(
                "the conclusion as a claim, {CLAIM}, or why it is none, `<!--no claim: reason-->`"
            ),
            format!(
                "`cargo run -- claims {}` shows the numbers that it can be about",
                short(self.page)
            ),
        ));
        self.found.unclaimed.push(Unclaimed { sentence, words });
    }

    /// A reason says something, is asked for, and names only tests that there are.
    fn reason(&self, reason: &str, concludes: bool) -> Result<(), Fault> {
        if reason.is_empty() {
            return Err(Fault::new(
                "`no claim` without a reason",
                "`<!--no claim: why nothing is concluded from these numbers-->`",
                "write the reason, or the claim",
            ));
        }
        if !concludes {
            return Err(Fault::new(
                format!("<!--no claim: {reason}--> where no claim is asked for"),
                "reasons where a sentence compares numbers of a run",
                "delete it",
            ));
        }
        for word in reason.split_whitespace().filter(|word| word.contains(".rs")) {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            let (file, function) = word.split_once("::").unwrap_or((word, ""));
            let text = self.project.read(file.as_ref()).unwrap_or_default();
            if text.is_empty()
                || !(function.is_empty() || text.contains(&format!("fn {function}(")))
            {
                return Err(Fault::new(
                    format!("`{word}`"),
                    "a test that there is: `listings/ch05-forget-gate/tests/gradients.rs::its_name`",
                    "correct the file or the test's name",
                ));
            }
        }
        Ok(())
    }

    /// A statement about other software names a script that there is.
    fn finding(&self, name: &str) -> Result<(), Fault> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let file = self.project.root.join(format!("findings/{name}.sh"));
        if name.is_empty() || !name.chars().all(plain) || !file.is_file() {
            return Err(Fault::new(
                format!("<!--finding: {name}-->"),
                "the name of a script `findings/name.sh`, which shows what the sentence says",
                "write the script, or correct the name",
            ));
        }
        Ok(())
    }

    /// The mark of such a statement.
    fn script_mark(&self, name: &str) -> String {
        let Words { finding, shown_by, .. } = self.words;
        format!(
            "<a class=\"claim\" href=\"claims.html#finding-{name}\" aria-label=\"{finding}\" \
             title=\"{shown_by}: findings/{name}.sh\"></a>"
        )
    }

    /// The mark of a sentence whose claims hold.
    fn mark(&self, predicates: &[Predicate]) -> String {
        if predicates.is_empty() {
            return String::new();
        }
        let (short, number) = (short(self.page), self.found.claims.len() + 1);
        let mut commands: Vec<&str> = (predicates.iter())
            .flat_map(|predicate| &predicate.references)
            .map(|reference| reference.command.as_str())
            .collect();
        commands.dedup();
        // The predicates themselves stand in the appendix: on a page with ninety of them they would weigh kilobytes.
        let title = format!("{} {}", self.words.checked_on, commands.join(", "));
        // A bar would end a table's cell.
        let title = escaped(&title).replace('|', "&#124;");
        format!(
            "<a class=\"claim\" id=\"said-{short}-{number}\" href=\"claims.html#claim-{short}-{number}\" \
             aria-label=\"{} {short}.{number}\" title=\"{title}\"></a>",
            self.words.claim
        )
    }
}
