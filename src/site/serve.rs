//! Serving the book with live reload: the last good pages stay up while an edit is broken, and an edit is shown
//! at once, whatever is still being checked of the one before.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Result, anyhow};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use pulldown_cmark_escape::escape_html_body_text;
use tower_http::services::{ServeDir, ServeFile};
use tower_livereload::{LiveReloadLayer, Reloader};

use super::build::{Builder, SITE};
use super::checks::Checks;
use super::watch::Watch;
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
    /// The tests that execute the book have begun.
    Checking,
    /// They passed.
    Passed,
}

/// Reserves the port, so that a port in use is known before the book is built.
///
/// # Errors
/// If the host is none of this machine's names or addresses, or the port is in use or not allowed.
pub fn reserve(host: &str, port: u16) -> Result<TcpListener> {
    let addresses = (host, port).to_socket_addrs().map(Vec::from_iter);
    let unknown = |error: &dyn std::fmt::Display| {
        anyhow!(
            "cannot serve at `{host}`: {error}\n  expected  a name or an address of this machine: localhost, 0.0.0.0\n  \
             to do     correct `--hostname`, or leave it out"
        )
    };
    // Where a name has addresses of both kinds, clients try the older kind in any case.
    let mut addresses = addresses.map_err(|error| unknown(&error))?;
    addresses.sort_by_key(SocketAddr::is_ipv6);
    TcpListener::bind(addresses.as_slice()).map_err(|error| match error.kind() {
        ErrorKind::AddrNotAvailable => unknown(&error),
        _ => {
            let other = port.checked_add(1).unwrap_or(3000);
            anyhow!(
                "cannot serve on port {port}: {error}\n  expected  a free port\n  \
                 to do     stop the program that uses it, or choose another: `cargo run -- --port {other}`"
            )
        }
    })
}

/// Serves the site, which has been built, and builds it again whenever what it is made from changes.
/// `checks` is the program that executes the book. It runs at the start and after every good build, beside the
/// server; the next edit stops it.
///
/// # Errors
/// If the folders cannot be watched or the server stops.
pub fn serve(
    builder: Builder,
    listener: TcpListener,
    checks: impl Fn(&Project) -> Command + Send + 'static,
    news: impl FnMut(News<'_>) + Send + 'static,
) -> Result<()> {
    let trouble = Trouble::default();
    let livereload = LiveReloadLayer::new();
    let reloader = livereload.reloader();
    let project = builder.project.clone();
    let site = project.root.join(SITE);
    let files = ServeDir::new(&site).not_found_service(ServeFile::new(site.join("404.html")));
    let app = Router::new()
        .fallback_service(files)
        .layer(from_fn_with_state(Arc::clone(&trouble), show_trouble))
        .layer(livereload);

    // From now on, before anyone can see a page, so that no edit of what is seen goes unnoticed.
    let watch = Watch::new(&project)?;
    let running = Running::default();
    end_with_us(&running)?;
    let worker = Worker { builder, watch, trouble, reloader, running, checks, news };
    thread::spawn(move || worker.work());

    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        axum::serve(listener, app).await
    })?;
    Ok(())
}

/// How long no edit must follow before more is built than the pages that were edited.
const REST: Duration = Duration::from_millis(300);

/// The checks that run now.
#[derive(Clone, Default)]
struct Running(Arc<Mutex<Option<Checks>>>);

impl Running {
    fn lock(&self) -> MutexGuard<'_, Option<Checks>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whoever ends the server with Ctrl-C ends the checks too: they are a group of processes of their own, so that
/// an edit can stop all of them, and the terminal no longer knows them.
#[cfg(unix)]
fn end_with_us(running: &Running) -> Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    let running = running.clone();
    thread::spawn(move || {
        for signal in signals.forever() {
            // Held until the end: no other checks begin.
            let mut running = running.lock();
            drop(running.take());
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    });
    Ok(())
}

/// Windows ends all programs of a console.
#[cfg(not(unix))]
fn end_with_us(_: &Running) -> Result<()> {
    Ok(())
}

/// Builds the site again after each edit, and has it checked.
struct Worker<C, N> {
    builder: Builder,
    watch: Watch,
    trouble: Trouble,
    reloader: Reloader,
    running: Running,
    checks: C,
    news: N,
}

impl<C: Fn(&Project) -> Command, N: FnMut(News<'_>)> Worker<C, N> {
    fn work(mut self) {
        self.check();
        loop {
            let checking = self.running.lock().is_some();
            let patience = Duration::from_millis(if checking { 50 } else { 1000 });
            if self.watch.changed(patience) {
                self.running.lock().take();
                self.rebuild();
            } else if let Some(result) = self.result() {
                match result {
                    Ok(()) => (self.news)(News::Passed),
                    Err(error) => self.tell(Some(format!("{error:#}"))),
                }
            }
        }
    }

    /// First the pages that were edited, for whoever looks at them; once no other edit follows, the whole.
    fn rebuild(&mut self) {
        let mut shown = false;
        loop {
            match self.builder.build_pages() {
                Ok(false) => break,
                Ok(true) => {
                    self.tell(None);
                    (self.news)(News::Rebuilt);
                    shown = true;
                }
                Err(error) => return self.tell(Some(format!("{error:#}"))),
            }
            if !self.watch.changed(REST) {
                break;
            }
        }
        match self.builder.build(None) {
            Ok(_) => {
                if !shown {
                    self.tell(None);
                    (self.news)(News::Rebuilt);
                }
                self.check();
            }
            Err(error) => self.tell(Some(format!("{error:#}"))),
        }
    }

    /// Starts the checks.
    fn check(&mut self) {
        let mut running = self.running.lock();
        match Checks::start((self.checks)(&self.builder.project)) {
            Ok(checks) => {
                *running = Some(checks);
                drop(running);
                (self.news)(News::Checking);
            }
            Err(error) => {
                drop(running);
                self.tell(Some(format!("{error:#}")));
            }
        }
    }

    /// What came out of the checks, once they have come to an end.
    fn result(&self) -> Option<Result<()>> {
        let mut running = self.running.lock();
        let result = running.as_mut()?.result()?;
        *running = None;
        Some(result)
    }

    /// Says what is wrong, or that nothing is, in the terminal and on the pages.
    fn tell(&mut self, problem: Option<String>) {
        if let Some(text) = &problem {
            (self.news)(News::Broken(text));
        }
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = problem;
        self.reloader.reload();
    }
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
    let mut escaped = String::new();
    let _ = escape_html_body_text(&mut escaped, &text);
    parts.headers.remove(CONTENT_LENGTH);
    let page =
        format!("{before}<pre class=\"press-trouble\" role=\"alert\">{escaped}</pre>{after}");
    Response::from_parts(parts, Body::from(page))
}
