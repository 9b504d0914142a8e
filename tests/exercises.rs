//! The exercises grade themselves: every solution passes, every exercise is refused with a message
//! that helps, as long as its answer is missing. A reader's solved exercises are left alone.

use std::path::PathBuf;
use std::process::Output;

use press::snapshot::{MISSING, State, cargo, exercises};

mod support;

fn run(package: &str, example: &str) -> Output {
    let mut command = cargo(&support::project());
    command.args(["run", "--quiet", "-p", package, "--example", example]);
    command.output().expect("cargo runs")
}

#[test]
fn solutions_pass_and_untouched_exercises_are_refused() {
    let (press, _) = support::book();
    let mut exercises = 0;
    for listing in press.listings.values() {
        for exercise in &listing.exercises {
            exercises += 1;
            let file = listing.folder.join("examples").join(format!("{exercise}.rs"));
            if press.project.read(&file).expect("the exercise").contains(MISSING) {
                let answered = run(&listing.package, exercise);
                let said = String::from_utf8_lossy(&answered.stdout).into_owned();
                // A reader may have answered below the marker. In the clean clone of CI nobody has, and a
                // grader that is content there is content with everything.
                let parts = match answered.status.code() {
                    Some(0) if std::env::var_os("CI").is_none() => ["", "solved"],
                    _ => ["Not yet.", "Look at:"],
                };
                for part in parts {
                    assert!(said.contains(part), "{exercise} says neither what nor where: {said}");
                }
            }

            let solution = exercise.replace("exercise", "solution");
            let solved = run(&listing.package, &solution);
            let said = String::from_utf8_lossy(&solved.stdout).into_owned();
            assert!(solved.status.success(), "{solution}: {said}");
            assert!(said.contains("solved"), "{solution}: {said}");
        }
    }
    assert!(exercises > 0, "no exercises found");
}

#[test]
fn the_list_has_every_exercise_of_the_book() {
    let (press, _) = support::book();
    let listed = exercises(&press.project).expect("the list");
    let count: usize = press.listings.values().map(|listing| listing.exercises.len()).sum();
    assert_eq!(listed.len(), count);
    for exercise in &listed {
        let Some((number, name)) = exercise.title.split_once(": ") else {
            panic!("{exercise:?} has no heading on its page");
        };
        assert_eq!(exercise.example, format!("exercise_{}", number.replace('.', "_")));
        assert!(!name.is_empty() && !exercise.chapter.is_empty(), "{exercise:?}");
        let file = press.listings[&exercise.package].folder.join("examples");
        let file = file.join(format!("{}.rs", exercise.example));
        let untouched = press.project.read(&file).expect("the exercise").contains(MISSING);
        // What was solved below the marker is solved.
        let open = untouched && exercise.state != State::Solved;
        assert_eq!(exercise.state == State::Open, open, "{exercise:?}");
    }
}

#[test]
fn every_refusal_says_what_was_found_and_where_to_look() {
    let (press, _) = support::book();
    let mut refusals = 0;
    let root = &press.project.root;
    let folders = press.listings.values().map(|listing| listing.folder.join("examples/grader"));
    // And what several graders say with the same words.
    for folder in folders.chain([PathBuf::from("cases/src")]) {
        for file in std::fs::read_dir(root.join(folder)).into_iter().flatten() {
            let file = file.expect("a grader").path();
            let code = std::fs::read_to_string(&file).expect("a grader");
            for refusal in code.split("Not yet.").skip(1) {
                let (said, _) = refusal.split_once("FAILURE").expect("a refusal fails");
                let shown = file.display();
                assert!(said.contains("Look at:"), "{shown} does not say where to look:{said}");
                assert!(said.contains('{'), "{shown} does not say what it found:{said}");
                refusals += 1;
            }
        }
    }
    assert!(refusals > 40, "{refusals} refusals found");
}
