//! A whole program, from its start to a trained model: how long it takes and how much memory.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

/// What one run took.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// From before the start until after the end.
    pub seconds: f64,
    /// The largest resident size, in megabytes; 0 where there is no /proc.
    pub megabytes: f64,
}

/// Runs a program to its end, on one thread.
///
/// # Errors
/// If it cannot be started, or fails.
fn run(command: &[String]) -> Result<Run> {
    let (program, arguments) = command.split_first().context("an empty command")?;
    let start = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .envs([("OMP_NUM_THREADS", "1"), ("MKL_NUM_THREADS", "1")])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {program}"))?;
    let mut megabytes = 0.0;
    let status = loop {
        // The high-water mark only rises; it is gone when the process is.
        megabytes = peak_memory(child.id()).unwrap_or(megabytes);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_micros(500));
    };
    let seconds = start.elapsed().as_secs_f64();
    ensure!(status.success(), "`{}` failed: run it by hand to see why", command.join(" "));
    Ok(Run { seconds, megabytes })
}

/// Runs each program so many times, in turns.
///
/// # Errors
/// If one fails.
pub fn race(
    programs: &[(&'static str, Vec<String>)],
    rounds: usize,
) -> Result<Vec<(&'static str, Vec<Run>)>> {
    let mut runs: Vec<_> = programs.iter().map(|(name, _)| (*name, Vec::new())).collect();
    for round in 0..rounds {
        for turn in 0..programs.len() {
            let at = (turn + round) % programs.len();
            runs[at].1.push(run(&programs[at].1)?);
        }
    }
    Ok(runs)
}

/// `VmHWM` of a process, in megabytes.
fn peak_memory(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<f64>().ok()? / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_an_error() {
        let error = run(&["false".to_owned()]).expect_err("it fails");
        assert!(error.to_string().contains("`false` failed"), "{error}");
    }
}
