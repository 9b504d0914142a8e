//! What a check has to say: where, what was found, what was expected, what to do next.

use std::fmt;
use std::path::{Path, PathBuf};

/// One thing that is wrong with the book.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, relative to the project's root.
    pub file: PathBuf,
    /// The line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// What stands there.
    pub found: String,
    /// What should stand there.
    pub expected: String,
    /// What to do about it.
    pub todo: String,
}

impl Problem {
    /// A problem in `file`, on `line` (from 1; 0 where the whole file is meant).
    pub(crate) fn new(
        file: impl AsRef<Path>,
        line: usize,
        found: impl Into<String>,
        expected: impl Into<String>,
        todo: impl Into<String>,
    ) -> Problem {
        Problem {
            file: file.as_ref().to_owned(),
            line,
            found: found.into(),
            expected: expected.into(),
            todo: todo.into(),
        }
    }
}

impl std::error::Error for Problem {}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Forward slashes on every system: these are the paths that the book itself uses.
        write!(f, "{}", self.file.display().to_string().replace('\\', "/"))?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, "\n  found     {}", self.found)?;
        write!(f, "\n  expected  {}", self.expected)?;
        write!(f, "\n  to do     {}", self.todo)
    }
}

/// Everything that one pass over the book found wrong. Never empty when returned as an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// `value` if nothing was wrong, else the problems, sorted by file and line.
    pub(crate) fn into_result<T>(mut self, value: T) -> Result<T, Problems> {
        if self.0.is_empty() {
            return Ok(value);
        }
        self.0.sort();
        self.0.dedup();
        Err(self)
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Problems {
        Problems(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.0 {
            writeln!(f, "{problem}\n")?;
        }
        let count = self.0.len();
        write!(f, "{count} {} found", if count == 1 { "problem" } else { "problems" })
    }
}

impl std::error::Error for Problems {}

/// The line, from 1, on which the byte at `offset` stands.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    1 + text.as_bytes()[..offset.min(text.len())].iter().filter(|&&byte| byte == b'\n').count()
}
