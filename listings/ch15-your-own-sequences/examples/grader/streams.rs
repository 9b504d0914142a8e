//! Grades exercise 15.3: every symbol is read once, and a column goes on where it was.

use std::process::ExitCode;

use say::println;

/// From the numbers of symbols, columns and steps, and from chunk, step and column, to a place in the text.
pub type Place = fn((usize, usize, usize), (usize, usize, usize)) -> usize;

/// Reads texts of several sizes.
pub fn grade(place: Place) -> ExitCode {
    for (symbols, columns, steps) in [(24, 2, 3), (60, 3, 4), (35, 1, 5), (64, 4, 1), (20, 2, 10)] {
        let shape = (symbols, columns, steps);
        let chunks = symbols / (columns * steps);
        let mut read = vec![0; symbols];
        for column in 0..columns {
            let mut before = None;
            for (chunk, step) in (0..chunks).flat_map(|c| (0..steps).map(move |s| (c, s))) {
                let found = place(shape, (chunk, step, column));
                let told = || {
                    println!(
                        "Not yet. {symbols} symbols, {columns} columns, chunks of {steps}. In column {column},"
                    );
                };
                if found >= symbols {
                    told();
                    println!(
                        "step {step} of chunk {chunk} reads symbol {found}; the last is {}.",
                        symbols - 1
                    );
                    println!("Look at: how many symbols does each column have to read?");
                    return ExitCode::FAILURE;
                }
                if let Some(before) = before.filter(|before| found != before + 1) {
                    told();
                    println!(
                        "step {step} of chunk {chunk} reads symbol {found} with the state that"
                    );
                    println!("was reached at symbol {before}; expected symbol {}.", before + 1);
                    println!(
                        "Look at: which symbols lie between the last of a chunk and the first of the next?"
                    );
                    return ExitCode::FAILURE;
                }
                before = Some(found);
                read[found] += 1;
            }
        }
        if let Some(symbol) = read.iter().position(|&times| times != 1) {
            println!("Not yet. {symbols} symbols, {columns} columns, chunks of {steps}:");
            println!("symbol {symbol} is read {} times; expected once.", read[symbol]);
            println!("Look at: where does each column begin?");
            return ExitCode::FAILURE;
        }
    }
    println!("Exercise 15.3 solved.");
    ExitCode::SUCCESS
}
