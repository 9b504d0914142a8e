//! The command line: `cargo run` builds the book, checks it and serves it.

use std::io::{IsTerminal, stderr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::{Args, Parser, Subcommand};
use files::Names;
use indicatif::ProgressBar;
use press::project::Project;
use press::site::{Address, Builder, News};
use press::typeset::Counts;
use press::words::ENGLISH;
use say::{note, say};

/// Builds the book, checks it, and serves it with live reload: "LSTM, Line by Line".
#[derive(Parser)]
#[command(name = "lstm-book", bin_name = "cargo run --", args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Args)]
struct Serve {
    /// The port to serve on
    #[arg(short, long, default_value_t = 3000)]
    port: u16,
    /// The name or address to serve at: with 0.0.0.0, everybody on the network can read along
    #[arg(short = 'n', long, default_value = "localhost")]
    hostname: String,
    /// Show the book in the browser
    #[arg(short, long)]
    open: bool,
}

#[derive(Args)]
struct Editions {
    /// Then print it into target/lstm-line-by-line.pdf (needs Chromium, Chrome or Edge)
    #[arg(long)]
    pdf: bool,
    /// Pack it for e-readers into target/lstm-line-by-line.epub
    #[arg(long)]
    epub: bool,
    /// Where the site will be published: adds canonical links, a sitemap and a card for links
    #[arg(long, value_name = "URL")]
    url: Option<Address>,
}

/// Where the editions go, relative to the project's root.
const PDF: &str = "target/lstm-line-by-line.pdf";
const EPUB: &str = "target/lstm-line-by-line.epub";

/// What `check` does, and the server beside its work.
const CHECKING: &str = "running every listing, equation, gradient, figure and exercise";

#[derive(Subcommand)]
enum Command {
    /// Serve the book with live reload (what happens without a command)
    Serve(Serve),
    /// Check the pages and build the site into target/book
    Build(Editions),
    /// Build, then run every listing, equation, gradient, figure and exercise against the pages
    Check,
    /// Write the snapshots again: what the programs print and how the figures look now
    Bless {
        /// The chapter, such as ch05; all chapters without it
        chapter: Option<String>,
    },
    /// Run a program that takes long, or measures this machine, and keep what it prints as a record
    Record {
        /// The chapter, such as ch12
        chapter: String,
        /// The record: listings/ch12-…/records/NAME.txt
        name: String,
        /// What to run; without it, the command on the record's first line
        #[arg(long)]
        command: Option<String>,
    },
    /// Count the book's claims; of one page, list them, the sentences that want one, and the numbers at hand
    Claims {
        /// The page, such as ch14 or introduction; all pages without it
        page: Option<String>,
    },
    /// List all exercises of the book: which are solved
    Exercises,
    /// Start a planned chapter: its crate, its page, its entry in SUMMARY.md
    New {
        /// The chapter, such as ch06
        chapter: String,
    },
    /// Speak mdBook's preprocessor protocol (called by mdBook, see book/book.toml)
    Preprocess {
        #[command(subcommand)]
        query: Option<Query>,
    },
}

#[derive(Subcommand)]
enum Query {
    /// Exit with 0 if this renderer's pages can be prepared
    Supports {
        /// The renderer's name
        renderer: String,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            note(format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode> {
    let project = Project::find(&std::env::current_dir()?)?;
    match cli.command.unwrap_or(Command::Serve(cli.serve)) {
        Command::Serve(options) => serve(&project, &options)?,
        Command::Build(editions) => {
            // Known now, and not when the book is built.
            for (asked, file, kind) in
                [(editions.pdf, PDF, files::PDF), (editions.epub, EPUB, files::EPUB)]
            {
                let file = project.root.join(file);
                if asked && file.exists() {
                    Names::default().replace("", &file, kind)?;
                }
            }
            let counts = with_progress("building the book", || {
                press::site::build_for(&project, editions.url.as_ref())
            })?;
            say(format!("{}\nbuilt target/book/index.html\n", summary(&counts)))?;
            if editions.pdf {
                paper(&project, "pdf")?;
            }
            if editions.epub {
                paper(&project, "epub")?;
            }
        }
        Command::Check => check(&project)?,
        Command::Bless { chapter } => {
            wrote(&press::snapshot::bless(&project, chapter.as_deref(), running)?)?;
        }
        Command::Record { chapter, name, command } => {
            let command = command.as_deref();
            let changed = press::snapshot::record(&project, &chapter, &name, command, running)?;
            wrote(&changed.into_iter().collect::<Vec<_>>())?;
        }
        Command::Claims { page } => say(claims(&project, page.as_deref())?)?,
        Command::Exercises => {
            let grade = || press::snapshot::exercises(&project);
            let exercises = with_progress("building and grading the exercises", grade)?;
            say(press::snapshot::report(&exercises))?;
        }
        Command::New { chapter } => {
            for file in press::new(&project, &chapter)? {
                say(format!("wrote {}\n", file.display()))?;
            }
            say(format!("now write the program, then `cargo run -- bless {chapter}`\n"))?;
        }
        Command::Preprocess { query: Some(Query::Supports { renderer }) } => {
            return Ok(if renderer == "html" { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Command::Preprocess { query: None } => {
            press::site::preprocess(std::io::stdin().lock(), std::io::stdout().lock())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Shows a spinner (or, without a terminal, a line).
fn spin(what: &'static str) -> ProgressBar {
    if !stderr().is_terminal() {
        note(format!("{what} …"));
    }
    let spinner = ProgressBar::new_spinner().with_message(what);
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}

/// Shows a spinner while `work` is done.
fn with_progress<T>(what: &'static str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let spinner = spin(what);
    let result = work();
    spinner.finish_and_clear();
    result
}

fn serve(project: &Project, options: &Serve) -> Result<()> {
    let listener = press::site::reserve(&options.hostname, options.port)?;
    let mut builder = Builder::new(project);
    let counts = with_progress("building the book", || builder.build(None))?;
    let host = match options.hostname.contains(':') {
        true => format!("[{}]", options.hostname),
        false => options.hostname.clone(),
    };
    let address = format!("http://{host}:{}", listener.local_addr()?.port());
    say(format!("{}\nserving the book at {address} (Ctrl-C stops)\n", summary(&counts)))?;
    // The port listens already: a browser that is quicker than the server waits.
    if options.open
        && let Err(error) = opener::open_browser(&address)
    {
        note(format!("no browser opens: {error}; the book is at {address}"));
    }
    let mut spinner: Option<ProgressBar> = None;
    press::site::serve(builder, listener, press::snapshot::book_tests, move |news| {
        if let Some(spinner) = spinner.take() {
            spinner.finish_and_clear();
        }
        match news {
            // Pages are served whether or not anyone reads this.
            News::Rebuilt => drop(say("rebuilt; the browser reloads\n")),
            News::Broken(problem) => note(format!("error: {problem}\nthe last good pages stay up")),
            News::Checking => spinner = Some(spin(CHECKING)),
            News::Passed => drop(say(
                "every listing, equation, gradient, figure and exercise agrees with the pages\n",
            )),
        }
    })
}

fn check(project: &Project) -> Result<()> {
    let counts = with_progress("checking the pages", || press::site::build(project))?;
    note(format!("{CHECKING} …"));
    if !press::snapshot::book_tests(project).status()?.success() {
        bail!("the book's tests fail: the lines above say which, and where");
    }
    Ok(say(format!("{}\neverything above was checked and holds\n", summary(&counts)))?)
}

/// What pages conclude, and what they could: see [`press::claim::report`].
fn claims(project: &Project, page: Option<&str>) -> Result<String> {
    let pages = press::page::pages(project)?;
    let listings = project.listings()?;
    let report = press::claim::report::report(project, &listings, &pages, page, &ENGLISH);
    match report {
        Some(report) => Ok(report),
        None => bail!(
            "no page {:?}\n  expected  a chapter such as ch14, or a page of book/src/SUMMARY.md\n  \
             to do     correct the name",
            page.unwrap_or_default()
        ),
    }
}

/// Makes an edition for the hand from the built site: the crate `paper`, which only this compiles.
fn paper(project: &Project, edition: &str) -> Result<()> {
    let name = edition.to_uppercase();
    note(format!("making the {name} …"));
    let arguments = ["run", "--quiet", "-p", "paper", "--", edition];
    if !press::snapshot::cargo(project).args(arguments).status()?.success() {
        bail!("no {name} was made: the lines above say why");
    }
    Ok(())
}

fn running(what: &str) {
    note(format!("running {what} …"));
}

fn wrote(changed: &[PathBuf]) -> Result<()> {
    for file in changed {
        say(format!("wrote {}\n", file.display()))?;
    }
    let then = match changed {
        [] => "nothing changed\n",
        _ => "read the difference before you commit it: git diff\n",
    };
    Ok(say(then)?)
}

/// What was checked, a line each.
fn summary(counts: &Counts) -> String {
    let Counts { chapters, excerpts, sketches, outputs, executed, commented, .. } = *counts;
    let Counts { recorded, formulas, numbers, cited, figures, links, exercises, .. } = *counts;
    let Counts { claims, excused, findings, .. } = *counts;
    let rows = [
        ("chapters", chapters, String::new()),
        (
            "excerpts of compiled code",
            excerpts,
            format!("{sketches} more not compiled, and marked"),
        ),
        ("outputs of programs", outputs, format!("{recorded} more recorded")),
        ("executed equations", executed, format!("{commented} more only comment")),
        ("formulas in the text", formulas, "every symbol defined".to_owned()),
        ("numbers from runs", numbers, format!("{cited} more cited or constant")),
        (
            "claims about numbers",
            claims,
            format!("each could fail; {excused} sentences say why they have none"),
        ),
        ("statements of software", findings, "each with its script".to_owned()),
        ("figures drawn from runs", figures, String::new()),
        ("links", links, "each leads somewhere".to_owned()),
        ("graded exercises", exercises, String::new()),
    ];
    let line = |(what, count, more): &(&str, usize, String)| {
        format!("  {what:<26}{count:>5}   {more}").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}
