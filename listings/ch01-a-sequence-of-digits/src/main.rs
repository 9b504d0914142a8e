//! What `cargo run -p ch01` prints: the numbers of chapter 1.
#![forbid(unsafe_code)]

use std::collections::BTreeSet;
use std::error::Error;

use digits::{
    CHANCE, LinearRule, LookupTable, Sequence, Split, Task, accuracy, chance_band, chance_loss,
    commonest, confident, generator, mean_loss, memory_loss, one_hot, share_seen, surprise,
};
use say::println;

const SEED: u64 = 1;
const LENGTH: usize = 5;
const SIZE: usize = 1000;

fn main() -> Result<(), Box<dyn Error>> {
    let article = Task::Random.draw(SIZE, LENGTH, &mut generator(SEED))?;
    print_welcome();
    print_data(&article);
    print_tasks()?;
    print_one_hot(&article[0]);
    print_surprise();
    print_floors();
    print_memory(&article);
    print_confidence()?;
    print_rules();
    print_hundred();
    print_leak()?;
    print_baselines()?;
    print_search()?;
    print_next();
    Ok(())
}

fn print_welcome() {
    println!("# welcome: chapter 1, a sequence of digits");
    println!("Four digits lie on the table, a fifth is covered. What can anyone know about it?");
}

fn print_data(article: &[Sequence]) {
    println!("\n# data: the first five of 1000 sequences");
    println!("sequence | x1 | x2 | x3 | x4 | x5");
    for (n, Sequence { context, next }) in article.iter().take(5).enumerate() {
        let digits: Vec<String> = context.iter().chain([next]).map(|d| format!("{d:>2}")).collect();
        println!("{:<8} | {}", format!("s{}", n + 1), digits.join(" | "));
    }
}

fn print_tasks() -> Result<(), Box<dyn Error>> {
    println!("\n# tasks: one sequence of each");
    println!("task        | x1 | x2 | x3 | x4 | next");
    for task in Task::ALL {
        for Sequence { context, next } in task.draw(1, LENGTH, &mut generator(SEED))? {
            let digits: Vec<String> = context.iter().map(|d| format!("{d:>2}")).collect();
            println!("{:<11} | {} | {next:>4}", task.name(), digits.join(" | "));
        }
    }
    Ok(())
}

fn print_one_hot(first: &Sequence) {
    println!("\n# one-hot: the first sequence, each digit as ten numbers");
    println!("step | digit | vector");
    for (t, &digit) in first.context.iter().enumerate() {
        println!("t={}  | {digit:>5} | {:?}", t + 1, one_hot(digit).map(|x| x as u8));
    }
}

fn print_surprise() {
    println!("\n# surprise: at a digit that had been given the probability p");
    println!("answer  | nats");
    for p in [1.0, 0.5, 0.1, 0.01, 0.001] {
        println!("p={p:<5} | {:.4}", surprise(&confident(0, p), 0).abs());
    }
}

fn print_floors() {
    let (low, high) = chance_band(SIZE, 0.0005);
    println!("\n# chance: guessing one of ten digits");
    println!("chance-loss     = {:.4}  ln 10, in nats", chance_loss());
    println!("chance-accuracy = {:.2}  percent", 100.0 * CHANCE);
    println!("band-low        = {low}  fewest right of 1000, but for one run in 2000");
    println!("band-high       = {high}  most right of 1000, but for one run in 2000");
}

fn print_memory(article: &[Sequence]) {
    let table = LookupTable::learn(article);
    let shared = (article.iter())
        .filter(|s| article.iter().filter(|other| other.context == s.context).count() > 1)
        .count();
    println!("\n# memory: what a lookup table makes of the 1000 sequences");
    println!("contexts = {}  different first four digits", table.contexts());
    println!("repeats  = {}  sequences whose context came before", SIZE - table.contexts());
    println!("shared   = {shared}  sequences whose context another one has too");
    let ceiling = 100.0 * accuracy(article, |c| table.guess(c));
    println!("ceiling  = {ceiling:.2}  percent right at most, on these very sequences");
    println!("floor    = {:.4}  lowest possible loss on them, in nats", memory_loss(article));
}

fn print_confidence() -> Result<(), Box<dyn Error>> {
    println!("\n# confidence: the mean loss of a table that is more and more sure of itself");
    println!("confidence  | training | unseen");
    let split = Split::draw(Task::Random, LENGTH, SIZE, SIZE, &mut generator(SEED))?;
    let table = LookupTable::learn(&split.training);
    for confidence in [0.1, 0.2, 0.5, 0.9, 0.957, 0.99, 0.999] {
        let predict = |context: &[u8]| confident(table.guess(context), confidence);
        let training = mean_loss(&split.training, predict);
        let unseen = mean_loss(&split.unseen, predict);
        println!("gamma={confidence:<5} | {training:>8.4} | {unseen:.4}");
    }
    Ok(())
}

