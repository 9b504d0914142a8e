//! Watching what the book is made from.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use walkdir::WalkDir;

use crate::project::{Fingerprint, Project, fingerprint, made_from};

/// A system may forget to say that a file changed. Looking every second forgets nothing.
const LOOK: Duration = Duration::from_secs(1);

/// Who saves several files at once, or one in several steps, is done when nothing changes for so long.
const CALM: Duration = Duration::from_millis(20);

/// What the book is made from, as it was last seen.
pub(super) struct Watch {
    project: Project,
    seen: Fingerprint,
    looked: Instant,
    woken: Receiver<()>,
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// Watches from now on.
    ///
    /// # Errors
    /// If the system cannot watch a folder.
    pub(super) fn new(project: &Project) -> Result<Watch> {
        let (wake, woken) = channel();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            // Building reads all files, and that is no change.
            if event.is_ok_and(|event| !event.kind.is_access()) {
                let _ = wake.send(());
            }
        })
        .context("cannot watch for changes")?;
        for path in made_from(project).chain(linked(project)) {
            (watcher.watch(&path, RecursiveMode::Recursive))
                .with_context(|| format!("cannot watch {}", path.display()))?;
        }
        let seen = fingerprint(project);
        let project = project.clone();
        Ok(Watch { project, seen, looked: Instant::now(), woken, _watcher: watcher })
    }

    /// Waits for a change, but no longer than `patience`. Says whether there was one.
    pub(super) fn changed(&mut self, patience: Duration) -> bool {
        let start = Instant::now();
        loop {
            let left = patience.saturating_sub(start.elapsed());
            let woken = self.woken.recv_timeout(left.min(LOOK)).is_ok();
            if (woken || self.looked.elapsed() >= LOOK) && self.look() {
                return true;
            }
            if start.elapsed() >= patience {
                return false;
            }
        }
    }

    /// Whether anything is other than it was; then waits until it is at rest.
    fn look(&mut self) -> bool {
        while self.woken.try_recv().is_ok() {}
        let mut now = fingerprint(&self.project);
        let changed = now != self.seen;
        while now != self.seen {
            self.seen = now;
            sleep(CALM);
            now = fingerprint(&self.project);
        }
        self.looked = Instant::now();
        changed
    }
}

/// What links inside the folders lead to: a system says nothing of a change there to whoever watches
/// the link.
fn linked(project: &Project) -> impl Iterator<Item = PathBuf> {
    let all = made_from(project).flat_map(WalkDir::new);
    let links = all.filter_map(Result::ok).filter(|entry| entry.path_is_symlink());
    links.filter_map(|link| std::fs::canonicalize(link.path()).ok())
}
