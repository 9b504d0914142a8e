//! Exercise 14.2: replace a file so that no power failure loses both the old and the new one.

use std::process::ExitCode;

#[path = "grader/disk.rs"]
mod grader;

use grader::Disk;

/// Puts `text` into the file `model`. A second file may be called `model.partial`.
fn save(disk: &mut Disk, text: &str) {
    // Your answer goes here.
    disk.create("model");
    disk.write("model", text);
    disk.sync("model");
    // Also at hand:
    if false {
        disk.rename("model.partial", "model");
        disk.sync_folder();
    }
}

fn main() -> ExitCode {
    grader::grade(save)
}
