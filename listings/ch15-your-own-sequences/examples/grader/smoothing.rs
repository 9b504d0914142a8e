//! Grades exercise 15.1: a rule for pairs of letters under which nothing is impossible.

use std::process::ExitCode;

use digits::{generator, shuffle};
use own_sequences::{Alphabet, END, Symbol};
use say::println;

/// From the count of a symbol, how often its context occurred, how many kinds came after it, and how many symbols there are.
pub type Rule = fn(f64, f64, f64, f64) -> f64;

/// The rows are what was read, the columns what came next.
type Pairs = Vec<Vec<f64>>;

/// At most so many bits a letter, on names that were not counted: adding one to each count has 3.42.
const ENOUGH: f64 = 3.5;

/// Names in a random order, as symbols, and the number of symbols.
fn names() -> Option<(Vec<Vec<Symbol>>, usize)> {
    let mut names: Vec<&str> = include_str!("../../data/names.txt").lines().collect();
    shuffle(&mut names, &mut generator(15));
    let alphabet = Alphabet::of(names.iter().copied()).ok()?;
    let sequences = names.iter().map(|name| alphabet.encode(name).ok());
    Some((sequences.collect::<Option<_>>()?, alphabet.len()))
}

fn pairs(sequences: &[Vec<Symbol>], symbols: usize) -> Pairs {
    let mut pairs = vec![vec![0.0; symbols]; symbols];
    for pair in sequences.iter().flat_map(|sequence| sequence.windows(2)) {
        pairs[usize::from(pair[0])][usize::from(pair[1])] += 1.0;
    }
    pairs
}

/// The rule's probabilities after one context.
fn row(rule: Rule, counts: &[f64]) -> Vec<f64> {
    let times = counts.iter().sum();
    let kinds = counts.iter().filter(|&&count| count > 0.0).count() as f64;
    counts.iter().map(|&count| rule(count, times, kinds, counts.len() as f64)).collect()
}

/// Holds a rule against what probabilities are, and asks it about names that it has not counted.
pub fn grade(rule: Rule) -> ExitCode {
    let Some((sequences, symbols)) = names() else { return ExitCode::FAILURE };
    let (unseen, counted) = sequences.split_at(516);
    let pairs = pairs(counted, symbols);
    let rows: Vec<Vec<f64>> = pairs.iter().map(|counts| row(rule, counts)).collect();
    for (p, counts) in rows.iter().zip(&pairs) {
        let sum: f64 = p.iter().sum();
        if (sum - 1.0).abs() > 1e-9 {
            println!(
                "Not yet. After one of the letters, {symbols} symbols can come next, and your"
            );
            println!("probabilities for them sum to {sum:.6}; expected 1.");
            println!("Look at: what is given to one symbol has to be taken from the others.");
            return ExitCode::FAILURE;
        }
        if let Some((count, p)) = counts.iter().zip(p).find(|(_, p)| **p <= 0.0 || p.is_nan()) {
            println!(
                "Not yet. A symbol that came {count} times after a letter has the probability {p}."
            );
            println!("If a new name has it there, the surprise is without bound.");
            println!("Look at: what does each of the symbols get that has never been seen there?");
            return ExitCode::FAILURE;
        }
    }
    let asked = unseen.iter().flat_map(|sequence| sequence.windows(2));
    let bits: Vec<f64> =
        asked.map(|pair| -rows[usize::from(pair[0])][usize::from(pair[1])].log2()).collect();
    let mean = bits.iter().sum::<f64>() / bits.len() as f64;
    if mean > ENOUGH {
        println!("Not yet. On {} names that were not counted you need", unseen.len());
        println!("{mean:.3} bits a symbol; expected at most {ENOUGH}.");
        println!("Look at: where much was counted, the counts should decide.");
        return ExitCode::FAILURE;
    }
    let first = rows[usize::from(END)].iter().copied().fold(0.0, f64::max);
    println!("Exercise 15.1 solved: {mean:.3} bits a symbol on names that were not counted.");
    println!("The likeliest first letter has the probability {first:.3}.");
    ExitCode::SUCCESS
}
