//! The tables, in the format of the book's snapshots: `# name: title`, cells between ` | `.

use std::process::Command;

use anyhow::{Result, ensure};
use bench::Work;

use crate::race::{Row, Spread};
use crate::whole::Run;

/// Where and when this was measured.
pub fn machine<'a>(peers: impl Iterator<Item = (&'a str, &'a str)>) {
    println!("# machine: where, when and with what this was measured");
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let threads = std::thread::available_parallelism().map_or(0, usize::from);
    let model = model.map_or(std::env::consts::ARCH, |(_, model)| model);
    println!("processor: {model}, {threads} threads");
    println!("compiler: {}", rustc().unwrap_or("unknown".into()));
    println!("date: {}", jiff::Timestamp::now().strftime("%Y-%m-%d"));
    println!("load at the start: {}", load());
    for (name, says) in peers {
        println!("{name}: {says}");
    }
}

/// One work: every peer against the first.
pub fn race(name: &str, work: &Work, threads: usize, rows: &[Row]) {
    let [reference, ..] = rows else { return };
    let Work { task, length, hidden, batch } = work;
    let on = if threads == 1 { "one thread".to_owned() } else { format!("{threads} threads") };
    let times = format!("times as fast as {}", reference.name);
    println!("\n# {name}: {task:?}, T {length}, D 10, H {hidden}, batch {batch}, {on}; {times}");
    let mut lines = vec![strings(&["peer", "ratio", "q1", "q3", "step_us", "peak_percent"])];
    for row in rows {
        let Spread { low, median, high } = row.ratio;
        let numbers = [median, low, high, 1e6 * row.seconds, 100.0 * row.of_peak];
        let cells = std::iter::once(format!("{name}-{}", row.name)).chain(numbers.map(figures));
        lines.push(cells.collect());
    }
    table(&lines);
}

/// How the ratio changes with a size.
pub fn growth(what: &str, work: &Work, rows: &[(usize, Vec<Row>)]) {
    let Some((_, first)) = rows.first() else { return };
    let Work { length, hidden, batch, .. } = work;
    let fixed = if what == "H" { format!("T {length}") } else { format!("H {hidden}") };
    let times = format!("times as fast as {}", first[0].name);
    println!("\n# growth-{what}: training steps, {fixed}, batch {batch}; {times} (quartiles)");
    let names: Vec<&str> = first.iter().skip(1).map(|row| row.name).collect();
    let mut lines = vec![strings(&[&[what], names.as_slice()].concat())];
    for (size, rows) in rows {
        let cell = |name: &&str| {
            let row = rows.iter().find(|row| row.name == *name);
            row.map_or("-".to_owned(), |row| {
                let [low, median, high] =
                    [row.ratio.low, row.ratio.median, row.ratio.high].map(figures);
                format!("{median} ({low} to {high})")
            })
        };
        let label = std::iter::once(format!("{what}={size}"));
        lines.push(label.chain(names.iter().map(cell)).collect());
    }
    table(&lines);
}

/// Whole programs, the first of which is the reference.
pub fn whole(epochs: usize, rows: &[(&str, Vec<Run>)]) {
    let Some((reference, first)) = rows.first() else { return };
    println!("\n# whole: start to end, 1000 sequences, epochs: {epochs}; beside {reference}");
    let header = ["program", "ratio", "q1", "q3", "seconds", "megabytes", "memory_ratio"];
    let mut lines = vec![strings(&header)];
    let memory = |runs: &[Run]| Spread::of(runs.iter().map(|run| run.megabytes).collect()).median;
    for (name, runs) in rows {
        let pairs = first.iter().zip(runs);
        let ratio = Spread::of(pairs.map(|(first, own)| first.seconds / own.seconds).collect());
        let seconds = Spread::of(runs.iter().map(|run| run.seconds).collect()).median;
        let less = memory(first) / memory(runs);
        let numbers = [ratio.median, ratio.low, ratio.high, seconds, memory(runs), less];
        let label = std::iter::once(format!("whole-{name}"));
        lines.push(label.chain(numbers.map(figures)).collect());
    }
    table(&lines);
}

/// The machine's peak, and how busy it was.
pub fn peak(one: f64, two: f64) {
    println!("\n# peak: fused multiply-adds on numbers in registers, f32");
    println!("peak = {} GFLOP/s on one thread", figures(one / 1e9));
    println!("peak_x2 = {} GFLOP/s on two threads", figures(two / 1e9));
    println!("load at the end: {}", load());
}

/// Three significant digits, and all of a whole part.
fn figures(value: f64) -> String {
    let whole = value.abs().max(1e-9).log10().floor() as i32;
    format!("{value:.*}", usize::try_from(2 - whole).unwrap_or(0).min(6))
}

fn rustc() -> Option<String> {
    let output = Command::new("rustc").arg("--version").output().ok()?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

/// How many programs want to run, on average over the last minute, where the system tells it.
fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().filter(|load| !load.is_empty()).unwrap_or("unknown").to_owned()
}

/// The highest load at which a measurement may begin.
const IDLE: f64 = 0.5;

/// Refuses a machine that has other things to do: its caches are shared then, and two threads say nothing.
///
/// # Errors
/// If the load is above [`IDLE`].
pub fn ensure_idle() -> Result<()> {
    is_idle(&load())
}

fn is_idle(load: &str) -> Result<()> {
    ensure!(
        load.parse().is_ok_and(|load: f64| load <= IDLE) || load == "unknown",
        "the load of the machine\n  \
         found     {load}\n  \
         expected  at most {IDLE}, on average over the last minute\n  \
         to do     end other programs and start this one again in a few minutes (what it has built stays \
         built), or see with --quick whether everything runs"
    );
    Ok(())
}

fn strings(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|&cell| cell.to_owned()).collect()
}

fn table(lines: &[Vec<String>]) {
    let width = |column: usize| {
        lines.iter().filter_map(|line| Some(line.get(column)?.chars().count())).max()
    };
    for line in lines {
        let cells = line.iter().enumerate().map(|(at, cell)| {
            let width = width(at).unwrap_or(0);
            if at == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        println!("{}", cells.collect::<Vec<_>>().join(" | "));
    }
}

#[cfg(test)]
mod tests {
    use super::{figures, is_idle};

    #[test]
    fn a_busy_machine_is_refused() {
        assert!(is_idle("0.50").is_ok() && is_idle("unknown").is_ok());
        let error = is_idle("0.51").expect_err("busy").to_string();
        assert!(error.contains("found     0.51"), "{error}");
    }

    #[test]
    fn three_digits_and_all_of_a_whole_part() {
        let cases = [
            (1.0, "1.00"),
            (25.31, "25.3"),
            (21034.0, "21034"),
            (0.0312, "0.0312"),
            (0.0, "0.000000"),
        ];
        for (value, text) in cases {
            assert_eq!(figures(value), text);
        }
    }
}
