//! What the programs that make chapter 14's records have in common.
#![allow(dead_code, reason = "each of the programs uses a part of it")]

use std::error::Error;
use std::fmt::Display;

use digits::{Sequence, accuracy, commonest};
use next_digit::{Examiner, Learns, Lesson, Scores, Source, Start};
use say::println;

pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// From so many percent on, a task counts as solved.
pub const SOLVED: f64 = 99.0;

/// How much is done: everything, or so little that only the names of rows and columns are of use.
#[derive(Clone, Copy)]
pub struct Effort {
    pub quick: bool,
    pub seeds: u64,
    /// How wide the names of the rows are.
    pub width: usize,
}

impl Effort {
    /// From the command line: nothing, or `--quick`.
    pub fn of_arguments(seeds: u64, width: usize) -> Result<Effort> {
        match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
            [] => Ok(Effort { quick: false, seeds, width }),
            [flag] if flag == "--quick" => Ok(Effort { quick: true, seeds, width }),
            other => Err(format!("found {other:?}, expected nothing or --quick").into()),
        }
    }

    pub fn steps(self, steps: u64) -> u64 {
        if self.quick { 1 } else { steps }
    }

    pub fn few(self, sequences: usize) -> usize {
        if self.quick { sequences.min(32) } else { sequences }
    }

    /// A lesson of so much effort.
    pub fn lesson(self, lesson: Lesson) -> Lesson {
        let source = match lesson.source {
            Source::Repeated(size) => Source::Repeated(self.few(size)),
            Source::Fresh => Source::Fresh,
        };
        Lesson { source, steps: self.steps(lesson.steps), ..lesson }
    }

    /// The same for every seed, on two threads: what comes out does not depend on how many there are.
    pub fn over_seeds<R: Send>(self, run: impl Fn(u64) -> Result<R> + Sync) -> Result<Vec<R>> {
        let some =
            |first: u64| -> Result<Vec<R>> { (first..=self.seeds).step_by(2).map(&run).collect() };
        let (odd, even) = std::thread::scope(|scope| {
            let even = scope.spawn(|| some(2));
            (some(1), even.join().expect("a run that does not panic"))
        });
        let (mut odd, mut even) = (odd?.into_iter(), even?.into_iter());
        Ok((1..=self.seeds)
            .filter_map(|k| if k % 2 == 1 { odd.next() } else { even.next() })
            .collect())
    }

    /// The names of the columns: one that sums up, and one for each seed.
    pub fn header(self, name: &str, first: &str) {
        let seeds: Vec<String> = (1..=self.seeds).map(|k| format!("s{k}")).collect();
        self.row(name, first, &seeds);
    }

    /// A row: what sums it up, and a cell for each seed.
    pub fn row<C: Display>(self, name: &str, first: impl Display, cells: &[C]) {
        let cells: Vec<String> = cells.iter().map(|cell| format!("{cell:>6}")).collect();
        println!("{name:<width$} | {first:>6} | {}", cells.join(" | "), width = self.width);
    }

    /// For each mark, how many percentages are at least that; and all of them.
    pub fn percentages(self, name: &str, values: &[f64], marks: &[f64]) {
        let count = |mark: &f64| values.iter().filter(|value| *value >= mark).count();
        let counts: Vec<String> = marks.iter().map(|mark| format!("{:>6}", count(mark))).collect();
        let cells: Vec<String> = values.iter().map(|value| format!("{value:.1}")).collect();
        self.row(name, counts.join(" | "), &cells);
    }
}

/// A network, and how it starts.
#[derive(Clone, Copy)]
pub enum Network {
    Lstm(Start),
    Plain(Start),
}

impl Network {
    /// Gives a lesson. Then, how it does on what that repeats, and on 1000 unseen sequences.
    pub fn trained(self, effort: Effort, lesson: Lesson, seed: u64) -> Result<[Scores; 2]> {
        match self {
            Network::Lstm(start) => taught(&mut start.lstm::<f32>(seed), effort, lesson, seed),
            Network::Plain(start) => taught(&mut start.plain::<f32>(seed), effort, lesson, seed),
        }
    }

    /// How many parameters it has.
    pub fn parameters(self) -> usize {
        match self {
            Network::Lstm(start) => start.lstm::<f32>(1).network.theta.len(),
            Network::Plain(start) => start.plain::<f32>(1).theta.len(),
        }
    }
}

fn taught(
    pupil: &mut impl Learns,
    effort: Effort,
    lesson: Lesson,
    seed: u64,
) -> Result<[Scores; 2]> {
    effort.lesson(lesson).teach(pupil, seed, |_, _, _| ())?;
    let (practised, unseen) = parts(effort, lesson, seed)?;
    Ok([pupil.examine(&practised), pupil.examine(&unseen)])
}

/// What a lesson repeats, and 1000 unseen sequences.
pub fn parts(effort: Effort, lesson: Lesson, seed: u64) -> Result<(Vec<Sequence>, Vec<Sequence>)> {
    let lesson = effort.lesson(lesson);
    Ok((practised(effort, lesson, seed)?, unseen(effort, &[lesson], seed)?))
}

/// What a lesson repeats; of one that repeats nothing, the last thousand that it showed.
pub fn practised(effort: Effort, lesson: Lesson, seed: u64) -> Result<Vec<Sequence>> {
    let mut shown = lesson.shown(seed)?;
    if lesson.source == Source::Fresh {
        shown.drain(..shown.len().saturating_sub(effort.few(1000)));
    }
    Ok(shown)
}

/// What is asked after some lessons: 1000 sequences of the last one's kind, with the contexts of none.
pub fn unseen(effort: Effort, lessons: &[Lesson], seed: u64) -> Result<Vec<Sequence>> {
    let last = lessons.last().ok_or("no lesson")?;
    Ok(Examiner::after(lessons, seed)?.ask(effort.few(1000), last.task, last.digits)?)
}

/// One row: the accuracy on unseen sequences, in percent, for each seed; and how many seeds solved the task.
pub fn unseen_row(effort: Effort, name: &str, network: Network, lesson: Lesson) -> Result<()> {
    let values = effort.over_seeds(|seed| {
        let [_, unseen] = network.trained(effort, lesson, seed)?;
        Ok(100.0 * unseen.accuracy())
    })?;
    effort.percentages(name, &values, &[SOLVED]);
    Ok(())
}

/// How many percent of the answers are the digit that is the commonest in training: there, and of the unseen ones.
pub fn by_commonest(effort: Effort, lesson: Lesson, seed: u64) -> Result<[f64; 2]> {
    let (practised, unseen) = parts(effort, lesson, seed)?;
    let digit = commonest(&practised);
    Ok([practised, unseen].map(|part| 100.0 * accuracy(&part, |_| digit)))
}
