//! Grades exercise 15.4: no name is likelier than the answer.

use std::process::ExitCode;

use own_sequences::{Alphabet, END, Ngram, Symbol};
use say::println;

/// Finds the likeliest sequence.
pub type Likeliest = fn(&Ngram) -> Vec<Symbol>;

fn probability(model: &Ngram, sequence: &[Symbol]) -> f64 {
    (1..sequence.len()).map(|at| model.probability(&sequence[..at], sequence[at])).product()
}

/// A sequence that is likelier than `floor`, if there is one: all beginnings that are, depth first.
fn likelier(model: &Ngram, begun: &[Symbol], p: f64, floor: f64) -> Option<Vec<Symbol>> {
    (0..).zip(model.distribution(begun)).find_map(|(symbol, q)| {
        let (longer, p) = ([begun, &[symbol]].concat(), p * q);
        match symbol {
            _ if p <= floor * (1.0 + 1e-9) => None,
            END => Some(longer),
            _ => likelier(model, &longer, p, floor),
        }
    })
}

/// Asks for the likeliest first name under models of several orders, and looks for a likelier one.
pub fn grade(likeliest: Likeliest) -> ExitCode {
    let names = include_str!("../../data/names.txt");
    let Ok(alphabet) = Alphabet::of(names.lines()) else { return ExitCode::FAILURE };
    let counted: Vec<_> = names.lines().filter_map(|name| alphabet.encode(name).ok()).collect();
    for order in [2, 3, 4] {
        let model = Ngram::train(order, &counted, alphabet.len());
        let answer = likeliest(&model);
        let whole = answer.len() > 1
            && [answer.first(), answer.last()] == [Some(&END); 2]
            && answer[1..answer.len() - 1]
                .iter()
                .all(|&s| s != END && usize::from(s) < alphabet.len());
        if !whole {
            println!("Not yet. With n = {order} you returned {answer:?};");
            println!("expected symbols between two end marks.");
            println!("Look at: a sequence begins and ends with END, and has none in between.");
            return ExitCode::FAILURE;
        }
        let p = probability(&model, &answer);
        // What is as unlikely as this would take long to be outdone by search; one in a million is no answer.
        if let Some(better) = likelier(&model, &[END], 1.0, p.max(1e-6)) {
            let (name, other) = (alphabet.decode(&answer), alphabet.decode(&better));
            println!(
                "Not yet. With n = {order} you found \"{name}\", with the probability {p:.2e};"
            );
            println!("\"{other}\" has {:.2e}.", probability(&model, &better));
            println!(
                "Look at: a good beginning can have many ends, and then none of them is likely."
            );
            return ExitCode::FAILURE;
        }
        println!("n = {order}: \"{}\", with the probability {p:.4}", alphabet.decode(&answer));
    }
    println!("Exercise 15.4 solved.");
    ExitCode::SUCCESS
}
