//! What the programs that make chapter 13's records have in common.

use loss_and_optimiser::Trial;
use say::println;

/// How much is done: everything, or so little that only the names of rows and columns are of use.
pub struct Effort {
    seeds: u64,
    /// After so many steps a run is stopped.
    most: usize,
    /// How wide the names of the rows are.
    width: usize,
}

impl Effort {
    /// From the command line: nothing, or `--quick`.
    ///
    /// # Errors
    /// If it says anything else.
    pub fn of_arguments(width: usize) -> Result<Effort, String> {
        match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
            [] => Ok(Effort { seeds: 9, most: 2000, width }),
            [flag] if flag == "--quick" => Ok(Effort { seeds: 1, most: 2, width }),
            other => Err(format!("found {other:?}, expected nothing or --quick")),
        }
    }

    /// The first section.
    pub fn setup(&self, what: &str) {
        println!("# setup: {what}");
        println!("seeds = {}", self.seeds);
        println!(
            "most = {}  steps, after which a run is stopped and counted as that long",
            self.most
        );
        println!("unseen = 1000  sequences; nothing with the context of one is learnt from");
    }

    /// The head of a table, whose first column names what `what` says.
    pub fn head(&self, what: &str) {
        let width = self.width;
        println!("{what:<width$} | learnt | fastest | middle | slowest");
    }

    /// A row of it: how many runs have learnt their task, and after how many steps.
    pub fn row(&self, name: &str, trial: &Trial) {
        let steps = trial.spread(self.seeds, self.most);
        let learnt = steps.iter().filter(|steps| **steps < self.most).count();
        let [fastest, middle, slowest] =
            [0, steps.len() / 2, steps.len() - 1].map(|place| steps[place]);
        let width = self.width;
        println!("{name:<width$} | {learnt:>6} | {fastest:>7} | {middle:>6} | {slowest:>7}");
    }
}
