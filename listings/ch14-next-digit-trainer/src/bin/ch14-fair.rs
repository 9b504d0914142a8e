//! Comparisons made fair: as many steps, as many parameters, a learning rate of its own for each network.
#![forbid(unsafe_code)]

mod record;

use digits::Task;
use next_digit::{Lesson, Source, Start};
use record::{Effort, Network, Result, SOLVED, by_commonest, unseen_row};
use say::println;

const STEPS: u64 = 1600;
const BIAS_3_CLIPPED: Start = Start { forget_bias: Some(3.0), clip: Some(1.0), ..Start::USUAL };

fn main() -> Result<()> {
    let effort = Effort::of_arguments(5, 30)?;
    let plain = |hidden| Network::Plain(Start { hidden, ..Start::USUAL });
    println!(
        "# settings: accuracy in percent, of 1000 unseen sequences unless a table says otherwise"
    );
    println!(
        "seeds             = {}  named s1 to s5; data, first weights and order are theirs",
        effort.seeds
    );
    println!(
        "lstm-parameters   = {}  of an LSTM with 32 units; 128 of them are second biases",
        Network::Lstm(Start::USUAL).parameters()
    );
    println!("plain-parameters  = {}  of a plain network with 67 units", plain(67).parameters());
    println!("narrow-parameters = {}  of a plain network with 32 units", plain(32).parameters());
    steps(effort)?;
    rates(effort)
}

/// The same number of sequences beside the same number of steps.
fn steps(effort: Effort) -> Result<()> {
    println!(
        "\n# steps-first: the first of 50 digits; so many sequences, gone through in so many steps of 32; solved: 99 percent and more"
    );
    effort.header("network", "solved");
    for (name, start, size, steps) in [
        ("as-drawn", Start::USUAL, 5000, 8000),
        ("bias-3-and-clipped", BIAS_3_CLIPPED, 5000, 1600),
        ("bias-3-and-clipped", BIAS_3_CLIPPED, 1000, 8000),
        ("bias-3-and-clipped", BIAS_3_CLIPPED, 5000, 8000),
    ] {
        let lesson =
            Lesson { task: Task::First, digits: 50, source: Source::Repeated(size), steps };
        unseen_row(effort, &format!("{name}:{size}x{steps}"), Network::Lstm(start), lesson)?;
    }
    println!(
        "\n# steps-sum: the sum of the last two of four digits, in the same way; solved: 99 percent and more"
    );
    effort.header("network", "solved");
    for (name, network) in
        [("lstm", Network::Lstm(Start::USUAL)), ("plain", Network::Plain(Start::USUAL))]
    {
        for (size, steps) in [(1000, 1600), (2000, 1600), (1000, 3200), (2000, 3200)] {
            let lesson =
                Lesson { task: Task::Sum, digits: 4, source: Source::Repeated(size), steps };
            unseen_row(effort, &format!("{name}:{size}x{steps}"), network, lesson)?;
        }
    }
    Ok(())
}

/// Three networks at four learning rates, on four tasks; all gradients are clipped at 1.
fn rates(effort: Effort) -> Result<()> {
    for (name, title, task, digits) in [
        (
            "random",
            "four random digits, learnt by heart: accuracy on the training sequences",
            Task::Random,
            4,
        ),
        ("sum", "the sum of the last two of four digits", Task::Sum, 4),
        ("first-10", "the first of 10 digits", Task::First, 10),
        ("first-15", "the first of 15 digits", Task::First, 15),
    ] {
        // By heart, 95 is all that sequences with two different answers leave.
        let (part, enough) = if task == Task::Random { (0, 95.0) } else { (1, SOLVED) };
        println!(
            "\n# rates-{name}: {title}; 1000 sequences, 1600 steps, clipped at 1; solved: {enough:.0} percent and more"
        );
        effort.header("network", "solved");
        let lesson = Lesson { task, digits, source: Source::Repeated(1000), steps: STEPS };
        let guesses = effort.over_seeds(|seed| Ok(by_commonest(effort, lesson, seed)?[part]))?;
        effort.percentages(&format!("{name}:commonest"), &guesses, &[enough]);
        for rate in [0.001, 0.003, 0.01, 0.03] {
            let start = Start { learning_rate: rate, clip: Some(1.0), ..Start::USUAL };
            for (which, network) in [
                ("lstm-32", Network::Lstm(start)),
                ("lstm-32-bias-3", Network::Lstm(Start { forget_bias: Some(3.0), ..start })),
                ("plain-67", Network::Plain(Start { hidden: 67, ..start })),
                ("plain-32", Network::Plain(start)),
            ] {
                let values = effort.over_seeds(|seed| {
                    Ok(100.0 * network.trained(effort, lesson, seed)?[part].accuracy())
                })?;
                effort.percentages(&format!("{name}:{which}:{rate}"), &values, &[enough]);
            }
        }
    }
    Ok(())
}
