//! What the programs that make chapter 14's records have in common.
#![allow(dead_code, reason = "each of the programs uses a part of it")]

use std::error::Error;
use std::fmt::Display;

use digits::{Sequence, accuracy, commonest, generator};
use next_digit::{Learns, Lesson, Scores, Source, Start};

pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

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

    /// How many percentages are at least `enough`, and all of them.
    pub fn percentages(self, name: &str, values: &[f64], enough: f64) {
        let cells: Vec<String> = values.iter().map(|value| format!("{value:.1}")).collect();
        self.row(name, values.iter().filter(|value| **value >= enough).count(), &cells);
    }
}

/// A network, and how it starts.
#[derive(Clone, Copy)]
pub enum Network {
    Lstm(Start),
    Plain(Start),
}

impl Network {
    /// Gives lessons one after the other. Then, how it does on what the last of them repeats, and on 1000 unseen
    /// sequences.
    pub fn trained(self, effort: Effort, lessons: &[Lesson], seed: u64) -> Result<[Scores; 2]> {
        match self {
            Network::Lstm(start) => taught(&mut start.lstm::<f32>(seed), effort, lessons, seed),
            Network::Plain(start) => taught(&mut start.plain::<f32>(seed), effort, lessons, seed),
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
    lessons: &[Lesson],
    seed: u64,
) -> Result<[Scores; 2]> {
    let last = effort.lesson(*lessons.last().ok_or("no lesson")?);
    for lesson in lessons {
        effort.lesson(*lesson).teach(pupil, seed, |_, _, _| ())?;
    }
    let (practised, unseen) = parts(effort, last, seed)?;
    Ok([pupil.examine(&practised), pupil.examine(&unseen)])
}

/// What a lesson repeats (or as many as are examined, where it repeats none), and 1000 unseen sequences.
pub fn parts(effort: Effort, lesson: Lesson, seed: u64) -> Result<(Vec<Sequence>, Vec<Sequence>)> {
    let unseen = lesson.unseen(effort.few(1000), seed)?;
    let size = if let Source::Repeated(size) = lesson.source { size } else { unseen.len() };
    Ok((lesson.task.draw(size, lesson.digits + 1, &mut generator(seed))?, unseen))
}

/// One row: the accuracy on unseen sequences, in percent, for each seed; and how many seeds reach 99.
pub fn unseen_row(effort: Effort, name: &str, network: Network, lesson: Lesson) -> Result<()> {
    let values = effort.over_seeds(|seed| {
        let [_, unseen] = network.trained(effort, &[lesson], seed)?;
        Ok(100.0 * unseen.accuracy())
    })?;
    effort.percentages(name, &values, 99.0);
    Ok(())
}

/// How many percent of the unseen answers are the digit that is the commonest answer in training.
pub fn by_commonest(effort: Effort, lesson: Lesson, seed: u64) -> Result<f64> {
    let (practised, unseen) = parts(effort, effort.lesson(lesson), seed)?;
    let digit = commonest(&practised);
    Ok(100.0 * accuracy(&unseen, |_| digit))
}