fn print_rules() {
    // Every sequence of five digits, as the decimal numbers 00000 to 99999.
    let all: Vec<Vec<u8>> = (0..100_000_u32)
        .map(|k| (0..5).rev().map(|place| (k / 10_u32.pow(place) % 10) as u8).collect())
        .collect();
    let progressions: BTreeSet<Vec<u8>> = (digits::progressions(LENGTH).into_iter())
        .map(|s| [s.context, vec![s.next]].concat())
        .collect();
    println!("\n# rules: how many of all sequences of five digits follow them");
    println!("rule        | sequences");
    println!("{:<11} | {:>9}", Task::Random.name(), all.len());
    for task in [Task::Sum, Task::First] {
        let following = all.iter().filter(|s| task.rule(&s[..4]) == Some(s[4])).count();
        println!("{:<11} | {following:>9}", task.name());
    }
    let following = all.iter().filter(|s| progressions.contains(*s)).count();
    println!("{:<11} | {following:>9}", Task::Progression.name());
}

fn print_hundred() {
    let all = digits::progressions(LENGTH);
    let common = |a: &Sequence, b: &Sequence| {
        a.context.iter().zip(&b.context).filter(|(a, b)| a == b).count()
    };
    println!("\n# hundred: pairs of progressions, by how many of the four digits read they share");
    println!("digits   | pairs | same-answer");
    for shared in 0..LENGTH {
        let pairs = (all.iter().enumerate())
            .flat_map(|(k, a)| all[..k].iter().map(move |b| (a, b)))
            .filter(|(a, b)| common(a, b) == shared);
        let (count, same) = pairs
            .fold((0, 0), |(count, same), (a, b)| (count + 1, same + u32::from(a.next == b.next)));
        println!("shared={shared} | {count:>5} | {same:>11}");
    }
    let alone = |s: &&Sequence| {
        let same = |other: &&Sequence| (other.context[3], other.next) == (s.context[3], s.next);
        all.iter().filter(same).count() == 1
    };
    let alone = all.iter().filter(alone).count();
    println!("alone = {alone}  of which no other has the same last digit read and the same answer");
}

fn print_leak() -> Result<(), Box<dyn Error>> {
    println!("\n# leak: 1000 sequences drawn after 1000 others, percent seen before");
    println!("task        | contexts | leaked | table-fresh");
    for task in Task::ALL {
        let rng = &mut generator(SEED);
        let training = task.draw(SIZE, LENGTH, rng)?;
        let fresh = task.draw(SIZE, LENGTH, rng)?;
        let table = LookupTable::learn(&training);
        println!(
            "{:<11} | {:>8} | {:>6.2} | {:>11.2}",
            task.name(),
            table.contexts(),
            100.0 * share_seen(&training, &fresh),
            100.0 * accuracy(&fresh, |c| table.guess(c))
        );
    }
    Ok(())
}

fn print_baselines() -> Result<(), Box<dyn Error>> {
    println!("\n# baselines: accuracy in percent where no context was seen before");
    println!("task        | training | unseen | table-training | table-unseen | rule-unseen");
    for task in Task::ALL {
        let (training, unseen) = if task == Task::Progression { (80, 20) } else { (SIZE, SIZE) };
        let split = Split::draw(task, LENGTH, training, unseen, &mut generator(SEED))?;
        let table = LookupTable::learn(&split.training);
        let common = commonest(&split.training);
        let rule = |c: &[u8]| task.rule(c).unwrap_or(common);
        println!(
            "{:<11} | {training:>8} | {unseen:>6} | {:>14.2} | {:>12.2} | {:>11.2}",
            task.name(),
            100.0 * accuracy(&split.training, |c| table.guess(c)),
            100.0 * accuracy(&split.unseen, |c| table.guess(c)),
            100.0 * accuracy(&split.unseen, rule)
        );
    }
    Ok(())
}

fn print_search() -> Result<(), Box<dyn Error>> {
    println!("\n# search: the best of 100000 linear rules, accuracy in percent");
    println!("task        | best-training | best-unseen | weights and shift");
    for task in Task::ALL {
        let (training, unseen) = if task == Task::Progression { (80, 20) } else { (SIZE, SIZE) };
        let split = Split::draw(task, LENGTH, training, unseen, &mut generator(SEED))?;
        let rule = LinearRule::search(&split.training);
        println!(
            "{:<11} | {:>13.2} | {:>11.2} | {:?} + {}",
            task.name(),
            100.0 * accuracy(&split.training, |c| rule.guess(c)),
            100.0 * accuracy(&split.unseen, |c| rule.guess(c)),
            rule.weights,
            rule.shift
        );
    }
    Ok(())
}

fn print_next() {
    println!("\n# next: what that was, and where it goes on");
    println!(
        "Random digits teach nothing, however well somebody knows them by heart. A rule can be"
    );
    println!("found, and is then right on what was never seen. All of it without a network.");
    println!("  cargo run -p ch01 --example exercise_1_1   an exercise, which grades itself");
    println!("  cargo run -p ch02                          a network that reads digit by digit");
    println!("  cargo run                                  the book, in your browser");
}
