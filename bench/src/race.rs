//! Peers side by side: in rounds, in a rotating order, each compared with the reference of its own round.

use anyhow::{Result, ensure};
use bench::Work;

use crate::peak::peak;
use crate::peer::Peer;

/// The middle of some measurements, and the quartiles around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// A quarter of the measurements is at most this.
    pub low: f64,
    /// The median.
    pub median: f64,
    /// Three quarters are at most this.
    pub high: f64,
}

impl Spread {
    /// Of at least one measurement.
    pub fn of(mut values: Vec<f64>) -> Spread {
        values.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = share * (values.len() - 1) as f64;
            let (low, high) = (values[place.floor() as usize], values[place.ceil() as usize]);
            low + (high - low) * place.fract()
        };
        Spread { low: at(0.25), median: at(0.5), high: at(0.75) }
    }
}

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Rounds; each peer runs once in each.
    pub rounds: usize,
    /// What a peer's turn should last, in seconds.
    pub turn: f64,
}

/// What a peer reached.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its name.
    pub name: &'static str,
    /// How many times faster than the reference, round by round.
    pub ratio: Spread,
    /// Seconds a step.
    pub seconds: f64,
    /// The share of the machine's peak that the step's matrix products reach.
    pub of_peak: f64,
}

/// A turn has at least three steps, and at most so many that the numbers stay ordinary.
const STEPS: std::ops::RangeInclusive<f64> = 3.0..=2000.0;

/// Lets the peers run `work` in turns. The first one is the reference. A peer that cannot do it is
/// dropped, with a line on standard error.
///
/// # Errors
/// If the reference cannot do it, or a peer that could do it at first fails later.
pub fn race(
    peers: &mut Vec<Peer>,
    work: &Work,
    threads: usize,
    effort: Effort,
) -> Result<Vec<Row>> {
    let mut steps = Vec::new();
    let reference = peers.first().map(|peer| peer.name);
    peers.retain_mut(|peer| match peer.ask(work, 3) {
        Ok(answer) => {
            let wanted = (effort.turn / answer.seconds).clamp(*STEPS.start(), *STEPS.end());
            steps.push(wanted as usize);
            true
        }
        Err(error) => {
            eprintln!("without {}: {error:#}", peer.name);
            false
        }
    });
    ensure!(
        peers.first().map(|peer| peer.name) == reference,
        "nothing to compare with: the first peer cannot do {work}, as the line above says"
    );
    // By peer and round: seconds a step, and by round the peak.
    let mut seconds = vec![Vec::new(); peers.len()];
    let mut peaks = Vec::new();
    for round in 0..effort.rounds {
        peaks.push(peak(threads));
        for turn in 0..peers.len() {
            let at = (turn + round) % peers.len();
            let answer = peers[at].ask(work, steps[at])?;
            seconds[at].push(answer.seconds);
        }
    }
    let row = |at: usize| {
        let own: &[f64] = &seconds[at];
        let ratios = seconds[0].iter().zip(own).map(|(reference, own)| reference / own);
        let shares = own.iter().zip(&peaks).map(|(own, peak)| work.flops() / own / peak);
        Row {
            name: peers[at].name,
            ratio: Spread::of(ratios.collect()),
            seconds: Spread::of(own.to_vec()).median,
            of_peak: Spread::of(shares.collect()).median,
        }
    };
    Ok((0..peers.len()).map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_the_quartiles() {
        let spread = Spread::of(vec![4.0, 1.0, 3.0, 2.0, 5.0]);
        assert_eq!(spread, Spread { low: 2.0, median: 3.0, high: 4.0 });
        assert_eq!(Spread::of(vec![1.0, 2.0]).median, 1.5);
    }
}
