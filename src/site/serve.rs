//! Serving the book with live reload: the last good pages stay up while an edit is broken.

use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, anyhow};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use notify_debouncer_mini::notify::RecursiveMode;
use notify_debouncer_mini::{DebounceEventResult, new_debouncer};
use tower_http::services::{ServeDir, ServeFile};
use tower_livereload::{LiveReloadLayer, Reloader};

use super::build::{SITE, build};
use crate::project::Project;

/// What is wrong with the book right now, shown on top of every page.
type Trouble = Arc<Mutex<Option<String>>>;

/// What happened while serving, for the terminal.
#[derive(Debug)]
pub enum News<'a> {
    /// The site was built again.
    Rebuilt,
    /// The book is broken; the pages shown are the last good ones.
    Broken(&'a str),
    /// The tests that execute the book passed.
    Passed,
}

/// Reserves the port, so that a port in use is known before the book is built.
///
/// # Errors
/// If the port is in use or not allowed.
pub fn reserve(port: u16) -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        let other = port.checked_add(1).unwrap_or(3000);
        anyhow!(
            "cannot serve on port {port}: {error}\n  expected  a free port\n  \
             to do     stop the program that uses it, or choose another: `cargo run -- --port {other}`"
        )
    })
}

/// Serves the site, which has been built, and builds it again whenever book/ or listings/ change.
/// `execute` runs the tests that execute the book, at the start and after every good build.
///
/// # Errors
/// If the folders cannot be watched or the server stops.
pub fn serve(
    project: &Project,
    listener: TcpListener,
    execute: impl Fn(&Project) -> Result<()> + Send + 'static,
    news: impl Fn(News<'_>) + Send + 'static,
) -> Result<()> {
    let trouble = Trouble::default();
    let livereload = LiveReloadLayer::new();
    let reloader = livereload.reloader();
    let site = project.root.join(SITE);
    let files = ServeDir::new(&site).not_found_service(ServeFile::new(site.join("404.html")));
    let app = Router::new()
        .fallback_service(files)
        .layer(from_fn_with_state(Arc::clone(&trouble), show_trouble))
        .layer(livereload);

    let (wake, changes) = channel();
    let mut watcher = new_debouncer(Duration::from_millis(200), move |_: DebounceEventResult| {
        let _ = wake.send(());
    })
    .context("cannot watch for changes")?;
    for path in sources(project) {
        (watcher.watcher().watch(&path, RecursiveMode::Recursive))
            .with_context(|| format!("cannot watch {}", path.display()))?;
    }
    let watched = project.clone();
    // Taken before anyone can see a page, so that no edit of what is seen goes unnoticed.
    let seen = fingerprint(project);
    thread::spawn(move || {
        rebuild_forever(&watched, seen, &changes, (&trouble, &reloader), execute, news);
    });

    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        axum::serve(listener, app).await
    })?;
    drop(watcher);
    Ok(())
}

fn rebuild_forever(
    project: &Project,
    mut seen: Fingerprint,
    changes: &Receiver<()>,
    (trouble, reloader): (&Trouble, &Reloader),
    execute: impl Fn(&Project) -> Result<()>,
    news: impl Fn(News<'_>),
) {
    let tell = |problem: Option<String>| {
        if let Some(text) = &problem {
            news(News::Broken(text));
        }
        if let Ok(mut shown) = trouble.lock() {
            *shown = problem;
        }
        reloader.reload();
    };
    let mut good = true;
    loop {
        if good {
            match execute(project) {
                Ok(()) => news(News::Passed),
                Err(error) => tell(Some(format!("{error:#}"))),
            }
        }
        // A watcher also reports reads; only a change of what is there counts.
        let now = loop {
            let now = fingerprint(project);
            if now != seen {
                break now;
            }
            // A watcher may miss a change; a look every second does not.
            if changes.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Disconnected) {
                return;
            }
        };
        seen = now;
        let built = build(project);
        good = built.is_ok();
        match built {
            Ok(_) => {
                tell(None);
                news(News::Rebuilt);
            }
            Err(error) => tell(Some(format!("{error:#}"))),
        }
    }
}

/// Size and time of every file that the book is made of.
type Fingerprint = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

fn fingerprint(project: &Project) -> Fingerprint {
    fn walk(folder: &Path, files: &mut Fingerprint) {
        for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
            match entry.metadata() {
                Ok(data) if data.is_dir() => walk(&entry.path(), files),
                Ok(data) => drop(files.insert(entry.path(), (data.len(), data.modified().ok()))),
                Err(_) => {}
            }
        }
    }
    let mut files = BTreeMap::new();
    sources(project).for_each(|folder| walk(&folder, &mut files));
    files
}

/// The folders that pages are made from.
fn sources(project: &Project) -> impl Iterator<Item = PathBuf> {
    let folders =
        ["book", "listings", "files", "equations"].map(|folder| project.root.join(folder));
    folders.into_iter().filter(|folder| folder.is_dir())
}

/// Puts what is wrong on top of a page.
async fn show_trouble(State(trouble): State<Trouble>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let text = trouble.lock().ok().and_then(|text| text.clone());
    let html = (response.headers().get(CONTENT_TYPE))
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let (Some(text), true) = (text, html) else { return response };
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else { return Response::new(Body::empty()) };
    let page = String::from_utf8_lossy(&body);
    let body_start = page.find("<body").and_then(|at| Some(at + page[at..].find('>')? + 1));
    let (before, after) = page.split_at(body_start.unwrap_or(0));
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    parts.headers.remove(CONTENT_LENGTH);
    let page = format!("{before}<pre class=\"press-trouble\" role=\"alert\">{text}</pre>{after}");
    Response::from_parts(parts, Body::from(page))
}
