//! What is there is lost in no way: links, owners, modes, other kinds, other roles, other runs.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use files::{EPUB, Names, Output, PDF, PNG, SVG, replace, same};
use tempfile::{TempDir, tempdir};

const DRAWING: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>";

struct Folder(TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    fn names(&self) -> Vec<String> {
        let names = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<_> =
            names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn curves(path: &Path) -> anyhow::Result<Output> {
    Names::default().replace("--curves", path, SVG)
}

fn refused<T>(result: anyhow::Result<T>, parts: &[&str]) {
    let Err(error) = result else { panic!("not refused") };
    let text = format!("{error:#}");
    for part in parts {
        assert!(text.contains(part), "no `{part}` in {text}");
    }
    for line in ["\n  found     ", "\n  expected  ", "\n  to do     "] {
        assert_eq!(text.matches(line).count(), 1, "{text}");
    }
}

#[test]
fn only_its_own_kind_is_replaced() {
    let folder = Folder::new();
    for (name, bytes) in [
        ("digits.txt", &b"31415\n"[..]),
        ("m.safetensors", b"\x10\0\0\0\0\0\0\0{}"),
        ("a.html", b"<html><svg></svg></html>"),
        ("half", b"<sv"),
    ] {
        let file = folder.put(name, bytes);
        refused(curves(&file), &[name, "another kind", "an SVG drawing"]);
        assert_eq!(fs::read(&file).unwrap(), bytes);
    }
    let comment = b"<?xml version=\"1.0\"?>\n<!-- mine -->\n<svg></svg>";
    for bytes in [DRAWING, b"\n <svg>", comment, b""] {
        let file = folder.put("c.svg", bytes);
        replace(&file, SVG, DRAWING).unwrap();
        assert_eq!(fs::read(file).unwrap(), DRAWING);
    }
    for (kind, bytes) in [
        (PDF, &b"%PDF-1.7\n"[..]),
        (PNG, b"\x89PNG\r\n\x1a\n"),
        (EPUB, b"PK\x03\x04\x14\0\0\0\0\0\0\0!\0oa\xab,\x14\0\0\0\x14\0\0\0\x08\0\0\0mimetypeapplication/epub+zip"),
    ] {
        let file = folder.put("x", bytes);
        replace(&file, kind, b"new").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        refused(replace(&file, kind, b"newer"), &["another kind", kind.name]);
        refused(replace(&folder.put("y", b"PK\x03\x04"), kind, b""), &[kind.name]);
    }
}

#[test]
fn a_new_file_needs_a_free_name_in_a_folder() {
    let folder = Folder::new();
    let new = |path: &Path| Names::default().new_file("--save", path, "name another");
    folder.put("empty", b"");
    refused(new(&folder.path("empty")), &["it is there already", "name another"]);
    fs::create_dir(folder.path("d")).unwrap();
    for (path, part) in [
        (folder.path("d"), "directory"),
        (folder.path("none/x"), "No such file"),
        (folder.path("empty/x"), "directory"),
        (folder.path("x/"), "directory"),
        (folder.path(".."), "directory"),
        (PathBuf::new(), "that no file can be written there"),
        (folder.path(&"x".repeat(300)), "too long"),
    ] {
        let Err(error) = new(&path) else { panic!("{path:?} was not refused") };
        assert!(!cfg!(unix) || format!("{error:#}").contains(part), "{path:?}: {error:#}");
        refused(new(&path), &["--save"]);
    }
    assert_eq!(folder.names(), ["d", "empty"]);
    let longest = folder.path(&"x".repeat(255));
    new(&longest).unwrap().write(b"1").unwrap();
    assert_eq!(fs::read(longest).unwrap(), b"1");
}

#[test]
fn a_name_is_kept_only_for_what_comes() {
    let folder = Folder::new();
    let file = folder.path("c.svg");
    drop(curves(&file).unwrap());
    assert!(folder.names().is_empty());
    let mut output = curves(&file).unwrap();
    output.claim(b"").unwrap();
    assert_eq!(folder.names(), ["c.svg"]);
    drop(output);
    assert!(folder.names().is_empty());
    let mut output = curves(&file).unwrap();
    output.claim(b"").unwrap();
    output.write(DRAWING).unwrap();
    drop(output);
    assert_eq!(fs::read(&file).unwrap(), DRAWING);
    // What is there is kept until the new one comes.
    curves(&file).unwrap().claim(b"").unwrap();
    assert_eq!(fs::read(&file).unwrap(), DRAWING);
}

/// A user's own files that are called like temporary ones; and what a killed run left, which goes.
#[test]
fn temporary_names_meet_nobody() {
    let folder = Folder::new();
    for name in ["m.partial", ".m.partial", ".m.abc.partial", ".m.12345-78.partial"] {
        folder.put(name, b"mine");
    }
    let before = folder.names();
    folder.put(".m.aB3dE6gH.partial", b"left");
    let mut output = Names::default().new_file("--save", &folder.path("m"), "").unwrap();
    output.write(b"1").unwrap();
    output.write(b"2").unwrap();
    fs::remove_file(folder.path("m")).unwrap();
    if cfg!(unix) {
        assert_eq!(folder.names(), before);
    }
    // It is gone, so somebody else wanted that: it is not put back.
    assert!(output.write(b"3").is_err());
    assert!(!folder.path("m").exists());
}

#[test]
fn what_another_program_wrote_meanwhile_stays() {
    let folder = Folder::new();
    let file = folder.path("m");
    let mut output = Names::default().new_file("--save", &file, "").unwrap();
    folder.put("m", b"theirs");
    assert!(output.write(b"1").is_err());
    assert_eq!(fs::read(&file).unwrap(), b"theirs");
    let mut output = Names::default().update("--resume", &file).unwrap();
    output.write(b"ours").unwrap();
    let other = folder.put("other", b"theirs");
    fs::rename(other, &file).unwrap();
    assert!(output.write(b"ours").is_err());
    assert_eq!(fs::read(&file).unwrap(), b"theirs");
    assert_eq!(folder.names(), ["m"]);
}

#[test]
fn no_name_has_two_roles() {
    let folder = Folder::new();
    let there = folder.put("there", DRAWING);
    let ways = |file: &str| {
        let mut ways = vec![folder.path(file), folder.path(&format!("./{file}"))];
        fs::create_dir_all(folder.path("d")).unwrap();
        ways.push(folder.path(&format!("d/../{file}")));
        #[cfg(unix)]
        {
            let link = folder.path(&format!("link-to-{file}"));
            std::os::unix::fs::symlink(file, &link).unwrap();
            ways.push(link);
        }
        ways
    };
    let mut there_ways = ways("there");
    fs::hard_link(&there, folder.path("hard")).unwrap();
    there_ways.push(folder.path("hard"));
    let ways = [there_ways, ways("new")];
    for (one, other) in ways.iter().flat_map(|ways| {
        ways.iter().flat_map(move |one| ways.iter().map(move |other| (one, other)))
    }) {
        let mut names = Names::default();
        let _first = names.replace("--curves", one, SVG).unwrap();
        refused(names.replace("--other", other, SVG), &["--other", "the same file as --curves"]);
        assert!(same(one, other), "{one:?} {other:?}");
        if one.exists() && other.exists() {
            refused(names.input("--data", other), &["--data", "the same file as --curves"]);
            let mut names = Names::default();
            names.input("--data", one).unwrap();
            names.input("--model", other).unwrap();
            refused(names.replace("--curves", other, SVG), &["the same file as --data"]);
        }
    }
    assert!(!same(&there, &folder.path("new")));
}

#[test]
fn an_input_may_be_missing() {
    Names::default().input("--data", Path::new("none")).unwrap();
}

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::process::Command;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn links_stay_and_lead_to_what_was_written() {
        let folder = Folder::new();
        fs::create_dir(folder.path("d")).unwrap();
        folder.put("d/there", DRAWING);
        symlink("d/there", folder.path("one")).unwrap();
        symlink("one", folder.path("chain")).unwrap();
        symlink(folder.path("d/new"), folder.path("dangling")).unwrap();
        symlink("dangling", folder.path("dangling-chain")).unwrap();
        for (link, file) in [
            ("one", "d/there"),
            ("chain", "d/there"),
            ("dangling", "d/new"),
            ("dangling-chain", "d/new"),
        ] {
            let bytes = format!("<svg {link}>");
            replace(&folder.path(link), SVG, bytes.as_bytes()).unwrap();
            assert!(folder.path(link).is_symlink());
            assert_eq!(fs::read_to_string(folder.path(file)).unwrap(), bytes);
        }
        symlink("ring", folder.path("ring")).unwrap();
        refused(curves(&folder.path("ring")), &["leads in a circle"]);
        symlink("none/new", folder.path("lost")).unwrap();
        refused(curves(&folder.path("lost")), &["No such file"]);
    }

    /// Another name of the same file keeps what it held: nothing is lost.
    #[test]
    fn another_name_keeps_the_old_content() {
        let folder = Folder::new();
        let file = folder.put("a", DRAWING);
        fs::hard_link(&file, folder.path("b")).unwrap();
        replace(&file, SVG, b"<svg new>").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"<svg new>");
        assert_eq!(fs::read(folder.path("b")).unwrap(), DRAWING);
    }

    #[test]
    fn owner_and_mode_stay_and_a_new_file_has_the_usual_mode() {
        let folder = Folder::new();
        replace(&folder.path("new"), SVG, DRAWING).unwrap();
        File::create(folder.path("usual")).unwrap();
        assert_eq!(mode(&folder.path("new")), mode(&folder.path("usual")));
        for wanted in [0o600, 0o640, 0o644, 0o666, 0o755, 0o1644] {
            let file = folder.put("c.svg", DRAWING);
            fs::set_permissions(&file, fs::Permissions::from_mode(wanted)).unwrap();
            // Only an administrator may give a file away; others find that the owner stays their own.
            let given = std::os::unix::fs::chown(&file, Some(1234), Some(4321)).is_ok();
            replace(&file, SVG, DRAWING).unwrap();
            assert_eq!(mode(&file), wanted);
            let found = fs::metadata(&file).unwrap();
            assert!(!given || (found.uid(), found.gid()) == (1234, 4321));
            fs::remove_file(&file).unwrap();
        }
    }

    #[test]
    fn what_may_not_be_written_is_refused() {
        let folder = Folder::new();
        let file = folder.put("c.svg", DRAWING);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
        refused(curves(&file), &["may not be written", "read-only"]);
    }

    #[test]
    fn devices_are_written_to_and_stay() {
        let null = Path::new("/dev/null");
        let mut names = Names::default();
        let mut one = names.new_file("--save", null, "").unwrap();
        let mut two = names.replace("--curves", null, SVG).unwrap();
        assert!(one.is_stream() && two.is_stream());
        one.claim(b"1").and_then(|()| one.write(b"1")).unwrap();
        two.write(b"2").unwrap();
        assert!(!fs::metadata(null).unwrap().is_file());
        refused(Names::default().update("--resume", null), &["a device or a pipe"]);
        if Path::new("/dev/full").exists() {
            let error = replace(Path::new("/dev/full"), SVG, b"x").unwrap_err();
            assert!(format!("{error:#}").contains("cannot write /dev/full"), "{error:#}");
        }
    }

    #[test]
    fn a_pipe_is_written_to_and_has_one_role() {
        let folder = Folder::new();
        let pipe = folder.path("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let mut names = Names::default();
        let mut output = names.replace("--curves", &pipe, SVG).unwrap();
        refused(names.replace("--save", &pipe, SVG), &["the same file as --curves"]);
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read(pipe).unwrap()
        });
        output.claim(b"").unwrap();
        output.write(DRAWING).unwrap();
        drop(output);
        assert_eq!(reader.join().unwrap(), DRAWING);
        assert!(!fs::metadata(pipe).unwrap().is_file());
    }

    #[test]
    fn two_runs_are_told_of_each_other() {
        let folder = Folder::new();
        let file = folder.put("c.svg", DRAWING);
        symlink("c.svg", folder.path("link")).unwrap();
        let busy = ["another run is writing", "one run at a time"];
        let mut first = curves(&file).unwrap();
        refused(curves(&file), &busy);
        // The lock is not lost when the file is another one.
        first.write(b"<svg new>").unwrap();
        refused(curves(&folder.path("link")), &busy);
        drop(first);
        drop(curves(&file).unwrap());
        // A name that is kept, and a temporary file in use.
        let mut first = curves(&folder.path("new")).unwrap();
        first.claim(b"").unwrap();
        refused(curves(&folder.path("new")), &busy);
        assert_eq!(folder.names(), ["c.svg", "link", "new"]);
    }

    #[test]
    fn a_live_run_keeps_its_temporary_file() {
        let folder = Folder::new();
        let live = File::create(folder.path(".c.svg.aB3dE6gH.partial")).unwrap();
        live.lock().unwrap();
        drop(curves(&folder.path("c.svg")).unwrap());
        assert_eq!(folder.names(), [".c.svg.aB3dE6gH.partial"]);
    }
}
