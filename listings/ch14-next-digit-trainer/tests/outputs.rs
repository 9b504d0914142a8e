//! What a run writes destroys nothing: each way in which a name can lead to what is there.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::{TempDir, tempdir};

const QUICK: &str = "--training 60 --unseen 40 --hidden 6 --epochs 2 --batch 20";

/// A folder with digits `d`, a checkpoint `m` and a drawing `c.svg`.
fn folder() -> TempDir {
    let folder = tempdir().unwrap();
    let digits = (0..40).map(|k| format!("{:04}\n", 1000 + 37 * k)).collect::<String>();
    fs::write(folder.path().join("d"), digits).unwrap();
    succeeds(ch14(folder.path(), &format!("--save m --curves c.svg {QUICK}")));
    folder
}

fn ch14(folder: &Path, arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ch14"));
    command.args(arguments.split_whitespace()).current_dir(folder).output().unwrap()
}

fn succeeds(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Refused before anything runs, in one error of four lines, and nothing in the folder is another.
fn refused(folder: &Path, arguments: &str, part: &str) {
    let before = contents(folder);
    let output = ch14(folder, arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{arguments}: {said}");
    assert!(said.starts_with("error: ") && said.contains(part), "{arguments}: {said}");
    assert_eq!(said.lines().count(), 4, "{said}");
    assert!(output.stdout.is_empty(), "{arguments}");
    assert!(contents(folder) == before, "{arguments}");
}

fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<_> =
        entries.map(|path| (path.clone(), fs::read(&path).unwrap_or_default())).collect();
    all.sort();
    all
}

#[test]
fn no_file_has_two_roles() {
    let folder = folder();
    fs::hard_link(folder.path().join("d"), folder.path().join("hard-d")).unwrap();
    fs::hard_link(folder.path().join("m"), folder.path().join("hard-m")).unwrap();
    for arguments in [
        "--data d --curves d",
        "--data d --curves ./d",
        "--data d --curves hard-d",
        "--data d --save d",
        "--resume m --curves m",
        "--resume m --curves ./m",
        "--resume m --curves hard-m",
        "--save new --curves new",
        "--save new --curves ./new",
        "--resume m --save new --curves m",
        "--resume m --save new --curves new",
        "--resume m --data m",
        "--from m --save m",
        "--from m --curves ./m",
        "--from m --export hard-m",
        "--from m --save new --export new",
        "--data d --export hard-d",
        "--model m --export ./m",
        "--curves new --export ./new",
        "--resume m --export m",
        "eval --model m --export m",
        "predict 1 2 3 4 --model m --export ./m",
    ] {
        refused(folder.path(), arguments, "the same file as");
    }
    // But going on and saving to the same file is one role, by whichever name.
    succeeds(ch14(folder.path(), "--resume m --save ./m --epochs 3"));
}

#[test]
fn only_a_drawing_is_drawn_over() {
    let folder = folder();
    for file in ["d", "m"] {
        refused(folder.path(), &format!("--curves {file}"), "a file of another kind");
    }
    for file in ["d", "m", "c.svg"] {
        refused(folder.path(), &format!("--save {file}"), "there already");
    }
    refused(folder.path(), "--resume d", "no whole safetensors file");
    fs::write(folder.path().join("c.svg"), "<svg>mine</svg>").unwrap();
    succeeds(ch14(folder.path(), &format!("--curves c.svg {QUICK}")));
    assert!(fs::read_to_string(folder.path().join("c.svg")).unwrap().contains("unseen"));
}

/// A run that fails leaves the old drawing, and no new one.
#[test]
fn a_run_that_fails_draws_nothing() {
    let folder = folder();
    let before = contents(folder.path());
    for curves in ["c.svg", "new.svg"] {
        let output = ch14(folder.path(), &format!("--lr 1e38 --curves {curves} {QUICK}"));
        assert_eq!(output.status.code(), Some(1));
        assert!(contents(folder.path()) == before);
    }
}

#[test]
fn a_users_own_partial_file_stays() {
    let folder = folder();
    fs::write(folder.path().join("new.partial"), "mine").unwrap();
    fs::write(folder.path().join("m.partial"), "mine").unwrap();
    succeeds(ch14(folder.path(), &format!("--save new {QUICK}")));
    succeeds(ch14(folder.path(), "--resume m --epochs 3"));
    for file in ["new.partial", "m.partial"] {
        assert_eq!(fs::read(folder.path().join(file)).unwrap(), b"mine");
    }
    assert_eq!(contents(folder.path()).len(), 6, "nothing is left lying about");
}

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::io::Read;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::process::Stdio;

    use super::*;

    fn metadata(folder: &Path, file: &str) -> fs::Metadata {
        fs::metadata(folder.join(file)).unwrap()
    }

    #[test]
    fn links_are_followed_and_stay() {
        let folder = folder();
        let folder = folder.path();
        fs::create_dir(folder.join("far")).unwrap();
        fs::rename(folder.join("m"), folder.join("far/m")).unwrap();
        for (to, link) in [
            ("far/m", "link"),
            ("link", "chain"),
            ("far/new", "dangling"),
            ("far/c.svg", "drawing"),
            ("d", "link-d"),
        ] {
            symlink(to, folder.join(link)).unwrap();
        }
        let before = fs::read(folder.join("far/m")).unwrap();
        succeeds(ch14(folder, "--resume chain --epochs 3"));
        assert!(fs::read(folder.join("far/m")).unwrap() != before);
        succeeds(ch14(folder, &format!("--save dangling --curves drawing {QUICK}")));
        assert!(folder.join("far/new").is_file() && folder.join("far/c.svg").is_file());
        assert!(
            ["link", "chain", "dangling", "drawing"].iter().all(|it| folder.join(it).is_symlink())
        );
        assert_eq!(fs::read_dir(folder.join("far")).unwrap().count(), 3);

        refused(folder, "--save link", "there already");
        refused(folder, "--data d --curves link-d", "the same file as --data d");
        refused(folder, "--resume link --curves far/m", "the same file as --resume link");
        symlink("nothing-yet", folder.join("other")).unwrap();
        refused(folder, "--save nothing-yet --curves other", "the same file as --save nothing-yet");
        symlink("ring", folder.join("ring")).unwrap();
        refused(folder, "--save ring", "leads in a circle");
    }

    #[test]
    fn owner_and_mode_stay() {
        let folder = folder();
        let folder = folder.path();
        let file = File::create(folder.join("usual")).unwrap();
        let usual = file.metadata().unwrap().mode();
        assert_eq!(
            (metadata(folder, "m").mode(), metadata(folder, "c.svg").mode()),
            (usual, usual)
        );
        for file in ["m", "c.svg"] {
            fs::set_permissions(folder.join(file), fs::Permissions::from_mode(0o600)).unwrap();
            let given = std::os::unix::fs::chown(folder.join(file), Some(1234), Some(4321)).is_ok();
            succeeds(ch14(folder, "--resume m --epochs 3 --curves c.svg"));
            let found = metadata(folder, file);
            assert_eq!(found.mode() & 0o7777, 0o600);
            assert!(!given || (found.uid(), found.gid()) == (1234, 4321));
        }
    }

    #[test]
    fn what_may_not_be_written_is_refused_before_the_run() {
        let folder = folder();
        let folder = folder.path();
        for file in ["m", "c.svg"] {
            fs::set_permissions(folder.join(file), fs::Permissions::from_mode(0o444)).unwrap();
        }
        refused(folder, "--resume m --epochs 3", "may not be written: it is read-only");
        // What is no checkpoint at all is told that first.
        fs::set_permissions(folder.join("d"), fs::Permissions::from_mode(0o444)).unwrap();
        refused(folder, "--resume d", "no whole safetensors file");
        refused(folder, "--curves c.svg", "may not be written: it is read-only");
    }

    /// The same for a user who is no administrator, where the system can say who we are to be.
    #[test]
    fn a_folder_that_is_closed_is_refused_before_the_run() {
        let folder = folder();
        let folder = folder.path();
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
        let program = folder.join("ch14");
        fs::copy(env!("CARGO_BIN_EXE_ch14"), &program).unwrap();
        let nobody = |arguments: &str| {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&program);
            command.args(arguments.split_whitespace()).current_dir(folder).output()
        };
        let Some(works) = nobody("--help").ok().filter(|output| output.status.success()) else {
            return; // Only an administrator can become somebody else.
        };
        assert!(works.stderr.is_empty());
        let before = contents(folder);
        for (arguments, part) in [
            (
                "--save new",
                "--save new\n  found     that no file can be written there: Permission denied",
            ),
            ("--curves new", "that no file can be written there: Permission denied"),
            ("--curves c.svg", "a file that may not be written: Permission denied"),
            ("--resume m", "a file that may not be written: Permission denied"),
        ] {
            let output = nobody(arguments).unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{arguments}: {said}");
            assert!(said.contains(part) && output.stdout.is_empty(), "{arguments}: {said}");
        }
        assert!(contents(folder) == before);
    }

    #[test]
    fn devices_and_pipes_are_written_to() {
        let folder = folder();
        let folder = folder.path();
        let quick = QUICK;
        succeeds(ch14(folder, &format!("--save /dev/null --curves /dev/null {quick}")));
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
        let printed = succeeds(ch14(folder, &format!("--curves /dev/stdout {quick}")));
        assert!(
            printed.contains("# setup")
                && printed.contains("<svg ")
                && printed.contains("# results")
        );
        // Into a file: behind what is there, not over it.
        let out = File::create(folder.join("out")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_ch14"));
        command.args(format!("--curves /dev/stdout {quick}").split(' ')).stdout(out);
        assert!(command.status().unwrap().success());
        assert_eq!(fs::read_to_string(folder.join("out")).unwrap(), printed);

        let pipe = folder.join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = std::thread::spawn(move || fs::read(pipe).unwrap());
        let arguments = format!("--save pipe --save-every 0 --curves /dev/null {quick}");
        let mut command = Command::new(env!("CARGO_BIN_EXE_ch14"));
        command.args(arguments.split(' ')).current_dir(folder).stdout(Stdio::null());
        assert!(command.status().unwrap().success());
        assert!(reader.join().unwrap() == fs::read(folder.join("m")).unwrap());
        for arguments in ["--save /dev/full", "--curves /dev/full"] {
            let output = ch14(folder, &format!("{arguments} {quick}"));
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(1));
            assert!(said.starts_with(&format!("error: cannot write {arguments}")), "{said}");
        }
    }

    /// What the program prints into is no file for anything else.
    #[test]
    fn standard_output_is_a_role_too() {
        let folder = folder();
        let folder = folder.path();
        for (file, arguments) in
            [("d", "--data d"), ("m", "--resume m"), ("c.svg", "--curves c.svg")]
        {
            let before = contents(folder);
            let out = File::options().append(true).open(folder.join(file)).unwrap();
            let mut command = Command::new(env!("CARGO_BIN_EXE_ch14"));
            command.args(arguments.split(' ')).current_dir(folder).stdout(out);
            let output = command.output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(said.contains("the same file as standard output"), "{arguments}: {said}");
            assert!(contents(folder) == before);
        }
    }

    /// While one run holds a file, which it does from its first words on, another is told.
    #[test]
    fn two_runs_are_told_of_each_other() {
        let folder = folder();
        let folder = folder.path();
        symlink("new", folder.join("link")).unwrap();
        let mut first = Command::new(env!("CARGO_BIN_EXE_ch14"))
            .args("--epochs 100000 --save new --curves new.svg --save-every 0".split(' '))
            .current_dir(folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        first.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
        for (arguments, part) in [
            ("--resume new", "a file that another run is writing"),
            ("--resume link", "a file that another run is writing"),
            ("--curves new.svg", "a file that another run is writing"),
            ("--save new", "there already"),
        ] {
            let output = ch14(folder, arguments);
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(1));
            assert!(said.contains(part), "{arguments}: {said}");
        }
        succeeds(ch14(folder, "predict 3 1 4 1 --model new"));
        first.kill().unwrap();
        first.wait().unwrap();
        succeeds(ch14(folder, "predict 3 1 4 1 --model new"));
        succeeds(ch14(folder, &format!("--curves new.svg {QUICK}")));
    }
}
