//! Grades exercise 14.2 on a disk that loses, at every possible moment, whatever it is allowed to lose.

use std::collections::BTreeMap;
use std::process::ExitCode;

use say::println;

/// A folder on a disk. What was not synced may be lost when the power fails: see [`Disk::outcomes`].
#[derive(Clone, Default)]
pub struct Disk {
    /// The names, now and on the disk itself, each with the number of its file.
    names: BTreeMap<&'static str, usize>,
    safe_names: BTreeMap<&'static str, usize>,
    /// What the files hold, now and on the disk itself.
    files: Vec<(String, String)>,
    /// The states that a power failure could have found, one for every operation so far.
    failures: Vec<Vec<Option<String>>>,
}

impl Disk {
    /// Makes an empty file of this name, or empties the one that is there.
    pub fn create(&mut self, name: &'static str) {
        match self.names.get(name) {
            Some(&file) => self.files[file].0.clear(),
            None => {
                self.files.push(Default::default());
                self.names.insert(name, self.files.len() - 1);
            }
        }
        self.fail_here();
    }

    /// Appends text to a file, if there is one of this name.
    pub fn write(&mut self, name: &'static str, text: &str) {
        if let Some(&file) = self.names.get(name) {
            self.files[file].0.push_str(text);
        }
        self.fail_here();
    }

    /// Brings what a file holds to the disk itself.
    pub fn sync(&mut self, name: &'static str) {
        if let Some(&file) = self.names.get(name) {
            self.files[file].1 = self.files[file].0.clone();
        }
        self.fail_here();
    }

    /// Gives a file another name. A file that had that name is gone.
    pub fn rename(&mut self, from: &'static str, to: &'static str) {
        if let Some(file) = self.names.remove(from) {
            self.names.insert(to, file);
        }
        self.fail_here();
    }

    /// Brings the folder's names to the disk itself.
    pub fn sync_folder(&mut self) {
        self.safe_names = self.names.clone();
        self.fail_here();
    }

    fn fail_here(&mut self) {
        let outcomes = self.outcomes();
        self.failures.push(outcomes);
    }

    /// What `model` may hold after a power failure now: the names are those of now or those on the disk, and a file
    /// holds what is on the disk, what it holds now, or the first half of that.
    fn outcomes(&self) -> Vec<Option<String>> {
        let mut outcomes = Vec::new();
        for names in [&self.names, &self.safe_names] {
            match names.get("model") {
                None => outcomes.push(None),
                Some(&file) => {
                    let (now, safe) = &self.files[file];
                    let half = now.chars().take(now.chars().count() / 2).collect();
                    let torn = if now == safe { safe.clone() } else { half };
                    outcomes.extend([now.clone(), safe.clone(), torn].map(Some));
                }
            }
        }
        outcomes
    }
}

/// Lets the answer replace a model, and asks what each power failure would have left.
pub fn grade(save: fn(&mut Disk, &str)) -> ExitCode {
    let (old, new) = ("the old model", "the new model");
    let file = (old.to_owned(), old.to_owned());
    let names = BTreeMap::from([("model", 0)]);
    let mut disk =
        Disk { names: names.clone(), safe_names: names, files: vec![file], failures: Vec::new() };
    save(&mut disk, new);
    for (operation, outcomes) in disk.failures.iter().enumerate() {
        for found in outcomes {
            if !found.as_ref().is_some_and(|text| text == old || text == new) {
                println!("Not yet. If the power fails right after operation {},", operation + 1);
                println!("the file `model` may hold {found:?}; expected the old or the new model.");
                println!(
                    "Look at: which file is written to, and what was synced before the rename?"
                );
                return ExitCode::FAILURE;
            }
        }
    }
    // Once it is over, the new one must be safe.
    for found in disk.outcomes() {
        if found.as_deref() != Some(new) {
            println!(
                "Not yet. The power fails after the last operation, and `model` may hold {found:?};"
            );
            println!("expected {new:?}: whoever was told that it is saved relies on it.");
            println!("Look at: a file's name is in its folder, and that must reach the disk too.");
            return ExitCode::FAILURE;
        }
    }
    println!("Exercise 14.2 solved: {} operations, each survived.", disk.failures.len());
    ExitCode::SUCCESS
}
