//! How fast the book's LSTM is beside PyTorch, candle and burn: starts each as a program of its own,
//! lets them work side by side in rounds, and prints the medians of the ratios. See README.md.
#![forbid(unsafe_code)]

mod peak;
mod peer;
mod race;
mod report;
mod whole;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use bench::{Task, Work};
use clap::Parser;

use peer::{Peer, Recipe};
use race::{Effort, race};

/// Compares the speed of LSTMs: the book's, PyTorch's, candle's and burn's
#[derive(Parser)]
struct Cli {
    /// A Python that has torch (see bench/README.md)
    #[arg(long, default_value = "python3")]
    python: String,
    /// Measure next to nothing, to see whether everything runs
    #[arg(long)]
    quick: bool,
}

/// The Rust peers: a package of this workspace each, `NAME-peer`.
const RUST: [&str; 3] = ["candle", "burn", "ours"];

const fn work(task: Task, length: usize, hidden: usize, batch: usize) -> Work {
    Work { task, length, hidden, batch }
}

const W1: Work = work(Task::Train, 4, 32, 32);
const W2: Work = work(Task::Train, 50, 128, 64);
const W3: Work = work(Task::Infer, 4, 32, 1);
const UNITS: [usize; 5] = [32, 64, 128, 256, 512];
const LENGTHS: [usize; 3] = [4, 16, 64];

fn main() -> Result<()> {
    let cli = Cli::parse();
    let place = Place {
        bench: env!("CARGO_MANIFEST_DIR").into(),
        programs: std::env::current_exe()?.parent().context("no folder")?.to_owned(),
    };
    let recipes = place.recipes(&cli.python)?;
    let torch = recipes.iter().any(|recipe| recipe.name == "eager").then_some(&*cli.python);
    let epochs = if cli.quick { 1 } else { 50 };
    let programs = place.whole(torch, epochs)?;
    let effort = match cli.quick {
        true => Effort { rounds: 2, turn: 0.01 },
        false => Effort { rounds: 21, turn: 0.25 },
    };

    if !cli.quick {
        report::ensure_idle()?;
    }
    let mut peers = place.start(&recipes, 1);
    report::machine(peers.iter().map(|peer| (peer.name, peer.says.as_str())));
    for (name, work) in [("W1", W1), ("W2", W2), ("W3", W3)] {
        eprintln!("{name} …");
        report::race(name, &work, 1, &race(&mut peers, &work, 1, effort)?);
    }
    eprintln!("W2x2 …");
    report::race("W2x2", &W2, 2, &race(&mut place.start(&recipes, 2), &W2, 2, effort)?);

    // Compiling each size would take PyTorch up to a minute.
    peers.retain(|peer| peer.name != "compile");
    let fewer = Effort { rounds: effort.rounds.div_ceil(2), ..effort };
    let by_hidden = UNITS.map(|hidden| (hidden, work(Task::Train, 10, hidden, 32)));
    let by_length = LENGTHS.map(|length| (length, work(Task::Train, length, 32, 32)));
    for (what, works) in [("H", &by_hidden[..]), ("T", &by_length[..])] {
        let mut rows = Vec::new();
        for (size, work) in works {
            eprintln!("growth, {what}={size} …");
            rows.push((*size, race(&mut peers, work, 1, fewer)?));
        }
        report::growth(what, &works[0].1, &rows);
    }
    drop(peers);

    eprintln!("whole programs …");
    report::whole(epochs, &whole::race(&programs, if cli.quick { 1 } else { 7 })?);
    report::peak(peak::peak(1), peak::peak(2));
    Ok(())
}

/// Where the peers are.
struct Place {
    /// This workspace.
    bench: PathBuf,
    /// Where its programs are built.
    programs: PathBuf,
}

impl Place {
    /// How to start every peer that can be built or found here; says which cannot.
    fn recipes(&self, python: &str) -> Result<Vec<Recipe>> {
        let mut recipes = Vec::new();
        if has_torch(python) {
            let script = self.bench.join("torch_peer.py").display().to_string();
            let command = vec![python.to_owned(), script];
            let compiled = [command.clone(), vec!["--compile".to_owned()]].concat();
            recipes.push(Recipe { name: "eager", command });
            recipes.push(Recipe { name: "compile", command: compiled });
        } else {
            eprintln!(
                "without PyTorch: `{python}` has no torch\n  \
                 to do     python3 -m venv /tmp/torch\n            \
                 /tmp/torch/bin/pip install -r tests/pytorch/requirements.txt\n            \
                 and add `-- --python /tmp/torch/bin/python` to this command"
            );
        }
        for name in RUST {
            let package = format!("{name}-peer");
            eprintln!("building {name} …");
            match build(&self.bench.join("Cargo.toml"), &package, &[]) {
                Ok(()) => {
                    let program = self.programs.join(package + std::env::consts::EXE_SUFFIX);
                    recipes.push(Recipe { name, command: vec![program.display().to_string()] });
                }
                Err(error) => eprintln!("without {name}: {error:#}"),
            }
        }
        ensure!(!recipes.is_empty(), "no peer is left");
        // The first one is what the others are compared with: PyTorch's, or else ours.
        if recipes[0].name != "eager" {
            recipes.sort_by_key(|recipe| recipe.name != "ours");
        }
        Ok(recipes)
    }

    fn start(&self, recipes: &[Recipe], threads: usize) -> Vec<Peer> {
        let start = |recipe| Peer::start(recipe, threads, &self.programs);
        let started = recipes.iter().filter_map(|recipe| match start(recipe) {
            Ok(peer) => Some(peer),
            Err(error) => {
                eprintln!("without {}: {error:#}", recipe.name);
                None
            }
        });
        started.collect()
    }

    /// The whole programs: PyTorch's, where there is one, and the book's.
    fn whole(
        &self,
        python: Option<&str>,
        epochs: usize,
    ) -> Result<Vec<(&'static str, Vec<String>)>> {
        let epochs = ["--epochs".to_owned(), epochs.to_string()];
        let mut programs = Vec::new();
        if let Some(python) = python {
            let script = self.bench.join("torch_whole.py").display().to_string();
            programs.push(("pytorch", [&[python.to_owned(), script], &epochs[..]].concat()));
        }
        eprintln!("building chapter 14 …");
        // The book's own workspace, built beside this one's programs.
        let target = self.programs.with_file_name("book");
        let manifest = self.bench.with_file_name("Cargo.toml");
        build(&manifest, "ch14", &["--target-dir".as_ref(), target.as_ref()])?;
        let program = target.join("release").join(format!("ch14{}", std::env::consts::EXE_SUFFIX));
        programs.push(("ours", [&[program.display().to_string()], &epochs[..]].concat()));
        Ok(programs)
    }
}

fn build(manifest: &Path, package: &str, more: &[&OsStr]) -> Result<()> {
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--release", "--quiet", "--package", package, "--manifest-path"])
        .arg(manifest)
        .args(more)
        .status()
        .context("cannot run cargo")?;
    ensure!(status.success(), "cargo cannot build {package}, and says why above");
    Ok(())
}

fn has_torch(python: &str) -> bool {
    let output = Command::new(python).args(["-c", "import torch"]).output();
    output.is_ok_and(|output| output.status.success())
}
