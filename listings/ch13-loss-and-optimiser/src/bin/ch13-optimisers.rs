//! How fast a small network learns, by optimiser, learning rate and clipping: a record of chapter 13, and with `--quick`
//! the same with hardly any training.
#![forbid(unsafe_code)]

use std::error::Error;

use digits::Task;
use loss_and_optimiser::{By, Trial};
use say::println;

mod record;
use record::Effort;

fn main() -> Result<(), Box<dyn Error>> {
    let effort = Effort::of_arguments(16)?;
    effort.setup(
        "the sum of the last two of four digits; H = 32, batches of 32, f32, one run a seed",
    );
    let row = |name: &str, by, limit| {
        effort.row(name, &Trial { task: Task::Sum, digits: 4, forget_bias: None, by, limit });
    };
    println!(
        "\n# optimisers: steps until 99 % of unseen sequences are right, by optimiser and rate"
    );
    effort.head("optimiser");
    for rate in [0.3, 1.0, 3.0, 10.0] {
        row(&format!("descent:{rate}"), By::Sgd(rate), None);
    }
    for rate in [0.1, 0.3, 1.0, 3.0] {
        row(&format!("momentum:{rate}"), By::Momentum(rate), None);
    }
    for rate in [0.001, 0.003, 0.01, 0.03, 0.1] {
        row(&format!("adam:{rate}"), By::Adam(rate), None);
    }
    println!("\n# clipping: the same with gradients clipped to a length");
    effort.head("optimiser");
    for (name, by) in [
        ("descent:10", By::Sgd(10.0)),
        ("momentum:3", By::Momentum(3.0)),
        ("adam:0.01", By::Adam(0.01)),
    ] {
        for limit in [1.0, 0.1, 0.01] {
            row(&format!("{name}/{limit}"), by, Some(limit));
        }
    }
    Ok(())
}
