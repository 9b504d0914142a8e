//! What the forget gate's bias at the start does to learning: a record of chapter 13, and with `--quick` the same with
//! hardly any training.
#![forbid(unsafe_code)]

use std::error::Error;

use digits::Task;
use loss_and_optimiser::{By, Trial};
use say::println;

mod record;
use record::Effort;

fn main() -> Result<(), Box<dyn Error>> {
    let effort = Effort::of_arguments(15)?;
    effort.setup("one row a bias, one run a seed; H = 32, batches of 32, Adam at 0.01, f32");
    println!("enough = {:.2}  of these right: learnt", 0.99);
    for (name, task, digits, title) in [
        ("first-10", Task::First, 10, "the first of 10 digits is asked for: steps until learnt"),
        ("first-20", Task::First, 20, "the first of 20 digits"),
        ("first-30", Task::First, 30, "the first of 30 digits"),
        ("sum-20", Task::Sum, 20, "the sum of the last two of 20 digits"),
    ] {
        println!("\n# {name}: {title}");
        effort.head("start");
        for (row, forget_bias) in [
            ("random", None),
            ("bias=0", Some(0.0)),
            ("bias=1", Some(1.0)),
            ("bias=3", Some(3.0)),
            ("bias=6", Some(6.0)),
        ] {
            let trial = Trial { task, digits, forget_bias, by: By::Adam(0.01), limit: None };
            effort.row(&format!("{name}:{row}"), &trial);
        }
    }
    Ok(())
}
